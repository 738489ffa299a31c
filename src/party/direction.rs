//! Who does it to whom: the candidates of a sentence → sources and targets of an accusation, a denial, an offer.
//!
//! The rules go by the cue (verb, noun, adjective), its voice, and the place of the candidates around it: subject, object,
//! agent behind `by`, owner (`Kyiv's charge`), complement (`against Hungary`, `to Algiers`). What no rule reaches stays unknown.

mod accusation;
mod clause;
mod cooperation;
mod denial;
mod speech;

use super::candidate::Sentence;

/// The candidates that are sources and targets, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) sources: Vec<usize>,
    pub(super) targets: Vec<usize>,
}

impl Found {
    pub(super) fn new(source: Option<usize>, target: Option<usize>) -> Self {
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
    /// Whole enumerations for their members, what an apposition explains for the apposition, and no party that is source and target without doing it to one another.
    pub(super) fn finish(&self, found: &Found) -> Found {
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
        let heads = |parties: &[usize]| -> Vec<usize> {
            parties.iter().map(|&at| self.head_of(at)).collect()
        };
        // `Foy said that he and the employers had agreed`
        let named = |parties: Vec<usize>| -> Vec<usize> {
            let alone = parties.len() < 2;
            let mut named: Vec<usize> = Vec::new();
            for at in parties {
                let name = if alone {
                    at
                } else {
                    self.antecedent_or_self(at)
                };
                if !named.contains(&name) {
                    named.push(name);
                }
            }
            named
        };
        let mut sources = named(spread(&heads(&found.sources)));
        let mut targets = named(spread(&heads(&found.targets)));
        // `you`, and a pronoun that only stands behind a preposition, claims nothing.
        sources.retain(|&at| {
            let c = &self.candidates[at];
            !(c.is_pronoun && (c.preposition.is_some() || self.is_word(c.first, "you")))
        });
        if mutual {
            targets.clone_from(&sources);
        } else {
            targets.retain(|target| !sources.contains(target));
        }
        Found { sources, targets }
    }
}
