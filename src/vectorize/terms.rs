//! Tokens → the terms of the vocabulary that stand in a sentence, each once, with its weight.

use super::Vectorizer;
use super::features::FeatureExtractor;
use crate::token::{Lexicon, Token};

/// A term of the vocabulary in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) column: u32,
    /// How often it occurs.
    count: u32,
    /// The tokens that its first occurrence covers.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Its weight, with all weights of the sentence scaled to unit length.
    pub(crate) value: f32,
}

/// Reads the terms of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct TermReader {
    extractor: FeatureExtractor,
    hits: Vec<Hit>,
    /// Where the hit of each column would stand. It does only if that hit is of this column, so nothing has to be cleared
    /// between sentences (Briggs & Torczon 1993).
    places: Vec<u32>,
}

impl TermReader {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon) -> Self {
        Self {
            extractor: FeatureExtractor::new(vectorizer.params().features.clone(), lexicon),
            hits: Vec::new(),
            places: vec![0; vectorizer.n_features()],
        }
    }

    /// The known terms of a sentence in the order of their first occurrence.
    pub(crate) fn read(&mut self, vectorizer: &Vectorizer, tokens: &[Token]) -> &[Hit] {
        let (hits, places) = (&mut self.hits, &mut self.places);
        hits.clear();
        self.extractor.extract(tokens, |feature| {
            let Some(column) = vectorizer.vocabulary().column(feature.hash) else {
                return;
            };
            let place = &mut places[column as usize];
            match hits.get_mut(*place as usize) {
                Some(hit) if hit.column == column => hit.count += 1,
                _ => {
                    *place = hits.len() as u32;
                    hits.push(Hit {
                        column,
                        count: 1,
                        first: feature.first,
                        last: feature.last,
                        value: 0.0,
                    });
                }
            }
        });
        let mut squares = 0.0;
        for hit in hits.iter_mut() {
            hit.value = vectorizer.weight(hit.column, hit.count);
            squares += f64::from(hit.value) * f64::from(hit.value);
        }
        let norm = squares.sqrt();
        for hit in hits.iter_mut() {
            hit.value = (f64::from(hit.value) / norm) as f32;
        }
        &self.hits
    }

    /// The terms of the sentence that was read last.
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }
}
