//! Who denies what to whom: by a verb of denying, the noun, or words that call a claim false.

use super::super::candidate::{Candidate, Sayer, Sentence};
use super::super::words::Cues;
use super::{Found, LIGHT};

impl Sentence<'_> {
    /// Who denies what to whom.
    pub(in crate::party) fn denial(&self) -> Found {
        if let Some(each) = self.each_the_other() {
            return self.finish(&Found::new(Some(each), Some(each)));
        }
        let mut found = Found::default();
        for at in 0..self.len() {
            if self.is(at, Cues::CLEAR) && !self.is_noun_use(at) {
                found.fill(self.accuse(at));
            } else if (self.is(at, Cues::DENY) || self.denounces_claim(at)) && !self.is_noun_use(at)
            {
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
        if found.is_empty() {
            // `Investigators found no sign`
            let none =
                (1..self.len()).find(|&at| self.is(at, Cues::ALLEGE) && self.is_word(at + 1, "no"));
            if let Some(verb) = none {
                found = Found::new(self.subject(verb), self.accuser_after(verb));
            }
        }
        // `says he was seized, a claim that Rome calls nonsense`
        let calls = (1..self.len()).find(|&at| {
            let behind_claim =
                |c: &Candidate| c.last + 1 == at && c.opens > 1 && self.is_claim_before(c.opens);
            self.is(at, Cues::SAY) && self.candidates.iter().any(behind_claim)
        });
        if let Some(verb) = calls {
            found.fill(self.say_false(verb));
        }
        for quoted in [false, true] {
            for at in 0..self.len() {
                if !found.sources.is_empty() {
                    break;
                }
                // `would not say who`
                let refused = at > 0 && self.is(at - 1, Cues::NOT);
                let says = self.is(at, Cues::SAY) && !self.is_noun_use(at) && !refused;
                if says && self.tokens[at].quoted == quoted {
                    found.fill(self.say_false(at));
                }
            }
        }
        if found.sources.is_empty() {
            let said = self.quoted_by();
            found
                .sources
                .extend(said.filter(|at| !found.targets.contains(at)));
        }
        if found.is_empty() && self.sayer == Sayer::Unknown {
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
        if found.targets.is_empty() {
            let target = self
                .accuser_of(&found.sources)
                .or_else(|| self.contradicted(&found.sources));
            found.targets.extend(target);
        }
        self.finish(&found)
    }

    /// Whether what begins at `opens` makes a relative clause of a claim: `a charge Rome`, `a charge that Rome`.
    fn is_claim_before(&self, opens: usize) -> bool {
        let relative = self.is_word(opens - 1, "that") || self.is(opens - 1, Cues::WHO);
        self.is(opens - 1 - usize::from(relative), Cues::REPORT)
    }

    /// Who is contradicted: by a clause of his own, by `said the magazine had misread`, `in reply to the panel`.
    fn contradicted(&self, deniers: &[usize]) -> Option<usize> {
        let replied = || {
            let words = ["reply", "response", "replying", "responding", "answer"];
            let to = |c: &&Candidate| {
                let before = c.preposition.filter(|&to| to > 0 && self.is_word(to, "to"));
                before.is_some_and(|to| words.contains(&self.word(to - 1)))
            };
            self.candidates.iter().position(|c| to(&c))
        };
        let wrong =
            || (0..self.candidates.len()).find(|&at| self.is_wrong(at) || self.knows_better(at));
        let other = |at: &usize| self.is_none_of(*at, deniers);
        self.contender(deniers)
            .or_else(|| wrong().filter(other))
            .or_else(|| replied().filter(other))
    }

    /// Whether a candidate is none of these parties, nor in one enumeration with them.
    fn is_none_of(&self, at: usize, parties: &[usize]) -> bool {
        let group = self.candidates[at].group;
        !parties
            .iter()
            .any(|&party| self.candidates[party].group == group)
    }

    /// Who says what is denied, in a clause of his own: `as farmers contend`, `what Caracas says`, `prosecutors who say otherwise`.
    pub(super) fn contender(&self, deniers: &[usize]) -> Option<usize> {
        let claims = Cues::SAY.or(Cues::ALLEGE).or(Cues::ACCUSE);
        (0..self.candidates.len()).find(|&at| {
            if !self.is_none_of(at, deniers) {
                return false;
            }
            let c = &self.candidates[at];
            // `hours after the trader had testified that`
            let after =
                c.opens > 0 && ["after", "although", "though"].contains(&self.word(c.opens - 1));
            let opened = self.is_quoted_clause(c)
                || after && !self.is_said(c.first) && !self.denies_content();
            let verb = c.last + 1 + usize::from(self.is(c.last + 1, Cues::WHO.or(Cues::HAVE)));
            // `which Jakarta had pinned on them`
            let pinned =
                c.opens > 0 && self.is_word(c.opens - 1, "which") && self.is(verb, Cues::ACCUSE);
            let otherwise = self.is(verb, claims) && self.is_word(verb + 1, "otherwise");
            let would_have_it = self.is_word(verb, "would") && self.is_word(verb + 2, "it");
            !c.is_pronoun
                && (pinned || opened && (self.is(verb, claims) || would_have_it) || otherwise)
        })
    }

    /// Whether a party is said to be wrong: `the magazine had misread`, `the union was wrong to claim`.
    fn is_wrong(&self, at: usize) -> bool {
        let c = &self.candidates[at];
        let next = c.last + 1;
        !c.is_pronoun
            && self.is_clause_subject(c)
            && c.opens > 0
            && self.is(c.opens - 1, Cues::SAY.or(Cues::THAT))
            && self.is(next, Cues::BE.or(Cues::HAVE))
            && !self.is_word(next, "did")
            && (next + 1..next + 4).any(|at| self.is(at, Cues::FALSE))
    }

    /// `and the auditors know it`
    fn knows_better(&self, at: usize) -> bool {
        let c = &self.candidates[at];
        let knows = self.is_word(c.last + 1, "know") || self.is_word(c.last + 1, "knows");
        knows
            && !c.is_pronoun
            && c.opens > 0
            && self.is(c.opens - 1, Cues::AND)
            && ["it", "that"].contains(&self.word(c.last + 2))
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

    /// `denounced as fiction the spy chief's assertion that`
    pub(super) fn denounces_claim(&self, verb: usize) -> bool {
        self.is(verb, Cues::ACCUSE)
            && (verb + 1..self.len().min(verb + LIGHT)).any(|noun| {
                let maker = |at: usize| self.candidates[at].first > verb;
                self.is(noun, Cues::REPORT)
                    && self.is_word(noun + 1, "that")
                    && self.maker_of(noun).is_some_and(maker)
            })
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

    /// Where something is said: `in a statement from her hospital`.
    fn is_medium(&self, noun: usize) -> bool {
        noun > 1 && self.is(noun - 1, Cues::DET) && self.is_word(noun - 2, "in")
    }

    /// Whose claim it is that stands behind a word of denying.
    pub(super) fn accuser_after(&self, from: usize) -> Option<usize> {
        for at in from + 1..self.len() {
            if self.is(at, Cues::BUT.or(Cues::AND)) && self.is_verb_ahead(at)
                || self.is_word(at, "that") && !self.is(at + 1, Cues::BE)
            {
                break;
            }
            if self.is(at, Cues::REPORT)
                && !self.is_medium(at)
                && let Some(maker) = self.maker_of(at)
            {
                return (self.candidates[maker].last > from).then_some(maker);
            }
        }
        // `contradicted witnesses who said`
        let object = self.object(from)?;
        let candidate = &self.candidates[object];
        let speaks = self.is(candidate.last + 1, Cues::WHO)
            || candidate.is_owner
            || self.word(from).starts_with("contradict");
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
                && !self.is_word(c.last + 1, "did")
                && (c.last + 2..c.last + 5)
                    .any(|at| self.is(at, Cues::FALSE) || self.is_word(at, "invented"))
                && !c.is_pronoun
                && !c.is_object
                && c.preposition.is_none()
        });
        let before = || {
            let claim = (0..verb).find(|&at| {
                self.is(at, Cues::REPORT) && self.is_noun_use(at) && !self.is_medium(at)
            })?;
            self.maker_of(claim)
        };
        let clause = || {
            let that = (verb..self.len()).find(|&at| self.is_word(at, "that"))?;
            self.accuser_after(that)
        };
        let target = self
            .contender(&[sayer])
            .or_else(|| self.accuser_after(verb))
            .or_else(clause)
            .or(wrong)
            .or_else(before);
        Found::new(source, target.filter(|target| Some(*target) != source))
    }

    /// Who made the accusation in the same sentence that is denied: `a charge that Moscow denied`, `denied the charge`.
    pub(super) fn accuser_of(&self, deniers: &[usize]) -> Option<usize> {
        let accuses = (0..self.len()).any(|at| self.is(at, Cues::ACCUSE) && !self.is_noun_use(at));
        let clause = (0..self.len()).any(|at| self.is(at, Cues::SAY.or(Cues::ALLEGE)));
        // `The paper said the minister had denied it`: who reports a denial accuses nobody.
        let reported = deniers.iter().any(|&denier| {
            let c = &self.candidates[denier];
            self.is_said(c.first) && !(c.opens > 0 && self.is(c.opens - 1, Cues::WHO))
        });
        if !accuses && (!clause || reported) {
            return None;
        }
        let found = self.accusation();
        let source = *found.sources.first()?;
        let &target = found.targets.first()?;
        let denier = *deniers.first()?;
        if source == denier || found.sources.contains(&denier) || target == source {
            return None;
        }
        // `denies stealing the designs of the rival that is suing it`
        let of_denier = accuses && self.candidates[target].group == self.candidates[denier].group;
        (of_denier || !self.denies_content()).then_some(source)
    }
}
