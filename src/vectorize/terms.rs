//! Tokens → the terms of the vocabulary that stand in a sentence, each once, with its weight.
//!
//! Terms go by their ranks here. Those of one word come with the tokens, those of classes from a table; only n-grams are looked up
//! by their hashes.

use std::ops::Range;

use super::features::{Feature, FeatureExtractor, Form, TakeFeature};
use super::{TermFrequency, Vectorizer, VectorizerParams, Vocabulary};
use crate::token::{Ending, Lexicon, NO_RANK, Token};

/// A term of the vocabulary in a sentence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Hit {
    pub(crate) rank: u32,
    /// How often it occurs.
    count: u32,
    /// The tokens that its first occurrence covers.
    pub(crate) first: u32,
    pub(crate) last: u32,
    /// Its weight, with all weights of the sentence scaled by their length.
    pub(crate) value: f32,
}

/// An occurrence of a term of the vocabulary, or of an n-gram that turns out to be none.
#[derive(Debug, Clone, Copy, Default)]
struct Occurrence {
    rank: u32,
    first: u32,
    last: u32,
}

/// An n-gram that may be a term of the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    hash: u64,
    /// The place of its occurrence.
    occurrence: u32,
}

/// Reads the terms of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct TermReader {
    extractor: FeatureExtractor,
    class_ranks: ClassRanks,
    occurrences: Vec<Occurrence>,
    n_occurrences: usize,
    candidates: Vec<Candidate>,
    hits: Vec<Hit>,
    /// Those of a part of the sentence.
    part: Vec<Hit>,
    /// By rank.
    terms: Vec<Term>,
}

/// What is read and written of a term for each of its occurrences, in one place.
#[derive(Debug, Clone, Copy)]
struct Term {
    idf: f32,
    /// Where its hit stands while a sentence is read, [`NOWHERE`] before and after.
    place: u32,
}

/// The place of a hit that is not there.
const NOWHERE: u32 = u32::MAX;

impl TermReader {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon) -> Self {
        let extractor = FeatureExtractor::new(vectorizer.params().features.clone(), lexicon);
        let columns = vectorizer.vocabulary().order().iter();
        let terms = columns.map(|&column| Term {
            idf: vectorizer.idf()[column as usize],
            place: NOWHERE,
        });
        Self {
            class_ranks: ClassRanks::new(&extractor, vectorizer),
            extractor,
            occurrences: Vec::new(),
            n_occurrences: 0,
            candidates: Vec::new(),
            hits: Vec::new(),
            part: Vec::new(),
            terms: terms.collect(),
        }
    }

    /// The known terms of a sentence in the order of their first occurrence.
    ///
    /// The tokens must tell the ranks of this vectorizer's terms.
    pub(crate) fn read(&mut self, vectorizer: &Vectorizer, tokens: &[Token]) -> &[Hit] {
        let (n_occurrences, n_candidates) = self.collect(vectorizer, tokens);
        for candidate in &self.candidates[..n_candidates] {
            let rank = vectorizer.vocabulary().rank(candidate.hash);
            self.occurrences[candidate.occurrence as usize].rank = rank.unwrap_or(NO_RANK);
        }
        self.n_occurrences = n_occurrences;
        let occurrences = self.occurrences[..n_occurrences].iter();
        count(occurrences, &mut self.terms, &mut self.hits);
        weigh(vectorizer.params(), &mut self.terms, &mut self.hits);
        &self.hits
    }

    /// The terms of the sentence that was read last, and those of them that stand wholly in some of its tokens, weighted as if
    /// these were all.
    pub(crate) fn read_part(
        &mut self,
        params: &VectorizerParams,
        tokens: Range<u32>,
    ) -> (&[Hit], &[Hit]) {
        let occurrences = self.occurrences[..self.n_occurrences].iter();
        let inside = occurrences
            .filter(|occurrence| occurrence.first >= tokens.start && occurrence.last < tokens.end);
        count(inside, &mut self.terms, &mut self.part);
        weigh(params, &mut self.terms, &mut self.part);
        (&self.hits, &self.part)
    }

    /// Lists the occurrences of terms and of candidates for them, and tells how many there are of both. Where there is no room
    /// for all, it is made, and the features once more.
    fn collect(&mut self, vectorizer: &Vectorizer, tokens: &[Token]) -> (usize, usize) {
        loop {
            let mut collector = Collector {
                tokens,
                class_ranks: &self.class_ranks,
                vocabulary: vectorizer.vocabulary(),
                occurrences: &mut self.occurrences,
                candidates: &mut self.candidates,
                n_occurrences: 0,
                n_candidates: 0,
            };
            self.extractor.extract(tokens, &mut collector);
            let (n_occurrences, n_candidates) = (collector.n_occurrences, collector.n_candidates);
            if n_occurrences <= self.occurrences.len() && n_candidates <= self.candidates.len() {
                return (n_occurrences, n_candidates);
            }
            self.occurrences
                .resize(2 * n_occurrences, Occurrence::default());
            self.candidates
                .resize(2 * n_occurrences, Candidate::default());
        }
    }

    /// The terms of the sentence that was read last.
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }
}

/// Makes hits of the first occurrences and counts the others; without a branch, as they were collected.
#[inline]
fn count<'a>(
    occurrences: impl Iterator<Item = &'a Occurrence>,
    terms: &mut [Term],
    hits: &mut Vec<Hit>,
) {
    hits.resize(occurrences.size_hint().1.unwrap_or(0) + 1, Hit::default());
    let mut n = 0;
    for occurrence in occurrences {
        let Some(term) = terms.get_mut(occurrence.rank as usize) else {
            continue; // no term
        };
        let at = term.place.min(n);
        term.place = at;
        hits[n as usize] = Hit {
            rank: occurrence.rank,
            count: 0,
            first: occurrence.first,
            last: occurrence.last,
            value: term.idf,
        };
        hits[at as usize].count += 1;
        n += u32::from(at == n);
    }
    hits.truncate(n as usize);
}

/// Turns the values of hits, which are idf, into their weights.
fn weigh(params: &VectorizerParams, terms: &mut [Term], hits: &mut [Hit]) {
    let mut squares = 0.0;
    for hit in &mut *hits {
        terms[hit.rank as usize].place = NOWHERE;
        if params.tf != TermFrequency::Binary {
            hit.value *= params.tf.weight(hit.count);
        }
        squares += f64::from(hit.value) * f64::from(hit.value);
    }
    let divisor = params.divisor(squares);
    for hit in hits {
        hit.value = (f64::from(hit.value) / divisor) as f32;
    }
}

/// Keeps of the features of a sentence those that are terms, or may be.
///
/// Every feature is written, and stays only if it is counted: which ones are known no processor can foresee, and a wrong guess
/// costs more than the writing. What finds no room is counted only.
struct Collector<'a> {
    tokens: &'a [Token],
    class_ranks: &'a ClassRanks,
    vocabulary: &'a Vocabulary,
    occurrences: &'a mut [Occurrence],
    candidates: &'a mut [Candidate],
    n_occurrences: usize,
    n_candidates: usize,
}

impl TakeFeature for &mut Collector<'_> {
    #[allow(
        clippy::inline_always,
        reason = "each kind of feature has a loop, in which this comes down to one of its branches"
    )]
    #[inline(always)]
    fn take_if(&mut self, is_there: bool, feature: Feature) {
        let known = self.class_ranks.rank_of(&feature, self.tokens);
        if let Some(occurrence) = self.occurrences.get_mut(self.n_occurrences) {
            *occurrence = Occurrence {
                rank: known.unwrap_or(NO_RANK),
                first: feature.first,
                last: feature.last,
            };
        }
        if let Some(rank) = known {
            self.n_occurrences += usize::from(is_there && rank != NO_RANK);
            return;
        }
        if let Some(candidate) = self.candidates.get_mut(self.n_candidates) {
            *candidate = Candidate {
                hash: feature.hash,
                occurrence: self.n_occurrences as u32,
            };
        }
        let may_be_term = is_there & self.vocabulary.may_contain(feature.hash);
        let may_be_term = usize::from(may_be_term);
        self.n_occurrences += may_be_term;
        self.n_candidates += may_be_term;
    }
}

/// The ranks of the terms that are made of classes alone; [`NO_RANK`] for what is none.
#[derive(Debug, Clone)]
pub(super) struct ClassRanks {
    /// Of each class with each ending.
    endings: Vec<[u32; Ending::ALL.len()]>,
    /// By the name of the class.
    classes: Vec<u32>,
    /// By the names of both, one row for each of the first.
    pairs: Vec<u32>,
}

impl ClassRanks {
    pub(super) fn new(extractor: &FeatureExtractor, vectorizer: &Vectorizer) -> Self {
        let vocabulary = vectorizer.vocabulary();
        let rank = |hash| vocabulary.rank(hash).unwrap_or(NO_RANK);
        let names = 0..extractor.n_names();
        Self {
            endings: (0..names.len() / 2)
                .map(|class| extractor.ending_hashes(class).map(rank))
                .collect(),
            classes: (names.clone())
                .map(|name| rank(extractor.class_hash(name)))
                .collect(),
            pairs: (names.clone())
                .flat_map(|one| names.clone().map(move |other| (one, other)))
                .map(|(one, other)| rank(extractor.pair_hash(one, other)))
                .collect(),
        }
    }

    #[inline]
    pub(super) fn of_ending(&self, class: usize, ending: Ending) -> u32 {
        self.endings[class][ending as usize]
    }

    /// The rank of a class, by its name.
    #[inline]
    pub(super) fn of_class(&self, name: usize) -> u32 {
        self.classes[name]
    }

    /// The ranks of the pairs that begin with a class, by the names of both.
    #[inline]
    pub(super) fn of_pairs(&self, one: usize) -> &[u32] {
        let n = self.classes.len();
        &self.pairs[one * n..][..n]
    }

    /// The rank of a feature of one word or of classes alone; `None` for an n-gram, which has to be looked up.
    #[allow(
        clippy::inline_always,
        reason = "the form is known wherever this is called"
    )]
    #[inline(always)]
    fn rank_of(&self, feature: &Feature, tokens: &[Token]) -> Option<u32> {
        let token = &tokens[feature.first as usize];
        Some(match feature.form {
            Form::Stem => token.meaning.stem_rank,
            Form::Prefix => token.meaning.prefix_rank,
            Form::Ending(class) => self.of_ending(class, token.meaning.ending),
            Form::Class(name) => self.of_class(name),
            Form::Pair(one, other) => self.of_pairs(one)[other],
            Form::Stems | Form::Skip | Form::Classes => return None,
        })
    }
}
