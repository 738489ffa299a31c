//! `rejoinder explain`

use std::io::{Read, Write};

use anyhow::{Context, Result};
use rejoinder::Pipeline;
use rejoinder::report::write_explanation;

use crate::Outcome;
use crate::args::{Explain, ScoreFormat};
use crate::terminal::output_style;

pub(crate) fn run(args: Explain) -> Result<Outcome> {
    let mut pipeline = Pipeline::new(args.model.load()?);
    let text = if args.text == "-" {
        read_stdin()?
    } else {
        args.text
    };
    let explanation = pipeline.explain(text.trim());
    let mut out = Vec::new();
    match args.format {
        ScoreFormat::Text => write_explanation(
            &mut out,
            pipeline.model(),
            text.trim(),
            &explanation,
            args.top,
            output_style(),
        )?,
        ScoreFormat::Json => {
            serde_json::to_writer_pretty(
                &mut out,
                &explanation.to_json(pipeline.model().labels(), text.trim()),
            )?;
            out.push(b'\n');
        }
    }
    std::io::stdout()
        .lock()
        .write_all(&out)
        .context("standard output")?;
    Ok(Outcome::Done)
}

fn read_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("standard input")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
