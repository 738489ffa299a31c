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
mod stem;
mod word;

use std::ops::Index;
use std::sync::Arc;

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
pub(crate) use self::stem::Stemmer;
use self::word::Gap;
pub(crate) use self::word::{RawWord, split};
use crate::{Result, Span};

/// What tokens are made with: tables, and the words that a model has met in lower case.
#[derive(Debug, Clone)]
pub struct Resources {
    /// Lexicon classes.
    pub lexicon: Lexicon,
    /// Actors to mask.
    pub actors: ActorTable,
    known: HashSet<u64>,
    /// The hashes of the masks.
    masks: Masks<u64>,
}

/// A value for each of the names that stand for masked words.
#[derive(Debug, Clone, Copy)]
struct Masks<T> {
    actor: T,
    number: T,
    date: T,
}

impl<T> Masks<T> {
    fn map<U>(self, value: impl Fn(T) -> U) -> Masks<U> {
        Masks {
            actor: value(self.actor),
            number: value(self.number),
            date: value(self.date),
        }
    }
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
            masks: MASKS.map(hash_name),
        }
    }

    /// Reads the texts of the tables, side by side, and known stems, one a line.
    ///
    /// # Errors
    /// Those of [`Lexicon::parse`] and [`ActorTable::parse`].
    pub(crate) fn parse(lexicon: &str, actors: &str, known: &str) -> Result<Self> {
        let known = || known.lines().map(hash_name).collect();
        let ((lexicon, known), actors) = rayon::join(
            || (Lexicon::parse("lexicon", lexicon), known()),
            || ActorTable::parse("actors", actors),
        );
        Ok(Self {
            lexicon: lexicon?,
            actors: actors?,
            known,
            masks: MASKS.map(hash_name),
        })
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
const MASKS: Masks<&str> = Masks {
    actor: ACTOR,
    number: NUMBER,
    date: DATE,
};

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
    pub(crate) meaning: Meaning,
    /// Its entry of the actor table; none for a person.
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

/// What terms are made of: what is left of a word when its spelling does not matter any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The hash of its stem or mask.
    pub(crate) stem: u64,
    /// The hash of its beginning; 0 for a mask and a short word.
    pub(crate) prefix: u64,
    pub(crate) classes: ClassSet,
    /// The ranks of the terms of its stem or mask, and of its beginning; [`NO_RANK`] for what is none.
    pub(crate) stem_rank: u32,
    pub(crate) prefix_rank: u32,
    pub(crate) ending: Ending,
}

impl Meaning {
    fn of_mask(stem: u64, rank_of: &RankOf) -> Self {
        Self {
            stem,
            prefix: 0,
            classes: ClassSet::default(),
            stem_rank: rank_of(stem).unwrap_or(NO_RANK),
            prefix_rank: NO_RANK,
            ending: Ending::Bare,
        }
    }

    /// The same with another ending.
    fn ending(self, ending: Ending) -> Self {
        Self { ending, ..self }
    }
}

/// The rank of what is no term.
pub(crate) const NO_RANK: u32 = u32::MAX;

/// Tells the rank of the term of one word from the hash of its stem, mask or beginning.
type RankOf = Box<dyn Fn(u64) -> Option<u32> + Send>;

/// What is known of a word by its spelling alone.
#[derive(Debug, Clone, Copy)]
struct Word {
    form: u64,
    meaning: Meaning,
    shape: Shape,
    possessive: bool,
    known: bool,
    /// Where the phrases go on that start with it.
    phrase: Option<Node>,
    /// Where the names go on that start with it.
    name: Option<Node>,
}

/// The words of a sentence.
#[derive(Clone, Copy)]
struct Words<'a> {
    /// What is known of each spelling.
    known: &'a [Word],
    /// The number of the spelling of each word.
    numbers: &'a [u32],
}

impl<'a> Words<'a> {
    fn len(self) -> usize {
        self.numbers.len()
    }

    /// The words from a place on.
    fn from(self, at: usize) -> impl Iterator<Item = &'a Word> {
        let numbers = self.numbers.get(at..).unwrap_or_default();
        numbers
            .iter()
            .map(move |&number| &self.known[number as usize])
    }
}

impl Index<usize> for Words<'_> {
    type Output = Word;

    #[inline]
    fn index(&self, at: usize) -> &Word {
        &self.known[self.numbers[at] as usize]
    }
}

/// Splits sentences into tokens. Every distinct spelling is normalised, stemmed and looked up once.
pub struct Tokenizer {
    resources: Arc<Resources>,
    rank_of: RankOf,
    masks: Masks<Meaning>,
    stemmer: Stemmer,
    memo: Memo<Word>,
    raw: Vec<RawWord>,
    /// The number of the spelling of each word.
    numbers: Vec<u32>,
    tokens: Vec<Token>,
}

impl Token {
    /// Whether it is a name that the actor table does not know, or knows for a person's.
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
        Self::ranking(resources, |_| None)
    }

    /// As [`Tokenizer::new`], and its tokens tell the ranks of their words, by which they are known to a vocabulary.
    pub(crate) fn ranking(
        resources: Arc<Resources>,
        rank_of: impl Fn(u64) -> Option<u32> + Send + 'static,
    ) -> Self {
        let rank_of: RankOf = Box::new(rank_of);
        Self {
            masks: resources.masks.map(|mask| Meaning::of_mask(mask, &rank_of)),
            rank_of,
            resources,
            stemmer: Stemmer::new(),
            memo: Memo::new(),
            raw: Vec::new(),
            numbers: Vec::new(),
            tokens: Vec::new(),
        }
    }

    /// The tokens of one sentence, in order. Spans index `text`.
    pub fn tokenize(&mut self, text: &str, sentence: Span) -> &[Token] {
        self.read_words(text, sentence);
        mask::tokens(
            &self.resources,
            &self.masks,
            text,
            &self.raw,
            Words {
                known: self.memo.values(),
                numbers: &self.numbers,
            },
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
        self.raw
            .iter()
            .zip(self.words().from(0))
            .map(move |(raw, word)| {
                while self.tokens[at].span.end < raw.end {
                    at += 1;
                }
                Part {
                    token: at,
                    span: Span::new(raw.start, raw.end),
                    stem: word.meaning.stem,
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

    /// The words of the sentence that was read last.
    fn words(&self) -> Words<'_> {
        Words {
            known: self.memo.values(),
            numbers: &self.numbers,
        }
    }

    fn read_words(&mut self, text: &str, sentence: Span) {
        self.raw.clear();
        self.numbers.clear();
        self.memo.make_room();
        word::split(text, sentence.start, sentence.end, &mut self.raw);
        let (resources, stemmer, rank_of) = (&self.resources, &self.stemmer, &self.rank_of);
        let memo = &mut self.memo;
        self.numbers.extend(self.raw.iter().map(|raw| {
            let bytes = &text.as_bytes()[raw.start..];
            memo.number(bytes, raw.end - raw.start, || {
                look_up(resources, stemmer, rank_of, &text[raw.start..raw.end])
            })
        }));
    }
}

fn look_up(resources: &Resources, stemmer: &Stemmer, rank_of: &RankOf, surface: &str) -> Word {
    let normalised = normalise(surface);
    let form = hash_name(&normalised.form);
    let stem = stemmer.stem(&normalised.form);
    let prefix = prefix(&normalised.form)
        .filter(|prefix| !tells_no_more(prefix, &stem))
        .map_or(0, |prefix| hash_name(&prefix));
    let stem = hash_name(&stem);
    let classes = resources.lexicon.classes_of(form, stem);
    let ranked = |hash| rank_of(hash).unwrap_or(NO_RANK);
    Word {
        form,
        meaning: Meaning {
            stem,
            prefix,
            classes,
            stem_rank: ranked(stem),
            prefix_rank: if prefix == 0 { NO_RANK } else { ranked(prefix) },
            ending: Ending::of(&normalised.form),
        },
        shape: normalised.shape,
        possessive: normalised.possessive,
        known: !classes.is_empty() || resources.known.contains(&stem),
        phrase: resources.lexicon.phrases().start(stem),
        name: resources.actors.names().start(form),
    }
}
