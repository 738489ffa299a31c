//! The model, as Python holds it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyBytes;
use rejoinder::evaluate::predict;
use rejoinder::{Pipeline, ReadOptions};

use crate::classify::{self, Columns, FromFiles, Options, Wanted};
use crate::error::exception;
use crate::train::{self, Source};

/// A trained model.
#[pyclass(frozen, module = "rejoinder._rejoinder")]
pub(crate) struct Model(pub(crate) Arc<rejoinder::Model>);

/// Scores, probabilities and labels (0 or 1) of texts: numbers in the machine's order of bytes, one row a text.
type Predictions<'py> = (
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
);

#[pymethods]
impl Model {
    /// The model inside the package.
    #[staticmethod]
    fn default(py: Python<'_>) -> Self {
        Self(Arc::new(py.detach(rejoinder::Model::shipped)))
    }

    /// The model of a file.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let model = py.detach(|| rejoinder::Model::load(&path));
        Ok(Self(Arc::new(model.map_err(exception)?)))
    }

    /// The model of a file's bytes.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, bytes: &[u8]) -> PyResult<Self> {
        let model = py.detach(|| rejoinder::Model::from_bytes(bytes, Path::new("bytes")));
        Ok(Self(Arc::new(model.map_err(exception)?)))
    }

    /// The bytes of the model's file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| self.0.to_bytes()).map_err(exception)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Writes the model's file.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| self.0.save(&path)).map_err(exception)
    }

    /// The names of the labels.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.0.labels().names().to_vec()
    }

    /// The probability from which on a sentence carries the label, one a label.
    #[getter]
    fn thresholds(&self) -> Vec<f64> {
        self.0.thresholds().to_vec()
    }

    /// The same model, which gives a label from this probability on.
    fn with_threshold(&self, label: &str, threshold: f64) -> PyResult<Self> {
        let model = rejoinder::Model::clone(&self.0).with_threshold(label, threshold);
        Ok(Self(Arc::new(model.map_err(exception)?)))
    }

    /// How the model came to be, as JSON.
    #[getter]
    fn record(&self) -> String {
        train::pretty(self.0.record())
    }

    /// The lines of each of the articles: id, date, outlet, title, text.
    #[pyo3(signature = (articles, wanted, threads, progress=None))]
    fn classify(
        &self,
        py: Python<'_>,
        articles: Vec<Columns>,
        wanted: Wanted,
        threads: usize,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Vec<String>> {
        let options = Options::try_from(wanted)?;
        classify::articles(py, &self.0, &articles, options, threads, progress.as_ref())
    }

    /// The text and the lines of each article of files and folders, and what could not be read. `columns` are those of text, id,
    /// date, outlet and title.
    #[pyo3(signature = (paths, columns, wanted, threads, progress=None))]
    fn classify_files(
        &self,
        py: Python<'_>,
        paths: Vec<PathBuf>,
        columns: [Option<String>; 5],
        wanted: Wanted,
        threads: usize,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<FromFiles> {
        let [
            text_column,
            id_column,
            date_column,
            outlet_column,
            title_column,
        ] = columns;
        let read = ReadOptions {
            format: None,
            text_column,
            id_column,
            title_column,
            date_column,
            outlet_column,
        };
        let options = Options::try_from(wanted)?;
        classify::files(
            py,
            &self.0,
            (&paths, read),
            options,
            threads,
            progress.as_ref(),
        )
    }

    /// What the model says of each text as one sentence.
    fn predict<'py>(&self, py: Python<'py>, texts: Vec<PyBackedStr>) -> Predictions<'py> {
        let (mut scores, mut probabilities, mut labels) = (Vec::new(), Vec::new(), Vec::new());
        py.detach(|| {
            for prediction in predict(&self.0, &texts) {
                scores.extend(prediction.scores.iter().flat_map(|x| x.to_ne_bytes()));
                probabilities.extend(
                    prediction
                        .probabilities
                        .iter()
                        .flat_map(|x| x.to_ne_bytes()),
                );
                let n_labels = self.0.labels().len();
                labels.extend((0..n_labels).map(|at| u8::from(prediction.labels.contains(at))));
            }
        });
        (
            PyBytes::new(py, &scores),
            PyBytes::new(py, &probabilities),
            PyBytes::new(py, &labels),
        )
    }

    /// Every term's part in the scores of a sentence, as JSON.
    fn explain(&self, py: Python<'_>, text: PyBackedStr) -> String {
        py.detach(|| {
            let mut pipeline = Pipeline::new(Arc::clone(&self.0));
            let text = text.trim();
            train::pretty(&pipeline.explain(text).to_json(self.0.labels(), text))
        })
    }

    /// Scores against gold labels, as JSON, and what is odd about the data.
    fn evaluate(
        &self,
        py: Python<'_>,
        source: Source,
        columns: train::Columns,
    ) -> PyResult<(String, Vec<String>)> {
        let evaluate = || {
            let data = train::read(&source, columns, Some(self.0.labels().clone()))?;
            let texts: Vec<&str> = data.samples.iter().map(|s| s.text.as_str()).collect();
            let predictions = predict(&self.0, &texts);
            Ok((
                train::scores(&data, &data.labels, &predictions)?,
                data.warnings,
            ))
        };
        py.detach(evaluate).map_err(exception)
    }
}
