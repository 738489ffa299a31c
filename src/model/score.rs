//! Tokens → a score for each label: what the terms of the sentence weigh, and those of its best clause.
//!
//! `score = (1 - s) · wᵀx + s · max wᵀxₖ`, plus the intercept: `x` is the row of the sentence, `xₖ` that of its clause `k` alone, and `s`
//! the model's [`clause_share`](crate::TrainParams::clause_share). A long sentence says many things and claims one; the best clause is
//! what multiple-instance learning takes for it (Andrews, Tsochantaridis, Hofmann 2002). Where it would lift the score by more than
//! [`LIFT`], `s` is made smaller, so that the screen can tell from the sentence alone that no clause will help it.

use super::Weights;
use crate::token::{Lexicon, Token};
use crate::vectorize::{Clauses, Hit, Occurrence, TermReader, Vectorizer, Vocabulary};

/// By how much the best clause can lift a score.
pub(super) const LIFT: f64 = 1.0;

/// Scores one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct Scorer {
    terms: TermReader,
    clauses: Clauses,
    clause_share: f64,
    of_clause: Vec<f64>,
    /// Of each label, in the sentence that was read last.
    best: Vec<Best>,
}

/// The clause that has a share in a score.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    clause: usize,
    score: f64,
    share: f64,
}

impl Scorer {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon, clause_share: f64) -> Self {
        Self {
            terms: TermReader::new(vectorizer, lexicon),
            clauses: Clauses::default(),
            clause_share,
            of_clause: Vec::new(),
            best: Vec::new(),
        }
    }

    /// The occurrences of terms in a sentence. The tokens must tell the ranks of this vocabulary.
    pub(crate) fn read(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) -> &[Occurrence] {
        self.terms.read(vocabulary, tokens)
    }

    /// The occurrences of terms in the sentence that was read last.
    pub(crate) fn occurrences(&self) -> &[Occurrence] {
        self.terms.occurrences()
    }

    /// Puts the scores of the sentence that was read last, without intercepts, into `scores`, which is empty.
    pub(crate) fn score(
        &mut self,
        vectorizer: &Vectorizer,
        weights: &Weights,
        tokens: &[Token],
        scores: &mut Vec<f64>,
    ) {
        let hits = self.terms.weigh(vectorizer.params());
        weights.score(&hits.iter().map(|hit| (hit.rank, hit.value)), scores);
        self.best.clear();
        self.best.resize(scores.len(), Best::default());
        if self.clause_share == 0.0 {
            return;
        }
        let clauses = self.clauses.of(tokens);
        if clauses.is_empty() {
            return;
        }
        self.terms.part(tokens.len(), clauses);
        for clause in 0..clauses.len() {
            let (hits, part) = self.terms.read_part(vectorizer.params(), clause);
            let terms = part
                .iter()
                .map(|term| (hits[term.hit as usize].rank, term.value));
            self.of_clause.clear();
            weights.score(&terms, &mut self.of_clause);
            for (best, &score) in self.best.iter_mut().zip(&self.of_clause) {
                if clause == 0 || score > best.score {
                    (best.clause, best.score) = (clause, score);
                }
            }
        }
        for (best, score) in self.best.iter_mut().zip(scores) {
            let apart = best.score - *score;
            best.share = if self.clause_share * apart > LIFT {
                LIFT / apart
            } else {
                self.clause_share
            };
            *score += best.share * apart;
        }
    }

    /// The terms of the sentence that was read last.
    pub(crate) fn hits(&self) -> &[Hit] {
        self.terms.hits()
    }

    /// What each of the [`hits`](Self::hits) adds to the score of a label.
    pub(crate) fn contributions(
        &mut self,
        vectorizer: &Vectorizer,
        weights: &Weights,
        label: usize,
    ) -> Vec<f64> {
        let best = self.best[label];
        let mut all: Vec<f64> = (self.terms.hits().iter())
            .map(|hit| (1.0 - best.share) * weights.contribution(hit.rank, hit.value, label))
            .collect();
        if best.share > 0.0 {
            let (hits, part) = self.terms.read_part(vectorizer.params(), best.clause);
            for term in part {
                let rank = hits[term.hit as usize].rank;
                all[term.hit as usize] +=
                    best.share * weights.contribution(rank, term.value, label);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::bench::corpus;
    use crate::{Model, Span, segment};

    #[test]
    fn clauses_lift_no_score_too_far_and_terms_sum_to_it() {
        let model = Arc::new(Model::shipped());
        let (vectorizer, lexicon) = (&model.vectorizer, &model.resources.lexicon);
        let mut tokenizer = model.tokenizer();
        let mut by_share = [0.0, 0.3, 1.0].map(|share| Scorer::new(vectorizer, lexicon, share));
        let (mut n_lifted, mut n_held, mut n_lowered) = (0, 0, 0);
        for article in corpus(5, 50_000) {
            let mut sentences = Vec::new();
            segment(&article.text, &[], &mut sentences);
            for span in sentences {
                let tokens = tokenizer.tokenize(&article.text, span);
                let scores = by_share.each_mut().map(|reader| {
                    let mut scores = Vec::new();
                    reader.read(vectorizer.vocabulary(), tokens);
                    reader.score(vectorizer, &model.weights, tokens, &mut scores);
                    for (label, score) in scores.iter().enumerate() {
                        let terms = reader.contributions(vectorizer, &model.weights, label);
                        assert_eq!(terms.len(), reader.hits().len());
                        assert!((terms.iter().sum::<f64>() - score).abs() < 1e-6);
                    }
                    scores
                });
                for (label, sentence) in scores[0].iter().enumerate() {
                    let [some, all] = [1, 2].map(|share: usize| scores[share][label] - sentence);
                    assert!(some <= LIFT + 1e-9 && all <= LIFT + 1e-9);
                    assert!(some.abs() <= all.abs() + 1e-9 && some * all >= 0.0);
                    n_lifted += usize::from(some > 0.0);
                    n_held += usize::from(all > LIFT - 1e-9);
                    n_lowered += usize::from(some < 0.0);
                }
            }
        }
        assert!(n_lifted > 0 && n_held > 0 && n_lowered > 0);
        let text = "A sentence of one clause.";
        let tokens = tokenizer.tokenize(text, Span::new(0, text.len())).to_vec();
        let [alone, .., with_clause] = by_share.map(|mut reader| {
            let mut scores = Vec::new();
            reader.read(vectorizer.vocabulary(), &tokens);
            reader.score(vectorizer, &model.weights, &tokens, &mut scores);
            scores
        });
        assert_eq!(alone, with_clause);
    }
}
