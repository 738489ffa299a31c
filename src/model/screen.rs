//! Tokens → whether their sentence may carry a label: a quick sum that spares most sentences the exact one.
//!
//! The score of a label is its intercept and the sum of `coefficient · idf / normᵖ` over the distinct terms, where `norm² = Σ idf²`
//! and p is the vectorizer's `norm_power`.
//! Here `coefficient · idf` and `idf²` stand ready, in single precision, so what is summed differs from the exact score: each
//! of the factors is rounded to a relative 2⁻²⁴, which in all is below `2⁻²² · Σ |coefficient · idf / normᵖ|`, and by Cauchy and
//! Schwarz below `2⁻²² · max |coefficient| · √n · norm¹⁻ᵖ` for `n` terms. Twice that, and what a clause can add ([`LIFT`]), is the margin below the score
//! from which on a label is given; only a sentence that stays below for every label is passed over.

use super::score::LIFT;
use super::{Calibration, Model};
use crate::token::Token;
use crate::vectorize::{RankReader, TermFrequency, VectorizerParams, Vocabulary};

/// The most labels for which there is a screen.
const LABELS: usize = 3;

/// Tells the sentences that carry no label.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    ranks: RankReader,
    /// By rank: coefficient times idf for each label, and the square of idf. Behind the last term stands a row of zeros.
    rows: Vec<[f32; LABELS + 1]>,
    /// By rank: the number of the sentence that had the term last.
    seen: Vec<u32>,
    sentence: u32,
    params: VectorizerParams,
    /// How far below the score from which on a label is given a sentence may stay and yet carry it.
    slack: f64,
    /// Of each label: the sum from which on it may be given, for a divisor of 1.
    limits: Vec<f64>,
}

impl Screen {
    /// A screen for a model; `None` for one whose terms count as often as they occur, or with more than three labels.
    pub(crate) fn new(model: &Model) -> Option<Self> {
        let binary = model.vectorizer.params().tf == TermFrequency::Binary;
        if !binary || model.labels.len() > LABELS {
            return None;
        }
        let order = model.vectorizer.vocabulary().order();
        let mut rows: Vec<_> = order
            .iter()
            .map(|&column| {
                let idf = model.vectorizer.idf()[column as usize];
                let mut row = [0.0; LABELS + 1];
                let coefficients = model.coefficients.column(column as usize);
                for (value, coefficient) in row.iter_mut().zip(coefficients) {
                    *value = coefficient * idf;
                }
                row[LABELS] = idf * idf;
                row
            })
            .collect();
        rows.push([0.0; LABELS + 1]);
        let mut screen = Self {
            ranks: RankReader::new(&model.vectorizer, &model.resources.lexicon),
            rows,
            seen: vec![0; order.len()],
            sentence: 0,
            params: model.vectorizer.params().clone(),
            slack: margin(model)
                + if model.record.params.clause_share > 0.0 {
                    LIFT
                } else {
                    0.0
                },
            limits: Vec::new(),
        };
        screen.set_thresholds(model, &model.thresholds);
        Some(screen)
    }

    /// Takes other thresholds than those of the model.
    pub(crate) fn set_thresholds(&mut self, model: &Model, thresholds: &[f64]) {
        let lowest = (model.calibrations.iter().zip(thresholds))
            .map(|(&calibration, &threshold)| lowest_score(calibration, threshold));
        let limits = (lowest.zip(&model.intercepts))
            .map(|(score, intercept)| score - intercept - self.slack);
        self.limits = limits.collect();
    }

    /// Whether the sentence of these tokens may carry a label. They must tell the ranks of this vocabulary, that of the model.
    pub(crate) fn may_carry_label(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) -> bool {
        let sums = self.sums(vocabulary, tokens);
        let divisor = self.params.divisor(sums[LABELS]);
        let mut labels = self.limits.iter().zip(sums);
        labels.any(|(limit, sum)| sum >= limit * divisor)
    }

    /// The sum of the rows of the terms.
    fn sums(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) -> [f64; LABELS + 1] {
        if self.sentence == u32::MAX {
            self.seen.fill(0);
            self.sentence = 0;
        }
        self.sentence += 1;
        let nothing = self.rows.len() - 1;
        let mut sums = [0.0; LABELS + 1];
        for &rank in self.ranks.read(vocabulary, tokens) {
            let last = std::mem::replace(&mut self.seen[rank as usize], self.sentence);
            let again = last == self.sentence;
            let row = &self.rows[if again { nothing } else { rank as usize }];
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += f64::from(value);
            }
        }
        sums
    }
}

/// By how much what is summed here may differ from an exact score, twice.
fn margin(model: &Model) -> f64 {
    let coefficients = model.coefficients.iter();
    let heaviest = coefficients.fold(0.0, |heaviest: f32, value| heaviest.max(value.abs()));
    let vectorizer = &model.vectorizer;
    let squares: f64 = (vectorizer.idf().iter())
        .map(|&idf| f64::from(idf) * f64::from(idf))
        .sum();
    let longest = squares.sqrt() / vectorizer.params().divisor(squares);
    f64::from(heaviest) * (vectorizer.n_features() as f64).sqrt() * longest * 0.5_f64.powi(21)
}

/// A score below which the probability is below the threshold; minus infinity where there is none.
fn lowest_score(calibration: Calibration, threshold: f64) -> f64 {
    /// From log-odds of about 37 on the probability is rounded to 1, which passes every threshold.
    const CERTAIN: f64 = 30.0;
    if calibration.slope <= 0.0 || threshold <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let log_odds = (threshold / (1.0 - threshold)).ln();
    (log_odds.min(CERTAIN) - calibration.intercept) / calibration.slope
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::furniture;
    use crate::bench::corpus;
    use crate::model::Prediction;
    use crate::segment;
    use crate::vectorize::TermReader;

    #[test]
    fn sums_differ_from_exact_scores_by_less_than_the_margin_and_spare_most_sentences() {
        let model = std::sync::Arc::new(Model::shipped());
        let mut tokenizer = model.tokenizer();
        let mut terms = TermReader::new(&model.vectorizer, &model.resources.lexicon);
        let mut screen = Screen::new(&model).unwrap();
        let mut scorer = model.scorer();
        let mut prediction = Prediction::default();
        let (mut n_sentences, mut n_labelled, mut n_kept) = (0, 0, 0);
        for article in corpus(3, 100_000) {
            let mut sentences = Vec::new();
            segment(&article.text, &furniture(&article.text), &mut sentences);
            for span in sentences {
                let tokens = tokenizer.tokenize(&article.text, span);
                let mut exact = Vec::new();
                let hits = terms.read(&model.vectorizer, tokens);
                model.weights.score(hits, &mut exact);
                let sums = screen.sums(model.vectorizer.vocabulary(), tokens);
                for (label, score) in exact.iter().enumerate() {
                    let found = sums[label] / screen.params.divisor(sums[LABELS]);
                    assert!((found - score).abs() < margin(&model), "{found} {score}");
                }
                model.predict(&mut scorer, tokens, &model.thresholds, &mut prediction);
                let kept = screen.may_carry_label(model.vectorizer.vocabulary(), tokens);
                assert!(kept || prediction.labels.is_empty());
                n_sentences += 1;
                n_labelled += usize::from(!prediction.labels.is_empty());
                n_kept += usize::from(kept);
            }
        }
        assert!(n_labelled > 0 && n_kept < n_labelled + n_sentences / 6);
    }

    #[test]
    fn scores_below_the_lowest_are_below_the_threshold() {
        let curves = [(1.0, 0.0), (0.2, -7.0), (30.0, 5.0)];
        for (slope, intercept) in curves {
            let calibration = Calibration { slope, intercept };
            for threshold in [1e-12, 0.01, 0.5, 0.99, 1.0, 1.5] {
                let lowest = lowest_score(calibration, threshold);
                assert!(calibration.probability(lowest - 1e-3) < threshold);
            }
            assert!(lowest_score(calibration, 0.0) < f64::MIN);
        }
        let turned = Calibration {
            slope: -1.0,
            intercept: 0.0,
        };
        assert!(lowest_score(turned, 0.5) < f64::MIN);
    }
}
