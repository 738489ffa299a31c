//! Who does it to whom: the candidates of a sentence → sources and targets of an accusation, a denial, an offer.
//!
//! The rules go by the cue (verb, noun, adjective), its voice, and the place of the candidates around it: subject, object,
//! agent behind `by`, owner (`Kyiv's charge`), complement (`against Hungary`, `to Algiers`). What no rule reaches stays unknown.

use super::candidate::{Candidate, Sentence};
use super::words::Cues;
use crate::token::{Ending, TokenKind};

/// The candidates that are sources and targets, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) sources: Vec<usize>,
    pub(super) targets: Vec<usize>,
}

impl Found {
    fn new(source: Option<usize>, target: Option<usize>) -> Self {
        Self {
            sources: source.into_iter().collect(),
            targets: target.into_iter().collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.sources.is_empty() && self.targets.is_empty()
    }

    fn is_full(&self) -> bool {
        !self.sources.is_empty() && !self.targets.is_empty()
    }

    /// Takes what is still missing from another reading of the same claim.
    fn fill(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
        } else if self.sources.is_empty() && !other.sources.iter().any(|s| self.targets.contains(s))
        {
            self.sources = other.sources;
        } else if self.targets.is_empty() && !other.targets.iter().any(|t| self.sources.contains(t))
        {
            self.targets = other.targets;
        }
    }
}

/// How far a light verb stands before its noun, and an owner before what it owns, in tokens.
const LIGHT: usize = 8;
const OWNED: usize = 4;
/// How far the agent of a passive verb, or a complement of a noun, stands behind it.
const AGENT: usize = 14;

impl Sentence<'_> {
    /// Who accuses whom.
    pub(super) fn accusation(&self) -> Found {
        let mut found = Found::default();
        for at in 0..self.len() {
            if self.is(at, Cues::ACCUSE) && !self.is_noun_use(at) {
                found.fill(self.accuse(at));
            }
            if found.is_full() {
                return self.finish(&found);
            }
        }
        for at in 0..self.len() {
            let is_charge = self.is(at, Cues::CHARGE)
                || self.is(at, Cues::REPORT) && self.is_word(at + 1, "that");
            if is_charge && self.is_noun_use(at) {
                found.fill(self.charge(at));
            }
            if found.is_full() {
                return self.finish(&found);
            }
        }
        if found.targets.is_empty() {
            for at in 0..self.len() {
                if self.is(at, Cues::SAY.or(Cues::ALLEGE)) && !self.is_noun_use(at) {
                    let said = self.allege(at);
                    if said.is_full() || found.is_empty() {
                        found.fill(said);
                    }
                }
                if found.is_full() {
                    break;
                }
            }
        }
        if found.sources.is_empty() && found.targets.is_empty() {
            found.sources.extend(self.quoted_by());
        }
        if found.targets.is_empty() && self.tokens.iter().any(|token| token.quoted) {
            found.targets.extend(self.named_in_quote(&found.sources));
        }
        self.finish(&found)
    }

    /// Who denies what to whom.
    pub(super) fn denial(&self) -> Found {
        let mut found = Found::default();
        for at in 0..self.len() {
            if self.is(at, Cues::CLEAR) && !self.is_noun_use(at) {
                found.fill(self.accuse(at));
            } else if self.is(at, Cues::DENY) && !self.is_noun_use(at) {
                found.fill(self.deny(at));
            }
        }
        for at in 0..self.len() {
            if self.is(at, Cues::DENIAL) && found.sources.is_empty() {
                let source = self.maker_of(at).or_else(|| self.fronted_subject(at));
                let target = self
                    .accuser_after(at)
                    .filter(|target| Some(*target) != source);
                found.fill(Found::new(source, target));
            }
        }
        if found.sources.is_empty() {
            for at in 0..self.len() {
                if self.is(at, Cues::SAY) && !self.is_noun_use(at) {
                    found.fill(self.say_false(at));
                }
                if !found.sources.is_empty() {
                    break;
                }
            }
        }
        if found.sources.is_empty() {
            found.sources.extend(self.quoted_by());
        }
        if found.sources.is_empty() {
            // `Syria hit back at claims from Washington`
            let claim = (1..self.len()).find(|&at| {
                self.is(at, Cues::REPORT)
                    && self.is_noun_use(at)
                    && self.is(at - 1, Cues::PREP.or(Cues::DET))
            });
            if let Some(claim) = claim
                && let Some(source) = self.subject(claim)
            {
                found.fill(Found::new(Some(source), self.maker_of(claim)));
            }
        }
        if found.targets.is_empty() && !self.denies_content() {
            found.targets.extend(self.accuser_of(&found.sources));
        }
        self.finish(&found)
    }

    /// Whether the sentence tells what is denied, so that it need not be an accusation of the same sentence: `denied any role`,
    /// and not `denied it`, `denied the charge`.
    fn denies_content(&self) -> bool {
        let Some(verb) =
            (0..self.len()).find(|&at| self.is(at, Cues::DENY) && !self.is_noun_use(at))
        else {
            return false;
        };
        let next = (verb + 1..self.len()).find(|&at| !self.is(at, Cues::DET.or(Cues::ADVERB)));
        let Some(next) = next else {
            return false;
        };
        let refers = self.is(next, Cues::REPORT.or(Cues::PRONOUN).or(Cues::BUT))
            || (verb + 1..=next).any(|at| self.is_break(at));
        let relative = (verb.saturating_sub(5)..verb)
            .any(|at| self.is_word(at, "which") || self.is_word(at, "that"));
        !refers && !relative
    }

    /// Who offers cooperation to whom.
    pub(super) fn cooperation(&self) -> Found {
        let mut found = Found::default();
        let cues = Cues::OFFER.or(Cues::READY).or(Cues::AGREE);
        for at in 0..self.len() {
            if self.is(at, cues)
                && !self.is_noun_use(at)
                && !self.is_modal_alone(at)
                && !self.is_condition(at)
            {
                found.fill(self.offer(at));
            } else if self.is(at, Cues::PROPOSAL) && !self.is(at, Cues::READY)
                || self.is_noun_offer(at)
            {
                let given = self.proposal(at);
                if found.is_empty() || found.targets.is_empty() {
                    found.fill(given);
                }
            }
            if found.is_full() {
                return self.finish(&found);
            }
        }
        let in_quote = self.tokens.iter().any(|token| token.quoted);
        if found.sources.is_empty() && in_quote {
            found.sources.extend(self.quoted_by());
        }
        if found.sources.is_empty() {
            let will = (0..self.len())
                .filter(|&at| self.is(at, Cues::WILL) && !self.tokens[at].quoted)
                .find_map(|at| self.subject(at));
            found.sources.extend(will);
        }
        if found.sources.is_empty() {
            found.sources.extend(self.quoted_by());
        }
        if found.targets.is_empty()
            && let Some(&source) = found.sources.first()
        {
            let target = self
                .told(source)
                .or_else(|| self.conditional(source))
                .or_else(|| self.accused_by(source));
            found.targets.extend(target);
        }
        if found.targets.is_empty() {
            found.targets.extend(self.named_in_quote(&found.sources));
        }
        self.finish(&found)
    }

    /// Whom the source of an offer tells of it: `told Brussels it would accept`.
    fn told(&self, source: usize) -> Option<usize> {
        let told = (0..self.len()).find(|&at| {
            !self.tokens[at].quoted && (self.is_word(at, "told") || self.is_word(at, "tells"))
        })?;
        if self.sayer(told) != Some(source) {
            return None;
        }
        let target = self.candidates.iter().position(|c| c.opens == told + 1)?;
        let public = [
            "reporters",
            "journalists",
            "newspaper",
            "agency",
            "television",
            "parliament",
            "court",
            "lawmakers",
            "judge",
            "police",
        ];
        let last = self.word(self.candidates[target].last);
        (!public.contains(&last) && !self.candidates[target].is_pronoun).then_some(target)
    }

    /// Whom the source of an offer accuses in the same sentence.
    fn accused_by(&self, source: usize) -> Option<usize> {
        let verb =
            (0..self.len()).find(|&at| self.is(at, Cues::ACCUSE) && !self.is_noun_use(at))?;
        let found = self.accuse(verb);
        let same = found
            .sources
            .iter()
            .any(|&accuser| self.candidates[accuser].group == self.candidates[source].group);
        if same {
            found.targets.first().copied()
        } else {
            None
        }
    }

    /// Whether a cue stands in a condition: `if Zagreb accepted`.
    fn is_condition(&self, cue: usize) -> bool {
        (cue.saturating_sub(4)..cue).any(|at| self.is_word(at, "if"))
    }

    // --- accusations

    fn accuse(&self, verb: usize) -> Found {
        if self.is_passive(verb) {
            return Found::new(self.agent(verb), self.patient(verb));
        }
        let source = self.subject(verb).or_else(|| self.quoted_by_if(verb));
        if self.is_mutual(verb) {
            return Found {
                sources: source.into_iter().collect(),
                targets: source.into_iter().collect(),
            };
        }
        // `whom local fishermen accuse of`
        let target = self.object(verb).or_else(|| self.fronted_object(verb));
        let target = match target {
            None if self.is(verb, Cues::CHARGE) || self.is(verb, Cues::SAY) => {
                self.content_subject(verb, source)
            }
            target => target,
        };
        Found::new(source, target)
    }

    /// A noun: `accusations by Athens against Ankara`, `Kyiv's charge that Hungary`, `filed a complaint against`.
    fn charge(&self, noun: usize) -> Found {
        if let Some(verb) = self.trading(noun)
            && let Some(both) = self.subject(verb)
        {
            return Found::new(Some(both), Some(both));
        }
        if let Some(verb) = self.governing(noun, Cues::FACE) {
            return Found::new(self.complement(noun, &["from", "by"]), self.subject(verb));
        }
        let light = self.governing(noun, Cues::MAKE);
        let source = self
            .maker_of(noun)
            .or_else(|| light.and_then(|verb| self.subject_or_agent(verb)));
        let target = self
            .complement(noun, &["against", "at", "on", "about", "over"])
            .filter(|target| Some(*target) != source)
            .or_else(|| self.claimed_of(noun, source));
        Found::new(source, target)
    }

    /// `traded accusations`
    fn trading(&self, noun: usize) -> Option<usize> {
        (noun.saturating_sub(3)..noun).find(|&at| {
            ["traded", "trade", "exchanged", "exchange", "swapped"].contains(&self.word(at))
        })
    }

    /// What a claim that is named by a noun is about: `charges that it hacked`.
    fn claimed_of(&self, noun: usize, source: Option<usize>) -> Option<usize> {
        let clause = (noun + 1..self.len().min(noun + AGENT))
            .find(|&at| self.is_word(at, "that") || self.is_word(at, "of"))?;
        let verb = (0..noun).rev().find(|&at| self.is(at, Cues::DENY));
        let denier = verb.and_then(|verb| self.subject(verb));
        if self.is_word(clause, "of") {
            return denier;
        }
        // `that it hacked`, `that its coast guard blinded`
        let own = self.is(clause + 1, Cues::PRONOUN)
            || ["its", "his", "her", "their"].contains(&self.word(clause + 1));
        if own {
            let main = denier.or_else(|| {
                self.candidates
                    .iter()
                    .position(|c| !c.is_pronoun && self.is_clause_subject(c))
                    .map(|at| self.head_of(at))
            });
            if main.is_some() && main != source {
                return main;
            }
        }
        self.content_subject(clause, source)
    }

    /// `says the paper hid it`, `“They lied,” said Obi`.
    fn allege(&self, verb: usize) -> Found {
        if self.is_passive(verb) && self.is(verb, Cues::ALLEGE) {
            return Found::new(self.agent(verb), self.patient(verb));
        }
        let source = self.sayer(verb);
        let Some(subject) = source else {
            return Found::default();
        };
        let quote = self.tokens.iter().any(|token| token.quoted) && !self.tokens[verb].quoted;
        if quote {
            let target = self.named_in_quote(&[subject]);
            if target.is_some() {
                return Found::new(source, target);
            }
        }
        // What the speaker says stands before: `The mayor stole it, says Obi`.
        let behind = self.candidates[subject].first > verb;
        let target = if behind && self.is_word(verb, "according") && verb == 0 {
            self.content_subject(self.candidates[subject].last, source)
        } else if behind {
            self.candidates
                .iter()
                .position(|c| c.last < verb && self.is_clause_subject(c) && !c.is_pronoun)
        } else {
            self.content_subject(verb, source)
        };
        Found::new(source, target)
    }

    /// The party that a clause behind `from` is about.
    fn content_subject(&self, from: usize, source: Option<usize>) -> Option<usize> {
        let behind = |c: &&Candidate| c.first > from;
        // `spread by Juba`, `forged by`
        let agent = self.candidates.iter().position(|c| {
            c.first > from
                && Some(c.group) != source.map(|s| self.candidates[s].group)
                && c.preposition.is_some_and(|at| {
                    self.is_word(at, "by") && at > from + 1 && self.is_participle(at - 1)
                })
        });
        let mut candidates = self
            .candidates
            .iter()
            .enumerate()
            .filter(|(_, c)| behind(c));
        let subject = candidates.find(|(at, c)| {
            Some(*at) != source
                && !c.is_appositive
                && c.preposition.is_none()
                && !c.is_attribute
                && !self.is_told(c)
        });
        match (subject, agent) {
            (Some((_, subject)), Some(agent)) if subject.is_owner => Some(agent),
            (Some((at, subject)), agent) => {
                if subject.is_pronoun {
                    let stays = Some(at).filter(|_| !subject.quoted);
                    return self.antecedent(at, source).or(agent).or(stays);
                }
                match agent {
                    Some(agent) if self.candidates[agent].first < subject.first => Some(agent),
                    _ => Some(at),
                }
            }
            (None, agent) => agent,
        }
    }

    /// Whether the word before `by` may be a participle: `forged`, `spread`.
    fn is_participle(&self, at: usize) -> bool {
        self.tokens[at].kind == TokenKind::Word
            && (self.tokens[at].ending == Ending::Ed || !self.is(at, Cues::REPORT.or(Cues::CHARGE)))
    }

    fn ends_in_ed(&self, at: usize) -> bool {
        self.tokens[at].ending == Ending::Ed || self.is(at, Cues::ADVERB)
    }

    /// `told a rally that`: whom something is told.
    fn is_told(&self, candidate: &Candidate) -> bool {
        candidate.opens > 0
            && (self.word(candidate.opens - 1).eq_ignore_ascii_case("told")
                || self.word(candidate.opens - 1).eq_ignore_ascii_case("tells"))
    }

    /// The party that a quotation is about.
    fn named_in_quote(&self, sources: &[usize]) -> Option<usize> {
        let subject = |c: &Candidate| {
            c.quoted
                && !c.is_pronoun
                && c.preposition.is_none()
                && !c.is_appositive
                && !c.is_attribute
        };
        let wanted = |pick: &dyn Fn(&Candidate) -> bool| {
            self.candidates
                .iter()
                .enumerate()
                .find(|(at, c)| !sources.contains(at) && pick(c))
                .map(|(at, _)| at)
        };
        wanted(&subject)
            .or_else(|| wanted(&|c: &Candidate| c.quoted && !c.is_pronoun && !c.is_appositive))
    }

    // --- denials

    fn deny(&self, verb: usize) -> Found {
        if self.is_passive(verb) {
            let claim = (0..verb).rev().find(|&at| self.is(at, Cues::REPORT));
            let accuser = claim.and_then(|claim| self.maker_of(claim));
            return Found::new(self.agent(verb), accuser);
        }
        let source = self.subject(verb).or_else(|| self.quoted_by_if(verb));
        Found::new(
            source,
            self.accuser_after(verb).filter(|a| Some(*a) != source),
        )
    }

    /// Whose claim it is that stands behind a word of denying.
    fn accuser_after(&self, from: usize) -> Option<usize> {
        for at in from + 1..self.len() {
            if self.is(at, Cues::BUT.or(Cues::AND)) && self.is_verb_ahead(at)
                || self.is_word(at, "that")
            {
                break;
            }
            if self.is(at, Cues::REPORT)
                && let Some(maker) = self.maker_of(at)
            {
                return (self.candidates[maker].last > from).then_some(maker);
            }
        }
        // `contradicted witnesses who said`
        let object = self.object(from)?;
        let candidate = &self.candidates[object];
        let speaks = self.is(candidate.last + 1, Cues::WHO) || candidate.is_owner;
        (speaks && !candidate.is_pronoun).then_some(object)
    }

    /// Whether a verb follows a conjunction: `and accused`.
    fn is_verb_ahead(&self, conjunction: usize) -> bool {
        let verbs = Cues::ACCUSE
            .or(Cues::DENY)
            .or(Cues::OFFER)
            .or(Cues::SAY)
            .or(Cues::AGREE)
            .or(Cues::BE)
            .or(Cues::HAVE);
        (conjunction + 1..self.len().min(conjunction + 3))
            .any(|at| self.is(at, verbs) && !self.is_noun_use(at))
    }

    /// `called the report false`, `said it had nothing to do with`.
    fn say_false(&self, verb: usize) -> Found {
        let source = self.sayer(verb);
        let Some(sayer) = source else {
            return Found::default();
        };
        let source = if self.candidates[sayer].is_pronoun {
            self.antecedent(sayer, None).or(source)
        } else {
            source
        };
        let denies = (0..self.len()).any(|at| {
            self.is(at, Cues::FALSE.or(Cues::NOT)) || self.is(at, Cues::DENY.or(Cues::DENIAL))
        });
        if !denies {
            return Found::new(source, None);
        }
        // `said the pilots' union was wrong to claim`
        let wrong = self.candidates.iter().position(|c| {
            c.first > verb
                && self.is(c.last + 1, Cues::BE.or(Cues::HAVE))
                && (c.last + 2..c.last + 5)
                    .any(|at| self.is(at, Cues::FALSE) || self.is_word(at, "invented"))
                && !c.is_pronoun
        });
        let before = || {
            let claim = (0..verb).find(|&at| self.is(at, Cues::REPORT) && self.is_noun_use(at))?;
            self.maker_of(claim)
        };
        let target = self.accuser_after(verb).or(wrong).or_else(before);
        Found::new(source, target.filter(|target| Some(*target) != source))
    }

    /// Who made the accusation in the same sentence that is denied: `a charge that Moscow denied`, `denied the charge`.
    fn accuser_of(&self, deniers: &[usize]) -> Option<usize> {
        let accuses = (0..self.len()).any(|at| self.is(at, Cues::ACCUSE) && !self.is_noun_use(at));
        let clause = (0..self.len()).any(|at| self.is(at, Cues::SAY.or(Cues::ALLEGE)));
        if !accuses && !clause {
            return None;
        }
        let found = self.accusation();
        let source = *found.sources.first()?;
        let &target = found.targets.first()?;
        let denier = *deniers.first()?;
        if source == denier || found.sources.contains(&denier) || target == source {
            return None;
        }
        Some(source)
    }

    // --- offers

    fn offer(&self, cue: usize) -> Found {
        if self.is(cue, Cues::OFFER) && self.is_passive(cue) {
            let source = self.agent(cue);
            let given = [
                "proposed",
                "suggested",
                "extended",
                "volunteered",
                "made",
                "gave",
            ];
            if given.iter().any(|verb| self.is_word(cue, verb)) {
                return Found::new(source, self.complement(cue, &["to", "with"]));
            }
            return Found::new(source, self.patient(cue));
        }
        if self.is(cue, Cues::AGREE) && self.is_passive(cue) && self.ends_in_ed(cue) {
            return Found::new(self.agent(cue), None);
        }
        let Some(source) = self.subject(cue).or_else(|| self.quoted_by_if(cue)) else {
            return Found::default();
        };
        let mutual = self.is_several(source) && self.is_joint(cue);
        if mutual && self.complement(cue, &["with", "between"]).is_none() {
            return Found::new(Some(source), Some(source));
        }
        if let Some(told) = self.told(source) {
            return Found::new(Some(source), Some(told));
        }
        let target = self.addressee(cue, source);
        Found {
            sources: vec![source],
            targets: target,
        }
    }

    /// `An offer of talks from Rabat to Algiers`, `a deal between the mayor and the drivers`.
    fn proposal(&self, noun: usize) -> Found {
        if let Some(pair) = self.complement(noun, &["between"]) {
            let own = self.maker_of(noun);
            return match own {
                Some(own) => Found::new(Some(own), Some(pair)),
                None => Found::new(Some(pair), Some(pair)),
            };
        }
        let of = self.is(noun, Cues::READY);
        let source = self
            .maker_of(noun)
            .or_else(|| of.then(|| self.complement(noun, &["of"])).flatten());
        let target = self
            .complement(noun, &["to", "with", "for"])
            .or_else(|| self.object_of_infinitive(noun))
            .filter(|target| Some(*target) != source);
        Found::new(source, target)
    }

    fn object_of_infinitive(&self, from: usize) -> Option<usize> {
        let to = (from + 1..self.len().min(from + AGENT))
            .find(|&at| self.is_word(at, "to") && !self.is_break(at))?;
        self.candidates
            .iter()
            .position(|c| c.first > to && c.first <= to + 4 && c.preposition.is_none())
    }

    /// To whom something is offered.
    fn addressee(&self, cue: usize, source: usize) -> Vec<usize> {
        let fits = |c: &Candidate| {
            if c.first <= cue || c.is_appositive {
                return false;
            }
            if let Some(at) = c.preposition {
                return ["to", "with", "for", "between", "among", "against"]
                    .iter()
                    .any(|word| self.is_word(at, word))
                    && !(self.is_word(at, "for") && self.is_word(at + 1, "its"));
            }
            let before = c.opens.saturating_sub(1);
            before == cue
                || self.is(before, Cues::JOINT)
                || c.is_object
                || self.is_plain_verb(before)
        };
        let mut found: Vec<usize> = Vec::new();
        for (at, candidate) in self.candidates.iter().enumerate() {
            if !fits(candidate) || candidate.group == self.candidates[source].group {
                continue;
            }
            let place = if candidate.is_pronoun {
                match self.antecedent_of_object(at, source) {
                    Some(place) => place,
                    None => continue,
                }
            } else {
                at
            };
            if place == source {
                continue;
            }
            // `said it was open to talks between A and B`, `talks between X and Y`
            found.push(place);
            let next = self.candidates.get(at + 1);
            let pair = next.is_some_and(|next| {
                next.preposition.is_some()
                    && candidate.preposition.is_none()
                    && next.preposition.is_some_and(|p| self.is_word(p, "between"))
            });
            if !pair {
                break;
            }
            found.clear();
        }
        found
    }

    /// An infinitive directly before: `to send rescue dogs`.
    fn is_plain_verb(&self, at: usize) -> bool {
        at > 0
            && self.tokens[at].kind == TokenKind::Word
            && (self.is_word(at - 1, "to") || self.is(at - 1, Cues::WILL))
    }

    /// `if Zagreb accepted`.
    fn conditional(&self, source: usize) -> Option<usize> {
        self.candidates.iter().enumerate().position(|(at, c)| {
            at != source && c.opens > 0 && self.is_word(c.opens - 1, "if") && !c.is_pronoun
        })
    }

    /// Whether several do something together: an enumeration, a plural with `each other`, or two with one verb.
    fn is_several(&self, candidate: usize) -> bool {
        let group = self.candidates[candidate].group;
        let members = self
            .candidates
            .iter()
            .filter(|c| c.group == group && !c.is_appositive)
            .count();
        let (first, last) = (
            self.candidates[candidate].opens,
            self.candidates[candidate].last,
        );
        members > 1
            || (first..=last).any(|at| self.is_word(at, "two") || self.is_word(at, "both"))
            || (first..last).any(|at| self.is(at, Cues::AND))
    }

    /// Whether a cue tells of doing something with one another.
    fn is_joint(&self, cue: usize) -> bool {
        self.is(cue, Cues::AGREE.or(Cues::READY))
            || (cue..self.len()).any(|at| {
                self.is(at, Cues::EACH)
                    || self.is_word(at, "joint")
                    || self.is_word(at, "settle")
                    || self.is_word(at, "exchange")
            })
    }

    // --- clauses

    /// Whether a word that could be a verb is a noun here.
    fn is_noun_use(&self, at: usize) -> bool {
        let ending = self.tokens[at].ending;
        let nouns = Cues::CHARGE
            .or(Cues::REPORT)
            .or(Cues::PROPOSAL)
            .or(Cues::DENIAL);
        if !self.is(at, nouns) && !self.is(at, Cues::ACCUSE.or(Cues::OFFER).or(Cues::ALLEGE)) {
            return false;
        }
        if matches!(ending, Ending::Ed | Ending::Ing) {
            return false;
        }
        let verbs = Cues::ACCUSE
            .or(Cues::DENY)
            .or(Cues::ALLEGE)
            .or(Cues::OFFER)
            .or(Cues::AGREE)
            .or(Cues::SAY);
        if !self.is(at, verbs) {
            return true;
        }
        let Some(before) = at.checked_sub(1) else {
            // `Charges of vote rigging`, `Accusations fly`
            return self.is(at, nouns) && self.is_word(at + 1, "of")
                || self.is_word(at + 1, "by")
                || self.is_word(at + 1, "that")
                || self.is_word(at + 1, "made");
        };
        if self.is(
            before,
            Cues::DET
                .or(Cues::PREP)
                .or(Cues::DENY)
                .or(Cues::MAKE)
                .or(Cues::FACE),
        ) {
            return true;
        }
        if self.is_word(before, "to") || self.is(before, Cues::WILL.or(Cues::ADVERB).or(Cues::WHO))
        {
            return false;
        }
        if let Some(candidate) = self.candidates.iter().find(|c| c.last == before) {
            return candidate.is_owner
                || (self.is(at, nouns)
                    && self.is_actor(before)
                    && (0..at).any(|at| self.is(at, Cues::DENY)));
        }
        // An adjective behind a determiner: `a formal complaint`.
        let further = before.checked_sub(1);
        self.is(at, nouns)
            && further
                .is_some_and(|further| self.is(further, Cues::DET.or(Cues::DENY).or(Cues::MAKE)))
            && self.facts[before].cues.is_empty()
            && self.tokens[before].kind == TokenKind::Word
    }

    /// `an offer`, `a pledge`, `Ghana's offer`.
    fn is_noun_offer(&self, at: usize) -> bool {
        self.is(at, Cues::OFFER) && self.is_noun_use(at)
            || self.is(at, Cues::READY)
                && (self.is_word(at, "willingness") || self.is_word(at, "readiness"))
    }

    /// A modal verb counts as an offer only with something to agree on.
    fn is_modal_alone(&self, at: usize) -> bool {
        let modal = self.is(at, Cues::WILL);
        let meets = (at + 1..self.len().min(at + 5)).any(|next| {
            self.is(
                next,
                Cues::PROPOSAL
                    .or(Cues::JOINT)
                    .or(Cues::OFFER)
                    .or(Cues::AGREE),
            ) || self.is_word(next, "cooperate")
                || self.is_word(next, "work")
        });
        modal && !meets || self.is_word(at, "open") && self.is_word(at.wrapping_sub(1), "the")
    }

    fn is_passive(&self, verb: usize) -> bool {
        let token = &self.tokens[verb];
        if token.ending != Ending::Ed && !["held", "found", "sued"].contains(&self.word(verb)) {
            return false;
        }
        let helper = (0..verb)
            .rev()
            .take(4)
            .find(|&at| !self.is(at, Cues::ADVERB.or(Cues::NOT)) && !self.word(at).ends_with("ly"));
        if let Some(helper) = helper
            && (self.is(helper, Cues::BE) && !self.is(helper, Cues::HAVE)
                || self.is_word(helper, "get"))
        {
            return true;
        }
        if helper.is_some_and(|helper| self.is(helper, Cues::HAVE)) {
            return false;
        }
        let next = self.word(verb + 1);
        if next.eq_ignore_ascii_case("by") {
            return true;
        }
        let bare = ["of", "with", "over", "for", "in"].contains(&next);
        bare && self.is(verb, Cues::ACCUSE)
    }

    fn is_mutual(&self, verb: usize) -> bool {
        (verb + 1..self.len().min(verb + 4)).any(|at| {
            (self.is_word(at, "each") || self.is_word(at, "one"))
                && (self.is_word(at + 1, "other") || self.is_word(at + 1, "another"))
        })
    }

    /// The party behind `by`.
    fn agent(&self, verb: usize) -> Option<usize> {
        self.complement(verb, &["by"])
    }

    /// The subject of a passive verb, also one without a helping verb: `a trader accused of`.
    fn patient(&self, verb: usize) -> Option<usize> {
        let direct = self.candidates.iter().position(|c| c.last + 1 == verb);
        self.relative(verb)
            .or(direct)
            .map(|at| self.head_of(at))
            .or_else(|| self.subject(verb))
    }

    /// What an apposition explains.
    fn head_of(&self, at: usize) -> usize {
        let explained = |at: usize| self.candidates[at].is_appositive;
        (0..=at).rev().find(|&at| !explained(at)).unwrap_or(at)
    }

    /// The first party behind `from` after one of these prepositions.
    fn complement(&self, from: usize, prepositions: &[&str]) -> Option<usize> {
        self.candidates.iter().position(|c| {
            !c.is_appositive
                && c.preposition.is_some_and(|at| {
                    at > from
                        && at <= from + AGENT
                        && prepositions.iter().any(|word| self.is_word(at, word))
                })
        })
    }

    /// The word before a relative clause: `Holm, who accuses`.
    fn relative(&self, verb: usize) -> Option<usize> {
        let skipped = Cues::HAVE
            .or(Cues::BE)
            .or(Cues::ADVERB)
            .or(Cues::WILL)
            .or(Cues::NOT);
        let who = (0..verb)
            .rev()
            .find(|&at| !self.is(at, skipped) && !self.word(at).ends_with("ly"))?;
        let is_relative = (self.is(who, Cues::WHO) || self.is_word(who, "that"))
            && !self.is_word(who, "whom")
            && !self.is_word(who, "whose");
        if !is_relative {
            return None;
        }
        let near = self
            .candidates
            .iter()
            .rposition(|c| c.last < who && c.last + 3 > who && !c.is_pronoun)?;
        // `South Korea, which`: a party directly before it.
        let adjacent = self.candidates[near].last + 1 == who;
        adjacent.then(|| self.head_of(near))
    }

    /// The subject of a verb.
    fn subject(&self, verb: usize) -> Option<usize> {
        if let Some(head) = self.relative(verb) {
            return Some(head);
        }
        let quoted = self.tokens[verb].quoted;
        // `“Tbilisi began this war, but we are ready”`
        let we = |at: usize| ["we", "We", "I", "our", "Our"].contains(&self.word(at));
        if quoted && (verb.saturating_sub(4)..verb).any(we) {
            return self.quoted_by();
        }
        let before = self
            .candidates
            .iter()
            .rposition(|c| c.last < verb && c.quoted == quoted && self.is_clause_subject(c));
        let found = match before {
            Some(at) if self.candidates[at].is_pronoun => self.antecedent(at, None).or(Some(at)),
            Some(at) => Some(at),
            None => self.fronted_subject(verb),
        };
        found.map(|at| self.head_of(at))
    }

    /// The subject of the clause that follows what stands in front of it: `Rejecting the claims, Caracas ...`.
    fn fronted_subject(&self, from: usize) -> Option<usize> {
        let quoted = self.tokens[from].quoted;
        self.candidates.iter().position(|c| {
            c.first > from
                && c.quoted == quoted
                && self.is_break(c.opens)
                && self.is_clause_subject(c)
        })
    }

    /// Whether a candidate may be the subject of a clause.
    fn is_clause_subject(&self, c: &Candidate) -> bool {
        !(c.is_appositive
            || c.is_owner
            || c.is_attribute
            || c.is_object
            || c.preposition.is_some()
            || c.is_pronoun && matches!(self.word(c.first), "him" | "them" | "her"))
    }

    /// What a verb takes as its object.
    fn object(&self, verb: usize) -> Option<usize> {
        for (at, candidate) in self.candidates.iter().enumerate() {
            if candidate.first <= verb || candidate.is_appositive {
                continue;
            }
            let stopped = (verb + 1..candidate.opens).any(|at| {
                self.is_word(at, "of")
                    || self.is(at, Cues::THAT)
                    || self.is_word(at, "for") && !self.is_word(verb, "blame")
                    || self.is(at, Cues::AND.or(Cues::BUT)) && self.is_verb_ahead(at)
            });
            if stopped {
                return None;
            }
            let fits = match candidate.preposition {
                None => true,
                Some(at) => ["on", "at", "against", "to"].contains(&self.word(at)) && at > verb,
            };
            if fits {
                if candidate.is_pronoun {
                    return self.antecedent(at, self.subject(verb));
                }
                return Some(at);
            }
        }
        None
    }

    /// `whom local fishermen accuse of poisoning`.
    fn fronted_object(&self, verb: usize) -> Option<usize> {
        let whom = (0..verb).rev().take(6).find(|&at| self.is(at, Cues::WHO))?;
        self.candidates
            .iter()
            .rposition(|c| c.last + 1 == whom && !c.is_pronoun)
            .map(|at| self.head_of(at))
    }

    /// Who says what a verb of saying says.
    fn sayer(&self, verb: usize) -> Option<usize> {
        let behind = if self.is_word(verb, "according") {
            verb + 2
        } else {
            verb + 1
        };
        let next = self.candidates.iter().position(|c| c.opens == behind);
        let explained = self
            .candidates
            .iter()
            .any(|c| c.is_appositive && c.last + 1 == verb);
        let inverted = self.is_word(verb, "according")
            || (verb > 0
                && (self.is_break(verb) && !explained || self.tokens[verb - 1].quoted)
                && self.relative(verb).is_none());
        if inverted && next.is_some() {
            return next;
        }
        if self.is_word(verb, "called") && self.is_passive(verb) {
            return self.agent(verb);
        }
        self.subject(verb).or(next.filter(|_| verb > 0 && inverted))
    }

    /// Who says what stands in quotation marks.
    fn quoted_by(&self) -> Option<usize> {
        (0..self.len())
            .filter(|&at| {
                self.is(at, Cues::SAY) && !self.tokens[at].quoted && !self.is_noun_use(at)
            })
            .find_map(|at| self.sayer(at))
    }

    fn quoted_by_if(&self, at: usize) -> Option<usize> {
        self.tokens[at].quoted.then(|| self.quoted_by()).flatten()
    }

    /// The verb that has a noun as its object: `made accusations`.
    fn governing(&self, noun: usize, cues: Cues) -> Option<usize> {
        (noun.saturating_sub(LIGHT)..noun)
            .rev()
            .find(|&at| self.is(at, cues))
    }

    fn subject_or_agent(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            self.agent(verb)
        } else {
            self.subject(verb)
        }
    }

    /// Whose a claim or an offer is that a noun names: `Iran's denial`, `American claims`, `a charge by Tunis`.
    fn maker_of(&self, noun: usize) -> Option<usize> {
        let owner = self.candidates.iter().rposition(|c| {
            let gap = noun.saturating_sub(c.last);
            let owns = c.is_owner && gap <= OWNED || c.is_attribute && gap == 1;
            owns && c.last < noun
                && !(c.last + 1..=noun).any(|at| self.is_break(at))
                && !(c.last + 1..noun)
                    .any(|at| self.is(at, Cues::PREP.or(Cues::DENY).or(Cues::ACCUSE).or(Cues::SAY)))
        });
        if owner.is_some() {
            return owner;
        }
        let agent = self.complement(noun, &["by", "from"]).filter(|&agent| {
            let by = self.candidates[agent].preposition.unwrap_or(noun);
            let mut between = noun + 1..by;
            self.is(noun, Cues::PROPOSAL.or(Cues::OFFER).or(Cues::READY))
                || between.is_empty()
                || between.any(|at| self.is(at, Cues::MAKE) || self.is_word(at, "published"))
        });
        let stop = (noun + 1..self.len()).find(|&at| {
            self.is_word(at, "that") || self.is(at, Cues::DENY.or(Cues::SAY).or(Cues::BUT))
        });
        if let Some(agent) = agent
            && stop.is_none_or(|stop| stop > self.candidates[agent].first)
        {
            return Some(agent);
        }
        // `the findings of the inspectors`, `what Seoul said`
        self.candidates
            .iter()
            .position(|c| c.opens == noun + 2 && self.is_word(noun + 1, "of") && !c.is_attribute)
            .filter(|_| self.is(noun, Cues::REPORT) && !self.is(noun, Cues::DENIAL))
    }

    /// The party of the same sentence that a subject pronoun stands for.
    fn antecedent(&self, pronoun: usize, not: Option<usize>) -> Option<usize> {
        let quoted = self.candidates[pronoun].quoted;
        let subject =
            |c: &&Candidate| !c.is_pronoun && c.quoted == quoted && self.is_clause_subject(c);
        // `After her son died, Lungu accused`: not the subject of a clause in front.
        let in_front =
            |c: &Candidate| c.opens > 0 && self.is(c.opens - 1, Cues::PREP.or(Cues::BUT));
        let before = &self.candidates[..pronoun];
        let main = before.iter().position(|c| subject(&c) && !in_front(c));
        main.or_else(|| before.iter().position(|c| subject(&c)))
            .filter(|at| Some(*at) != not)
    }

    /// The party that an object pronoun stands for.
    fn antecedent_of_object(&self, pronoun: usize, not: usize) -> Option<usize> {
        self.candidates[..pronoun]
            .iter()
            .enumerate()
            .rev()
            .find(|(at, c)| {
                !c.is_pronoun
                    && !c.is_appositive
                    && c.group != self.candidates[not].group
                    && *at != not
            })
            .map(|(at, _)| at)
    }

    /// Whole enumerations for their members, and no party that is source and target without doing it to one another.
    fn finish(&self, found: &Found) -> Found {
        let spread = |parties: &[usize]| {
            let mut all: Vec<usize> = Vec::new();
            for &party in parties {
                let group = self.candidates[party].group;
                let members = self
                    .candidates
                    .iter()
                    .enumerate()
                    .filter(|(at, c)| {
                        *at == party || (c.group == group && !c.is_appositive && !c.is_owner)
                    })
                    .map(|(at, _)| at);
                for member in members {
                    if !all.contains(&member) {
                        all.push(member);
                    }
                }
            }
            all.sort_unstable();
            all
        };
        let mutual = found.sources == found.targets && !found.sources.is_empty();
        let sources = spread(&found.sources);
        let mut targets = spread(&found.targets);
        if !mutual {
            targets.retain(|target| !sources.contains(target));
        }
        Found { sources, targets }
    }
}
