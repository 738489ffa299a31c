//! Scores → probabilities: one logistic curve a label, fitted on scores of rows that the model did not learn from.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::newton::logistic;

/// `P(label | score) = 1 / (1 + exp(-(slope · score + intercept)))` (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Factor of the score, above 0 unless the scores say nothing.
    pub slope: f64,
    /// Log-odds at score 0.
    pub intercept: f64,
}

impl Calibration {
    /// Fits the curve to scores and whether each row carries the label, by Newton's method on Platt's smoothed targets
    /// `(n₊ + 1) / (n₊ + 2)` and `1 / (n₋ + 2)` (Lin, Lin, Weng 2007, Algorithm 1).
    ///
    /// `weights` is how much a row without and with the label counts; rows that are rarer in the data than where the
    /// model is used count more, and the other way round. With no scores at all it is the logistic function itself.
    pub fn fit(scores: &[f64], gold: &[bool], weights: [f64; 2]) -> Self {
        const SIGMA: f64 = 1e-12;
        let count = gold.iter().filter(|&&gold| gold).count();
        let positive = weights[1] * count as f64;
        let negative = weights[0] * (gold.len() - count) as f64;
        if gold.is_empty() {
            return Self {
                slope: 1.0,
                intercept: 0.0,
            };
        }
        let targets = [1.0 / (negative + 2.0), (positive + 1.0) / (positive + 2.0)];
        let objective = Objective {
            scores,
            gold,
            weights,
            targets,
        };
        let (mut slope, mut intercept) = (0.0, ((positive + 1.0) / (negative + 1.0)).ln());
        let mut here = objective.at(slope, intercept);
        for _ in 0..100 {
            let [g1, g2] = here.gradient;
            if g1.abs() < 1e-9 && g2.abs() < 1e-9 {
                break;
            }
            let [h11, h12, h22] = here.hessian;
            let (h11, h22) = (h11 + SIGMA, h22 + SIGMA);
            let determinant = h11 * h22 - h12 * h12;
            let (d1, d2) = (
                -(h22 * g1 - h12 * g2) / determinant,
                -(h11 * g2 - h12 * g1) / determinant,
            );
            let lower = (0..30)
                .map(|halving| 0.5_f64.powi(halving))
                .find_map(|step| {
                    let there = objective.at(slope + step * d1, intercept + step * d2);
                    let enough = here.loss + 1e-4 * step * (g1 * d1 + g2 * d2);
                    (there.loss < enough).then_some((step, there))
                });
            let Some((step, there)) = lower else { break };
            slope += step * d1;
            intercept += step * d2;
            here = there;
        }
        Self { slope, intercept }
    }

    /// The probability at a score.
    pub fn probability(self, score: f64) -> f64 {
        logistic(self.slope * score + self.intercept)
    }
}

/// What the curve is fitted by.
struct Objective<'a> {
    scores: &'a [f64],
    gold: &'a [bool],
    weights: [f64; 2],
    targets: [f64; 2],
}

/// The objective at a curve, with its derivatives by slope and intercept.
#[derive(Default)]
struct Evaluation {
    loss: f64,
    gradient: [f64; 2],
    /// By slope twice, by both, by intercept twice.
    hessian: [f64; 3],
}

/// Rows that are summed by one thread at a time.
const CHUNK: usize = 1 << 14;

/// Rows whose factors of `1 + e`, each at most 2, are multiplied before one logarithm is taken of them.
const FACTORS: usize = 512;

impl Objective<'_> {
    /// Sums in chunks, which are added in their order: the same for any number of threads.
    fn at(&self, slope: f64, intercept: f64) -> Evaluation {
        let scores = self.scores.par_chunks(CHUNK);
        let chunks: Vec<Evaluation> = scores
            .zip(self.gold.par_chunks(CHUNK))
            .map(|(scores, gold)| {
                let mut sum = Evaluation::default();
                for (scores, gold) in scores.chunks(FACTORS).zip(gold.chunks(FACTORS)) {
                    self.add(slope, intercept, scores, gold, &mut sum);
                }
                sum
            })
            .collect();
        chunks
            .into_iter()
            .fold(Evaluation::default(), |sum, part| sum.plus(&part))
    }

    fn add(&self, slope: f64, intercept: f64, scores: &[f64], gold: &[bool], sum: &mut Evaluation) {
        let mut factors = [1.0; 2];
        for (&score, &gold) in scores.iter().zip(gold) {
            let class = usize::from(gold);
            let (weight, target) = (self.weights[class], self.targets[class]);
            let z = slope * score + intercept;
            // σ(z) and σ(-z), each without cancellation.
            let e = (-z.abs()).exp();
            let (small, large) = (e / (1.0 + e), 1.0 / (1.0 + e));
            let p = if z >= 0.0 { large } else { small };
            let (error, curvature) = (weight * (p - target), weight * small * large);
            factors[class] *= 1.0 + e;
            sum.loss += weight * (z.max(0.0) - target * z);
            sum.gradient[0] += score * error;
            sum.gradient[1] += error;
            sum.hessian[0] += score * score * curvature;
            sum.hessian[1] += score * curvature;
            sum.hessian[2] += curvature;
        }
        for (weight, factor) in self.weights.iter().zip(factors) {
            sum.loss += weight * factor.ln();
        }
    }
}

impl Evaluation {
    fn plus(mut self, other: &Self) -> Self {
        self.loss += other.loss;
        for (sum, term) in self.gradient.iter_mut().zip(other.gradient) {
            *sum += term;
        }
        for (sum, term) in self.hessian.iter_mut().zip(other.hessian) {
            *sum += term;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calibrated_probabilities_average_to_the_share_of_the_label() {
        let scores: Vec<f64> = (0..400).map(|i| f64::from(i) / 100.0 - 2.0).collect();
        let gold: Vec<bool> = (0..400).map(|i| i > 300 || i % 7 == 0).collect();
        let calibration = Calibration::fit(&scores, &gold, [1.0, 1.0]);
        let mean = scores
            .iter()
            .map(|&s| calibration.probability(s))
            .sum::<f64>()
            / 400.0;
        let share = gold.iter().filter(|&&g| g).count() as f64 / 400.0;
        assert!((mean - share).abs() < 0.01, "{mean} {share}");
        assert!(calibration.slope > 0.0);
    }

    #[test]
    fn separable_scores_stay_finite() {
        let calibration = Calibration::fit(
            &[-1.0, -2.0, 1.0, 2.0],
            &[false, false, true, true],
            [1.0, 1.0],
        );
        assert!(calibration.slope.is_finite() && calibration.intercept.is_finite());
        assert!(calibration.probability(2.0) > 0.5);
    }
}
