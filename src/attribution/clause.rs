//! Where the content of a cue ends.

use super::cue::{Form, Takes};
use super::grammar::Class;
use super::phrase::Words;
use super::verb::Use;
use super::word::{Marks, Sentence};

/// The content whose end is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Content {
    /// Its cue.
    pub(super) cue: usize,
    /// Its first word.
    pub(super) from: usize,
    /// Whether it is a noun phrase, which ends sooner than a clause.
    pub(super) object: bool,
}

impl Words<'_> {
    /// The end of a content: that of its sentence, or sooner, where somebody else speaks, the speaker begins anew, or words
    /// are `claimed`.
    pub(super) fn content_end(
        self,
        sentence: Sentence,
        content: Content,
        claimed: &[bool],
    ) -> usize {
        let fronted = self.is_fronted(sentence, content.cue);
        let mut brackets = 0_usize;
        for at in content.from + 1..sentence.end {
            let word = &self[at];
            if claimed[at] {
                return at;
            }
            // Nothing ends inside a quotation.
            if word.quotation.is_some() && word.quotation == self[at - 1].quotation {
                continue;
            }
            if word.before.has(Marks::CLOSING_BRACKET) {
                if brackets == 0 {
                    return at;
                }
                brackets -= 1;
            }
            brackets += usize::from(word.before.has(Marks::BRACKET));
            if self.ends_before(sentence, content, at, fronted) {
                return at;
            }
        }
        sentence.end
    }

    /// Whether the content ends before the word at `at`; `fronted` if its clause opens the sentence and depends on what follows.
    fn ends_before(self, sentence: Sentence, content: Content, at: usize, fronted: bool) -> bool {
        let word = &self[at];
        let form = self[content.cue].lexical.cue.form;
        let parted = word.before.has(Marks::PAUSE);
        if word.before.has(Marks::SEMICOLON) {
            return true;
        }
        match word.class() {
            Class::And | Class::But => {
                self.is_verb_of(sentence, at + 1, form)
                    || parted
                        && (self.speaks(sentence, at + 1, form)
                            || content.object && self.has_own_subject(sentence, at + 1))
            }
            Class::Subordinator if !parted => content.object && word.lexical.circumstance,
            _ if !parted => false,
            Class::According => true,
            Class::Subordinator => content.object || self.speaks(sentence, at + 1, form),
            Class::Relative => content.object || self.speaks(sentence, at, form),
            class => {
                content.object && class == Class::Subject
                    || fronted && class.opens_phrase() && !self.is_list(sentence, at)
                    || word.lexical.cue.form.has(Form::ING)
                        && class == Class::Open
                        && self.use_of(sentence, at) == Use::Participle
                    || self.speaks(sentence, at, form)
            }
        }
    }

    /// Whether the sentence opens with a clause that depends on another, and holds the cue: `While Obi denied it, …`.
    fn is_fronted(self, sentence: Sentence, cue: usize) -> bool {
        let first = &self[sentence.first];
        let depends = first.class().opens_adverbial()
            || first.class() == Class::Question
            || first.lexical.cue.form.has(Form::ING);
        depends && !(sentence.first + 1..=cue).any(|i| self[i].before.has(Marks::COMMA))
    }

    /// Whether the comma at `at` parts things that are listed: an `and` follows after a few words, none of them a verb.
    fn is_list(self, sentence: Sentence, at: usize) -> bool {
        const LONGEST: usize = 6;
        (at + 1..sentence.end.min(at + 1 + LONGEST))
            .take_while(|&i| !(self[i - 1].class().is_auxiliary() || self[i - 1].lexical.past))
            .any(|i| self[i].class() == Class::And)
    }

    /// Whether a clause with a subject and a verb begins at `at`.
    fn has_own_subject(self, sentence: Sentence, at: usize) -> bool {
        if at >= sentence.end {
            return false;
        }
        let end = self.phrase_end(sentence, at);
        self[at].class() == Class::Subject
            || end > at
                && end < sentence.end
                && (self[end].class().is_auxiliary()
                    || self[end].lexical.past && self[end].class() == Class::Open)
    }

    /// Whether somebody begins to speak at `at`, in the tense of a cue of this form: `Obi said`.
    fn speaks(self, sentence: Sentence, at: usize, form: Form) -> bool {
        if at >= sentence.end {
            return false;
        }
        let verb = self.past_auxiliaries(sentence, self.phrase_end(sentence, at));
        let tense = form.has(Form::PAST) || form.has(Form::S);
        (at + 1..=verb.min(sentence.end - 1)).any(|i| {
            let cue = self[i].lexical.cue;
            cue.verb.has(Takes::SPEECH)
                && self[i].class() == Class::Open
                && (!tense
                    || form.has(Form::PAST) && cue.form.has(Form::PAST)
                    || form.has(Form::S) && cue.form.has(Form::S))
                && self.use_of(sentence, i) == Use::Finite
        })
    }

    /// Whether another cue in the same form begins at `at`: `and denied`.
    fn is_verb_of(self, sentence: Sentence, at: usize, form: Form) -> bool {
        let verb = self.past_auxiliaries(sentence, at);
        verb < sentence.end && {
            let cue = self[verb].lexical.cue;
            let shared = [Form::PAST, Form::S, Form::ING];
            !cue.verb.is_empty()
                && self[verb].class() == Class::Open
                && shared.iter().any(|&one| form.has(one) && cue.form.has(one))
        }
    }

    /// The first word from `at` on that helps no verb.
    fn past_auxiliaries(self, sentence: Sentence, at: usize) -> usize {
        (at..sentence.end)
            .find(|&i| {
                let class = self[i].class();
                !(class.is_auxiliary() || matches!(class, Class::Adverb | Class::Not))
            })
            .unwrap_or(sentence.end)
    }
}
