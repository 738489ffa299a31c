//! Normalised word → stem.

use std::borrow::Cow;

use rust_stemmers::Algorithm;

/// The Snowball stemmer for English (Porter2), which is asked only for words that it may change: a third of the words of an
/// article end in letters that none of its rules touches, and its tables are slow to search.
pub(crate) struct Stemmer(rust_stemmers::Stemmer);

impl Stemmer {
    pub(crate) fn new() -> Self {
        Self(rust_stemmers::Stemmer::create(Algorithm::English))
    }

    pub(crate) fn stem<'a>(&self, word: &'a str) -> Cow<'a, str> {
        if may_change(word) {
            self.0.stem(word)
        } else {
            Cow::Borrowed(word)
        }
    }
}

/// Whether a word begins or ends as those do that a rule of the stemmer changes.
fn may_change(word: &str) -> bool {
    let (bytes, before): (_, &[u8]) = match word.as_bytes() {
        [b'\'', ..] | [.., b'e' | b'i' | b's' | b'y' | b'\''] => return true,
        [bytes @ .., b'c'] => (bytes, b"i"),
        [bytes @ .., b'd'] => (bytes, b"e"),
        [bytes @ .., b'g' | b't'] => (bytes, b"n"),
        [bytes @ .., b'l'] => (bytes, b"alu"),
        [bytes @ .., b'm'] => (bytes, b"s"),
        [bytes @ .., b'n'] => (bytes, b"o"),
        [bytes @ .., b'r'] => (bytes, b"eo"),
        _ => return false,
    };
    bytes.last().is_some_and(|byte| before.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::normalise;
    use proptest::prelude::*;

    fn agrees(word: &str) -> bool {
        let stemmer = Stemmer::new();
        stemmer.stem(word) == stemmer.0.stem(word)
    }

    #[test]
    fn stems_of_labelled_words_are_those_of_snowball() {
        let text = include_str!("../../labels/articles.csv");
        let words: std::collections::BTreeSet<String> = text
            .split(|letter: char| !(letter.is_alphanumeric() || "'’-.".contains(letter)))
            .map(|word| normalise(word).form)
            .collect();
        let wrong: Vec<_> = words.iter().filter(|word| !agrees(word)).collect();
        assert!(words.len() > 20_000 && wrong.is_empty(), "{wrong:?}");
        assert!(words.iter().filter(|word| !may_change(word)).count() > words.len() / 4);
    }

    proptest! {
        #[test]
        fn stems_are_those_of_snowball(
            word in "[a-zé'0-9]{0,9}",
            ending in "|eed|ed|ing|ly|ate|ble|ize|ful|ness|ment|ation|tor|ism|ll|yt|ied|'s",
        ) {
            let word = word + &ending;
            prop_assert!(agrees(&word), "{}", word);
        }
    }
}
