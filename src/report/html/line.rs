//! JSON lines → the claims of a report.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Deserializer};

use crate::Result;
use crate::input::json::{Objects, open_objects};
use crate::link::{NamedParty, Place, StatedClaim};

/// A line that `rejoinder classify --format jsonl` wrote. Fields that are not named here are not looked at.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ClaimLine {
    pub(super) article: String,
    pub(super) sentence: usize,
    pub(super) start: usize,
    pub(super) text: String,
    pub(super) labels: Vec<String>,
    #[serde(deserialize_with = "probabilities")]
    pub(super) probabilities: BTreeMap<String, f64>,
    pub(super) speaker: Option<PartyLine>,
    pub(super) source: Option<PartyLine>,
    pub(super) target: Option<PartyLine>,
    /// Missing in lines that tell source and target alone.
    pub(super) relations: Option<Vec<RelationLine>>,
    pub(super) evidence: Vec<EvidenceLine>,
    /// Missing in lines that were not clustered.
    pub(super) cluster: Option<Place>,
    pub(super) date: Option<String>,
    pub(super) outlet: Option<String>,
    pub(super) title: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct PartyLine {
    pub(super) text: String,
    pub(super) code: Option<String>,
    pub(super) role: Option<String>,
    pub(super) antecedent: Option<AntecedentLine>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct AntecedentLine {
    pub(super) text: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct RelationLine {
    pub(super) label: String,
    pub(super) sources: Vec<PartyLine>,
    pub(super) targets: Vec<PartyLine>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct EvidenceLine {
    pub(super) label: String,
    pub(super) term: String,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) contribution: f64,
}

impl ClaimLine {
    /// Everybody that the line names.
    pub(super) fn parties(&self) -> impl Iterator<Item = &PartyLine> {
        let relations = self.relations.iter().flatten();
        let relations =
            relations.flat_map(|relation| relation.sources.iter().chain(&relation.targets));
        let single = [&self.speaker, &self.source, &self.target];
        single.into_iter().flatten().chain(relations)
    }

    /// What is needed to link the claim to others.
    pub(super) fn stated(&self) -> StatedClaim {
        let carries = |label: &str| self.labels.iter().any(|found| found == label);
        let named = |party: &Option<PartyLine>| {
            party.as_ref().map(|party| NamedParty {
                text: party.name().to_owned(),
                code: party.code.clone(),
            })
        };
        StatedClaim {
            article: self.article.clone(),
            sentence: self.sentence,
            text: self.text.clone(),
            accuses: carries(super::ACCUSATION),
            denies: carries(super::DENIAL),
            speaker: named(&self.speaker),
            source: named(&self.source),
            target: named(&self.target),
            first_print: None, // the collection joins prints, label by label
            date: self.date.clone(),
            outlet: self.outlet.clone(),
            title: self.title.clone(),
        }
    }
}

impl PartyLine {
    /// The name; where a pronoun or a later name stands, the earlier one that it takes up.
    pub(super) fn name(&self) -> &str {
        let antecedent = self.antecedent.as_ref();
        antecedent.map_or(&self.text, |antecedent| &antecedent.text)
    }
}

/// The lines of a file of claims, in order. A line that is no claim is an error, after which reading goes on.
pub struct ClaimLines<R>(Objects<R, ClaimLine>);

/// The claims of a file, or of standard input for `-`.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io), [`Error::EmptyFile`](crate::Error::EmptyFile) and [`Error::Binary`](crate::Error::Binary); those of a line stand in its place.
pub fn open_claim_lines(path: &Path) -> Result<ClaimLines<impl Read + Send + use<>>> {
    Ok(ClaimLines(open_objects(path)?))
}

/// The claims of JSON lines, which errors call `path`.
pub fn read_claim_lines<R: Read>(path: &Path, bytes: R) -> ClaimLines<R> {
    ClaimLines(Objects::new(path, bytes))
}

impl<R: Read> Iterator for ClaimLines<R> {
    type Item = Result<ClaimLine>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

fn probabilities<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<BTreeMap<String, f64>, D::Error> {
    let found = BTreeMap::<String, f64>::deserialize(deserializer)?;
    match found.iter().find(|(_, p)| !(0.0..=1.0).contains(*p)) {
        Some((label, p)) => Err(serde::de::Error::custom(format_args!(
            "probability of `{label}` is {p}, not between 0 and 1"
        ))),
        None => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(line: &str) -> String {
        let mut lines = read_claim_lines("c.jsonl".as_ref(), line.as_bytes());
        lines.next().unwrap().unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_claim_is_told_with_its_line() {
        assert_eq!(
            error("\n{\"article\":\"a\"}"),
            "c.jsonl: line 2: missing field `sentence` at column 15"
        );
        assert_eq!(
            error(
                r#"{"article":"a","sentence":1,"start":0,"text":"x","labels":["l"],"probabilities":{"l":1.5},"evidence":[]}"#
            ),
            "c.jsonl: line 1: probability of `l` is 1.5, not between 0 and 1 at column 89"
        );
    }
}
