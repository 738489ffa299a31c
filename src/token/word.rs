//! Finds the words of a sentence and what stands between them.
//!
//! A word is a run of letters and digits, with inner apostrophes (`don't`, `Tehran’s`), the dots of
//! an acronym (`U.S.`) and the separators of a number (`3,500.5`). Hyphens part words.

/// A word as it stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawWord {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) gap: Gap,
}

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gap(u8);

impl Gap {
    /// Something that parts clauses or names: comma, colon, semicolon, bracket, dash.
    pub(crate) const BREAK: Self = Self(1);
    /// An opening quotation mark.
    pub(crate) const OPEN: Self = Self(2);
    /// A closing quotation mark.
    pub(crate) const CLOSE: Self = Self(4);
    /// A mark that ends a sentence or lets a quoted one begin: colon, question mark, exclamation mark.
    pub(crate) const STOP: Self = Self(8);
    /// A full stop: inside a sentence it mostly belongs to an abbreviation.
    pub(crate) const DOT: Self = Self(16);

    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// Appends the words of `text[start..end]` to `words`.
///
/// A straight quotation mark opens when it follows white space or a bracket, and closes otherwise.
pub(crate) fn split(text: &str, start: usize, end: usize, words: &mut Vec<RawWord>) {
    let bytes = &text.as_bytes()[..end];
    let mut at = start;
    let mut gap = Gap::default();
    while at < end {
        let length = letter_at(text, bytes, at);
        if length == 0 {
            at += mark(text, bytes, start, at, &mut gap);
            continue;
        }
        let first = at;
        at += length;
        loop {
            let length = letter_at(text, bytes, at);
            if length > 0 {
                at += length;
            } else if let Some(length) = joiner_at(text, bytes, first, at) {
                at += length;
            } else {
                break;
            }
        }
        if at < end && bytes[at] == b'.' && is_acronym(&bytes[first..at]) {
            at += 1;
        }
        words.push(RawWord {
            start: first,
            end: at,
            gap,
        });
        gap = Gap::default();
    }
}

/// The length of the letter or digit at `at`, or 0.
#[inline]
fn letter_at(text: &str, bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(byte) if byte.is_ascii() => usize::from(byte.is_ascii_alphanumeric()),
        Some(_) => char_at(text, at)
            .filter(|c| c.is_alphanumeric() || is_combining(*c))
            .map_or(0, char::len_utf8),
        None => 0,
    }
}

fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..'\u{370}').contains(&c) || c == '\u{ad}'
}

/// The length of a mark that joins two parts of one word, when a letter follows it.
#[inline]
fn joiner_at(text: &str, bytes: &[u8], first: usize, at: usize) -> Option<usize> {
    let length = match *bytes.get(at)? {
        b'\'' => 1,
        b'.' if is_acronym_part(bytes, first, at) => 1,
        b'.' | b',' if bytes[at - 1].is_ascii_digit() => {
            return bytes
                .get(at + 1)
                .is_some_and(u8::is_ascii_digit)
                .then_some(1);
        }
        0xE2 if text[at..].starts_with('’') => '’'.len_utf8(),
        _ => return None,
    };
    (letter_at(text, bytes, at + length) > 0).then_some(length)
}

/// Whether the dot at `at` stands between single letters, as in `U.S`.
fn is_acronym_part(bytes: &[u8], first: usize, at: usize) -> bool {
    is_acronym(&bytes[first..at])
        && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
        && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric)
}

/// A single ASCII letter, or single letters with dots between them.
fn is_acronym(word: &[u8]) -> bool {
    word.len() % 2 == 1
        && word.iter().enumerate().all(|(i, byte)| {
            if i % 2 == 0 {
                byte.is_ascii_alphabetic()
            } else {
                *byte == b'.'
            }
        })
}

/// Notes in `gap` what the mark at `at` means and returns its length.
fn mark(text: &str, bytes: &[u8], start: usize, at: usize, gap: &mut Gap) -> usize {
    let opens = at == start || matches!(bytes[at - 1], b' ' | b'\n' | b'\t' | b'(' | b'[' | b'-');
    let quote = if opens { Gap::OPEN } else { Gap::CLOSE };
    match bytes[at] {
        b' ' => {}
        b'"' => gap.add(quote),
        b'\'' if bytes.get(at + 1) == Some(&b'\'') => {
            gap.add(quote);
            return 2;
        }
        b',' | b';' | b'(' | b')' | b'[' | b']' | b'\n' => gap.add(Gap::BREAK),
        b'-' if opens => gap.add(Gap::BREAK),
        b'.' => gap.add(Gap::DOT),
        b'!' | b'?' => gap.add(Gap::STOP),
        b':' => {
            gap.add(Gap::BREAK);
            gap.add(Gap::STOP);
        }
        byte if byte.is_ascii() => {}
        _ => {
            let mark = char_at(text, at).unwrap_or(' ');
            match mark {
                '“' | '„' | '«' => gap.add(Gap::OPEN),
                '”' | '»' => gap.add(Gap::CLOSE),
                '–' | '—' | '…' => gap.add(Gap::BREAK),
                _ => {}
            }
            return mark.len_utf8();
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut words = Vec::new();
        split(text, 0, text.len(), &mut words);
        words
            .iter()
            .map(|word| &text[word.start..word.end])
            .collect()
    }

    #[test]
    fn words_keep_inner_marks_and_drop_outer_ones() {
        let cases: &[(&str, &[&str])] = &[
            ("The U.S. didn't.", &["The", "U.S.", "didn't"]),
            ("Tehran’s 3,500.5 men", &["Tehran’s", "3,500.5", "men"]),
            ("US-Russia talks, 2019.", &["US", "Russia", "talks", "2019"]),
            ("‘No,’ said J. K. Obi", &["No", "said", "J.", "K.", "Obi"]),
            (
                "at 5 p.m. Élan naïve",
                &["at", "5", "p.m.", "Élan", "naïve"],
            ),
            ("''Never,'' he said", &["Never", "he", "said"]),
            ("", &[]),
            ("… — �", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), *expected, "{text}");
        }
    }

    #[test]
    fn gaps_tell_quotes_from_clause_marks() {
        let text = "He said: \"No,\" then “yes” (twice)";
        let mut found = Vec::new();
        split(text, 0, text.len(), &mut found);
        let gap = |word: &str| {
            found
                .iter()
                .find(|w| &text[w.start..w.end] == word)
                .unwrap()
                .gap
        };
        assert!(gap("No").has(Gap::OPEN) && gap("No").has(Gap::STOP));
        assert!(gap("then").has(Gap::CLOSE) && gap("then").has(Gap::BREAK));
        assert!(gap("yes").has(Gap::OPEN));
        assert!(gap("twice").has(Gap::CLOSE) && gap("twice").has(Gap::BREAK));
        assert_eq!(gap("said"), Gap::default());
    }
}
