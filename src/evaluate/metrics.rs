//! One label's gold × predicted, or gold × probability, for every row → one number.
//!
//! ```
//! use rejoinder::evaluate::{Confusion, average_precision};
//!
//! let gold = [true, false, true];
//! let probabilities = [0.9, 0.6, 0.2];
//! let passed = probabilities.map(|probability| probability >= 0.5);
//! let confusion = Confusion::count(gold.into_iter().zip(passed));
//! assert_eq!((confusion.precision(), confusion.recall(), confusion.f1()), (0.5, 0.5, 0.5));
//! assert_eq!(average_precision(&probabilities, &gold), (1.0 + 2.0 / 3.0) / 2.0);
//! assert_eq!(Confusion::default().f1(), 0.0); // nothing gold, nothing predicted
//! ```

use rayon::prelude::*;

/// A 2×2 confusion: how often a label was predicted and was right to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Confusion {
    /// Gold and predicted.
    pub true_positives: usize,
    /// Predicted only.
    pub false_positives: usize,
    /// Gold only.
    pub false_negatives: usize,
    /// Neither.
    pub true_negatives: usize,
}

impl Confusion {
    /// Counts pairs of (gold, predicted).
    pub fn count(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let mut confusion = Self::default();
        for (gold, predicted) in pairs {
            confusion.add(gold, predicted, 1);
        }
        confusion
    }

    /// Counts a pair as often as it occurs.
    pub(super) fn add(&mut self, gold: bool, predicted: bool, times: usize) {
        *match (gold, predicted) {
            (true, true) => &mut self.true_positives,
            (false, true) => &mut self.false_positives,
            (true, false) => &mut self.false_negatives,
            (false, false) => &mut self.true_negatives,
        } += times;
    }

    /// The sum of two counts.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            true_positives: self.true_positives + other.true_positives,
            false_positives: self.false_positives + other.false_positives,
            false_negatives: self.false_negatives + other.false_negatives,
            true_negatives: self.true_negatives + other.true_negatives,
        }
    }

    /// Gold positives.
    #[must_use]
    pub fn support(self) -> usize {
        self.true_positives + self.false_negatives
    }

    /// The share of predictions that are right; 0 when nothing was predicted.
    #[must_use]
    pub fn precision(self) -> f64 {
        ratio(
            self.true_positives,
            self.true_positives + self.false_positives,
        )
    }

    /// The share of gold labels that were predicted; 0 when there is none.
    #[must_use]
    pub fn recall(self) -> f64 {
        ratio(self.true_positives, self.support())
    }

    /// `2 TP / (2 TP + FP + FN)`; 0 when the label is neither gold nor predicted anywhere.
    #[must_use]
    pub fn f1(self) -> f64 {
        let found = 2 * self.true_positives;
        ratio(found, found + self.false_positives + self.false_negatives)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Average precision: `Σₙ (Rₙ - Rₙ₋₁) Pₙ` over the distinct scores from the highest down, `Pₙ` and `Rₙ` being precision and
/// recall of the rows that score at least the n-th (scikit-learn's `average_precision_score`). Rows that tie share a step.
///
/// Returns a share in 0..=1; 0 when there is no gold positive.
#[must_use]
pub fn average_precision(scores: &[f64], gold: &[bool]) -> f64 {
    Ranking::new(scores).average_precision(gold, |_| 1)
}

/// The rows from the highest score down: sorted once, then scored for as many resamples as there are.
#[derive(Debug, Clone)]
pub(super) struct Ranking {
    order: Vec<u32>,
    /// Where each run of tied rows ends in `order`.
    ends: Vec<usize>,
}

impl Ranking {
    pub(super) fn new(scores: &[f64]) -> Self {
        let ranked = ranked(scores);
        let tied = ranked.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq());
        let ends = tied
            .scan(0, |end, run| {
                *end += run.len();
                Some(*end)
            })
            .collect();
        Self {
            order: ranked.into_iter().map(|(_, row)| row).collect(),
            ends,
        }
    }

    /// [`average_precision`] of a sample that holds each row as often as `times` says.
    pub(super) fn average_precision(&self, gold: &[bool], times: impl Fn(usize) -> usize) -> f64 {
        let (mut hits, mut seen, mut sum, mut start) = (0, 0, 0.0, 0);
        for &end in &self.ends {
            let mut new = 0;
            for &row in &self.order[start..end] {
                let row = row as usize;
                let times = times(row);
                seen += times;
                new += times * usize::from(gold[row]);
            }
            hits += new;
            sum += new as f64 * ratio(hits, seen);
            start = end;
        }
        if hits == 0 { 0.0 } else { sum / hits as f64 }
    }
}

/// Values with their rows, from the highest down; where values are equal, in the order of the rows.
fn ranked(values: &[f64]) -> Vec<(f64, u32)> {
    let mut ranked: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
    ranked.par_sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked
}

/// Bins of [`expected_calibration_error`].
const CALIBRATION_BINS: usize = 10;

/// Expected calibration error: `Σ_b (n_b / n) |mean probability in b - share of gold in b|` over 10 bins of equal width,
/// `[0, 0.1)` to `[0.9, 1]`, with `n_b` of the `n` rows in bin `b` (Naeini, Cooper, Hauskrecht 2015, section "Calibration
/// measures"; Guo et al. 2017, equation 3, whose bins are closed above instead).
///
/// Here for the probability that the label holds, not for the likelier of two classes. Returns a share in 0..=1; 0 without rows.
#[must_use]
pub fn expected_calibration_error(probabilities: &[f64], gold: &[bool]) -> f64 {
    // What every bin's probabilities exceed its gold positives by: n_b cancels against the two means.
    let mut excess = [0.0; CALIBRATION_BINS];
    for (&probability, &gold) in probabilities.iter().zip(gold) {
        let bin = (probability * CALIBRATION_BINS as f64) as usize;
        excess[bin.min(CALIBRATION_BINS - 1)] += probability - f64::from(u8::from(gold));
    }
    let sum: f64 = excess.iter().map(|excess| excess.abs()).sum();
    if gold.is_empty() {
        0.0
    } else {
        sum / gold.len() as f64
    }
}

/// How much of the best F1 a threshold may give up for precision: around its maximum F1 is flat, and precision is not.
const F1_FOR_PRECISION: f64 = 0.01;

/// The highest threshold on `probabilities` whose F1 is within one hundredth of the best, halfway between the two values that it parts,
/// and its F1.
///
/// `weights` is how much a row without and with the label counts, as in [`Calibration::fit`](crate::model::Calibration::fit).
/// With no gold positive nothing should pass: the threshold is 1.
pub fn best_threshold(probabilities: &[f64], gold: &[bool], weights: [f64; 2]) -> (f64, f64) {
    let ranked = ranked(probabilities);
    let positives = weights[1] * gold.iter().filter(|&&gold| gold).count() as f64;
    let (mut hits, mut misses, mut seen) = (0, 0, 0);
    let cuts: Vec<(f64, f64)> = ranked
        .chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq())
        .map(|tied| {
            let right = tied.iter().filter(|(_, row)| gold[*row as usize]).count();
            hits += right;
            misses += tied.len() - right;
            seen += tied.len();
            let found = weights[1] * hits as f64;
            let f1 = 2.0 * found / (found + weights[0] * misses as f64 + positives);
            let below = ranked
                .get(seen)
                .map_or(0.0, |&(probability, _)| probability);
            (f64::midpoint(tied[0].0, below), f1)
        })
        .collect();
    let best = cuts.iter().fold(0.0, |best: f64, &(_, f1)| best.max(f1));
    let enough = |&(_, f1): &(f64, f64)| f1 > 0.0 && f1 >= (1.0 - F1_FOR_PRECISION) * best;
    cuts.into_iter().find(enough).unwrap_or((1.0, 0.0))
}

#[cfg(test)]
mod tests {
    use linfa::prelude::ToConfusionMatrix;
    use ndarray::Array1;
    use proptest::prelude::*;

    use super::*;
    use crate::train::SplitMix;

    fn near(found: f64, known: f64) {
        assert!((found - known).abs() < 1e-12, "{found} is not {known}");
    }

    fn bools<const N: usize>(bits: [u8; N]) -> [bool; N] {
        bits.map(|bit| bit == 1)
    }

    #[test]
    fn average_precision_is_that_of_scikit_learn() {
        // scikit-learn 1.9.1: average_precision_score(gold, scores)
        let scores = [0.9, 0.8, 0.8, 0.8, 0.5, 0.5, 0.3, 0.1];
        near(
            average_precision(&scores, &bools([1, 0, 1, 1, 0, 1, 0, 0])),
            0.791_666_666_666_666_6,
        );
        near(average_precision(&[0.4; 4], &bools([1, 0, 0, 1])), 0.5);
        near(
            average_precision(&[0.1, 0.2, 0.3, 0.4, 0.5], &bools([1, 1, 0, 0, 0])),
            0.325,
        );
        near(
            average_precision(&[0.7, 0.7, 0.2, 0.2, 0.2], &bools([0, 1, 1, 0, 1])),
            0.566_666_666_666_666_7,
        );
        near(average_precision(&[0.7, 0.7], &bools([0, 0])), 0.0);
    }

    #[test]
    fn confusion_is_that_of_scikit_learn() {
        // scikit-learn 1.9.1: precision_score, recall_score, f1_score, confusion_matrix
        let gold = bools([1, 1, 1, 0, 0, 0, 1, 0, 1, 0]);
        let predicted = bools([1, 0, 1, 1, 0, 0, 1, 1, 1, 0]);
        let confusion = Confusion::count(gold.into_iter().zip(predicted));
        near(confusion.precision(), 0.666_666_666_666_666_6);
        near(confusion.recall(), 0.8);
        near(confusion.f1(), 0.727_272_727_272_727_3);
        let counts = Confusion {
            true_positives: 4,
            false_positives: 2,
            false_negatives: 1,
            true_negatives: 3,
        };
        assert_eq!(confusion, counts);
    }

    /// linfa 0.8.1 puts the receiver in the rows of its matrix and divides down the columns for precision, so the gold
    /// labels must be the receiver: `predicted.confusion_matrix(&gold)`, as its docs have it, swaps precision and recall.
    #[test]
    fn confusion_agrees_with_linfa() {
        let mut random = SplitMix::new(3);
        for n in [5, 40, 1000] {
            let mut draw = |bound| {
                (0..n)
                    .map(|row| row < 2 || random.below(bound) == 0)
                    .collect::<Array1<bool>>()
            };
            let (gold, mut predicted) = (draw(3), draw(2));
            predicted[1] = false;
            let confusion = Confusion::count(gold.iter().copied().zip(predicted.iter().copied()));
            let linfa = gold.confusion_matrix(&predicted).unwrap();
            for (ours, theirs) in [
                (confusion.precision(), linfa.precision()),
                (confusion.recall(), linfa.recall()),
                (confusion.f1(), linfa.f1_score()),
            ] {
                assert!(
                    (ours - f64::from(theirs)).abs() < 1e-6,
                    "{n} rows: {ours} is not {theirs}"
                ); // f32 there
            }
        }
    }

    #[test]
    fn calibration_error_weighs_bins_by_their_rows() {
        // Bin 0.2: two rows of mean 0.25, half of them gold; bin 0.9, closed above: mean 0.95, all gold.
        let probabilities = [0.2, 0.3 - 1e-9, 0.9, 1.0];
        let error = expected_calibration_error(&probabilities, &bools([1, 0, 1, 1]));
        assert!((error - (0.5 * 0.25 + 0.5 * 0.05)).abs() < 1e-8, "{error}");
        near(expected_calibration_error(&[0.0, 1.0], &[false, true]), 0.0);
        near(expected_calibration_error(&[], &[]), 0.0);
    }

    #[test]
    fn best_threshold_gives_up_a_hundredth_of_f1_for_precision() {
        let (threshold, f1) = best_threshold(&[0.9, 0.6, 0.4, 0.1], &bools([1, 1, 0, 0]), [1.0; 2]);
        near(threshold, 0.5);
        near(f1, 1.0);
        assert_eq!(best_threshold(&[0.9], &[false], [1.0; 2]), (1.0, 0.0));
        // All 100 rows are gold: one may be given up, two may not.
        let mut probabilities = vec![0.9; 98];
        probabilities.extend([0.5, 0.3]);
        let (threshold, f1) = best_threshold(&probabilities, &[true; 100], [1.0; 2]);
        near(threshold, 0.4);
        near(f1, 198.0 / 199.0);
    }

    proptest! {
        #[test]
        fn scores_are_shares(rows in prop::collection::vec((0..8u8, any::<bool>(), any::<bool>()), 0..60)) {
            let probabilities: Vec<f64> = rows.iter().map(|row| f64::from(row.0) / 7.0).collect();
            let gold: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let confusion = Confusion::count(rows.iter().map(|row| (row.1, row.2)));
            let threshold = best_threshold(&probabilities, &gold, [1.0, 1.0]);
            for share in [
                average_precision(&probabilities, &gold),
                expected_calibration_error(&probabilities, &gold),
                confusion.precision(),
                confusion.recall(),
                confusion.f1(),
                threshold.0,
                threshold.1,
            ] {
                prop_assert!((0.0..=1.0).contains(&share), "{share}");
            }
        }

        #[test]
        fn counting_a_row_twice_equals_two_rows(rows in prop::collection::vec((0..5u8, any::<bool>(), 0..4usize), 0..40)) {
            let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
            let gold: Vec<bool> = rows.iter().map(|row| row.1).collect();
            let counted = Ranking::new(&scores).average_precision(&gold, |row| rows[row].2);
            let written_out = rows.iter().flat_map(|row| std::iter::repeat_n((f64::from(row.0), row.1), row.2));
            let (scores, gold): (Vec<f64>, Vec<bool>) = written_out.unzip();
            prop_assert!((counted - average_precision(&scores, &gold)).abs() < 1e-12);
        }
    }
}
