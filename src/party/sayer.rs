//! Who says a sentence: the speaker whom the article's attributions name, or whom the words of the sentence show → a candidate, and
//! what it says.
//!
//! `The airline, its counsel told the court, was ready`: `counsel`; `quoted an officer as saying that`: `officer`.

use std::ops::Range;

use super::candidate::{Candidate, Sayer, Sentence};
use super::words::Cues;
use crate::Span;
use crate::speaker::Speaker;
use crate::token::Ending;

impl Sentence<'_> {
    /// Takes in who says the sentence.
    pub(super) fn attribute(&mut self, speaker: &Speaker) {
        let by_words = self
            .interposed()
            .or_else(|| self.quoted_as_saying())
            .or_else(|| self.resuming());
        if let Some((sayer, said)) = by_words {
            self.say(sayer, &said);
            return;
        }
        if !speaker.found {
            if let Some((sayer, said)) = self.plainly_said().or_else(|| self.said_further()) {
                self.say(sayer, &said);
            } else if let Some((sayer, said)) = self.alone_with_quote() {
                self.say(sayer, &[said]);
            }
            return;
        }
        self.content.clone_from(&speaker.content);
        // A pronoun, or the `who` of a relative clause, gives way to a name in the same sentence.
        let mut spans = [speaker.name, speaker.source].into_iter().flatten();
        let source = spans.find_map(|source| {
            let meets = |c: &Candidate| c.span.intersects(source);
            let mut all = self.candidates.iter();
            let outside = all.position(|c| meets(c) && !c.quoted);
            outside.or_else(|| self.candidates.iter().position(meets))
        });
        let source = source
            .map(|source| self.whole_source(source))
            .or_else(|| self.before_relative(speaker.source?));
        if source.is_some_and(|source| self.is_quoted_clause(&self.candidates[source])) {
            self.content.clear();
            return;
        }
        let source = source.map(|at| self.head_of(at));
        self.sayer = source.map_or(Sayer::Elsewhere, Sayer::Here);
        // `Brussels took Warsaw to court, saying that`
        let adds =
            (1..self.len()).find(|&at| self.is_participle_of_saying(at) && self.is_said(at + 1));
        if let Some(verb) = adds.filter(|&verb| !(0..verb).any(|at| self.is_said(at)))
            && let Some(sayer) = self.subject(verb)
        {
            self.sayer = Sayer::Here(sayer);
            return;
        }
        let outer = speaker.source.is_some_and(|source| self.is_outer(source));
        let here = |span: Span| {
            self.tokens
                .first()
                .is_some_and(|first| span.start >= first.span.start)
        };
        let unknown = source.is_none() && speaker.source.is_some_and(here);
        if (outer || unknown)
            && let Some((sayer, said)) = self.plainly_said()
        {
            self.say(sayer, &said);
            return;
        }
        // `Rossi, who lives in Turin, told a newspaper`: the newspaper listens.
        if let Some(listener) = source
            && let Some(verb) = self.candidates[listener].opens.checked_sub(1)
            && self.is_word(verb, "told")
            && let Some(sayer) = self.subject(verb).filter(|&sayer| sayer != listener)
        {
            let said = self.candidates[listener].last + 1..self.len();
            self.say(sayer, &[said, 0..0]);
            return;
        }
        if let Some(sayer) = source {
            self.widen(sayer);
        }
    }

    /// The only party outside a quotation that fills most of the sentence: `“That is wrong,” Rossi shot back`.
    fn alone_with_quote(&self) -> Option<(usize, Range<usize>)> {
        let quoted = self.tokens.iter().filter(|token| token.quoted).count();
        let first = self.tokens.iter().position(|token| token.quoted)?;
        let outside = self.candidates.iter().enumerate();
        let mut outside = outside.filter(|(_, c)| !c.quoted && !c.is_appositive);
        let (sayer, c) = outside.next()?;
        let alone = outside.next().is_none() && c.preposition.is_none() && !c.is_owner;
        (alone && 2 * quoted > self.len()).then(|| (sayer, first..first + quoted))
    }

    /// Who speaks when only a place of his was taken for the source: `Survivors of a night in Bor said`.
    fn whole_source(&self, source: usize) -> usize {
        let places = ["of", "in", "at", "on", "near"];
        let c = &self.candidates[source];
        // `The agency listed it as a sect, saying that`
        if c.is_pronoun && c.is_object {
            let before = &self.candidates[..source];
            let subject = before.iter().rposition(|c| self.is_clause_subject(c));
            return subject.unwrap_or(source);
        }
        let place = c
            .preposition
            .is_some_and(|at| places.contains(&self.word(at)));
        if !place {
            return source;
        }
        let verb = (c.last + 1..self.len())
            .find(|&at| self.is(at, Cues::SAY.or(Cues::ALLEGE)) && !self.tokens[at].quoted);
        verb.and_then(|verb| self.subject(verb))
            .filter(|&at| self.candidates[at].last < c.first)
            .unwrap_or(source)
    }

    /// `..., saying`
    pub(super) fn is_participle_of_saying(&self, verb: usize) -> bool {
        self.is(verb, Cues::SAY)
            && self.is_break(verb)
            && self.tokens[verb].meaning.ending == Ending::Ing
            && !self.tokens[verb].quoted
    }

    /// Notes a candidate as the sayer of some tokens.
    fn say(&mut self, sayer: usize, said: &[Range<usize>]) {
        self.sayer = Sayer::Here(self.head_of(sayer));
        let filled = said.iter().filter(|range| !range.is_empty());
        self.content = filled
            .map(|range| {
                Span::new(
                    self.tokens[range.start].span.start,
                    self.tokens[range.end - 1].span.end,
                )
            })
            .collect();
        self.inserted = self.insertion(sayer);
    }

    /// Whether a span stands behind `according to`, so that who speaks in the sentence itself is nearer to what is said.
    fn is_outer(&self, source: Span) -> bool {
        let first = self
            .tokens
            .partition_point(|token| token.span.end <= source.start);
        (first.saturating_sub(2)..first).any(|at| self.is_word(at, "according"))
    }

    /// The end of the stretch between two marks in which a token stands.
    fn stretch_end(&self, at: usize) -> usize {
        (at + 1..self.len())
            .find(|&at| self.is_break(at))
            .unwrap_or(self.len())
    }

    fn stretch_start(&self, at: usize) -> usize {
        (0..=at).rev().find(|&at| self.is_break(at)).unwrap_or(0)
    }

    /// `It was Kuwait, said the envoy, that`: who speaks between two marks, and what is said around it.
    fn interposed(&self) -> Option<(usize, [Range<usize>; 2])> {
        (1..self.len())
            .filter(|&verb| {
                self.is(verb, Cues::SAY)
                    && self.is_break(verb)
                    && !self.takes_listener(verb)
                    && !self.tokens[verb].quoted
                    && !self.tokens[verb - 1].quoted
                    && self.tokens[verb].meaning.ending != Ending::Ing
            })
            .find_map(|verb| {
                let sayer = self.candidates.iter().position(|c| c.opens == verb + 1)?;
                let last = self.candidates[sayer].last;
                let end = self.stretch_end(verb);
                let start = self.stretch_start(verb - 1);
                // `The envoy, who had left, said Kuwait, ...`; `Omar Said, a trader, says the town`
                let resumes = start > 0
                    && (self.is(start, Cues::WHO.or(Cues::PREP))
                        || matches!(self.tokens[start].meaning.ending, Ending::Ed | Ending::Ing)
                        || self
                            .candidates
                            .iter()
                            .any(|c| c.is_appositive && c.last + 1 == verb));
                let only_named = (last + 1..end).all(|at| !self.is_verb_form(at));
                (end > last && only_named && !resumes).then(|| (sayer, [0..verb, end..self.len()]))
            })
    }

    /// Whether whoever stands behind a verb of saying is spoken to, or of: `told`, `described`.
    pub(super) fn takes_listener(&self, verb: usize) -> bool {
        let word = self.word(verb);
        ["t", "warn", "ask", "call", "descri", "assur", "inform"]
            .iter()
            .any(|beginning| word.starts_with(beginning))
    }

    /// `An official, who asked not to be named, said that`
    fn resuming(&self) -> Option<(usize, [Range<usize>; 2])> {
        (2..self.len()).find_map(|verb| {
            let says = self.is(verb, Cues::SAY.or(Cues::ALLEGE))
                && self.is_break(verb)
                && !self.tokens[verb].quoted
                && !self.is_noun_use(verb);
            if !says {
                return None;
            }
            let tells = self.is_word(verb + 1, "that")
                || self.candidates.iter().any(|c| c.opens == verb + 1)
                    && !self.takes_listener(verb);
            let sayer = self.resumed(verb).filter(|_| tells)?;
            Some((sayer, [verb + 1..self.len(), 0..0]))
        })
    }

    /// `quoted an officer as saying that`, `“...,” an officer was quoted as saying`
    fn quoted_as_saying(&self) -> Option<(usize, [Range<usize>; 2])> {
        let says = (2..self.len()).find(|&at| {
            let ends = self.tokens[at].meaning.ending == Ending::Ing;
            ends && self.is(at, Cues::SAY) && self.is_word(at - 1, "as")
        })?;
        let named = self.candidates.iter().position(|c| c.last + 2 == says);
        let passive = || {
            let quoted = self.is_word(says - 2, "quoted") && self.is_passive(says - 2);
            quoted.then(|| self.subject(says - 2)).flatten()
        };
        let sayer = named.or_else(passive)?;
        let before = if named.is_some() {
            0
        } else {
            self.candidates[sayer].opens
        };
        Some((sayer, [0..before, says + 1..self.len()]))
    }

    /// Who speaks where a subject stands directly before its verb of saying: `the commission has found that`, `..., his rival shouted`.
    fn plainly_said(&self) -> Option<(usize, [Range<usize>; 2])> {
        let helps = Cues::HAVE.or(Cues::ADVERB);
        (1..self.len())
            .filter(|&verb| {
                self.is(verb, Cues::SAY.or(Cues::ALLEGE))
                    && !self.tokens[verb].quoted
                    && self.tokens[verb].meaning.ending != Ending::Ing
            })
            .find_map(|verb| {
                let before = (0..verb).rev().find(|&at| !self.is(at, helps))?;
                let found = self.candidates.iter().position(|c| c.last == before)?;
                let c = &self.candidates[found];
                let sayer = (0..=found)
                    .rev()
                    .find(|&at| !self.candidates[at].is_appositive)?;
                let named = &self.candidates[sayer];
                let parted = self.is_break(verb) && !c.is_appositive;
                if parted
                    || named.preposition.is_some()
                    || c.is_owner
                    || c.is_object
                    || named.quoted
                {
                    return None;
                }
                let end = self.stretch_end(verb);
                if (verb + 1..end).any(|at| self.is_word(at, "that")) {
                    return Some((sayer, [verb + 1..self.len(), 0..0]));
                }
                // `Rome says Tunis sells the fuel`
                let follows =
                    |next: &Candidate| next.opens == verb + 1 && !self.is_parted(verb + 1);
                if !self.takes_listener(verb)
                    && self.is(verb, Cues::SAY)
                    && self.candidates.iter().any(follows)
                {
                    return Some((sayer, [verb + 1..self.len(), 0..0]));
                }
                let trails = self.is_break(named.opens) && named.opens > 0;
                (trails && self.is(verb, Cues::SAY))
                    .then(|| (sayer, [0..named.opens, end..self.len()]))
            })
    }

    /// Who speaks where words stand between a subject and its verb: `A firm hired by the bank reported that`.
    fn said_further(&self) -> Option<(usize, [Range<usize>; 2])> {
        let verb = (1..self.len()).find(|&verb| {
            let that = (verb + 1..self.stretch_end(verb)).any(|at| self.is_word(at, "that"));
            that && self.is(verb, Cues::SAY.or(Cues::ALLEGE))
                && self.tokens[verb].meaning.ending == Ending::Ed
                && !self.is_noun_use(verb)
                && !self.is_passive(verb)
        })?;
        let sayer = self.subject(verb)?;
        let near = self.stretch_start(verb) <= self.candidates[sayer].opens;
        near.then(|| (sayer, [verb + 1..self.len(), 0..0]))
    }

    /// The stretch between two marks that only names who speaks: `The airline, its counsel told the court, was ready`.
    fn insertion(&self, sayer: usize) -> Range<usize> {
        let c = &self.candidates[sayer];
        let (start, end) = (self.stretch_start(c.opens), self.stretch_end(c.last));
        let says = (start..end).any(|at| self.is(at, Cues::SAY) && !self.tokens[at].quoted);
        let opens = start == c.opens || start + 1 == c.opens && self.is(start, Cues::SAY);
        let only_named = (c.last + 1..end)
            .filter(|&at| !self.is(at, Cues::SAY))
            .all(|at| !self.is_verb_form(at) && !self.is(at, Cues::THAT));
        let around = end < self.len() && only_named;
        let before = self.content.iter().any(|said| said.start < c.span.start);
        if start > 0 && says && opens && (before || around) {
            start..end
        } else {
            0..0
        }
    }

    /// Takes what stands on both sides of an insertion for what is said.
    fn widen(&mut self, sayer: usize) {
        self.inserted = self.insertion(sayer);
        let (start, end) = (self.inserted.start, self.inserted.end);
        if start > 0 && end < self.len() && !self.tokens[start - 1].quoted {
            let (before, behind) = (self.tokens[0].span.start, self.tokens[start - 1].span.end);
            self.content.push(Span::new(before, behind));
            let last = self.tokens[self.len() - 1].span.end;
            self.content
                .push(Span::new(self.tokens[end].span.start, last));
        }
    }

    /// Whether a clause of his own tells what he says: `what Caracas says`, `as farmers contend`.
    pub(super) fn is_quoted_clause(&self, c: &Candidate) -> bool {
        c.opens > 0 && (self.is_word(c.opens - 1, "as") || self.is_word(c.opens - 1, "what"))
    }

    /// Whom a relative pronoun that speaks stands for: `the government, which says`.
    fn before_relative(&self, source: Span) -> Option<usize> {
        let who = self
            .tokens
            .iter()
            .position(|token| token.span == source)
            .filter(|&at| self.is(at, Cues::WHO))?;
        let subject =
            |c: &Candidate| c.last < who && c.preposition.is_none() && !c.is_object && !c.is_owner;
        self.candidates.iter().rposition(subject)
    }

    /// Whether a token belongs to what the sayer says.
    pub(super) fn is_said(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let start = token.span.start;
        self.content
            .iter()
            .any(|said| said.start <= start && start < said.end)
    }
}
