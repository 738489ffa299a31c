//! The terms of a sentence → a score for each label.

use ndarray::Array2;

use crate::vectorize::Vocabulary;

/// Labels that are scored together.
const LANES: usize = 4;

/// Coefficients by the ranks of the terms, those of all labels side by side: what is read of one term lies together, and near
/// that of other frequent terms.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    n_labels: usize,
    /// Of each term so many groups of labels, the last filled up with zeros.
    n_groups: usize,
    coefficients: Vec<[f32; LANES]>,
}

impl Weights {
    /// Takes coefficients of `n_labels` × `n_features`.
    pub(crate) fn new(coefficients: &Array2<f32>, vocabulary: &Vocabulary) -> Self {
        let (n_labels, n_terms) = coefficients.dim();
        let n_groups = n_labels.div_ceil(LANES);
        let mut by_rank = vec![[0.0; LANES]; n_groups * n_terms];
        for (label, of_label) in coefficients.rows().into_iter().enumerate() {
            let groups = by_rank.iter_mut().skip(label / LANES).step_by(n_groups);
            for (group, &column) in groups.zip(vocabulary.order()) {
                group[label % LANES] = of_label[column as usize];
            }
        }
        Self {
            n_labels,
            n_groups,
            coefficients: by_rank,
        }
    }

    /// Puts the sum of coefficient times value for each label into `scores`, which is empty; terms are told by rank and value.
    pub(super) fn score(
        &self,
        terms: &(impl Iterator<Item = (u32, f32)> + Clone),
        scores: &mut Vec<f64>,
    ) {
        for group in 0..self.n_groups {
            let mut sums = [0.0; LANES];
            for (rank, value) in terms.clone() {
                let of_term = &self.coefficients[rank as usize * self.n_groups + group];
                for (sum, &coefficient) in sums.iter_mut().zip(of_term) {
                    *sum += f64::from(coefficient) * f64::from(value);
                }
            }
            scores.extend(sums);
        }
        scores.truncate(self.n_labels);
    }

    /// What a term adds to the score of a label: coefficient times value.
    pub(super) fn contribution(&self, rank: u32, value: f32, label: usize) -> f64 {
        let group = rank as usize * self.n_groups + label / LANES;
        f64::from(self.coefficients[group][label % LANES]) * f64::from(value)
    }
}
