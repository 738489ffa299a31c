//! The claims as JSON for the page's script.
//!
//! Rows are arrays, and what repeats is told by number: of 25,000 claims, names of fields and repeated terms would be half of the page.

use serde::Serialize;

use super::collection::{Collection, ReportedArticle, ReportedClaim};

#[derive(Serialize)]
struct Data<'a> {
    labels: &'a [String],
    /// The number of the label `accusation`.
    accusation: Option<usize>,
    clustered: bool,
    outlets: &'a [String],
    actors: &'a [String],
    terms: &'a [String],
    articles: Vec<ArticleRow<'a>>,
    claims: Vec<ClaimRow<'a>>,
}

/// Id, title, day, date as it was written where it is no day, outlet.
#[derive(Serialize)]
struct ArticleRow<'a>(
    &'a str,
    Option<&'a str>,
    Option<String>,
    Option<&'a str>,
    Option<usize>,
);

/// Article, sentence, text, labels, counted labels, percent for each label, speaker, relations, evidence, answers, first print.
#[derive(Serialize)]
struct ClaimRow<'a>(
    usize,
    usize,
    &'a str,
    Vec<usize>,
    Vec<usize>,
    Vec<Option<f64>>,
    Option<usize>,
    Vec<(usize, &'a [usize], &'a [usize])>,
    Vec<(usize, usize, usize, usize, f64)>,
    Vec<(usize, f64, i64)>,
    Option<usize>,
);

/// JSON that can stand in a script element: no `<` in it, so that it cannot end the element or begin a comment.
///
/// # Errors
/// None that data of this kind can give.
pub(super) fn json(collection: &Collection) -> serde_json::Result<String> {
    let data = Data {
        labels: collection.labels.names(),
        accusation: collection.labels.index(super::ACCUSATION),
        clustered: collection.is_clustered,
        outlets: &collection.outlets,
        actors: &collection.actors,
        terms: &collection.terms,
        articles: collection.articles.iter().map(article).collect(),
        claims: collection.claims.iter().map(claim).collect(),
    };
    Ok(serde_json::to_string(&data)?.replace('<', "\\u003c"))
}

fn article(article: &ReportedArticle) -> ArticleRow<'_> {
    ArticleRow(
        &article.id,
        article.title.as_deref(),
        article.day.map(|day| day.to_string()),
        article.other_date.as_deref(),
        article.outlet,
    )
}

fn claim(claim: &ReportedClaim) -> ClaimRow<'_> {
    let percent = |p: &Option<f64>| p.map(|p| rounded(100.0 * p, 10.0));
    let relations = claim.relations.iter();
    let evidence = claim.evidence.iter();
    let answers = claim.answers.iter();
    ClaimRow(
        claim.article,
        claim.sentence,
        &claim.text,
        claim.labels.iter().collect(),
        claim.counted.iter().collect(),
        claim.probabilities.iter().map(percent).collect(),
        claim.speaker,
        relations
            .map(|r| (r.label, r.sources.as_slice(), r.targets.as_slice()))
            .collect(),
        evidence
            .map(|e| {
                (
                    e.label,
                    e.term,
                    e.start,
                    e.end,
                    rounded(e.contribution, 100.0),
                )
            })
            .collect(),
        answers
            .map(|a| (a.claim, rounded(100.0 * a.score, 1.0), a.days))
            .collect(),
        claim.first_print,
    )
}

fn rounded(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}
