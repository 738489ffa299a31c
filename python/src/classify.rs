//! Articles → the lines that the command writes of them.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use rejoinder::report::{ClaimFormat, ClaimWriter, TableBuilder};
use rejoinder::{Article, ArticleReader, ArticleRef, Claim, Labels, Pipeline, ReadOptions, Unit};

use crate::error::exception;
use crate::work::{batches, in_order};

/// What is classified, which sentences are kept, and whether parties are looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    unit: Unit,
    all: bool,
    parties: bool,
}

/// The same, as Python calls it.
#[derive(FromPyObject)]
pub(crate) struct Wanted(String, bool, bool);

impl TryFrom<Wanted> for Options {
    type Error = PyErr;

    fn try_from(Wanted(unit, all, parties): Wanted) -> PyResult<Self> {
        let unit = match unit.as_str() {
            "sentence" => Unit::Sentence,
            "record" => Unit::Record,
            _ => {
                let message = format!("unit must be 'sentence' or 'record', not '{unit}'");
                return Err(PyValueError::new_err(message));
            }
        };
        Ok(Self { unit, all, parties })
    }
}

/// The pipeline with what comes after it: one for each thread.
pub(crate) struct Classifier {
    pipeline: Pipeline,
    writer: ClaimWriter,
    options: Options,
}

impl Classifier {
    pub(crate) fn new(model: &Arc<rejoinder::Model>, options: Options) -> Self {
        Self {
            pipeline: Pipeline::new(Arc::clone(model)).with_parties(options.parties),
            writer: ClaimWriter::new(ClaimFormat::Jsonl, model.labels().clone()),
            options,
        }
    }

    fn claims(&mut self, article: ArticleRef<'_>) -> Vec<Claim> {
        let Options { unit, all, .. } = self.options;
        if all {
            self.pipeline.classify(article, unit)
        } else {
            self.pipeline.labelled(article, unit)
        }
    }

    /// The labels of the model.
    pub(crate) fn labels(&self) -> &Labels {
        self.pipeline.model().labels()
    }

    /// A table for [`Classifier::append`].
    pub(crate) fn table(&self) -> TableBuilder {
        TableBuilder::new(&self.writer.columns())
    }

    /// Appends a row for each claim, and returns how many there are.
    pub(crate) fn append(
        &mut self,
        table: &mut TableBuilder,
        article: ArticleRef<'_>,
    ) -> io::Result<usize> {
        let claims = self.claims(article);
        self.writer.append(table, article, &claims)?;
        Ok(claims.len())
    }

    /// Appends a line for each claim, and returns how many there are.
    pub(crate) fn write<'a>(
        &mut self,
        out: &mut Vec<u8>,
        article: impl Into<ArticleRef<'a>>,
    ) -> usize {
        let article = article.into();
        let claims = self.claims(article);
        self.writer
            .write(out, article, &claims)
            .expect("a vector takes every byte");
        claims.len()
    }

    fn lines<'a>(&mut self, article: impl Into<ArticleRef<'a>>) -> String {
        let mut lines = Vec::new();
        self.write(&mut lines, article);
        String::from_utf8(lines).expect("JSON is UTF-8")
    }
}

/// An article in Python's memory.
#[derive(FromPyObject)]
pub(crate) struct Columns(
    PyBackedStr,
    Option<PyBackedStr>,
    Option<PyBackedStr>,
    Option<PyBackedStr>,
    PyBackedStr,
);

impl<'a> From<&'a Columns> for ArticleRef<'a> {
    fn from(Columns(id, date, outlet, title, text): &'a Columns) -> Self {
        Self {
            id,
            date: date.as_deref(),
            outlet: outlet.as_deref(),
            title: title.as_deref(),
            text,
            other: &[],
        }
    }
}

/// The lines of each article.
pub(crate) fn articles(
    py: Python<'_>,
    model: &Arc<rejoinder::Model>,
    articles: &[Columns],
    options: Options,
    threads: usize,
    progress: Option<&Py<PyAny>>,
) -> PyResult<Vec<String>> {
    let mut lines = Vec::with_capacity(articles.len());
    let source = batches(articles.iter(), |article| article.4.len());
    let worker = || {
        let mut classifier = Classifier::new(model, options);
        move |batch: Vec<&Columns>| -> Vec<String> {
            let articles = batch.into_iter();
            articles.map(|article| classifier.lines(article)).collect()
        }
    };
    let take = |done: Vec<String>| {
        let count = done.len();
        lines.extend(done);
        Ok(count)
    };
    in_order(py, source, threads, worker, take, progress)?;
    Ok(lines)
}

/// The text and the lines of each article of files and folders, and the exceptions of records that could not be read.
pub(crate) type FromFiles = (Vec<(String, String)>, Vec<PyErr>);

pub(crate) fn files(
    py: Python<'_>,
    model: &Arc<rejoinder::Model>,
    (paths, read): (&[PathBuf], ReadOptions),
    options: Options,
    threads: usize,
    progress: Option<&Py<PyAny>>,
) -> PyResult<FromFiles> {
    let reader = ArticleReader::open(paths, read).map_err(exception)?;
    let (mut articles, mut errors) = (Vec::new(), Vec::new());
    let source = batches(reader, |article| {
        article.as_ref().map_or(0, |article| article.text.len())
    });
    let worker = || {
        let mut classifier = Classifier::new(model, options);
        move |batch: Vec<rejoinder::Result<Article>>| -> Vec<rejoinder::Result<(String, String)>> {
            let articles = batch.into_iter();
            articles
                .map(|article| article.map(|article| (classifier.lines(&article), article.text)))
                .collect()
        }
    };
    let take = |done: Vec<rejoinder::Result<(String, String)>>| {
        let count = done.len();
        for article in done {
            match article {
                Ok((lines, text)) => articles.push((text, lines)),
                Err(error) => errors.push(exception(error)),
            }
        }
        Ok(count)
    };
    in_order(py, source, threads, worker, take, progress)?;
    Ok((articles, errors))
}

/// Texts of generated articles, `size` bytes in all: the same for the same seed.
#[pyfunction]
pub(crate) fn corpus(py: Python<'_>, seed: u64, size: usize) -> Vec<String> {
    let articles = py.detach(|| rejoinder::bench::corpus(seed, size));
    articles.into_iter().map(|article| article.text).collect()
}
