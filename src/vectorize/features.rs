//! Tokens → features: the terms of a sentence, each with the tokens that it covers.
//!
//! | feature | term | example |
//! | --- | --- | --- |
//! | n-gram over stems and masks | stems joined by a blank | `accus ACTOR of` |
//! | two stems with some tokens between them | an underscore for those | `reject _ claim` |
//! | beginning of a word | five letters and a star | `fabri*` |
//! | lexicon class, negated or not | the class | `DENY`, `NOT_DENY` |
//! | n-gram over classes, with the stems between them | the same | `DENY the CLAIM` |
//! | lexicon class with the ending of its word | joined by a plus | `DENY+ing` |
//! | two classes in this order within a window | joined by two dots | `DENY..CLAIM` |
//!
//! Terms are 64-bit hashes while text is read, and text in the vocabulary.

use crate::token::{ClassSet, Ending, Lexicon, Token, TokenKind, combine, hash_name};
use crate::{Error, Result};

/// Which features are made. The default is what the shipped model uses.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureParams {
    /// Shortest and longest n-gram over stems.
    pub ngram_range: (usize, usize),
    /// Longest n-gram in which lexicon classes stand for their words; 0 for no lexicon features at all.
    pub class_ngrams: usize,
    /// How many tokens apart two classes may stand to form a pair; 0 for no pairs.
    pub pair_window: usize,
    /// How many tokens after a negation a class counts as negated; 0 for no negation marks.
    pub negation_window: usize,
    /// How many tokens apart two stems may stand that are taken together without what is between them; 0 or 1 for none.
    #[serde(default)]
    pub skip_window: usize,
    /// Whether the beginnings of words, and the endings of words with a class, are features.
    #[serde(default)]
    pub word_parts: bool,
}

impl Default for FeatureParams {
    fn default() -> Self {
        Self {
            ngram_range: (1, 2),
            class_ngrams: 3,
            pair_window: 8,
            negation_window: 4,
            skip_window: 3,
            word_parts: true,
        }
    }
}

impl FeatureParams {
    /// The longest n-gram that can be asked for.
    pub const NGRAM_LIMIT: usize = 5;
    /// The widest window that can be asked for, in tokens.
    pub const WINDOW_LIMIT: usize = 1000;

    pub(crate) fn check(&self) -> Result<()> {
        let (shortest, longest) = self.ngram_range;
        if shortest == 0 || shortest > longest || longest > Self::NGRAM_LIMIT {
            return Err(Error::Parameter {
                name: "ngram_range",
                found: format!("{shortest},{longest}"),
                needed: "two numbers from 1 to 5, the smaller first",
            });
        }
        for (name, window) in [
            ("pair_window", self.pair_window),
            ("negation_window", self.negation_window),
            ("skip_window", self.skip_window),
        ] {
            if window > Self::WINDOW_LIMIT {
                return Err(Error::Parameter {
                    name,
                    found: window.to_string(),
                    needed: "at most 1000",
                });
            }
        }
        if self.class_ngrams > Self::NGRAM_LIMIT {
            return Err(Error::Parameter {
                name: "class_ngrams",
                found: self.class_ngrams.to_string(),
                needed: "at most 5",
            });
        }
        Ok(())
    }
}

/// One occurrence of a term.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Feature {
    /// The hash of the term.
    pub(crate) hash: u64,
    /// The first token that it covers.
    pub(crate) first: u32,
    /// The last token that it covers.
    pub(crate) last: u32,
    pub(super) form: Form,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    Stem,
    Stems,
    /// The first and the last stem.
    Skip,
    Prefix,
    Classes,
    /// With the column of the class.
    Ending(usize),
    /// By its name.
    Class(usize),
    Pair(usize, usize),
}

/// What a token is in an n-gram over classes: its first class, or its stem where it has none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) hash: u64,
    pub(super) is_class: bool,
}

/// A class as it stands in a sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) token: u32,
    /// The place of its name.
    pub(super) name: u32,
    hash: u64,
}

const NGRAM: u64 = 1;
const PAIR: u64 = 2;

/// Stands for the tokens between two stems.
const SKIPPED: &str = "_";

/// Makes features from tokens.
#[derive(Debug, Clone)]
pub(crate) struct FeatureExtractor {
    params: FeatureParams,
    /// The names of each class: as it is, and negated.
    names: Vec<String>,
    hashes: Vec<u64>,
    /// The hash of each class with each ending.
    endings: Vec<[u64; Ending::ALL.len()]>,
    skipped: u64,
    actor: usize,
    negation: ClassSet,
    marks: Vec<Mark>,
    parts: Vec<Part>,
}

impl FeatureExtractor {
    pub(crate) fn new(params: FeatureParams, lexicon: &Lexicon) -> Self {
        // Actors take part in pairs as a class of their own.
        let classes = lexicon.classes().iter().map(String::as_str);
        let names: Vec<String> = classes
            .chain(["ACTOR"])
            .flat_map(|class| [class.to_owned(), format!("NOT_{class}")])
            .collect();
        let hashes = names.iter().map(|name| hash_name(name)).collect();
        let endings = (names.iter().step_by(2))
            .map(|class| Ending::ALL.map(|ending| hash_name(&with_ending(class, ending))))
            .collect();
        Self {
            params,
            endings,
            skipped: hash_name(SKIPPED),
            actor: lexicon.classes().len(),
            negation: lexicon.class("NEG"),
            names,
            hashes,
            marks: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Hands every feature of a sentence to `found`, in an order that depends on the tokens alone.
    pub(crate) fn extract(&mut self, tokens: &[Token], mut found: impl FnMut(Feature)) {
        self.stem_ngrams(tokens, &mut found);
        self.skips(tokens, &mut found);
        if self.params.word_parts {
            prefixes(tokens, &mut found);
        }
        if self.params.class_ngrams == 0 {
            return;
        }
        if self.params.word_parts {
            self.class_endings(tokens, &mut found);
        }
        self.mark(tokens);
        self.class_ngrams(&mut found);
        for mark in &self.marks {
            let name = mark.name as usize;
            if let Some(hash) = self.class_hash(name) {
                found(Feature {
                    hash,
                    first: mark.token,
                    last: mark.token,
                    form: Form::Class(name),
                });
            }
        }
        self.pairs(&mut found);
    }

    /// The text of the term of a feature of the sentence whose features were made last. `stem` is [`Tokenizer::name`].
    ///
    /// [`Tokenizer::name`]: crate::token::Tokenizer::name
    pub(crate) fn term(
        &self,
        feature: &Feature,
        mut stem: impl FnMut(&Token) -> String,
        text: &str,
        tokens: &[Token],
    ) -> String {
        let covered = &tokens[feature.first as usize..=feature.last as usize];
        match feature.form {
            Form::Stem | Form::Stems => covered.iter().map(&mut stem).collect::<Vec<_>>().join(" "),
            Form::Skip => {
                let [first, last] = [&covered[0], &covered[covered.len() - 1]].map(&mut stem);
                [first.as_str(), SKIPPED, &last].join(" ")
            }
            Form::Prefix => covered[0].prefix_in(text),
            Form::Ending(class) => with_ending(
                &self.names[name_of(class, false)],
                covered[0].meaning.ending,
            ),
            Form::Classes => covered
                .iter()
                .map(|token| {
                    token.meaning.classes.first().map_or_else(
                        || stem(token),
                        |class| self.names[name_of(class, false)].clone(),
                    )
                })
                .collect::<Vec<_>>()
                .join(" "),
            Form::Class(name) => self.names[name].clone(),
            Form::Pair(one, other) => format!("{}..{}", self.names[one], self.names[other]),
        }
    }

    /// The hash of a term from its text.
    pub(crate) fn hash_of_term(term: &str) -> u64 {
        let (mut hash, mut start) = (NGRAM, 0);
        for (at, byte) in term.bytes().enumerate() {
            if byte == b' ' {
                hash = combine(hash, hash_name(&term[start..at]));
                start = at + 1;
            } else if byte == b'.' && term[at..].starts_with("..") {
                return pair_hash(hash_name(&term[..at]), hash_name(&term[at + 2..]));
            }
        }
        combine(hash, hash_name(&term[start..]))
    }

    pub(super) fn params(&self) -> &FeatureParams {
        &self.params
    }

    /// The hash that all pairs of this stem and another with a gap between them begin with.
    #[inline]
    pub(super) fn skip_start(&self, stem: u64) -> u64 {
        combine(word_hash(stem), self.skipped)
    }

    /// The classes of the sentence that was marked last.
    pub(super) fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// What the tokens of the sentence that was marked last are in an n-gram over classes.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// How many names classes have.
    pub(super) fn n_names(&self) -> usize {
        self.names.len()
    }

    /// The hash of the term of a class, by its name; none for an actor, whose mask is a term already.
    #[inline]
    pub(super) fn class_hash(&self, name: usize) -> Option<u64> {
        (name != name_of(self.actor, false)).then(|| combine(NGRAM, self.hashes[name]))
    }

    /// The hashes of the terms of a class with each of the endings.
    pub(super) fn ending_hashes(&self, class: usize) -> [u64; Ending::ALL.len()] {
        self.endings[class].map(|ending| combine(NGRAM, ending))
    }

    /// The hash of the term of two classes, by their names.
    pub(super) fn pair_hash(&self, one: usize, other: usize) -> u64 {
        pair_hash(self.hashes[one], self.hashes[other])
    }

    /// Lists what each token is in an n-gram over classes, and the classes of the sentence in order, each negated or not.
    pub(super) fn mark(&mut self, tokens: &[Token]) {
        self.marks.clear();
        self.parts.clear();
        let mut negated_until = 0;
        for (at, token) in tokens.iter().enumerate() {
            if token.after_break {
                negated_until = 0;
            }
            let negated = at < negated_until;
            let token_at = at as u32;
            if token.kind == TokenKind::Actor {
                self.push_mark(token_at, self.actor, false);
            }
            let first_class = token.meaning.classes.first();
            self.parts.push(Part {
                hash: first_class.map_or(token.meaning.stem, |class| {
                    self.hashes[name_of(class, false)]
                }),
                is_class: first_class.is_some(),
            });
            let opens_scope = token.meaning.classes.intersects(self.negation);
            for class in token.meaning.classes.iter() {
                self.push_mark(token_at, class, negated && !opens_scope);
            }
            if opens_scope {
                negated_until = at + 1 + self.params.negation_window;
            }
        }
    }

    fn push_mark(&mut self, token: u32, class: usize, negated: bool) {
        let name = name_of(class, negated);
        self.marks.push(Mark {
            token,
            name: name as u32,
            hash: self.hashes[name],
        });
    }

    /// N-grams over stems: for each first token, shortest first.
    fn stem_ngrams(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        let (shortest, longest) = self.params.ngram_range;
        for first in 0..tokens.len() {
            let mut hash = word_hash(tokens[first].meaning.stem);
            if shortest == 1 {
                found(Feature {
                    hash,
                    first: first as u32,
                    last: first as u32,
                    form: Form::Stem,
                });
            }
            for (last, token) in (first + 1..first + longest).zip(&tokens[first + 1..]) {
                hash = combine(hash, token.meaning.stem);
                if last + 1 >= first + shortest {
                    found(Feature {
                        hash,
                        first: first as u32,
                        last: last as u32,
                        form: Form::Stems,
                    });
                }
            }
        }
    }

    /// Pairs of stems that are not neighbours, within the window.
    fn skips(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        for (first, token) in tokens.iter().enumerate() {
            let start = self.skip_start(token.meaning.stem);
            let apart = self.params.skip_window.saturating_sub(1);
            let others = tokens.iter().skip(first + 2).take(apart);
            for (last, other) in (first + 2..).zip(others) {
                found(Feature {
                    hash: combine(start, other.meaning.stem),
                    first: first as u32,
                    last: last as u32,
                    form: Form::Skip,
                });
            }
        }
    }

    /// The class of each word with the word's ending, which tells the tense of a verb and the number of a noun.
    fn class_endings(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        for (at, token) in (0..).zip(tokens) {
            if let Some(class) = token.meaning.classes.first() {
                found(Feature {
                    hash: self.ending_hashes(class)[token.meaning.ending as usize],
                    first: at,
                    last: at,
                    form: Form::Ending(class),
                });
            }
        }
    }

    /// N-grams of two or more tokens in which at least one stands for its class: for each first token, shortest first.
    fn class_ngrams(&self, found: &mut impl FnMut(Feature)) {
        let parts = &self.parts;
        for first in 0..parts.len() {
            let mut hash = combine(NGRAM, parts[first].hash);
            let mut has_class = parts[first].is_class;
            for (last, part) in
                (first + 1..first + self.params.class_ngrams).zip(&parts[first + 1..])
            {
                hash = combine(hash, part.hash);
                has_class |= part.is_class;
                if has_class {
                    found(Feature {
                        hash,
                        first: first as u32,
                        last: last as u32,
                        form: Form::Classes,
                    });
                }
            }
        }
    }

    /// Pairs of classes of different tokens within the window.
    fn pairs(&self, found: &mut impl FnMut(Feature)) {
        let window = self.params.pair_window as u32; // at most WINDOW_LIMIT
        for (at, one) in self.marks.iter().enumerate() {
            for other in &self.marks[at + 1..] {
                let apart = other.token - one.token;
                if apart > window {
                    break;
                }
                if apart > 0 {
                    found(Feature {
                        hash: pair_hash(one.hash, other.hash),
                        first: one.token,
                        last: other.token,
                        form: Form::Pair(one.name as usize, other.name as usize),
                    });
                }
            }
        }
    }
}

/// The beginnings of the words that are longer than that.
fn prefixes(tokens: &[Token], found: &mut impl FnMut(Feature)) {
    for (at, token) in (0..).zip(tokens) {
        if token.meaning.prefix != 0 {
            found(Feature {
                hash: word_hash(token.meaning.prefix),
                first: at,
                last: at,
                form: Form::Prefix,
            });
        }
    }
}

/// The hash of the term of one word, from that of its stem, its mask or its beginning.
#[inline]
pub(crate) fn word_hash(name: u64) -> u64 {
    combine(NGRAM, name)
}

#[inline]
fn pair_hash(one: u64, other: u64) -> u64 {
    combine(combine(PAIR, one), other)
}

/// The place of the name of a class.
fn name_of(class: usize, negated: bool) -> usize {
    2 * class + usize::from(negated)
}

fn with_ending(class: &str, ending: Ending) -> String {
    format!("{class}+{}", ending.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::token::{Resources, Tokenizer};

    /// The terms of a sentence under the shipped tables.
    fn terms(text: &str) -> Vec<String> {
        let mut tokenizer = Tokenizer::new(Resources::shipped().into());
        let mut extractor =
            FeatureExtractor::new(FeatureParams::default(), &crate::Lexicon::shipped());
        tokenizer.tokenize(text, Span::new(0, text.len()));
        let tokens = tokenizer.tokens().to_vec();
        let mut features = Vec::new();
        extractor.extract(&tokens, |feature| features.push(feature));
        let term = |feature: &Feature| {
            let term = extractor.term(feature, |token| tokenizer.name(text, token), text, &tokens);
            assert_eq!(
                FeatureExtractor::hash_of_term(&term),
                feature.hash,
                "{term}"
            );
            term
        };
        features.iter().map(term).collect()
    }

    #[test]
    fn every_kind_of_term_has_the_hash_of_its_text() {
        let terms = terms("Russia never denied the fabricated claim, said 3.5 Kenyan envoys.");
        for term in [
            "ACTOR",
            "never deni",
            "deni _ fabric",
            "fabri*",
            "DENY+ed",
            "NOT_DENY",
            "DENY the",
            "ACTOR..NOT_CLAIM",
        ] {
            assert!(
                terms.iter().any(|found| found == term),
                "{term} in {terms:?}"
            );
        }
        assert!(!terms.iter().any(|term| term == "DENY"), "it is negated");
    }

    #[test]
    fn nothing_is_made_of_nothing() {
        assert!(terms("").is_empty());
    }
}
