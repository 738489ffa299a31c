//! What is true of a candidate whatever its sentence claims: its kind and place, the words around it, its part in the clauses.

use std::ops::Range;

use super::super::candidate::{Candidate, Sayer, Sentence};
use super::super::words::Cues;
use super::Dictionary;
use super::feature::{CLASSES, DOER, Features, IN_QUOTE, QUOTING, Template, count, distance, pair};
use crate::token::{Ending, Lexicon, Token, TokenKind};

/// What is true of the candidates of a sentence, whatever it claims.
pub(in crate::party) struct Views {
    pub(super) of: Vec<Features>,
    /// The quarters of the sentence that are quoted.
    pub(super) quoted: usize,
    /// Where the sayer is named, among the values of [`Template::Sayer`].
    pub(super) sayer: usize,
}

impl Views {
    pub(in crate::party) fn new(
        sentence: &Sentence<'_>,
        classes: &Classes,
        dictionary: &Dictionary,
    ) -> Self {
        let mut of: Vec<Features> = (0..sentence.candidates.len())
            .map(|at| sentence.view(at))
            .collect();
        for (of, c) in of.iter_mut().zip(&sentence.candidates) {
            dictionary.add_words(of, sentence, c);
        }
        sentence.add_classes(&mut of, classes);
        sentence.add_parts_of_clauses(&mut of);
        let quoted = sentence.tokens.iter().filter(|token| token.quoted).count();
        Self {
            of,
            quoted: 4 * quoted / sentence.len().max(1),
            sayer: match sentence.sayer {
                Sayer::Here(_) => 0,
                Sayer::Elsewhere => 4,
                Sayer::Unknown => 5,
            },
        }
    }
}

/// The classes of a lexicon, by their numbers in [`CLASSES`].
#[derive(Debug, Clone)]
pub(in crate::party) struct Classes(Vec<Option<usize>>);

impl Classes {
    pub(in crate::party) fn new(lexicon: &Lexicon) -> Self {
        let number = |class: &String| CLASSES.iter().position(|known| known == class);
        Self(lexicon.classes().iter().map(number).collect())
    }

    fn of(&self, token: &Token) -> impl Iterator<Item = usize> {
        let classes = token.meaning.classes.iter();
        classes.filter_map(|class| self.0[class])
    }
}

impl Sentence<'_> {
    fn kind(&self, at: usize) -> usize {
        let Some(token) = self.tokens.get(at) else {
            return 0;
        };
        match token.kind {
            TokenKind::Actor => 1,
            TokenKind::Number => 2,
            TokenKind::Date => 3,
            TokenKind::Word if self.is_party_noun(at) => 4,
            TokenKind::Word => 5 + self.ending(at),
        }
    }

    fn voice(&self, at: usize) -> usize {
        if self.is_passive(at) {
            4
        } else {
            self.ending(at)
        }
    }

    fn ending(&self, at: usize) -> usize {
        match self.tokens[at].meaning.ending {
            Ending::Bare => 0,
            Ending::Ed => 1,
            Ending::Ing => 2,
            Ending::S => 3,
        }
    }

    fn cues(&self, at: usize) -> Cues {
        self.facts
            .get(at)
            .map_or(Cues::default(), |facts| facts.cues)
    }

    /// Whether a word tells what is done: a cue of a claim, or a participle.
    fn is_telling(&self, at: usize) -> bool {
        const SMALL: Cues = Cues::HAVE
            .or(Cues::BE)
            .or(Cues::WILL)
            .or(Cues::ADVERB)
            .or(Cues::NOT)
            .or(Cues::PREP)
            .or(Cues::DET)
            .or(Cues::AND)
            .or(Cues::PRONOUN);
        let cues = self.cues(at);
        let participle = matches!(self.tokens[at].meaning.ending, Ending::Ed | Ending::Ing);
        self.tokens[at].kind == TokenKind::Word
            && !cues.has(SMALL)
            && (!cues.is_empty() || participle)
    }

    /// What is true of a candidate.
    fn view(&self, at: usize) -> Features {
        let c = &self.candidates[at];
        let subject = self.is_clause_subject(c);
        let mut of = Features::with_room();
        of.add(Template::Any, 0);
        if c.is_pronoun {
            of.add_one_of(Template::Pronoun, self.word(c.first), 2);
        } else if self.is_actor(c.last) {
            let unknown = self.tokens[c.last].is_unknown_name();
            of.add(Template::Head, usize::from(!unknown));
        } else {
            of.add(
                Template::Head,
                if self.is_party_noun(c.last) { 2 } else { 3 },
            );
        }
        let determiner = if c.opens == c.first {
            "none"
        } else {
            self.word(c.opens)
        };
        of.add_one_of(Template::Determiner, determiner, 0);
        let preposition = c.preposition.map_or("none", |at| self.word(at));
        of.add_one_of(Template::Preposition, preposition, 0);
        if let Some(before) = c.preposition.and_then(|at| at.checked_sub(1)) {
            of.add_cues(Template::PrepositionOf, self.cues(before));
        }
        // In the order of `PLACES`.
        let places = [
            c.is_owner,
            c.is_attribute,
            c.is_appositive,
            c.is_object,
            c.quoted,
            subject,
            self.is_acted_on(c),
            self.is_told(c),
            c.opens == 0,
            self.is_quoted_clause(c),
            self.is(c.last + 1, Cues::WHO),
            self.is_several(at),
            c.is_pronoun && self.antecedent_or_self(at) != at,
        ];
        for (place, _) in places.into_iter().enumerate().filter(|(_, is)| *is) {
            of.add(Template::Is, place);
        }
        self.add_surroundings(&mut of, c);
        of.add(
            Template::Sayer,
            match self.sayer {
                Sayer::Here(sayer) if sayer == at => 0,
                Sayer::Here(sayer) if self.candidates[sayer].group == c.group => 1,
                Sayer::Here(sayer) if at < sayer => 2,
                Sayer::Here(_) => 3,
                Sayer::Elsewhere => 4,
                Sayer::Unknown => 5,
            },
        );
        let said = self.is_said(c.first);
        of.add(Template::Said, pair(said, subject));
        if subject {
            let before = || {
                self.candidates[..at]
                    .iter()
                    .filter(|c| self.is_clause_subject(c))
            };
            of.add(Template::SubjectNumber, count(before().count(), 3));
            if said {
                let said = before().filter(|c| self.is_said(c.first)).count();
                of.add(Template::SaidNumber, count(said, 3));
            }
        }
        of.add(Template::Number, count(at, 5));
        of.add(
            Template::NumberFromEnd,
            count(self.candidates.len() - 1 - at, 4),
        );
        of.add(Template::Fifth, 5 * c.opens / self.len());
        of
    }

    /// The words beside a candidate, and the nearest that tell what is done, up to a mark.
    fn add_surroundings(&self, of: &mut Features, c: &Candidate) {
        let opened = c.opens == 0 || self.is_break(c.opens);
        of.add(Template::Breaks, pair(opened, self.is_break(c.last + 1)));
        let next = c.last + 1;
        of.add_cues(Template::After, self.cues(next));
        of.add(Template::AfterKind, self.kind(next));
        let before = c.opens.wrapping_sub(1);
        of.add_cues(Template::Before, self.cues(before));
        of.add(Template::BeforeKind, self.kind(before));
        let stop = (next + 1..self.len())
            .find(|&at| self.is_break(at))
            .unwrap_or(self.len());
        if let Some(verb) = (next..stop).find(|&at| self.is_telling(at)) {
            of.add_cues(Template::Next, self.cues(verb));
            of.add(Template::NextVoice, self.voice(verb));
            of.add(Template::NextDistance, distance(verb - c.last));
        }
        let start = (0..=c.opens)
            .rev()
            .find(|&at| self.is_break(at))
            .unwrap_or(0);
        if let Some(verb) = (start..c.opens).rev().find(|&at| self.is_telling(at)) {
            of.add_cues(Template::Previous, self.cues(verb));
            of.add(Template::PreviousVoice, self.voice(verb));
            of.add(Template::PreviousDistance, distance(c.opens - verb));
        }
    }

    /// Notes the nearest words of the lexicon in front of each candidate and behind it, as far as no mark stands between them.
    /// One that stands directly behind a candidate does not count: `Dal, who denied`.
    fn add_classes(&self, of: &mut [Features], classes: &Classes) {
        let told: Vec<usize> = (0..self.len())
            .filter(|&at| classes.of(&self.tokens[at]).next().is_some())
            .collect();
        for (of, c) in of.iter_mut().zip(&self.candidates) {
            let mut add = |template: Template, at: usize| {
                for class in classes.of(&self.tokens[at]) {
                    of.add(template, class);
                }
            };
            let is_parted = |mut between: Range<usize>| between.any(|at| self.is_break(at));
            let after = told.partition_point(|&at| at <= c.last);
            if let Some(&at) = told.get(after)
                && !is_parted(c.last + 2..at + 1)
            {
                let template = if self.is_passive(at) {
                    Template::ClassAfterPassive
                } else {
                    Template::ClassAfter
                };
                add(template, at);
            }
            let before = told.partition_point(|&at| at < c.opens);
            if let Some(&at) = told[..before].last()
                && !is_parted(at + 1..c.opens)
            {
                let template = match c.preposition.map(|at| self.word(at)) {
                    Some("by") => Template::ClassBeforeBy,
                    Some("of" | "from") => Template::ClassBeforeOf,
                    Some("on" | "against" | "with" | "to" | "at" | "for") => {
                        Template::ClassBeforeOn
                    }
                    _ => Template::ClassBefore,
                };
                add(template, at);
            }
        }
    }

    /// Notes whose subject, object, agent or owner a candidate is.
    fn add_parts_of_clauses(&self, of: &mut [Features]) {
        const CLAIMS: Cues = Cues::ACCUSE
            .or(Cues::ALLEGE)
            .or(Cues::CHARGE)
            .or(Cues::DENY)
            .or(Cues::DENIAL)
            .or(Cues::REPORT)
            .or(Cues::CLEAR)
            .or(Cues::OFFER)
            .or(Cues::AGREE)
            .or(Cues::READY)
            .or(Cues::PROPOSAL)
            .or(Cues::JOINT)
            .or(Cues::SAY)
            .or(Cues::FACE)
            .or(Cues::AID)
            .or(Cues::DEMAND)
            .or(Cues::WEIGH)
            .or(Cues::WILL)
            .or(Cues::MAKE);
        let mut add = |who: Option<usize>, template: Template, cues: Cues| {
            if let Some(who) = who {
                of[who].add_cues(template, cues.and(CLAIMS));
            }
        };
        for at in 0..self.len() {
            let cues = self.cues(at);
            if !cues.has(CLAIMS) {
                continue;
            }
            if self.is_noun_use(at) {
                add(self.maker_of(at), Template::MakerOf, cues);
            } else if self.is_passive(at) {
                add(self.patient(at), Template::PatientOf, cues);
                add(self.agent(at), Template::AgentOf, cues);
            } else {
                add(self.subject(at), Template::SubjectOf, cues);
                add(self.object(at), Template::ObjectOf, cues);
            }
        }
        let sayer = match self.sayer {
            Sayer::Here(sayer) => Some(sayer),
            _ => None,
        };
        let parts = [
            (self.doer(sayer), DOER),
            (self.quoted_by(), QUOTING),
            (self.named_in_quote(&[]), IN_QUOTE),
        ];
        for (who, place) in parts {
            if let Some(who) = who {
                of[who].add(Template::Is, place);
            }
        }
        for features in of {
            features.0.sort_unstable();
            features.0.dedup();
        }
    }
}
