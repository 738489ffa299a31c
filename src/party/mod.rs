//! Who speaks, and who accuses, denies or offers what to whom: read off the words of a sentence.
//!
//! [`candidate`] finds what may name a party, [`direction`] says which of them is source and which is target of a label,
//! [`role`] gives them codes and roles, and [`alias`] takes up what earlier sentences of the article said of them. A party that
//! the sentence does not name stays unknown.

mod alias;
mod candidate;
mod direction;
mod role;
mod words;

#[cfg(test)]
mod tests;

pub(crate) use self::alias::Memory;
use self::candidate::Sentence;
use self::direction::Found;
use self::words::Words;
use crate::claim::{Mention, Relation};
use crate::token::{Token, Tokenizer};
use crate::{LabelSet, Labels};

/// Finds parties by the classes of a lexicon and the words of `labels/relations.csv` and `labels/roles.csv`.
#[derive(Debug, Clone)]
pub(crate) struct PartyFinder {
    deeds: Vec<Deed>,
    words: &'static Words,
}

/// What a label says that a source does to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Accuse,
    Deny,
    Offer,
    /// A label that is none of the three that ship.
    Other,
}

impl Deed {
    fn of_label(name: &str) -> Self {
        match name {
            "accusation" => Self::Accuse,
            "denial" => Self::Deny,
            "cooperation" => Self::Offer,
            _ => Self::Other,
        }
    }
}

impl PartyFinder {
    pub(crate) fn new(labels: &Labels) -> Self {
        Self {
            deeds: labels
                .names()
                .iter()
                .map(|name| Deed::of_label(name))
                .collect(),
            words: Words::shipped(),
        }
    }

    /// The parties of a sentence that carries labels. `memory` holds the sentences before it.
    pub(crate) fn find(
        &self,
        tokenizer: &Tokenizer,
        memory: &mut Memory,
        text: &str,
        tokens: &[Token],
        labels: LabelSet,
    ) -> Vec<Relation> {
        let sentence = Sentence::new(self.words, text, tokens);
        let mut relations = Vec::new();
        for label in labels.iter() {
            let Found { sources, targets } = sentence.found(self.deeds[label]);
            if sources.is_empty() && targets.is_empty() {
                continue;
            }
            let mut mentions = |parties: Vec<usize>| {
                let mention = |at| self.mention(tokenizer, memory, &sentence, at);
                parties.into_iter().map(mention).collect()
            };
            relations.push(Relation {
                label,
                sources: mentions(sources),
                targets: mentions(targets),
            });
        }
        relations
    }

    /// A candidate with what the sentence, and then what the article says of it.
    fn mention(
        &self,
        tokenizer: &Tokenizer,
        memory: &mut Memory,
        sentence: &Sentence<'_>,
        at: usize,
    ) -> Mention {
        let candidate = &sentence.candidates[at];
        let identify = |at: usize| {
            let candidate = &sentence.candidates[at];
            role::identify(
                self.words,
                tokenizer,
                sentence.text,
                sentence.tokens,
                candidate,
            )
        };
        let mut told = identify(at);
        for explains in alias::appositives(sentence, at) {
            told.fill(&identify(explains));
        }
        let mut antecedent = None;
        if told.code.is_none()
            && let Some((span, known)) =
                memory.antecedent(self.words, tokenizer, sentence.text, candidate)
        {
            told.fill(&known);
            antecedent = Some(span);
        }
        Mention {
            span: candidate.span,
            code: told.code,
            role: told.role,
            antecedent,
        }
    }
}

impl Sentence<'_> {
    fn found(&self, deed: Deed) -> Found {
        match deed {
            Deed::Accuse => self.accusation(),
            Deed::Deny => self.denial(),
            Deed::Offer => self.cooperation(),
            Deed::Other => {
                let readings = [self.accusation(), self.cooperation(), self.denial()];
                let named = |found: &Found| found.sources.len().min(1) + found.targets.len().min(1);
                readings.into_iter().max_by_key(named).unwrap_or_default()
            }
        }
    }
}
