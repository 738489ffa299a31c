//! Claims, attributions, links and scores → text, JSON lines, CSV, counts of events or a page, written to any [`std::io::Write`].
//!
//! Offsets are Unicode code points here, whatever the format: Python, R and JavaScript tools index by them.

#[cfg(feature = "arrow")]
mod arrow;
mod attribution;
#[cfg(any(feature = "arrow", feature = "parquet"))]
mod builder;
mod column;
mod evaluation;
mod events;
mod explanation;
pub mod html;
mod jsonl;
mod links;
#[cfg(not(feature = "parquet"))]
mod no_parquet;
#[cfg(feature = "parquet")]
mod parquet;
mod table;
mod text;

use std::io::{self, Write};
use std::sync::Arc;

use csv::StringRecord;

#[cfg(feature = "arrow")]
pub use self::arrow::{claim_batch, claim_schema};
pub use self::attribution::{AttributionFormat, AttributionWriter};
#[cfg(any(feature = "arrow", feature = "parquet"))]
pub use self::builder::TableBuilder;
pub use self::column::{Column, ColumnKind};
pub use self::evaluation::write_evaluation;
pub use self::events::{CROSSWALK, Crosswalk, EventTable};
pub use self::explanation::write_explanation;
pub use self::links::{LinkFormat, LinkView, write_linked};
#[cfg(not(feature = "parquet"))]
pub use self::no_parquet::ParquetWriter;
#[cfg(feature = "parquet")]
pub use self::parquet::ParquetWriter;
pub use self::text::Style;
use crate::claim::Claim;
use crate::{ArticleRef, CodePoints, Labels, Span};

/// How claims are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimFormat {
    /// For reading, laid out and coloured as the style says.
    Text(Style),
    /// One JSON object a line.
    Jsonl,
    /// RFC 4180, with a header.
    Csv,
}

/// Writes claims in one format.
#[derive(Debug, Clone)]
pub struct ClaimWriter {
    format: ClaimFormat,
    labels: Labels,
    clusters: bool,
    kept: Arc<[String]>,
}

impl ClaimWriter {
    /// A writer of claims with these labels.
    pub fn new(format: ClaimFormat, labels: Labels) -> Self {
        Self {
            format,
            labels,
            clusters: false,
            kept: Arc::default(),
        }
    }

    /// The same with what [`Reprints`](crate::Reprints) told: first prints of claims and articles.
    #[must_use]
    pub fn with_clusters(self) -> Self {
        Self {
            clusters: true,
            ..self
        }
    }

    /// The same with columns of the articles: see [`Article::other`](crate::Article::other).
    #[must_use]
    pub fn with_kept_columns(self, names: &[String]) -> Self {
        Self {
            kept: names.into(),
            ..self
        }
    }

    /// The columns of the table of claims.
    pub fn columns(&self) -> Vec<Column> {
        column::columns(&self.labels, self.clusters, &self.kept)
    }

    /// Writes what stands once at the front of the output.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write_header(&self, out: &mut impl Write) -> io::Result<()> {
        match self.format {
            ClaimFormat::Csv => table::write_header(out, &self.columns()),
            ClaimFormat::Text(_) | ClaimFormat::Jsonl => Ok(()),
        }
    }

    /// Writes the claims of one article, in their order.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write<'a>(
        &self,
        out: &mut impl Write,
        article: impl Into<ArticleRef<'a>>,
        claims: &[Claim],
    ) -> io::Result<()> {
        let article = &article.into();
        let mut offsets = Offsets::new(article.text);
        let (mut line, mut row) = (Vec::new(), StringRecord::new());
        match self.format {
            ClaimFormat::Text(style) if !claims.is_empty() => {
                let reprint_of = claims[0].reprint_of.as_deref();
                text::write_article(out, article, reprint_of, style)?;
            }
            _ => {}
        }
        for claim in claims {
            offsets.enter(claim.span);
            match self.format {
                ClaimFormat::Text(style) => {
                    text::write(out, &self.labels, article, claim, style)?;
                }
                ClaimFormat::Jsonl => {
                    jsonl::write(
                        out,
                        &mut line,
                        &self.labels,
                        article,
                        claim,
                        &offsets,
                        &self.kept,
                    )?;
                }
                ClaimFormat::Csv => {
                    self.fill(&mut row, article, claim, &offsets)?;
                    table::write_record(out, &row)?;
                }
            }
        }
        match self.format {
            ClaimFormat::Text(_) if !claims.is_empty() => writeln!(out),
            _ => Ok(()),
        }
    }

    /// Fills a row of the table, whose memory is reused.
    fn fill(
        &self,
        row: &mut StringRecord,
        article: &ArticleRef<'_>,
        claim: &Claim,
        offsets: &Offsets<'_>,
    ) -> io::Result<()> {
        row.clear();
        table::push_claim(row, &self.labels, article, claim, offsets)?;
        if self.clusters {
            table::push_cluster(row, claim);
        }
        for name in &*self.kept {
            row.push_field(article.column(name).unwrap_or_default());
        }
        Ok(())
    }
}

#[cfg(any(feature = "arrow", feature = "parquet"))]
impl ClaimWriter {
    /// Appends the claims of one article to a table with [`ClaimWriter::columns`], whatever the format of this writer.
    ///
    /// # Errors
    /// A table with other columns.
    pub fn append<'a>(
        &self,
        table: &mut TableBuilder,
        article: impl Into<ArticleRef<'a>>,
        claims: &[Claim],
    ) -> io::Result<()> {
        let article = &article.into();
        let mut offsets = Offsets::new(article.text);
        let mut row = StringRecord::new();
        for claim in claims {
            offsets.enter(claim.span);
            self.fill(&mut row, article, claim, &offsets)?;
            table.append(&row)?;
        }
        Ok(())
    }
}

/// Byte spans → code points: the article is walked once, from sentence to sentence.
struct Offsets<'a> {
    article: CodePoints<'a>,
    text: &'a str,
    sentence: Sentence,
}

/// The sentence that spans are looked up in.
#[derive(Default)]
struct Sentence {
    /// Where it starts and ends, in bytes, and where it starts in code points.
    byte: usize,
    end: usize,
    point: usize,
    /// Whether every code point in it is one byte.
    is_ascii: bool,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            article: CodePoints::new(text),
            text,
            sentence: Sentence::default(),
        }
    }

    /// Makes a sentence the one that spans are looked up in.
    fn enter(&mut self, sentence: Span) {
        let point = self.article.at(sentence.start);
        self.sentence = Sentence {
            byte: sentence.start,
            end: sentence.end,
            point,
            is_ascii: self.article.at(sentence.end) - point == sentence.len(),
        };
    }

    /// The code points of a span in the sentence or near it: what lies between is walked over.
    fn of(&self, span: Span) -> (usize, usize) {
        let Sentence {
            byte,
            end,
            point,
            is_ascii,
        } = self.sentence;
        if is_ascii && span.start >= byte && span.end <= end {
            return (span.start - byte + point, span.end - byte + point);
        }
        let start = if span.start < byte {
            point - self.points(Span::new(span.start, byte))
        } else {
            point + self.points(Span::new(byte, span.start))
        };
        (start, start + self.points(span))
    }

    /// How many code points a span holds.
    fn points(&self, span: Span) -> usize {
        CodePoints::new(span.of(self.text)).at(span.len())
    }
}
