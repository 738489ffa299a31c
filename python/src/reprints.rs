//! Articles → which of them were printed before.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use rejoinder::{ArticleRef, Pipeline, Unit};

use crate::classify::Columns;
use crate::model::Model;

/// Knows articles again, in the order in which they come.
#[pyclass(frozen, module = "rejoinder._rejoinder")]
pub(crate) struct Reprints(Mutex<Stages>);

struct Stages {
    pipeline: Pipeline,
    reprints: rejoinder::Reprints,
}

#[pymethods]
impl Reprints {
    #[new]
    fn new(model: &Bound<'_, Model>) -> Self {
        Self(Mutex::new(Stages {
            pipeline: Pipeline::new(Arc::clone(&model.get().0)),
            reprints: rejoinder::Reprints::new(),
        }))
    }

    /// For each of the articles (id, date, outlet, title, text) the id of the one that it is a reprint of.
    fn first_prints(&self, py: Python<'_>, articles: Vec<Columns>) -> Vec<Option<String>> {
        py.detach(|| {
            let mut stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let articles = articles.iter();
            articles
                .map(|article| stages.first_print(article.into()))
                .collect()
        })
    }
}

impl Stages {
    fn first_print(&mut self, article: ArticleRef<'_>) -> Option<String> {
        let (mut claims, prints) =
            self.pipeline
                .classify_with_prints(article, Unit::Sentence, |_| true);
        self.reprints.cluster(article, &mut claims, prints);
        let first = claims.first()?.reprint_of.as_deref();
        first.map(str::to_owned)
    }
}
