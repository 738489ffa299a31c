//! `rejoinder train`

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use rejoinder::{ActorTable, Dataset, DatasetOptions, Lexicon, Model};

use crate::Outcome;
use crate::args::{LabelledColumns, Settings, Train};
use crate::terminal::Terminal;

pub(crate) fn run(args: &Train, terminal: Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let params = args.settings.params()?;
    let (lexicon, actors) = tables(&args.settings)?;
    let data = read(&args.data, &DatasetOptions::from(&args.columns), terminal)?;
    let spinner = terminal.spinner("training");
    let model = params.train(&data, lexicon, actors)?;
    spinner.finish_and_clear();
    model.save(&args.output)?;
    let size = std::fs::metadata(&args.output).map_or(0, |file| file.len());
    tell(&model, terminal);
    terminal.note(format_args!(
        "{}: {} terms, {} KB, trained in {:.2} s",
        args.output.display(),
        model.vectorizer().n_features(),
        size / 1000,
        started.elapsed().as_secs_f64()
    ));
    Ok(Outcome::Done)
}

/// Reads labelled files and passes on what is odd about them.
pub(crate) fn read(
    paths: &[std::path::PathBuf],
    options: &DatasetOptions,
    terminal: Terminal,
) -> Result<Dataset> {
    let data = Dataset::read(paths, options)?;
    for warning in &data.warnings {
        terminal.warning(warning);
    }
    Ok(data)
}

impl From<&LabelledColumns> for DatasetOptions {
    fn from(columns: &LabelledColumns) -> Self {
        Self {
            text_column: columns.text_column.clone(),
            label_column: columns.label_column.clone(),
            group_column: columns.group_column.clone(),
            ..Self::default()
        }
    }
}

/// The lexicon and the actor table to train with.
pub(crate) fn tables(settings: &Settings) -> Result<(Lexicon, ActorTable)> {
    let text =
        |path: &Path| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let lexicon = match &settings.lexicon {
        Some(path) => Lexicon::parse(&path.display().to_string(), &text(path)?)?,
        None => Lexicon::shipped(),
    };
    let actors = match &settings.actors {
        Some(path) => ActorTable::parse(&path.display().to_string(), &text(path)?)?,
        None => ActorTable::shipped(),
    };
    Ok((lexicon, actors))
}

/// Says how the held-out scores did.
fn tell(model: &Model, terminal: Terminal) {
    terminal.note(format_args!(
        "{} sentences; scores on folds held out of training:\n{:<14} {:>7} {:>10} {:>7} {:>7} {:>18}",
        model.record().n_samples,
        "label",
        "support",
        "precision",
        "recall",
        "F1",
        "average precision"
    ));
    for (label, scores) in model.labels().names().iter().zip(&model.record().held_out) {
        terminal.note(format_args!(
            "{label:<14} {:>7} {:>10.3} {:>7.3} {:>7.3} {:>18.3}",
            scores.support, scores.precision, scores.recall, scores.f1, scores.average_precision
        ));
    }
}
