//! The words that name the source of a cue: its subject, its owner, the name behind `by`.

use super::Pattern;
use super::cue::Form;
use super::find::{Finder, Found, Run};
use super::grammar::Class;
use super::verb::Use;
use super::word::{Marks, Sentence};

/// What parts an insertion from the noun that it explains.
const INSERTION: Marks = Marks::PAUSE.and(Marks::BRACKET);

impl Finder<'_> {
    /// The subject of the verb at `verb`.
    pub(super) fn subject(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        let words = self.words;
        let at = self.before_verb(sentence, verb);
        let last = at.checked_sub(1).filter(|&last| last >= sentence.first)?;
        let class = words[last].class();
        if matches!(class, Class::And | Class::But) {
            return self.implied_subject(sentence, last);
        }
        let closes = Marks::PAUSE.and(Marks::CLOSING_BRACKET);
        let parted = (at..=verb).any(|i| words[i].before.has(closes));
        if parted && class != Class::Relative {
            return Some(self.subject_before_insertion(sentence, at));
        }
        match class {
            Class::Subject | Class::Relative | Class::That | Class::Object => Some((last, at)),
            Class::Open | Class::Number | Class::Time | Class::Determiner | Class::Possessive => {
                Some((words.phrase_start(sentence, last), at))
            }
            _ => self.implied_subject(sentence, last),
        }
    }

    /// The first of the auxiliaries, adverbs and times that stand before the verb at `verb`: past `has also` and `on Monday`.
    fn before_verb(&self, sentence: Sentence, verb: usize) -> usize {
        let words = self.words;
        let mut at = verb;
        while at > sentence.first {
            let class = words[at - 1].class();
            if class.is_auxiliary() || matches!(class, Class::Adverb | Class::Not) {
                at -= 1;
            } else if let Some(time) = self.time_before(sentence, at) {
                at = time;
            } else {
                break;
            }
        }
        at
    }

    /// Where a time begins that ends before `at`: `on Monday`, `this week`, `in 2010`; `in turn` too.
    fn time_before(&self, sentence: Sentence, at: usize) -> Option<usize> {
        let words = self.words;
        if at < sentence.first + 3 {
            return None;
        }
        let (last, before) = (words[at - 1].class(), &words[at - 2]);
        let dated = match before.class() {
            Class::Preposition => matches!(last, Class::Time | Class::Number),
            Class::Determiner => last == Class::Time,
            Class::Open if before.lexical.dates => last == Class::Time,
            Class::Open => return (last == Class::Time).then_some(at - 1),
            _ => false,
        };
        dated.then_some(at - 2)
    }

    /// `Obi, a lawyer from Jos,` before the verb at `end`; what is more than a noun phrase in apposition is left out.
    fn subject_before_insertion(&self, sentence: Sentence, end: usize) -> Run {
        let words = self.words;
        let (mut to, mut mark) = (end, end);
        loop {
            let found = (sentence.first + 1..mark)
                .rev()
                .find(|&i| words[i].before.has(INSERTION));
            let Some(comma) = found else {
                return (words.phrase_start(sentence, mark - 1), to);
            };
            let class = words[comma].class();
            let clause = matches!(class, Class::Relative | Class::Question)
                || class.opens_adverbial()
                || words[comma].lexical.cue.form.has(Form::ING);
            if clause {
                to = comma;
            }
            let first = words.phrase_start(sentence, comma - 1);
            let explains = first > sentence.first
                && words[first].before.has(INSERTION)
                && !words[first].is_capitalised();
            if !explains {
                return (first, to);
            }
            mark = comma;
        }
    }

    /// The subject of a verb that has none of its own: that of the cue or the clause before it, or of the sentence.
    pub(super) fn implied_subject(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        self.last_speaker(sentence, verb)
            .or_else(|| self.clause_subject(sentence, verb))
            .or_else(|| self.sentence_subject(sentence, verb))
    }

    /// The source of the cue before `verb` in its sentence.
    fn last_speaker(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        const LOOKED_AT: usize = 4;
        let finite = |found: &&Found| {
            !matches!(
                found.pattern,
                Pattern::Reduced | Pattern::Noun | Pattern::Dependent
            )
        };
        let last = self.found.iter().rev().take(LOOKED_AT).find(finite)?;
        let (cue, _) = last.cue?;
        last.source
            .filter(|_| (sentence.first..verb).contains(&cue))
    }

    /// The subject of the nearest clause that begins before `verb`.
    fn clause_subject(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        let words = self.words;
        for at in (sentence.first..verb).rev() {
            let word = &words[at];
            if word.quotation.is_some() {
                continue;
            }
            let class = word.class();
            let verb_of_clause = class.is_auxiliary()
                || class == Class::Open
                    && !word.is_capitalised()
                    && words.use_of(sentence, at) == Use::Finite;
            if matches!(class, Class::Subject | Class::Relative) {
                return Some((at, at + 1));
            }
            if verb_of_clause && at > sentence.first {
                return self.subject(sentence, at);
            }
        }
        None
    }

    /// The noun phrase that opens the sentence, past what depends on it: `Citing the report, Obi`.
    fn sentence_subject(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        let words = self.words;
        let opening = &words[sentence.first];
        let depends = opening.lexical.cue.form.has(Form::ING)
            || matches!(opening.class(), Class::Preposition | Class::Subordinator);
        let first = if depends {
            (sentence.first + 1..sentence.end).find(|&i| words[i].before.has(Marks::COMMA))?
        } else {
            sentence.first
        };
        let filler =
            |&i: &usize| matches!(words[i].class(), Class::And | Class::But | Class::Adverb);
        let first = (first..sentence.end).find(|i| !filler(i))?;
        let end = words.phrase_end(sentence, first);
        (end > first && (first > verb || end <= verb)).then_some((first, end))
    }

    /// `Obi's` before the noun at `noun`, `his`.
    pub(super) fn owner(&self, sentence: Sentence, noun: usize) -> Option<Run> {
        const LONGEST: usize = 5;
        let words = self.words;
        for at in (sentence.first..noun).rev().take(LONGEST) {
            if words[at + 1].before.has(Marks::BREAK) {
                return None;
            }
            match words[at].class() {
                Class::Possessive => return Some((at, at + 1)),
                Class::Open if words[at].lexical.possessive => {
                    return Some((words.phrase_start(sentence, at), at + 1));
                }
                Class::Open => {}
                _ => return None,
            }
        }
        None
    }

    /// The noun phrase from `from` on, with what stands in apposition.
    pub(super) fn phrase_right(&self, sentence: Sentence, from: usize) -> Run {
        let mut end = self.words.phrase_end(sentence, from).max(from + 1);
        while let Some(next) = self.phrase_goes_on(sentence, end) {
            end = next.min(sentence.end);
        }
        (from, end.min(sentence.end))
    }

    /// The end of what goes on at `at` with the noun phrase before it: `of the party`, `and Ito`, `, a lawyer`.
    fn phrase_goes_on(&self, sentence: Sentence, at: usize) -> Option<usize> {
        let words = self.words;
        let word = words.0[..sentence.end].get(at)?;
        let nominal = |class| {
            matches!(
                class,
                Class::Determiner | Class::Possessive | Class::Open | Class::Number
            )
        };
        if word.before.has(Marks::OPEN.and(Marks::SEMICOLON)) || word.quotation.is_some() {
            return None;
        }
        if word.before.has(INSERTION) {
            let explains =
                nominal(word.class()) && word.lexical.cue.verb.is_empty() && !word.lexical.past;
            return explains.then(|| words.phrase_end(sentence, at).max(at + 1));
        }
        let joins = matches!(
            word.class(),
            Class::Preposition | Class::And | Class::Number
        ) && !word.before.has(Marks::BREAK);
        let next = words.0[..sentence.end].get(at + 1)?;
        // `by Obi of hiding`
        (joins && nominal(next.class()) && !next.lexical.ing)
            .then(|| words.phrase_end(sentence, at + 1).max(at + 2))
    }
}
