//! How many sentences carry each label.

use std::collections::HashSet;

use super::collection::Collection;
use super::filter::{Count, Filter};

/// A row of the table of totals.
#[derive(Debug)]
pub(super) struct Total<'a> {
    pub(super) label: &'a str,
    pub(super) colour: usize,
    /// Every print.
    pub(super) raw: Count,
    /// Each claim once.
    pub(super) once: Count,
    /// Articles and outlets in which it stands, in any print.
    pub(super) articles: Count,
    pub(super) outlets: Count,
    /// The raw count as a share of the largest, in percent.
    pub(super) percent: f64,
}

/// One row for each label.
pub(super) fn totals(collection: &Collection) -> Vec<Total<'_>> {
    let mut totals: Vec<Total<'_>> = (0..)
        .zip(collection.labels.names())
        .map(|(label, name)| total(collection, label, name))
        .collect();
    let most = totals.iter().map(|total| total.raw.value).max();
    for total in &mut totals {
        total.percent = 100.0 * total.raw.value as f64 / most.unwrap_or(0).max(1) as f64;
    }
    totals
}

fn total<'a>(collection: &'a Collection, label: usize, name: &'a str) -> Total<'a> {
    let with_label = || {
        let claims = collection.claims.iter();
        claims.filter(|claim| claim.labels.contains(label))
    };
    let articles: HashSet<usize> = with_label().map(|claim| claim.article).collect();
    let outlets: HashSet<usize> = with_label()
        .filter_map(|claim| collection.article(claim).outlet)
        .collect();
    let filter = |once| Filter {
        label: Some(label),
        once,
        ..Filter::default()
    };
    let once = with_label().filter(|claim| claim.counted.contains(label));
    Total {
        label: name,
        colour: super::colour(label),
        raw: Count::new(with_label().count(), filter(false)),
        once: Count::new(once.count(), filter(true)),
        articles: Count::new(articles.len(), filter(false)),
        outlets: Count::new(outlets.len(), filter(false)),
        percent: 0.0,
    }
}
