//! The articles that a denial may still answer, and where each term stands in them.

use std::collections::VecDeque;
use std::sync::Arc;

use super::terms::{Term, Terms};
use super::{Date, Link, StatedClaim};
use crate::token::{HashMap, hash_name};

/// A claim with what was read of it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) claim: Arc<StatedClaim>,
    pub(super) terms: Terms,
    /// The sum of squared weights of its terms, as they were when it came.
    pub(super) size: f64,
    /// The links from denials that answer it.
    pub(super) answered_by: Vec<Link>,
    /// Whether an article before it has it already.
    pub(super) is_reprint: bool,
}

/// The claims of an article.
#[derive(Debug, Clone, Default)]
pub(super) struct HeldArticle {
    pub(super) date: Option<Date>,
    pub(super) claims: Vec<Held>,
    /// The terms and codes of the title and of all claims.
    pub(super) context: Vec<Term>,
    /// The sum of squared weights of these, as they were when it came.
    pub(super) size: f64,
}

impl Held {
    pub(super) fn new(claim: StatedClaim, terms: Terms, is_reprint: bool) -> Self {
        Self {
            claim: Arc::new(claim),
            terms,
            size: 0.0,
            answered_by: Vec::new(),
            is_reprint,
        }
    }
}

impl HeldArticle {
    /// Joins claims and what was read of the title.
    pub(super) fn new(date: Option<Date>, claims: Vec<Held>, title: Option<&Terms>) -> Self {
        let parts = claims.iter().map(|held| &held.terms).chain(title);
        let mut context: Vec<Term> = parts
            .flat_map(|terms| {
                let codes = terms.codes.iter().map(|&stem| Term {
                    stem,
                    idf: CODE_IDF,
                    is_name: true,
                });
                terms.stems.iter().copied().chain(codes)
            })
            .collect();
        context.sort_by_key(|term| (term.stem, !term.is_name));
        context.dedup_by_key(|term| term.stem);
        Self {
            date,
            claims,
            context,
            size: 0.0,
        }
    }
}

/// The weight of the code of an actor among the terms of an article, before it is known how many articles have it.
const CODE_IDF: f32 = 4.5;
/// So many articles without a term are taken to have been seen before the first one.
const UNSEEN: f64 = 5000.0;
/// Of a denial's own terms each counts as much as so many of the others of its article.
const OWN: f64 = 3.0;
/// A term that more articles have than this leads to no article.
const MOST_ARTICLES_OF_A_TERM: usize = 2000;
/// So many articles at most are searched for what a denial answers.
const MOST_ARTICLES: usize = 32;

/// Articles by number, in the order in which they came; those that cannot be answered any more are taken out at the front.
#[derive(Debug, Default)]
pub(super) struct Index {
    articles: VecDeque<HeldArticle>,
    /// The number of the first one.
    first: u64,
    /// Term → the numbers of the dated articles that have it, ascending.
    articles_of: HashMap<u64, VecDeque<u64>>,
    /// The hash of the id of an article → its number, of articles with the same id the newest.
    numbers: HashMap<u64, u64>,
}

impl Index {
    /// The number that the next article will have.
    pub(super) fn next_number(&self) -> u64 {
        self.first + self.articles.len() as u64
    }

    /// How many articles are held.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.articles.len()
    }

    /// How many terms are held.
    #[cfg(test)]
    pub(super) fn n_terms(&self) -> usize {
        self.articles_of.len()
    }

    pub(super) fn push(&mut self, mut article: HeldArticle) {
        let number = self.next_number();
        if article.date.is_some() {
            for term in &article.context {
                let articles = self.articles_of.entry(term.stem).or_default();
                articles.push_back(number);
            }
        }
        if let Some(held) = article.claims.first() {
            self.numbers.insert(hash_name(&held.claim.article), number);
        }
        article.size = self.size(&article.context);
        for held in &mut article.claims {
            held.size = self.size(&held.terms.stems);
        }
        self.articles.push_back(article);
    }

    /// Takes the first article out when `is_closed` says that it cannot be answered any more.
    pub(super) fn pop_if(
        &mut self,
        is_closed: impl FnOnce(&HeldArticle) -> bool,
    ) -> Option<HeldArticle> {
        if !is_closed(self.articles.front()?) {
            return None;
        }
        let article = self.articles.pop_front()?;
        if article.date.is_some() {
            for term in &article.context {
                if let Some(articles) = self.articles_of.get_mut(&term.stem) {
                    articles.pop_front();
                    if articles.is_empty() {
                        self.articles_of.remove(&term.stem);
                    }
                }
            }
        }
        if let Some(held) = article.claims.first() {
            let id = hash_name(&held.claim.article);
            if self.numbers.get(&id) == Some(&self.first) {
                self.numbers.remove(&id);
            }
        }
        self.first += 1;
        Some(article)
    }

    /// Where the first print of a claim is held, if it carries the labels of the claim: the number of its article, and its place among
    /// the claims of that.
    pub(super) fn first_print(&self, claim: &StatedClaim) -> Option<(u64, usize)> {
        let first = claim.first_print.as_ref()?;
        let number = *self.numbers.get(&hash_name(&first.article))?;
        let is_it = |held: &Held| {
            let here = &held.claim;
            (&here.article, here.sentence) == (&first.article, first.sentence)
                && here.accuses >= claim.accuses
                && here.denies >= claim.denies
        };
        let at = self.article(number).claims.iter().position(is_it)?;
        Some((number, at))
    }

    /// The article with a number that was not taken out yet.
    pub(super) fn article(&self, number: u64) -> &HeldArticle {
        &self.articles[(number - self.first) as usize]
    }

    pub(super) fn article_mut(&mut self, number: u64) -> &mut HeldArticle {
        &mut self.articles[(number - self.first) as usize]
    }

    /// What a term weighs: its idf among training sentences, or less where many of the articles here have it (names are
    /// unknown to the model, and in news of one war its parties tell nothing).
    pub(super) fn weight(&self, term: &Term) -> f64 {
        let with = self.articles_of.get(&term.stem).map_or(0, VecDeque::len);
        let all = UNSEEN + self.articles.len() as f64;
        let here = (all / (1.0 + with as f64)).ln() + 1.0;
        f64::from(term.idf).min(here)
    }

    /// The sum of squared weights.
    fn size(&self, terms: &[Term]) -> f64 {
        terms.iter().map(|term| self.weight(term).powi(2)).sum()
    }

    /// The sum of squared weights of the terms that two lists share: of all of them, and of those that are names in both.
    pub(super) fn shared(&self, one: &[Term], other: &[Term]) -> (f64, f64) {
        let (mut all, mut names) = (0.0, 0.0);
        let mut rest = other.iter().peekable();
        for term in one {
            while rest.next_if(|other| other.stem < term.stem).is_some() {}
            if let Some(same) = rest.next_if(|other| other.stem == term.stem) {
                let weight = self.weight(term).powi(2);
                all += weight;
                names += if term.is_name && same.is_name {
                    weight
                } else {
                    0.0
                };
            }
        }
        (all, names)
    }

    /// The other dated articles that share most with a denial and with the article that it stands in, and are from the
    /// days that `is_near` accepts; the nearest first.
    pub(super) fn near(
        &self,
        number: u64,
        denial: &Terms,
        is_near: impl Fn(Date) -> bool,
    ) -> Vec<u64> {
        // By place: a map would cost several times as much.
        let mut shares = vec![0.0; self.articles.len()];
        for term in &self.article(number).context {
            let Some(articles) = self.articles_of.get(&term.stem) else {
                continue;
            };
            if articles.len() > MOST_ARTICLES_OF_A_TERM {
                continue;
            }
            let own = denial
                .stems
                .binary_search_by_key(&term.stem, |own| own.stem)
                .is_ok();
            let weight = self.weight(term).powi(2) * if own { OWN } else { 1.0 };
            for &article in articles {
                shares[(article - self.first) as usize] += weight;
            }
        }
        let mut near: Vec<(f64, u64)> = (self.first..)
            .zip(shares)
            .filter(|&(article, share)| {
                share > 0.0 && article != number && self.article(article).date.is_some_and(&is_near)
            })
            .map(|(article, share)| (share, article))
            .collect();
        let nearer = |a: &(f64, u64), b: &(f64, u64)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
        if near.len() > MOST_ARTICLES {
            near.select_nth_unstable_by(MOST_ARTICLES, nearer);
            near.truncate(MOST_ARTICLES);
        }
        near.sort_by(nearer);
        near.into_iter().map(|(_, article)| article).collect()
    }
}
