//! Tokens → a sparse row: terms of the vocabulary, weighted and scaled by its length.
//!
//! [`VectorizerParams`] are fitted on sentences to a [`Vectorizer`], which turns any sentence into a [`SparseVector`].

mod clause;
mod features;
mod fit;
mod sieve;
mod sparse;
mod terms;
mod vocabulary;

pub(crate) use self::clause::Clauses;
use self::features::FeatureExtractor;
pub use self::features::FeatureParams;
pub(crate) use self::features::word_hash;
pub use self::sparse::{SparseMatrix, SparseVector};
pub(crate) use self::terms::{Hit, Occurrence, TermReader};
pub use self::vocabulary::Vocabulary;
use crate::{Error, Result};

/// How often a term occurs in a sentence → its weight before idf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermFrequency {
    /// The count.
    Count,
    /// 1 + ln(count).
    Sublinear,
    /// 1, however often.
    #[default]
    Binary,
}

impl TermFrequency {
    #[inline]
    fn weight(self, count: u32) -> f32 {
        match self {
            Self::Binary => 1.0,
            Self::Count => count as f32,
            Self::Sublinear => 1.0 + (count as f32).ln(),
        }
    }
}

/// Parameters of a [`Vectorizer`].
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorizerParams {
    /// Which terms are made of a sentence.
    pub features: FeatureParams,
    /// The smallest number of training sentences that a term must occur in.
    pub min_df: u32,
    /// How counts become weights.
    pub tf: TermFrequency,
    /// Whether weights are multiplied by the inverse document frequency.
    pub idf: bool,
    /// The weights of a sentence are divided by their Euclidean length to this power, from 0 to 1: 1 gives rows of unit length, as
    /// scikit-learn's `norm="l2"`; below it longer sentences weigh more (as in pivoted length normalisation; Singhal,
    /// Buckley, Mitra 1996).
    #[serde(default = "unit_length")]
    pub norm_power: f64,
}

/// The power that gives rows of unit length.
fn unit_length() -> f64 {
    1.0
}

impl VectorizerParams {
    fn check(&self) -> Result<()> {
        self.features.check()?;
        if (0.0..=1.0).contains(&self.norm_power) {
            return Ok(());
        }
        Err(Error::Parameter {
            name: "norm_power",
            found: self.norm_power.to_string(),
            needed: "a number from 0 to 1",
        })
    }

    /// What the weights of a sentence are divided by, from the sum of their squares.
    #[inline]
    pub(crate) fn divisor(&self, squares: f64) -> f64 {
        if self.norm_power < unit_length() {
            squares.powf(0.5 * self.norm_power)
        } else {
            squares.sqrt()
        }
    }

    /// Divides the weights of a sentence.
    fn scale(&self, weights: &mut [f32]) {
        let squares = (weights.iter()).map(|&weight| f64::from(weight) * f64::from(weight));
        let divisor = self.divisor(squares.sum());
        for weight in weights {
            *weight = (f64::from(*weight) / divisor) as f32;
        }
    }
}

impl Default for VectorizerParams {
    fn default() -> Self {
        Self {
            features: FeatureParams::default(),
            min_df: 2,
            tf: TermFrequency::default(),
            idf: true,
            norm_power: unit_length(),
        }
    }
}

/// A fitted vectorizer: `n_features` terms, each with its idf.
#[derive(Debug, Clone)]
pub struct Vectorizer {
    params: VectorizerParams,
    vocabulary: Vocabulary,
    idf: Vec<f32>,
}

impl Vectorizer {
    /// Puts a vectorizer together from its parts.
    ///
    /// # Errors
    /// [`Error::Dimension`] when the vocabulary and the idf differ in length; [`Error::Parameter`].
    pub fn from_parts(
        params: VectorizerParams,
        mut vocabulary: Vocabulary,
        idf: Vec<f32>,
    ) -> Result<Self> {
        params.check()?;
        if vocabulary.len() != idf.len() {
            return Err(Error::Dimension {
                what: "idf values",
                expected: vocabulary.len(),
                found: idf.len(),
            });
        }
        vocabulary.rank_by(&idf);
        Ok(Self {
            params,
            vocabulary,
            idf,
        })
    }

    /// The parameters that it was fitted with.
    pub fn params(&self) -> &VectorizerParams {
        &self.params
    }

    /// The terms.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Inverse document frequencies, one a term.
    pub fn idf(&self) -> &[f32] {
        &self.idf
    }

    /// The inverse document frequency of a term, where it is known.
    pub(crate) fn idf_of(&self, term: &str) -> Option<f32> {
        self.idf_of_hash(FeatureExtractor::hash_of_term(term))
    }

    /// The inverse document frequency of a word by the hash of its stem; `None` for one that is not in the vocabulary.
    #[inline]
    pub(crate) fn idf_of_stem(&self, stem: u64) -> Option<f32> {
        self.idf_of_hash(word_hash(stem))
    }

    #[inline]
    fn idf_of_hash(&self, hash: u64) -> Option<f32> {
        if !self.vocabulary.may_contain(hash) {
            return None;
        }
        let rank = self.vocabulary.rank(hash)?;
        Some(self.idf[self.vocabulary.column(rank)])
    }

    /// Columns of every row.
    pub fn n_features(&self) -> usize {
        self.vocabulary.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Resources, Tokenizer};
    use crate::{Lexicon, Span};

    const SENTENCES: [&str; 3] = [
        "Grustark denied the claims.",
        "Ruritania accused Grustark of stealing money, and the army denied the claims.",
        "It rained.",
    ];

    /// The rows of the sentences as they are trained on, and as they are read later, divided by their length to a power.
    fn rows(tf: TermFrequency, norm_power: f64) -> [Vec<Vec<f32>>; 2] {
        let resources = std::sync::Arc::new(Resources::shipped());
        let params = VectorizerParams {
            tf,
            norm_power,
            min_df: 1,
            ..VectorizerParams::default()
        };
        let tokenizer = || Tokenizer::new(std::sync::Arc::clone(&resources));
        let (vectorizer, matrix) = params.fit(&SENTENCES, tokenizer).unwrap();
        let vectorizer = std::sync::Arc::new(vectorizer);
        let ranks = std::sync::Arc::clone(&vectorizer);
        let mut tokenizer = Tokenizer::ranking(resources, move |word| {
            ranks.vocabulary().rank(word_hash(word))
        });
        let mut reader = TermReader::new(&vectorizer, &Lexicon::shipped());
        let read = SENTENCES.map(|text| {
            let tokens = tokenizer.tokenize(text, Span::new(0, text.len()));
            reader.read(vectorizer.vocabulary(), tokens);
            let hits = reader.weigh(vectorizer.params()).iter();
            hits.map(|hit| hit.value).collect()
        });
        let trained = (0..SENTENCES.len()).map(|row| matrix.row(row).1.to_vec());
        [trained.collect(), read.to_vec()]
    }

    #[test]
    fn rows_are_read_as_they_were_trained_on() {
        for tf in [
            TermFrequency::Binary,
            TermFrequency::Sublinear,
            TermFrequency::Count,
        ] {
            let [trained, read] = rows(tf, 0.75).map(|rows| {
                rows.into_iter().map(|mut row| {
                    row.sort_by(f32::total_cmp);
                    row
                })
            });
            for (trained, read) in trained.zip(read) {
                assert_eq!(trained.len(), read.len());
                for (trained, read) in trained.iter().zip(&read) {
                    assert!((trained / read - 1.0).abs() < 1e-6);
                }
            }
        }
    }

    #[test]
    fn rows_are_divided_by_their_length_to_the_power() {
        let norm = |row: &Vec<f32>| -> f64 {
            let squares = row.iter().map(|&value| f64::from(value).powi(2));
            squares.sum::<f64>().sqrt()
        };
        let [raw, _] = rows(TermFrequency::Binary, 0.0);
        for norm_power in [1.0, 0.75, 0.5] {
            for rows in rows(TermFrequency::Binary, norm_power) {
                for (row, raw) in rows.iter().zip(&raw) {
                    let expected = norm(raw).powf(1.0 - norm_power);
                    assert!((norm(row) / expected - 1.0).abs() < 1e-6);
                }
            }
        }
    }
}
