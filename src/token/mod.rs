//! Sentence → tokens: words in one spelling, stemmed, with their lexicon classes, and with actors masked.
//!
//! What is said must count, not who says it: a name, a country or an organisation becomes the one token `ACTOR`,
//! whatever its length (`Russian Foreign Minister Sergei Lavrov`), a number `NUM`, a month or weekday `DATE`.
//!
//! ```
//! use rejoinder::{Resources, Span, Tokenizer};
//!
//! let text = "Iranian officials denied the U.S. claims.";
//! let mut tokenizer = Tokenizer::new(Resources::shipped().into());
//! let stems: Vec<String> = tokenizer
//!     .tokenize(text, Span::new(0, text.len()))
//!     .to_vec()
//!     .iter()
//!     .map(|token| tokenizer.name(text, token))
//!     .collect();
//! assert_eq!(stems, ["ACTOR", "deni", "the", "ACTOR", "claim"]);
//! ```

mod actor;
mod hash;
mod lexicon;
mod mask;
mod memo;
mod normalise;
mod phrase;
mod spellings;
mod word;

use std::sync::Arc;

use rust_stemmers::Stemmer;

pub use self::actor::{ACTORS, ActorTable};
pub(crate) use self::hash::{Filter, HashMap, HashSet, combine, hash_name};
pub(crate) use self::lexicon::{ClassSet, for_each_row};
pub use self::lexicon::{LEXICON, Lexicon};
pub(crate) use self::memo::Memo;
pub(crate) use self::normalise::Ending;
pub(crate) use self::normalise::{Shape, normalise};
use self::normalise::{prefix, tells_no_more};
use self::phrase::Node;
pub(crate) use self::spellings::Spellings;
use self::word::Gap;
pub(crate) use self::word::{RawWord, split};
use crate::Span;

/// What tokens are made with: tables, and the words that a model has met in lower case.
#[derive(Debug, Clone)]
pub struct Resources {
    /// Lexicon classes.
    pub lexicon: Lexicon,
    /// Actors to mask.
    pub actors: ActorTable,
    known: HashSet<u64>,
    masks: Masks,
}

/// The hashes of the names that stand for masked words.
#[derive(Debug, Clone, Copy)]
struct Masks {
    actor: u64,
    number: u64,
    date: u64,
}

impl Resources {
    /// Joins the tables with the known stems: a capitalised word that opens a sentence is a name unless its stem is
    /// known (or in the lexicon).
    pub fn new<'a>(
        lexicon: Lexicon,
        actors: ActorTable,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            lexicon,
            actors,
            known: known.into_iter().map(hash_name).collect(),
            masks: Masks {
                actor: hash_name(ACTOR),
                number: hash_name(NUMBER),
                date: hash_name(DATE),
            },
        }
    }

    /// The tables that ship with this crate, and no known stems.
    pub fn shipped() -> Self {
        Self::new(Lexicon::shipped(), ActorTable::shipped(), [])
    }
}

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// An ordinary word, known by its stem.
    Word,
    /// A name of one or more words.
    Actor,
    /// A number in digits.
    Number,
    /// A month or a weekday.
    Date,
}

const ACTOR: &str = "ACTOR";
const NUMBER: &str = "NUM";
const DATE: &str = "DATE";

impl TokenKind {
    /// The name that stands for the words of a masked token.
    fn mask(self) -> Option<&'static str> {
        match self {
            Self::Word => None,
            Self::Actor => Some(ACTOR),
            Self::Number => Some(NUMBER),
            Self::Date => Some(DATE),
        }
    }
}

/// A word, or a masked run of words, of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Where it stands in the text.
    pub span: Span,
    /// What it stands for.
    pub kind: TokenKind,
    /// Whether it stands inside quotation marks.
    pub quoted: bool,
    /// Whether a mark that parts clauses stands before it.
    pub after_break: bool,
    /// The hash of its first word in normalised form.
    pub(crate) form: u64,
    /// The hash of its stem or mask.
    pub(crate) stem: u64,
    pub(crate) classes: ClassSet,
    /// The hash of its beginning; 0 for a mask and a short word.
    pub(crate) prefix: u64,
    pub(crate) ending: Ending,
    actor: Option<u32>,
}

/// A word of a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    /// The token that it belongs to.
    pub(crate) token: usize,
    pub(crate) span: Span,
    /// The hash of its stem, also inside a mask.
    pub(crate) stem: u64,
    /// Whether a name of the actor table begins with it.
    pub(crate) begins_name: bool,
}

/// What is known of a word by its spelling alone.
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, each read on its own"
)]
struct Word {
    form: u64,
    stem: u64,
    /// The hash of its beginning; 0 for a short word.
    prefix: u64,
    classes: ClassSet,
    ending: Ending,
    shape: Shape,
    possessive: bool,
    known: bool,
    /// Where the phrases go on that start with it.
    phrase: Option<Node>,
    /// Where the names go on that start with it.
    name: Option<Node>,
    continues_phrase: bool,
    continues_name: bool,
}

/// Splits sentences into tokens. Every distinct spelling is normalised, stemmed and looked up once.
pub struct Tokenizer {
    resources: Arc<Resources>,
    stemmer: Stemmer,
    memo: Memo<Word>,
    raw: Vec<RawWord>,
    words: Vec<Word>,
    tokens: Vec<Token>,
}

impl Token {
    /// Whether it is a name that the actor table does not know.
    pub(crate) fn is_unknown_name(&self) -> bool {
        self.kind == TokenKind::Actor && self.actor.is_none()
    }

    /// The beginning of its word, as terms have it: five letters and a star; empty for a word that is no longer.
    pub(crate) fn prefix_in(&self, text: &str) -> String {
        prefix(&normalise(self.span.of(text)).form).unwrap_or_default()
    }
}

impl Tokenizer {
    /// A tokenizer with an empty memo; one for each thread.
    pub fn new(resources: Arc<Resources>) -> Self {
        Self {
            resources,
            stemmer: Stemmer::create(rust_stemmers::Algorithm::English),
            memo: Memo::new(),
            raw: Vec::new(),
            words: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// The tokens of one sentence, in order. Spans index `text`.
    pub fn tokenize(&mut self, text: &str, sentence: Span) -> &[Token] {
        self.read_words(text, sentence);
        mask::tokens(
            &self.resources,
            text,
            &self.raw,
            &self.words,
            &mut self.tokens,
        );
        &self.tokens
    }

    /// The tokens of the sentence that was read last.
    pub(crate) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The words of the sentence that was read last, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part> {
        let mut at = 0;
        self.raw.iter().zip(&self.words).map(move |(raw, word)| {
            while self.tokens[at].span.end < raw.end {
                at += 1;
            }
            Part {
                token: at,
                span: Span::new(raw.start, raw.end),
                stem: word.stem,
                begins_name: word.name.is_some(),
            }
        })
    }

    /// The stem or the mask of a token: what terms are made of.
    pub fn name(&self, text: &str, token: &Token) -> String {
        match token.kind.mask() {
            Some(mask) => mask.to_owned(),
            None => self
                .stemmer
                .stem(&normalise(token.span.of(text)).form)
                .into_owned(),
        }
    }

    /// The stems of the words that a token covers, several for a name; nothing is masked.
    pub(crate) fn stems(&self, text: &str, token: &Token) -> impl Iterator<Item = String> {
        let mut words = Vec::new();
        word::split(text, token.span.start, token.span.end, &mut words);
        words.into_iter().map(|word| {
            let form = normalise(&text[word.start..word.end]).form;
            self.stemmer.stem(&form).into_owned()
        })
    }

    /// The ISO 3166-1 alpha-3 or CAMEO code of a masked actor, where the table has one.
    pub fn actor_code(&self, token: &Token) -> Option<&str> {
        let code = &self.resources.actors.get(token.actor?).code;
        (!code.is_empty()).then_some(code.as_str())
    }

    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.resources.lexicon
    }

    fn read_words(&mut self, text: &str, sentence: Span) {
        self.raw.clear();
        self.words.clear();
        word::split(text, sentence.start, sentence.end, &mut self.raw);
        let (resources, stemmer, memo) = (&self.resources, &self.stemmer, &mut self.memo);
        self.words.extend(self.raw.iter().map(|raw| {
            let span = raw.start..raw.end;
            memo.get_or_insert_with(&text.as_bytes()[span.clone()], || {
                look_up(resources, stemmer, &text[span])
            })
        }));
    }
}

fn look_up(resources: &Resources, stemmer: &Stemmer, surface: &str) -> Word {
    let normalised = normalise(surface);
    let form = hash_name(&normalised.form);
    let stem = stemmer.stem(&normalised.form);
    let prefix = prefix(&normalised.form)
        .filter(|prefix| !tells_no_more(prefix, &stem))
        .map_or(0, |prefix| hash_name(&prefix));
    let stem = hash_name(&stem);
    let classes = resources.lexicon.classes_of(form, stem);
    Word {
        form,
        stem,
        prefix,
        classes,
        ending: Ending::of(&normalised.form),
        shape: normalised.shape,
        possessive: normalised.possessive,
        known: !classes.is_empty() || resources.known.contains(&stem),
        phrase: resources.lexicon.phrases().start(stem),
        name: resources.actors.names().start(form),
        continues_phrase: resources.lexicon.phrases().continues(stem),
        continues_name: resources.actors.names().continues(form),
    }
}
