//! The parts of a clause: which word is a verb, its voice, subject, object, agent and complements.

use super::super::candidate::{Candidate, Sayer, Sentence};
use super::super::words::Cues;
use super::{AGENT, LIGHT};
use crate::token::{Ending, TokenKind};

impl Sentence<'_> {
    /// Whether a verb follows a conjunction: `and accused`.
    pub(super) fn is_verb_ahead(&self, conjunction: usize) -> bool {
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

    /// Whether a word that could be a verb is a noun here.
    pub(in crate::party) fn is_noun_use(&self, at: usize) -> bool {
        // `the disputed ridge`
        const ARTICLES: [&str; 8] = ["the", "a", "an", "its", "his", "her", "their", "this"];
        let ending = self.tokens[at].meaning.ending;
        if ending == Ending::Ed && at > 0 && ARTICLES.contains(&self.word(at - 1)) {
            return true;
        }
        let nouns = Cues::CHARGE
            .or(Cues::REPORT)
            .or(Cues::PROPOSAL)
            .or(Cues::DENIAL);
        if !self.is(at, nouns) && !self.is(at, Cues::ACCUSE.or(Cues::OFFER).or(Cues::ALLEGE)) {
            return false;
        }
        if matches!(ending, Ending::Ed | Ending::Ing) && !self.is_word(at, "finding") {
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
            // `Charges of vote rigging`, `Reports in the press`
            return self.is(at, nouns) && self.is(at + 1, Cues::PREP.or(Cues::THAT).or(Cues::MAKE));
        };
        // `said claims by a reporter`, `called reports that`
        let made = ["by", "that", "from"].contains(&self.word(at + 1));
        if made && self.is(at, nouns) && self.is(before, Cues::SAY.or(Cues::THAT)) {
            return true;
        }
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
                || candidate.is_attribute && candidate.opens < candidate.first
                || (self.is(at, nouns)
                    && (self.is_actor(before) || candidate.is_attribute)
                    && (0..at).any(|at| self.is(at, Cues::DENY)));
        }
        // `Dutch hacking claims`
        let named = |c: &Candidate| (c.is_attribute || c.is_owner) && c.last + 1 == before;
        if self.is(at, nouns) && self.candidates.iter().any(named) {
            return true;
        }
        // An adjective behind a determiner: `a formal complaint`.
        let further = before.checked_sub(1);
        self.is(at, nouns)
            && further
                .is_some_and(|further| self.is(further, Cues::DET.or(Cues::DENY).or(Cues::MAKE)))
            && self.facts[before].cues.is_empty()
            && self.tokens[before].kind == TokenKind::Word
    }

    pub(in crate::party) fn is_passive(&self, verb: usize) -> bool {
        let token = &self.tokens[verb];
        if token.meaning.ending != Ending::Ed
            && !["held", "found", "sued", "told", "said"].contains(&self.word(verb))
        {
            return false;
        }
        // `was last night branded`
        let skipped = |at: usize| {
            self.is(at, Cues::ADVERB.or(Cues::NOT))
                || self.word(at).ends_with("ly")
                || ["last", "night", "week", "yesterday", "today", "then"].contains(&self.word(at))
        };
        let helper = (0..verb).rev().take(4).find(|&at| !skipped(at));
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
        // `whom its premier reproached with`
        let whom =
            |c: &Candidate| c.last + 1 == verb && c.opens > 0 && self.is_word(c.opens - 1, "whom");
        bare && self.is(verb, Cues::ACCUSE) && !self.candidates.iter().any(whom)
    }

    pub(super) fn is_mutual(&self, verb: usize) -> bool {
        (verb + 1..self.len().min(verb + 4)).any(|at| {
            (self.is_word(at, "each") || self.is_word(at, "one"))
                && (self.is_word(at + 1, "other") || self.is_word(at + 1, "another"))
        })
    }

    /// The party behind `by`.
    pub(in crate::party) fn agent(&self, verb: usize) -> Option<usize> {
        let relative = Cues::WHO.or(Cues::THAT);
        self.complement(verb, &["by"]).filter(|&agent| {
            let by = self.candidates[agent].preposition.unwrap_or(verb);
            !(verb + 1..by).any(|at| self.is(at, relative))
        })
    }

    /// The subject of a passive verb, also one without a helping verb: `a trader accused of`.
    pub(in crate::party) fn patient(&self, verb: usize) -> Option<usize> {
        let direct = self.candidates.iter().position(|c| c.last + 1 == verb);
        self.relative(verb)
            .or(direct)
            .map(|at| self.head_of(at))
            .or_else(|| self.subject(verb))
    }

    /// What an apposition explains.
    pub(in crate::party) fn head_of(&self, at: usize) -> usize {
        let explained = |at: usize| self.candidates[at].is_appositive;
        (0..=at).rev().find(|&at| !explained(at)).unwrap_or(at)
    }

    /// The first party behind `from` after one of these prepositions.
    pub(super) fn complement(&self, from: usize, prepositions: &[&str]) -> Option<usize> {
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
    pub(super) fn relative(&self, verb: usize) -> Option<usize> {
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
        // `a UN report that charged`
        let candidate = &self.candidates[near];
        let report = candidate.is_attribute && self.is(candidate.last + 1, Cues::REPORT);
        let adjacent = candidate.last + 1 == who || report && candidate.last + 2 == who;
        adjacent.then(|| self.head_of(near))
    }

    /// The subject of a verb.
    pub(in crate::party) fn subject(&self, verb: usize) -> Option<usize> {
        if let Some(head) = self.relative(verb) {
            return Some(head);
        }
        // `those who accused him`
        let who = (0..verb)
            .rev()
            .find(|&at| !self.is(at, Cues::HAVE.or(Cues::ADVERB)));
        if who.is_some_and(|who| self.is_word(who, "who") && !self.is_break(who)) {
            return None;
        }
        if let Some(head) = self.resumed(verb) {
            return Some(head);
        }
        // `..., the ministry said, accusing them`
        if self.inserted.end == verb
            && self.tokens[verb].meaning.ending == Ending::Ing
            && let Sayer::Here(sayer) = self.sayer
        {
            return Some(sayer);
        }
        if self.is_participle_of_saying(verb) {
            let before = |c: &Candidate| c.last < verb && !c.quoted;
            let main = self
                .candidates
                .iter()
                .position(|c| before(c) && !c.is_pronoun && self.is_clause_subject(c));
            if main.is_some() {
                return main;
            }
        }
        // `said that the charge was false and accused Juba`, `said that he'd meet them`
        if let Sayer::Here(sayer) = self.sayer
            && (self.is_coordinated(verb) && !self.is_said(verb) || self.has_pronoun(verb))
            && self.candidates[sayer].last < verb
        {
            return Some(sayer);
        }
        let quoted = self.tokens[verb].quoted;
        // `“Tbilisi began this war, but we are ready”`
        let we = |at: usize| ["we", "We", "I", "our", "Our"].contains(&self.word(at));
        if quoted && (verb.saturating_sub(4)..verb).any(we) {
            return self.quoted_by();
        }
        let before = self.candidates.iter().rposition(|c| {
            let inserted = self.inserted.contains(&c.first) && !self.inserted.contains(&verb);
            c.last < verb && c.quoted == quoted && !inserted && self.is_clause_subject(c)
        });
        let found = match before {
            Some(at) if self.candidates[at].is_pronoun => self.antecedent(at, None).or(Some(at)),
            Some(at) => Some(at),
            None => self.fronted_subject(verb),
        };
        found.map(|at| self.head_of(at))
    }

    /// `he'd`, `they’ll`
    fn has_pronoun(&self, verb: usize) -> bool {
        self.is(verb, Cues::WILL) && self.word(verb).contains(['\'', '’'])
    }

    /// Whether a verb follows a conjunction without a subject of its own: `and has accused`.
    pub(super) fn is_coordinated(&self, verb: usize) -> bool {
        let helps = Cues::HAVE.or(Cues::BE).or(Cues::ADVERB).or(Cues::WILL);
        let before = (0..verb).rev().find(|&at| !self.is(at, helps));
        before.is_some_and(|at| self.is(at, Cues::AND.or(Cues::BUT)))
    }

    /// The subject of a verb behind a relative clause that stands between commas: `Turkey, whose ships left, offered`.
    pub(in crate::party) fn resumed(&self, verb: usize) -> Option<usize> {
        let helps = Cues::HAVE
            .or(Cues::BE)
            .or(Cues::ADVERB)
            .or(Cues::WILL)
            .or(Cues::NOT);
        let start = (1..=verb)
            .rev()
            .take_while(|&at| at == verb || self.is(at, helps))
            .find(|&at| self.is_break(at))?;
        let relative = |at: usize| {
            self.is(at, Cues::WHO) || self.is_word(at, "where") || self.is_word(at, "whose")
        };
        let opened = (1..start).rev().find(|&at| {
            // `Save the Sea, a group that fights dumping, said`
            let explains = |c: &Candidate| c.is_appositive && c.opens == at;
            self.is_break(at)
                && (self.is(at, Cues::PREP)
                    || relative(at)
                    || self.is(at, Cues::AND) && relative(at + 1)
                    || self.candidates.iter().any(explains))
        })?;
        let head = self.candidates.iter().rposition(|c| c.last < opened)?;
        // `A minister who heads a party, which lost, has accused`
        let outer = (1..opened).rev().find(|&at| self.is(at, Cues::WHO));
        let outer = outer.and_then(|who| self.candidates.iter().position(|c| c.last + 1 == who));
        let head = self.head_of(outer.unwrap_or(head));
        let candidate = &self.candidates[head];
        let near = candidate.last + 6 > opened;
        (near && candidate.quoted == self.tokens[verb].quoted).then_some(head)
    }

    /// The subject of the clause that follows what stands in front of it: `Rejecting the claims, Caracas ...`.
    pub(super) fn fronted_subject(&self, from: usize) -> Option<usize> {
        let quoted = self.tokens[from].quoted;
        self.candidates.iter().position(|c| {
            c.first > from
                && c.quoted == quoted
                && (self.is_break(c.opens) || self.is_plain_before(c.opens - 1, c.opens))
                && self.is_clause_subject(c)
        })
    }

    /// Whether a candidate may be the subject of a clause.
    pub(in crate::party) fn is_clause_subject(&self, c: &Candidate) -> bool {
        !(c.is_appositive
            || c.is_owner
            || c.is_attribute
            || c.is_object
            || c.preposition.is_some()
            || c.is_pronoun && matches!(self.word(c.first), "him" | "them" | "her"))
    }

    /// What a verb takes as its object.
    pub(in crate::party) fn object(&self, verb: usize) -> Option<usize> {
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
                    let stays = Some(at).filter(|_| !self.is_word(candidate.first, "it"));
                    return self.antecedent(at, self.subject(verb)).or(stays);
                }
                return Some(at);
            }
        }
        None
    }

    /// `whom local fishermen accuse of poisoning`.
    pub(super) fn fronted_object(&self, verb: usize) -> Option<usize> {
        let whom = (0..verb).rev().take(6).find(|&at| self.is(at, Cues::WHO))?;
        self.candidates
            .iter()
            .rposition(|c| c.last + 1 == whom && !c.is_pronoun)
            .map(|at| self.head_of(at))
    }

    /// The verb that has a noun as its object: `made accusations`.
    pub(super) fn governing(&self, noun: usize, cues: Cues) -> Option<usize> {
        (noun.saturating_sub(LIGHT)..noun)
            .rev()
            .find(|&at| self.is(at, cues))
    }

    pub(super) fn subject_or_agent(&self, verb: usize) -> Option<usize> {
        if self.is_passive(verb) {
            self.agent(verb)
        } else {
            self.subject(verb)
        }
    }
}
