//! `rejoinder evaluate`

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use rejoinder::evaluate::{
    Evaluation, EvaluationOptions, SwapReport, cross_validate, predict, suspects, swap_actors,
};
use rejoinder::report::write_evaluation;
use rejoinder::{Dataset, DatasetOptions, Model, Prediction};
use serde::Serialize;

use crate::Outcome;
use crate::args::{Evaluate, ScoreFormat};
use crate::terminal::{Terminal, output_style};
use crate::train::{read, tables};

pub(crate) fn run(args: &Evaluate, terminal: Terminal) -> Result<Outcome> {
    let text = if args.swap_actors {
        let model = args.model.load()?;
        swap(args, &model, &gold(args, &model, terminal)?)?
    } else {
        let (data, predictions) = match args.cross_validate {
            Some(folds) => held_out(args, folds, terminal)?,
            None => predicted(args, terminal)?,
        };
        match args.suspects {
            Some(most) => suspicious(args, &data, &predictions, most)?,
            None => scores(args, &data, &predictions)?,
        }
    };
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .context("standard output")?;
    Ok(Outcome::Done)
}

/// The data, and what models say of it that are trained on other parts of it.
fn held_out(
    args: &Evaluate,
    folds: usize,
    terminal: Terminal,
) -> Result<(Dataset, Vec<Prediction>)> {
    let (lexicon, actors) = tables(&args.settings)?;
    let params = args.settings.params()?;
    let data = read(&args.data, &DatasetOptions::from(&args.columns), terminal)?;
    let bar = terminal.folds_bar(folds);
    let done = |fold| bar.set_position(fold as u64);
    let predictions = cross_validate(&params, &data, &lexicon, &actors, folds, done)?;
    bar.finish_and_clear();
    Ok((data, predictions))
}

/// The data, and what a model says of it.
fn predicted(args: &Evaluate, terminal: Terminal) -> Result<(Dataset, Vec<Prediction>)> {
    let model = args.model.load()?;
    let data = gold(args, &model, terminal)?;
    let predictions = predict(&model, &texts(&data));
    Ok((data, predictions))
}

/// The data with the labels of a model; a gold label that the model lacks is an error where it stands.
fn gold(args: &Evaluate, model: &Model, terminal: Terminal) -> Result<Dataset> {
    let options = DatasetOptions {
        labels: Some(model.labels().clone()),
        ..DatasetOptions::from(&args.columns)
    };
    read(&args.data, &options, terminal)
}

fn texts(data: &Dataset) -> Vec<&str> {
    data.samples
        .iter()
        .map(|sample| sample.text.as_str())
        .collect()
}

fn scores(args: &Evaluate, data: &Dataset, predictions: &[Prediction]) -> Result<String> {
    let evaluation = Evaluation::new(
        data,
        &data.labels,
        predictions,
        &EvaluationOptions::default(),
    )?;
    match args.format {
        ScoreFormat::Text => {
            let mut text = Vec::new();
            write_evaluation(&mut text, &evaluation, output_style())?;
            Ok(String::from_utf8(text)?)
        }
        ScoreFormat::Json => json(&evaluation),
    }
}

fn suspicious(
    args: &Evaluate,
    data: &Dataset,
    predictions: &[Prediction],
    most: usize,
) -> Result<String> {
    let mut found = suspects(data, &data.labels, predictions)?;
    found.truncate(most);
    if args.format == ScoreFormat::Json {
        return json(&found);
    }
    let mut text = String::new();
    for suspect in &found {
        let sample = &data.samples[suspect.row];
        let gold = if suspect.gold {
            "labelled"
        } else {
            "not labelled"
        };
        writeln!(
            text,
            "{}  {gold} {}, probability {:.3}\n    {}",
            sample.id, suspect.label, suspect.probability, sample.text
        )?;
    }
    Ok(text)
}

fn swap(args: &Evaluate, model: &Arc<Model>, data: &Dataset) -> Result<String> {
    let report = swap_actors(model, &texts(data), args.settings.seed());
    if args.format == ScoreFormat::Json {
        return json(&report);
    }
    let SwapReport {
        n_samples,
        n_swapped,
        n_changed,
        n_decisions,
        rate,
        n_changed_samples,
        ..
    } = report;
    let mut text = String::new();
    writeln!(
        text,
        "actors replaced in {n_swapped} of {n_samples} sentences"
    )?;
    writeln!(
        text,
        "decisions changed: {n_changed} of {n_decisions} ({:.2} %)",
        100.0 * rate
    )?;
    writeln!(
        text,
        "sentences changed: {n_changed_samples} ({:.2} %)",
        100.0 * report.sample_rate
    )?;
    for change in &report.changes {
        let (sign, sample) = (
            if change.carried { "loses" } else { "gains" },
            &data.samples[change.row],
        );
        writeln!(
            text,
            "{}  {sign} {}: {:.3} → {:.3}\n    {}\n    {}",
            sample.id, change.label, change.before, change.after, sample.text, change.swapped
        )?;
    }
    Ok(text)
}

fn json(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
