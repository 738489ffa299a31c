//! Labelled data → models and scores.

use std::path::PathBuf;
use std::sync::Arc;

use linfa::ParamGuard;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use rejoinder::evaluate::{Evaluation, EvaluationOptions};
use rejoinder::{
    ActorTable, Dataset, DatasetOptions, Error, Labels, Lexicon, LogisticParams, Prediction,
    TrainParams,
};
use serde_json::Value;

use crate::error::exception;
use crate::model::Model;

/// Labelled data, as Python hands them over.
#[derive(FromPyObject)]
pub(crate) enum Source {
    /// A table in memory, as CSV.
    Table(PyBackedBytes),
    /// Files.
    Files(Vec<PathBuf>),
}

/// The columns of text, labels and group.
#[derive(FromPyObject)]
pub(crate) struct Columns(String, String, Option<String>);

/// Reads labelled data; a label that is not among `labels` is an error.
pub(crate) fn read(
    source: &Source,
    columns: Columns,
    labels: Option<Labels>,
) -> rejoinder::Result<Dataset> {
    let options = DatasetOptions {
        text_column: columns.0,
        label_column: columns.1,
        group_column: columns.2,
        labels,
        ..DatasetOptions::default()
    };
    match source {
        Source::Table(csv) => Dataset::from_csv("data", &csv[..], &options),
        Source::Files(paths) => Dataset::read(paths, &options),
    }
}

/// What a model is made with, but for the data.
#[derive(FromPyObject)]
pub(crate) struct Settings(String, Option<PathBuf>, Option<PathBuf>);

impl Settings {
    fn params(&self) -> rejoinder::Result<TrainParams> {
        let given: serde_json::Map<String, Value> =
            serde_json::from_str(&self.0).map_err(malformed)?;
        let mut params = serde_json::to_value(TrainParams::default()).map_err(malformed)?;
        for (name, value) in given {
            *setting(&mut params, &name).ok_or_else(|| unknown(&name))? = value;
        }
        let mut params: TrainParams = serde_json::from_value(params).map_err(malformed)?;
        params.logistic = LogisticParams::from(params.logistic).check()?;
        Ok(params)
    }

    fn tables(&self) -> rejoinder::Result<(Lexicon, ActorTable)> {
        let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(Error::io(path));
        let lexicon = match &self.1 {
            Some(path) => Lexicon::parse(&path.display().to_string(), &read(path)?)?,
            None => Lexicon::shipped(),
        };
        let actors = match &self.2 {
            Some(path) => ActorTable::parse(&path.display().to_string(), &read(path)?)?,
            None => ActorTable::shipped(),
        };
        Ok((lexicon, actors))
    }
}

/// The place of a setting, wherever among the parameters it stands.
fn setting<'a>(params: &'a mut Value, name: &str) -> Option<&'a mut Value> {
    let Value::Object(fields) = params else {
        return None;
    };
    if fields.contains_key(name) {
        return fields.get_mut(name);
    }
    fields.values_mut().find_map(|field| setting(field, name))
}

fn malformed(error: serde_json::Error) -> Error {
    Error::Parameter {
        name: "settings",
        found: error.to_string(),
        needed: "names and values as `rejoinder.Settings` has them",
    }
}

fn unknown(name: &str) -> Error {
    Error::Parameter {
        name: "settings",
        found: format!("`{name}`"),
        needed: "a name that `rejoinder.Settings` has",
    }
}

/// Scores as the command writes them with `--format json`.
pub(crate) fn scores(
    data: &Dataset,
    labels: &Labels,
    predictions: &[Prediction],
) -> rejoinder::Result<String> {
    let options = EvaluationOptions::default();
    let evaluation = Evaluation::new(data, labels, predictions, &options)?;
    Ok(pretty(&evaluation))
}

/// JSON as the command writes it.
pub(crate) fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("text and numbers are JSON") + "\n"
}

/// A model and what is odd about the data.
#[pyfunction]
pub(crate) fn train(
    py: Python<'_>,
    source: Source,
    columns: Columns,
    settings: Settings,
) -> PyResult<(Model, Vec<String>)> {
    let train = || {
        let (params, (lexicon, actors)) = (settings.params()?, settings.tables()?);
        let data = read(&source, columns, None)?;
        let model = params.train(&data, lexicon, actors)?;
        Ok((Model(Arc::new(model)), data.warnings))
    };
    py.detach(train).map_err(exception)
}

/// Scores of models trained on the other folds, as JSON, and what is odd about the data. `progress` is called after each fold.
#[pyfunction]
#[pyo3(signature = (source, columns, settings, folds, progress=None))]
pub(crate) fn cross_validate(
    py: Python<'_>,
    source: Source,
    columns: Columns,
    settings: Settings,
    folds: usize,
    progress: Option<Py<PyAny>>,
) -> PyResult<(String, Vec<String>)> {
    let mut failure = None;
    let done = |_| {
        if let Some(progress) = &progress {
            failure = Python::attach(|py| progress.call1(py, (1,)).err());
        }
    };
    let evaluate = || {
        let (params, (lexicon, actors)) = (settings.params()?, settings.tables()?);
        let data = read(&source, columns, None)?;
        let predictions =
            rejoinder::evaluate::cross_validate(&params, &data, &lexicon, &actors, folds, done)?;
        Ok((scores(&data, &data.labels, &predictions)?, data.warnings))
    };
    let scores = py.detach(evaluate).map_err(exception)?;
    failure.map_or(Ok(scores), Err)
}
