//! `rejoinder evaluate`

use std::io::Write;

use anyhow::{Context, Result};
use rejoinder::evaluate::{Evaluation, EvaluationOptions, cross_validate, predict};
use rejoinder::report::write_evaluation;
use rejoinder::{Dataset, DatasetOptions, Prediction};

use crate::Outcome;
use crate::args::{Evaluate, ScoreFormat};
use crate::terminal::{Terminal, output_style};
use crate::train::{read, tables};

pub(crate) fn run(args: &Evaluate, terminal: Terminal) -> Result<Outcome> {
    let options = DatasetOptions::from(&args.columns);
    let (data, predictions) = match args.cross_validate {
        Some(folds) => held_out(args, &options, folds, terminal)?,
        None => predicted(args, options, terminal)?,
    };
    let evaluation = Evaluation::new(
        &data,
        &data.labels,
        &predictions,
        &EvaluationOptions::default(),
    )?;
    let mut out = Vec::new();
    match args.format {
        ScoreFormat::Text => write_evaluation(&mut out, &evaluation, output_style())?,
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

/// The data, and what models say of it that are trained on other parts of it.
fn held_out(
    args: &Evaluate,
    options: &DatasetOptions,
    folds: usize,
    terminal: Terminal,
) -> Result<(Dataset, Vec<Prediction>)> {
    let (lexicon, actors) = tables(&args.settings)?;
    let params = args.settings.params()?;
    let data = read(&args.data, options, terminal)?;
    let spinner = terminal.spinner("training and scoring");
    let predictions = cross_validate(&params, &data, &lexicon, &actors, folds, |_| ())?;
    spinner.finish_and_clear();
    Ok((data, predictions))
}

/// The data, and what a model says of it; a gold label that the model lacks is an error where it stands.
fn predicted(
    args: &Evaluate,
    options: DatasetOptions,
    terminal: Terminal,
) -> Result<(Dataset, Vec<Prediction>)> {
    let model = args.model.load()?;
    let options = DatasetOptions {
        labels: Some(model.labels().clone()),
        ..options
    };
    let data = read(&args.data, &options, terminal)?;
    let spinner = terminal.spinner("scoring");
    let texts: Vec<&str> = data
        .samples
        .iter()
        .map(|sample| sample.text.as_str())
        .collect();
    let predictions = predict(&model, &texts);
    spinner.finish_and_clear();
    Ok((data, predictions))
}
