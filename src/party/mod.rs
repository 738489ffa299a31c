//! Who speaks, and who accuses, denies or offers what to whom: read off the words of a sentence.
//!
//! [`candidate`] finds what may name a party, [`sayer`] who says the sentence, [`direction`] which of them is source and which target of
//! a label, [`role`] gives them codes and roles, and [`alias`] takes up what earlier sentences of the article said of them. A party that
//! the sentence does not name stays unknown.

mod alias;
mod candidate;
mod direction;
mod role;
mod sayer;
mod words;

#[cfg(test)]
pub(crate) mod score;
#[cfg(test)]
mod tests;

pub(crate) use self::alias::Memory;
use self::candidate::{Sayer, Sentence};
use self::direction::Found;
use self::words::Words;
use crate::claim::{Mention, Relation};
use crate::speaker::Speaker;
use crate::token::{Token, Tokenizer};
use crate::{LabelSet, Labels, Span};

/// Finds parties by the classes of a lexicon and the words of `labels/relations.csv` and `labels/roles.csv`.
#[derive(Debug, Clone)]
pub(crate) struct PartyFinder {
    deeds: Vec<Deed>,
    words: &'static Words,
}

/// Who says a sentence, and who does what its labels say to whom.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    pub(crate) speaker: Option<Mention>,
    /// For each label that has a source or a target.
    pub(crate) relations: Vec<Relation>,
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

    /// The parties of a sentence that carries labels. `memory` holds the sentences before it, `said` tells who says it.
    /// A label whose sentence names nobody who does it has the speaker as its source.
    pub(crate) fn find(
        &self,
        tokenizer: &Tokenizer,
        memory: &mut Memory,
        text: &str,
        tokens: &[Token],
        labels: LabelSet,
        said: &Speaker,
    ) -> Parties {
        let mut sentence = Sentence::new(self.words, text, tokens);
        sentence.attribute(said);
        let speaker = said
            .named(text)
            .map(|span| self.speaker(tokenizer, memory, &sentence, span));
        // One who is named in the sentence itself was there for the rules to choose.
        let is_elsewhere = !matches!(sentence.sayer, Sayer::Here(_));
        let mut relations = Vec::new();
        for label in labels.iter() {
            let Found { sources, targets } = sentence.found(self.deeds[label]);
            let mut mentions = |parties: Vec<usize>| -> Vec<Mention> {
                let mention = |at| self.mention(tokenizer, memory, &sentence, at);
                parties.into_iter().map(mention).collect()
            };
            let (mut sources, targets) = (mentions(sources), mentions(targets));
            if sources.is_empty() && is_elsewhere {
                let is_target = |mention: &Mention| {
                    targets
                        .iter()
                        .any(|target| target.span.intersects(mention.span))
                };
                sources.extend(speaker.clone().filter(|speaker| !is_target(speaker)));
            }
            if !(sources.is_empty() && targets.is_empty()) {
                relations.push(Relation {
                    label,
                    sources,
                    targets,
                });
            }
        }
        Parties { speaker, relations }
    }

    /// The speaker, who may be named in an earlier sentence.
    fn speaker(
        &self,
        tokenizer: &Tokenizer,
        memory: &Memory,
        sentence: &Sentence<'_>,
        span: Span,
    ) -> Mention {
        let here = sentence
            .tokens
            .first()
            .is_some_and(|token| span.start >= token.span.start);
        let tokens = if here {
            sentence.tokens
        } else {
            memory.tokens()
        };
        let first = tokens.partition_point(|token| token.span.end <= span.start);
        let behind = tokens.partition_point(|token| token.span.start < span.end);
        let told = role::identify_name(
            self.words,
            tokenizer,
            span.of(sentence.text),
            &tokens[first.min(behind)..behind],
        );
        Mention {
            span,
            code: told.code,
            role: told.role,
            antecedent: None,
        }
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
