//! Whose words they are: who says, whose claim a noun names, and whom a pronoun stands for.

use super::super::candidate::{Candidate, Sayer, Sentence};
use super::super::words::Cues;
use super::OWNED;

impl Sentence<'_> {
    /// Who says what a verb of saying says.
    pub(super) fn sayer(&self, verb: usize) -> Option<usize> {
        if let Some(at) = self.speaks_for_himself(verb) {
            return Some(at);
        }
        if !self.is_said(verb) {
            match self.sayer {
                Sayer::Here(sayer) => return Some(sayer),
                Sayer::Elsewhere => return None,
                Sayer::Unknown => {}
            }
        }
        if self.is_passive(verb) && !self.is_word(verb, "according") {
            return self.agent(verb);
        }
        let behind = if self.is_word(verb, "according") {
            verb + 2
        } else {
            verb + 1
        };
        let next = self
            .candidates
            .iter()
            .position(|c| c.opens == behind && !self.is_verb_form(c.last + 1));
        let explained = self
            .candidates
            .iter()
            .any(|c| c.is_appositive && c.last + 1 == verb);
        let inverted = self.is_word(verb, "according")
            || (verb > 0
                && (self.is_break(verb) && !explained || self.tokens[verb - 1].quoted)
                && self.relative(verb).is_none());
        if inverted && next.is_some() && !self.takes_listener(verb) {
            return next;
        }
        self.subject(verb)
            .filter(|&at| !self.is_quoted_clause(&self.candidates[at]))
            .or(next.filter(|_| verb > 0 && inverted))
    }

    /// A name directly before its verb of saying: `which Bangkok called`; `..., but Bangkok says`.
    fn speaks_for_himself(&self, verb: usize) -> Option<usize> {
        self.candidates.iter().position(|c| {
            let relative = c.opens > 0
                && (self.is(c.opens - 1, Cues::WHO.or(Cues::REPORT))
                    || self.is_word(c.opens - 1, "that"));
            c.last + 1 == verb
                && !self.is_break(verb)
                && !c.is_pronoun
                && c.quoted == self.tokens[verb].quoted
                && (relative || !self.is_said(verb))
                && self.is_clause_subject(c)
                && !self.is_quoted_clause(c)
        })
    }

    /// Who says what stands in quotation marks.
    pub(in crate::party) fn quoted_by(&self) -> Option<usize> {
        match self.sayer {
            Sayer::Here(sayer) => return Some(sayer),
            Sayer::Elsewhere => return None,
            Sayer::Unknown => {}
        }
        (0..self.len())
            .filter(|&at| {
                self.is(at, Cues::SAY) && !self.tokens[at].quoted && !self.is_noun_use(at)
            })
            .find_map(|at| self.sayer(at))
    }

    pub(super) fn quoted_by_if(&self, at: usize) -> Option<usize> {
        self.tokens[at].quoted.then(|| self.quoted_by()).flatten()
    }

    /// Several who do something to one another: `Each side says that the other`.
    pub(super) fn each_the_other(&self) -> Option<usize> {
        let each =
            (0..self.len()).find(|&at| self.is(at, Cues::EACH) && self.is_word(at, "each"))?;
        let other = (each + 1..self.len())
            .any(|at| self.is_word(at, "the") && self.word(at + 1).starts_with("other"));
        let both = self
            .candidates
            .iter()
            .position(|c| (c.opens..=c.last + 1).contains(&each) && !c.is_pronoun);
        both.filter(|_| other)
    }

    /// A word of bringing a claim before the public.
    fn is_published(&self, at: usize) -> bool {
        [
            "published",
            "aired",
            "printed",
            "released",
            "carried",
            "voiced",
        ]
        .iter()
        .any(|word| self.is_word(at, word))
    }

    /// The party of the same sentence that a subject pronoun stands for.
    pub(super) fn antecedent(&self, pronoun: usize, not: Option<usize>) -> Option<usize> {
        if let Sayer::Here(sayer) = self.sayer
            && sayer < pronoun
            && self.is_said(self.candidates[pronoun].first)
            && !self.candidates[sayer].is_pronoun
            && !self.is_word(self.candidates[pronoun].first, "they")
        {
            return Some(sayer).filter(|at| Some(*at) != not);
        }
        let quoted = self.candidates[pronoun].quoted;
        // `Her brothers, she says`
        let name = self.candidates[pronoun].first;
        let person = self.is_word(name, "he") || self.is_word(name, "she");
        let owned = |c: &Candidate| person && self.is_owned(c);
        let subject = |c: &&Candidate| {
            !c.is_pronoun && c.quoted == quoted && self.is_clause_subject(c) && !owned(c)
        };
        // `After her son died, Lungu accused`: not the subject of a clause in front.
        let in_front =
            |c: &Candidate| c.opens > 0 && self.is(c.opens - 1, Cues::PREP.or(Cues::BUT));
        // `Asked whether he had met them, the minister`
        if let Sayer::Here(sayer) = self.sayer
            && sayer > pronoun
            && self.candidates[sayer].group != self.candidates[pronoun].group
            && !quoted
            && !self.is_said(self.candidates[pronoun].first)
            && !self.candidates[..pronoun].iter().any(|c| subject(&c))
        {
            return Some(sayer).filter(|at| Some(*at) != not);
        }
        let before = &self.candidates[..pronoun];
        let main = before.iter().position(|c| subject(&c) && !in_front(c));
        main.or_else(|| before.iter().position(|c| subject(&c)))
            .filter(|at| Some(*at) != not)
    }

    /// `her brothers`
    fn is_owned(&self, c: &Candidate) -> bool {
        ["his", "her"].iter().any(|own| self.is_word(c.opens, own)) && c.opens < c.first
    }

    /// What a pronoun stands for in the same sentence, and any other candidate itself.
    pub(in crate::party) fn antecedent_or_self(&self, at: usize) -> usize {
        let candidate = &self.candidates[at];
        let stands_for = candidate.is_pronoun.then(|| self.antecedent(at, None));
        stands_for.flatten().unwrap_or(at)
    }

    /// The party that an object pronoun stands for.
    pub(super) fn antecedent_of_object(&self, pronoun: usize, not: usize) -> Option<usize> {
        self.candidates[..pronoun]
            .iter()
            .enumerate()
            .rev()
            .find(|(at, c)| {
                // `fly to Paris to talk to it`: a place is nobody.
                let place = c.preposition.is_some() && self.is_actor(c.first);
                !c.is_pronoun
                    && !c.is_appositive
                    && !place
                    && c.group != self.candidates[not].group
                    && *at != not
            })
            .map(|(at, _)| at)
    }

    /// Whose a claim or an offer is that a noun names: `Iran's denial`, `American claims`, `a charge by Tunis`.
    pub(in crate::party) fn maker_of(&self, noun: usize) -> Option<usize> {
        let owner = self.candidates.iter().rposition(|c| {
            let gap = noun.saturating_sub(c.last);
            let owns = c.is_owner && gap <= OWNED || c.is_attribute && gap <= 2;
            owns && c.last < noun
                && !(c.last + 1..=noun).any(|at| self.is_break(at))
                && !(c.last + 1..noun)
                    .any(|at| self.is(at, Cues::PREP.or(Cues::DENY).or(Cues::ACCUSE).or(Cues::SAY)))
                // `bows to army demands`
                || self.is(noun, Cues::DEMAND) && c.last + 1 == noun && c.preposition.is_some()
        });
        if owner.is_some() {
            return owner;
        }
        let agent = self.complement(noun, &["by", "from"]).filter(|&agent| {
            let by = self.candidates[agent].preposition.unwrap_or(noun);
            let mut between = noun + 1..by;
            self.is(noun, Cues::PROPOSAL.or(Cues::OFFER).or(Cues::READY))
                || between.is_empty()
                || between.any(|at| self.is(at, Cues::MAKE) || self.is_published(at))
        });
        let stop = (noun + 1..self.len()).find(|&at| {
            self.is_word(at, "that") || self.is(at, Cues::DENY.or(Cues::SAY).or(Cues::BUT))
        });
        if let Some(agent) = agent
            && stop.is_none_or(|stop| stop > self.candidates[agent].first)
        {
            return Some(agent);
        }
        // `the report that the inspectors published`
        let published = self.candidates.iter().position(|c| {
            c.opens == noun + 2
                && self.is(noun + 1, Cues::THAT.or(Cues::WHO))
                && (self.is(c.last + 1, Cues::MAKE) || self.is_published(c.last + 1))
        });
        // `a report in a newspaper`
        let printed = || {
            self.candidates.iter().position(|c| {
                c.preposition == Some(noun + 1)
                    && self.is_word(noun + 1, "in")
                    && (c.first..=c.last).any(|at| self.is_party_noun(at))
            })
        };
        if let Some(maker) = published.or_else(|| printed().filter(|_| self.is(noun, Cues::REPORT)))
        {
            return Some(maker);
        }
        // `the findings of the inspectors`, `what Seoul said`
        self.candidates
            .iter()
            .position(|c| {
                let of = c.opens == noun + 2 && self.is_word(noun + 1, "of");
                of && !c.is_attribute && !c.is_pronoun
            })
            .filter(|_| {
                self.is(noun, Cues::REPORT) && !self.is(noun, Cues::DENIAL.or(Cues::CHARGE))
            })
    }
}
