//! Tokens → the terms of the vocabulary that stand in a sentence: where each occurs, and each once with its weight.
//!
//! The features are those of [`FeatureExtractor::extract`]. Terms go by their ranks here: those of one word come with the tokens, those of
//! classes from a table; only n-grams are looked up by their hashes. Each kind has a short loop without a branch that could be guessed wrong.

use std::ops::Range;

use super::features::{FeatureExtractor, word_hash};
use super::sieve::Sieve;
use super::{TermFrequency, Vectorizer, VectorizerParams, Vocabulary};
use crate::token::{Ending, Lexicon, NO_RANK, Token, combine};

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

/// A term of the sentence that stands in a part of it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PartHit {
    /// The place of the term among the hits of the sentence.
    pub(crate) hit: u32,
    count: u32,
    /// Its weight, with all weights of the part scaled by their length.
    pub(crate) value: f32,
}

/// An occurrence of a term of the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Occurrence {
    pub(crate) rank: u32,
    first: u32,
    last: u32,
    /// The place of its hit, once hits are made.
    hit: u32,
}

impl Occurrence {
    /// Whether the rank is one, and its occurrence.
    #[inline]
    fn known(rank: u32, first: usize, last: usize) -> (bool, Self) {
        let occurrence = Self {
            rank,
            first: first as u32,
            last: last as u32,
            hit: 0,
        };
        (rank != NO_RANK, occurrence)
    }
}

/// An n-gram that may be a term of the vocabulary.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    hash: u64,
    first: u32,
    last: u32,
}

impl Candidate {
    #[inline]
    fn new(hash: u64, first: usize, last: usize) -> Self {
        Self {
            hash,
            first: first as u32,
            last: last as u32,
        }
    }
}

/// Reads the terms of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct TermReader {
    extractor: FeatureExtractor,
    class_ranks: ClassRanks,
    stems: Vec<u64>,
    /// For each token the hash of the n-gram that begins with it, of as many tokens as were joined up to now.
    hashes: Vec<u64>,
    /// For each token whether that n-gram has a class.
    has_class: Vec<bool>,
    candidates: Sieve<Candidate>,
    occurrences: Sieve<Occurrence>,
    hits: Vec<Hit>,
    parts: Parts,
    /// By rank.
    terms: Vec<Term>,
}

/// The parts of the sentence that was read last.
#[derive(Debug, Clone, Default)]
struct Parts {
    /// For each token the number of its part, from 1 on; 0 for a token of none.
    of_token: Vec<u32>,
    /// The hits of the occurrences that stand wholly in a part, part by part in the order of the sentence.
    occurrences: Vec<u32>,
    /// Where those of each part end, by its number.
    ends: Vec<usize>,
    hits: Vec<PartHit>,
    /// For each hit of the sentence its place among those of the part, [`NOWHERE`] between parts.
    places: Vec<u32>,
}

/// What is read and written of a term for each of its occurrences, in one place.
#[derive(Debug, Clone, Copy)]
struct Term {
    idf: f32,
    /// Where its hit stands while hits are made, [`NOWHERE`] before and after.
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
            class_ranks: ClassRanks::new(&extractor, vectorizer.vocabulary()),
            extractor,
            stems: Vec::new(),
            hashes: Vec::new(),
            has_class: Vec::new(),
            candidates: Sieve::default(),
            occurrences: Sieve::default(),
            hits: Vec::new(),
            parts: Parts::default(),
            terms: terms.collect(),
        }
    }

    /// The occurrences of terms in a sentence, in an order that depends on the tokens alone.
    ///
    /// The tokens must tell the ranks of this vocabulary.
    pub(crate) fn read(&mut self, vocabulary: &Vocabulary, tokens: &[Token]) -> &[Occurrence] {
        self.candidates.clear();
        self.occurrences.clear();
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
        self.occurrences.sift(candidates.map(|candidate| {
            let rank = vocabulary.rank(candidate.hash).unwrap_or(NO_RANK);
            Occurrence::known(rank, candidate.first as usize, candidate.last as usize)
        }));
        self.occurrences.as_slice()
    }

    /// What was read last.
    pub(crate) fn occurrences(&self) -> &[Occurrence] {
        self.occurrences.as_slice()
    }

    /// The terms of the sentence that was read last, each once.
    pub(crate) fn weigh(&mut self, params: &VectorizerParams) -> &[Hit] {
        let occurrences = self.occurrences.as_mut_slice();
        count(occurrences, &mut self.terms, &mut self.hits);
        weigh(params, &mut self.hits, |hit| (hit.count, &mut hit.value));
        &self.hits
    }

    /// Parts the sentence of so many tokens whose terms were weighed last: no token is in two of the parts.
    pub(crate) fn part(&mut self, n_tokens: usize, parts: &[Range<u32>]) {
        let occurrences = self.occurrences.as_slice();
        self.parts.part(occurrences, n_tokens, parts);
        self.parts.places.resize(self.hits.len(), NOWHERE);
    }

    /// The terms of the sentence, and those that stand wholly in a part of it, weighted as if these were all.
    pub(crate) fn read_part(
        &mut self,
        params: &VectorizerParams,
        part: usize,
    ) -> (&[Hit], &[PartHit]) {
        let part = self.parts.read(part, params, &self.hits, &self.terms);
        (&self.hits, part)
    }

    /// The terms that were weighed last.
    pub(crate) fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Stems, masks and beginnings of words.
    fn words(&mut self, tokens: &[Token]) {
        let params = self.extractor.params();
        let tokens = || tokens.iter().enumerate();
        if params.ngram_range.0 == 1 {
            let stems =
                tokens().map(|(at, token)| Occurrence::known(token.meaning.stem_rank, at, at));
            self.occurrences.sift(stems);
        }
        if params.word_parts {
            let prefixes =
                tokens().map(|(at, token)| Occurrence::known(token.meaning.prefix_rank, at, at));
            self.occurrences.sift(prefixes);
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
            let pairs = self.hashes.iter().zip(others).enumerate();
            self.candidates.sift(pairs.map(|(first, (&start, &stem))| {
                let hash = combine(start, stem);
                let candidate = Candidate::new(hash, first, first + apart);
                (vocabulary.may_contain(hash), candidate)
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
            let ngrams = self.hashes.iter_mut().zip(next).enumerate();
            self.candidates.sift(ngrams.map(|(first, (hash, &stem))| {
                *hash = combine(*hash, stem);
                let candidate = Candidate::new(*hash, first, first + length - 1);
                (is_wanted & vocabulary.may_contain(*hash), candidate)
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
            let ngrams = self
                .hashes
                .iter_mut()
                .zip(&mut self.has_class)
                .zip(next)
                .enumerate();
            self.candidates
                .sift(ngrams.map(|(first, ((hash, has_class), part))| {
                    *hash = combine(*hash, part.hash);
                    *has_class |= part.is_class;
                    let candidate = Candidate::new(*hash, first, first + length - 1);
                    (*has_class & vocabulary.may_contain(*hash), candidate)
                }));
        }
    }

    /// Classes of words, each negated or not.
    fn classes(&mut self) {
        let marks = self.extractor.marks().iter();
        let ranks = &self.class_ranks;
        self.occurrences.sift(marks.map(|mark| {
            let rank = ranks.classes[mark.name as usize];
            Occurrence::known(rank, mark.token as usize, mark.token as usize)
        }));
    }

    /// The first class of each word with the word's ending.
    fn endings(&mut self, tokens: &[Token]) {
        if !self.extractor.params().word_parts {
            return;
        }
        let ranks = &self.class_ranks;
        self.occurrences
            .sift(tokens.iter().enumerate().map(|(at, token)| {
                let class = token.meaning.classes.first();
                let rank = ranks.endings[class.unwrap_or_default()][token.meaning.ending as usize];
                let (is_term, occurrence) = Occurrence::known(rank, at, at);
                (class.is_some() & is_term, occurrence)
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
            self.occurrences
                .sift(marks[at + 1..end].iter().map(|other| {
                    let rank = ranks[other.name as usize];
                    let [first, last] = [one.token, other.token].map(|token| token as usize);
                    let (is_term, occurrence) = Occurrence::known(rank, first, last);
                    ((other.token != one.token) & is_term, occurrence)
                }));
        }
    }
}

/// Makes hits of the first occurrences and counts the others; without a branch, as they were collected.
#[inline]
fn count(occurrences: &mut [Occurrence], terms: &mut [Term], hits: &mut Vec<Hit>) {
    hits.resize(occurrences.len() + 1, Hit::default());
    let mut n = 0;
    for occurrence in occurrences {
        let term = &mut terms[occurrence.rank as usize];
        let at = term.place.min(n);
        term.place = at;
        occurrence.hit = at;
        hits[n as usize] = Hit {
            rank: occurrence.rank,
            count: 0,
            first: occurrence.first,
            last: occurrence.last,
            value: term.idf,
        };
        let hit = &mut hits[at as usize];
        hit.count += 1;
        if occurrence.first < hit.first {
            (hit.first, hit.last) = (occurrence.first, occurrence.last);
        }
        n += u32::from(at == n);
    }
    hits.truncate(n as usize);
    for hit in hits {
        terms[hit.rank as usize].place = NOWHERE;
    }
}

/// Turns the values of hits, which are idf, into their weights. `parts` gives the count and the value of a hit.
fn weigh<T>(params: &VectorizerParams, hits: &mut [T], parts: impl Fn(&mut T) -> (u32, &mut f32)) {
    let mut squares = 0.0;
    for hit in &mut *hits {
        let (count, value) = parts(hit);
        if params.tf != TermFrequency::Binary {
            *value *= params.tf.weight(count);
        }
        squares += f64::from(*value) * f64::from(*value);
    }
    let divisor = params.divisor(squares);
    for hit in hits {
        let (_, value) = parts(hit);
        *value = (f64::from(*value) / divisor) as f32;
    }
}

impl Parts {
    /// Sorts the occurrences by the parts that they stand in, without a branch.
    fn part(&mut self, occurrences: &[Occurrence], n_tokens: usize, parts: &[Range<u32>]) {
        self.of_token.clear();
        self.of_token.resize(n_tokens, 0);
        for (number, part) in (1..).zip(parts) {
            self.of_token[part.start as usize..part.end as usize].fill(number);
        }
        let of_token = &self.of_token;
        let part_of = |occurrence: &Occurrence| {
            let [first, last] = [occurrence.first, occurrence.last].map(|at| of_token[at as usize]);
            if first == last { first as usize } else { 0 }
        };
        self.ends.clear();
        self.ends.resize(parts.len() + 2, 0);
        for occurrence in occurrences {
            self.ends[part_of(occurrence) + 1] += 1;
        }
        for part in 1..self.ends.len() {
            self.ends[part] += self.ends[part - 1];
        }
        // Where the next of each part goes: in the end, where the next part begins.
        self.occurrences.resize(occurrences.len(), 0);
        for occurrence in occurrences {
            let end = &mut self.ends[part_of(occurrence)];
            self.occurrences[*end] = occurrence.hit;
            *end += 1;
        }
    }

    fn read(
        &mut self,
        part: usize,
        params: &VectorizerParams,
        hits: &[Hit],
        terms: &[Term],
    ) -> &[PartHit] {
        let occurrences = &self.occurrences[self.ends[part]..self.ends[part + 1]];
        let of_part = &mut self.hits;
        of_part.resize(occurrences.len() + 1, PartHit::default());
        let mut n = 0;
        for &hit in occurrences {
            let place = &mut self.places[hit as usize];
            let at = (*place).min(n);
            *place = at;
            of_part[n as usize] = PartHit {
                hit,
                count: 0,
                value: terms[hits[hit as usize].rank as usize].idf,
            };
            of_part[at as usize].count += 1;
            n += u32::from(at == n);
        }
        of_part.truncate(n as usize);
        for hit in &*of_part {
            self.places[hit.hit as usize] = NOWHERE;
        }
        weigh(params, of_part, |hit| (hit.count, &mut hit.value));
        of_part
    }
}

/// The ranks of the terms that are made of classes alone; [`NO_RANK`] for what is none.
#[derive(Debug, Clone)]
struct ClassRanks {
    /// Of each class with each ending.
    endings: Vec<[u32; Ending::ALL.len()]>,
    /// By the name of the class.
    classes: Vec<u32>,
    /// By the names of both, one row for each of the first.
    pairs: Vec<u32>,
}

impl ClassRanks {
    fn new(extractor: &FeatureExtractor, vocabulary: &Vocabulary) -> Self {
        let rank = |hash| vocabulary.rank(hash).unwrap_or(NO_RANK);
        let names = 0..extractor.n_names();
        Self {
            endings: (0..names.len() / 2)
                .map(|class| extractor.ending_hashes(class).map(rank))
                .collect(),
            classes: (names.clone())
                .map(|name| extractor.class_hash(name).map_or(NO_RANK, rank))
                .collect(),
            pairs: (names.clone())
                .flat_map(|one| names.clone().map(move |other| (one, other)))
                .map(|(one, other)| rank(extractor.pair_hash(one, other)))
                .collect(),
        }
    }

    /// The ranks of the pairs that begin with a class, by the names of both.
    #[inline]
    fn of_pairs(&self, one: usize) -> &[u32] {
        let n = self.classes.len();
        &self.pairs[one * n..][..n]
    }
}
