//! Who accuses whom: by a verb of accusing, a charge that a noun names, or a wrong that somebody tells of.

use super::super::candidate::{Candidate, Sayer, Sentence};
use super::super::words::Cues;
use super::{AGENT, Found, LIGHT};
use crate::token::{Ending, TokenKind};

impl Sentence<'_> {
    /// Who accuses whom.
    pub(in crate::party) fn accusation(&self) -> Found {
        if let Some(each) = self.each_the_other() {
            return self.finish(&Found::new(Some(each), Some(each)));
        }
        let mut found = Found::default();
        for at in 0..self.len() {
            let accuses = self.is_accusing(at) && self.is_verb_here(at);
            let says = || self.is(at, Cues::SAY) && self.is_mutual(at) || self.is_described(at);
            if accuses || self.is(at, Cues::SAY.or(Cues::ALLEGE)) && says() {
                found.fill(self.accuse(at));
            }
            if found.is_full() {
                return self.finish(&found);
            }
        }
        let by_verb = !found.is_empty();
        // `said soldiers had shelled the town and blamed a gas leak`: a whole reading is better than this one.
        let is_loose = |found: &Found| {
            by_verb
                && found.targets.is_empty()
                && !found.sources.iter().any(|&at| self.is_accuser(at))
        };
        for at in 0..self.len() {
            let is_charge = self.is(at, Cues::CHARGE)
                || self.is(at, Cues::REPORT)
                    && (self.is_word(at + 1, "that") || self.is_claim_by(at));
            if is_charge && self.is_noun_use(at) {
                let charged = self.charge(at);
                if charged.is_full() && is_loose(&found) {
                    found = charged;
                } else {
                    found.fill(charged);
                }
            }
            if found.is_full() {
                return self.finish(&found);
            }
        }
        // `said it had not, as pilots complained, skimped on fuel`
        if found.is_empty()
            && (0..self.len()).any(|at| self.is(at, Cues::NOT.or(Cues::DENY)))
            && let Sayer::Here(sayer) = self.sayer
            && let Some(accuser) = self.contender(&[sayer])
        {
            found = Found::new(Some(accuser), Some(sayer));
        }
        // `It was the mayor, let us remember, who signed`
        if found.is_empty()
            && let Some(done_by) = self.cleft()
            && match self.sayer {
                Sayer::Here(sayer) => self.antecedent_or_self(sayer) == done_by,
                Sayer::Elsewhere => false,
                Sayer::Unknown => true,
            }
        {
            return Found::new(None, Some(done_by));
        }
        if !found.is_full() && self.sayer != Sayer::Unknown {
            let told = self.rejected().unwrap_or_else(|| self.said_of());
            let inside = |&at: &usize| self.is_said(self.candidates[at].first);
            if told.is_full() && is_loose(&found) && found.sources.iter().all(inside) {
                found = told;
            } else {
                found.fill(told);
            }
        }
        self.finish(&found)
    }

    /// Whether a word of accusing is a verb, and its object no claim that is rejected.
    fn is_verb_here(&self, at: usize) -> bool {
        let traded = || self.is_word(at, "blame") && self.trading(at).is_some();
        (!self.is_noun_use(at) || traded()) && !self.denounces_claim(at)
    }

    /// Whether a verb accuses: `holds` only with `responsible`, `found` only with `guilty`.
    fn is_accusing(&self, at: usize) -> bool {
        const FOUND: [&str; 5] = ["responsible", "liable", "accountable", "guilty", "culpable"];
        if !self.is(at, Cues::ACCUSE.or(Cues::ALLEGE)) {
            return false;
        }
        let mut behind = at + 1..self.len().min(at + AGENT);
        match self.word(at) {
            "names" => behind.any(|at| self.is_word(at, "as")),
            "cited" => self.is_passive(at) && behind.any(|at| self.is_word(at, "for")),
            "hold" | "holds" | "held" | "holding" | "found" => {
                behind.any(|at| FOUND.contains(&self.word(at)))
            }
            _ => self.is(at, Cues::ACCUSE),
        }
    }

    /// Whether a verb of accusing stands directly behind a party.
    fn is_accuser(&self, at: usize) -> bool {
        let helps = Cues::HAVE.or(Cues::ADVERB).or(Cues::WILL);
        let behind = self.candidates[at].last + 1;
        let verb = (behind..self.len()).find(|&at| !self.is(at, helps));
        verb.is_some_and(|verb| self.is_accusing(verb))
    }

    /// A verb that says what somebody is or has done: `described by prosecutors as`, `is said to have`, `called him a thief`.
    fn is_described(&self, at: usize) -> bool {
        let names = ["described", "describes", "portrayed", "called", "calls"];
        if (at + 1..at + 5).any(|at| self.is(at, Cues::FALSE)) {
            return false;
        }
        if self.is_passive(at) {
            let to = (at + 1..at + 4)
                .take_while(|&at| !self.is_break(at) && !self.is(at, Cues::THAT))
                .any(|at| self.is_word(at, "to"));
            return to && !self.is_word(at, "told")
                || names.contains(&self.word(at)) && self.agent(at).is_some();
        }
        let object = self.candidates.iter().find(|c| c.opens == at + 1);
        names.contains(&self.word(at))
            && object.is_some_and(|c| {
                ["a", "an", "as", "the"].contains(&self.word(c.last + 1)) && !c.is_owner
            })
    }

    /// Who rejects what is said of him: `the minister rejected the label of racist` accuses nobody.
    pub(super) fn rejected(&self) -> Option<Found> {
        let Sayer::Here(sayer) = self.sayer else {
            return None;
        };
        let told = |at: usize| !self.is_said(at) && !self.is_noun_use(at);
        let denies = (0..self.len()).find(|&at| self.is(at, Cues::DENY) && told(at))?;
        let says = (0..self.len()).any(|at| {
            let told = self.is_said(at) && !self.is_coordinated(at) || self.tokens[at].quoted;
            self.is(at, Cues::SAY) && !told && !self.is_noun_use(at)
        });
        (!says && self.subject(denies) == Some(sayer)).then(|| Found::new(None, Some(sayer)))
    }

    /// `Reports by elders that`, `the minister's assertion that`: whose claim a noun names, and what is claimed.
    fn is_claim_by(&self, noun: usize) -> bool {
        let claims = (noun + 1..self.len().min(noun + AGENT))
            .take_while(|&at| !self.is_break(at))
            .any(|at| self.is_word(at, "that"));
        claims && self.maker_of(noun).is_some()
    }

    /// A verb: `Athens accuses Ankara`, `Ankara was accused by Athens`.
    pub(super) fn accuse(&self, verb: usize) -> Found {
        if self.is_passive(verb) {
            return Found::new(self.agent(verb), self.patient(verb));
        }
        // `the rain was to blame`
        if self.is_word(verb, "blame") && verb > 1 && self.is(verb - 2, Cues::BE) {
            let blamed = self.candidates.iter().position(|c| c.last + 3 == verb);
            return Found::new(None, blamed);
        }
        let source = self.subject(verb).or_else(|| self.quoted_by_if(verb));
        if self.is_mutual(verb) || self.trading(verb).is_some() {
            return Found {
                sources: source.into_iter().collect(),
                targets: source.into_iter().collect(),
            };
        }
        // `whom local fishermen accuse of`
        let object = if self.word(verb).starts_with("blam") {
            self.blamed(verb)
        } else {
            self.object(verb)
        };
        let target = object.or_else(|| self.fronted_object(verb));
        let target = match target {
            None if self.is(verb, Cues::CHARGE.or(Cues::SAY)) || self.is_word(verb + 1, "that") => {
                self.content_subject(verb, source)
            }
            target => target,
        };
        Found::new(source, target)
    }

    /// `blamed Juba for it`, `blamed it on Juba`
    fn blamed(&self, verb: usize) -> Option<usize> {
        let object = self.object(verb)?;
        let near = self.candidates[object].opens <= verb + 2;
        let on = self.complement(verb, &["on"]);
        Some(object).filter(|_| near).or(on)
    }

    /// A noun: `accusations by Athens against Ankara`, `Kyiv's charge that Hungary`, `filed a complaint against`.
    pub(super) fn charge(&self, noun: usize) -> Found {
        if let Some(verb) = self.trading(noun)
            && let Some(both) = self.subject(verb)
        {
            return Found::new(Some(both), Some(both));
        }
        if let Some(verb) = self.governing(noun, Cues::FACE) {
            return Found::new(self.complement(noun, &["from", "by"]), self.subject(verb));
        }
        // `were arrested on charges of`
        if noun > 1
            && self.is_word(noun - 1, "on")
            && self.tokens[noun - 2].meaning.ending == Ending::Ed
            && self.is_passive(noun - 2)
        {
            return Found::new(self.agent(noun - 2), self.patient(noun - 2));
        }
        let light = self.governing(noun, Cues::MAKE);
        let source = self
            .maker_of(noun)
            .or_else(|| light.and_then(|verb| self.subject_or_agent(verb)));
        let target = self
            .complement(noun, &["against", "at", "on", "about", "over"])
            .filter(|&target| {
                let behind = noun + 1..self.candidates[target].first;
                Some(target) != source
                    && !self.is_place(noun, target)
                    && !behind.into_iter().any(|at| self.is_word(at, "that"))
            })
            .or_else(|| self.claimed_of(noun, source))
            .or_else(|| {
                let denied = (noun.saturating_sub(LIGHT)..noun).find(|&at| self.is(at, Cues::DENY));
                denied
                    .and_then(|verb| self.subject(verb))
                    .filter(|at| Some(*at) != source)
            });
        Found::new(source, target)
    }

    /// Whether `at` tells where: `the suit, lodged at a court`.
    fn is_place(&self, noun: usize, candidate: usize) -> bool {
        self.candidates[candidate]
            .preposition
            .is_some_and(|at| self.is_word(at, "at") && at > noun + 1)
    }

    /// `traded accusations`
    pub(super) fn trading(&self, noun: usize) -> Option<usize> {
        (noun.saturating_sub(3)..noun).find(|&at| {
            [
                "traded",
                "trade",
                "exchanged",
                "exchange",
                "swapped",
                "swap",
            ]
            .contains(&self.word(at))
        })
    }

    /// What a claim that is named by a noun is about: `charges that it hacked`.
    pub(super) fn claimed_of(&self, noun: usize, source: Option<usize>) -> Option<usize> {
        let clause = (noun + 1..self.len().min(noun + AGENT))
            .find(|&at| self.is_word(at, "that") || self.is_word(at, "of"))?;
        let denier = self.denier(noun, source);
        if self.is_word(clause, "of") {
            // `called the union's accusations of theft a fairy tale`
            let called = || {
                let verb = self.governing(noun, Cues::SAY)?;
                self.word(verb)
                    .starts_with("call")
                    .then(|| self.subject(verb))?
            };
            return denier.or_else(called);
        }
        // `that it hacked`, `that its coast guard blinded`
        // `that one of its drones bombed`
        let owns = |at: usize| ["its", "his", "her", "their"].contains(&self.word(at));
        let first = self.candidates.iter().find(|c| c.first > clause);
        let own = self.is(clause + 1, Cues::PRONOUN)
            || first.is_some_and(|c| (clause + 1..c.first).any(owns));
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

    /// Who denies a claim that a noun names, or calls it false.
    fn denier(&self, noun: usize, maker: Option<usize>) -> Option<usize> {
        let other = |at: &usize| Some(*at) != maker;
        let verb = (0..noun).rev().find(|&at| self.is(at, Cues::DENY));
        if let Some(verb) = verb {
            return self.subject(verb);
        }
        let denial = (0..noun).rev().find(|&at| self.is(at, Cues::DENIAL));
        let denial = denial
            .and_then(|denial| self.maker_of(denial))
            .filter(other);
        denial.or_else(|| {
            let called_false = (1..self.len()).any(|at| {
                let before = at.saturating_sub(3)..at;
                self.is(at, Cues::FALSE)
                    && before
                        .into_iter()
                        .any(|at| self.is(at, Cues::BE) || self.is_word(at, "as"))
            });
            match self.sayer {
                Sayer::Here(sayer) if called_false && self.is_said(noun) => {
                    Some(sayer).filter(other)
                }
                _ => None,
            }
        })
    }

    /// The party that a clause behind `from` is about.
    pub(super) fn content_subject(&self, from: usize, source: Option<usize>) -> Option<usize> {
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

    /// `told a rally that`: whom something is told.
    pub(in crate::party) fn is_told(&self, candidate: &Candidate) -> bool {
        candidate.opens > 0
            && (self.word(candidate.opens - 1).eq_ignore_ascii_case("told")
                || self.word(candidate.opens - 1).eq_ignore_ascii_case("tells"))
    }

    /// Whether the word before `by` may be a participle: `forged`, `spread`.
    pub(super) fn is_participle(&self, at: usize) -> bool {
        self.tokens[at].kind == TokenKind::Word
            && (self.tokens[at].meaning.ending == Ending::Ed
                || !self.is(at, Cues::REPORT.or(Cues::CHARGE)))
    }

    /// A wrong that somebody tells of: `Obi said the mayor had stolen it`.
    pub(super) fn said_of(&self) -> Found {
        let source = match self.sayer {
            Sayer::Here(sayer) => Some(self.antecedent_or_self(sayer)),
            _ => None,
        };
        Found::new(source, self.doer(source))
    }

    /// To whom something is traced back: `traced the intrusion to a unit of the army`, `said, pointing at the ministry`.
    pub(super) fn traced_to(&self) -> Option<usize> {
        const VERBS: [&str; 6] = [
            "traced",
            "attributed",
            "linked",
            "pinned",
            "pointing",
            "pointed",
        ];
        let verb = (0..self.len()).find(|&at| {
            if self.tokens[at].meaning.ending == Ending::Bare || !VERBS.contains(&self.word(at)) {
                return false;
            }
            let next = ["to", "at", "towards"].contains(&self.word(at + 1));
            next || !self.word(at).starts_with("point")
        })?;
        self.complement(verb, &["to", "on", "at", "towards"])
    }

    /// `he said of the senator`, `the mayor, who she said had lied`
    fn said_beside(&self) -> Option<usize> {
        let says = |at: usize| self.is(at, Cues::SAY) && !self.is_noun_use(at);
        let of = self.candidates.iter().position(|c| {
            c.preposition
                .is_some_and(|of| of > 0 && self.is_word(of, "of") && says(of - 1))
        });
        of.or_else(|| {
            let who = (1..self.len()).find(|&at| {
                self.is(at, Cues::WHO)
                    && self.candidates.iter().any(|c| c.opens == at + 1)
                    && (at + 2..at + 5)
                        .find(|&at| says(at))
                        .is_some_and(|verb| self.is_verb_form(verb + 1))
            })?;
            self.candidates.iter().rposition(|c| c.last + 1 == who)
        })
    }

    /// `It was Kuwait that`, `said it was not the rebels but soldiers who`
    fn cleft(&self) -> Option<usize> {
        let opened = (0..self.len().saturating_sub(1)).find(|&at| {
            if !self.is(at, Cues::PRONOUN) || !self.is(at + 1, Cues::BE) {
                return false;
            }
            let begins = at == 0
                || self.is(at - 1, Cues::SAY.or(Cues::THAT).or(Cues::BUT))
                || self.is_parted(at);
            begins && self.is_word(at, "it")
        })?;
        let but = (opened + 2..self.len().min(opened + AGENT)).find(|&at| self.is_word(at, "but"));
        let negated = self.is_word(opened + 2, "not");
        let opens = but.filter(|_| negated).map_or(opened + 2, |but| but + 1);
        let found = self
            .candidates
            .iter()
            .position(|c| c.opens == opens && !c.is_pronoun)?;
        let last = self.candidates[found].last;
        let relative = |at: usize| self.is(at, Cues::WHO) || self.is_word(at, "that");
        (relative(last + 1) || opened == 0).then_some(found)
    }

    /// Who does what is told: the first subject of what is said, or the agent of a passive.
    pub(in crate::party) fn doer(&self, source: Option<usize>) -> Option<usize> {
        let told_apart = self
            .traced_to()
            .or_else(|| self.cleft())
            .or_else(|| self.said_beside());
        if let Some(at) = told_apart.filter(|at| Some(*at) != source) {
            return Some(at);
        }
        let group = source.map(|source| self.candidates[source].group);
        let said = |c: &Candidate| self.is_said(c.first) && Some(c.group) != group;
        let subject = self.candidates.iter().enumerate().find(|(_, c)| {
            said(c)
                && self.is_clause_subject(c)
                && !self.is_told(c)
                && !(c.is_pronoun && self.is_quoted_clause(c) && self.is(c.last + 1, Cues::SAY))
                && !self.is_idle_pronoun(c)
                && !source.is_some_and(|source| self.is_same_pronoun(source, c))
                && !self.is_acted_on(c)
                && !self.only_knows(c)
        });
        let agent = self.candidates.iter().position(|c| {
            said(c)
                && c.preposition.is_some_and(|at| {
                    self.is_word(at, "by") && at > 0 && self.is_participle(at - 1)
                })
        });
        // `said that the bank's lending arm had ruined them`
        let owner = self.candidates.iter().position(|c| {
            let begins = c.opens > 0 && self.is(c.opens - 1, Cues::THAT.or(Cues::SAY));
            said(c) && c.is_owner && !c.is_pronoun && begins
        });
        if let (Some(owner), Some((at, _))) = (owner, subject)
            && owner < at
        {
            return Some(owner);
        }
        match (subject, agent) {
            (Some((at, c)), agent) => {
                if agent.is_some_and(|agent| self.candidates[agent].first < c.first) {
                    return agent;
                }
                if c.is_pronoun && !c.quoted {
                    return self.antecedent(at, source).or(Some(at));
                }
                Some(at)
            }
            (None, None) => self
                .candidates
                .iter()
                .position(|c| said(c) && c.is_owner && !c.is_pronoun),
            (None, agent) => agent,
        }
    }

    /// `He said that he had been told`
    fn is_same_pronoun(&self, one: usize, other: &Candidate) -> bool {
        let one = &self.candidates[one];
        one.is_pronoun && other.is_pronoun && self.is_word(one.first, self.word(other.first))
    }

    /// `it`, which seldom stands for somebody.
    pub(super) fn is_idle_pronoun(&self, c: &Candidate) -> bool {
        c.is_pronoun && self.is_word(c.first, "it")
    }

    /// Whether a subject has a passive verb: `the victims were crushed`.
    pub(in crate::party) fn is_acted_on(&self, c: &Candidate) -> bool {
        let skipped = |at: &usize| !self.is(*at, Cues::ADVERB.or(Cues::NOT).or(Cues::HAVE));
        let mut verbs = (c.last + 1..self.len().min(c.last + 5)).filter(skipped);
        let be = verbs
            .next()
            .is_some_and(|at| self.is(at, Cues::BE) && !self.is_break(at));
        let done = verbs.find(|&at| !self.is(at, Cues::BE));
        be && done.is_some_and(|at| self.tokens[at].meaning.ending == Ending::Ed)
    }

    /// Whether a subject knows of what others did: `the service had information that`.
    fn only_knows(&self, c: &Candidate) -> bool {
        const KNOWLEDGE: [&str; 4] = ["information", "intelligence", "evidence", "proof"];
        let verb = c.last + 1;
        let known = |at: usize| self.is(at + 1, Cues::THAT) && KNOWLEDGE.contains(&self.word(at));
        self.is(verb, Cues::HAVE) && (verb + 1..verb + 4).any(known)
    }

    /// The party that a quotation is about.
    pub(in crate::party) fn named_in_quote(&self, sources: &[usize]) -> Option<usize> {
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
}
