//! Gold, predicted and probability of every row and label → each score, with its interval over resamples of the groups.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::metrics::{Confusion, Ranking, expected_calibration_error};
use super::{Estimate, EvaluationOptions};
use crate::train::SplitMix;

/// One label of every row.
pub(super) struct Column {
    gold: Vec<bool>,
    predicted: Vec<bool>,
    probabilities: Vec<f64>,
    ranking: Ranking,
}

impl Column {
    pub(super) fn new(gold: Vec<bool>, predicted: Vec<bool>, probabilities: Vec<f64>) -> Self {
        let ranking = Ranking::new(&probabilities);
        Self {
            gold,
            predicted,
            probabilities,
            ranking,
        }
    }

    pub(super) fn confusion(&self) -> Confusion {
        self.confusion_of(|_| 1)
    }

    pub(super) fn average_precision(&self) -> f64 {
        self.ranking.average_precision(&self.gold, |_| 1)
    }

    pub(super) fn calibration_error(&self) -> f64 {
        expected_calibration_error(&self.probabilities, &self.gold)
    }

    fn confusion_of(&self, times: impl Fn(usize) -> usize) -> Confusion {
        let mut confusion = Confusion::default();
        for (row, (&gold, &predicted)) in self.gold.iter().zip(&self.predicted).enumerate() {
            confusion.add(gold, predicted, times(row));
        }
        confusion
    }
}

/// The rows that are scored.
pub(super) struct Rows {
    columns: Vec<Column>,
    /// The group of each row.
    group_of: Vec<usize>,
    n_groups: usize,
}

impl Rows {
    pub(super) fn new<'a>(columns: Vec<Column>, groups: impl Iterator<Item = &'a str>) -> Self {
        let mut numbers = BTreeMap::new();
        let group_of = groups
            .map(|group| {
                let next = numbers.len();
                *numbers.entry(group).or_insert(next)
            })
            .collect();
        Self {
            columns,
            group_of,
            n_groups: numbers.len(),
        }
    }

    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub(super) fn n_groups(&self) -> usize {
        self.n_groups
    }

    /// Precision, recall and F1 of each label, then macro-F1, micro-F1 and mean average precision.
    pub(super) fn estimates(&self, options: &EvaluationOptions) -> Vec<Estimate> {
        let values = self.scores(|_| 1);
        // One seed a resample, drawn up front: which thread scores it makes no difference.
        let mut seeds = SplitMix::new(options.seed);
        let seeds: Vec<u64> = (0..options.resamples).map(|_| seeds.next()).collect();
        let resamples: Vec<Vec<f64>> = seeds
            .into_par_iter()
            .map(|seed| self.resample(seed))
            .collect();
        let estimate = |(at, value)| {
            let mut drawn: Vec<f64> = resamples.iter().map(|scores| scores[at]).collect();
            drawn.sort_by(f64::total_cmp);
            Estimate {
                value,
                low: percentile(&drawn, 0.025),
                high: percentile(&drawn, 0.975),
            }
        };
        values.into_iter().enumerate().map(estimate).collect()
    }

    fn resample(&self, seed: u64) -> Vec<f64> {
        let mut random = SplitMix::new(seed);
        let mut times = vec![0; self.n_groups];
        for _ in 0..self.n_groups {
            times[random.below(self.n_groups)] += 1;
        }
        self.scores(|row| times[self.group_of[row]])
    }

    /// The scores of a sample that holds each row as often as `times` says.
    fn scores(&self, times: impl Fn(usize) -> usize) -> Vec<f64> {
        let mut scores = Vec::with_capacity(3 * self.columns.len() + 3);
        let mut micro = Confusion::default();
        let (mut f1, mut average_precision, mut supported) = (0.0, 0.0, 0);
        for column in &self.columns {
            let confusion = column.confusion_of(&times);
            scores.extend([confusion.precision(), confusion.recall(), confusion.f1()]);
            micro = micro.plus(confusion);
            // Support in the rows themselves, not in the resample: the mean must run over the same labels in all of them.
            if column.gold.contains(&true) {
                f1 += confusion.f1();
                average_precision += column.ranking.average_precision(&column.gold, &times);
                supported += 1;
            }
        }
        let mean = |sum: f64| {
            if supported == 0 {
                0.0
            } else {
                sum / f64::from(supported)
            }
        };
        scores.extend([mean(f1), micro.f1(), mean(average_precision)]);
        scores
    }
}

/// The `share` quantile of sorted values, interpolated linearly between the two at `share · (n - 1)` (Hyndman, Fan 1996,
/// definition 7). 0 when there are none.
pub(super) fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let at = share * last as f64;
    let below = at as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}
