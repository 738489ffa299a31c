//! The words of an article with what attribution needs to know of each, and the quotations that they stand in.

use super::cue::{Cue, CueTable, Takes};
use super::grammar::{Class, Gender};
use super::quotation::{Quotation, Quotations};
use crate::Span;
use crate::token::{Memo, RawWord, Shape, normalise, split};

/// The marks that stand between a word and the one before it: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Marks(u16);

impl Marks {
    pub(super) const COMMA: Self = Self(1);
    pub(super) const COLON: Self = Self(2);
    pub(super) const SEMICOLON: Self = Self(4);
    pub(super) const DASH: Self = Self(8);
    /// `(` or `[`
    pub(super) const BRACKET: Self = Self(16);
    /// `)` or `]`
    pub(super) const CLOSING_BRACKET: Self = Self(32);
    /// A quotation begins.
    pub(super) const OPEN: Self = Self(64);
    /// A quotation ends.
    pub(super) const CLOSE: Self = Self(128);
    /// `!`, `?` or an ellipsis.
    pub(super) const LOUD: Self = Self(256);
    /// Whatever parts clauses.
    pub(super) const BREAK: Self = Self(1 | 2 | 4 | 8 | 16 | 32 | 256);
    /// A comma or a dash.
    pub(super) const PAUSE: Self = Self::COMMA.and(Self::DASH);
    /// What leads to a quotation: a comma or a colon.
    pub(super) const LEAD: Self = Self::COMMA.and(Self::COLON);

    /// Both sets.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What the spelling of a word tells.
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, each read on its own"
)]
pub(super) struct Lexical {
    pub(super) class: Class,
    pub(super) shape: Shape,
    pub(super) possessive: bool,
    /// Whether it ends as a plural does.
    pub(super) plural: bool,
    /// Whether it ends as a past tense does.
    pub(super) past: bool,
    /// Whether it ends as a present participle does.
    pub(super) ing: bool,
    /// The gender of the person that it names or stands for.
    pub(super) gender: Option<Gender>,
    /// Whether it opens a clause or a phrase of time or cause: `after`, `because`.
    pub(super) circumstance: bool,
    /// `last`, `next`: it may stand before a time.
    pub(super) dates: bool,
    /// The way of a cue that it stands for as a preposition.
    pub(super) way: Takes,
    pub(super) cue: Cue,
}

/// A word of an article.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    pub(super) span: Span,
    pub(super) before: Marks,
    /// The quotation that it stands in.
    pub(super) quotation: Option<u32>,
    pub(super) lexical: Lexical,
}

impl Word {
    pub(super) fn class(&self) -> Class {
        self.lexical.class
    }

    /// Whether it is written as a name is.
    pub(super) fn is_capitalised(&self) -> bool {
        matches!(self.lexical.shape, Shape::Capitalised | Shape::Upper)
    }
}

/// A sentence as a range of words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence {
    pub(super) first: usize,
    pub(super) end: usize,
    /// Whether a line ends between it and the sentence before.
    pub(super) opens_paragraph: bool,
    /// Whether capitals tell nothing in it: a headline.
    pub(super) titled: bool,
    /// Whether a colon stands behind its last word.
    pub(super) ends_with_colon: bool,
}

/// The most words that are read as one sentence.
const LONGEST: usize = 500;

/// Reads words; every spelling is looked up once.
pub(super) struct WordReader {
    cues: CueTable,
    memo: Memo<Lexical>,
    raw: Vec<RawWord>,
}

impl WordReader {
    pub(super) fn new(cues: CueTable) -> Self {
        Self {
            cues,
            memo: Memo::new(),
            raw: Vec::new(),
        }
    }

    /// Fills `words`, `sentences` and `quotations`, which are cleared first, from sentences of `text` in their order.
    pub(super) fn read(
        &mut self,
        text: &str,
        spans: &[Span],
        words: &mut Vec<Word>,
        sentences: &mut Vec<Sentence>,
        quotations: &mut Vec<Quotation>,
    ) {
        words.clear();
        sentences.clear();
        self.memo.make_room();
        let mut marks = Quotations::new(text, quotations);
        let mut end = spans.first().map_or(0, |first| first.start);
        for span in spans {
            let mut raw_words = std::mem::take(&mut self.raw);
            raw_words.clear();
            split(text, span.start, span.end, &mut raw_words);
            let first = words.len();
            let opens_paragraph = first == 0 || text.as_bytes()[end..span.start].contains(&b'\n');
            if opens_paragraph {
                // What stands behind the last word of a paragraph belongs to it.
                let line = text.as_bytes()[end..span.start]
                    .iter()
                    .position(|&byte| byte == b'\n');
                let stop = line.map_or(span.start, |line| end + line);
                marks.read(end, stop, first);
                marks.end_paragraph(stop, first);
                end = span.start;
            }
            for raw in &raw_words {
                let before = if raw.start == end + 1 && text.as_bytes()[end] == b' ' {
                    Marks::default()
                } else {
                    marks.read(end, raw.start, words.len())
                };
                let lexical = self.lexical(text, raw);
                words.push(Word {
                    span: Span::new(raw.start, raw.end),
                    before,
                    quotation: marks.open(),
                    lexical,
                });
                end = raw.end;
            }
            self.raw = raw_words;
            let ends_with_colon = text.as_bytes()[end..span.end.max(end)].contains(&b':');
            // A sentence without end is cut, or its cues would be looked at again and again.
            for from in (first..words.len()).step_by(LONGEST) {
                let to = words.len().min(from + LONGEST);
                sentences.push(Sentence {
                    first: from,
                    end: to,
                    opens_paragraph: opens_paragraph && from == first,
                    titled: is_titled(&words[from..to]),
                    ends_with_colon: ends_with_colon && to == words.len(),
                });
            }
        }
        let stop = spans.last().map_or(end, |last| last.end.max(end));
        marks.read(end, stop, words.len());
        marks.end_paragraph(stop, words.len());
    }

    fn lexical(&mut self, text: &str, raw: &RawWord) -> Lexical {
        let (cues, surface) = (&self.cues, &text[raw.start..raw.end]);
        let bytes = &text.as_bytes()[raw.start..];
        let number = self.memo.number(bytes, surface.len(), || {
            let normalised = normalise(surface);
            Lexical {
                class: Class::of(&normalised.form, normalised.shape),
                shape: normalised.shape,
                plural: is_plural(&normalised.form),
                gender: Gender::of(&normalised.form),
                ing: normalised.form.len() > 5 && normalised.form.ends_with("ing"),
                past: normalised.form.len() > 4 && normalised.form.ends_with("ed"),
                possessive: normalised.possessive || surface.ends_with(['\'', '’']),
                dates: matches!(normalised.form.as_str(), "last" | "next" | "late"),
                circumstance: matches!(
                    normalised.form.as_str(),
                    "after"
                        | "before"
                        | "because"
                        | "since"
                        | "when"
                        | "while"
                        | "until"
                        | "although"
                        | "though"
                        | "once"
                ),
                way: Takes::of_preposition(&normalised.form),
                cue: cues.get(&normalised.form),
            }
        });
        self.memo.values()[number as usize]
    }
}

fn is_plural(form: &str) -> bool {
    (form.len() > 3
        && form.ends_with('s')
        && !form.ends_with("ss")
        && !form.ends_with("us")
        && !form.ends_with("is"))
        || matches!(
            form,
            "people" | "police" | "men" | "women" | "children" | "media" | "data"
        )
}

/// Whether most words that need no capital have one.
fn is_titled(words: &[Word]) -> bool {
    let open = words
        .iter()
        .skip(1)
        .filter(|word| word.class() == Class::Open);
    let (mut capitals, mut all) = (0, 0);
    for word in open {
        all += 1;
        capitals += usize::from(word.is_capitalised());
    }
    all >= 3 && capitals * 10 >= all * 7
}
