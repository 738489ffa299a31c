//! A denial and an accusation that it may answer → features → the probability that it does.
//!
//! Inside an article place decides most, across articles content does, so each has features and weights of its own.

use super::Date;
use super::index::{Held, HeldArticle, Index};
use crate::model::logistic;

/// Features of a pair inside an article.
pub(super) const INSIDE: usize = 17;
/// Features of a pair across articles.
pub(super) const ACROSS: usize = 20;

/// Coefficients, and what a score must reach.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights<const N: usize> {
    pub(super) coefficients: [f64; N],
    pub(super) intercept: f64,
    pub(super) threshold: f64,
}

/// An accusation that a denial may answer.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The number of its article.
    pub(super) article: u64,
    /// Which of the article's claims it is.
    pub(super) claim: usize,
    pub(super) features: Features,
}

/// What tells whether a denial answers an accusation; every value lies between 0 and about 2.
#[derive(Debug, Clone)]
pub(super) enum Features {
    Inside([f64; INSIDE]),
    Across([f64; ACROSS]),
}

impl<const N: usize> Weights<N> {
    /// The probability that the denial answers the accusation.
    pub(super) fn score(&self, features: &[f64; N]) -> f64 {
        let sum: f64 = self
            .coefficients
            .iter()
            .zip(features)
            .map(|(coefficient, value)| coefficient * value)
            .sum();
        logistic(sum + self.intercept)
    }
}

/// What a denial and an accusation have in common.
#[derive(Debug, Clone, Copy, Default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, each read on its own"
)]
struct Overlap {
    /// Squared weights of the terms that they share.
    shared: f64,
    names: f64,
    cosine: f64,
    /// Whether the code of an actor stands in both.
    code: bool,
    /// Whether the accusation names the party that denies.
    denier: bool,
    /// Whether that party seems to be the accuser itself.
    denier_accuses: bool,
    /// Whether the party accused is the one that denies.
    target_denies: bool,
    /// Whether the denial names the accuser.
    accuser: bool,
}

impl Overlap {
    fn new(index: &Index, denial: &Held, accusation: &Held) -> Self {
        let (d, a) = (&denial.terms, &accusation.terms);
        let (shared, names) = index.shared(&d.stems, &a.stems);
        Self {
            shared,
            names,
            cosine: ratio(shared, (denial.size * accusation.size).sqrt()),
            code: d.codes.iter().any(|code| a.codes.contains(code)),
            denier: d.source.is_in(a),
            denier_accuses: d.source.meets(&a.source),
            target_denies: d.source.meets(&a.target),
            accuser: a.source.is_in(d) && !d.source.meets(&a.source),
        }
    }
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// Names shared, from 0 for none to 2.
fn names(overlap: &Overlap) -> f64 {
    (overlap.names / 80.0).min(2.0)
}

/// How little the denial says of its own, from 1 for nothing to 0.
fn bareness(size: f64) -> f64 {
    100.0 / (100.0 + size)
}

/// The accusations that a denial may answer: those of its article, then those of articles from the days that `is_near` accepts.
pub(super) fn candidates(
    index: &Index,
    number: u64,
    at: usize,
    is_near: impl Fn(Date) -> bool,
) -> Vec<Candidate> {
    let article = index.article(number);
    let denial = &article.claims[at];
    let mut found = Vec::new();
    let inside = inside(index, article, at);
    let best_inside = best(inside.iter().map(|(_, overlap)| overlap));
    for (claim, overlap) in &inside {
        found.push(Candidate {
            article: number,
            claim: *claim,
            features: Features::Inside(inside_features(article, at, *claim, overlap, &inside)),
        });
    }
    let near = index.near(number, &denial.terms, is_near);
    across(index, number, at, &near, best_inside, &mut found);
    found
}

fn best<'a>(overlaps: impl Iterator<Item = &'a Overlap>) -> f64 {
    overlaps.map(|overlap| overlap.shared).fold(0.0, f64::max)
}

fn accusations(article: &HeldArticle) -> impl Iterator<Item = (usize, &Held)> {
    let claims = article.claims.iter().enumerate();
    claims.filter(|(_, held)| held.claim.accuses)
}

/// Whether the next claim after an accusation is a denial and no accusation.
fn is_answered_at_once(article: &HeldArticle, claim: usize) -> bool {
    let next = article.claims.get(claim + 1);
    next.is_some_and(|next| next.claim.denies && !next.claim.accuses)
}

/// Whether no accusation stands before this one.
fn is_first(article: &HeldArticle, claim: usize) -> bool {
    accusations(article)
        .next()
        .is_none_or(|(first, _)| first == claim)
}

fn inside(index: &Index, article: &HeldArticle, at: usize) -> Vec<(usize, Overlap)> {
    accusations(article)
        .filter(|(claim, _)| *claim != at)
        .map(|(claim, held)| (claim, Overlap::new(index, &article.claims[at], held)))
        .collect()
}

fn inside_features(
    article: &HeldArticle,
    at: usize,
    claim: usize,
    overlap: &Overlap,
    inside: &[(usize, Overlap)],
) -> [f64; INSIDE] {
    let (denial, accusation) = (&article.claims[at].claim, &article.claims[claim].claim);
    let before = claim < at;
    let between = |other: &usize| *other > claim && *other < at;
    let denials = (claim + 1..at.max(claim + 1))
        .filter(|other| article.claims[*other].claim.denies)
        .count();
    let accusations = inside.iter().filter(|(other, _)| between(other)).count();
    let distance = denial.sentence.abs_diff(accusation.sentence) as f64;
    [
        flag(before && accusations == 0),
        flag(before && accusations == 1),
        flag(!before),
        flag(before) * (1.0 + distance).ln() / 2.0,
        (denials as f64).min(3.0) / 2.0,
        overlap.cosine,
        names(overlap),
        flag(overlap.code),
        ratio(overlap.shared, best(inside.iter().map(|(_, other)| other))),
        flag(overlap.denier && !overlap.denier_accuses),
        flag(overlap.denier_accuses),
        flag(overlap.target_denies),
        flag(inside.len() == 1),
        flag(denial.accuses),
        bareness(article.claims[at].size),
        flag(claim + 1 != at && is_answered_at_once(article, claim)),
        flag(is_first(article, claim)),
    ]
}

fn across(
    index: &Index,
    number: u64,
    at: usize,
    near: &[u64],
    best_inside: f64,
    found: &mut Vec<Candidate>,
) {
    let article = index.article(number);
    let denial = &article.claims[at];
    let mut pairs = Vec::new();
    for &other in near {
        let from = index.article(other);
        let (shared, _) = index.shared(&article.context, &from.context);
        let cosine = ratio(shared, (article.size * from.size).sqrt());
        for (claim, held) in accusations(from) {
            let overlap = Overlap::new(index, denial, held);
            pairs.push((other, claim, cosine, overlap));
        }
    }
    let best_overlap = best(pairs.iter().map(|(.., overlap)| overlap));
    let best_context = pairs.iter().map(|pair| pair.2).fold(0.0, f64::max);
    let newest = pairs
        .iter()
        .filter(|pair| pair.2 >= best_context / 2.0)
        .filter_map(|pair| index.article(pair.0).date)
        .max();
    let answers_inside = accusations(article).any(|(claim, _)| claim < at);
    for (other, claim, context, overlap) in pairs {
        let from = index.article(other);
        let accusation = &from.claims[claim];
        let (told, _) = index.shared(&accusation.terms.stems, &article.context);
        let (covered, _) = index.shared(&denial.terms.stems, &from.context);
        let delay = article
            .date
            .zip(from.date)
            .map_or(0, |(date, earlier)| date.days_since(earlier));
        let features = [
            overlap.cosine,
            names(&overlap),
            flag(overlap.code),
            ratio(overlap.shared, best_overlap),
            ratio(overlap.shared, best_overlap.max(best_inside)),
            context,
            ratio(context, best_context),
            ratio(told, accusation.size),
            ratio(covered, denial.size),
            (1.0 + delay as f64).ln() / 4.0,
            flag(from.date == newest),
            flag(answers_inside),
            flag(overlap.denier && !overlap.denier_accuses),
            flag(overlap.denier_accuses),
            flag(overlap.accuser),
            flag(denial.claim.accuses),
            bareness(denial.size),
            flag(is_answered_at_once(from, claim)),
            flag(is_first(from, claim)),
            flag(accusation.claim.denies),
        ];
        found.push(Candidate {
            article: other,
            claim,
            features: Features::Across(features),
        });
    }
}
