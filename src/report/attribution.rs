//! Attributions → text or JSON lines.

use std::io::{self, Write};

use super::Style;
use super::text::{DIM, one_line, wrapped, write_article};
use crate::attribution::Attribution;
use crate::{Article, CodePoints, Span};

/// How attributions are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttributionFormat {
    /// For reading, laid out and coloured as the style says.
    Text(Style),
    /// One JSON object a line.
    Jsonl,
}

/// Writes attributions in one format.
#[derive(Debug, Clone, Copy)]
pub struct AttributionWriter {
    format: AttributionFormat,
}

impl AttributionWriter {
    /// A writer of this format.
    pub fn new(format: AttributionFormat) -> Self {
        Self { format }
    }

    /// Writes the attributions of one article, in their order.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        self,
        out: &mut impl Write,
        article: &Article,
        attributions: &[Attribution],
    ) -> io::Result<()> {
        match self.format {
            AttributionFormat::Jsonl => write_lines(out, article, attributions),
            AttributionFormat::Text(_) if attributions.is_empty() => Ok(()),
            AttributionFormat::Text(style) => {
                write_article(out, &article.into(), None, style)?;
                for attribution in attributions {
                    write_text(out, &article.text, attribution, style)?;
                }
                writeln!(out)
            }
        }
    }
}

fn write_lines(
    out: &mut impl Write,
    article: &Article,
    attributions: &[Attribution],
) -> io::Result<()> {
    let mut points = CodePoints::new(&article.text);
    for attribution in attributions {
        let mut of = |spans: &[Span]| -> Vec<[usize; 2]> {
            let both = |span: &Span| [points.at(span.start), points.at(span.end)];
            spans.iter().map(both).collect()
        };
        let (source, cue, content) = (
            of(&attribution.source),
            of(&attribution.cue),
            of(&attribution.content),
        );
        let speaker = attribution.speaker.map(|name| {
            let [start, end] = of(&[name])[0];
            Name {
                text: name.of(&article.text),
                start,
                end,
            }
        });
        let line = Line {
            article: &article.id,
            source,
            cue,
            content,
            speaker,
            quotation: attribution.quotation.name(),
            pattern: attribution.pattern.name(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A line, with its fields in their order; spans in code points.
#[derive(serde::Serialize)]
struct Line<'a> {
    article: &'a str,
    source: Vec<[usize; 2]>,
    cue: Vec<[usize; 2]>,
    content: Vec<[usize; 2]>,
    speaker: Option<Name<'a>>,
    quotation: &'static str,
    pattern: &'static str,
}

#[derive(serde::Serialize)]
struct Name<'a> {
    text: &'a str,
    start: usize,
    end: usize,
}

/// Writes who, the cue, and below them what.
fn write_text(
    out: &mut impl Write,
    text: &str,
    attribution: &Attribution,
    style: Style,
) -> io::Result<()> {
    let joined = |spans: &[Span]| {
        let pieces: Vec<String> = spans.iter().map(|span| one_line(span.of(text))).collect();
        pieces.join(" … ")
    };
    let source = joined(&attribution.source);
    let speaker = attribution.speaker.map(|name| one_line(name.of(text)));
    let who = match speaker {
        _ if source.is_empty() => "?".to_owned(),
        Some(name) if !source.contains(&name) => format!("{source} = {name}"),
        _ => source,
    };
    let cue = joined(&attribution.cue);
    let note = style.paint(DIM, &format!("{cue}  {}", attribution.quotation.name()));
    writeln!(out, "  {}  {note}", style.label(4, &who))?;
    writeln!(
        out,
        "{}",
        wrapped(&joined(&attribution.content), style.width)
    )
}
