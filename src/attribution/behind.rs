//! Cues behind or within what they attribute: `…, he said`; `…,” said Obi`; `…, according to Obi`.

use super::Pattern;
use super::cue::{Form, Takes};
use super::find::{Finder, Found, Run};
use super::grammar::Class;
use super::verb::Use;
use super::word::{Marks, Sentence};

/// What stands behind a cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// A mark, or the end of the sentence; with the word behind.
    Empty(usize),
    /// `in an interview`, `after the vote`
    Adverbial,
    /// What could be its content.
    Clause,
}

/// A cue and its source, the one beside the other, with a mark before them.
#[derive(Debug, Clone, Copy)]
struct Insertion {
    verb: usize,
    source: Run,
    /// The first word of the two.
    start: usize,
    right: Right,
    /// `said Obi`
    inverted: bool,
    /// Whether a quotation closes before it.
    quoted: bool,
}

impl Finder<'_> {
    /// `…, he said`; `said Obi`; `…, he said, …`
    pub(super) fn parenthetical(&mut self, sentence: Sentence, verb: usize) {
        let Some(insertion) = self.insertion(sentence, verb) else {
            return;
        };
        let found = if insertion.quoted {
            self.around_quotation(sentence, insertion)
        } else {
            self.around_clause(sentence, insertion)
        };
        let Some(content) = found.filter(|content| self.is_free(content)) else {
            return;
        };
        self.push(Found {
            source: Some(insertion.source),
            cue: Some((verb, verb + 1)),
            content,
            pattern: if insertion.inverted {
                Pattern::Inverted
            } else {
                Pattern::Follows
            },
        });
    }

    /// The cue at `verb` with its source, if a mark stands before the two.
    fn insertion(&self, sentence: Sentence, verb: usize) -> Option<Insertion> {
        let words = self.words;
        let right = self.right(sentence, verb);
        let (source, inverted) = match self.inverted_source(sentence, verb, right) {
            Some(source) => (source, true),
            None if words.use_of(sentence, verb) == Use::Finite => {
                let source = self.subject(sentence, verb)?;
                (Some(source).filter(|source| source.1 <= verb)?, false)
            }
            None => return None,
        };
        let start = if inverted { verb } else { source.0 };
        let before = words[start].before;
        let quoted = before.has(Marks::CLOSE);
        let parted = quoted || before.has(Marks::PAUSE) && start > sentence.first;
        parted.then_some(Insertion {
            verb,
            source,
            start,
            right,
            inverted,
            quoted,
        })
    }

    /// `Obi` of `…,” said Obi`.
    fn inverted_source(&self, sentence: Sentence, verb: usize, right: Right) -> Option<Run> {
        let words = self.words;
        let form = words[verb].lexical.cue.form;
        let before = words[verb].before;
        if verb == sentence.first && !before.has(Marks::CLOSE)
            || words[verb].is_capitalised()
            || !before.has(Marks::CLOSE.and(Marks::COMMA))
            || !(form.has(Form::PAST) || form.has(Form::S))
            || right != Right::Clause
            || !self.starts_phrase(sentence, verb + 1)
        {
            return None;
        }
        let source = self.phrase_right(sentence, verb + 1);
        // Without a quotation before it, the name must be all there is: `…, said the men` begins much else.
        let clause = words.has_verb(verb + 1, source.1);
        let named =
            words[verb + 1].is_capitalised() || words[verb + 1].class() == Class::Determiner;
        let last = source.1 == sentence.end
            || named && matches!(words[source.1].class(), Class::Relative | Class::That);
        (before.has(Marks::CLOSE) || last && !clause).then_some(source)
    }

    /// The content of a cue that stands behind a quotation.
    fn around_quotation(&self, sentence: Sentence, insertion: Insertion) -> Option<Vec<Run>> {
        let words = self.words;
        let Insertion { verb, start, .. } = insertion;
        let tail = match insertion.right {
            _ if insertion.inverted => None,
            Right::Clause => return None,
            Right::Empty(_) | Right::Adverbial => self.later_quotation(sentence, verb),
        };
        let before = start.checked_sub(1)?;
        let quotation = self.quotations[words[before].quotation? as usize];
        let of = self.sentence_of(quotation.first);
        // `He is “no liar,” she said`: the quotation is a piece of a sentence that is attributed as a whole.
        let whole = quotation.first == of.first
            || words[quotation.first].before.has(Marks::COLON)
            || !self.is_free(&[(of.first, start)]);
        let first = if whole { quotation.first } else { of.first };
        Some(std::iter::once((first, start)).chain(tail).collect())
    }

    /// The content of a cue that stands behind or within a clause.
    fn around_clause(&self, sentence: Sentence, insertion: Insertion) -> Option<Vec<Run>> {
        let words = self.words;
        let Insertion { verb, start, .. } = insertion;
        let from = self.front_start(sentence, start);
        if from >= start {
            return None;
        }
        let told = words.has_verb(from, start);
        let tail = match insertion.right {
            _ if insertion.inverted => None,
            Right::Clause => return None,
            Right::Empty(next) => self.tail(sentence, verb, next),
            Right::Adverbial => {
                let that = (verb + 1..sentence.end).any(|i| words[i].class() == Class::That);
                let takes = words[verb].lexical.cue.verb;
                let opens = matches!(
                    words[from].class(),
                    Class::Preposition | Class::Subordinator | Class::By | Class::To
                );
                let dash = words[start].before.has(Marks::DASH);
                if that || opens || dash || !told || takes.has(words[verb + 1].lexical.way) {
                    return None;
                }
                None
            }
        };
        if !(insertion.inverted || tail.is_some() || told) {
            return None;
        }
        // `On Monday, he said, “No.”`: the front is no content; that of `In Jos, he said, “one can”` is.
        let starts_anew =
            |(tail, _): Run| words[tail].before.has(Marks::OPEN) && words[tail].is_capitalised();
        let front = (!tail.is_some_and(starts_anew)).then_some((from, start));
        Some(front.into_iter().chain(tail).collect())
    }

    /// What goes on at `next` behind a cue that interrupts a clause: a quotation, or the rest of the clause.
    fn tail(&self, sentence: Sentence, verb: usize, next: usize) -> Option<Run> {
        let words = self.words;
        if next >= sentence.end {
            return None;
        }
        if words[next].before.has(Marks::OPEN) {
            return self.quotation_run(next);
        }
        let stands_off = words[next].lexical.cue.form.has(Form::ING)
            || matches!(
                words[next].class(),
                Class::Relative
                    | Class::And
                    | Class::But
                    | Class::Subordinator
                    | Class::Preposition
                    | Class::According
            );
        let goes_on = words[next].before.has(Marks::PAUSE) && !stands_off;
        goes_on.then(|| (next, self.clause_end(sentence, verb, next)))
    }

    /// The quotation that goes on behind `…,” he said in Jos, “…`.
    fn later_quotation(&self, sentence: Sentence, verb: usize) -> Option<Run> {
        let words = self.words;
        let mut rest = verb + 1..sentence.end;
        let open = rest.find(|&i| words[i].before.has(Marks::OPEN))?;
        let joins = words[open].before.has(Marks::PAUSE)
            || matches!(words[open - 1].class(), Class::And | Class::But);
        let other = (verb + 1..open).any(|i| {
            let word = &words[i];
            word.class() == Class::Open
                && word.lexical.cue.verb.has(Takes::QUOTE)
                && !word.is_capitalised()
        });
        if joins && !other {
            self.quotation_run(open)
        } else {
            None
        }
    }

    /// Where the clause begins that ends before `start`.
    fn front_start(&self, sentence: Sentence, start: usize) -> usize {
        (sentence.first + 1..start)
            .rev()
            .find(|&i| self.claimed[i - 1] || self.words[i].before.has(Marks::SEMICOLON))
            .unwrap_or(sentence.first)
    }

    /// What stands behind the cue at `verb`.
    fn right(&self, sentence: Sentence, verb: usize) -> Right {
        let words = self.words;
        let takes = words[verb].lexical.cue.verb;
        let stops =
            |at: usize| at >= sentence.end || words[at].before.has(Marks::BREAK.and(Marks::OPEN));
        let mut next = self.skip_time(sentence, verb + 1);
        if takes.has(Takes::PERSON) && !stops(next) {
            let end = words.phrase_end(sentence, next);
            let addressed = stops(end)
                || self.skip_time(sentence, end) > end
                || words[end].class().opens_adverbial();
            if addressed {
                next = self.skip_time(sentence, end);
            }
        }
        if next >= sentence.end {
            return Right::Empty(next);
        }
        let before = words[next].before;
        let quotes = before.has(Marks::OPEN) && !before.has(Marks::BREAK);
        if before.has(Marks::COLON) || quotes {
            return Right::Clause;
        }
        if before.has(Marks::BREAK) {
            return Right::Empty(next);
        }
        let class = words[next].class();
        let wants = class == Class::To && takes.has(Takes::INFINITIVE);
        if class.opens_adverbial() && !wants {
            Right::Adverbial
        } else {
            Right::Clause
        }
    }

    /// The first word from `at` on that tells no time and no manner: past `Monday`, `this week`, `angrily`.
    fn skip_time(&self, sentence: Sentence, at: usize) -> usize {
        let words = self.words;
        let mut next = at;
        let goes_on =
            |at: usize| at < sentence.end && !words[at].before.has(Marks::BREAK.and(Marks::OPEN));
        while goes_on(next) {
            let class = words[next].class();
            if goes_on(next + 1)
                && words[next + 1].class() == Class::Time
                && (class == Class::Determiner || words[next].lexical.dates)
            {
                next += 2;
            } else if matches!(class, Class::Adverb | Class::Time | Class::Number) {
                next += 1;
            } else {
                break;
            }
        }
        next
    }

    fn starts_phrase(&self, sentence: Sentence, at: usize) -> bool {
        at < sentence.end
            && !self.words[at].before.has(Marks::OPEN)
            && self.words[at].class().opens_phrase()
    }

    /// `according to Obi`
    pub(super) fn according(&mut self, sentence: Sentence, at: usize) {
        let words = self.words;
        if at + 2 >= sentence.end || words[at + 1].class() != Class::To {
            return;
        }
        let mut source = self.phrase_right(sentence, at + 2);
        let from = self.front_start(sentence, at);
        let filler = |i| matches!(words[i].class(), Class::And | Class::But | Class::Adverb);
        let mut content = Vec::new();
        let rest = if (from..at).all(filler) {
            let comma = (at + 3..sentence.end).find(|&i| words[i].before.has(Marks::PAUSE));
            source.1 = source.1.min(comma.unwrap_or(source.1));
            Some(comma.unwrap_or(source.1))
        } else {
            content.push((from, at));
            let interrupts = |&rest: &usize| {
                rest < sentence.end
                    && words[rest].before.has(Marks::PAUSE)
                    && !words.has_verb(from, at)
            };
            Some(source.1).filter(interrupts)
        };
        if let Some(rest) = rest.filter(|&rest| rest < sentence.end) {
            content.push((rest, self.clause_end(sentence, at, rest)));
        }
        if !content.is_empty() && self.is_free(&content) {
            self.push(Found {
                source: Some(source),
                cue: Some((at, at + 2)),
                content,
                pattern: Pattern::According,
            });
        }
    }
}
