//! Later mentions of a party of the same article: `he`, `the ministry`, `Dal` → the mention that tells code and role.

use super::candidate::{Candidate, Sentence};
use super::rank::Cast;
use super::role::{Identity, identify};
use super::words::{Noun, Words};
use crate::Span;
use crate::claim::Role;
use crate::token::{Token, Tokenizer, hash_name};

/// The sentences of an article that were read. One is looked through only when a later mention may mean a party in it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    tokens: Vec<Token>,
    sentences: Vec<Remembered>,
    /// The parties of the claims that were read.
    pub(super) cast: Cast,
}

/// A sentence that was read.
#[derive(Debug, Clone)]
struct Remembered {
    /// Its tokens begin and end here.
    start: usize,
    end: usize,
    /// The parties that it names, once it was looked through.
    parties: Option<Vec<Known>>,
}

/// A party that an earlier sentence names.
#[derive(Debug, Clone)]
struct Known {
    candidate: Candidate,
    /// The candidates that explain it.
    explained_by: Vec<Candidate>,
}

/// What a pronoun may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Person,
    Thing,
    Several,
}

/// How many sentences back a pronoun may reach.
const PRONOUN_REACH: usize = 2;
/// How many sentences back `the company` may reach for a company of another noun.
const ROLE_REACH: usize = 6;

impl Memory {
    /// Forgets the article.
    pub(crate) fn clear(&mut self) {
        self.tokens.clear();
        self.sentences.clear();
        self.cast.clear();
    }

    /// How many sentences were read.
    pub(super) fn n_sentences(&self) -> usize {
        self.sentences.len()
    }

    /// The tokens of all sentences that were read, in their order.
    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// Takes in the tokens of the next sentence.
    pub(crate) fn push(&mut self, tokens: &[Token]) {
        let start = self.tokens.len();
        self.tokens.extend_from_slice(tokens);
        self.sentences.push(Remembered {
            start,
            end: self.tokens.len(),
            parties: None,
        });
    }

    /// The mention in an earlier sentence that a candidate takes up, with what is known of it.
    pub(super) fn antecedent(
        &mut self,
        words: &Words,
        tokenizer: &Tokenizer,
        text: &str,
        candidate: &Candidate,
    ) -> Option<(Span, Identity)> {
        let name = candidate.span.of(text);
        if candidate.is_pronoun {
            self.of_pronoun(words, tokenizer, text, name)
        } else {
            self.of_name(words, tokenizer, text, name)
        }
    }

    /// The parties of a sentence, and its tokens.
    fn parties(&mut self, words: &Words, text: &str, sentence: usize) -> (&[Known], &[Token]) {
        let remembered = &mut self.sentences[sentence];
        let tokens = &self.tokens[remembered.start..remembered.end];
        let parties = remembered.parties.get_or_insert_with(|| {
            let sentence = Sentence::new(words, text, tokens);
            let known = |at: usize| Known {
                candidate: sentence.candidates[at].clone(),
                explained_by: appositives(&sentence, at)
                    .map(|explains| sentence.candidates[explains].clone())
                    .collect(),
            };
            (0..sentence.candidates.len())
                .filter(|&at| !sentence.candidates[at].is_pronoun)
                .map(known)
                .collect()
        });
        (parties, tokens)
    }

    fn of_pronoun(
        &mut self,
        words: &Words,
        tokenizer: &Tokenizer,
        text: &str,
        pronoun: &str,
    ) -> Option<(Span, Identity)> {
        let wanted = match pronoun.to_lowercase().as_str() {
            "it" => Kind::Thing,
            "they" | "them" => Kind::Several,
            "you" => return None,
            _ => Kind::Person,
        };
        let newest = self.sentences.len();
        let oldest = newest.saturating_sub(PRONOUN_REACH);
        (oldest..newest).rev().find_map(|sentence| {
            let (parties, tokens) = self.parties(words, text, sentence);
            let mut fitting = parties
                .iter()
                .filter(|known| known.kind(words, text, tokens) == wanted);
            let first = fitting.clone().find(|known| known.is_subject());
            let known = first.or_else(|| fitting.next())?;
            Some((
                known.candidate.span,
                known.identity(words, tokenizer, text, tokens),
            ))
        })
    }

    /// The last mention that shares its last name or its noun.
    fn of_name(
        &mut self,
        words: &Words,
        tokenizer: &Tokenizer,
        text: &str,
        name: &str,
    ) -> Option<(Span, Identity)> {
        let last = last_word(name);
        let noun = words.facts_of(last).noun;
        let is_noun = matches!(noun, Noun::Head | Noun::Bearer) && starts_lower(last);
        if is_noun && name.contains(' ') {
            return None; // it has words of its own: `the Polish army`, `the other company`
        }
        // A name that only tells whose a noun is stands for another: `Dal` in `Dal's spokesman`.
        let is_owner = |other: &str| head_word(words, other) == Some(last_word(other));
        let shares = |known: &Known| {
            let other = known.candidate.span.of(text);
            let mut words = other.split([' ', '-']).map(last_word);
            other.len() > name.len()
                && words.any(|word| word == last || is_noun && word.eq_ignore_ascii_case(last))
                && (is_noun || !is_owner(other))
        };
        // The first letter may be a capital: `President` for `the president`.
        let rest = last
            .char_indices()
            .nth(1)
            .map_or(last, |(at, _)| &last[at..]);
        let found = (0..self.sentences.len()).rev().find_map(|sentence| {
            if !self.text_of(text, sentence).contains(rest) {
                return None;
            }
            let (parties, tokens) = self.parties(words, text, sentence);
            parties
                .iter()
                .rev()
                .filter(|known| shares(known))
                .find_map(|known| {
                    let identity = known.identity(words, tokenizer, text, tokens);
                    let tells = !is_noun || identity.code.is_some();
                    tells.then_some((known.candidate.span, identity))
                })
        });
        if found.is_some() || !is_noun {
            return found;
        }
        let role = words.standing(&last.to_lowercase())?.role;
        if !matches!(role, Some(Role::Business | Role::Media)) {
            return None;
        }
        let newest = self.sentences.len();
        let oldest = newest.saturating_sub(ROLE_REACH);
        (oldest..newest).rev().find_map(|sentence| {
            let (parties, tokens) = self.parties(words, text, sentence);
            parties.iter().rev().find_map(|known| {
                let identity = known.identity(words, tokenizer, text, tokens);
                let alike = identity.role == role && identity.code.is_some();
                alike.then_some((known.candidate.span, identity))
            })
        })
    }

    /// The piece of the article from the first to the last token of a sentence.
    fn text_of<'a>(&self, text: &'a str, sentence: usize) -> &'a str {
        let Remembered { start, end, .. } = self.sentences[sentence];
        match &self.tokens[start..end] {
            [] => "",
            [only] => only.span.of(text),
            [first, .., last] => &text[first.span.start..last.span.end],
        }
    }
}

impl Known {
    fn is_subject(&self) -> bool {
        let Candidate {
            preposition,
            is_object,
            is_owner,
            ..
        } = self.candidate;
        preposition.is_none() && !is_object && !is_owner
    }

    fn identity(
        &self,
        words: &Words,
        tokenizer: &Tokenizer,
        text: &str,
        tokens: &[Token],
    ) -> Identity {
        let mut told = identify(words, tokenizer, text, tokens, &self.candidate);
        for explains in &self.explained_by {
            told.fill(&identify(words, tokenizer, text, tokens, explains));
        }
        told
    }

    fn kind(&self, words: &Words, text: &str, tokens: &[Token]) -> Kind {
        let name = self.candidate.span.of(text);
        let Some(noun) = head_word(words, name) else {
            let unknown = tokens[self.candidate.last].is_unknown_name();
            return if unknown { Kind::Person } else { Kind::Thing };
        };
        let noun = noun.to_lowercase();
        if noun.ends_with("men") || noun.ends_with('s') || noun == "people" || noun == "police" {
            Kind::Several
        } else if words.facts_of(&noun).is_thing {
            Kind::Thing
        } else {
            Kind::Person
        }
    }
}

/// The candidates that explain the one at `at`: `Orhan Dal, the Turkish interior minister,`.
pub(super) fn appositives<'a>(
    sentence: &'a Sentence<'_>,
    at: usize,
) -> impl Iterator<Item = usize> + 'a {
    let behind = (at + 1..sentence.candidates.len())
        .take_while(|&next| sentence.candidates[next].is_appositive);
    let before = (0..at)
        .rev()
        .take_while(move |_| sentence.candidates[at].is_appositive)
        .take(1);
    behind.chain(before)
}

/// The last noun for a party in the part of a name before `of`, `for`, ...
fn head_word<'a>(words: &Words, name: &'a str) -> Option<&'a str> {
    name.split(' ')
        .take_while(|word| !matches!(*word, "of" | "for" | "in" | "from" | "to"))
        .filter(|word| {
            matches!(
                words.facts_of(last_word(word)).noun,
                Noun::Head | Noun::Bearer
            )
        })
        .last()
        .map(last_word)
}

/// What mentions of one party have in common: the last word, singular, in lower case.
pub(super) fn key(name: &str) -> u64 {
    hash_name(last_word(name).to_lowercase().trim_end_matches('s'))
}

fn last_word(name: &str) -> &str {
    let word = name.rsplit([' ', '-']).next().unwrap_or(name);
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s")
        .or(word.strip_suffix("’s"))
        .unwrap_or(word)
}

fn starts_lower(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase)
}
