//! Claims as JSON lines: one object a sentence.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::Offsets;
use crate::claim::{Claim, Mention};
use crate::{Article, Labels};

#[derive(Serialize)]
struct Row<'a> {
    article: &'a str,
    sentence: usize,
    start: usize,
    end: usize,
    text: &'a str,
    labels: Vec<&'a str>,
    probabilities: Probabilities<'a>,
    speaker: Option<Speaker<'a>>,
    source: Option<Party<'a>>,
    target: Option<Party<'a>>,
    evidence: Vec<Weight<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

#[derive(Serialize)]
struct Speaker<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

#[derive(Serialize)]
struct Party<'a> {
    text: &'a str,
    code: Option<&'a str>,
}

#[derive(Serialize)]
struct Weight<'a> {
    label: &'a str,
    term: &'a str,
    start: usize,
    end: usize,
    contribution: f64,
}

impl<'a> Party<'a> {
    fn new(mention: &'a Mention, text: &'a str) -> Self {
        Self {
            text: mention.span.of(text),
            code: mention.code.as_deref(),
        }
    }
}

struct Probabilities<'a>(&'a Labels, &'a [f64]);

impl Serialize for Probabilities<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.1.len()))?;
        for (name, &probability) in self.0.names().iter().zip(self.1) {
            map.serialize_entry(name, &rounded(probability))?;
        }
        map.end()
    }
}

/// Four decimals: more would be noise.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

pub(super) fn write(
    out: &mut impl Write,
    labels: &Labels,
    article: &Article,
    claim: &Claim,
    offsets: &Offsets<'_>,
) -> io::Result<()> {
    let text = article.text.as_str();
    let (start, end) = offsets.of(claim.span);
    let row = Row {
        article: &article.id,
        sentence: claim.sentence,
        start,
        end,
        text: claim.span.of(text),
        labels: claim.labels(labels).collect(),
        probabilities: Probabilities(labels, &claim.prediction.probabilities),
        speaker: claim.speaker.as_ref().map(|mention| {
            let (start, end) = offsets.of(mention.span);
            Speaker {
                text: mention.span.of(text),
                start,
                end,
            }
        }),
        source: claim
            .source
            .as_ref()
            .map(|mention| Party::new(mention, text)),
        target: claim
            .target
            .as_ref()
            .map(|mention| Party::new(mention, text)),
        evidence: claim
            .evidence
            .iter()
            .map(|evidence| {
                let (start, end) = offsets.of(evidence.span);
                Weight {
                    label: &labels.names()[evidence.label],
                    term: &evidence.term,
                    start,
                    end,
                    contribution: rounded(evidence.contribution),
                }
            })
            .collect(),
        date: article.date.as_deref(),
        outlet: article.outlet.as_deref(),
        title: article.title.as_deref(),
    };
    serde_json::to_writer(&mut *out, &row)?;
    out.write_all(b"\n")
}
