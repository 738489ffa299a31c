//! How the verb of a cue is used: with a subject of its own, passive, behind `to`, behind a comma; or whether the word is a noun.

use super::cue::Form;
use super::grammar::Class;
use super::phrase::Words;
use super::word::{Marks, Sentence};

/// How a word that may be the verb of a cue is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It has a subject of its own: `says`, `has said`, `would say`.
    Finite,
    /// `was accused`
    Passive,
    /// `to say`, `by saying`, `for refusing`
    Infinitive,
    /// `…, saying`
    Participle,
    /// `a letter urging`
    Reduced,
    /// It is a noun or an adjective here.
    None,
}

impl Words<'_> {
    /// How the cue at `at` is used, by its form and the word before it.
    pub(super) fn use_of(self, sentence: Sentence, at: usize) -> Use {
        let lexical = &self[at].lexical;
        if lexical.cue.verb.is_empty() || lexical.possessive {
            return Use::None;
        }
        let ing = lexical.cue.form.has(Form::ING);
        match self.before(sentence, at) {
            Some(before) if ing => self.use_of_ing(at, before),
            Some(before) => self.use_of_tense(sentence, at, before),
            // `Citing the report, …`; what else opens a sentence is a noun.
            None if ing => Use::Participle,
            None => Use::None,
        }
    }

    /// The word before `at` in the sentence, adverbs and negations passed over.
    pub(super) fn before(self, sentence: Sentence, at: usize) -> Option<usize> {
        let passed =
            |i: &usize| matches!(self[*i].class(), Class::Adverb | Class::Degree | Class::Not);
        (sentence.first..at).rev().find(|i| !passed(i))
    }

    /// Whether a mark stands between two words, the first of which is `before`.
    fn is_parted(self, before: usize, at: usize) -> bool {
        (before + 1..=at).any(|i| self[i].before.has(Marks::BREAK))
    }

    /// `is saying`, `…, saying`, `by saying`, `a letter saying`
    fn use_of_ing(self, at: usize, before: usize) -> Use {
        let previous = &self[before];
        let class = previous.class();
        if class == Class::Be {
            return Use::Finite;
        }
        if self.is_parted(before, at) {
            return Use::Participle;
        }
        match class {
            Class::By | Class::Preposition | Class::Subordinator | Class::To => Use::Infinitive,
            Class::Subject => Use::Reduced,
            _ if previous.lexical.possessive => Use::None,
            Class::Object | Class::Open | Class::Time => Use::Reduced,
            Class::And | Class::But => Use::Participle,
            _ => Use::None,
        }
    }

    /// `said`, `has said`, `was said`, `to say`, `says`; or a noun: `the claims`.
    fn use_of_tense(self, sentence: Sentence, at: usize, before: usize) -> Use {
        let form = self[at].lexical.cue.form;
        let previous = &self[before];
        let class = previous.class();
        match class {
            Class::Be if form.has(Form::PARTICIPLE) => return Use::Passive,
            Class::Have if form.has(Form::PARTICIPLE) => return Use::Finite,
            Class::To if form.has(Form::BASE) => return Use::Infinitive,
            Class::Modal | Class::Do if form.has(Form::BASE) => return Use::Finite,
            _ if form == Form::PARTICIPLE => return Use::None,
            _ => {}
        }
        let parted = self.is_parted(before, at);
        let has_tense = form.has(Form::PAST) || form.has(Form::S);
        match class {
            Class::Subject | Class::Relative | Class::That => Use::Finite,
            Class::Determiner | Class::Possessive | Class::Be | Class::To | Class::By => Use::None,
            _ if previous.lexical.possessive => Use::None,
            Class::Preposition | Class::Subordinator if !parted => Use::None,
            Class::And | Class::But => Use::Finite,
            Class::Open | Class::Number | Class::Time | Class::Object
                if parted || self.agrees(sentence, before, form) =>
            {
                Use::Finite
            }
            _ if parted && has_tense => Use::Finite,
            _ => Use::None,
        }
    }

    /// Whether the noun at `at` can be the subject of a verb in this form.
    fn agrees(self, sentence: Sentence, at: usize, form: Form) -> bool {
        let plural = self[at].lexical.plural;
        let named = self[at].is_capitalised();
        let number = self[at].class() == Class::Number;
        // `officials in Lome say`
        let plural_head = || (self.phrase_start(sentence, at)..=at).any(|i| self[i].lexical.plural);
        form.has(Form::PAST)
            || form.has(Form::S) && (named || !plural) && !number
            || form.has(Form::BASE) && (plural_head() || self.is_coordinated(sentence, at))
    }

    /// `Obi and Ito`
    fn is_coordinated(self, sentence: Sentence, at: usize) -> bool {
        let mut before = (sentence.first..at).rev().take(3);
        self[at].is_capitalised() && before.any(|i| self[i].class() == Class::And)
    }

    /// Whether a verb that stands by itself is among the words, as far as that can be told.
    pub(super) fn has_verb(self, from: usize, to: usize) -> bool {
        (from..to).any(|at| {
            let word = &self[at];
            if word.class() != Class::Open || word.is_capitalised() {
                return word.class().is_auxiliary();
            }
            let cue = word.lexical.cue;
            let past = word.lexical.past || cue.form.has(Form::PAST);
            past || at > from && self.has_subject_before(at, cue.form)
        })
    }

    /// Whether the word before `at` makes it a verb in the present tense.
    fn has_subject_before(self, at: usize, form: Form) -> bool {
        let before = &self[at - 1];
        before.class() == Class::Subject
            || form.has(Form::S)
            || before.is_capitalised() && self[at].lexical.plural
    }
}
