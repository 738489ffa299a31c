//! Claims for reading: laid out to the width of a terminal, coloured where it can show colours.

use std::io::{self, Write};

use crate::claim::{Claim, Mention, Relation, Role};
use crate::{ArticleRef, Labels};

pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const DIM: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";
/// Red, green, yellow, magenta, blue, cyan: one a label, in order, then again from the first.
const COLOURS: [&str; 6] = [
    "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[35m", "\x1b[34m", "\x1b[36m",
];
const INDENT: &str = "    ";

/// How text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether ANSI colours are written.
    pub colour: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            width: 80,
            colour: false,
        }
    }
}

impl Style {
    /// `text` in the colour of a label.
    pub(super) fn label(self, label: usize, text: &str) -> String {
        self.paint(COLOURS[label % COLOURS.len()], text)
    }

    /// `text` in an ANSI style, where colours are written.
    pub(super) fn paint(self, ansi: &str, text: &str) -> String {
        if self.colour {
            format!("{ansi}{text}{RESET}")
        } else {
            text.to_owned()
        }
    }
}

/// Writes the line that stands above an article's claims.
pub(super) fn write_article(
    out: &mut impl Write,
    article: &ArticleRef<'_>,
    reprint_of: Option<&str>,
    style: Style,
) -> io::Result<()> {
    let mut line = style.paint(BOLD, &one_line(article.id));
    for field in [&article.date, &article.outlet, &article.title]
        .into_iter()
        .flatten()
    {
        line.push_str(&style.paint(DIM, &format!("  {}", one_line(field))));
    }
    if let Some(first) = reprint_of {
        line.push_str(&style.paint(DIM, &format!("  reprint of {}", one_line(first))));
    }
    writeln!(out, "{line}")
}

/// Writes one sentence: labels with probabilities, the sentence, who about whom, and the terms that decided.
pub(super) fn write(
    out: &mut impl Write,
    labels: &Labels,
    article: &ArticleRef<'_>,
    claim: &Claim,
    style: Style,
) -> io::Result<()> {
    let text = article.text;
    let found: Vec<String> = claim
        .prediction
        .labels
        .iter()
        .map(|label| {
            let percent = format!(
                "{} {:.0}%",
                labels.names()[label],
                100.0 * claim.prediction.probabilities[label]
            );
            style.label(label, &percent)
        })
        .collect();
    let head = if found.is_empty() {
        style.paint(DIM, "none")
    } else {
        found.join(", ")
    };
    writeln!(
        out,
        "  {head}  {}",
        style.paint(DIM, &format!("sentence {}", claim.sentence))
    )?;
    let sentence = one_line(claim.span.of(text));
    writeln!(out, "{}", wrapped(&sentence, style.width))?;
    let mut notes = Vec::new();
    for relation in &claim.relations {
        let parties = relation_line(text, relation);
        if claim.prediction.labels.iter().count() > 1 {
            notes.push(format!("{}: {parties}", labels.names()[relation.label]));
        } else {
            notes.push(parties);
        }
    }
    let speaker = claim.speaker.as_ref();
    if let Some(speaker) = speaker.filter(|speaker| !claim.is_source(speaker)) {
        notes.push(format!("speaker {}", named(text, speaker)));
    }
    for label in claim.prediction.labels.iter() {
        let terms: Vec<String> = claim
            .evidence
            .iter()
            .filter(|evidence| evidence.label == label)
            .take(3)
            .map(|evidence| format!("{} {:+.2}", evidence.term, evidence.contribution))
            .collect();
        notes.push(format!("{}: {}", labels.names()[label], terms.join(", ")));
    }
    let reprinted = claim
        .cluster
        .as_ref()
        .filter(|cluster| *cluster.article != *article.id || cluster.sentence != claim.sentence);
    if let Some(first) = reprinted {
        let id = one_line(&first.article);
        notes.push(format!(
            "first printed in {id}, sentence {}",
            first.sentence
        ));
    }
    for note in notes {
        writeln!(out, "{}", style.paint(DIM, &wrapped(&note, style.width)))?;
    }
    Ok(())
}

/// `Moscow (RUS GOV) → Washington (USA GOV), London (GBR GOV)`; `?` for a side that is not named.
pub(super) fn relation_line(text: &str, relation: &Relation) -> String {
    let side = |mentions: &[Mention]| {
        let names: Vec<String> = mentions
            .iter()
            .map(|mention| named(text, mention))
            .collect();
        if names.is_empty() {
            "?".to_owned()
        } else {
            names.join(", ")
        }
    };
    if relation.is_mutual() {
        return format!("{} ↔ one another", side(&relation.sources));
    }
    format!("{} → {}", side(&relation.sources), side(&relation.targets))
}

/// A party with its code and role, and what a pronoun stands for: `he = Sergei Malin (RUS GOV)`.
fn named(text: &str, mention: &Mention) -> String {
    let mut line = one_line(mention.span.of(text));
    if let Some(antecedent) = mention.antecedent {
        line = format!("{line} = {}", one_line(antecedent.of(text)));
    }
    let told = [mention.code.as_deref(), mention.role.map(Role::code)];
    let told: Vec<&str> = told.into_iter().flatten().collect();
    if told.is_empty() {
        line
    } else {
        format!("{line} ({})", told.join(" "))
    }
}

/// Text on one line and without control characters: an article must not steer the terminal.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text in lines of a width, set in.
pub(super) fn wrapped(text: &str, width: usize) -> String {
    let options = textwrap::Options::new(width.max(40))
        .initial_indent(INDENT)
        .subsequent_indent(INDENT);
    textwrap::fill(text, options)
}
