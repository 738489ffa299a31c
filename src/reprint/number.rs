//! Words → the numbers that they tell: `14`, `fourteen`, `1,200`, `1.2 million`, `two dozen`.

use crate::token::{HashMap, hash_name};

/// Words of numbers by the hashes of their stems.
#[derive(Debug, Clone)]
pub(super) struct NumberWords(HashMap<u64, Role>);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    /// From one to nineteen.
    Unit(f64),
    /// Twenty to ninety.
    Tens(f64),
    /// Multiplies what stands before it, and is no number alone: `millions`.
    Scale(f64),
    /// Multiplies what stands before it, or is a number alone: `a dozen`.
    Dozen,
}

const UNITS: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelv",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenti", "thirti", "forti", "fifti", "sixti", "seventi", "eighti", "nineti",
];
const SCALES: [(&str, f64); 4] = [
    ("hundr", 1e2),
    ("thousand", 1e3),
    ("million", 1e6),
    ("billion", 1e9),
];

impl Default for NumberWords {
    fn default() -> Self {
        let units = UNITS
            .iter()
            .zip(1..)
            .map(|(stem, n)| (*stem, Role::Unit(f64::from(n))));
        let tens = TENS
            .iter()
            .zip(2..)
            .map(|(stem, n)| (*stem, Role::Tens(f64::from(10 * n))));
        let scales = SCALES.iter().map(|&(stem, by)| (stem, Role::Scale(by)));
        Self(
            units
                .chain(tens)
                .chain(scales)
                .chain([("dozen", Role::Dozen)])
                .map(|(stem, role)| (hash_name(stem), role))
                .collect(),
        )
    }
}

/// Puts a number together from the words that tell it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NumberReader {
    pending: Option<f64>,
    /// Whether a unit may follow: `thirty-one`.
    open: bool,
}

impl NumberReader {
    /// Reads a word; gives the number that ends before it. Words of numbers are known by their stems.
    pub(super) fn word(&mut self, words: &NumberWords, stem: u64) -> Read {
        let Some(&role) = words.0.get(&stem) else {
            return Read {
                ended: self.end(),
                is_number: false,
            };
        };
        let ended = match (role, self.pending) {
            (Role::Unit(unit), Some(tens)) if self.open && unit < 10.0 => self.go_on(tens + unit),
            (Role::Unit(unit), _) => self.begin((unit > 1.0).then_some(unit), false), // `one` is mostly a pronoun
            (Role::Tens(tens), _) => self.begin(Some(tens), true),
            (Role::Scale(by), Some(number)) => self.go_on(number * by),
            (Role::Scale(_), None) => None,
            (Role::Dozen, dozens) => self.go_on(12.0 * dozens.unwrap_or(1.0)),
        };
        Read {
            ended,
            is_number: true,
        }
    }

    /// Reads a number in digits; gives the one that ends before it.
    pub(super) fn digits(&mut self, digits: &str) -> Option<f64> {
        let plain: String = digits.chars().filter(|&c| c != ',').collect();
        let end = plain
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(plain.len());
        self.begin(plain[..end].parse().ok(), false)
    }

    /// Gives the number that ends here.
    pub(super) fn end(&mut self) -> Option<f64> {
        self.begin(None, false)
    }

    /// The number that is pending turns out to be this one.
    fn go_on(&mut self, number: f64) -> Option<f64> {
        (self.pending, self.open) = (Some(number), false);
        None
    }

    fn begin(&mut self, number: Option<f64>, open: bool) -> Option<f64> {
        self.open = open;
        std::mem::replace(&mut self.pending, number)
    }
}

/// What a word told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read {
    /// The number that ends before the word.
    pub(super) ended: Option<f64>,
    /// Whether the word is one of a number.
    pub(super) is_number: bool,
}

#[cfg(test)]
mod tests {
    use rust_stemmers::{Algorithm, Stemmer};

    use super::*;

    fn numbers(text: &str) -> Vec<f64> {
        let (words, stemmer) = (NumberWords::default(), Stemmer::create(Algorithm::English));
        let mut reader = NumberReader::default();
        let mut numbers = Vec::new();
        for word in text.split([' ', '-']) {
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                numbers.extend(reader.digits(word));
            } else {
                numbers.extend(reader.word(&words, hash_name(&stemmer.stem(word))).ended);
            }
        }
        numbers.extend(reader.end());
        numbers
    }

    #[test]
    fn numbers_are_the_same_in_words_and_in_digits() {
        for (text, found) in [
            ("14 dead", &[14.0][..]),
            ("fourteen dead", &[14.0]),
            ("thirty-one of 118", &[31.0, 118.0]),
            ("1,200 and 1.2 million", &[1200.0, 1_200_000.0]),
            ("two hundred thousand", &[200_000.0]),
            ("half a million and millions", &[]),
            ("a dozen or two dozen", &[12.0, 24.0]),
            ("one of them", &[]),
            ("twenty one", &[21.0]),
            ("the 1990s", &[1990.0]),
            ("ninety ten", &[90.0, 10.0]),
            ("", &[]),
        ] {
            assert_eq!(numbers(text), found, "{text}");
        }
    }
}
