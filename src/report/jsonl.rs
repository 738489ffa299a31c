//! Claims as JSON lines: one object a sentence.
//!
//! Each line is put together by hand, in the order of its fields; serializing a structure took nearly twice the instructions.

use std::io::{self, Write};

use super::Offsets;
use crate::claim::{Claim, Evidence, Mention, Relation};
use crate::{ArticleRef, Labels, Span};

/// Four decimals: more would be noise.
pub(super) fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Writes one claim; `line` is memory that is reused.
pub(super) fn write(
    out: &mut impl Write,
    line: &mut Vec<u8>,
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    offsets: &Offsets<'_>,
    kept: &[String],
) -> io::Result<()> {
    line.clear();
    let mut row = Row {
        line,
        labels: labels.names(),
        text: article.text,
        offsets,
    };
    row.put(b"{\"article\":").string(article.id)?;
    row.put(b",\"sentence\":").integer(claim.sentence);
    row.put(b",").passage(claim.span)?;
    row.put(b",\"labels\":");
    row.list(claim.prediction.labels.iter(), |row, label| {
        row.label(label)
    })?;
    row.put(b",\"probabilities\":");
    row.probabilities(&claim.prediction.probabilities)?;
    row.put(b",\"speaker\":").speaker(claim.speaker.as_ref())?;
    row.put(b",\"source\":").party(claim.source())?;
    row.put(b",\"target\":").party(claim.target())?;
    row.put(b",\"relations\":");
    row.list(&claim.relations, Row::relation)?;
    row.put(b",\"evidence\":");
    row.list(&claim.evidence, Row::evidence)?;
    row.cluster(claim)?;
    row.given(b",\"date\":", article.date)?;
    row.given(b",\"outlet\":", article.outlet)?;
    row.given(b",\"title\":", article.title)?;
    row.columns(article, kept)?;
    row.put(b"}\n");
    out.write_all(line)
}

/// The relations of a claim as JSON, for a field of a table.
pub(super) fn relations(
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    offsets: &Offsets<'_>,
) -> io::Result<String> {
    let mut line = Vec::new();
    let mut row = Row {
        line: &mut line,
        labels: labels.names(),
        text: article.text,
        offsets,
    };
    row.list(&claim.relations, Row::relation)?;
    String::from_utf8(line).map_err(io::Error::other)
}

/// A line in the making.
struct Row<'a> {
    line: &'a mut Vec<u8>,
    labels: &'a [String],
    text: &'a str,
    offsets: &'a Offsets<'a>,
}

impl Row<'_> {
    /// Appends JSON as it is.
    fn put(&mut self, json: &[u8]) -> &mut Self {
        self.line.extend_from_slice(json);
        self
    }

    fn string(&mut self, text: &str) -> io::Result<()> {
        Ok(serde_json::to_writer(&mut *self.line, text)?)
    }

    fn label(&mut self, label: usize) -> io::Result<()> {
        let labels = self.labels;
        self.string(&labels[label])
    }

    /// Appends a piece of the article as a string.
    fn piece(&mut self, span: Span) -> io::Result<()> {
        let text = self.text;
        self.string(span.of(text))
    }

    fn integer(&mut self, number: usize) {
        self.line
            .extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
    }

    /// Appends a number with at most four decimals, as `serde_json` writes [`rounded`].
    fn number(&mut self, value: f64) -> io::Result<()> {
        const EXACT: f64 = 1e9;
        let parts = (value * 1e4).round();
        if !(0.0..EXACT).contains(&parts) || parts.is_sign_negative() {
            return Ok(serde_json::to_writer(&mut *self.line, &rounded(value))?);
        }
        let parts = parts as usize;
        self.integer(parts / 10_000);
        let digit = |place| b'0' + (parts / place % 10) as u8;
        let decimals = [digit(1000), digit(100), digit(10), digit(1)];
        let kept = decimals.iter().rposition(|&digit| digit != b'0');
        self.put(b".").put(&decimals[..=kept.unwrap_or(0)]);
        Ok(())
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut put: impl FnMut(&mut Self, T) -> io::Result<()>,
    ) -> io::Result<()> {
        self.put(b"[");
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                self.put(b",");
            }
            put(self, item)?;
        }
        self.put(b"]");
        Ok(())
    }

    fn probabilities(&mut self, probabilities: &[f64]) -> io::Result<()> {
        let mut before = b"{";
        for (label, &probability) in probabilities.iter().enumerate() {
            self.put(before).label(label)?;
            self.put(b":").number(probability)?;
            before = b",";
        }
        self.put(b"}");
        Ok(())
    }

    /// Appends the fields `start` and `end`.
    fn span(&mut self, span: Span) {
        let (start, end) = self.offsets.of(span);
        self.put(b"\"start\":").integer(start);
        self.put(b",\"end\":").integer(end);
    }

    /// Appends the fields `start`, `end` and `text`.
    fn passage(&mut self, span: Span) -> io::Result<()> {
        self.span(span);
        self.put(b",\"text\":").piece(span)
    }

    fn speaker(&mut self, speaker: Option<&Mention>) -> io::Result<()> {
        let Some(speaker) = speaker else {
            return self.null();
        };
        self.put(b"{\"text\":").piece(speaker.span)?;
        self.put(b",").span(speaker.span);
        self.put(b"}");
        Ok(())
    }

    fn party(&mut self, party: Option<&Mention>) -> io::Result<()> {
        match party {
            Some(party) => self.mention(party),
            None => self.null(),
        }
    }

    fn mention(&mut self, party: &Mention) -> io::Result<()> {
        self.put(b"{\"text\":").piece(party.span)?;
        self.put(b",\"code\":");
        match &party.code {
            Some(code) => self.string(code)?,
            None => self.null()?,
        }
        self.put(b",\"role\":");
        match party.role {
            Some(role) => {
                self.put(b"\"").put(role.code().as_bytes()).put(b"\"");
            }
            None => self.null()?,
        }
        self.put(b",").span(party.span);
        if let Some(antecedent) = party.antecedent {
            self.put(b",\"antecedent\":{").passage(antecedent)?;
            self.put(b"}");
        }
        self.put(b"}");
        Ok(())
    }

    fn relation(&mut self, relation: &Relation) -> io::Result<()> {
        self.put(b"{\"label\":").label(relation.label)?;
        self.put(b",\"sources\":");
        self.list(&relation.sources, Row::mention)?;
        self.put(b",\"targets\":");
        self.list(&relation.targets, Row::mention)?;
        self.put(b"}");
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "it ends the branches of fields")]
    fn null(&mut self) -> io::Result<()> {
        self.put(b"null");
        Ok(())
    }

    fn evidence(&mut self, evidence: &Evidence) -> io::Result<()> {
        self.put(b"{\"label\":").label(evidence.label)?;
        self.put(b",\"term\":").string(&evidence.term)?;
        self.put(b",").span(evidence.span);
        self.put(b",\"contribution\":")
            .number(evidence.contribution)?;
        self.put(b"}");
        Ok(())
    }

    /// Appends the first print of the claim, and of its article, where they are known.
    fn cluster(&mut self, claim: &Claim) -> io::Result<()> {
        if let Some(cluster) = &claim.cluster {
            self.put(b",\"cluster\":{\"article\":")
                .string(&cluster.article)?;
            self.put(b",\"sentence\":").integer(cluster.sentence);
            self.put(b"}");
        }
        self.given(b",\"reprint_of\":", claim.reprint_of.as_deref())
    }

    /// Appends the columns of the article that are kept, those that it has.
    fn columns(&mut self, article: &ArticleRef<'_>, kept: &[String]) -> io::Result<()> {
        let mut before: &[u8] = b",\"columns\":{";
        for name in kept {
            if let Some(value) = article.column(name) {
                self.put(before).string(name)?;
                self.put(b":").string(value)?;
                before = b",";
            }
        }
        if before == b"," {
            self.put(b"}");
        }
        Ok(())
    }

    /// Appends a field that is left out where there is no value.
    fn given(&mut self, name: &[u8], value: Option<&str>) -> io::Result<()> {
        match value {
            Some(value) => self.put(name).string(value),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: f64) -> String {
        let mut line = Vec::new();
        let offsets = Offsets::new("");
        let mut row = Row {
            line: &mut line,
            labels: &[],
            text: "",
            offsets: &offsets,
        };
        row.number(value).unwrap();
        String::from_utf8(line).unwrap()
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_by_serde(
            value in prop_oneof![-2.0..20.0, 0.0..0.001, any::<f64>(), (0..200_000_u32).prop_map(|n| f64::from(n) / 1e4)],
        ) {
            prop_assert_eq!(written(value), serde_json::to_string(&rounded(value)).unwrap());
        }
    }

    #[test]
    fn numbers_have_four_decimals_at_most() {
        for (value, json) in [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (0.000_04, "0.0"),
            (0.000_05, "0.0001"),
            (0.999_96, "1.0"),
            (12.345_67, "12.3457"),
            (0.51, "0.51"),
            (-0.25, "-0.25"),
        ] {
            assert_eq!(written(value), json);
        }
    }
}
