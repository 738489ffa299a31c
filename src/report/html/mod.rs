//! Claims → one HTML file that can be looked at, searched and printed without a network.
//!
//! The file holds everything: totals, timelines, who does what to whom, accusations and their answers, drawn here so that they
//! can be read without a script; and the claims as data, which a script lists and filters. Every number on the page is a link to the
//! sentences that it counts.
//!
//! The articles are not trusted. Templates escape whatever they are given, the script sets text and never markup, and the
//! page's content security policy runs and loads nothing but that script and its style.
//!
//! ```
//! use rejoinder::link::{LinkParams, Linker};
//! use rejoinder::report::html::{HtmlReport, read_claim_lines};
//! use rejoinder::Model;
//!
//! let line = r#"{"article": "a", "sentence": 1, "start": 0, "text": "Minsk denied it.", "labels": ["denial"],
//!     "probabilities": {"denial": 0.97}, "evidence": []}"#.replace('\n', " ");
//! let claims = read_claim_lines("claims.jsonl".as_ref(), line.as_bytes()).collect::<Result<_, _>>()?;
//! let linker = Linker::new(Model::shipped().into(), LinkParams::default())?;
//! let mut page = Vec::new();
//! HtmlReport::new("Claims", claims, linker)?.write(&mut page)?;
//! assert!(page.starts_with(b"<!DOCTYPE html>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod actor;
mod answered;
mod axis;
mod collection;
mod data;
mod filter;
mod line;
mod matrix;
mod network;
mod policy;
mod timeline;
mod totals;

use std::io::{self, Write};

use askama::Template;

use self::answered::Answered;
use self::collection::Collection;
use self::filter::{Count, Filter, counted};
pub use self::line::{ClaimLine, ClaimLines, open_claim_lines, read_claim_lines};
use self::matrix::{Matrix, Pairs};
use self::network::Network;
use self::timeline::Timeline;
use self::totals::Total;
use crate::Result;
use crate::link::Linker;

const ACCUSATION: &str = "accusation";
const DENIAL: &str = "denial";
const COOPERATION: &str = "cooperation";
/// Colours that labels have, in turn.
const COLOURS: usize = 6;

const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// A report on claims as one HTML file.
#[derive(Debug)]
pub struct HtmlReport {
    title: String,
    collection: Collection,
}

impl HtmlReport {
    /// A report with a title on claims in any order. Denials are linked to accusations by a linker that has read nothing yet. Lines without a label are left out.
    ///
    /// # Errors
    /// [`Error::TooManyLabels`](crate::Error::TooManyLabels).
    pub fn new(title: &str, claims: Vec<ClaimLine>, linker: Linker) -> Result<Self> {
        Ok(Self {
            title: actor::plain(title),
            collection: Collection::new(claims, linker)?,
        })
    }

    /// How many claims it is on.
    pub fn claims(&self) -> usize {
        self.collection.claims.len()
    }

    /// How many articles they stand in.
    pub fn articles(&self) -> usize {
        self.collection.articles.len()
    }

    /// Writes the file: the same bytes for the same claims.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        Page::new(&self.title, &self.collection)?.write_into(out)
    }
}

/// What the template is filled with.
#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    policy: String,
    style: &'static str,
    script: &'static str,
    all: Count,
    articles: Count,
    outlets: Count,
    days: Option<(String, String)>,
    is_clustered: bool,
    totals: Vec<Total<'a>>,
    timeline: Option<Timeline<'a>>,
    directions: Vec<Direction<'a>>,
    answered: Option<Answered<'a>>,
    data: String,
}

/// Who does what a label says to whom.
struct Direction<'a> {
    label: &'a str,
    colour: usize,
    question: String,
    verb: &'a str,
    claims: Count,
    /// Pairs of source and target, sources, and targets in all.
    named: String,
    sources: String,
    targets: String,
    matrix: Matrix<'a>,
    network: Option<Network<'a>>,
}

impl<'a> Page<'a> {
    fn new(title: &'a str, collection: &'a Collection) -> io::Result<Self> {
        let days = collection.days();
        let labels = collection.labels.names();
        let all = |number| Count::new(number, Filter::default());
        Ok(Self {
            title,
            policy: policy::policy(SCRIPT, STYLE),
            style: STYLE,
            script: SCRIPT,
            all: all(collection.claims.len()),
            articles: all(collection.articles.len()),
            outlets: all(collection.outlets.len()),
            days: days.map(|(first, last)| (first.to_string(), last.to_string())),
            is_clustered: collection.is_clustered,
            totals: totals::totals(collection),
            timeline: timeline::timeline(collection),
            directions: (0..labels.len())
                .map(|label| Direction::new(collection, label))
                .filter(|direction| direction.claims.value > 0)
                .collect(),
            answered: answered::answered(collection),
            data: data::json(collection)?,
        })
    }
}

impl<'a> Direction<'a> {
    fn new(collection: &'a Collection, label: usize) -> Self {
        let name = collection.labels.names()[label].as_str();
        let (question, verb) = match name {
            ACCUSATION => ("Who accuses whom".to_owned(), "accuses"),
            DENIAL => ("Who denies, and to whom".to_owned(), "denies, answering"),
            COOPERATION => (
                "Who offers cooperation to whom".to_owned(),
                "offers cooperation to",
            ),
            _ => (format!("{name}: who to whom"), "to"),
        };
        let pairs = Pairs::of(collection, label);
        let matrix = matrix::matrix(collection, &pairs);
        Self {
            label: name,
            colour: colour(label),
            question,
            verb,
            claims: pairs.count(pairs.claims, None, None),
            named: counted(matrix.n_named, "pair"),
            sources: counted(matrix.n_sources, "source"),
            targets: counted(matrix.n_targets, "target"),
            matrix,
            network: network::network(collection, &pairs),
        }
    }
}

/// The colour of a label.
fn colour(label: usize) -> usize {
    label % COLOURS
}

#[cfg(test)]
mod tests;
