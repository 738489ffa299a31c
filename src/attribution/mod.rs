//! Who says what: the sentences of an article → [`Attribution`]s.
//!
//! Direct, indirect and mixed quotation, and what somebody is said to think, feel, want, support or oppose, by a table of cues
//! (`labels/cues.csv`), the closed classes of English words, and the marks between words: no model, nothing learned.
//!
//! ```
//! use rejoinder::{Attributor, Span, segment};
//!
//! let text = "Kofi Mensah denied that he had met the rebels. “It is a lie,” the minister said.";
//! let mut sentences = Vec::new();
//! segment(text, &[], &mut sentences);
//! let mut attributor = Attributor::shipped();
//! let found = attributor.attribute(text, &sentences);
//! let of = |spans: &[Span]| spans.iter().map(|span| span.of(text)).collect::<Vec<_>>();
//! assert_eq!(of(&found[0].source), ["Kofi Mensah"]);
//! assert_eq!(of(&found[0].content), ["that he had met the rebels"]);
//! assert_eq!(of(&found[1].content), ["“It is a lie,”"]);
//! assert_eq!(found[1].speaker.map(|name| name.of(text)), Some("Kofi Mensah"));
//! ```
//!
//! Contents do not nest: inside what somebody says, nobody else is looked for.

mod alone;
mod before;
mod behind;
mod clause;
mod complement;
mod cue;
mod find;
mod grammar;
mod phrase;
mod quotation;
mod source;
mod speaker;
mod verb;
mod word;

pub use self::cue::{CUES, CueTable};
use self::find::{Finder, Found, Run};
use self::phrase::Words;
use self::quotation::Quotation;
use self::speaker::Speakers;
use self::word::{Sentence, Word, WordReader};
use crate::Span;

/// Something that the text has somebody say, write, think, feel or want. Spans index the article's text in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The words beside the cue that name who: a name, a title, a pronoun. Empty where the text does not tell.
    pub source: Vec<Span>,
    /// The words that attribute: `said`, `according to`. Empty where a colon or a dash does.
    pub cue: Vec<Span>,
    /// What is attributed, in the order of the text; several spans where the cue interrupts it or a quotation goes on. Never empty.
    pub content: Vec<Span>,
    /// The name that the source stands for: its own, or for a pronoun or a title the last name before it that fits. `None`
    /// where there is none.
    pub speaker: Option<Span>,
    /// Whether the content is quoted.
    pub quotation: QuotationKind,
    /// What was recognised.
    pub pattern: Pattern,
}

/// How much of a content stands in quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuotationKind {
    /// All of it.
    Direct,
    /// A part.
    Mixed,
    /// Nothing.
    Indirect,
}

impl QuotationKind {
    /// `direct`, `mixed` or `indirect`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::Indirect => "indirect",
        }
    }
}

/// The construction by which an attribution was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// The cue follows or interrupts its content: `…, he said`.
    Follows,
    /// The same with the source last: `…,” said Obi`.
    Inverted,
    /// `according to Obi`
    According,
    /// A clause follows the cue: `said that`, `told reporters he`.
    Clause,
    /// A quotation follows the cue: `said: “…”`.
    Quotation,
    /// `plans to`
    Infinitive,
    /// A noun phrase follows the cue: `criticised the plan`.
    Object,
    /// A preposition belongs to the cue: `called for talks`.
    Preposition,
    /// `…, saying that`
    Participle,
    /// The verb depends on another: `declined to say`.
    Dependent,
    /// `a letter urging`
    Reduced,
    /// `was accused by Obi of`
    Passive,
    /// `Obi's claim that`
    Noun,
    /// `is critical of`
    Adjective,
    /// `Obi: Nobody Will Pay`
    Headline,
    /// `“…” — Ada Obi`
    Signature,
}

impl Pattern {
    /// Its name in files: that of the variant in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Follows => "follows",
            Self::Inverted => "inverted",
            Self::According => "according",
            Self::Clause => "clause",
            Self::Quotation => "quotation",
            Self::Infinitive => "infinitive",
            Self::Object => "object",
            Self::Preposition => "preposition",
            Self::Participle => "participle",
            Self::Dependent => "dependent",
            Self::Reduced => "reduced",
            Self::Passive => "passive",
            Self::Noun => "noun",
            Self::Adjective => "adjective",
            Self::Headline => "headline",
            Self::Signature => "signature",
        }
    }
}

/// Finds attributions, with the memory that it reuses: one for each thread.
pub struct Attributor {
    reader: WordReader,
    words: Vec<Word>,
    sentences: Vec<Sentence>,
    quotations: Vec<Quotation>,
    claimed: Vec<bool>,
    found: Vec<Found>,
}

impl Attributor {
    /// An attributor with these cues.
    pub fn new(cues: CueTable) -> Self {
        Self {
            reader: WordReader::new(cues),
            words: Vec::new(),
            sentences: Vec::new(),
            quotations: Vec::new(),
            claimed: Vec::new(),
            found: Vec::new(),
        }
    }

    /// An attributor with the cues that ship with this crate.
    pub fn shipped() -> Self {
        Self::new(CueTable::shipped())
    }

    /// The attributions in these sentences of `text`, which are in order and disjoint; in the order of the text.
    ///
    /// Time is linear in the length of the text.
    pub fn attribute(&mut self, text: &str, sentences: &[Span]) -> Vec<Attribution> {
        self.reader.read(
            text,
            sentences,
            &mut self.words,
            &mut self.sentences,
            &mut self.quotations,
        );
        let mut finder = Finder {
            words: Words(&self.words),
            sentences: &self.sentences,
            quotations: &self.quotations,
            claimed: &mut self.claimed,
            found: &mut self.found,
        };
        finder.run();
        let mut speakers = Speakers::new(text, Words(&self.words), &self.sentences);
        let made = finder.found.iter().map(|found| Attribution {
            source: spans(&finder, text, found.source),
            cue: spans(
                &finder,
                text,
                found.cue.map(|cue| finder.with_auxiliaries(cue)),
            ),
            content: spans(&finder, text, found.content.iter().copied()),
            speaker: found.source.and_then(|source| speakers.of(source)),
            quotation: finder.quotation_kind(found),
            pattern: found.pattern,
        });
        made.collect()
    }
}

fn spans(finder: &Finder<'_>, text: &str, runs: impl IntoIterator<Item = Run>) -> Vec<Span> {
    runs.into_iter().map(|run| finder.span(text, run)).collect()
}
