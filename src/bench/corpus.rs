//! A corpus for measuring, generated from a seed: the same seed gives the same bytes everywhere.
//!
//! The articles of this project's tests are a chain of words: which word follows which. Articles are random walks along
//! it, sentence by sentence, and many words are misspelled on the way, so that a corpus has as many different words as
//! news of its length. It reads like news to a computer only.

use std::collections::BTreeMap;

use crate::Article;
use crate::train::SplitMix;

const SOURCES: [&str; 6] = [
    include_str!("../../tests/articles/campaign-quarrel.txt"),
    include_str!("../../tests/articles/ceasefire-negotiation.txt"),
    include_str!("../../tests/articles/cyberattack-row.txt"),
    include_str!("../../tests/articles/dam-on-the-river.txt"),
    include_str!("../../tests/articles/doping-affair-at-the-championships.txt"),
    include_str!("../../tests/articles/factory-spill-lawsuit.txt"),
];

/// Articles of some 20 sentences with `bytes` of text in all, and at most one article more.
pub fn corpus(seed: u64, bytes: usize) -> Vec<Article> {
    let chain = Chain::new(&SOURCES);
    let mut random = SplitMix::new(seed);
    let mut articles = Vec::new();
    let mut written = 0;
    while written < bytes {
        let text = chain.article(&mut random);
        written += text.len();
        articles.push(Article {
            id: format!("generated-{}", articles.len()),
            text,
            ..Article::default()
        });
    }
    articles
}

/// Which words follow a word; a word keeps the punctuation that touches it.
struct Chain<'a> {
    starts: Vec<&'a str>,
    followers: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Chain<'a> {
    fn new(texts: &[&'a str]) -> Self {
        let mut starts = Vec::new();
        let mut followers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for paragraph in texts.iter().flat_map(|text| text.lines()) {
            let mut before = None;
            for word in paragraph.split_whitespace() {
                match before {
                    Some(before) => followers.entry(before).or_default().push(word),
                    None => starts.push(word),
                }
                before = (!ends_sentence(word)).then_some(word);
            }
        }
        Self { starts, followers }
    }

    fn article(&self, random: &mut SplitMix) -> String {
        let mut text = String::new();
        for paragraph in 0..6 + random.below(10) {
            if paragraph > 0 {
                text.push_str("\n\n");
            }
            for sentence in 0..=random.below(3) {
                if sentence > 0 {
                    text.push(' ');
                }
                self.sentence(random, &mut text);
            }
        }
        text.push('\n');
        text
    }

    fn sentence(&self, random: &mut SplitMix, text: &mut String) {
        const LONGEST: usize = 60;
        let mut word = self.starts[random.below(self.starts.len())];
        for _ in 0..LONGEST {
            misspell(word, random, text);
            let Some(next) = self.followers.get(word).filter(|_| !ends_sentence(word)) else {
                break;
            };
            text.push(' ');
            word = next[random.below(next.len())];
        }
        if !ends_sentence(text) {
            text.push('.');
        }
    }
}

fn ends_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '”', '’', ')'])
        .ends_with(['.', '!', '?'])
}

/// Appends a word, one long word in four in one of 4,096 other spellings, the first of which are the most frequent.
fn misspell(word: &str, random: &mut SplitMix, text: &mut String) {
    const SHORTEST: usize = 5;
    const SPELLINGS_BITS: usize = 12;
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    if letters < SHORTEST || random.below(4) > 0 {
        text.push_str(word);
        return;
    }
    // As many spellings between 2^n and 2^(n+1) as below 2^n: about what Zipf's law says of words.
    let bits = random.below(SPELLINGS_BITS + 1);
    let spelling = random.below(1 << bits);
    let mut letter = SplitMix::new(spelling as u64);
    let (one, other) = (letter.below(letters), letter.below(letters));
    let mut at = 0;
    for c in word.chars() {
        let changed = c.is_ascii_alphabetic() && (at == one || at == other);
        at += usize::from(c.is_ascii_alphabetic());
        text.push(if changed { another(c, &mut letter) } else { c });
    }
}

/// A vowel for a vowel, a consonant for a consonant; a capital stays one.
fn another(c: char, random: &mut SplitMix) -> char {
    const VOWELS: &[u8] = b"aeiou";
    const CONSONANTS: &[u8] = b"bcdfghjklmnprstvw";
    let letters = if VOWELS.contains(&(c.to_ascii_lowercase() as u8)) {
        VOWELS
    } else {
        CONSONANTS
    };
    let drawn = char::from(letters[random.below(letters.len())]);
    if c.is_ascii_uppercase() {
        drawn.to_ascii_uppercase()
    } else {
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_corpus() {
        let text = |seed| {
            corpus(seed, 20_000)
                .into_iter()
                .map(|a| a.text)
                .collect::<String>()
        };
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn size_is_what_was_asked_for() {
        let articles = corpus(0, 100_000);
        let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
        assert!((100_000..110_000).contains(&bytes), "{bytes}");
    }

    #[test]
    fn words_are_as_many_as_in_news() {
        let articles = corpus(0, 1_000_000);
        let words: Vec<&str> = articles
            .iter()
            .flat_map(|a| a.text.split_whitespace())
            .collect();
        let types: std::collections::BTreeSet<&str> = words.iter().copied().collect();
        assert!(types.len() > 15_000, "{} of {}", types.len(), words.len());
    }
}
