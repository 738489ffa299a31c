//! The words that tell something of a candidate in them or beside them, by their stems: `word-after:conced` in
//! `labels/party_weights.csv`.

use super::super::candidate::{Candidate, Sentence};
use super::feature::{Feature, Features, N_FEATURES};
use crate::token::{HashMap, hash_name};

/// Where a word stands.
const PLACES: [&str; 5] = [
    "last-word",
    "word-before",
    "word-after",
    "second-before",
    "second-after",
];

/// Stems and their numbers. Their features follow those of the templates.
#[derive(Debug, Clone, Default)]
pub(in crate::party) struct Dictionary {
    numbers: HashMap<u64, usize>,
    stems: Vec<String>,
}

impl Dictionary {
    /// How many features there are, those of the templates among them.
    pub(in crate::party) fn n_features(&self) -> usize {
        N_FEATURES + PLACES.len() * self.stems.len()
    }

    /// The number of a stem, which it is given here if it has none.
    pub(in crate::party) fn insert(&mut self, stem: &str) -> usize {
        *self.numbers.entry(hash_name(stem)).or_insert_with(|| {
            self.stems.push(stem.to_owned());
            self.stems.len() - 1
        })
    }

    /// The feature with a name, whose stem is taken in.
    pub(super) fn feature_named(&mut self, name: &str) -> Option<usize> {
        let (place, stem) = name.split_once(':')?;
        let place = PLACES.iter().position(|known| *known == place)?;
        let feature = N_FEATURES + PLACES.len() * self.insert(stem) + place;
        Feature::try_from(feature).is_ok().then_some(feature)
    }

    /// The name of a feature that is none of a template.
    #[cfg(test)]
    pub(in crate::party) fn name(&self, feature: usize) -> String {
        let at = feature - N_FEATURES;
        let (place, stem) = (PLACES[at % PLACES.len()], &self.stems[at / PLACES.len()]);
        format!("{place}:{stem}")
    }

    /// Notes the last word of a candidate, and two words before it and behind it.
    pub(super) fn add_words(&self, of: &mut Features, sentence: &Sentence<'_>, c: &Candidate) {
        // In the order of `PLACES`.
        let places = [
            Some(c.last),
            c.opens.checked_sub(1),
            Some(c.last + 1),
            c.opens.checked_sub(2),
            Some(c.last + 2),
        ];
        for (place, at) in places.into_iter().enumerate() {
            let token = at.and_then(|at| sentence.tokens.get(at));
            let number = token.and_then(|token| self.numbers.get(&token.meaning.stem));
            if let Some(number) = number {
                of.0.push((N_FEATURES + PLACES.len() * number + place) as Feature);
            }
        }
    }
}
