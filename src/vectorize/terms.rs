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

/// A feature that may be a term of the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    hash: u64,
    first: u32,
    last: u32,
}

/// An occurrence of a term of the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
struct Found {
    column: u32,
    first: u32,
    last: u32,
}

/// Reads the terms of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct TermReader {
    extractor: FeatureExtractor,
    candidates: Vec<Candidate>,
    found: Vec<Found>,
    hits: Vec<Hit>,
    /// Where the hit of each column stands while a sentence is read, [`NOWHERE`] before and after.
    places: Vec<u32>,
}

/// The place of a hit that is not there.
const NOWHERE: u32 = u32::MAX;

impl TermReader {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon) -> Self {
        Self {
            extractor: FeatureExtractor::new(vectorizer.params().features.clone(), lexicon),
            candidates: Vec::new(),
            found: Vec::new(),
            hits: Vec::new(),
            places: vec![NOWHERE; vectorizer.n_features()],
        }
    }

    /// The known terms of a sentence in the order of their first occurrence.
    pub(crate) fn read(&mut self, vectorizer: &Vectorizer, tokens: &[Token]) -> &[Hit] {
        let n_candidates = self.collect(vectorizer, tokens);
        let n_found = self.look_up(vectorizer, n_candidates);
        let (hits, places) = (&mut self.hits, &mut self.places);
        hits.clear();
        for found in &self.found[..n_found] {
            let place = &mut places[found.column as usize];
            if *place == NOWHERE {
                *place = hits.len() as u32;
                hits.push(Hit {
                    column: found.column,
                    count: 1,
                    first: found.first,
                    last: found.last,
                    value: 0.0,
                });
            } else {
                hits[*place as usize].count += 1;
            }
        }
        let mut squares = 0.0;
        for hit in hits.iter_mut() {
            places[hit.column as usize] = NOWHERE;
            hit.value = vectorizer.weight(hit.column, hit.count);
            squares += f64::from(hit.value) * f64::from(hit.value);
        }
        let norm = squares.sqrt();
        for hit in hits.iter_mut() {
            hit.value = (f64::from(hit.value) / norm) as f32;
        }
        &self.hits
    }

    /// Puts the features that may be terms at the front of the candidates, and counts them.
    ///
    /// Every feature is written, and stays only if it is counted: which ones are known no processor can foresee, and a
    /// wrong guess costs more than the writing. Where there is no room for all, it is made, and the features once more.
    fn collect(&mut self, vectorizer: &Vectorizer, tokens: &[Token]) -> usize {
        let (candidates, vocabulary) = (&mut self.candidates, vectorizer.vocabulary());
        loop {
            let room = candidates.as_mut_slice();
            let mut n_candidates = 0;
            self.extractor.extract(tokens, |feature| {
                if let Some(candidate) = room.get_mut(n_candidates) {
                    *candidate = Candidate {
                        hash: feature.hash,
                        first: feature.first,
                        last: feature.last,
                    };
                }
                n_candidates += usize::from(vocabulary.may_contain(feature.hash));
            });
            if n_candidates <= candidates.len() {
                return n_candidates;
            }
            candidates.resize(2 * n_candidates, Candidate::default());
        }
    }

    /// Puts those of the candidates that are terms at the front of what is found, and counts them; as they were collected, without
    /// a branch, so that the table is asked for many of them at once.
    fn look_up(&mut self, vectorizer: &Vectorizer, n_candidates: usize) -> usize {
        if self.found.len() < n_candidates {
            self.found.resize(self.candidates.len(), Found::default());
        }
        let mut n_found = 0;
        for candidate in &self.candidates[..n_candidates] {
            let column = vectorizer.vocabulary().column(candidate.hash);
            self.found[n_found] = Found {
                column: column.unwrap_or_default(),
                first: candidate.first,
                last: candidate.last,
            };
            n_found += usize::from(column.is_some());
        }
        n_found
    }

    /// The terms of the sentence that was read last.
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }
}
