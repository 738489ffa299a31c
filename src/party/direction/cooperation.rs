//! Who offers cooperation to whom: by a verb of offering, a proposal that a noun names, or a meeting of several.

use super::super::candidate::{Candidate, Sentence};
use super::super::words::Cues;
use super::{AGENT, Found, LIGHT};
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
                // `The drivers were offered a rise`
                if found.sources.is_empty() && !found.is_empty() && self.is_passive(at) {
                    return self.finish(&found);
                }
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
                .filter(|&at| {
                    self.is(at, Cues::WILL) && !self.tokens[at].quoted && !self.is_in_relative(at)
                })
                .find_map(|at| self.subject(at));
            found.sources.extend(will);
        }
        if found.sources.is_empty() {
            found.sources.extend(self.quoted_by());
        }
        self.finish(&found)
    }

    /// Whom the source of an offer tells of it: `told Brussels it would accept`.
    pub(super) fn told(&self, source: usize) -> Option<usize> {
        const TELLS: [&str; 6] = ["told", "tells", "telling", "texted", "informed", "assured"];
        let told = (0..self.len())
            .find(|&at| !self.tokens[at].quoted && TELLS.contains(&self.word(at)))?;
        let teller = self
            .sayer(told)
            .map(|teller| self.antecedent_or_self(teller));
        if teller != Some(self.antecedent_or_self(source)) {
            return None;
        }
        let target = self.candidates.iter().position(|c| {
            c.opens == told + 1
                || c.opens == told + 2
                    && c.preposition.is_none()
                    && self.facts[told + 1].cues.is_empty()
        })?;
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
            "station",
            "radio",
            "broadcaster",
            "magazine",
            "daily",
            "shareholders",
        ];
        let told = &self.candidates[target];
        let is_public = (told.first..=told.last).any(|at| public.contains(&self.word(at)));
        (!is_public && !told.is_pronoun).then_some(target)
    }

    /// Whether a relative pronoun stands between a verb and the mark before it.
    fn is_in_relative(&self, verb: usize) -> bool {
        let opens = (0..=verb).rev().find(|&at| self.is_break(at)).unwrap_or(0);
        (opens..verb).any(|at| self.is(at, Cues::WHO))
    }

    /// Whether the verb before a candidate is one that does it good, and stands behind `would`, `to` or the cue: `would train Czech
    /// engineers`, and not `to train its border guards`.
    fn is_aided(&self, c: &Candidate, cue: usize) -> bool {
        let own = ["its", "his", "her", "our"];
        c.opens.checked_sub(1).is_some_and(|verb| {
            let ahead = verb.saturating_sub(1);
            self.is(verb, Cues::AID)
                && (verb == cue
                    || self.is(ahead, Cues::WILL.or(Cues::ADVERB))
                    || self.is_word(ahead, "to"))
                && !own.contains(&self.word(c.opens))
        })
    }

    /// Whether a cue stands in a condition: `if Zagreb accepted`.
    pub(super) fn is_condition(&self, cue: usize) -> bool {
        (cue.saturating_sub(4)..cue)
            .any(|at| self.is_word(at, "if") || self.is_word(at, "provided"))
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
        if self.is(cue, Cues::WEIGH)
            && let Some(maker) = self.complement(cue, &["by", "from"])
            && maker != source
        {
            return Found::new(Some(source), Some(maker));
        }
        let both = self.candidates[source].is_pronoun
            && self.is_word(self.candidates[source].first, "they")
            && self.word(cue).starts_with("agree");
        if let Some(pair) = self.pair_before(cue) {
            return Found {
                sources: pair.to_vec(),
                targets: pair.to_vec(),
            };
        }
        let mutual = both || self.is_several(source) && self.is_joint(cue);
        let near = |at: usize| {
            let by = self.candidates[at].preposition;
            by.is_some_and(|by| self.is_word(by, "with") || by < cue + LIGHT)
        };
        let others = self
            .complement(cue, &["with", "between"])
            .filter(|&at| near(at));
        if mutual && others.is_none() {
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

    /// Whom `they` stands for behind one who met another: `said she had spoken with the envoy and that they had agreed`.
    fn pair_before(&self, cue: usize) -> Option<[usize; 2]> {
        if !self.word(cue).starts_with("agree") {
            return None;
        }
        let subject = self.candidates.iter().rposition(|c| c.last < cue)?;
        if !self.is_word(self.candidates[subject].first, "they") {
            return None;
        }
        let before = &self.candidates[..subject];
        let other = before.iter().rposition(|c| {
            c.preposition
                .is_some_and(|at| self.is_word(at, "with") && !c.is_pronoun)
        })?;
        let one = before[..other]
            .iter()
            .rposition(|c| self.is_clause_subject(c))?;
        Some([one, other])
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
        let ready = self.is(noun, Cues::READY);
        let made = self.maker_of(noun).or_else(|| {
            let of = ready && self.is_word(noun + 1, "of");
            of.then(|| self.complement(noun, &["of"])).flatten()
        });
        // `accepted an invitation from Zagreb`, `turned down a Jordanian offer`
        if let Some(maker) = made.filter(|_| !ready)
            && let Some((verb, takes)) = self.reply(noun)
            && let Some(replies) = self.subject(verb).filter(|&other| other != maker)
        {
            return if takes {
                Found::new(Some(replies), Some(maker))
            } else {
                Found::new(Some(maker), Some(replies))
            };
        }
        // `expressed its readiness`, `renewed an offer`
        let light = self.governing(noun, Cues::SAY.or(Cues::MAKE));
        let source = made
            .or_else(|| ready.then(|| self.subject(light.unwrap_or(noun))).flatten())
            .or_else(|| {
                let verb = light.filter(|&verb| self.is(verb, Cues::MAKE))?;
                self.subject_or_agent(verb)
            });
        if source.is_none()
            && let Some(both) = self.subject(noun)
            && self.is_several(both)
            && !(self.candidates[both].last + 1..=noun).any(|at| self.is_break(at))
            && self.complement(noun, &["to", "with", "for"]).is_none()
        {
            return Found::new(Some(both), Some(both));
        }
        let target = self
            .complement(noun, &["to", "with", "for"])
            .or_else(|| self.object_of_infinitive(noun))
            .filter(|target| Some(*target) != source);
        Found::new(source, target)
    }

    /// The verb by which another's offer, named by a noun, is taken up (`true`) or refused.
    fn reply(&self, noun: usize) -> Option<(usize, bool)> {
        const REFUSED: [&str; 5] = ["down", "declined", "refused", "spurned", "rebuffed"];
        (noun.saturating_sub(LIGHT)..noun).rev().find_map(|at| {
            let refuses = self.is(at, Cues::DENY) || REFUSED.contains(&self.word(at));
            (refuses || self.is(at, Cues::WEIGH)).then_some((at, !refuses))
        })
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
                // `to leave Goma` too
                let goes = self.is_word(at, "to")
                    && (at > 0 && self.is_going(at - 1) || self.is_going(c.opens - 1));
                return ["to", "with", "between", "among", "against"]
                    .iter()
                    .any(|word| self.is_word(at, word))
                    && !goes
                    || self.is_word(at, "for") && self.is_actor(c.last);
            }
            let before = c.opens.saturating_sub(1);
            // `to help Lithuania`, `offered Brussels talks`, `to meet the rebels`, and not `to free 45 soldiers`
            let moved = ["send", "free", "release", "hand"];
            if self.is_aided(c, cue) {
                return true;
            }
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
            "road", "leave", "enter", "reach",
        ]
        .iter()
        .any(|verb| self.is_word(at, verb))
    }

    /// Whether several do something together: an enumeration, a plural with `each other`, or two with one verb.
    pub(in crate::party) fn is_several(&self, candidate: usize) -> bool {
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
            "rivals",
            "neighbours",
            "foes",
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
                    .or(Cues::AGREE)
                    .or(Cues::AID),
            ) || self.is_word(next, "cooperate")
                || self.is_word(next, "work")
        });
        modal && !meets || self.is_word(at, "open") && self.is_word(at.wrapping_sub(1), "the")
    }

    pub(super) fn ends_in_ed(&self, at: usize) -> bool {
        self.tokens[at].meaning.ending == Ending::Ed || self.is(at, Cues::ADVERB)
    }
}
