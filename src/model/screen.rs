//! Tokens → whether their sentence may carry a label: a quick sum that spares most sentences the exact one.
//!
//! The score of a label is its intercept and the sum of `coefficient · idf / normᵖ` over the distinct terms, where `norm² = Σ idf²`
//! and p is the vectorizer's `norm_power`.
//! Here `coefficient · idf` and `idf²` stand ready, as whole multiples of a step: each is off by half a step at most. The exact score
//! is off itself: each of its factors is rounded to a relative 2⁻²⁴, which in all is below `2⁻²² · Σ |coefficient · idf / normᵖ|`, and by
//! Cauchy and Schwarz below `2⁻²² · max |coefficient| · √n · norm¹⁻ᵖ` for `n` terms. All of that (the last twice), and what a clause
//! can add ([`LIFT`]) where there is one, is how far a sum may stay below the score from which on a label is given; only a sentence
//! that stays farther below for every label is passed over.

use super::score::LIFT;
use super::{Calibration, Model};
use crate::token::Token;
use crate::vectorize::{Clauses, Occurrence, TermFrequency, VectorizerParams};

/// The most labels for which there is a screen.
const LABELS: usize = 3;

/// The most rows of which a sum cannot overflow.
const MOST_TERMS: usize = (i32::MAX / i16::MAX as i32) as usize;

/// Tells the sentences that carry no label.
#[derive(Debug, Clone)]
pub(crate) struct Screen {
    clauses: Clauses,
    /// By rank: coefficient times idf for each label, and the square of idf, in steps. Behind the last term stands a row of zeros.
    rows: Vec<[i16; LABELS + 1]>,
    steps: [f64; LABELS + 1],
    /// By rank: the number of the sentence that had the term last.
    seen: Vec<u8>,
    sentence: u8,
    params: VectorizerParams,
    /// By how much a clause can lift a score.
    lift: f64,
    margin: f64,
    /// Half a step of idf², beside the smallest idf²: the relative error of a sum of them, and more than that of a divisor.
    error: f64,
    /// Of each label: the score without intercept from which on it is given.
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
        let exact: Vec<_> = (order.iter())
            .map(|&column| {
                let idf = model.vectorizer.idf()[column as usize];
                let mut row = [0.0; LABELS + 1];
                let coefficients = model.coefficients.column(column as usize);
                for (value, coefficient) in row.iter_mut().zip(coefficients) {
                    *value = f64::from(coefficient * idf);
                }
                row[LABELS] = f64::from(idf * idf);
                row
            })
            .collect();
        let mut steps = [f64::MIN_POSITIVE; LABELS + 1];
        for row in &exact {
            for (step, value) in steps.iter_mut().zip(row) {
                *step = step.max(value.abs() / f64::from(i16::MAX));
            }
        }
        let in_steps = |row: [f64; LABELS + 1]| {
            let mut whole = [0; LABELS + 1];
            for ((whole, value), step) in whole.iter_mut().zip(row).zip(steps) {
                *whole = (value / step + 0.5_f64.copysign(value)) as i16; // rounded
            }
            whole
        };
        let mut rows: Vec<_> = exact.iter().map(|&row| in_steps(row)).collect();
        rows.push([0; LABELS + 1]);
        let squares = exact.iter().map(|row| row[LABELS]);
        let smallest = squares.fold(f64::INFINITY, f64::min);
        let mut screen = Self {
            clauses: Clauses::default(),
            rows,
            steps,
            seen: vec![0; order.len()],
            sentence: 0,
            params: model.vectorizer.params().clone(),
            lift: if model.record.params.clause_share > 0.0 {
                LIFT
            } else {
                0.0
            },
            margin: margin(model),
            error: 0.5 * steps[LABELS] / smallest,
            limits: Vec::new(),
        };
        screen.set_thresholds(model, &model.thresholds);
        Some(screen)
    }

    /// Takes other thresholds than those of the model.
    pub(crate) fn set_thresholds(&mut self, model: &Model, thresholds: &[f64]) {
        let lowest = (model.calibrations.iter().zip(thresholds))
            .map(|(&calibration, &threshold)| lowest_score(calibration, threshold));
        let limits = lowest.zip(&model.intercepts);
        self.limits = limits.map(|(score, intercept)| score - intercept).collect();
    }

    /// Whether the sentence of these tokens may carry a label, from the occurrences of the model's terms in it.
    pub(crate) fn may_carry_label(&mut self, tokens: &[Token], terms: &[Occurrence]) -> bool {
        if terms.len() > MOST_TERMS {
            return true; // a whole book as one record
        }
        let scores = self.highest_scores(terms);
        let reaches = |lift: f64| {
            let mut labels = scores.iter().zip(&self.limits);
            labels.any(|(score, limit)| score + lift >= *limit)
        };
        reaches(0.0) || reaches(self.lift) && !self.clauses.of(tokens).is_empty()
    }

    /// For each label the highest that its score can be, without intercept and clauses.
    fn highest_scores(&mut self, terms: &[Occurrence]) -> [f64; LABELS] {
        let (n_terms, sums) = self.sums(terms);
        let squares = f64::from(sums[LABELS]) * self.steps[LABELS];
        let divisor = self.params.divisor(squares).max(f64::MIN_POSITIVE);
        std::array::from_fn(|label| {
            let highest = (f64::from(sums[label]) + 0.5 * f64::from(n_terms)) * self.steps[label];
            let score = highest / divisor;
            score + score.abs() * self.error + self.margin
        })
    }

    /// How many terms there are, and the sum of their rows.
    fn sums(&mut self, terms: &[Occurrence]) -> (u32, [i32; LABELS + 1]) {
        if self.sentence == u8::MAX {
            self.seen.fill(0);
            self.sentence = 0;
        }
        self.sentence += 1;
        let nothing = self.rows.len() - 1;
        let mut n_terms = 0;
        let mut sums = [0; LABELS + 1];
        for &Occurrence { rank, .. } in terms {
            let last = std::mem::replace(&mut self.seen[rank as usize], self.sentence);
            let is_new = last != self.sentence;
            n_terms += u32::from(is_new);
            let row = &self.rows[if is_new { rank as usize } else { nothing }];
            for (sum, &value) in sums.iter_mut().zip(row) {
                *sum += i32::from(value);
            }
        }
        (n_terms, sums)
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
    fn highest_scores_are_close_and_spare_most_sentences() {
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
                let occurrences = terms.read(model.vectorizer.vocabulary(), tokens);
                let highest = screen.highest_scores(occurrences);
                let kept = screen.may_carry_label(tokens, occurrences);
                let hits = terms.weigh(model.vectorizer.params()).iter();
                let hits = hits.map(|hit| (hit.rank, hit.value));
                model.weights.score(&hits, &mut exact);
                for (&score, highest) in exact.iter().zip(highest) {
                    let close = 0.01 + 0.002 * score.abs();
                    assert!(
                        score <= highest && highest < score + close,
                        "{score} {highest}"
                    );
                }
                scorer.read(model.vectorizer.vocabulary(), tokens);
                model.predict(&mut scorer, tokens, &model.thresholds, &mut prediction);
                assert!(kept || prediction.labels.is_empty());
                n_sentences += 1;
                n_labelled += usize::from(!prediction.labels.is_empty());
                n_kept += usize::from(kept);
            }
        }
        assert!(n_labelled > 0 && n_kept < n_labelled + n_sentences / 6);
    }

    #[test]
    fn what_is_too_long_to_be_summed_is_kept() {
        let model = std::sync::Arc::new(Model::shipped());
        let mut screen = Screen::new(&model).unwrap();
        let mut scorer = model.scorer();
        let mut tokenizer = model.tokenizer();
        for (text, kept) in [
            ("It rained. ", false),
            ("It rained. ".repeat(20_000).as_str(), true),
        ] {
            let tokens = tokenizer.tokenize(text, crate::Span::new(0, text.len()));
            let terms = scorer.read(model.vectorizer.vocabulary(), tokens);
            assert_eq!(screen.may_carry_label(tokens, terms), kept);
        }
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
