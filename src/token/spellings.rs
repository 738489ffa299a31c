//! Sentences → the words in them as they are spelled, each once, and from these the stems of those in lower case.

use rayon::prelude::*;

use super::hash::HashSet;
use super::normalise::{Shape, normalise};
use super::stem::Stemmer;
use super::word::{RawWord, split};

/// The distinct spellings of words.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    seen: HashSet<Box<str>>,
    raw: Vec<RawWord>,
}

impl Spellings {
    /// Adds the words of a sentence.
    pub(crate) fn read(&mut self, sentence: &str) {
        self.raw.clear();
        split(sentence, 0, sentence.len(), &mut self.raw);
        for raw in &self.raw {
            let surface = &sentence[raw.start..raw.end];
            if !self.seen.contains(surface) {
                self.seen.insert(surface.into());
            }
        }
    }

    /// The spellings of both.
    pub(crate) fn and(mut self, other: Self) -> Self {
        if self.seen.len() < other.seen.len() {
            return other.and(self);
        }
        self.seen.extend(other.seen);
        self
    }

    /// The stems of the words that begin with a letter that is no capital, sorted, each once.
    pub(crate) fn lower_case_stems(self) -> Vec<String> {
        let spellings: Vec<Box<str>> = self.seen.into_iter().collect();
        let stem = |stemmer: &mut Stemmer, spelling: &str| {
            let word = normalise(spelling);
            (word.shape == Shape::Lower).then(|| stemmer.stem(&word.form).into_owned())
        };
        let stems = spellings
            .par_iter()
            .map_init(Stemmer::new, |stemmer, spelling| stem(stemmer, spelling));
        let mut stems: Vec<String> = stems.flatten().collect();
        stems.par_sort_unstable();
        stems.dedup();
        stems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_in_lower_case_give_stems_and_each_once() {
        let mut one = Spellings::default();
        one.read("Rome denies 3 claims, claiming nothing.");
        let mut other = Spellings::default();
        other.read("It denied claims’ truth.");
        assert_eq!(
            one.and(other).lower_case_stems(),
            ["claim", "deni", "noth", "truth"]
        );
    }
}
