//! Words → attributions, paragraph by paragraph and sentence by sentence: first the cues that follow or interrupt what they
//! attribute (`…, he said`), for it may hold other cues, which do not count; then those that stand before it; then the quotations
//! of a paragraph that no cue has taken.

use super::clause::Content;
use super::cue::Takes;
use super::grammar::Class;
use super::phrase::Words;
use super::quotation::Quotation;
use super::word::Sentence;
use super::{Pattern, QuotationKind};
use crate::Span;

/// A run of words, half-open.
pub(super) type Run = (usize, usize);

/// An attribution in words.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) source: Option<Run>,
    pub(super) cue: Option<Run>,
    pub(super) content: Vec<Run>,
    pub(super) pattern: Pattern,
}

/// Finds the attributions of one article.
pub(super) struct Finder<'a> {
    pub(super) words: Words<'a>,
    pub(super) sentences: &'a [Sentence],
    pub(super) quotations: &'a [Quotation],
    /// The words that belong to an attribution.
    pub(super) claimed: &'a mut Vec<bool>,
    pub(super) found: &'a mut Vec<Found>,
}

impl Finder<'_> {
    /// Fills `found`, which is cleared first.
    pub(super) fn run(&mut self) {
        self.found.clear();
        self.claimed.clear();
        self.claimed.resize(self.words.0.len(), false);
        let (mut from, mut before) = (0, 0);
        while from < self.sentences.len() {
            let next = self.sentences[from + 1..]
                .iter()
                .position(|sentence| sentence.opens_paragraph);
            let to = next.map_or(self.sentences.len(), |next| from + 1 + next);
            let known = self.found.len();
            self.paragraph(from, to, before);
            (from, before) = (to, known);
        }
        self.found.sort_by_key(|found| {
            let source = found.source.map_or(usize::MAX, |source| source.0);
            found.content[0].0.min(source)
        });
    }

    /// The sentences `from..to`; the attributions of the paragraph before begin at `before`.
    fn paragraph(&mut self, from: usize, to: usize, before: usize) {
        let known = self.found.len();
        for at in from..to {
            let sentence = self.sentences[at];
            if at == 0 {
                self.headline(sentence);
            }
            for verb in sentence.first..sentence.end {
                if !self.may_be_cue(sentence, verb) {
                    continue;
                }
                if self.words[verb].class() == Class::According {
                    self.according(sentence, verb);
                } else if self.words[verb].lexical.cue.verb.has(Takes::QUOTE) {
                    self.parenthetical(sentence, verb);
                }
            }
            for cue in sentence.first..sentence.end {
                if self.may_be_cue(sentence, cue) {
                    self.fronted(at, cue);
                }
            }
        }
        self.loose_quotations(from, to, known, before);
    }

    /// Whether the word at `at` may attribute: one of the table that is free, outside quotations, and no part of a name.
    fn may_be_cue(&self, sentence: Sentence, at: usize) -> bool {
        let word = &self.words[at];
        let known = match word.class() {
            Class::According => true,
            Class::Open => !word.lexical.cue.is_empty(),
            _ => return false,
        };
        let named = word.is_capitalised() && at > sentence.first && !sentence.titled;
        known && !named && !self.claimed[at] && word.quotation.is_none()
    }

    /// Keeps an attribution and claims its words.
    pub(super) fn push(&mut self, found: Found) {
        for &(first, end) in found.content.iter().chain(&found.source).chain(&found.cue) {
            self.claimed[first..end].fill(true);
        }
        self.found.push(found);
    }

    /// Whether no other attribution claims a word of these runs.
    pub(super) fn is_free(&self, runs: &[Run]) -> bool {
        let claimed = |&(first, end): &Run| self.claimed[first..end].contains(&true);
        !runs.iter().any(claimed)
    }

    /// Where the clause ends that begins at `from` and belongs to the cue at `cue`.
    pub(super) fn clause_end(&self, sentence: Sentence, cue: usize, from: usize) -> usize {
        let object = false;
        let content = Content { cue, from, object };
        self.words.content_end(sentence, content, self.claimed)
    }

    /// Where the noun phrase ends, with what belongs to it, that begins at `from` and belongs to the cue at `cue`.
    pub(super) fn object_end(&self, sentence: Sentence, cue: usize, from: usize) -> usize {
        let object = true;
        let content = Content { cue, from, object };
        self.words.content_end(sentence, content, self.claimed)
    }

    /// The words of the quotation that opens before `at`.
    pub(super) fn quotation_run(&self, at: usize) -> Option<Run> {
        let quotation = self.quotations[self.words.0.get(at)?.quotation? as usize];
        (quotation.first == at && quotation.end_word > at).then_some((at, quotation.end_word))
    }

    /// The sentence that holds a word.
    pub(super) fn sentence_of(&self, word: usize) -> Sentence {
        let after = self
            .sentences
            .partition_point(|sentence| sentence.first <= word);
        self.sentences[after.saturating_sub(1)]
    }

    /// The cue with the auxiliaries and adverbs that stand before it: `has also said`.
    pub(super) fn with_auxiliaries(&self, (first, end): Run) -> Run {
        let words = self.words;
        let sentence = self.sentence_of(first);
        let helps = |&i: &usize| {
            let class = words[i].class();
            (class.is_auxiliary() || matches!(class, Class::Adverb | Class::Not))
                && words[i + 1].before.is_empty()
        };
        let start = (sentence.first..first).rev().take_while(helps).last();
        (start.unwrap_or(first), end)
    }

    /// How much of its content is quoted.
    pub(super) fn quotation_kind(&self, found: &Found) -> QuotationKind {
        let words = self.words;
        let quoted = |i: usize| words[i].quotation.is_some();
        let mut all = found.content.iter().flat_map(|&(first, end)| first..end);
        if found.content.iter().all(|&(first, _)| quoted(first)) && all.clone().all(quoted) {
            QuotationKind::Direct
        } else if all.any(quoted) {
            QuotationKind::Mixed
        } else {
            QuotationKind::Indirect
        }
    }

    /// The bytes of a run, with the marks of quotations that it holds whole.
    pub(super) fn span(&self, text: &str, (first, end): Run) -> Span {
        let words = self.words;
        let mut span = Span::new(words[first].span.start, words[end - 1].span.end);
        let quotation = |at: usize| words[at].quotation.map(|id| self.quotations[id as usize]);
        if let Some(opens) = quotation(first).filter(|quotation| quotation.first == first) {
            span.start = opens.start.min(span.start);
        }
        if let Some(closes) = quotation(end - 1)
            && closes.end_word == end
            && closes.first >= first
        {
            span.end = closes.end.max(span.end);
        }
        if text[span.end..].starts_with(')') && span.of(text).contains('(') {
            span.end += 1;
        }
        span
    }
}
