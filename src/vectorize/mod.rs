//! Tokens → a sparse row: terms of the vocabulary, weighted and scaled to unit length.
//!
//! [`VectorizerParams`] are fitted on sentences to a [`Vectorizer`], which turns any sentence into a [`SparseVector`].

mod features;
mod fit;
mod ranks;
mod sieve;
mod sparse;
mod terms;
mod vocabulary;

use self::features::FeatureExtractor;
pub use self::features::FeatureParams;
pub(crate) use self::features::word_hash;
pub(crate) use self::ranks::RankReader;
pub use self::sparse::{SparseMatrix, SparseVector};
pub(crate) use self::terms::{Hit, TermReader};
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
}

impl Default for VectorizerParams {
    fn default() -> Self {
        Self {
            features: FeatureParams::default(),
            min_df: 2,
            tf: TermFrequency::default(),
            idf: true,
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
        params.features.check()?;
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
