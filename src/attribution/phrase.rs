//! Where noun phrases begin and end.

use super::cue::{Form, Takes};
use super::grammar::Class;
use super::word::{Marks, Sentence, Word};

/// The words of an article, for looking around.
#[derive(Clone, Copy)]
pub(super) struct Words<'a>(pub(super) &'a [Word]);

impl std::ops::Index<usize> for Words<'_> {
    type Output = Word;

    fn index(&self, at: usize) -> &Word {
        &self.0[at]
    }
}

impl Words<'_> {
    /// The end of the noun phrase that begins at `at`, without what follows it by a preposition: `the senator`, `CNN`.
    pub(super) fn phrase_end(self, sentence: Sentence, at: usize) -> usize {
        let mut end = at;
        while end < sentence.end && !self.ends_phrase(at, end) {
            if matches!(self[end].class(), Class::Subject | Class::Object) {
                return end + 1;
            }
            end += 1;
        }
        end
    }

    /// Whether the noun phrase that began at `first` ends before the word at `at`.
    fn ends_phrase(self, first: usize, at: usize) -> bool {
        let word = &self[at];
        if word.before.has(Marks::OPEN) || at > first && word.before.has(Marks::BREAK) {
            return true;
        }
        let opens = matches!(
            word.class(),
            Class::Determiner | Class::Possessive | Class::Number | Class::Subject | Class::Object
        );
        if word.class() != Class::Open {
            return !(opens && at == first);
        }
        if at == first || self[at - 1].lexical.possessive {
            return false;
        }
        let before = &self[at - 1];
        if word.is_capitalised() {
            // `told reporters Obi`
            return !before.is_capitalised() && before.lexical.plural;
        }
        // `told Obi officials`, but `the Obi government`
        let named = (first..at).any(|i| self[i].is_capitalised());
        named && self[first].class() != Class::Determiner
    }

    /// The first word of the noun phrase whose last word is `last`.
    pub(super) fn phrase_start(self, sentence: Sentence, last: usize) -> usize {
        if matches!(
            self[last].class(),
            Class::Subject | Class::Relative | Class::That | Class::Object
        ) {
            return last;
        }
        let mut first = self.before_brackets(sentence, last, last + 1);
        while first > sentence.first {
            let marks = self[first].before;
            if marks.has(Marks::CLOSING_BRACKET) {
                let before = self.before_brackets(sentence, first, first);
                if before == first {
                    break;
                }
                first = before;
            } else if marks.has(Marks::BREAK.and(Marks::OPEN).and(Marks::CLOSE))
                || !self.joins_before(sentence, first)
            {
                break;
            } else {
                first -= 1;
            }
        }
        first
    }

    /// `Obi` for `(D-S.C.)` of `Jim Obi (D-S.C.)`, where a bracket closes before the word at `at`; else `from` itself.
    fn before_brackets(self, sentence: Sentence, from: usize, at: usize) -> usize {
        const LONGEST: usize = 6;
        let closes = |word: &Word| word.before.has(Marks::CLOSING_BRACKET);
        if !self.0.get(at).is_some_and(closes) {
            return from;
        }
        let mut inside = (sentence.first + 1..at).rev().take(LONGEST);
        inside
            .find(|&i| self[i].before.has(Marks::BRACKET))
            .map_or(from, |open| open - 1)
    }

    /// Whether the word before `at`, which no mark parts from it, belongs to the same noun phrase.
    fn joins_before(self, sentence: Sentence, at: usize) -> bool {
        let (word, before) = (&self[at], &self[at - 1]);
        let head = at.checked_sub(2).filter(|&head| head >= sentence.first);
        let noun = |at: usize| self[at].class() == Class::Open && self.is_noun(at);
        match word.class() {
            // `a spokesman for the ministry`, `all the men`
            Class::Determiner | Class::Possessive => {
                before.class().links()
                    || word.class() == Class::Determiner && before.class() == Class::Determiner
            }
            Class::Preposition | Class::And => before.class() == Class::Number || noun(at - 1),
            _ => match before.class() {
                Class::Determiner | Class::Possessive | Class::Number => true,
                Class::Open => {
                    before.lexical.possessive
                        || self.is_noun(at - 1)
                        || before.lexical.past && self.is_attributive(sentence, at - 1)
                }
                Class::And => head.is_some_and(|head| {
                    let other = &self[head];
                    let alike = other.is_capitalised() == word.is_capitalised()
                        || other.lexical.plural && word.lexical.plural;
                    noun(head) && alike && !before.before.has(Marks::BREAK)
                }),
                class => class.links() && !before.is_capitalised() && head.is_some_and(noun),
            },
        }
    }

    /// Whether a participle opens a noun phrase: `“…,” retired general Obi`, `the retired general`.
    fn is_attributive(self, sentence: Sentence, at: usize) -> bool {
        at == sentence.first
            || self[at].before.has(Marks::BREAK.and(Marks::CLOSE))
            || matches!(self[at - 1].class(), Class::Determiner | Class::Possessive)
    }

    /// Whether an open word is a noun or an adjective rather than a verb, as far as its spelling tells.
    fn is_noun(self, at: usize) -> bool {
        let word = &self[at];
        let cue = word.lexical.cue;
        let says = cue.form.has(Form::S) && cue.noun.is_empty() && cue.verb.has(Takes::QUOTE);
        let verb = cue.form.has(Form::PAST) || cue.form.has(Form::ING) || says;
        word.is_capitalised() || !(verb || word.lexical.past)
    }
}
