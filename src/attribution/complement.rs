//! What stands behind a cue and belongs to it: a clause, an object, a quotation, past adverbs, places, and people spoken to.

use super::Pattern;
use super::cue::Takes;
use super::find::{Finder, Run};
use super::grammar::Class;
use super::word::{Marks, Sentence};

/// A cue that looks for its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asking {
    pub(super) sentence: Sentence,
    pub(super) cue: usize,
    pub(super) takes: Takes,
}

/// What was found behind a cue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Complement {
    /// The cue ends here: a preposition belongs to it.
    pub(super) cue_end: usize,
    pub(super) content: Run,
    pub(super) pattern: Pattern,
}

impl Complement {
    fn new(cue_end: usize, content: Run, pattern: Pattern) -> Self {
        Self {
            cue_end,
            content,
            pattern,
        }
    }
}

/// How many words may stand between a cue and its content.
const REACH: usize = 14;

/// So many words behind a verb of saying are a clause, whether or not its verb is known.
const LONG: usize = 5;

impl Finder<'_> {
    /// What the cue takes from word `from` on.
    pub(super) fn complement(&self, asking: Asking, from: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence, takes, ..
        } = asking;
        let mut next = from;
        while next < sentence.end && !self.claimed[next] {
            let before = words[next].before;
            if before.has(Marks::OPEN) {
                return self.quotation_behind(asking, next);
            }
            if before.has(Marks::COLON) && takes.has(Takes::SPEECH) {
                let claimed = (next..sentence.end).find(|&i| self.claimed[i]);
                let rest = (next, claimed.unwrap_or(sentence.end));
                return Some(Complement::new(next, rest, Pattern::Quotation));
            }
            if before.has(Marks::BREAK) {
                return self.behind_insertion(asking, next);
            }
            let dates = words[next].class() == Class::Determiner || words[next].lexical.dates;
            if dates && self.is_time(sentence, next + 1) {
                next += 2; // `this week`, `last Friday`
                continue;
            }
            match words[next].class() {
                Class::Adverb | Class::Time | Class::Not => next += 1,
                Class::Preposition if is_particle(takes, words[next].lexical.way) => next += 1,
                _ => return self.complement_at(asking, next),
            }
        }
        None
    }

    /// What the cue takes, if it begins with the word at `next`, which no mark parts from the cue.
    fn complement_at(&self, asking: Asking, next: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence,
            cue,
            takes,
        } = asking;
        let clause = |pattern| {
            let end = self.clause_end(sentence, cue, next);
            Some(Complement::new(next, (next, end), pattern))
        };
        match words[next].class() {
            Class::That | Class::Question if takes.has(Takes::SPEECH.and(Takes::OBJECT)) => {
                clause(Pattern::Clause)
            }
            Class::To if takes.has(Takes::INFINITIVE) => clause(Pattern::Infinitive),
            Class::Preposition | Class::To | Class::By => {
                if !takes.has(words[next].lexical.way) || next + 1 >= sentence.end {
                    return self.behind_adverbial(asking, next);
                }
                let end = self.object_end(sentence, cue, next + 1);
                let content = (next + 1, end);
                Some(Complement::new(next + 1, content, Pattern::Preposition))
            }
            Class::Subordinator => self.behind_adverbial(asking, next),
            Class::Subject if takes.has(Takes::CLAUSE.and(Takes::OBJECT)) => {
                clause(Pattern::Clause)
            }
            Class::Determiner
            | Class::Possessive
            | Class::Object
            | Class::Open
            | Class::Number
            | Class::Degree
            | Class::Have => self.phrase_behind(asking, next),
            _ => None,
        }
    }

    /// `told reporters that`, `criticised the plan`, `said Obi had left`
    fn phrase_behind(&self, asking: Asking, next: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence,
            cue,
            takes,
        } = asking;
        if takes.has(Takes::PERSON) {
            let end = words.phrase_end(sentence, next);
            if end > next
                && end < sentence.end
                && let Some(found) = self.behind_person(asking, end)
            {
                return Some(found);
            }
        }
        if takes.has(Takes::OBJECT) {
            let end = self.object_end(sentence, cue, next);
            return Some(Complement::new(next, (next, end), Pattern::Object));
        }
        let end = self.clause_end(sentence, cue, next);
        let told = words.has_verb(next, end) || takes.has(Takes::QUOTE) && end >= next + LONG;
        (takes.has(Takes::CLAUSE) && told).then_some(Complement::new(
            next,
            (next, end),
            Pattern::Clause,
        ))
    }

    /// What a cue takes behind somebody who is spoken to.
    fn behind_person(&self, asking: Asking, from: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence,
            cue,
            takes,
        } = asking;
        let word = &words[from];
        if word.before.has(Marks::BREAK) && !word.before.has(Marks::OPEN) {
            return None;
        }
        let end = self.clause_end(sentence, cue, from);
        let found = Complement::new(cue + 1, (from, end), Pattern::Clause);
        match word.class() {
            Class::That | Class::Question | Class::To | Class::Subject => Some(found),
            Class::Determiner | Class::Possessive | Class::Open if takes.has(Takes::CLAUSE) => {
                words.has_verb(from, end).then_some(found)
            }
            _ => {
                let takes = takes.without(Takes::PERSON.and(Takes::OBJECT));
                let found = self.complement(Asking { takes, ..asking }, from)?;
                Some(Complement::new(cue + 1, found.content, found.pattern))
            }
        }
    }

    /// The quotation that opens before `next`: direct speech behind a comma or a colon, else a clause or an object that begins with
    /// a quoted word.
    fn quotation_behind(&self, asking: Asking, next: usize) -> Option<Complement> {
        let takes = asking.takes;
        if self.words[next].before.has(Marks::LEAD) {
            let direct = self.quotation_run(next)?;
            return takes.has(Takes::SPEECH).then_some(Complement::new(
                next,
                direct,
                Pattern::Quotation,
            ));
        }
        let end = self.clause_end(asking.sentence, asking.cue, next);
        takes
            .has(Takes::SPEECH.and(Takes::OBJECT))
            .then_some(Complement::new(next, (next, end), Pattern::Quotation))
    }

    /// `said in an interview that`, `wrote on Monday: “…”`
    fn behind_adverbial(&self, asking: Asking, from: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence,
            cue,
            takes,
        } = asking;
        if !takes.has(Takes::SPEECH) {
            return None;
        }
        for next in from + 1..sentence.end.min(from + REACH) {
            let before = words[next].before;
            if self.claimed[next] || before.has(Marks::SEMICOLON) {
                return None;
            }
            if before.has(Marks::OPEN) && before.has(Marks::LEAD) {
                let run = self.quotation_run(next)?;
                return Some(Complement::new(cue + 1, run, Pattern::Quotation));
            }
            let that =
                words[next].class() == Class::That && words[next - 1].class() != Class::Preposition;
            // `said on Monday he would`
            let clause = words[next].class() == Class::Subject
                && takes.has(Takes::CLAUSE)
                && words[from].class() == Class::Preposition
                && !before.has(Marks::BREAK);
            if that || clause {
                let end = self.clause_end(sentence, cue, next);
                return Some(Complement::new(cue + 1, (next, end), Pattern::Clause));
            }
        }
        None
    }

    /// `said, however, that`, `said, “…”`
    fn behind_insertion(&self, asking: Asking, from: usize) -> Option<Complement> {
        let words = self.words;
        let Asking {
            sentence,
            cue,
            takes,
        } = asking;
        if !takes.has(Takes::SPEECH) || !words[from].before.has(Marks::PAUSE) {
            return None;
        }
        let next = (from + 1..sentence.end.min(from + REACH))
            .find(|&i| words[i].before.has(Marks::PAUSE.and(Marks::COLON)))?;
        if words[next].before.has(Marks::OPEN) {
            let run = self.quotation_run(next)?;
            return Some(Complement::new(cue + 1, run, Pattern::Quotation));
        }
        if words[next].class() != Class::That {
            return None;
        }
        let end = self.clause_end(sentence, cue, next);
        Some(Complement::new(cue + 1, (next, end), Pattern::Clause))
    }

    /// `Obi continued:` and the quotation in the next sentence or paragraph; the cue stands in the sentence of number `at`.
    pub(super) fn next_quotation(&self, asking: Asking, at: usize) -> Option<Complement> {
        let next = self.sentences.get(at + 1)?;
        if !(asking.takes.has(Takes::SPEECH) && asking.sentence.ends_with_colon) {
            return None;
        }
        let run = self.quotation_run(next.first)?;
        Some(Complement::new(asking.cue + 1, run, Pattern::Quotation))
    }

    /// `expressed deep concern about the policy`: the noun belongs to the cue, its own complement is the content.
    pub(super) fn within_object(&self, found: Complement) -> Complement {
        const LONGEST: usize = 4;
        let words = self.words;
        let (first, end) = found.content;
        if found.pattern != Pattern::Object {
            return found;
        }
        for noun in first..end.min(first + LONGEST) {
            let takes = words[noun].lexical.cue.noun;
            let next = noun + 1;
            if words[noun].before.has(Marks::BREAK.and(Marks::OPEN)) || next + 1 >= end {
                break;
            }
            let start = match words[next].class() {
                Class::Preposition if takes.has(words[next].lexical.way) => next + 1,
                Class::Open | Class::Determiner | Class::Possessive | Class::Number => continue,
                _ => break,
            };
            return Complement::new(start, (start, end), Pattern::Object);
        }
        found
    }

    fn is_time(&self, sentence: Sentence, at: usize) -> bool {
        at < sentence.end
            && self.words[at].class() == Class::Time
            && !self.words[at].before.has(Marks::BREAK)
    }
}

/// `out` of `pointed out`, which the content follows as if it were not there.
fn is_particle(takes: Takes, way: Takes) -> bool {
    const PARTICLES: Takes = Takes::OUT.and(Takes::UP);
    way.has(PARTICLES) && takes.has(way)
}
