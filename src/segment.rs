//! Text → sentences: half-open spans, in order, that share no byte.
//!
//! A sentence ends after a full stop, an exclamation or a question mark, an ellipsis or a line, with the quotation marks and
//! brackets that close behind it. `"I did it. He did not," she said.` is two sentences: one of a quotation counts for itself.
//! What follows the stop decides whether it is one: after `U.S.` only a word that opens sentences makes it one.
//!
//! ```
//! use rejoinder::{Span, segment};
//!
//! let text = "Gen. Ito met the U.S. envoy at 5 p.m. Monday. “No!” he said.";
//! let mut sentences = Vec::new();
//! segment(text, &[], &mut sentences);
//! let sentences: Vec<&str> = sentences.iter().map(|span| span.of(text)).collect();
//! assert_eq!(sentences, ["Gen. Ito met the U.S. envoy at 5 p.m. Monday.", "“No!” he said."]);
//! ```

mod word;

use self::word::Kind;
use crate::Span;
use crate::article::Furniture;

/// Finds the sentences of `text` outside its furniture, which is in order and disjoint.
///
/// `sentences` is cleared first. Spans are trimmed, and hold at least one letter or digit each; every letter and digit
/// outside the furniture is in one of them. Time is linear in the length of the text, and nothing but `sentences` is
/// allocated.
pub fn segment(text: &str, furniture: &[Furniture], sentences: &mut Vec<Span>) {
    sentences.clear();
    let mut from = 0;
    for piece in furniture {
        if from < piece.span.start {
            Region {
                text: &text[..piece.span.start],
                start: from,
            }
            .segment(sentences);
        }
        from = from.max(piece.span.end);
    }
    Region {
        text: &text[..text.len()],
        start: from,
    }
    .segment(sentences);
}

/// Text between two pieces of furniture.
struct Region<'a> {
    /// The article up to the end of the region.
    text: &'a str,
    /// Where the sentence begins that is being read.
    start: usize,
}

/// Full stops and other marks in a row, with what closes behind them.
#[derive(Debug, Clone, Copy)]
struct Stop {
    start: usize,
    end: usize,
    mark: Mark,
    /// Whether a quotation closes behind it.
    quote: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Dot,
    /// With the number of dots.
    Ellipsis(usize),
    /// With an exclamation or a question mark.
    Loud,
}

/// What stands behind a stop and white space.
#[derive(Debug, Clone, Copy)]
struct Next {
    start: usize,
    /// Line ends on the way.
    lines: usize,
    /// Where the first character is that opens no quotation and no bracket.
    letter_at: usize,
    letter: Option<char>,
}

/// What a candidate turned out to be.
enum Verdict {
    /// The sentence ends at the first offset, the next begins at the second.
    End(usize, usize),
    /// The sentence goes on at this offset.
    GoesOn(usize),
}

/// Bytes at which a sentence can end; `…` and the Unicode line ends begin with 0xE2.
const CANDIDATES: [bool; 256] = {
    let mut table = [false; 256];
    let bytes = b".!?\n\r\x0B\x0C\xE2";
    let mut i = 0;
    while i < bytes.len() {
        table[bytes[i] as usize] = true;
        i += 1;
    }
    table
};

/// How far the search for the first word goes: a bound, so that no text takes more than linear time.
const MARKS_READ: usize = 32;

impl Region<'_> {
    fn segment(mut self, sentences: &mut Vec<Span>) {
        let bytes = self.text.as_bytes();
        self.start = self.skip_space(self.start).0;
        let mut at = self.start;
        while let Some(skipped) = bytes[at..]
            .iter()
            .position(|&byte| CANDIDATES[usize::from(byte)])
        {
            at += skipped;
            let verdict = match bytes[at] {
                b'.' if bytes
                    .get(at + 1)
                    .is_some_and(|&byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()) =>
                {
                    Verdict::GoesOn(at + 2)
                }
                b'.' | b'!' | b'?' => self.at_stop(at),
                0xE2 if bytes[at..].starts_with("…".as_bytes()) => self.at_stop(at),
                0xE2 if !is_line_end(&bytes[at..]) => Verdict::GoesOn(at + 3),
                _ => self.at_line_end(at),
            };
            match verdict {
                Verdict::GoesOn(next) => at = next,
                Verdict::End(end, next) => {
                    self.push(end, sentences);
                    (self.start, at) = (next, next);
                }
            }
        }
        self.push(self.text.len(), sentences);
    }

    /// Ends the sentence; one without letters and digits is none.
    fn push(&self, end: usize, sentences: &mut Vec<Span>) {
        if has_word(&self.text[self.start..end]) {
            sentences.push(Span::new(self.start, end).trim(self.text));
        }
    }

    fn at_stop(&self, at: usize) -> Verdict {
        let stop = self.read_stop(at);
        let next = self.next_after(stop.end);
        if next.start == stop.end && next.letter.is_some() {
            return self.at_glued_stop(stop, next);
        }
        // A closing mark that was set apart by a space still closes: `No. ”`
        if next.lines == 0 && self.text[next.start..].starts_with('”') {
            let end = next.start + '”'.len_utf8();
            return Verdict::End(end, self.skip_space(end).0);
        }
        if next.lines > 1 || next.letter.is_none() || self.ends_at(stop, next) {
            return Verdict::End(stop.end, next.start);
        }
        Verdict::GoesOn(if next.lines > 0 { next.start } else { stop.end })
    }

    /// Behind the stop comes no space: `left.The` ends only before a word that opens sentences, `left.“The` before a quotation.
    fn at_glued_stop(&self, stop: Stop, next: Next) -> Verdict {
        let opens_quote = self.text[stop.end..].starts_with(['“', '‘', '«']);
        let is_capital = next.letter.is_some_and(char::is_uppercase);
        let word = self.word_before(stop.start);
        let is_plain = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        let ends = is_capital
            && is_plain
            && Kind::of(word) == Kind::Ordinary
            && (opens_quote || (next.letter_at == stop.end && self.starts_sentence(next)));
        if ends {
            Verdict::End(stop.end, next.start)
        } else {
            Verdict::GoesOn(stop.end)
        }
    }

    /// Whether a sentence ends at a stop before white space, when something follows in this line or the next.
    fn ends_at(&self, stop: Stop, next: Next) -> bool {
        let Some(letter) = next.letter else {
            return true;
        };
        if next.lines == 0 && letter.is_ascii_punctuation() && !matches!(letter, '$' | '#' | '@') {
            return false;
        }
        match stop.mark {
            Mark::Dot => self.ends_at_dot(stop, next, letter),
            Mark::Ellipsis(dots) => self.ends_at_ellipsis(stop, next, letter, dots),
            Mark::Loud => self.ends_at_loud_mark(stop, next, letter),
        }
    }

    fn ends_at_dot(&self, stop: Stop, next: Next, letter: char) -> bool {
        let word = self.word_before(stop.start);
        let kind = Kind::of(word);
        if next.lines == 0 && self.is_list_mark(stop, word, kind) {
            return false;
        }
        if letter.is_lowercase() {
            return kind == Kind::Ordinary
                && ((next.lines > 0 && !stop.quote) || self.is_lower_case());
        }
        match kind {
            Kind::Ordinary | Kind::Number => true,
            Kind::Title => stop.quote,
            Kind::Never => false,
            Kind::Numbered => !letter.is_numeric(),
            Kind::HalfDay => {
                next.lines > 0
                    || !(letter.is_numeric() || word::dates_a_time(self.word_at(next.letter_at)))
            }
            Kind::Abbreviation | Kind::Initial | Kind::Acronym => {
                stop.quote || next.lines > 0 || self.starts_sentence(next)
            }
        }
    }

    fn ends_at_ellipsis(&self, stop: Stop, next: Next, letter: char, dots: usize) -> bool {
        if !letter.is_uppercase() || self.has_just_begun(stop.start) {
            return false;
        }
        if stop.quote {
            return !self.tells_who_speaks(next);
        }
        let is_attached = !self.text[..stop.start].ends_with(char::is_whitespace);
        let is_pronoun = self.word_at(next.letter_at) == "I";
        next.lines > 0
            || dots > 3
            || (is_attached && !is_pronoun)
            || (self.starts_sentence(next) && !is_pronoun)
    }

    fn ends_at_loud_mark(&self, stop: Stop, next: Next, letter: char) -> bool {
        if letter.is_lowercase() {
            return !stop.quote && (next.lines > 0 || self.is_lower_case());
        }
        if self.text[..stop.start].ends_with(['(', '[']) {
            return false;
        }
        if word::is_name_with_mark(self.word_before(stop.start)) && !stop.quote {
            return next.lines > 0 || self.starts_sentence(next);
        }
        !(stop.quote && self.tells_who_speaks(next))
    }

    fn at_line_end(&self, at: usize) -> Verdict {
        let next = self.next_after(at);
        if next.lines > 1 {
            return Verdict::End(at, next.start);
        }
        let line = self.text[self.start..at].trim_end();
        let last_word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
        let goes_on = match next.letter {
            Some(letter) if letter.is_lowercase() => true,
            Some(letter) => {
                letter.is_alphanumeric() && (line.ends_with(',') || word::goes_on(last_word))
            }
            None => false,
        };
        if goes_on {
            Verdict::GoesOn(next.start)
        } else {
            Verdict::End(at, next.start)
        }
    }

    /// Reads the marks from `at` on, and what closes behind them.
    fn read_stop(&self, at: usize) -> Stop {
        let (mut end, mut mark) = self.read_marks(at);
        let mut quote = false;
        loop {
            let closed = self.read_closing(end, &mut quote);
            let (next_end, next_mark) = self.read_marks(closed);
            if next_end == closed {
                return Stop {
                    start: at,
                    end: closed,
                    mark,
                    quote,
                };
            }
            if next_mark == Mark::Loud {
                mark = Mark::Loud;
            }
            end = next_end;
        }
    }

    /// Marks in a row, dots with spaces between them too.
    fn read_marks(&self, start: usize) -> (usize, Mark) {
        let bytes = self.text.as_bytes();
        let (mut end, mut dots, mut is_loud) = (start, 0, false);
        loop {
            match bytes.get(end) {
                Some(b'.') => (end, dots) = (end + 1, dots + 1),
                Some(b'!' | b'?') => (end, is_loud) = (end + 1, true),
                Some(0xE2) if bytes[end..].starts_with("…".as_bytes()) => {
                    (end, dots) = (end + 3, dots + 3);
                }
                Some(b' ' | 0xC2) if dots > 0 && !is_loud => match self.spaced_dot(end) {
                    Some(dot) => (end, dots) = (dot, dots + 1),
                    None => break,
                },
                _ => break,
            }
        }
        let mark = match dots {
            _ if is_loud => Mark::Loud,
            0..=2 => Mark::Dot,
            _ => Mark::Ellipsis(dots),
        };
        (end, mark)
    }

    /// The end of the next dot of `. . .`, when `at` is at the space before it.
    fn spaced_dot(&self, at: usize) -> Option<usize> {
        let rest = self.text[at..]
            .strip_prefix([' ', '\u{A0}'])?
            .strip_prefix('.')?;
        let end = self.text.len() - rest.len();
        (!rest.starts_with(char::is_alphanumeric)).then_some(end)
    }

    /// The end of the quotation marks, brackets and footnote numbers that close at `at`.
    fn read_closing(&self, at: usize, quote: &mut bool) -> usize {
        let mut end = at;
        while let Some(&byte) = self.text.as_bytes().get(end) {
            let rest = &self.text[end..];
            match byte {
                b'"' | b'\'' => *quote = true,
                b')' | b']' | b'}' => {}
                b'[' => match footnote(rest) {
                    Some(len) => {
                        end += len;
                        continue;
                    }
                    None => break,
                },
                0x80.. => match rest.chars().next() {
                    Some(mark @ ('”' | '’' | '»')) => {
                        *quote = true;
                        end += mark.len_utf8();
                        continue;
                    }
                    // Opening marks, and bytes that were lost, close before a space.
                    Some(mark @ ('“' | '‘' | '\u{FFFD}'))
                        if rest[mark.len_utf8()..]
                            .chars()
                            .next()
                            .is_none_or(char::is_whitespace) =>
                    {
                        *quote = true;
                        end += mark.len_utf8();
                        continue;
                    }
                    _ => break,
                },
                _ => break,
            }
            end += 1;
        }
        end
    }

    fn next_after(&self, at: usize) -> Next {
        let (start, lines) = self.skip_space(at);
        let mut letter_at = start;
        let mut after_dash = false;
        for letter in self.text[start..].chars().take(MARKS_READ) {
            match letter {
                '"' | '\'' | '`' | '(' | '[' | '{' | '“' | '‘' | '«' | '„' | '¿' | '¡' | '.'
                | '…' => {}
                '-' | '–' | '—' | '•' | '*' | '·' | '\u{FFFD}' => after_dash = true,
                ' ' if after_dash => {}
                _ => {
                    return Next {
                        start,
                        lines,
                        letter_at,
                        letter: Some(letter),
                    };
                }
            }
            letter_at += letter.len_utf8();
        }
        Next {
            start,
            lines,
            letter_at: start,
            letter: self.text[start..].chars().next(),
        }
    }

    /// The first offset from `at` on that is no white space, and the line ends before it.
    fn skip_space(&self, at: usize) -> (usize, usize) {
        let (mut end, mut lines) = (at, 0);
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(end) {
            match byte {
                b' ' | b'\t' => end += 1,
                b'\r' if bytes.get(end + 1) == Some(&b'\n') => end += 1,
                b'\n' | b'\r' | 0x0B | 0x0C => (end, lines) = (end + 1, lines + 1),
                0x80.. => match self.text[end..].chars().next() {
                    Some(space) if space.is_whitespace() => {
                        lines += usize::from(matches!(space, '\u{85}' | '\u{2028}'))
                            + 2 * usize::from(space == '\u{2029}');
                        end += space.len_utf8();
                    }
                    _ => break,
                },
                _ => break,
            }
        }
        (end, lines)
    }

    /// The word that ends at `end`, with full stops and apostrophes inside; its end only when it is long.
    fn word_before(&self, end: usize) -> &str {
        let mut start = end;
        for letter in self.text[self.start..end].chars().rev() {
            if !(letter.is_alphanumeric() || matches!(letter, '.' | '\'' | '’'))
                || end - start > word::LONGEST
            {
                break;
            }
            start -= letter.len_utf8();
        }
        self.text[start..end].trim_start_matches(['.', '\'', '’'])
    }

    /// The letters from `start` on.
    fn word_at(&self, start: usize) -> &str {
        let rest = &self.text[start..];
        let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        &rest[..len]
    }

    /// Whether what follows begins with a word that opens sentences, rather than with a name or another abbreviation.
    fn starts_sentence(&self, next: Next) -> bool {
        let word = self.word_at(next.letter_at);
        let behind = self.text.as_bytes().get(next.letter_at + word.len());
        word.starts_with(|letter: char| letter.is_ascii_uppercase())
            && word::is_starter(word)
            && !matches!(behind, Some(b'.' | b'-'))
    }

    /// Whether a name and a verb of saying follow: `Foreign Minister Sergei Lavrov asked`.
    fn tells_who_speaks(&self, next: Next) -> bool {
        if self.starts_sentence(next) {
            return false;
        }
        let words = self.text[next.letter_at..].split_ascii_whitespace().take(6);
        for (at, word) in words.enumerate() {
            let bare = word.trim_end_matches([',', '.', ':', ';']);
            if at > 0 && word::is_speech_verb(bare) {
                return true;
            }
            let is_name = word.starts_with(char::is_uppercase)
                && (bare.len() == word.len() || Kind::of(bare) != Kind::Ordinary);
            if !is_name {
                return false;
            }
        }
        false
    }

    /// Whether the word numbers the sentence that begins with it: `3.`, `B.`, `iv.`
    fn is_list_mark(&self, stop: Stop, word: &str, kind: Kind) -> bool {
        let is_mark = match kind {
            Kind::Number => word.len() <= 3 || word.contains('.'),
            Kind::Initial => true,
            _ => word::is_roman(word),
        };
        is_mark && self.has_just_begun(stop.start - word.len())
    }

    /// Whether the sentence holds nothing but a few marks before `end`.
    fn has_just_begun(&self, end: usize) -> bool {
        end - self.start <= MARKS_READ && !has_word(&self.text[self.start..end])
    }

    /// Whether the sentence begins in lower case, so that case tells nothing.
    fn is_lower_case(&self) -> bool {
        self.text[self.start..]
            .chars()
            .take(MARKS_READ)
            .find(|letter| letter.is_alphabetic())
            .is_some_and(char::is_lowercase)
    }
}

fn is_line_end(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE2, 0x80, 0xA8 | 0xA9, ..])
}

fn has_word(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// The length of a footnote number: `[12]`.
fn footnote(text: &str) -> Option<usize> {
    let digits = text.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    (matches!(digits, 1..=3) && text[1 + digits..].starts_with(']')).then_some(digits + 2)
}
