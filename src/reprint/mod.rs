//! Articles and claims that were printed before: each is told the first print, so that it is counted once.
//!
//! News agencies are printed by hundreds of papers, cut, edited and lightly rewritten. What is kept of a text is its [`Print`]: at
//! most 64 weighted terms that rewriting leaves alone. A text is the reprint of the one that shares most of them, unless each has
//! names, numbers or words that the other lacks, or their dates are more than a week apart. What is compared are first prints alone, so that
//! a chain of rewritings does not lead away from its beginning.

mod number;
mod print;
mod reader;
mod shelf;

use std::sync::Arc;

use self::print::Agreement;
pub(crate) use self::print::Print;
pub(crate) use self::reader::PrintReader;
use self::shelf::{Printed, Shelf};
use crate::claim::{Claim, Cluster};
use crate::date::Date;
use crate::{ArticleRef, LabelSet};

/// What is kept of an article and of its claims to know them again.
#[derive(Debug, Clone, Default)]
pub struct Prints {
    pub(crate) article: Print,
    /// One for each claim.
    pub(crate) claims: Vec<Print>,
}

/// The first prints of articles and claims.
///
/// ```
/// use rejoinder::{Article, Model, Pipeline, Reprints, Unit};
///
/// let mut pipeline = Pipeline::new(Model::shipped().into());
/// let mut reprints = Reprints::new();
/// let mut first_prints = Vec::new();
/// for (id, text) in [
///     ("a", "The athletics federation of Kenya denied that it had warned 14 runners of drug tests in Nakuru."),
///     ("b", "Kenya's athletics federation has denied warning fourteen runners about drug tests at Nakuru."),
/// ] {
///     let article = Article { id: id.into(), text: text.into(), ..Article::default() };
///     let labelled = |prediction: &rejoinder::Prediction| !prediction.labels.is_empty();
///     let (mut claims, prints) = pipeline.classify_with_prints(&article, Unit::Sentence, labelled);
///     reprints.cluster(&article, &mut claims, prints);
///     first_prints.extend(claims.into_iter().filter_map(|claim| claim.cluster));
/// }
/// assert_eq!(first_prints.len(), 2);
/// assert!(first_prints.iter().all(|first| (&*first.article, first.sentence) == ("a", 1)));
/// ```
///
/// The result depends on the articles and their order alone. Memory is bounded: what is kept are the newest
/// [`Reprints::ARTICLES`] articles and [`Reprints::CLAIMS`] claims that are no reprints.
#[derive(Debug, Clone)]
pub struct Reprints {
    articles: Shelf<KeptArticle>,
    claims: Shelf<KeptClaim>,
}

#[derive(Debug, Clone)]
struct KeptArticle {
    print: Print,
    id: Arc<str>,
    day: Option<Date>,
    /// The numbers of its claims' first prints.
    claims: Box<[u32]>,
}

#[derive(Debug, Clone)]
struct KeptClaim {
    print: Print,
    article: Arc<str>,
    sentence: u32,
    day: Option<Date>,
    /// The labels that any of its prints carries.
    labels: LabelSet,
}

impl Printed for KeptArticle {
    fn print(&self) -> &Print {
        &self.print
    }
}

impl Printed for KeptClaim {
    fn print(&self) -> &Print {
        &self.print
    }
}

impl Default for Reprints {
    fn default() -> Self {
        Self::new()
    }
}

impl Reprints {
    /// The most articles that are kept.
    pub const ARTICLES: usize = 100_000;
    /// The most claims that are kept.
    pub const CLAIMS: usize = 500_000;
    /// How many days a reprint may be younger or older than the first print, where both have a date.
    pub const DAYS: i64 = 7;

    /// Nothing printed yet.
    pub fn new() -> Self {
        Self {
            articles: Shelf::new(Self::ARTICLES, 8),
            claims: Shelf::new(Self::CLAIMS, 6),
        }
    }

    /// Tells each claim with a label its cluster, and the article what it is a reprint of; then keeps what is new. `prints`
    /// came with the claims from [`Pipeline::classify_with_prints`](crate::Pipeline::classify_with_prints).
    ///
    /// Returns whether the article is a reprint.
    pub fn cluster<'a>(
        &mut self,
        article: impl Into<ArticleRef<'a>>,
        claims: &mut [Claim],
        prints: Prints,
    ) -> bool {
        let article = article.into();
        let day = article.date.and_then(Date::parse);
        let id: Arc<str> = article.id.into();
        let first = self.first_article(&prints.article, day);
        let of_first: Box<[u32]> = first.map_or_else(Box::default, |kept| kept.claims.clone());
        let reprint_of = first.map(|kept| Arc::clone(&kept.id));
        // All are looked up before any is kept: no sentence is a reprint of one of its own article.
        let found: Vec<Option<u32>> = claims
            .iter()
            .zip(&prints.claims)
            .map(|(claim, print)| self.first_claim(claim, print, day, &of_first))
            .collect();
        let mut numbers = Vec::new();
        for ((claim, print), found) in claims.iter_mut().zip(prints.claims).zip(found) {
            claim.reprint_of.clone_from(&reprint_of);
            let labels = claim.prediction.labels;
            if labels.is_empty() {
                continue;
            }
            let number = found.unwrap_or_else(|| {
                self.claims.push(KeptClaim {
                    print,
                    article: Arc::clone(&id),
                    sentence: claim.sentence as u32,
                    day,
                    labels: LabelSet::default(),
                })
            });
            numbers.push(number);
            if let Some(kept) = self.claims.get_mut(number) {
                claim.cluster = Some(Cluster {
                    article: Arc::clone(&kept.article),
                    sentence: kept.sentence as usize,
                    counted: labels.without(kept.labels),
                });
                kept.labels = kept.labels.union(labels);
            }
        }
        if reprint_of.is_none() {
            self.articles.push(KeptArticle {
                print: prints.article,
                id,
                day,
                claims: numbers.into(),
            });
        }
        reprint_of.is_some()
    }

    /// The article that another one is a reprint of.
    fn first_article(&mut self, print: &Print, day: Option<Date>) -> Option<&KeptArticle> {
        let candidates = self.articles.candidates(print);
        let kept = candidates
            .into_iter()
            .filter_map(|number| self.articles.get(number));
        best(kept.filter(|kept| near(kept.day, day)), |kept| {
            article_score(&Agreement::of(print, &kept.print))
        })
    }

    /// The number of the claim that another one is a reprint of. Those of the article that its article is a reprint of need to
    /// share less.
    fn first_claim(
        &mut self,
        claim: &Claim,
        print: &Print,
        day: Option<Date>,
        of_first: &[u32],
    ) -> Option<u32> {
        let labels = claim.prediction.labels;
        if labels.is_empty() {
            return None;
        }
        let candidates = self.claims.candidates(print);
        let others = candidates
            .into_iter()
            .filter(|number| !of_first.contains(number));
        let numbers = of_first
            .iter()
            .copied()
            .map(|number| (number, true))
            .chain(others.map(|number| (number, false)));
        let kept =
            numbers.filter_map(|(number, known)| Some((number, known, self.claims.get(number)?)));
        let like =
            kept.filter(|(_, _, kept)| kept.labels.intersects(labels) && near(kept.day, day));
        best(like, |(_, known, kept)| {
            claim_score(&Agreement::of(print, &kept.print), *known)
        })
        .map(|(number, ..)| number)
    }
}

/// Whether two days are near enough; a day that is not known is.
fn near(one: Option<Date>, other: Option<Date>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.days_since(other).abs() <= Reprints::DAYS,
        _ => true,
    }
}

/// The first of those with the highest score, among those that have one.
fn best<T>(items: impl Iterator<Item = T>, score: impl Fn(&T) -> Option<f32>) -> Option<T> {
    let mut best: Option<(f32, T)> = None;
    for item in items {
        if let Some(score) = score(&item)
            && best.as_ref().is_none_or(|(highest, _)| score > *highest)
        {
            best = Some((score, item));
        }
    }
    best.map(|(_, item)| item)
}

/// What the check of articles asks for, chosen on the half of `labels/reprints.csv` that is for choosing.
const OVERLAP: f32 = 0.25;
/// How much words count that each lacks.
const OTHER_WORDS: f32 = 0.5;
const OTHER_NUMBERS: f32 = 0.35;
const OTHER_NAMES: f32 = 0.4;
/// The weight that texts must share when nothing else speaks for it: four or five rare words.
const SHARED: u32 = 700;
/// What a claim must share of a claim of another article, and of the article that its article is a reprint of.
const CLAIM_OVERLAP: f32 = 0.45;
const KNOWN_OVERLAP: f32 = 0.2;

/// How surely two articles are prints of one; `None` when they are not.
fn article_score(agreement: &Agreement) -> Option<f32> {
    (agreement.shared >= SHARED).then(|| score(agreement, OVERLAP))?
}

/// The same of two claims; `known` where their articles are prints of one.
fn claim_score(agreement: &Agreement, known: bool) -> Option<f32> {
    if known {
        return score(agreement, KNOWN_OVERLAP);
    }
    (agreement.shared >= SHARED).then(|| score(agreement, CLAIM_OVERLAP))?
}

fn score(agreement: &Agreement, least: f32) -> Option<f32> {
    let score = agreement.overlap - OTHER_WORDS * agreement.other_words;
    let agree = agreement.other_numbers < OTHER_NUMBERS && agreement.other_names < OTHER_NAMES;
    (agree && score >= least).then_some(score)
}

#[cfg(test)]
mod tests;
