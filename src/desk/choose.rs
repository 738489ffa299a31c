//! Predictions and vectors of sentences that nobody has labelled → which to label next.
//!
//! ```
//! use rejoinder::Prediction;
//! use rejoinder::desk::uncertainty;
//!
//! let prediction = |probabilities: &[f64]| Prediction {
//!     probabilities: probabilities.to_vec(),
//!     ..Prediction::default()
//! };
//! assert!(uncertainty(&prediction(&[0.5, 0.1])) > uncertainty(&prediction(&[0.9, 0.1])));
//! assert_eq!(uncertainty(&prediction(&[0.0, 1.0])), 0.0);
//! ```

use serde::{Deserialize, Serialize};

use crate::{Prediction, SparseVector};

/// Which sentence comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The one that the model is least sure of.
    #[default]
    Uncertainty,
    /// The one that has most in it that none of those labelled has.
    Diversity,
    /// Any.
    Random,
    /// The labelled one whose labels the model contradicts most.
    Suspects,
}

/// How unsure a model is of a sentence: the sum over the labels of the entropy of their probability, in bits.
pub fn uncertainty(prediction: &Prediction) -> f64 {
    let entropy = |&p: &f64| -> f64 {
        [p, 1.0 - p]
            .into_iter()
            .filter(|&p| p > 0.0)
            .map(|p| -p * p.log2())
            .sum()
    };
    prediction.probabilities.iter().map(entropy).sum()
}

/// Which terms the sentences that were taken have, and how much of each other sentence they leave uncovered: what covers most that
/// is new comes first (feature-based selection: Wei, Iyer, Bilmes 2015, section 3).
#[derive(Debug, Clone)]
pub struct Coverage {
    vectors: Vec<SparseVector>,
    /// Whether a column has been taken.
    seen: Vec<bool>,
}

impl Coverage {
    /// None is taken yet: everything is new.
    pub fn new(vectors: Vec<SparseVector>, n_features: usize) -> Self {
        Self {
            seen: vec![false; n_features],
            vectors,
        }
    }

    /// Takes a sentence.
    pub fn take(&mut self, at: usize) {
        for &column in &self.vectors[at].indices {
            self.seen[column as usize] = true;
        }
    }

    /// The share of a sentence's squared length that lies in terms which none that was taken has: 1 when all is new, 0 when nothing is.
    pub fn novelty(&self, at: usize) -> f32 {
        let SparseVector { indices, values } = &self.vectors[at];
        let (mut new, mut all) = (0.0, f32::MIN_POSITIVE);
        for (&column, value) in indices.iter().zip(values) {
            let square = value * value;
            all += square;
            if !self.seen[column as usize] {
                new += square;
            }
        }
        new / all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_that_were_taken_are_not_new() {
        let vector = |indices: &[u32], values: &[f32]| SparseVector {
            indices: indices.to_vec(),
            values: values.to_vec(),
        };
        let vectors = vec![
            vector(&[0], &[1.0]),
            vector(&[0, 1], &[0.6, 0.8]),
            vector(&[2], &[1.0]),
        ];
        let mut coverage = Coverage::new(vectors, 3);
        coverage.take(0);
        let novelty = [0, 1, 2].map(|at| (coverage.novelty(at) * 100.0).round() as u8);
        assert_eq!(novelty, [0, 64, 100]);
        coverage.take(1);
        assert!(coverage.novelty(1) < 1e-6 && coverage.novelty(2) > 0.99);
    }
}
