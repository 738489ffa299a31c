//! Claims → event data: how often who did what to whom on a day, every print counted, and each claim once.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::Offsets;
use super::table::write_record;
use crate::claim::{Claim, Mention, Relation, Role};
use crate::date::Date;
use crate::{Article, Labels};

/// What a label is in the codebooks of event data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crosswalk {
    /// The label.
    pub label: &'static str,
    /// The code of CAMEO 1.1b3.
    pub cameo: &'static str,
    /// The event type of PLOVER; empty where it has none.
    pub plover: &'static str,
}

/// The labels of the shipped model in CAMEO and PLOVER. A label that is not here has no codes.
///
/// PLOVER dropped the public statements of CAMEO's class 01, denials among them.
pub const CROSSWALK: [Crosswalk; 3] = [
    Crosswalk {
        label: "accusation",
        cameo: "112", // Accuse
        plover: "ACCUSE",
    },
    Crosswalk {
        label: "denial",
        cameo: "016", // Deny responsibility
        plover: "",
    },
    Crosswalk {
        label: "cooperation",
        cameo: "03", // Express intent to cooperate
        plover: "AGREE",
    },
];

/// What is counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    date: String,
    source: Party,
    target: Party,
    label: usize,
}

/// A party by its code and role; by its name where it has no code. One that is not named is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Party {
    code: String,
    role: &'static str,
    name: String,
}

#[derive(Debug, Clone, Default)]
struct Row {
    raw: usize,
    once: usize,
    /// Where the claims stand that came first, as `article:start-end`, of first prints and of reprints.
    first_prints: Vec<String>,
    reprints: Vec<String>,
}

/// Counts of events: one row for each date, source, target and label.
///
/// Memory grows with the rows, not with the claims.
#[derive(Debug, Clone, Default)]
pub struct EventTable {
    rows: BTreeMap<Key, Row>,
}

impl Party {
    fn of(article: &Article, mention: &Mention) -> Self {
        let name = mention.antecedent.unwrap_or(mention.span);
        let words = name.of(&article.text).split_whitespace();
        Self {
            code: mention.code.clone().unwrap_or_default(),
            role: mention.role.map_or("", Role::code),
            name: match mention.code {
                Some(_) => String::new(),
                None => words.collect::<Vec<_>>().join(" "),
            },
        }
    }

    /// Each once; a side that nobody is named on is one that is empty.
    fn all(article: &Article, mentions: &[Mention]) -> BTreeSet<Self> {
        let mut parties: BTreeSet<Self> = mentions
            .iter()
            .map(|mention| Self::of(article, mention))
            .collect();
        if parties.is_empty() {
            parties.insert(Self::default());
        }
        parties
    }
}

/// Who does what a label says to whom: every source with every target. Those who do it to one another are pairs in either
/// direction.
fn pairs(article: &Article, relation: Option<&Relation>) -> Vec<(Party, Party)> {
    let Some(relation) = relation else {
        return vec![Default::default()];
    };
    let sources = Party::all(article, &relation.sources);
    let targets = Party::all(article, &relation.targets);
    let to_itself = !relation.is_mutual() || sources.len() == 1;
    let pairs = sources.iter().flat_map(|source| {
        let others = targets
            .iter()
            .filter(move |target| to_itself || *target != source);
        others.map(|target| (source.clone(), target.clone()))
    });
    pairs.collect()
}

impl Row {
    fn add(&mut self, is_first: bool, evidence: String) {
        self.raw += 1;
        self.once += usize::from(is_first);
        let kept = if is_first {
            &mut self.first_prints
        } else {
            &mut self.reprints
        };
        if kept.len() < EventTable::EVIDENCE {
            kept.push(evidence);
        }
    }

    fn append(&mut self, later: Self) {
        self.raw += later.raw;
        self.once += later.once;
        for (kept, more) in [
            (&mut self.first_prints, later.first_prints),
            (&mut self.reprints, later.reprints),
        ] {
            let room = EventTable::EVIDENCE - kept.len();
            kept.extend(more.into_iter().take(room));
        }
    }

    fn evidence(&self) -> &[String] {
        if self.once > 0 {
            &self.first_prints
        } else {
            &self.reprints
        }
    }
}

impl EventTable {
    /// The most claims that a row names as evidence: the first prints that came first, or reprints where it has no others.
    pub const EVIDENCE: usize = 10;

    /// Counts an article's claims: each of their labels is an event for each source and target that it has. It counts as a first
    /// print where [`Reprints`](crate::Reprints) did not tell otherwise.
    pub fn add(&mut self, article: &Article, claims: &[Claim]) {
        let mut offsets = Offsets::new(&article.text);
        let date = article.date.as_deref().unwrap_or_default();
        let date = Date::parse(date).map_or_else(|| date.to_owned(), |day| day.to_string());
        for claim in claims {
            offsets.enter(claim.span);
            let (start, end) = offsets.of(claim.span);
            for label in claim.prediction.labels.iter() {
                let cluster = claim.cluster.as_ref();
                let is_first = cluster.is_none_or(|cluster| cluster.counted.contains(label));
                let relation = claim.relations.iter().find(|it| it.label == label);
                for (source, target) in pairs(article, relation) {
                    let key = Key {
                        date: date.clone(),
                        source,
                        target,
                        label,
                    };
                    let evidence = format!("{}:{start}-{end}", article.id);
                    self.rows.entry(key).or_default().add(is_first, evidence);
                }
            }
        }
    }

    /// Adds the counts of articles that came after those of this table.
    pub fn append(&mut self, later: Self) {
        for (key, row) in later.rows {
            self.rows.entry(key).or_default().append(row);
        }
    }

    /// Writes the rows as CSV with a header, sorted by date, source, target and label, given the model's labels. Evidence is
    /// joined by `|`.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut impl Write, labels: &Labels) -> io::Result<()> {
        let columns = [
            "date",
            "source",
            "source_role",
            "source_name",
            "target",
            "target_role",
            "target_name",
            "label",
            "cameo",
            "plover",
            "count",
            "count_once",
            "evidence",
        ];
        write_record(out, columns)?;
        for (key, row) in &self.rows {
            let label = labels.names()[key.label].as_str();
            let codes = CROSSWALK.iter().find(|codes| codes.label == label);
            let fields = [
                key.date.as_str(),
                &key.source.code,
                key.source.role,
                &key.source.name,
                &key.target.code,
                key.target.role,
                &key.target.name,
                label,
                codes.map_or("", |codes| codes.cameo),
                codes.map_or("", |codes| codes.plover),
                &row.raw.to_string(),
                &row.once.to_string(),
                &row.evidence().join("|"),
            ];
            write_record(out, fields)?;
        }
        Ok(())
    }
}
