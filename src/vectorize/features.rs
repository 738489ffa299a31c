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
    form: Form,
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Stems,
    /// The first and the last stem.
    Skip,
    Prefix,
    Classes,
    /// With its column among the classes.
    Ending(usize),
    /// By its place among the marks of the sentence.
    Class(u32),
    Pair(u32, u32),
}

/// What a token is in an n-gram over classes: its first class, or its stem where it has none.
#[derive(Debug, Clone, Copy)]
struct Part {
    hash: u64,
    is_class: bool,
}

/// A class as it stands in a sentence.
#[derive(Debug, Clone, Copy)]
struct Mark {
    token: u32,
    class: u8,
    negated: bool,
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
    names: Vec<[String; 2]>,
    hashes: Vec<[u64; 2]>,
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
        let names: Vec<[String; 2]> = lexicon
            .classes()
            .iter()
            .map(String::as_str)
            .chain(["ACTOR"])
            .map(|class| [class.to_owned(), format!("NOT_{class}")])
            .collect();
        let hashes = names
            .iter()
            .map(|pair| [hash_name(&pair[0]), hash_name(&pair[1])])
            .collect();
        let endings = names
            .iter()
            .map(|[class, _]| Ending::ALL.map(|ending| hash_name(&with_ending(class, ending))))
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
        for (at, mark) in (0..).zip(&self.marks) {
            if usize::from(mark.class) != self.actor {
                found(Feature {
                    hash: combine(NGRAM, mark.hash),
                    first: mark.token,
                    last: mark.token,
                    form: Form::Class(at),
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
            Form::Stems => covered.iter().map(&mut stem).collect::<Vec<_>>().join(" "),
            Form::Skip => {
                let [first, last] = [&covered[0], &covered[covered.len() - 1]].map(&mut stem);
                [first.as_str(), SKIPPED, &last].join(" ")
            }
            Form::Prefix => covered[0].prefix_in(text),
            Form::Ending(class) => with_ending(&self.names[class][0], covered[0].ending),
            Form::Classes => covered
                .iter()
                .map(|token| {
                    token
                        .classes
                        .first()
                        .map_or_else(|| stem(token), |class| self.names[class][0].clone())
                })
                .collect::<Vec<_>>()
                .join(" "),
            Form::Class(mark) => self.name(mark).to_owned(),
            Form::Pair(one, other) => format!("{}..{}", self.name(one), self.name(other)),
        }
    }

    /// The hash of the term that a single stem is.
    pub(crate) fn hash_of_stem(stem: u64) -> u64 {
        combine(NGRAM, stem)
    }

    /// The hash of a term from its text.
    pub(crate) fn hash_of_term(term: &str) -> u64 {
        match term.as_bytes().windows(2).position(|two| two == b"..") {
            Some(dots) => {
                let (one, other) = (&term[..dots], &term[dots + 2..]);
                combine(combine(PAIR, hash_name(one)), hash_name(other))
            }
            None => term
                .split(' ')
                .fold(NGRAM, |hash, part| combine(hash, hash_name(part))),
        }
    }

    fn name(&self, mark: u32) -> &str {
        let mark = self.marks[mark as usize];
        &self.names[usize::from(mark.class)][usize::from(mark.negated)]
    }

    /// Lists what each token is in an n-gram over classes, and the classes of the sentence in order, each negated or not.
    fn mark(&mut self, tokens: &[Token]) {
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
            let first_class = token.classes.first();
            self.parts.push(Part {
                hash: first_class.map_or(token.stem, |class| self.hashes[class][0]),
                is_class: first_class.is_some(),
            });
            let opens_scope = token.classes.intersects(self.negation);
            for class in token.classes.iter() {
                self.push_mark(token_at, class, negated && !opens_scope);
            }
            if opens_scope {
                negated_until = at + 1 + self.params.negation_window;
            }
        }
    }

    fn push_mark(&mut self, token: u32, class: usize, negated: bool) {
        self.marks.push(Mark {
            token,
            class: class as u8,
            negated,
            hash: self.hashes[class][usize::from(negated)],
        });
    }

    /// N-grams over stems: for each first token, shortest first.
    fn stem_ngrams(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        let (shortest, longest) = self.params.ngram_range;
        for first in 0..tokens.len() {
            let mut hash = NGRAM;
            for (length, token) in (1..=longest).zip(&tokens[first..]) {
                hash = combine(hash, token.stem);
                if length >= shortest {
                    found(Feature {
                        hash,
                        first: first as u32,
                        last: (first + length - 1) as u32,
                        form: Form::Stems,
                    });
                }
            }
        }
    }

    /// Pairs of stems that are not neighbours, within the window.
    fn skips(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        for (first, token) in tokens.iter().enumerate() {
            let start = combine(combine(NGRAM, token.stem), self.skipped);
            for apart in 2..=self.params.skip_window {
                let Some(other) = tokens.get(first + apart) else {
                    break;
                };
                found(Feature {
                    hash: combine(start, other.stem),
                    first: first as u32,
                    last: (first + apart) as u32,
                    form: Form::Skip,
                });
            }
        }
    }

    /// The class of each word with the word's ending, which tells the tense of a verb and the number of a noun.
    fn class_endings(&self, tokens: &[Token], found: &mut impl FnMut(Feature)) {
        for (at, token) in (0..).zip(tokens) {
            if let Some(class) = token.classes.first() {
                found(Feature {
                    hash: combine(NGRAM, self.endings[class][token.ending as usize]),
                    first: at,
                    last: at,
                    form: Form::Ending(class),
                });
            }
        }
    }

    /// N-grams of two or more tokens in which at least one stands for its class: for each first token, shortest first.
    fn class_ngrams(&self, found: &mut impl FnMut(Feature)) {
        for first in 0..self.parts.len() {
            let covered = self.parts[first..].iter().take(self.params.class_ngrams);
            let (mut hash, mut has_class) = (NGRAM, false);
            for (length, part) in (1..).zip(covered) {
                hash = combine(hash, part.hash);
                has_class |= part.is_class;
                if has_class && length > 1 {
                    found(Feature {
                        hash,
                        first: first as u32,
                        last: (first + length - 1) as u32,
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
            let start = combine(PAIR, one.hash);
            for (behind, other) in (at + 1..).zip(&self.marks[at + 1..]) {
                let apart = other.token - one.token;
                if apart > window {
                    break;
                }
                if apart > 0 {
                    found(Feature {
                        hash: combine(start, other.hash),
                        first: one.token,
                        last: other.token,
                        form: Form::Pair(at as u32, behind as u32),
                    });
                }
            }
        }
    }
}

/// The beginnings of the words that are longer than that.
fn prefixes(tokens: &[Token], found: &mut impl FnMut(Feature)) {
    for (at, token) in (0..).zip(tokens) {
        if token.prefix != 0 {
            found(Feature {
                hash: combine(NGRAM, token.prefix),
                first: at,
                last: at,
                form: Form::Prefix,
            });
        }
    }
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
