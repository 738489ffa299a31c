//! Claims as CSV: the columns of the JSON lines, one row a sentence.

use std::io::{self, Write};

use super::Offsets;
use super::jsonl::{relations, rounded};
use crate::claim::{Claim, Mention, Role};
use crate::{ArticleRef, Labels};

/// Writes the header.
pub(super) fn write_header(
    out: &mut impl Write,
    labels: &Labels,
    clusters: bool,
) -> io::Result<()> {
    let mut columns: Vec<String> = ["article", "sentence", "start", "end", "text", "labels"]
        .map(str::to_owned)
        .to_vec();
    columns.extend(
        labels
            .names()
            .iter()
            .map(|label| format!("probability_{label}")),
    );
    columns.extend(
        [
            "speaker",
            "speaker_start",
            "speaker_end",
            "source",
            "source_code",
            "source_role",
            "source_start",
            "source_end",
            "target",
            "target_code",
            "target_role",
            "target_start",
            "target_end",
            "relations",
            "evidence",
            "date",
            "outlet",
            "title",
        ]
        .map(str::to_owned),
    );
    if clusters {
        columns.extend(CLUSTER.map(str::to_owned));
    }
    write_record(out, &columns)
}

/// The first print of a claim, and of its article.
const CLUSTER: [&str; 3] = ["cluster_article", "cluster_sentence", "reprint_of"];

/// Writes one row. Evidence is `label:term:contribution`, joined by `|`; relations are the JSON that the JSON lines have.
pub(super) fn write(
    out: &mut impl Write,
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    offsets: &Offsets<'_>,
    clusters: bool,
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
    write_record(out, &fields)
}

pub(super) fn write_record(out: &mut impl Write, fields: &[String]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(fields)?;
    writer.flush()
}
