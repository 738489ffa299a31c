//! The text of an article → what of it is not to be classified.
//!
//! `OSLO (AP) — The envoy denied it.` begins with a dateline, `OSLO (AP) —`; a line `By Ann Lee` is a byline. The rules know
//! whole lines and the edges of paragraphs, and leave alone what they are not sure of: a wrong mark loses a sentence.
//!
//! ```
//! use rejoinder::article::{FurnitureKind, furniture};
//!
//! let text = "Envoy Denies It\nBy Ann Lee\n\nOSLO (AP) — The envoy denied it.";
//! let found: Vec<_> = furniture(text).iter().map(|piece| (piece.kind, piece.span.of(text))).collect();
//! assert_eq!(found, [(FurnitureKind::Byline, "By Ann Lee"), (FurnitureKind::Dateline, "OSLO (AP) —")]);
//! assert!(furniture("NATO (the alliance) denied it.").is_empty());
//! ```

mod dateline;
mod repeat;
mod share;
mod time;

use self::repeat::Paragraphs;
use super::text::date_line;
use crate::Span;

/// A piece of the text that is not to be classified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Furniture {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: FurnitureKind,
}

/// What a piece of furniture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FurnitureKind {
    /// Place, agency and date before the first sentence of a paragraph: `OSLO (AP) —`.
    Dateline,
    /// A line that tells who wrote: `By Ann Lee`.
    Byline,
    /// A line that is only a date, a time or a rule: `6:05 p.m.`, `___`.
    Timestamp,
    /// An invitation to share or to read on: `Share this article`.
    ShareTail,
    /// A paragraph that was printed before; only letters and digits are compared.
    Repeat,
}

/// The pieces of `text` that are not to be classified, in order and disjoint.
///
/// Time is linear in the length of the text; of most paragraphs only the edges are read.
pub fn furniture(text: &str) -> Vec<Furniture> {
    let mut found = Vec::new();
    let mut paragraphs = Paragraphs::default();
    let (mut start, mut n_lines) = (0, 0);
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|line_feed| line_feed + 1);
    for end in ends.chain([text.len()]) {
        let span = Span::new(start, end).trim(text);
        start = end;
        if !span.is_empty() {
            read_line(text, span, n_lines, &mut paragraphs, &mut found);
            n_lines += 1;
        }
    }
    found
}

/// Appends what furniture there is in the `number`th line.
fn read_line<'a>(
    text: &'a str,
    span: Span,
    number: usize,
    paragraphs: &mut Paragraphs<'a>,
    found: &mut Vec<Furniture>,
) {
    let line = span.of(text);
    if let Some(kind) = whole_line(line, number) {
        return found.push(Furniture { span, kind });
    }
    let mut rest = span;
    if let Some(len) = dateline::len(line) {
        found.push(Furniture {
            span: Span::new(span.start, span.start + len),
            kind: FurnitureKind::Dateline,
        });
        rest.start += len;
    }
    let tail = share::tail(rest.of(text)).map(|at| Span::new(rest.start + at, rest.end));
    if let Some(tail) = tail {
        rest.end = tail.start;
    }
    rest = rest.trim(text);
    if paragraphs.was_printed(rest.of(text)) {
        found.push(Furniture {
            span: rest,
            kind: FurnitureKind::Repeat,
        });
    }
    found.extend(tail.map(|span| Furniture {
        span,
        kind: FurnitureKind::ShareTail,
    }));
}

/// The most bytes of a line that is furniture as a whole.
const LINE_LIMIT: usize = 120;

fn whole_line(line: &str, number: usize) -> Option<FurnitureKind> {
    if line.len() > LINE_LIMIT {
        return None;
    }
    if is_rule(line) || time::is_time(line) || (number == 0 && date_line(line).is_some()) {
        Some(FurnitureKind::Timestamp)
    } else if is_byline(line) {
        Some(FurnitureKind::Byline)
    } else if share::is_invitation(line) {
        Some(FurnitureKind::ShareTail)
    } else {
        None
    }
}

/// `___`, `* * *`, `-----`, `___.`
fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && line
            .bytes()
            .all(|byte| matches!(byte, b'_' | b'-' | b'*' | b'=' | b'~' | b' ' | b'.'))
}

/// `By Ann Lee and Bo Chu`, `Ann Lee 1 hour ago`, `(Reporting by Ann Lee)`
fn is_byline(line: &str) -> bool {
    if let Some(names) = line
        .strip_prefix("By ")
        .or_else(|| line.strip_prefix("BY "))
    {
        return are_names(names);
    }
    let credits = [
        "Reporting by ",
        "Writing by ",
        "Editing by ",
        "Additional reporting by ",
    ];
    let inside = line.strip_prefix('(').unwrap_or(line);
    if credits.iter().any(|credit| inside.starts_with(credit)) {
        return !inside.contains(". ");
    }
    let n_names = line
        .split_whitespace()
        .take_while(|word| is_name(word) && !time::is_time_word(word))
        .count();
    let rest = line.splitn(n_names + 1, ' ').last().unwrap_or_default();
    (1..=4).contains(&n_names) && time::is_time(rest)
}

/// Whether these are the names of one or several people, and perhaps of what they write for.
fn are_names(names: &str) -> bool {
    let mut n_names = 0;
    for word in names.split_whitespace() {
        let bare = word.trim_end_matches([',', ';', '|']);
        if is_name(bare) {
            n_names += 1;
        } else if !matches!(
            bare,
            "and" | "for" | "of" | "de" | "del" | "van" | "von" | "bin" | "al" | "&" | ""
        ) {
            return false;
        }
    }
    (2..=12).contains(&n_names)
}

/// Whether a word can be part of a name: capitalised, without a mark at its end, and none that opens sentences.
fn is_name(word: &str) -> bool {
    let opens = [
        "A", "All", "An", "And", "Any", "At", "But", "Being", "He", "In", "It", "No", "On", "She",
        "The", "They", "We",
    ];
    let is_initial = word.len() == 2 && word.ends_with('.');
    word.starts_with(char::is_uppercase)
        && !opens.contains(&word)
        && (is_initial || word.ends_with(char::is_alphabetic))
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() || matches!(letter, '.' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FurnitureKind::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Vec<(FurnitureKind, &str)> {
        furniture(text)
            .iter()
            .map(|piece| (piece.kind, piece.span.of(text)))
            .collect()
    }

    #[test]
    fn article_is_taken_apart() {
        let text = " date 2021-03-04 Example.org\nEnvoy Denies Leak Of Report\n\nAnn Lee 2 hours ago Thu 4th March 2021 | 04:44 PM\n\n\
                    Envoy denies leak of report\n\nThe envoy denied that he had leaked the report\n\n\
                    OSLO (Example News / Wire - 4th March, 2021) The envoy denied that he had leaked the report.\n\n\
                    He left.Google + Share On Whatsapp\n";
        let gold = [
            (Timestamp, "date 2021-03-04 Example.org"),
            (Byline, "Ann Lee 2 hours ago Thu 4th March 2021 | 04:44 PM"),
            (Repeat, "Envoy denies leak of report"),
            (Dateline, "OSLO (Example News / Wire - 4th March, 2021)"),
            (Repeat, "The envoy denied that he had leaked the report."),
            (ShareTail, "Google + Share On Whatsapp"),
        ];
        assert_eq!(found(text), gold);
    }

    #[test]
    fn bylines_are_whole_lines() {
        for line in [
            "By Ann Lee",
            "BY ANN LEE",
            "By Ann Lee and Bo Chu",
            "By Ann B. Lee, Example News",
            "Ann Lee 1 hour ago Tue 18th June 2019 | 04:44 PM",
            "(Reporting by Ann Lee; Editing by Bo Chu)",
        ] {
            assert_eq!(found(line), [(Byline, line)]);
        }
        for line in [
            "By Monday the talks had failed",
            "By Any Means Necessary",
            "By denying it, Moscow gained time",
            "Bystanders blamed Oslo",
            "Ann Lee denied it at 5 p.m. Monday",
            "Moscow",
            "Reporting by Ann Lee was wrong. She denied it.",
        ] {
            assert_eq!(found(line), [], "{line}");
        }
    }

    #[test]
    fn rules_and_live_marks_are_time_stamps() {
        for line in ["___", "___.", "* * *", "7 p.m.", "6:05 p.m."] {
            assert_eq!(found(line), [(Timestamp, line)]);
        }
    }

    #[test]
    fn date_line_stands_first_only() {
        assert_eq!(found("He left.\ndate 2021-03-04 Example.org"), []);
    }

    proptest! {
        #[test]
        fn pieces_are_ordered_and_disjoint(words in prop::collection::vec(
            prop::sample::select(vec![
                "OSLO", "(AP)", "—", "-", "By", "Ann", "Lee", "\n", "\r\n", "He left.", "Share this article", "Read more:", "___",
                "date 2021-03-04", "5 p.m.", "The envoy denied it at once, twice.", "(", ")", "é", ".", "\u{FFFD}", "Google +",
            ]),
            0..20,
        )) {
            let text = words.join(" ");
            let mut end = 0;
            for piece in furniture(&text) {
                prop_assert!(end <= piece.span.start && !piece.span.is_empty(), "{piece:?} in {text:?}");
                prop_assert_eq!(piece.span.trim(&text), piece.span);
                end = piece.span.end;
            }
        }
    }
}
