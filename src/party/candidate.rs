//! Tokens → candidates: the stretches of a sentence that may name a party, with their place in the clause.
//!
//! `A spokesman for the Chinese Foreign Ministry accused Canberra` → `spokesman for the Chinese Foreign Ministry`, `Canberra`.
//! Determiners and numbers stand outside.

use std::ops::Range;

use super::words::{Cues, Noun, WordFacts, Words};
use crate::Span;
use crate::token::{Ending, Token, TokenKind};

/// A stretch of tokens that may name a party.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, each read on its own"
)]
pub(super) struct Candidate {
    /// First and last token.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Without determiner and possessive ending.
    pub(super) span: Span,
    /// The token where its determiners begin.
    pub(super) opens: usize,
    /// The preposition before it.
    pub(super) preposition: Option<usize>,
    /// `he`, `it`, `them`.
    pub(super) is_pronoun: bool,
    /// It owns what follows and that is no party: `Iran's denial`.
    pub(super) is_owner: bool,
    /// A country or demonym stands directly before a noun that is no party: `American claims`.
    pub(super) is_attribute: bool,
    /// It only explains the candidate before it: `Dal, the interior minister,`.
    pub(super) is_appositive: bool,
    /// It follows a verb that takes it as its object.
    pub(super) is_object: bool,
    pub(super) quoted: bool,
    /// Candidates of one enumeration have one number.
    pub(super) group: usize,
}

/// A sentence with what is known of its words.
pub(super) struct Sentence<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) facts: Vec<WordFacts>,
    pub(super) candidates: Vec<Candidate>,
    pub(super) sayer: Sayer,
    /// What the sayer says.
    pub(super) content: Vec<Span>,
    /// The tokens of a clause that only tells who speaks.
    pub(super) inserted: Range<usize>,
}

/// Who says the sentence, or most of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sayer {
    /// The sentence is not attributed.
    Unknown,
    /// Named in another sentence, or by words that are no candidate.
    Elsewhere,
    /// A candidate.
    Here(usize),
}

/// The longest insertion between a subject and its verb, in tokens.
const INSERTED: usize = 8;
/// How far before a noun its determiner is looked for, in tokens.
const NOUN_REACH: usize = 3;

impl<'a> Sentence<'a> {
    pub(super) fn new(words: &Words, text: &'a str, tokens: &'a [Token]) -> Self {
        let facts = tokens
            .iter()
            .map(|token| match token.kind {
                TokenKind::Word => words.facts(token.form),
                _ => WordFacts::default(),
            })
            .collect();
        let mut sentence = Self {
            text,
            tokens,
            facts,
            candidates: Vec::new(),
            sayer: Sayer::Unknown,
            content: Vec::new(),
            inserted: 0..0,
        };
        sentence.find_candidates(words);
        sentence.place_candidates();
        sentence.group_candidates();
        sentence
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the word at `at` is in one of these classes.
    pub(super) fn is(&self, at: usize, cues: Cues) -> bool {
        self.facts.get(at).is_some_and(|facts| facts.cues.has(cues))
    }

    pub(super) fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| token.span.of(self.text))
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at).eq_ignore_ascii_case(word)
    }

    pub(super) fn is_break(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|token| token.after_break)
    }

    /// Whether the marks between two clauses or a quotation's end stand before the token.
    pub(super) fn is_parted(&self, at: usize) -> bool {
        self.is_break(at) || self.tokens[at].quoted != self.tokens[at - 1].quoted
    }

    /// Whether the token is a name.
    pub(super) fn is_actor(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|token| token.kind == TokenKind::Actor)
    }

    fn noun(&self, at: usize) -> Noun {
        self.facts[at].noun
    }

    pub(super) fn is_party_noun(&self, at: usize) -> bool {
        matches!(self.noun(at), Noun::Head | Noun::Bearer)
    }

    fn is_possessive(&self, at: usize) -> bool {
        let span = self.tokens[at].span;
        let word = span.of(self.text);
        let after = &self.text[span.end..];
        word.ends_with("'s")
            || word.ends_with("’s")
            || (word.ends_with('s') && (after.starts_with('\'') || after.starts_with('’')))
    }

    fn find_candidates(&mut self, words: &Words) {
        let mut at = 0;
        while at < self.len() {
            match self.candidate_at(words, at, self.candidates.last().map_or(0, |c| c.last + 1)) {
                Some(candidate)
                    if self.is_in_brackets(&candidate) || self.is_dateline(&candidate) =>
                {
                    at = candidate.last + 1;
                }
                Some(candidate) => {
                    at = candidate.last + 1;
                    self.candidates.push(candidate);
                }
                None => match self
                    .unknown_subject_at(at)
                    .or_else(|| self.unknown_object_at(at))
                {
                    Some(candidate) => {
                        at = candidate.last + 1;
                        self.candidates.push(candidate);
                    }
                    None => at += 1,
                },
            }
        }
    }

    /// `ROME (Reuters) -`: an agency, a party, an abbreviation between brackets.
    fn is_in_brackets(&self, c: &Candidate) -> bool {
        self.text[..c.span.start].ends_with('(') && self.text[c.span.end..].starts_with(')')
    }

    /// `LONDON (Agency) -`, `ISLAMABAD:`: the place from which an article comes.
    fn is_dateline(&self, c: &Candidate) -> bool {
        const REACH: usize = 30;
        if c.first > 0 {
            return false;
        }
        let name = c.span.of(self.text);
        let is_capitals = name.chars().count() > 3 && !name.contains(char::is_lowercase);
        let behind = &self.text[c.span.end..];
        let end = behind
            .char_indices()
            .nth(REACH)
            .map_or(behind.len(), |(at, _)| at);
        let dashes = [" - ", " -- ", " — ", " – "];
        is_capitals
            && (behind.starts_with(':') || dashes.iter().any(|dash| behind[..end].contains(dash)))
    }

    /// One or two unknown words between a determiner and a verb of a claim: `The trust denied`.
    fn unknown_subject_at(&self, at: usize) -> Option<Candidate> {
        let is_plain = |at: usize| {
            self.tokens[at].kind == TokenKind::Word
                && (self.facts[at].cues.is_empty() || self.is_claim_noun(at))
                && !matches!(self.tokens[at].meaning.ending, Ending::Ed | Ending::Ing)
        };
        // `throughout the trial`
        let behind_preposition = at > 1 && self.is(at - 2, Cues::PREP);
        if at == 0
            || behind_preposition
            || !self.is(at - 1, Cues::DET)
            || !is_plain(at)
            || self.is_parted(at)
        {
            return None;
        }
        let last = at
            + (at + 1..self.len().min(at + 2))
                .take_while(|&next| is_plain(next) && !self.is_parted(next))
                .count();
        let next = last + 1;
        // `The suit, lodged in Miskolc, claims`
        let resumes = (next < self.len() && self.is_break(next))
            .then(|| (next + 1..self.len().min(next + INSERTED)).find(|&at| self.is_break(at)));
        let next = resumes.flatten().unwrap_or(next);
        let verb = (next..self.len()).find(|&next| !self.is(next, Cues::HAVE.or(Cues::ADVERB)))?;
        let verbs = Cues::ACCUSE
            .or(Cues::DENY)
            .or(Cues::CLEAR)
            .or(Cues::ALLEGE)
            .or(Cues::OFFER)
            .or(Cues::SAY);
        let tells = self.is(verb, verbs)
            && matches!(self.tokens[verb].meaning.ending, Ending::Ed | Ending::S)
            && !(last + 1..=verb).any(|at| self.is_parted(at) && resumes.is_none());
        tells.then(|| self.candidate(at, last, false))
    }

    /// Unknown words between a verb of accusing and `of`: `accused the bursar of theft`.
    fn unknown_object_at(&self, at: usize) -> Option<Candidate> {
        let determined = at > 1 && self.is(at - 1, Cues::DET);
        let verb = at.checked_sub(1 + usize::from(determined))?;
        let takes = ["accus", "blam", "sue", "suing"];
        let begins = |beginning: &&str| self.word(verb).starts_with(*beginning);
        if !self.is(verb, Cues::ACCUSE) || !takes.iter().any(begins) {
            return None;
        }
        let ends = |of: usize| ["of", "for", "over"].contains(&self.word(of));
        let of = (at + 1..self.len().min(at + 4)).find(|&of| ends(of))?;
        let plain = |at: usize| {
            self.tokens[at].kind == TokenKind::Word
                && self.facts[at].cues.is_empty()
                && !self.is_parted(at)
        };
        (at..of)
            .all(plain)
            .then(|| self.candidate(at, of - 1, false))
    }

    /// The candidate whose known words begin at `at`; tokens before `floor` belong to another.
    fn candidate_at(&self, words: &Words, at: usize, floor: usize) -> Option<Candidate> {
        if self.is(at, Cues::PRONOUN) && !self.is_owned_by_her(at) {
            return Some(self.candidate(at, at, true));
        }
        let mut last = self.run_end(at)?;
        // `spokesman for the Thai army`, `villagers in Ogoniland`
        while let Some(end) = self.complement_end(words, at, last) {
            last = end;
        }
        let first = self.run_start(at, floor);
        Some(self.candidate(first, last, false))
    }

    /// `her` before what she owns: `her party`, and not `charged her with`.
    fn is_owned_by_her(&self, at: usize) -> bool {
        let next = at + 1;
        let ends = Cues::PREP.or(Cues::AND).or(Cues::THAT).or(Cues::BUT);
        self.is_word(at, "her")
            && next < self.len()
            && !self.is_parted(next)
            && !self.is(next, ends)
            && !self.is_word(next, "to")
    }

    /// The last token of the names, nouns and their modifiers that begin at `at`; `None` where no party stands among them.
    fn run_end(&self, at: usize) -> Option<usize> {
        let belongs =
            |at: usize| self.is_actor(at) || (self.noun(at) != Noun::No && !self.is_verb(at));
        if !belongs(at) {
            return None;
        }
        let ends = |at: usize| self.is_actor(at) || self.is_party_noun(at);
        let mut found = ends(at).then_some(at);
        let mut owned = self.is_possessive(at);
        for next in at + 1..self.len() {
            if self.is_parted(next) {
                break;
            }
            // `Serbia's own defence minister`
            if owned && (self.is_word(next, "own") || self.is_word(next, "former")) {
                continue;
            }
            // `Singaporean plantation owner`
            let behind_name = owned || self.is_actor(next - 1);
            let unknown_between = behind_name && self.is_plain_noun_before_party(next);
            if !belongs(next) && !unknown_between {
                break;
            }
            if self.is_actor(next) && self.is_actor(next - 1) && !owned {
                break;
            }
            if ends(next) {
                found = Some(next);
                owned = self.is_possessive(next);
            }
        }
        found
    }

    /// Whether an unknown word stands directly before a noun for a party.
    fn is_plain_noun_before_party(&self, at: usize) -> bool {
        let unknown = self.tokens[at].kind == TokenKind::Word
            && self.tokens[at].meaning.ending != Ending::Ed
            && self.facts[at].cues.is_empty()
            && self.noun(at) == Noun::No
            && !self.word(at).ends_with("ly");
        let next = at + 1;
        unknown
            && next < self.len()
            && !self.is_parted(next)
            && self.is_party_noun(next)
            && self.facts[next].cues.is_empty()
    }

    /// Whether a word that could be a noun is a verb here: `head for`, `guards the`.
    fn is_verb(&self, at: usize) -> bool {
        // `slave-drivers`
        let hyphenated = at > 0
            && self.text[..self.tokens[at].span.start].ends_with('-')
            && self.noun(at - 1) == Noun::No
            && !self.is_actor(at - 1);
        // `bows to army demands`
        let claims = Cues::DEMAND.or(Cues::CHARGE).or(Cues::PROPOSAL);
        let modifies = self.is(at + 1, claims) && !self.is_parted(at + 1);
        hyphenated
            || at > 0
                && !modifies
                && self.noun(at) != Noun::No
                && (self.is_word(at - 1, "to") || self.is(at - 1, Cues::WILL))
                && self.tokens[at].meaning.ending != Ending::S
                && !self.is_actor(at)
    }

    /// The token at which a candidate begins whose known words begin at `at`: behind the determiner, the number or the owner.
    fn run_start(&self, at: usize, floor: usize) -> usize {
        if self.is_actor(at) {
            return at;
        }
        for before in (floor.max(at.saturating_sub(NOUN_REACH))..at).rev() {
            if self.is_parted(before + 1) {
                return at;
            }
            let token = &self.tokens[before];
            if self.is(before, Cues::DET) || token.kind == TokenKind::Number {
                return before + 1;
            }
            // `anti-doping officials`
            if self.is_joined(before) || self.is_joined(before + 1) {
                continue;
            }
            let plain = token.kind == TokenKind::Word
                && (self.facts[before].cues.is_empty() || self.is(before, Cues::PROPOSAL));
            if !plain || token.meaning.ending == Ending::Ing {
                return at;
            }
        }
        at
    }

    /// Whether a hyphen joins a token to the one before it.
    fn is_joined(&self, at: usize) -> bool {
        at > 0 && &self.text[self.tokens[at - 1].span.end..self.tokens[at].span.start] == "-"
    }

    /// The end of a complement of the party noun at `last` that says whose or where it is.
    fn complement_end(&self, words: &Words, first: usize, last: usize) -> Option<usize> {
        let preposition = last + 1;
        if preposition + 1 >= self.len() || self.is_parted(preposition) || self.is_possessive(last)
        {
            return None;
        }
        let link = self.word(preposition);
        if !["of", "for", "in", "from", "to"].contains(&link) {
            return None;
        }
        let noun = if self.is_actor(last) {
            let nouns = self
                .word(last)
                .split(' ')
                .map(|word| words.facts_of(word).noun);
            let mut nouns = nouns.filter(|noun| matches!(noun, Noun::Head | Noun::Bearer));
            nouns.next_back().unwrap_or_default()
        } else {
            self.noun(last)
        };
        if !matches!(noun, Noun::Head | Noun::Bearer) {
            return None;
        }
        let mut at = preposition + 1;
        let mut limit = 2;
        while limit > 0 && (self.is(at, Cues::DET) || self.tokens[at].kind == TokenKind::Number) {
            at += 1;
            limit -= 1;
            if at >= self.len() {
                return None;
            }
        }
        // One or two unknown words behind a determiner: `chairman of the metalworkers' union`.
        let mut start = at;
        while start < at + 2
            && start + 1 < self.len()
            && at > preposition + 1
            && self.tokens[start].kind == TokenKind::Word
            && self.noun(start) == Noun::No
            && self.facts[start].cues.is_empty()
        {
            start += 1;
        }
        let end = self.run_end(start)?;
        // `detectives from the city's drugs squad`
        if self.is_possessive(end)
            && !self.is_possessive(last)
            && end + 1 < self.len()
            && !self.is_parted(end + 1)
        {
            return None;
        }
        if (preposition + 1..=end).any(|at| self.is_parted(at)) {
            return None;
        }
        let names_place = self.is_actor(start);
        let accused = first > 0
            && (first.saturating_sub(3)..first).any(|before| self.is(before, Cues::ACCUSE));
        let fits = match link {
            "of" => !accused || noun == Noun::Bearer,
            "for" => noun == Noun::Bearer || names_place && !accused,
            "to" => {
                let head = self.word(last);
                head.ends_with("mbassador") || head.ends_with("nvoy")
            }
            "from" => names_place || !accused,
            _ => names_place,
        };
        fits.then_some(end)
    }

    fn candidate(&self, first: usize, last: usize, is_pronoun: bool) -> Candidate {
        let (start, end) = (self.tokens[first].span, self.tokens[last].span);
        let mut opens = first;
        while opens > 0
            && !self.is_parted(opens)
            && (self.is_determiner(opens - 1) || self.tokens[opens - 1].kind == TokenKind::Number)
        {
            opens -= 1;
        }
        Candidate {
            first,
            last,
            span: without_possessive(Span::new(start.start, end.end), self.text),
            opens,
            preposition: None,
            is_pronoun,
            is_owner: self.is_possessive(last),
            is_attribute: false,
            is_appositive: false,
            is_object: false,
            quoted: self.tokens[first].quoted,
            group: 0,
        }
    }

    /// Whether the word is a determiner; `that` is one behind a preposition only.
    fn is_determiner(&self, at: usize) -> bool {
        let that = self.is_word(at, "that");
        self.is(at, Cues::DET) && (!that || at > 0 && self.is(at - 1, Cues::PREP))
    }

    /// Notes what stands before and behind each candidate.
    fn place_candidates(&mut self) {
        for at in 0..self.candidates.len() {
            let candidate = &self.candidates[at];
            let (opens, first, last) = (candidate.opens, candidate.first, candidate.last);
            let preposition = self
                .preposition_before(opens, first)
                .filter(|&before| !(self.is_subordinator(before) && self.is_verb_form(last + 1)));
            let is_object = preposition.is_none() && self.is_object(opens);
            let next = last + 1;
            // `dismissed a newspaper report`
            let denied = opens > 0 && self.is(opens - 1, Cues::DENY);
            let of_noun = denied || opens < first && (is_object || preposition.is_some());
            // `to suspend military exercises`
            let modifies = !self.is_actor(last)
                && opens == first
                && (is_object || preposition.is_some())
                && next < self.len()
                && self.tokens[next].kind == TokenKind::Word
                && self.tokens[next].meaning.ending == Ending::S
                && self.facts[next].cues.is_empty()
                && self.noun(next) == Noun::No;
            let is_attribute = !candidate.is_owner
                && (self.is_actor(last) || of_noun || modifies)
                && next < self.len()
                && !self.is_parted(next)
                && (modifies
                    || self.is_claim_noun(next)
                    // `a Jordanian offer`
                    || opens < first && self.is(next, Cues::PROPOSAL)
                    // `Dutch hacking claims`
                    || self.tokens[next].meaning.ending == Ending::Ing
                        && self.facts[next].cues.is_empty()
                        && next + 1 < self.len()
                        && self.is_claim_noun(next + 1));
            let candidate = &mut self.candidates[at];
            candidate.preposition = preposition;
            candidate.is_object = is_object;
            candidate.is_attribute = is_attribute;
        }
    }

    /// `claims`, `accusation`, `offer`: what somebody may have made.
    fn is_claim_noun(&self, at: usize) -> bool {
        let nouns = Cues::REPORT.or(Cues::CHARGE).or(Cues::DENIAL);
        self.tokens[at].kind == TokenKind::Word
            && self.is(at, nouns)
            && !matches!(self.tokens[at].meaning.ending, Ending::Ed | Ending::Ing)
    }

    /// The preposition before what begins at `opens`, also before an unknown adjective: `of divided families`.
    fn preposition_before(&self, opens: usize, first: usize) -> Option<usize> {
        let before = opens.checked_sub(1)?;
        // `more than 900 residents`
        if self.is_word(before, "than") && self.tokens[opens].kind == TokenKind::Number {
            return None;
        }
        // `“we would be inside,” he said`
        if self.is_break(opens) || self.tokens[before].quoted && !self.tokens[opens].quoted {
            return None;
        }
        if self.is(before, Cues::PREP) {
            return Some(before);
        }
        // A determiner or a number never stands behind an adjective: `to free 45 soldiers`.
        let adjective = opens == first
            && self.tokens[before].kind == TokenKind::Word
            && self.facts[before].cues.is_empty()
            && !self.is_break(opens);
        let further = before.checked_sub(1)?;
        (adjective && self.is(further, Cues::PREP) && !self.is_break(before)).then_some(further)
    }

    /// A word that may begin a clause as well as a prepositional phrase.
    fn is_subordinator(&self, at: usize) -> bool {
        ["after", "before", "since", "until", "as", "than"]
            .iter()
            .any(|word| self.is_word(at, word))
    }

    /// Whether a word looks like the verb of a clause.
    pub(super) fn is_verb_form(&self, at: usize) -> bool {
        let verbs = Cues::HAVE
            .or(Cues::BE)
            .or(Cues::WILL)
            .or(Cues::SAY)
            .or(Cues::ACCUSE)
            .or(Cues::DENY)
            .or(Cues::OFFER);
        at < self.len()
            && !self.is_parted(at)
            && (self.is(at, verbs) || self.tokens[at].meaning.ending == Ending::Ed)
    }

    /// Whether what begins at `opens` is the object of the word before it.
    fn is_object(&self, opens: usize) -> bool {
        let Some(before) = opens.checked_sub(1) else {
            return false;
        };
        if self.is_break(opens)
            || self.is_joined(before)
            || self.tokens[before].kind != TokenKind::Word
        {
            return false;
        }
        let cues = self.facts[before].cues;
        if ["told", "tell", "tells", "telling"].contains(&self.word(before)) {
            return true;
        }
        let clause = Cues::SAY
            .or(Cues::ALLEGE)
            .or(Cues::AND)
            .or(Cues::BUT)
            .or(Cues::WHO)
            .or(Cues::THAT)
            .or(Cues::BE)
            .or(Cues::HAVE)
            .or(Cues::WILL)
            .or(Cues::PREP);
        if cues.has(clause) {
            return false;
        }
        let verbs = Cues::ACCUSE
            .or(Cues::DENY)
            .or(Cues::CLEAR)
            .or(Cues::OFFER)
            .or(Cues::AGREE)
            .or(Cues::JOINT)
            .or(Cues::MAKE)
            .or(Cues::FACE);
        // `says neighbouring Rwanda`
        let modifies = before > 0
            && self.tokens[before].meaning.ending == Ending::Ing
            && (self.is(before - 1, Cues::SAY.or(Cues::THAT).or(Cues::DET))
                || self.is_break(before));
        // `would receive the leaders`
        let infinitive = before > 0
            && self.is(before - 1, Cues::WILL)
            && self.tokens[before].meaning.ending == Ending::Bare
            && !self.is(before, Cues::ADVERB.or(Cues::NOT));
        // `pushed viable customers`
        let adjective = before > 0
            && opens < self.len()
            && !self.is(opens, Cues::DET)
            && cues.is_empty()
            && self.noun(before) == Noun::No
            && self.tokens[before].meaning.ending == Ending::Bare
            && !self.is_break(before)
            && self.tokens[before - 1].meaning.ending == Ending::Ed
            && self.facts[before - 1].cues.is_empty();
        infinitive
            || adjective
            || cues.has(verbs)
            || (matches!(self.tokens[before].meaning.ending, Ending::Ed | Ending::Ing)
                && self.noun(before) == Noun::No
                && !modifies)
    }

    /// Finds enumerations and appositions: candidates that follow one another with nothing but commas, `and`, and determiners
    /// between.
    fn group_candidates(&mut self) {
        let mut at = 0;
        while at < self.candidates.len() {
            let mut end = at + 1;
            let mut has_and = false;
            while end < self.candidates.len() {
                match self.link(end - 1, end) {
                    // `..., and the Vatican has offered`: a new clause.
                    Link::And if self.is_clause_ahead(end - 1, end) && end == at + 1 => break,
                    Link::And => has_and = true,
                    Link::Comma => {}
                    Link::None => break,
                }
                end += 1;
            }
            self.join(at, end, has_and);
            at = end;
        }
    }

    /// Whether a comma and a conjunction part two candidates.
    fn is_clause_ahead(&self, left: usize, right: usize) -> bool {
        let next = self.candidates[left].last + 1;
        // `has talked since May, and two people say`
        let in_phrase = || {
            self.candidates[left].preposition.is_some()
                && self.candidates[right].preposition_word(self).is_none()
        };
        self.is_break(next) && (self.is_verb_form(self.candidates[right].last + 1) || in_phrase())
    }

    fn join(&mut self, from: usize, to: usize, has_and: bool) {
        for at in from..to {
            self.candidates[at].group = at;
        }
        // `Vakatora, a lawyer and former speaker`
        let described = has_and
            && to - from > 2
            && self.is_actor(self.candidates[from].last)
            && ["a", "an"].contains(&self.word(self.candidates[from + 1].opens))
            && self.candidates[from + 2].opens == self.candidates[from + 2].first;
        if described {
            for candidate in &mut self.candidates[from + 1..to] {
                candidate.is_appositive = true;
            }
            return;
        }
        // `In Berlin, Russia and Turkey agreed`
        let in_front = to - from > 2
            && self.is_in_front(from)
            && self.is_break(self.candidates[from].last + 1)
            && self.is_verb_form(self.candidates[to - 1].last + 1);
        if has_and && in_front {
            self.join(from + 1, to, has_and);
            return;
        }
        if has_and {
            // What stands behind the last `and` and a comma explains: `Rome and Tunis, the hosts, agreed`.
            for at in from..to {
                self.candidates[at].group = from;
            }
            let (object, preposition) = (
                self.candidates[from].is_object,
                self.candidates[from].preposition,
            );
            for at in from + 1..to {
                self.candidates[at].is_object = object;
                if self.candidates[at].preposition.is_none() {
                    self.candidates[at].preposition = preposition;
                }
            }
            return;
        }
        // `Manila, Jakarta sign pact`
        let next = self.candidates[to - 1].last + 1;
        let verbs = Cues::AGREE.or(Cues::OFFER).or(Cues::DENY).or(Cues::ACCUSE);
        let trades = ["trade", "swap", "exchange"].contains(&self.word(next));
        let headline = self.candidates[from].opens == 0
            && self.candidates[to - 1].opens == self.candidates[to - 1].first
            && !self.is_parted_or_end(next)
            && (self.is(next, verbs) || self.is_word(next, "to") || trades)
            && self.tokens[next].meaning.ending != Ending::Ed;
        if headline {
            for candidate in &mut self.candidates[from..to] {
                candidate.group = from;
            }
            return;
        }
        for at in from + 1..to {
            let explains = (self.candidates[at].first..=self.candidates[at].last)
                .any(|token| self.is_party_noun(token));
            let next = self.candidates[at].last + 1;
            let closes = self.is_parted_or_end(next)
                || self.is(next, Cues::WHO)
                || self.is_word(next, "that")
                || self.is(next, Cues::ACCUSE)
                    && self.tokens[next].meaning.ending == Ending::Ed
                    && self.is(next + 1, Cues::PREP);
            self.candidates[at].is_appositive =
                closes && !self.is_in_front(from) && (explains || to - from == 2);
        }
    }

    /// Whether a candidate ends what stands before the subject: `In Berlin, a spokesman`.
    fn is_in_front(&self, at: usize) -> bool {
        let last = self.candidates[at].last;
        self.candidates[at].preposition.is_some()
            && self.is(0, Cues::PREP)
            && !(1..=last).any(|at| self.is_break(at))
    }

    /// Whether at most two unknown words lead to what begins at `opens`: `smugglers, corrupt customs men`.
    pub(super) fn is_plain_before(&self, at: usize, opens: usize) -> bool {
        let parted = self.is_break(at) || at > 0 && self.is(at - 1, Cues::AND);
        let plain = |at: usize| {
            self.tokens[at].kind == TokenKind::Word
                && self.facts[at].cues.is_empty()
                && !matches!(self.tokens[at].meaning.ending, Ending::Ed | Ending::Ing)
        };
        parted && opens <= at + 1 && plain(at) && !self.is_parted(opens)
    }

    fn is_parted_or_end(&self, at: usize) -> bool {
        at >= self.len() || self.is_parted(at)
    }

    fn link(&self, left: usize, right: usize) -> Link {
        let (left, right) = (&self.candidates[left], &self.candidates[right]);
        // `she and the winner`
        let joined = left.is_pronoun && self.is(left.last + 1, Cues::AND);
        if left.is_pronoun && !joined
            || right.is_pronoun
            || left.quoted != right.quoted
            || left.is_owner
        {
            return Link::None;
        }
        // `paid five players and, his lawyer said, is ready`
        if self.is_break(right.opens) && self.is(right.opens - 1, Cues::AND) {
            return Link::None;
        }
        let between = left.last + 1..right.opens;
        let mut has_and = false;
        for at in between {
            let repeats = self.is(at, Cues::PREP)
                && left
                    .preposition_word(self)
                    .is_some_and(|word| self.is_word(at, word));
            if self.is(at, Cues::AND) && !self.is_word(at, "nor")
                || self.is_word(at, "nor") && at + 1 == right.opens
            {
                has_and = true;
            } else if !(self.is_determiner(at)
                || repeats && has_and
                || self.is_plain_before(at, right.opens))
            {
                return Link::None;
            }
        }
        // `SEOUL - North and South Korea`
        let gap = &self.text[left.span.end..right.span.start];
        if gap.contains(['—', '–']) || gap.contains(" -") {
            return Link::None;
        }
        if has_and {
            Link::And
        } else if self.is_break(right.opens) {
            Link::Comma
        } else {
            Link::None
        }
    }
}

impl Candidate {
    fn preposition_word<'a>(&self, sentence: &'a Sentence<'_>) -> Option<&'a str> {
        let before = self.opens.checked_sub(1)?;
        sentence
            .is(before, Cues::PREP)
            .then(|| sentence.word(before))
    }
}

enum Link {
    None,
    Comma,
    And,
}

/// `Pompeo` for `Pompeo's`.
pub(super) fn without_possessive(span: Span, text: &str) -> Span {
    let name = span.of(text);
    let bare = ["'s", "’s", "'", "’"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    Span::new(span.start, span.start + bare.len())
}
