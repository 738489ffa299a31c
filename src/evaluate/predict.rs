//! A model and sentences → a prediction for each, on all cores.

use std::sync::Arc;

use rayon::prelude::*;

use crate::Span;
use crate::model::{Model, Prediction};
use crate::token::Tokenizer;
use crate::vectorize::SparseVector;

/// Predicts every text as one sentence. Predictions are in the order of the texts, with labels in the order of the model.
#[must_use]
pub fn predict(model: &Model, texts: &[impl AsRef<str> + Sync]) -> Vec<Prediction> {
    let reader = || {
        let tokenizer = Tokenizer::new(Arc::clone(model.resources()));
        (
            tokenizer,
            model.vectorizer.extractor(&model.resources.lexicon),
            Vec::new(),
            SparseVector::default(),
        )
    };
    texts
        .par_iter()
        .map_init(reader, |(tokenizer, extractor, hits, row), text| {
            let text = text.as_ref();
            let tokens = tokenizer.tokenize(text, Span::new(0, text.len()));
            model.vectorizer.transform(extractor, tokens, hits, row);
            let mut prediction = Prediction::default();
            model.predict(row, &mut prediction);
            prediction
        })
        .collect()
}
