//! Claims as rows of a table, one a sentence: the columns of the JSON lines, flat. CSV is written here.

use std::fmt::Write as _;
use std::io::{self, Write};

use csv::StringRecord;

use super::jsonl::{relations, rounded};
use super::{Column, Offsets};
use crate::claim::{Claim, Role};
use crate::{ArticleRef, Labels};

/// Writes the header.
pub(super) fn write_header(out: &mut impl Write, columns: &[Column]) -> io::Result<()> {
    write_record(out, columns.iter().map(|column| &column.name))
}

/// Appends the fields that every claim has. Evidence is `label:term:contribution`, joined by `|`; relations are the JSON that the JSON
/// lines have.
pub(super) fn push_claim(
    row: &mut StringRecord,
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    offsets: &Offsets<'_>,
) -> io::Result<()> {
    let text = article.text;
    row.push_field(article.id);
    push_number(row, claim.sentence);
    push_span(row, offsets.of(claim.span));
    row.push_field(claim.span.of(text));
    row.push_field(&labels.join(claim.prediction.labels));
    for &probability in &claim.prediction.probabilities {
        row.push_field(&rounded(probability).to_string());
    }
    match &claim.speaker {
        Some(speaker) => {
            row.push_field(speaker.span.of(text));
            push_span(row, offsets.of(speaker.span));
        }
        None => push_nothing(row, 3),
    }
    for party in [claim.source(), claim.target()] {
        match party {
            Some(party) => {
                row.push_field(party.span.of(text));
                row.push_field(party.code.as_deref().unwrap_or_default());
                row.push_field(party.role.map_or("", Role::code));
                push_span(row, offsets.of(party.span));
            }
            None => push_nothing(row, 5),
        }
    }
    row.push_field(&relations(labels, article, claim, offsets)?);
    row.push_field(&evidence(labels, claim));
    for field in [article.date, article.outlet, article.title] {
        row.push_field(field.unwrap_or_default());
    }
    Ok(())
}

/// Appends the first prints of the claim and of its article.
pub(super) fn push_cluster(row: &mut StringRecord, claim: &Claim) {
    match &claim.cluster {
        Some(cluster) => {
            row.push_field(&cluster.article);
            push_number(row, cluster.sentence);
        }
        None => push_nothing(row, 2),
    }
    row.push_field(claim.reprint_of.as_deref().unwrap_or_default());
}

fn push_number(row: &mut StringRecord, number: usize) {
    row.push_field(itoa::Buffer::new().format(number));
}

fn push_span(row: &mut StringRecord, (start, end): (usize, usize)) {
    push_number(row, start);
    push_number(row, end);
}

fn push_nothing(row: &mut StringRecord, fields: usize) {
    for _ in 0..fields {
        row.push_field("");
    }
}

fn evidence(labels: &Labels, claim: &Claim) -> String {
    let mut joined = String::new();
    for evidence in &claim.evidence {
        if !joined.is_empty() {
            joined.push('|');
        }
        let (label, value) = (
            &labels.names()[evidence.label],
            rounded(evidence.contribution),
        );
        write!(joined, "{label}:{}:{value}", evidence.term)
            .expect("a string takes every character");
    }
    joined
}

pub(super) fn write_record<T: AsRef<[u8]>>(
    out: &mut impl Write,
    fields: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(fields)?;
    writer.flush()
}
