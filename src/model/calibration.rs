//! Scores → probabilities: one logistic curve a label, fitted on scores of rows that the model did not learn from.

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
        let weight = |gold: bool| weights[usize::from(gold)];
        if gold.is_empty() {
            return Self {
                slope: 1.0,
                intercept: 0.0,
            };
        }
        let targets = [1.0 / (negative + 2.0), (positive + 1.0) / (positive + 2.0)];
        let target = |gold: bool| targets[usize::from(gold)];
        let loss = |slope: f64, intercept: f64| -> f64 {
            scores
                .iter()
                .zip(gold)
                .map(|(score, &gold)| {
                    let z = slope * score + intercept;
                    weight(gold) * (z.max(0.0) - target(gold) * z + (-z.abs()).exp().ln_1p())
                })
                .sum()
        };
        let (mut slope, mut intercept) = (0.0, ((positive + 1.0) / (negative + 1.0)).ln());
        let mut value = loss(slope, intercept);
        for _ in 0..100 {
            let (mut g1, mut g2, mut h11, mut h12, mut h22) = (0.0, 0.0, SIGMA, 0.0, SIGMA);
            for (&score, &gold) in scores.iter().zip(gold) {
                let p = logistic(slope * score + intercept);
                let error = weight(gold) * (p - target(gold));
                let curvature = weight(gold) * p * (1.0 - p);
                g1 += score * error;
                g2 += error;
                h11 += score * score * curvature;
                h12 += score * curvature;
                h22 += curvature;
            }
            if g1.abs() < 1e-9 && g2.abs() < 1e-9 {
                break;
            }
            let determinant = h11 * h22 - h12 * h12;
            let (d1, d2) = (
                -(h22 * g1 - h12 * g2) / determinant,
                -(h11 * g2 - h12 * g1) / determinant,
            );
            let lower = (0..30)
                .map(|halving| 0.5_f64.powi(halving))
                .find_map(|step| {
                    let next = loss(slope + step * d1, intercept + step * d2);
                    (next < value + 1e-4 * step * (g1 * d1 + g2 * d2)).then_some((step, next))
                });
            let Some((step, next)) = lower else { break };
            slope += step * d1;
            intercept += step * d2;
            value = next;
        }
        Self { slope, intercept }
    }

    /// The probability at a score.
    pub fn probability(self, score: f64) -> f64 {
        logistic(self.slope * score + self.intercept)
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
