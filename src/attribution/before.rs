//! Cues that stand before what they attribute: `said that`, `criticised the plan`, `was accused of`, `the claim that`.

use super::Pattern;
use super::complement::{Asking, Complement};
use super::cue::Takes;
use super::find::{Finder, Found, Run};
use super::grammar::Class;
use super::verb::Use;
use super::word::{Marks, Sentence};

impl Finder<'_> {
    /// The cue at `cue`, in the sentence of number `at`, with what stands behind it.
    pub(super) fn fronted(&mut self, at: usize, cue: usize) {
        let sentence = self.sentences[at];
        let found = match self.words.use_of(sentence, cue) {
            Use::None => self.nominal(sentence, cue),
            // `was worried about` is no passive.
            Use::Passive => self
                .nominal(sentence, cue)
                .or_else(|| self.passive(sentence, cue)),
            used => self.verbal(at, cue, used),
        };
        if let Some(found) = found.filter(|found| self.is_free(&found.content)) {
            self.push(found);
        }
    }

    /// A verb that is not passive.
    fn verbal(&self, at: usize, verb: usize, used: Use) -> Option<Found> {
        let sentence = self.sentences[at];
        let asking = Asking {
            sentence,
            cue: verb,
            takes: self.words[verb].lexical.cue.verb,
        };
        let complement = self
            .complement(asking, verb + 1)
            .or_else(|| self.next_quotation(asking, at))?;
        let Complement {
            cue_end,
            content,
            pattern,
        } = self.within_object(complement);
        let (source, pattern) = match used {
            Use::Finite => (self.subject(sentence, verb), pattern),
            Use::Reduced => (
                Some((self.words.phrase_start(sentence, verb - 1), verb)),
                Pattern::Reduced,
            ),
            Use::Participle => (self.implied_subject(sentence, verb), Pattern::Participle),
            _ => (self.implied_subject(sentence, verb), Pattern::Dependent),
        };
        Some(Found {
            source,
            cue: Some((verb, cue_end)),
            content: vec![content],
            pattern,
        })
    }

    /// `was accused by Obi of`
    fn passive(&self, sentence: Sentence, verb: usize) -> Option<Found> {
        const FITS: Takes = Takes::OBJECT.and(Takes::CLAUSE).and(Takes::INFINITIVE);
        let words = self.words;
        let takes = words[verb].lexical.cue.verb;
        if !takes.has(FITS) {
            return None;
        }
        let source = self.agent(sentence, verb);
        let subject = self.subject(sentence, verb)?;
        let start = source.map_or(verb + 1, |source| source.1);
        let next = words.0[..sentence.end].get(start);
        let told = next.is_some_and(|next| match next.class() {
            Class::To | Class::That | Class::Question => true,
            Class::Subordinator => !next.lexical.circumstance,
            _ => takes.has(next.lexical.way) || next.before.has(Marks::OPEN),
        });
        if source.is_none() && !told {
            return None;
        }
        let mut content = Vec::new();
        // `It was reported that`: the subject stands for the clause.
        let stands_for = words[subject.0].class() == Class::That
            || words[subject.0].class() == Class::Subject
                && next.is_some_and(|next| next.class() == Class::That);
        if !stands_for && self.is_free(&[subject]) {
            content.push(subject);
        }
        let mut cue = (verb, verb + 1);
        if let Some(next) = next.filter(|next| !next.before.has(Marks::BREAK)) {
            let joined = takes.has(next.lexical.way) && start + 1 < sentence.end;
            let start = start + usize::from(joined);
            if joined && source.is_none() {
                cue.1 = start;
            }
            let rest = (start, self.object_end(sentence, verb, start));
            content.extend(Some(rest).filter(|&rest| self.is_free(&[rest])));
        }
        (!content.is_empty()).then_some(Found {
            source,
            cue: Some(cue),
            content,
            pattern: Pattern::Passive,
        })
    }

    /// `Obi` of `was accused by Obi`.
    fn agent(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        let words = self.words;
        let by = (verb + 1..sentence.end)
            .take_while(|&i| !words[i].before.has(Marks::BREAK))
            .find(|&i| words[i].class() == Class::By)?;
        let (first, end) = (by + 1 < sentence.end).then(|| self.phrase_right(sentence, by + 1))?;
        // `by Obi of theft`: the preposition is the cue's.
        let takes = words[verb].lexical.cue.verb;
        let own = (first + 1..end).find(|&i| takes.has(words[i].lexical.way));
        Some((first, own.unwrap_or(end)))
    }

    /// `Obi's claim that`, `critical of`
    fn nominal(&self, sentence: Sentence, cue: usize) -> Option<Found> {
        let words = self.words;
        let known = words[cue].lexical.cue;
        let adjective = !known.adjective.is_empty()
            && words.before(sentence, cue).is_some_and(|before| {
                words[before].class() == Class::Be || !words[before].lexical.cue.verb.is_empty()
            });
        if !adjective && known.noun.is_empty() {
            return None;
        }
        let mut next = cue + 1;
        let mut by = None;
        if !adjective && next + 1 < sentence.end && words[next].class() == Class::By {
            by = Some(self.phrase_right(sentence, next + 1));
            next = by.map_or(next, |by| by.1);
        }
        if next >= sentence.end || words[next].before.has(Marks::BREAK) || self.claimed[next] {
            return None;
        }
        let takes = if adjective {
            known.adjective
        } else {
            known.noun
        };
        let start = match words[next].class() {
            Class::That if takes.has(Takes::CLAUSE) => next,
            Class::Question | Class::Subject if adjective && takes.has(Takes::CLAUSE) => next,
            Class::To if takes.has(Takes::INFINITIVE) => next,
            _ if takes.has(words[next].lexical.way) && next + 1 < sentence.end => next + 1,
            _ => return None,
        };
        let (source, pattern) = if adjective {
            (self.subject(sentence, cue), Pattern::Adjective)
        } else {
            let source = by
                .or_else(|| self.owner(sentence, cue))
                .or_else(|| self.implied_subject(sentence, cue));
            (source, Pattern::Noun)
        };
        Some(Found {
            source,
            // The agent stands between the noun and its preposition; the cue is then the noun alone.
            cue: Some((cue, if by.is_some() { cue + 1 } else { start })),
            content: vec![(start, self.object_end(sentence, cue, start))],
            pattern,
        })
    }
}
