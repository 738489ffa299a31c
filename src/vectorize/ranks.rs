//! Tokens → the ranks of the terms that stand in a sentence, and nothing else of them: enough to see of most sentences that they
//! carry no label.
//!
//! The terms are those of [`FeatureExtractor::extract`]; here none is told where it stands, so each kind has a short loop.

use super::features::{FeatureExtractor, word_hash};
use super::sieve::Sieve;
use super::terms::ClassRanks;
use super::{Vectorizer, Vocabulary};
use crate::token::{Lexicon, NO_RANK, Token, combine};

/// Reads the ranks of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct RankReader {
    extractor: FeatureExtractor,
    class_ranks: ClassRanks,
    stems: Vec<u64>,
    /// For each token the hash of the n-gram that begins with it, of as many tokens as were joined up to now.
    hashes: Vec<u64>,
    /// For each token whether that n-gram has a class.
    has_class: Vec<bool>,
    /// Hashes of n-grams that may be terms.
    candidates: Sieve<u64>,
    ranks: Sieve<u32>,
}

impl RankReader {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon) -> Self {
        let extractor = FeatureExtractor::new(vectorizer.params().features.clone(), lexicon);
        Self {
            class_ranks: ClassRanks::new(&extractor, vectorizer),
            extractor,
            stems: Vec::new(),
            hashes: Vec::new(),
            has_class: Vec::new(),
            candidates: Sieve::default(),
            ranks: Sieve::default(),
        }
    }

    /// The ranks of the terms of a sentence, each as often as it occurs, in no order that means anything.
    ///
    /// The tokens must tell the ranks of this vocabulary.
    pub(crate) fn read(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) -> &[u32] {
        self.candidates.clear();
        self.ranks.clear();
        self.words(tokens);
        self.skips(vocabulary, tokens);
        self.ngrams(vocabulary);
        if self.extractor.params().class_ngrams > 0 {
            self.extractor.mark(tokens);
            self.class_ngrams(vocabulary);
            self.classes();
            self.endings(tokens);
            self.pairs();
        }
        let candidates = self.candidates.as_slice().iter();
        self.ranks
            .sift(candidates.map(|&hash| known(vocabulary.rank(hash).unwrap_or(NO_RANK))));
        self.ranks.as_slice()
    }

    /// Stems, masks and beginnings of words.
    fn words(&mut self, tokens: &[Token]) {
        let params = self.extractor.params();
        if params.ngram_range.0 == 1 {
            let stems = tokens.iter().map(|token| known(token.meaning.stem_rank));
            self.ranks.sift(stems);
        }
        if params.word_parts {
            let prefixes = tokens.iter().map(|token| known(token.meaning.prefix_rank));
            self.ranks.sift(prefixes);
        }
    }

    /// Pairs of stems that are not neighbours. Leaves the stems, and the hash of each.
    fn skips(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) {
        let stems = tokens.iter().map(|token| token.meaning.stem);
        self.stems.clear();
        self.stems.extend(stems);
        let extractor = &self.extractor;
        let starts = self.stems.iter().map(|&stem| extractor.skip_start(stem));
        self.hashes.clear();
        self.hashes.extend(starts);
        for apart in 2..=extractor.params().skip_window {
            let others = self.stems.iter().skip(apart);
            self.candidates
                .sift(self.hashes.iter().zip(others).map(|(&start, &stem)| {
                    let hash = combine(start, stem);
                    (vocabulary.may_contain(hash), hash)
                }));
        }
    }

    /// N-grams over the stems, of two and more.
    fn ngrams(&mut self, vocabulary: &Vocabulary) {
        let (shortest, longest) = self.extractor.params().ngram_range;
        self.hashes.clear();
        self.hashes
            .extend(self.stems.iter().map(|&stem| word_hash(stem)));
        for length in 2..=longest {
            let next = self.stems.iter().skip(length - 1);
            let is_wanted = length >= shortest;
            self.candidates
                .sift(self.hashes.iter_mut().zip(next).map(|(hash, &stem)| {
                    *hash = combine(*hash, stem);
                    (is_wanted & vocabulary.may_contain(*hash), *hash)
                }));
        }
    }

    /// N-grams of two and more tokens in which at least one stands for its class.
    fn class_ngrams(&mut self, vocabulary: &Vocabulary) {
        let parts = self.extractor.parts();
        self.hashes.clear();
        self.hashes
            .extend(parts.iter().map(|part| word_hash(part.hash)));
        self.has_class.clear();
        self.has_class
            .extend(parts.iter().map(|part| part.is_class));
        for length in 2..=self.extractor.params().class_ngrams {
            let next = parts.iter().skip(length - 1);
            let ngrams = self.hashes.iter_mut().zip(&mut self.has_class).zip(next);
            self.candidates
                .sift(ngrams.map(|((hash, has_class), part)| {
                    *hash = combine(*hash, part.hash);
                    *has_class |= part.is_class;
                    (*has_class & vocabulary.may_contain(*hash), *hash)
                }));
        }
    }

    /// Classes of words, each negated or not.
    fn classes(&mut self) {
        let marks = self.extractor.marks().iter();
        let ranks = &self.class_ranks;
        self.ranks
            .sift(marks.map(|mark| known(ranks.of_class(mark.name as usize))));
    }

    /// The first class of each word with the word's ending.
    fn endings(&mut self, tokens: &[Token]) {
        if !self.extractor.params().word_parts {
            return;
        }
        let ranks = &self.class_ranks;
        self.ranks.sift(tokens.iter().map(|token| {
            let class = token.meaning.classes.first();
            let rank = ranks.of_ending(class.unwrap_or_default(), token.meaning.ending);
            (class.is_some() && rank != NO_RANK, rank)
        }));
    }

    /// Pairs of classes of different tokens within the window.
    fn pairs(&mut self) {
        let window = self.extractor.params().pair_window as u32; // at most WINDOW_LIMIT
        let marks = self.extractor.marks();
        let mut end = 0;
        for (at, one) in marks.iter().enumerate() {
            let behind = marks[end..].iter();
            end += behind
                .take_while(|other| other.token - one.token <= window)
                .count();
            let ranks = self.class_ranks.of_pairs(one.name as usize);
            self.ranks.sift(marks[at + 1..end].iter().map(|other| {
                let rank = ranks[other.name as usize];
                (other.token != one.token && rank != NO_RANK, rank)
            }));
        }
    }
}

/// Whether a rank is one, and the rank.
#[inline]
fn known(rank: u32) -> (bool, u32) {
    (rank != NO_RANK, rank)
}
