//! Who offers cooperation to whom: by a verb of offering, a proposal that a noun names, or a meeting of several.

use super::super::candidate::{Candidate, Sentence};
use super::super::words::Cues;
use super::{AGENT, Found};
use crate::token::Ending;

impl Sentence<'_> {
    /// Who offers cooperation to whom.
    pub(in crate::party) fn cooperation(&self) -> Found {
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
        // `the prime ministers are to meet`
        if found.is_empty() {
            let meets =
                (0..self.len()).find(|&at| self.is_word(at, "meet") && !self.tokens[at].quoted);
            if let Some(both) = meets.and_then(|verb| self.subject(verb))
                && self.is_several(both)
            {
                found = Found::new(Some(both), Some(both));
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
                .conditional(source)
                .or_else(|| self.told(source))
                .or_else(|| self.accused_by(source));
            found.targets.extend(target);
        }
        if found.targets.is_empty() {
            found.targets.extend(self.shared_with(&found.sources));
        }
        if found.targets.is_empty() {
            let named = self.named_in_quote(&found.sources);
            found
                .targets
                .extend(named.filter(|&at| self.is_actor(self.candidates[at].last)));
        }
        self.finish(&found)
    }

    /// With whom something is to be done: `would share the names with the authorities`.
    pub(super) fn shared_with(&self, sources: &[usize]) -> Option<usize> {
        let cues = Cues::WILL.or(Cues::READY).or(Cues::OFFER).or(Cues::AGREE);
        let cue = (0..self.len()).find(|&at| self.is(at, cues))?;
        self.complement(cue, &["with"])
            .filter(|&target| !sources.contains(&target) && !self.candidates[target].is_pronoun)
    }

    /// Whom the source of an offer tells of it: `told Brussels it would accept`.
    pub(super) fn told(&self, source: usize) -> Option<usize> {
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
    pub(super) fn accused_by(&self, source: usize) -> Option<usize> {
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
    pub(super) fn is_condition(&self, cue: usize) -> bool {
        (cue.saturating_sub(4)..cue).any(|at| self.is_word(at, "if"))
    }

    pub(super) fn offer(&self, cue: usize) -> Found {
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
        let both = self.candidates[source].is_pronoun
            && self.is_word(self.candidates[source].first, "they")
            && self.word(cue).starts_with("agree");
        let mutual = both || self.is_several(source) && self.is_joint(cue);
        if mutual && self.complement(cue, &["with", "between"]).is_none() {
            return Found::new(Some(source), Some(source));
        }
        if let Some(told) = self.told(source) {
            return Found::new(Some(source), Some(told));
        }
        // `proposed that the two countries build`
        if (self.word(cue).starts_with("propos") || self.word(cue).starts_with("suggest"))
            && self.is(cue + 1, Cues::THAT)
            && let Some(target) = self
                .candidates
                .iter()
                .position(|c| c.opens == cue + 2 && !c.is_pronoun)
        {
            return Found::new(Some(source), Some(target));
        }
        let target = self.addressee(cue, source);
        Found {
            sources: vec![source],
            targets: target,
        }
    }

    /// `An offer of talks from Rabat to Algiers`, `a deal between the mayor and the drivers`.
    pub(super) fn proposal(&self, noun: usize) -> Found {
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

    pub(super) fn object_of_infinitive(&self, from: usize) -> Option<usize> {
        let to = (from + 1..self.len().min(from + AGENT))
            .find(|&at| self.is_word(at, "to") && !self.is_break(at))?;
        self.candidates.iter().position(|c| {
            c.first > to
                && c.first <= to + 4
                && c.preposition.is_none()
                && (self.takes_person(to + 1) || self.is_actor(c.first))
        })
    }

    /// To whom something is offered.
    pub(super) fn addressee(&self, cue: usize, source: usize) -> Vec<usize> {
        let fits = |c: &Candidate| {
            if c.first <= cue || c.is_appositive {
                return false;
            }
            if let Some(at) = c.preposition {
                let goes = at > 0 && self.is_word(at, "to") && self.is_going(at - 1);
                return ["to", "with", "between", "among", "against"]
                    .iter()
                    .any(|word| self.is_word(at, word))
                    && !goes
                    || self.is_word(at, "for") && self.is_actor(c.last);
            }
            let before = c.opens.saturating_sub(1);
            // `to help Lithuania`, `offered Brussels talks`, `to meet the rebels`, and not `to free 45 soldiers`
            let moved = ["send", "free", "release", "train", "hand"];
            let behind_verb = before > 0 && self.is_word(before - 1, "to");
            behind_verb && self.is_actor(c.first)
                || before == cue && self.takes_person(cue)
                || self.is(before, Cues::JOINT)
                    && !moved.iter().any(|verb| self.is_word(before, verb))
                || ["let", "allow", "invite", "invited", "tell"]
                    .iter()
                    .any(|verb| self.is_word(before, verb))
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

    /// A verb of offering whose object may be the one to whom something is offered.
    pub(super) fn takes_person(&self, verb: usize) -> bool {
        let word = self.word(verb);
        [
            "offer", "promis", "invit", "assur", "urg", "ask", "help", "assist", "support", "join",
            "meet", "let",
        ]
        .iter()
        .any(|beginning| word.starts_with(beginning))
    }

    /// A verb of going, behind which `to` tells a place.
    pub(super) fn is_going(&self, at: usize) -> bool {
        [
            "fly", "flown", "go", "travel", "return", "back", "move", "come", "trip", "visit",
            "road",
        ]
        .iter()
        .any(|verb| self.is_word(at, verb))
    }

    /// Who has to do something first: `if Zagreb accepted`, `provided that Estonia handed over`.
    pub(super) fn conditional(&self, source: usize) -> Option<usize> {
        self.candidates.iter().enumerate().position(|(at, c)| {
            let behind = |at: usize, words: [&str; 2]| {
                at > 1 && self.is_word(at - 2, words[0]) && self.is_word(at - 1, words[1])
            };
            let condition = c.opens > 0 && self.is_word(c.opens - 1, "if")
                || behind(c.opens, ["provided", "that"])
                || behind(c.opens, ["long", "as"]);
            at != source && condition && !c.is_pronoun && !c.is_owner
        })
    }

    /// Whether several do something together: an enumeration, a plural with `each other`, or two with one verb.
    pub(super) fn is_several(&self, candidate: usize) -> bool {
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
        let doers = [
            "both",
            "sides",
            "parties",
            "countries",
            "nations",
            "governments",
            "presidents",
            "ministers",
            "leaders",
            "camps",
            "factions",
        ];
        members > 1
            || (first..=last).any(|at| doers.iter().any(|word| self.is_word(at, word)))
            || (first..=last).any(|at| self.is_word(at, "two") || self.is_word(at, "both"))
            || (first..last).any(|at| self.is(at, Cues::AND))
    }

    /// Whether a cue tells of doing something with one another.
    pub(super) fn is_joint(&self, cue: usize) -> bool {
        self.is(cue, Cues::AGREE.or(Cues::READY))
            || (cue..self.len()).any(|at| {
                self.is(at, Cues::EACH)
                    || self.is_word(at, "joint")
                    || self.is_word(at, "settle")
                    || self.is_word(at, "exchange")
            })
    }

    /// `an offer`, `a pledge`, `Ghana's offer`.
    pub(super) fn is_noun_offer(&self, at: usize) -> bool {
        self.is(at, Cues::OFFER) && self.is_noun_use(at)
            || self.is(at, Cues::READY)
                && (self.is_word(at, "willingness") || self.is_word(at, "readiness"))
    }

    /// A modal verb counts as an offer only with something to agree on.
    pub(super) fn is_modal_alone(&self, at: usize) -> bool {
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

    pub(super) fn ends_in_ed(&self, at: usize) -> bool {
        self.tokens[at].meaning.ending == Ending::Ed || self.is(at, Cues::ADVERB)
    }
}
