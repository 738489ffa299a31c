//! Who speaks, and who accuses, denies or offers what to whom: read off the words of a sentence.
//!
//! [`candidate`] finds what may name a party, [`sayer`] who says the sentence, [`direction`] reads off by rules which of them is
//! source and which target of a label, and [`rank`] weighs that with all else that is known of each and chooses. [`role`] gives them codes
//! and roles, and [`alias`] takes up what earlier sentences of the article said of them. A target that the sentence does not name
//! may be a party of an earlier claim: whoever accuses is whom a later denial answers.

mod alias;
mod candidate;
mod direction;
mod rank;
mod role;
mod sayer;
mod words;

#[cfg(test)]
pub(crate) mod fit;
#[cfg(test)]
pub(crate) mod score;
#[cfg(test)]
mod tests;

pub(crate) use self::alias::Memory;
use self::candidate::{Sayer, Sentence};
use self::direction::Found;
use self::rank::{Classes, Party, Question, Views, Weights};
use self::words::Words;
use crate::claim::{Mention, Relation};
use crate::speaker::Speaker;
use crate::token::{Lexicon, Token, Tokenizer};
use crate::{LabelSet, Labels, Span};

/// Finds parties by the classes of a lexicon and the words of `labels/relations.csv` and `labels/roles.csv`.
#[derive(Debug, Clone)]
pub(crate) struct PartyFinder {
    deeds: Vec<Deed>,
    words: &'static Words,
    weights: &'static Weights,
    classes: Classes,
    /// What is right, where that is learned.
    #[cfg(test)]
    pub(crate) lesson: Option<std::cell::RefCell<fit::Lesson>>,
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

    /// The column of weights that counts for it.
    fn column(self) -> usize {
        match self {
            Self::Accuse | Self::Other => 0,
            Self::Deny => 1,
            Self::Offer => 2,
        }
    }
}

impl PartyFinder {
    pub(crate) fn new(labels: &Labels, lexicon: &Lexicon) -> Self {
        Self {
            deeds: labels
                .names()
                .iter()
                .map(|name| Deed::of_label(name))
                .collect(),
            words: Words::shipped(),
            weights: Weights::shipped(),
            classes: Classes::new(lexicon),
            #[cfg(test)]
            lesson: None,
        }
    }

    /// The parties of a sentence that carries labels. `memory` holds the sentences before it, `said` tells who says it.
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
        // One who is named in the sentence itself is a candidate.
        let elsewhere = speaker
            .as_ref()
            .filter(|_| !matches!(sentence.sayer, Sayer::Here(_)));
        let views = Views::new(&sentence, &self.classes, &self.weights.dictionary);
        let keys: Vec<Option<u64>> = sentence
            .candidates
            .iter()
            .map(|c| (!c.is_pronoun).then(|| alias::key(c.span.of(text))))
            .collect();
        let mut relations = Vec::new();
        for label in labels.iter() {
            let ruled = sentence.found(self.deeds[label]);
            let question = Question {
                sentence: &sentence,
                views: &views,
                deed: self.deeds[label],
                ruled: &ruled,
                cast: &memory.cast,
                keys: &keys,
                speaker: elsewhere,
                number: memory.n_sentences(),
            };
            let [source, target] = self.choose(&question);
            let here = |party: Option<Party>| match party {
                Some(Party::Here(at)) => Some(at),
                _ => None,
            };
            let mutual = here(source).filter(|&source| {
                here(target).is_some_and(|target| question.is_same(source, target))
            });
            let found = sentence.finish(&Found::new(here(source), mutual.or(here(target))));
            let earlier = match target {
                Some(Party::Earlier(at)) => Some(memory.cast.mention(at).clone()),
                _ => None,
            };
            let mut mentions = |parties: Vec<usize>| -> Vec<Mention> {
                let mention = |at| self.mention(tokenizer, memory, &sentence, at);
                parties.into_iter().map(mention).collect()
            };
            let (mut sources, mut targets) = (mentions(found.sources), mentions(found.targets));
            targets.extend(earlier);
            if source == Some(Party::Speaker) {
                let is_target = |speaker: &Mention| {
                    targets
                        .iter()
                        .any(|target| target.span.intersects(speaker.span))
                };
                sources.extend(elsewhere.cloned().filter(|speaker| !is_target(speaker)));
            }
            if !(sources.is_empty() && targets.is_empty()) {
                relations.push(Relation {
                    label,
                    sources,
                    targets,
                });
            }
        }
        self.remember(memory, &sentence, &relations);
        Parties { speaker, relations }
    }

    /// The source and the target of a claim, each a party or nobody.
    fn choose(&self, question: &Question<'_>) -> [Option<Party>; 2] {
        #[cfg(test)]
        if let Some(lesson) = &self.lesson {
            return lesson.borrow_mut().choose(question);
        }
        self.weights.choose(question)
    }

    /// Keeps the parties of claims, as far as a name or a noun tells who they are.
    fn remember(&self, memory: &mut Memory, sentence: &Sentence<'_>, relations: &[Relation]) {
        let number = memory.n_sentences();
        let text = sentence.text;
        for relation in relations {
            let keyed = |mentions: &[Mention]| -> Vec<(u64, Mention)> {
                let told = mentions.iter().filter_map(|mention| {
                    let mut mention = mention.clone();
                    mention.span = sentence.name_of(mention.span).unwrap_or(mention.span);
                    if is_pronoun(mention.span.of(text)) {
                        mention.span = mention.antecedent.take()?;
                    }
                    Some((alias::key(mention.span.of(text)), mention))
                });
                told.collect()
            };
            let (sources, targets) = (keyed(&relation.sources), keyed(&relation.targets));
            let deed = self.deeds[relation.label];
            memory.cast.note(number, deed, &sources, &targets);
        }
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

fn is_pronoun(name: &str) -> bool {
    rank::PRONOUNS
        .iter()
        .any(|pronoun| pronoun.eq_ignore_ascii_case(name))
}

impl Sentence<'_> {
    /// The name that stands beside a title or a noun: `the shadow justice secretary, Martin Pell`.
    fn name_of(&self, mention: Span) -> Option<Span> {
        let at = self.candidates.iter().position(|c| c.span == mention)?;
        let is_name = |at: usize| self.is_actor(self.candidates[at].last);
        if is_name(at) {
            return None;
        }
        let name = alias::appositives(self, at).find(|&other| is_name(other))?;
        Some(self.candidates[name].span)
    }

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
