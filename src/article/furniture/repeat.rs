//! Paragraphs → which of them were printed before, in letters and digits.
//!
//! `Envoy Denies It` and `Envoy denies it.` are the same paragraph. Of a paragraph whose beginning is new, only that is read.

use crate::token::{HashMap, HashSet};

/// Letters and digits that tell most paragraphs apart, and that a paragraph must have to be compared at all: a short
/// answer may well be given twice.
const BEGINNING: usize = 20;

/// The paragraphs so far.
#[derive(Default)]
pub(super) struct Paragraphs<'a> {
    /// By the hash of its beginning, a paragraph that is not hashed as a whole yet.
    beginnings: HashMap<u64, Option<&'a str>>,
    /// Hashes of whole paragraphs whose beginning came twice.
    whole: HashSet<u64>,
}

impl<'a> Paragraphs<'a> {
    /// Whether the paragraph was seen before; from now on it was.
    pub(super) fn was_printed(&mut self, paragraph: &'a str) -> bool {
        let (beginning, n) = hash(paragraph, BEGINNING);
        if n < BEGINNING {
            return false;
        }
        let Some(earlier) = self.beginnings.get_mut(&beginning) else {
            self.beginnings.insert(beginning, Some(paragraph));
            return false;
        };
        if let Some(earlier) = earlier.take() {
            self.whole.insert(hash(earlier, usize::MAX).0);
        }
        !self.whole.insert(hash(paragraph, usize::MAX).0)
    }
}

/// FNV-1a of the first letters and digits in lower case, and how many there are. The same on every machine.
fn hash(text: &str, limit: usize) -> (u64, usize) {
    let mut n = 0;
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut add = |value: u32| hash = (hash ^ u64::from(value)).wrapping_mul(0x0100_0000_01B3);
    let mut rest = text.as_bytes();
    while n < limit
        && let Some((&byte, behind)) = rest.split_first()
    {
        if byte.is_ascii() {
            rest = behind;
            if byte.is_ascii_alphanumeric() {
                n += 1;
                add(u32::from(byte.to_ascii_lowercase()));
            }
            continue;
        }
        let at = text.len() - rest.len();
        let letter = text[at..].chars().next().unwrap_or_default();
        rest = &rest[letter.len_utf8()..];
        if letter.is_alphanumeric() {
            n += 1;
            letter
                .to_lowercase()
                .for_each(|letter| add(u32::from(letter)));
        }
    }
    (hash, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letters_and_digits_are_compared() {
        let mut paragraphs = Paragraphs::default();
        assert!(!paragraphs.was_printed("Envoy Élan denies leak of report"));
        assert!(!paragraphs.was_printed("Envoy Élan denies leak of reports"));
        assert!(!paragraphs.was_printed("Envoy Élan denies leak of 2 reports"));
        assert!(paragraphs.was_printed("“Envoy élan denies leak of report.”"));
        assert!(paragraphs.was_printed("Envoy Élan denies leak of report"));
    }

    #[test]
    fn short_answers_may_be_given_twice() {
        let mut paragraphs = Paragraphs::default();
        assert!(!paragraphs.was_printed("“No,” he said."));
        assert!(!paragraphs.was_printed("“No,” he said."));
    }
}
