//! Quotations and headlines that no verb attributes: `Obi: Nobody Will Pay`, `“…” — Ada Obi`, a quotation that goes on.

use super::Pattern;
use super::cue::Takes;
use super::find::{Finder, Found, Run};
use super::grammar::Class;
use super::quotation::Quotation;
use super::word::{Marks, Sentence};

/// The most words of a name before a colon or behind a dash.
const LONGEST: usize = 6;

impl Finder<'_> {
    /// `Obi: Nobody Will Pay`: a first line whose speaker stands before a colon.
    pub(super) fn headline(&mut self, sentence: Sentence) {
        let words = self.words;
        let mut inside = sentence.first + 1..sentence.end.min(sentence.first + LONGEST);
        let Some(colon) = inside.find(|&i| words[i].before.has(Marks::COLON)) else {
            return;
        };
        let named = (sentence.first + 1..colon)
            .all(|i| words[i].is_capitalised() && words[i].before.is_empty());
        if named && !words[colon - 1].lexical.cue.verb.has(Takes::QUOTE) {
            self.push(Found {
                source: Some((sentence.first, colon)),
                cue: None,
                content: vec![(colon, sentence.end)],
                pattern: Pattern::Headline,
            });
        }
    }

    /// The quotations of the sentences `from..to`, a paragraph, that no cue has taken and that open a sentence. The attributions of
    /// the paragraph begin at `known`, those of the one before it at `before`.
    pub(super) fn loose_quotations(&mut self, from: usize, to: usize, known: usize, before: usize) {
        let (first, end) = (self.sentences[from].first, self.sentences[to - 1].end);
        let start = self
            .quotations
            .partition_point(|quotation| quotation.first < first);
        let within = |quotation: &&Quotation| quotation.first < end;
        let quotations = self.quotations;
        for &quotation in quotations[start..].iter().take_while(within) {
            let run = (quotation.first, quotation.end_word);
            if run.0 == run.1 || !self.is_free(&[run]) || self.sentence_of(run.0).first != run.0 {
                continue;
            }
            if let Some(source) = self.signature(quotation) {
                self.push(Found {
                    source: Some(source),
                    cue: None,
                    content: vec![run],
                    pattern: Pattern::Signature,
                });
                continue;
            }
            // A paragraph of nothing but quotations goes on with the speaker of the one before.
            let alone = self.found.len() == known
                && (first..end).all(|i| self.words[i].quotation.is_some());
            self.goes_on(run, if alone { before } else { known });
        }
    }

    /// Adds a quotation to the last one that is attributed, if that is one of the attributions from `since` on.
    fn goes_on(&mut self, run: Run, since: usize) {
        let speaks = |found: &&mut Found| {
            matches!(
                found.pattern,
                Pattern::Follows | Pattern::Inverted | Pattern::Quotation
            )
        };
        if let Some(last) = self.found[since..].iter_mut().rev().find(speaks) {
            last.content.push(run);
            last.content.sort_unstable();
            self.claimed[run.0..run.1].fill(true);
        }
    }

    /// `“…” — Ada Obi`: the name behind a quotation and a dash.
    fn signature(&self, quotation: Quotation) -> Option<Run> {
        let words = self.words;
        let first = quotation.end_word;
        let next = words.0.get(first)?;
        if !(next.before.has(Marks::DASH) && next.is_capitalised()) {
            return None;
        }
        let end = self.sentence_of(first).end;
        let named =
            (first..end).all(|i| words[i].is_capitalised() || words[i].class() != Class::Open);
        (end - first <= LONGEST && named).then_some((first, end))
    }
}
