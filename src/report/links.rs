//! Links of denials to accusations, as JSON lines or for reading.

use std::io::{self, Write};

use serde::Serialize;

use super::jsonl::rounded;
use super::text::{BOLD, DIM, Style, one_line, wrapped};
use crate::link::{Link, Linked, StatedClaim};

/// How links are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFormat {
    /// For reading, laid out and coloured as the style says.
    Text(Style),
    /// One JSON object a line.
    Jsonl,
}

/// Which side of the links is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkView {
    /// Denials with the accusations that they answer: in JSON lines, one line a link.
    Denials,
    /// Accusations with the denials that answer them, none for some.
    Accusations,
    /// Accusations that no denial answers.
    Unanswered,
}

/// Writes what belongs to the view; nothing for the rest.
///
/// # Errors
/// Those of `out`.
pub fn write_linked(
    out: &mut impl Write,
    linked: &Linked,
    view: LinkView,
    format: LinkFormat,
) -> io::Result<()> {
    match (linked, view) {
        (Linked::Denial { denial, answers }, LinkView::Denials) => match format {
            LinkFormat::Jsonl => answers.iter().try_for_each(|link| write_pair(out, link)),
            LinkFormat::Text(_) if answers.is_empty() => Ok(()),
            LinkFormat::Text(style) => write_denial(out, denial, answers, style),
        },
        (
            Linked::Accusation {
                accusation,
                answered_by,
            },
            LinkView::Accusations | LinkView::Unanswered,
        ) => {
            if view == LinkView::Unanswered && !answered_by.is_empty() {
                return Ok(());
            }
            match format {
                LinkFormat::Jsonl => write_line(out, &AccusationLine::new(accusation, answered_by)),
                LinkFormat::Text(style) => write_accusation(out, accusation, answered_by, style),
            }
        }
        _ => Ok(()),
    }
}

/// Where a claim stands.
#[derive(Serialize)]
struct Place<'a> {
    article: &'a str,
    sentence: usize,
}

#[derive(Serialize)]
struct PairLine<'a> {
    denial: Place<'a>,
    accusation: Place<'a>,
    score: f64,
    delay_days: i64,
}

#[derive(Serialize)]
struct Answer<'a> {
    article: &'a str,
    sentence: usize,
    score: f64,
    delay_days: i64,
}

#[derive(Serialize)]
struct AccusationLine<'a> {
    accusation: Place<'a>,
    answered_by: Vec<Answer<'a>>,
    labels: &'static [&'static str],
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
}

impl<'a> AccusationLine<'a> {
    fn new(accusation: &'a StatedClaim, answered_by: &'a [Link]) -> Self {
        let answers = answered_by.iter().map(|link| Answer {
            article: &link.denial.article,
            sentence: link.denial.sentence,
            score: rounded(link.score),
            delay_days: link.delay_days,
        });
        Self {
            accusation: place(accusation),
            answered_by: answers.collect(),
            labels: if accusation.denies {
                &["accusation", "denial"]
            } else {
                &["accusation"]
            },
            text: &accusation.text,
            date: accusation.date.as_deref(),
            outlet: accusation.outlet.as_deref(),
            title: accusation.title.as_deref(),
        }
    }
}

fn place(claim: &StatedClaim) -> Place<'_> {
    Place {
        article: &claim.article,
        sentence: claim.sentence,
    }
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}

fn write_pair(out: &mut impl Write, link: &Link) -> io::Result<()> {
    let pair = PairLine {
        denial: place(&link.denial),
        accusation: place(&link.accusation),
        score: rounded(link.score),
        delay_days: link.delay_days,
    };
    write_line(out, &pair)
}

fn write_denial(
    out: &mut impl Write,
    denial: &StatedClaim,
    answers: &[Link],
    style: Style,
) -> io::Result<()> {
    writeln!(out, "{}", heading("denial", DENIAL, denial, style))?;
    writeln!(out, "{}", wrapped(&one_line(&denial.text), style.width))?;
    for link in answers {
        let how = format!("answers, {}, {}", percent(link), delay(link, "before"));
        write_other(out, &how, &link.accusation, style)?;
    }
    writeln!(out)
}

fn write_accusation(
    out: &mut impl Write,
    accusation: &StatedClaim,
    answered_by: &[Link],
    style: Style,
) -> io::Result<()> {
    let heading = heading("accusation", ACCUSATION, accusation, style);
    writeln!(out, "{heading}")?;
    writeln!(out, "{}", wrapped(&one_line(&accusation.text), style.width))?;
    for link in answered_by {
        let how = format!("answered, {}, {}", percent(link), delay(link, "later"));
        write_other(out, &how, &link.denial, style)?;
    }
    if answered_by.is_empty() {
        writeln!(out, "  {}", style.paint(DIM, "not answered"))?;
    }
    writeln!(out)
}

/// The colours that `classify` gives the two labels of the shipped model.
const ACCUSATION: usize = 0;
const DENIAL: usize = 2;

fn heading(what: &str, label: usize, claim: &StatedClaim, style: Style) -> String {
    format!("{}  {}", style.label(label, what), where_of(claim, style))
}

/// Article, sentence, date, outlet and title.
fn where_of(claim: &StatedClaim, style: Style) -> String {
    let mut line = style.paint(BOLD, &one_line(&claim.article));
    let mut rest = format!("  sentence {}", claim.sentence);
    for field in [&claim.date, &claim.outlet, &claim.title]
        .into_iter()
        .flatten()
    {
        rest.push_str("  ");
        rest.push_str(&one_line(field));
    }
    line.push_str(&style.paint(DIM, &rest));
    line
}

fn write_other(
    out: &mut impl Write,
    how: &str,
    claim: &StatedClaim,
    style: Style,
) -> io::Result<()> {
    writeln!(out, "  {how}:  {}", where_of(claim, style))?;
    writeln!(out, "{}", wrapped(&one_line(&claim.text), style.width))
}

fn percent(link: &Link) -> String {
    format!("{:.0}%", 100.0 * link.score)
}

fn delay(link: &Link, when: &str) -> String {
    match link.delay_days {
        _ if link.denial.article == link.accusation.article && link.delay_days == 0 => {
            "same article".to_owned()
        }
        0 => "same day".to_owned(),
        1 => format!("1 day {when}"),
        days => format!("{days} days {when}"),
    }
}
