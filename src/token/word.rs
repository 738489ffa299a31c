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
    while let Some(&byte) = bytes.get(at) {
        if byte == b' ' {
            at += 1;
            continue;
        }
        let word_end = word_end(text, bytes, at);
        if word_end == at {
            at += mark(text, bytes, start, at, &mut gap);
            continue;
        }
        words.push(RawWord {
            start: at,
            end: word_end,
            gap,
        });
        gap = Gap::default();
        at = word_end;
    }
}

/// The end of the word that begins at `first`; `first` where none does.
#[inline]
fn word_end(text: &str, bytes: &[u8], first: usize) -> usize {
    let mut at = first;
    loop {
        at += ascii_letters(&bytes[at..]);
        // Most words end here.
        match bytes.get(at) {
            None | Some(b' ') => return at,
            Some(b'.') if is_acronym_part(bytes, first, at) => at += 1,
            Some(b'.') if is_acronym(&bytes[first..at]) => return at + 1,
            Some(_) => match letter_or_joiner_at(text, bytes, first, at) {
                0 => return at,
                length => at += length,
            },
        }
    }
}

/// How many ASCII letters and digits `bytes` begins with.
///
/// Eight bytes are looked at together: the length of a word cannot be foreseen, so a loop over its bytes would end with a wrong
/// guess of the processor for most words.
#[inline]
fn ascii_letters(bytes: &[u8]) -> usize {
    let mut n = 0;
    while let Some(&eight) = bytes[n..].first_chunk() {
        let others = !letters(u64::from_le_bytes(eight)) & HIGH_BITS;
        if others != 0 {
            return n + others.trailing_zeros() as usize / 8;
        }
        n += 8;
    }
    let letters = bytes[n..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric());
    n + letters.count()
}

/// The highest bit of each of eight bytes.
const HIGH_BITS: u64 = every(0x80);

/// A number with this byte eight times.
const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Eight bytes → the highest bit of each that is an ASCII letter or digit, and other bits that mean nothing.
#[inline]
fn letters(bytes: u64) -> u64 {
    // Of bytes below 0x80, none of which carries into the next: the highest bit of those from `first` to `last`.
    let between = |bytes: u64, first: u8, last: u8| {
        (bytes + every(0x80 - first)) & !(bytes + every(0x7F - last))
    };
    let ascii = bytes & !HIGH_BITS;
    let either = between(ascii | every(0x20), b'a', b'z') | between(ascii, b'0', b'9');
    either & !bytes
}

/// The length of the letter or digit at `at`, or 0.
#[inline]
fn letter_at(text: &str, bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(byte) if byte.is_ascii() => usize::from(byte.is_ascii_alphanumeric()),
        // U+2000 to U+203F, quotation marks and dashes among them: none is a letter.
        Some(0xE2) if bytes.get(at + 1) == Some(&0x80) => 0,
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

/// The length of what carries on at `at` the word that began at `first`: a letter, or a mark between two parts of the
/// word; 0 for neither.
fn letter_or_joiner_at(text: &str, bytes: &[u8], first: usize, at: usize) -> usize {
    let letter = letter_at(text, bytes, at);
    if letter > 0 || at == first {
        return letter;
    }
    joiner_at(text, bytes, at).unwrap_or(0)
}

/// The length of a mark that joins two parts of one word, when a letter follows it.
fn joiner_at(text: &str, bytes: &[u8], at: usize) -> Option<usize> {
    let length = match *bytes.get(at)? {
        b'\'' => 1,
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
    let opens =
        || at == start || matches!(bytes[at - 1], b' ' | b'\n' | b'\t' | b'(' | b'[' | b'-');
    let quote = || if opens() { Gap::OPEN } else { Gap::CLOSE };
    match bytes[at] {
        b' ' => {}
        b'"' => gap.add(quote()),
        b'\'' if bytes.get(at + 1) == Some(&b'\'') => {
            gap.add(quote());
            return 2;
        }
        b',' | b';' | b'(' | b')' | b'[' | b']' | b'\n' => gap.add(Gap::BREAK),
        b'-' if opens() => gap.add(Gap::BREAK),
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
    fn letters_are_counted_up_to_every_byte() {
        for byte in 0..=u8::MAX {
            for length in 0..20 {
                let mut bytes = vec![b'x'; length];
                bytes.extend([byte; 9]);
                let expected = if byte.is_ascii_alphanumeric() {
                    length + 9
                } else {
                    length
                };
                assert_eq!(ascii_letters(&bytes), expected, "{byte} behind {length}");
            }
        }
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
