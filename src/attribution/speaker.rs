//! The name that a source stands for: `he`, `the spokesman`, `Mr. Obi` → the last name before it that fits.
//!
//! Sources are asked for in the order of the text. Nothing is guessed: a pronoun after which no name fits stands for nobody.

use std::collections::VecDeque;

use super::cue::Takes;
use super::find::Run;
use super::grammar::{Class, Gender};
use super::phrase::Words;
use super::word::{Marks, Sentence};
use crate::Span;

/// A name that was met, with the words around it.
#[derive(Debug, Clone, Copy)]
struct Known {
    name: Span,
    /// The words of the source or the noun phrase that held it.
    phrase: Run,
    gender: Option<Gender>,
    is_person: bool,
}

/// The names of an article, in the order of the text.
pub(super) struct Speakers<'a> {
    text: &'a str,
    words: Words<'a>,
    sentences: &'a [Sentence],
    /// The last names, the latest first.
    known: VecDeque<Known>,
    /// The sentences whose opening names are known.
    read: usize,
}

/// How many names are remembered.
const REMEMBERED: usize = 32;

impl<'a> Speakers<'a> {
    pub(super) fn new(text: &'a str, words: Words<'a>, sentences: &'a [Sentence]) -> Self {
        Self {
            text,
            words,
            sentences,
            known: VecDeque::new(),
            read: 0,
        }
    }

    /// The name that a source stands for.
    pub(super) fn of(&mut self, source: Run) -> Option<Span> {
        self.read_openings(source.0);
        let (first, end) = source;
        match self.words[first].class() {
            Class::Relative if first > 0 => {
                let sentence = self.sentence_of(first);
                let before = first.checked_sub(1).filter(|&at| at >= sentence.first)?;
                let phrase = (self.words.phrase_start(sentence, before), first);
                self.meet(phrase)
            }
            Class::Subject | Class::Possessive | Class::Object if end == first + 1 => {
                self.of_pronoun(first)
            }
            _ => self.meet(source).or_else(|| self.of_title(source)),
        }
    }

    /// Reads the names that open sentences up to the word at `to`: most subjects stand there.
    fn read_openings(&mut self, to: usize) {
        while let Some(&sentence) = self.sentences.get(self.read)
            && sentence.first < to
        {
            self.read += 1;
            let end = self.words.phrase_end(sentence, sentence.first);
            let verb = self.words.0[..sentence.end].get(end);
            let is_subject = verb.is_some_and(|verb| {
                verb.class().is_auxiliary()
                    || verb.lexical.past
                    || !verb.lexical.cue.verb.is_empty()
            });
            if is_subject && !sentence.titled && end > sentence.first {
                self.meet((sentence.first, end));
            }
        }
    }

    /// The name inside a noun phrase, which is remembered.
    fn meet(&mut self, phrase: Run) -> Option<Span> {
        let (name, is_person) = self.name_in(phrase).or_else(|| self.name_beside(phrase))?;
        let gender = self.gender_in(phrase);
        let last = self.known.iter().find(|known| {
            let contradicts = gender.is_some() && known.gender.is_some() && gender != known.gender;
            !contradicts && self.is_short_for(name, known.name)
        });
        let known = Known {
            name: last.map_or(name, |known| known.name),
            phrase,
            gender: gender.or_else(|| last?.gender),
            is_person: is_person || last.is_some_and(|known| known.is_person),
        };
        self.known.truncate(REMEMBERED - 1);
        self.known.push_front(known);
        Some(known.name)
    }

    /// `Ada Obi` in `the minister, Ada Obi`.
    fn name_beside(&self, (first, end): Run) -> Option<(Span, bool)> {
        let comma = (first + 1..end).find(|&i| self.words[i].before.has(Marks::COMMA))?;
        let named = self.words[comma].is_capitalised();
        named.then(|| self.name_in((comma, end))).flatten()
    }

    /// The capitalised words at the head of a phrase, and whether they look like those of a person. `None` where the head is
    /// no name: `Obi's lawyer`, `a spokesman for Obi`.
    fn name_in(&self, (first, end): Run) -> Option<(Span, bool)> {
        let words = self.words;
        let parts = |i: usize| {
            i > first && words[i].before.has(Marks::BREAK)
                || !matches!(
                    words[i].class(),
                    Class::Open
                        | Class::Determiner
                        | Class::Possessive
                        | Class::Number
                        | Class::Degree
                )
        };
        let stop = (first..end).find(|&i| parts(i)).unwrap_or(end);
        let head = stop.checked_sub(1).filter(|&head| head >= first)?;
        let named = |i: usize| words[i].is_capitalised() && words[i].class() == Class::Open;
        if !named(head) {
            // `Iranian officials`: a people stands for itself.
            let start = (first..stop).find(|&i| named(i))?;
            let owned = (start..stop).any(|i| words[i].lexical.possessive);
            let whole = Span::new(words[start].span.start, words[head].span.end);
            return (!owned && words[head].lexical.plural).then_some((whole, false));
        }
        let start = (first..=head).rev().take_while(|&i| named(i)).last()?;
        // `Ministry of Defence`
        let mut last = head;
        while last + 2 < end
            && words[last + 1].lexical.way == Takes::OF
            && words[last + 1].before.is_empty()
            && named(last + 2)
        {
            last += 2;
        }
        let name = Span::new(words[start].span.start, self.bare_end(last));
        let titled = start > first && words[start - 1].class() == Class::Open;
        let is_person =
            last == head && (titled || head > start || self.gender_in((first, end)).is_some());
        Some((name, is_person && words[first].class() != Class::Determiner))
    }

    /// The end of a word without its possessive.
    fn bare_end(&self, at: usize) -> usize {
        let span = self.words[at].span;
        let word = span.of(self.text);
        let bare = ["'s", "’s", "'", "’"]
            .iter()
            .find_map(|ending| word.strip_suffix(ending));
        span.start + bare.unwrap_or(word).len()
    }

    /// Whether `short` is a part of `full` that names the same: `Obi` or `Mr. Obi` of `Ada Obi`.
    fn is_short_for(&self, short: Span, full: Span) -> bool {
        let (short, full) = (short.of(self.text), full.of(self.text));
        let mut bare = short;
        while let Some((first, rest)) = bare.split_once(' ')
            && is_title(first)
        {
            bare = rest;
        }
        full.strip_suffix(bare).is_some_and(|before| {
            before.is_empty() && full.len() >= short.len() || before.ends_with(' ')
        })
    }

    fn of_pronoun(&mut self, at: usize) -> Option<Span> {
        let pronoun = self.word(at);
        let gender = self.words[at].lexical.gender;
        let thing = ["it", "its", "they", "their"];
        if gender.is_none() && !thing.iter().any(|it| it.eq_ignore_ascii_case(pronoun)) {
            return None;
        }
        let plural = pronoun.len() > 3;
        let fits = |known: &&mut Known| match gender {
            Some(gender) => known.is_person && known.gender.is_none_or(|of| of == gender),
            None => !known.is_person && (!plural || self.words[known.phrase.1 - 1].lexical.plural),
        };
        let known = self.known.iter_mut().find(fits)?;
        known.gender = known.gender.or(gender);
        Some(known.name)
    }

    /// `the spokesman` → the last name that had the title beside it.
    fn of_title(&self, (first, end): Run) -> Option<Span> {
        let words = self.words;
        if words[first].class() != Class::Determiner || !self.word(first).starts_with(['T', 't']) {
            return None;
        }
        let stop = (first + 1..end)
            .find(|&i| words[i].before.has(Marks::BREAK) || words[i].class() != Class::Open)
            .unwrap_or(end);
        let title = self.word(stop - 1);
        let has_title = |known: &&Known| {
            let (from, to) = known.phrase;
            let told = |i: usize| !words[i].is_capitalised() || is_title(title);
            (from..to).any(|i| told(i) && self.word(i).eq_ignore_ascii_case(title))
        };
        let by_title = self.known.iter().find(has_title);
        // `The minister` with no title before it: the last person, if that is the only one.
        let only = || {
            let mut persons = self.known.iter().filter(|known| known.is_person);
            let first = persons.next()?;
            let alone = persons.all(|other| other.name == first.name);
            (alone && is_title(title)).then_some(first)
        };
        by_title.or_else(only).map(|known| known.name)
    }

    fn gender_in(&self, (first, end): Run) -> Option<Gender> {
        (first..end).find_map(|i| self.words[i].lexical.gender)
    }

    /// A word as it is written.
    fn word(&self, at: usize) -> &'a str {
        self.words[at].span.of(self.text)
    }

    fn sentence_of(&self, word: usize) -> Sentence {
        let after = self
            .sentences
            .partition_point(|sentence| sentence.first <= word);
        self.sentences[after.saturating_sub(1)]
    }
}

/// Whether a word, in whatever case, is a form of address or an office that one person holds.
fn is_title(word: &str) -> bool {
    const TITLES: [&str; 54] = [
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "dr",
        "dr.",
        "sen.",
        "rep.",
        "gov.",
        "gen.",
        "sen",
        "rep",
        "gov",
        "gen",
        "president",
        "minister",
        "premier",
        "chancellor",
        "senator",
        "governor",
        "mayor",
        "spokesman",
        "spokeswoman",
        "spokesperson",
        "chairman",
        "chairwoman",
        "director",
        "secretary",
        "ambassador",
        "judge",
        "lawyer",
        "candidate",
        "nominee",
        "leader",
        "general",
        "colonel",
        "commander",
        "envoy",
        "officer",
        "prosecutor",
        "professor",
        "lawmaker",
        "congressman",
        "congresswoman",
        "king",
        "queen",
        "pope",
        "bishop",
        "chief",
        "commissioner",
        "diplomat",
        "coach",
    ];
    TITLES.iter().any(|title| title.eq_ignore_ascii_case(word))
}
