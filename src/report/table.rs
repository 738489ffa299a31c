//! Claims as CSV: the columns of the JSON lines, one row a sentence.

use std::io::{self, Write};

use super::jsonl::{relations, rounded};
use super::{Column, Offsets};
use crate::claim::{Claim, Mention, Role};
use crate::{ArticleRef, Labels};

/// Writes the header.
pub(super) fn write_header(out: &mut impl Write, columns: &[Column]) -> io::Result<()> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    write_record(out, &names)
}

/// Writes one row. Evidence is `label:term:contribution`, joined by `|`; relations are the JSON that the JSON lines have.
pub(super) fn write(
    out: &mut impl Write,
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    offsets: &Offsets<'_>,
    clusters: bool,
    kept: &[String],
) -> io::Result<()> {
    let text = article.text;
    let (start, end) = offsets.of(claim.span);
    let speaker = claim
        .speaker
        .as_ref()
        .map(|mention| offsets.of(mention.span));
    let name = |mention: &Option<Mention>| {
        mention
            .as_ref()
            .map_or(String::new(), |m| m.span.of(text).to_owned())
    };
    let party = |mention: Option<&Mention>| -> [String; 5] {
        let Some(mention) = mention else {
            return Default::default();
        };
        let (start, end) = offsets.of(mention.span);
        [
            mention.span.of(text).to_owned(),
            mention.code.clone().unwrap_or_default(),
            mention.role.map_or("", Role::code).to_owned(),
            start.to_string(),
            end.to_string(),
        ]
    };
    let evidence: Vec<String> = claim
        .evidence
        .iter()
        .map(|e| {
            format!(
                "{}:{}:{}",
                labels.names()[e.label],
                e.term,
                rounded(e.contribution)
            )
        })
        .collect();
    let mut fields = vec![
        article.id.to_owned(),
        claim.sentence.to_string(),
        start.to_string(),
        end.to_string(),
        claim.span.of(text).to_owned(),
        labels.join(claim.prediction.labels),
    ];
    fields.extend(
        claim
            .prediction
            .probabilities
            .iter()
            .map(|&probability| rounded(probability).to_string()),
    );
    fields.extend([
        name(&claim.speaker),
        speaker.map_or(String::new(), |(start, _)| start.to_string()),
        speaker.map_or(String::new(), |(_, end)| end.to_string()),
    ]);
    fields.extend(party(claim.source()));
    fields.extend(party(claim.target()));
    fields.extend([
        relations(labels, article, claim, offsets)?,
        evidence.join("|"),
        article.date.unwrap_or_default().to_owned(),
        article.outlet.unwrap_or_default().to_owned(),
        article.title.unwrap_or_default().to_owned(),
    ]);
    if clusters {
        let cluster = claim.cluster.as_ref();
        fields.extend([
            cluster.map_or("", |cluster| &cluster.article).to_owned(),
            cluster.map_or(String::new(), |cluster| cluster.sentence.to_string()),
            claim.reprint_of.as_deref().unwrap_or_default().to_owned(),
        ]);
    }
    let value = |name: &String| article.column(name).unwrap_or_default().to_owned();
    fields.extend(kept.iter().map(value));
    write_record(out, &fields)
}

pub(super) fn write_record(out: &mut impl Write, fields: &[String]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(fields)?;
    writer.flush()
}
