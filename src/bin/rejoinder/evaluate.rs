//! `rejoinder evaluate`

use std::io::Write;

use anyhow::{Context, Result};
use rejoinder::evaluate::{Evaluation, EvaluationOptions, cross_validate, predict};
use rejoinder::report::write_evaluation;
use rejoinder::{Labels, Prediction};

use crate::Outcome;
use crate::args::{Evaluate, ScoreFormat};
use crate::terminal::Terminal;
use crate::train::{read, tables};

pub(crate) fn run(args: &Evaluate, terminal: Terminal) -> Result<Outcome> {
    let data = read(&args.data, &args.columns, terminal)?;
    let spinner = terminal.spinner("scoring");
    let (labels, predictions): (Labels, Vec<Prediction>) = match args.cross_validate {
        Some(folds) => {
            let (lexicon, actors) = tables(&args.settings)?;
            let params = args.settings.params()?;
            (
                data.labels.clone(),
                cross_validate(&params, &data, &lexicon, &actors, folds, |_| ())?,
            )
        }
        None => {
            let model = args.model.load()?;
            let texts: Vec<&str> = data
                .samples
                .iter()
                .map(|sample| sample.text.as_str())
                .collect();
            (model.labels().clone(), predict(&model, &texts))
        }
    };
    let evaluation = Evaluation::new(&data, &labels, &predictions, &EvaluationOptions::default())?;
    spinner.finish_and_clear();
    let mut out = Vec::new();
    match args.format {
        ScoreFormat::Text => {
            write_evaluation(&mut out, &evaluation, crate::terminal::output_style())?
        }
        ScoreFormat::Json => {
            serde_json::to_writer_pretty(&mut out, &evaluation)?;
            out.push(b'\n');
        }
    }
    std::io::stdout()
        .lock()
        .write_all(&out)
        .context("standard output")?;
    Ok(Outcome::Done)
}
