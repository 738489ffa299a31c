//! Tokens → a sparse row: terms of the vocabulary, weighted and scaled to unit length.
//!
//! [`VectorizerParams`] are fitted on sentences to a [`Vectorizer`], which turns any sentence into a [`SparseVector`].

mod features;
mod sparse;
mod terms;
mod vocabulary;

use rayon::prelude::*;

pub(crate) use self::features::FeatureExtractor;
pub use self::features::FeatureParams;
use self::features::{DocumentFrequencies, Feature, Occurrence};
pub use self::sparse::{SparseMatrix, SparseVector};
pub(crate) use self::terms::{Hit, TermReader};
pub use self::vocabulary::Vocabulary;
use crate::token::Tokenizer;
use crate::{Error, Result, Span};

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

impl VectorizerParams {
    /// Counts the terms of every sentence, keeps those in at least `min_df`, and weights them by smoothed inverse
    /// document frequency.
    ///
    /// `idf(t) = ln((1 + n) / (1 + df(t))) + 1`: `n` sentences, `df(t)` of them with `t` (scikit-learn
    /// `TfidfTransformer`, `smooth_idf`). The last 1 keeps a term found everywhere from vanishing. Without `idf` it is 1.
    ///
    /// Returns the vectorizer and the sentences as rows. `tokenizer` makes a tokenizer for a thread.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a parameter out of range, [`Error::EmptyVocabulary`] when no term is frequent enough.
    pub fn fit(
        &self,
        sentences: &[impl AsRef<str> + Sync],
        tokenizer: impl Fn() -> Tokenizer + Sync,
    ) -> Result<(Vectorizer, SparseMatrix)> {
        self.features.check()?;
        let reader = || {
            let tokenizer = tokenizer();
            let extractor = FeatureExtractor::new(self.features.clone(), tokenizer.lexicon());
            (tokenizer, extractor)
        };
        let rows: Vec<Vec<(u64, u32)>> = sentences
            .par_iter()
            .map_init(reader, |(tokenizer, extractor), text| {
                count_terms(tokenizer, extractor, text.as_ref())
            })
            .collect();
        let kept = self.frequent(&rows);
        let mut terms = name_terms(&kept, sentences, reader);
        if terms.is_empty() {
            return Err(Error::EmptyVocabulary {
                min_df: self.min_df,
                n_samples: sentences.len(),
            });
        }
        terms.par_sort_unstable();
        let n_samples = sentences.len() as f64;
        let idf = terms
            .iter()
            .map(|(_, hash)| {
                if !self.idf {
                    return 1.0;
                }
                let document_frequency = f64::from(kept[hash].document_frequency);
                (((1.0 + n_samples) / (1.0 + document_frequency)).ln() + 1.0) as f32
            })
            .collect();
        let terms: Vec<&str> = terms.iter().map(|(term, _)| term.as_str()).collect();
        let vocabulary = Vocabulary::new(terms.join("\n")).map_err(Error::Solver)?;
        let vectorizer = Vectorizer {
            params: self.clone(),
            vocabulary,
            idf,
        };
        let rows: Vec<SparseVector> = rows
            .into_par_iter()
            .map(|row| vectorizer.weigh_counts(&row))
            .collect();
        let matrix = SparseMatrix::from_rows(vectorizer.n_features(), &rows);
        Ok((vectorizer, matrix))
    }

    /// The terms that enter the vocabulary.
    fn frequent(&self, rows: &[Vec<(u64, u32)>]) -> DocumentFrequencies {
        let count = |part: u64| {
            let mut frequencies = DocumentFrequencies::default();
            for (row, terms) in rows.iter().enumerate() {
                for &(hash, _) in terms.iter().filter(|(hash, _)| hash % PARTS == part) {
                    let first = Occurrence {
                        document_frequency: 0,
                        first_row: row as u32,
                    };
                    frequencies.entry(hash).or_insert(first).document_frequency += 1;
                }
            }
            frequencies.retain(|_, occurrence| occurrence.document_frequency >= self.min_df);
            frequencies
        };
        let parts: Vec<_> = (0..PARTS).into_par_iter().map(count).collect();
        parts.into_iter().flatten().collect()
    }
}

/// Parts in which terms are counted side by side.
const PARTS: u64 = 4;

/// The terms of a sentence with their counts, ordered by hash.
fn count_terms(
    tokenizer: &mut Tokenizer,
    extractor: &mut FeatureExtractor,
    text: &str,
) -> Vec<(u64, u32)> {
    let mut hashes = Vec::new();
    let tokens = tokenizer.tokenize(text, Span::new(0, text.len()));
    extractor.extract(tokens, |feature| hashes.push(feature.hash));
    hashes.sort_unstable();
    hashes
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len() as u32))
        .collect()
}

/// Writes out the terms, each read from the first sentence that has it.
fn name_terms(
    kept: &DocumentFrequencies,
    sentences: &[impl AsRef<str> + Sync],
    reader: impl Fn() -> (Tokenizer, FeatureExtractor) + Sync + Send,
) -> Vec<(String, u64)> {
    sentences
        .par_iter()
        .enumerate()
        .map_init(reader, |(tokenizer, extractor), (row, text)| {
            let text = text.as_ref();
            let tokens = tokenizer.tokenize(text, Span::new(0, text.len())).to_vec();
            let mut found: Vec<Feature> = Vec::new();
            extractor.extract(&tokens, |feature| {
                if kept
                    .get(&feature.hash)
                    .is_some_and(|occurrence| occurrence.first_row as usize == row)
                {
                    found.push(feature);
                }
            });
            found.sort_unstable_by_key(|feature| feature.hash);
            found.dedup_by_key(|feature| feature.hash);
            found
                .iter()
                .map(|feature| {
                    (
                        extractor.term(feature, tokenizer, text, &tokens),
                        feature.hash,
                    )
                })
                .collect::<Vec<_>>()
        })
        .flatten()
        .collect()
}

impl Vectorizer {
    /// Puts a vectorizer together from its parts.
    ///
    /// # Errors
    /// [`Error::Dimension`] when the vocabulary and the idf differ in length; [`Error::Parameter`].
    pub fn from_parts(
        params: VectorizerParams,
        vocabulary: Vocabulary,
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

    /// Columns of every row.
    pub fn n_features(&self) -> usize {
        self.vocabulary.len()
    }

    /// The row of a sentence whose terms are counted already.
    fn weigh_counts(&self, counts: &[(u64, u32)]) -> SparseVector {
        let mut weights: Vec<(u32, f32)> = counts
            .iter()
            .filter(|(hash, _)| self.vocabulary.may_contain(*hash))
            .filter_map(|&(hash, count)| {
                let column = self.vocabulary.column(hash)?;
                Some((column, self.weight(column, count)))
            })
            .collect();
        weights.sort_unstable_by_key(|&(column, _)| column);
        let (indices, mut values): (Vec<u32>, Vec<f32>) = weights.into_iter().unzip();
        scale_to_unit(&mut values);
        SparseVector { indices, values }
    }

    #[inline]
    fn weight(&self, column: u32, count: u32) -> f32 {
        let tf = match self.params.tf {
            TermFrequency::Binary => 1.0,
            TermFrequency::Count => count as f32,
            TermFrequency::Sublinear => 1.0 + (count as f32).ln(),
        };
        tf * self.idf[column as usize]
    }
}

fn scale_to_unit(values: &mut [f32]) {
    let norm = values
        .iter()
        .map(|&value| f64::from(value) * f64::from(value))
        .sum::<f64>()
        .sqrt();
    if norm > 0.0 {
        for value in values {
            *value = (f64::from(*value) / norm) as f32;
        }
    }
}
