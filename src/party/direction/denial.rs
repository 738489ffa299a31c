//! Who denies what to whom: by a verb of denying, the noun, or words that call a claim false.

use super::super::candidate::{Sayer, Sentence};
use super::super::words::Cues;
use super::Found;

impl Sentence<'_> {
    /// Who denies what to whom.
    pub(in crate::party) fn denial(&self) -> Found {
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
        if found.sources.is_empty() && self.sayer == Sayer::Unknown {
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
    pub(super) fn denies_content(&self) -> bool {
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

    pub(super) fn deny(&self, verb: usize) -> Found {
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
    pub(super) fn accuser_after(&self, from: usize) -> Option<usize> {
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

    /// `called the report false`, `said it had nothing to do with`.
    pub(super) fn say_false(&self, verb: usize) -> Found {
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
    pub(super) fn accuser_of(&self, deniers: &[usize]) -> Option<usize> {
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
}
