//! `rejoinder label`

use std::path::Path;

use anyhow::{Context, Result};
use rejoinder::desk::{Desk, ExportFormat, ImportFormat};
use rejoinder::serve::Server;
use rejoinder::{Dataset, DatasetOptions, Error, WholeFile};

use crate::Outcome;
use crate::args::{DeskFormat, Label};
use crate::serve::{listen, options};
use crate::stream::counted;
use crate::terminal::Terminal;

pub(crate) fn run(args: Label, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let model = args.model.load()?;
    let mut desk = Desk::open(&args.file, model.clone())?;
    if let Some(percent) = args.double {
        desk.set_double(percent)?;
    }
    if !args.import.is_empty() {
        let new = desk.import(&args.import, args.from.into())?;
        terminal.note(format_args!(
            "{new} new of {} in {}",
            counted(desk.sentences().len(), "sentence"),
            args.file.display()
        ));
    }
    if let Some(path) = &args.export {
        export(&desk, path, args.to)?;
    }
    if !args.import.is_empty() || args.export.is_some() {
        return Ok(Outcome::Done);
    }
    if let Some(path) = args.test {
        let options = DatasetOptions {
            labels: Some(model.labels().clone()),
            ..DatasetOptions::default()
        };
        desk.set_test(Dataset::read(&[path], &options)?)?;
    }
    let codebook = match &args.codebook {
        Some(path) => {
            let text = std::fs::read_to_string(path);
            Some(text.with_context(|| path.display().to_string())?)
        }
        None => None,
    };
    let server = Server::bind(model, options(args.address, threads, terminal))?;
    listen(server.with_desk(desk, codebook), terminal)
}

fn export(desk: &Desk, path: &Path, format: DeskFormat) -> Result<()> {
    let format = match format {
        DeskFormat::Csv => ExportFormat::Csv,
        DeskFormat::Jsonl => ExportFormat::Jsonl,
        DeskFormat::Doccano => ExportFormat::Doccano,
        DeskFormat::LabelStudio => ExportFormat::LabelStudio,
        DeskFormat::Articles => {
            return Err(Error::Parameter {
                name: "to",
                found: "articles".to_owned(),
                needed: "one of csv, jsonl, doccano, label-studio",
            }
            .into());
        }
    };
    let mut file = WholeFile::create(path)?;
    desk.export(&mut file, format).map_err(Error::io(path))?;
    Ok(file.finish()?)
}

impl From<DeskFormat> for ImportFormat {
    fn from(format: DeskFormat) -> Self {
        match format {
            DeskFormat::Articles => Self::Articles,
            DeskFormat::Csv => Self::Csv,
            DeskFormat::Jsonl => Self::Jsonl,
            DeskFormat::Doccano => Self::Doccano,
            DeskFormat::LabelStudio => Self::LabelStudio,
        }
    }
}
