//! Tokens → the terms of a sentence and of its article.

use super::number::{NumberReader, NumberWords};
use super::print::{Kind, Print, Term};
use crate::token::{ClassSet, Lexicon, Part, Token, TokenKind, Tokenizer, combine, hash_name};
use crate::vectorize::Vectorizer;

/// Reads the terms of one sentence after the other, in memory that it reuses.
#[derive(Debug, Clone)]
pub(crate) struct PrintReader {
    weights: Weights,
    numbers: NumberWords,
    /// Classes whose words stand for one another, and the hashes of all classes.
    claiming: ClassSet,
    classes: Vec<u64>,
    sentence: Vec<Term>,
    article: Vec<Term>,
}

/// Classes whose words are exchanged when a text is rewritten.
const CLAIMING: [&str; 8] = [
    "ACCUSE",
    "DENY",
    "REJECT",
    "CRITICISE",
    "OFFER",
    "READY",
    "AGREE",
    "SAY",
];

impl PrintReader {
    pub(crate) fn new(vectorizer: &Vectorizer, lexicon: &Lexicon) -> Self {
        let claiming = CLAIMING.iter().fold(ClassSet::default(), |set, name| {
            set.union(lexicon.class(name))
        });
        Self {
            weights: Weights::new(vectorizer.idf()),
            numbers: NumberWords::default(),
            claiming,
            classes: lexicon
                .classes()
                .iter()
                .map(|name| hash_name(name))
                .collect(),
            sentence: Vec::new(),
            article: Vec::new(),
        }
    }

    /// Begins an article.
    pub(crate) fn begin(&mut self) {
        self.article.clear();
    }

    /// Reads the sentence that the tokenizer read last.
    pub(crate) fn read(&mut self, vectorizer: &Vectorizer, tokenizer: &Tokenizer, text: &str) {
        self.sentence.clear();
        let tokens = tokenizer.tokens();
        let mut number = NumberReader::default();
        let mut before = None;
        for part in tokenizer.parts() {
            let token = &tokens[part.token];
            if before != Some(part.token) {
                self.code(tokenizer, token);
            }
            match token.kind {
                TokenKind::Number => {
                    let ended = number.digits(part.span.of(text));
                    self.number(ended);
                    let dated =
                        before.is_some_and(|before: usize| tokens[before].kind == TokenKind::Date);
                    if dated {
                        number.end(); // the day of a month
                    }
                }
                TokenKind::Date => {
                    number.end(); // the day before a month
                }
                TokenKind::Word => {
                    let read = number.word(&self.numbers, part.stem);
                    self.number(read.ended);
                    if !read.is_number {
                        self.word(vectorizer, token, part);
                    }
                }
                TokenKind::Actor => {
                    self.number(number.end());
                    self.name(vectorizer, part);
                }
            }
            before = Some(part.token);
        }
        let ended = number.end();
        self.number(ended);
        self.article.extend(&self.sentence);
    }

    /// The sentence that was read last.
    pub(crate) fn sentence(&mut self) -> Print {
        Print::new(&mut self.sentence)
    }

    /// The sentences since the beginning of the article.
    pub(crate) fn article(&mut self) -> Print {
        Print::new(&mut self.article)
    }

    fn code(&mut self, tokenizer: &Tokenizer, token: &Token) {
        if let Some(code) = tokenizer.actor_code(token) {
            let hash = combine(CODE, hash_name(code));
            self.sentence
                .push(Term::new(hash, Kind::Name, Weights::CODE));
        }
    }

    fn number(&mut self, number: Option<f64>) {
        if let Some(number) = number {
            let hash = combine(NUMBER, (number * 100.0) as u64);
            let weight = if number > 12.0 {
                Weights::NUMBER
            } else {
                Weights::SMALL_NUMBER
            };
            self.sentence.push(Term::new(hash, Kind::Number, weight));
        }
    }

    fn word(&mut self, vectorizer: &Vectorizer, token: &Token, part: Part) {
        let class = token
            .meaning
            .classes
            .first()
            .filter(|_| token.meaning.classes.intersects(self.claiming));
        let stem = class.map_or(part.stem, |class| self.classes[class]);
        let weight = self.weights.of(vectorizer.idf_of_stem(stem));
        if weight > 0 {
            self.sentence.push(Term::new(stem, Kind::Word, weight));
        }
    }

    /// A word of a name, without offices and without what its code stands for.
    fn name(&mut self, vectorizer: &Vectorizer, part: Part) {
        if part.begins_name {
            return;
        }
        let weight = self.weights.of(vectorizer.idf_of_stem(part.stem));
        if weight > 0 {
            self.sentence.push(Term::new(part.stem, Kind::Name, weight));
        }
    }
}

const CODE: u64 = 3;
const NUMBER: u64 = 4;

/// Inverse document frequency → weight.
#[derive(Debug, Clone, Copy)]
struct Weights {
    most: f32,
}

impl Weights {
    /// A word with less stands everywhere: in one sentence of twenty or more.
    const FLOOR: f32 = 4.0;
    const CODE: u8 = 128;
    const NUMBER: u8 = 192;
    /// Of a number up to twelve.
    const SMALL_NUMBER: u8 = 96;

    fn new(idf: &[f32]) -> Self {
        let most = idf.iter().copied().fold(Self::FLOOR + 1.0, f32::max);
        Self { most }
    }

    /// The weight of a word; one that is not in the vocabulary weighs most.
    fn of(self, idf: Option<f32>) -> u8 {
        let share = (idf.unwrap_or(self.most) - Self::FLOOR) / (self.most - Self::FLOOR);
        (share * 255.0).clamp(0.0, 255.0) as u8
    }
}
