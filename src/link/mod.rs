//! Claims → which accusation each denial answers, inside an article and across articles.
//!
//! What goes in is what `rejoinder classify --format jsonl` writes, oldest article first; what comes out is, for each denial in
//! order, the accusations that it answers, and for each accusation the denials that answer it.
//!
//! ```
//! use rejoinder::link::{LinkParams, Linker, Linked, read_claims};
//! use rejoinder::Model;
//!
//! let claims = r#"
//! {"article": "a", "sentence": 1, "date": "2021-03-04", "labels": ["accusation"], "text": "Estonia said that Belarus had cut the cable."}
//! {"article": "a", "sentence": 2, "date": "2021-03-04", "labels": ["denial"], "text": "Minsk said that no ship of Belarus had touched the cable."}
//! "#;
//! let mut linker = Linker::new(Model::shipped().into(), LinkParams::default())?;
//! let mut linked = Vec::new();
//! for claim in read_claims("claims.jsonl".as_ref(), claims.as_bytes()) {
//!     linker.push(claim?, &mut linked);
//! }
//! linker.finish(&mut linked);
//! let [Linked::Denial { answers, .. }, Linked::Accusation { answered_by, .. }] = &linked[..] else { panic!() };
//! assert_eq!((answers[0].accusation.sentence, answers), (1, answered_by));
//! # Ok::<(), rejoinder::Error>(())
//! ```
//!
//! Two claims of the same sentence are never linked, nor an article with one of a later date; articles of one day may answer each
//! other. A claim that an earlier article has already (`classify --clusters` tells) is not given out again: what answers a reprint of an accusation answers
//! its first print. Memory holds the claims of [`LinkParams::days`] days, not more.

mod index;
mod read;
mod score;
mod terms;
mod weights;

use std::sync::Arc;

use self::index::{Held, HeldArticle, Index};
pub use self::read::{Claims, open_claims, read_claims};
use self::score::{Candidate, Features};
use self::terms::TermReader;
pub use crate::date::Date;
use crate::{Error, Model, Result};

/// A sentence of an article with what it claims, as [`read_claims`] reads it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StatedClaim {
    /// The id of the article.
    pub article: String,
    /// The number of the sentence in the article.
    pub sentence: usize,
    /// The sentence.
    pub text: String,
    /// Whether it carries the label `accusation`.
    pub accuses: bool,
    /// Whether it carries the label `denial`.
    pub denies: bool,
    /// Who speaks, where that is known.
    pub speaker: Option<NamedParty>,
    /// Who accuses or denies, where that is known.
    pub source: Option<NamedParty>,
    /// Who is accused or answered, where that is known.
    pub target: Option<NamedParty>,
    /// Where it was printed first, for a claim that is a reprint.
    pub first_print: Option<Place>,
    /// The date of the article, as the claim has it.
    pub date: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// The title of the article.
    pub title: Option<String>,
}

/// Where a claim stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, serde::Deserialize)]
pub struct Place {
    /// The id of the article.
    pub article: String,
    /// The number of the sentence in the article.
    pub sentence: usize,
}

/// A party by its name in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedParty {
    /// The name; where a pronoun or a later name stands, the earlier one that it takes up.
    pub text: String,
    /// Its code, where the actor table has one.
    pub code: Option<String>,
}

/// A denial and an accusation that it answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The denial.
    pub denial: Arc<StatedClaim>,
    /// The accusation.
    pub accusation: Arc<StatedClaim>,
    /// The probability that the one answers the other.
    pub score: f64,
    /// Days from the accusation's article to the denial's.
    pub delay_days: i64,
}

/// What a [`Linker`] gives out.
#[derive(Debug, Clone, PartialEq)]
pub enum Linked {
    /// A denial, once the day of its article is over.
    Denial {
        /// The denial.
        denial: Arc<StatedClaim>,
        /// The accusations that it answers, in their order; none where none was found.
        answers: Vec<Link>,
    },
    /// An accusation, once no denial can answer it any more.
    Accusation {
        /// The accusation.
        accusation: Arc<StatedClaim>,
        /// The denials that answer it, in their order.
        answered_by: Vec<Link>,
    },
}

/// What a [`Linker`] has read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkTally {
    /// Articles with a claim.
    pub articles: usize,
    /// Of these, those without a date that can be read: their claims are linked to each other only.
    pub undated: usize,
    /// Articles with an earlier date than the one before them: denials that came before do not answer them.
    pub out_of_order: usize,
    /// Claims that are reprints of one that is held: denials are not linked again, and what answers such an accusation answers the first print.
    pub reprints: usize,
}

/// What is linked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkParams {
    /// The most days after which a denial may answer an accusation of another article; 365 by default.
    pub days: u32,
    /// The most accusations that one denial answers, those with the highest scores; at least 1, 4 by default.
    pub most: usize,
    /// The least score of a link, from 0 to 1; without it, the thresholds at which the scores were best on pairs held for
    /// development: one inside an article, another across articles.
    pub threshold: Option<f64>,
}

impl Default for LinkParams {
    fn default() -> Self {
        Self {
            days: 365,
            most: 4,
            threshold: None,
        }
    }
}

impl LinkParams {
    fn check(&self) -> Result<()> {
        let parameter = |name, found: String, needed| {
            Err(Error::Parameter {
                name,
                found,
                needed,
            })
        };
        if self.most == 0 {
            return parameter("most", self.most.to_string(), "at least 1");
        }
        match self.threshold {
            Some(threshold) if !(0.0..=1.0).contains(&threshold) => {
                parameter("threshold", threshold.to_string(), "between 0 and 1")
            }
            _ => Ok(()),
        }
    }
}

/// Links denials to accusations while claims come in, oldest article first.
///
/// Claims of one article come one after the other. Of articles that come in another order than that of their dates, the later ones
/// are linked only to accusations that came before them; [`Linker::tally`] counts them. The claims of an article
/// without a date are linked to each other only.
pub struct Linker {
    params: LinkParams,
    reader: TermReader,
    index: Index,
    /// The claims of the article that is being read.
    article: Vec<StatedClaim>,
    /// The number of the first article of the day that is being read.
    day: u64,
    /// The date of the last dated article.
    date: Option<Date>,
    tally: LinkTally,
}

impl Linker {
    /// A linker that reads sentences with the tables of a model.
    ///
    /// # Errors
    /// [`Error::Parameter`].
    pub fn new(model: Arc<Model>, params: LinkParams) -> Result<Self> {
        params.check()?;
        Ok(Self {
            params,
            reader: TermReader::new(model),
            index: Index::default(),
            article: Vec::new(),
            day: 0,
            date: None,
            tally: LinkTally::default(),
        })
    }

    /// Takes the next claim, and appends to `linked` what has become known: nothing, as long as the day of the claim goes on.
    pub fn push(&mut self, claim: StatedClaim, linked: &mut Vec<Linked>) {
        let goes_on = self
            .article
            .last()
            .is_some_and(|last| last.article == claim.article && last.date == claim.date);
        if !goes_on {
            self.end_article(linked);
        }
        self.article.push(claim);
    }

    /// Appends to `linked` what is left.
    pub fn finish(&mut self, linked: &mut Vec<Linked>) {
        self.end_article(linked);
        self.end_day(linked);
        while let Some(article) = self.index.pop_if(|_| true) {
            give_out(article, linked);
        }
    }

    /// What was read: all of it after [`Linker::finish`].
    pub fn tally(&self) -> LinkTally {
        self.tally
    }

    fn end_article(&mut self, linked: &mut Vec<Linked>) {
        let claims = std::mem::take(&mut self.article);
        let Some(first) = claims.first() else { return };
        let date = first.date.as_deref().and_then(Date::parse);
        self.tally.articles += 1;
        self.tally.undated += usize::from(date.is_none());
        if date.is_some() && date != self.date {
            self.end_day(linked);
            self.tally.out_of_order += usize::from(date < self.date);
            self.date = date;
            self.let_go(linked);
        }
        let title = first.title.clone();
        let title = title.map(|title| self.reader.read_text(&title));
        let held = claims.into_iter().map(|claim| {
            let is_reprint = self.index.first_print(&claim).is_some();
            self.tally.reprints += usize::from(is_reprint);
            let terms = self.reader.read(&claim);
            Held::new(claim, terms, is_reprint)
        });
        let held = held.collect();
        self.index
            .push(HeldArticle::new(date, held, title.as_ref()));
        // Undated articles answer for themselves: nothing is gained by waiting for the end of a day.
        if self.index.article(self.day).date.is_none() {
            self.end_day(linked);
            self.let_go(linked);
        }
    }

    /// Links the denials of the articles since the last day ended.
    fn end_day(&mut self, linked: &mut Vec<Linked>) {
        for number in std::mem::replace(&mut self.day, self.index.next_number())..self.day {
            for at in 0..self.index.article(number).claims.len() {
                let held = &self.index.article(number).claims[at];
                if held.claim.denies && !held.is_reprint {
                    let denial = Arc::clone(&held.claim);
                    let answers = self.link(number, at);
                    linked.push(Linked::Denial { denial, answers });
                }
            }
        }
    }

    /// Gives out the articles at the front that are too far from the day that begins.
    fn let_go(&mut self, linked: &mut Vec<Linked>) {
        let (today, days) = (self.date, i64::from(self.params.days));
        let is_closed = |article: &HeldArticle| {
            let distance = article
                .date
                .zip(today)
                .map(|(date, today)| today.days_since(date).abs());
            distance.is_none_or(|distance| distance > days)
        };
        while let Some(article) = self.index.pop_if(is_closed) {
            give_out(article, linked);
        }
    }

    /// The accusations that a denial may answer.
    fn candidates(&self, number: u64, at: usize) -> Vec<Candidate> {
        let date = self.index.article(number).date;
        score::candidates(&self.index, number, at, |other| {
            date.is_some_and(|date| {
                (0..=i64::from(self.params.days)).contains(&date.days_since(other))
            })
        })
    }

    /// Links a denial to the accusations that it answers.
    fn link(&mut self, number: u64, at: usize) -> Vec<Link> {
        let first_print = |candidate: &Candidate| {
            let claim = &self.index.article(candidate.article).claims[candidate.claim].claim;
            let first = self.index.first_print(claim);
            first.unwrap_or((candidate.article, candidate.claim))
        };
        let mut scored: Vec<(f64, (u64, usize))> = self
            .candidates(number, at)
            .iter()
            .filter_map(|candidate| {
                Some((self.score(&candidate.features)?, first_print(candidate)))
            })
            .filter(|&(_, place)| place != (number, at))
            .collect();
        // Of equal scores the newer accusation counts; of prints of one, the best.
        scored.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(other.cmp(one)));
        let mut seen = Vec::new();
        scored.retain(|(_, place)| {
            let is_new = !seen.contains(place);
            seen.push(*place);
            is_new
        });
        scored.truncate(self.params.most);
        scored.sort_by_key(|&(_, place)| place);
        let links = scored.into_iter().map(|(score, (article, claim))| {
            let (denial, accusation) = (self.index.article(number), self.index.article(article));
            let dates = denial.date.zip(accusation.date);
            let link = Link {
                denial: Arc::clone(&denial.claims[at].claim),
                accusation: Arc::clone(&accusation.claims[claim].claim),
                score,
                delay_days: dates.map_or(0, |(date, earlier)| date.days_since(earlier)),
            };
            let accusation = &mut self.index.article_mut(article).claims[claim];
            accusation.answered_by.push(link.clone());
            link
        });
        links.collect()
    }

    /// The score of a pair that reaches the threshold.
    fn score(&self, features: &Features) -> Option<f64> {
        let (score, threshold) = match features {
            Features::Inside(features) => {
                let weights = &weights::INSIDE;
                (weights.score(features), weights.threshold)
            }
            Features::Across(features) => {
                let weights = &weights::ACROSS;
                (weights.score(features), weights.threshold)
            }
        };
        (score >= self.params.threshold.unwrap_or(threshold)).then_some(score)
    }
}

/// Appends the accusations of an article that is no longer held.
fn give_out(article: HeldArticle, linked: &mut Vec<Linked>) {
    // What answers a reprint whose first print is gone stays with the reprint.
    let is_wanted =
        |held: &Held| held.claim.accuses && (!held.is_reprint || !held.answered_by.is_empty());
    let accusations = article.claims.into_iter().filter(is_wanted);
    linked.extend(accusations.map(|held| Linked::Accusation {
        accusation: held.claim,
        answered_by: held.answered_by,
    }));
}

#[cfg(test)]
mod tests;
