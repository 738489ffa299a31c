//! What a party is: the code and the role that its own words tell.
//!
//! `spokesman for the Thai army` → `THA`, `MIL`; `Moscow` → `RUS`, `GOV`; `Uber` → `MNC`, `BUS`; `the company` → no code, `BUS`.

use super::candidate::Candidate;
use super::words::{Noun, Standing, Words};
use crate::claim::Role;
use crate::token::{Token, Tokenizer};

/// Code and role of a party, where they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) code: Option<String>,
    pub(super) role: Option<Role>,
}

impl Identity {
    /// Takes what is still missing from what another mention of the party tells.
    pub(super) fn fill(&mut self, other: &Self) {
        if self.code.is_none() {
            self.code.clone_from(&other.code);
        }
        if self.role.is_none() && !self.is_organisation() {
            self.role = other.role;
        }
        if self.is_organisation() {
            self.role = None;
        }
    }

    /// Whether it is an international or a non-governmental organisation, which plays no other role.
    fn is_organisation(&self) -> bool {
        self.code
            .as_deref()
            .is_some_and(|code| code.starts_with("IGO") || code.starts_with("NGO"))
    }
}

/// Reads what the words of a candidate tell.
pub(super) fn identify(
    words: &Words,
    tokenizer: &Tokenizer,
    text: &str,
    tokens: &[Token],
    candidate: &Candidate,
) -> Identity {
    if candidate.is_pronoun {
        return Identity::default();
    }
    let tokens = &tokens[candidate.first..=candidate.last];
    identify_name(words, tokenizer, candidate.span.of(text), tokens)
}

/// Reads what the words of a name tell, which are `tokens`.
pub(super) fn identify_name(
    words: &Words,
    tokenizer: &Tokenizer,
    name: &str,
    tokens: &[Token],
) -> Identity {
    let told = told_by_words(words, name);
    let code = tokens
        .iter()
        .find_map(|token| tokenizer.actor_code(token))
        .map(|code| words.typed(code).to_owned())
        .or(told.code);
    let mut identity = Identity {
        role: told.role,
        code,
    };
    if identity.role.is_none()
        && identity.code.is_some()
        && name
            .rsplit(' ')
            .next()
            .is_some_and(|w| w == "leader" || w == "leaders")
    {
        identity.role = Some(Role::Government);
    }
    if identity.is_organisation() {
        identity.role = None;
    }
    identity
}

/// What the words of a name say, whatever the actor table knows of it.
fn told_by_words(words: &Words, name: &str) -> Identity {
    let mut behind_capital = false;
    let lower: Vec<String> = name
        .split([' ', '-', '\n', '\t'])
        .map(|word| {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
            let word = word
                .strip_suffix("'s")
                .or(word.strip_suffix("’s"))
                .unwrap_or(word);
            word.trim_end_matches(['\'', '’'])
        })
        .filter(|word| {
            // `Jim Baker` is no baker.
            let is_capital = word.starts_with(char::is_uppercase);
            let is_surname = is_capital && behind_capital && words.facts_of(word).is_surname;
            behind_capital = is_capital;
            !(word.is_empty() || is_surname)
        })
        .map(str::to_lowercase)
        .collect();
    let complement = lower
        .iter()
        .position(|word| matches!(word.as_str(), "of" | "for" | "in" | "from" | "to"))
        .unwrap_or(lower.len());
    let hits = hits(words, &lower);
    let head: Vec<&Hit> = hits.iter().filter(|hit| hit.at < complement).collect();
    let rest: Vec<&Hit> = hits.iter().filter(|hit| hit.at >= complement).collect();
    let decisive = |hit: &&&Hit| {
        matches!(hit.standing.role, Some(Role::Opposition | Role::Rebel)) && !hit.standing.is_name
    };
    let noun = |hit: &&&Hit| hit.noun == Noun::Head && hit.standing.role.is_some();
    let named = |hit: &&&Hit| hit.standing.is_name && hit.standing.role.is_some();
    let chosen = head
        .iter()
        .find(decisive)
        .or_else(|| head.iter().rev().find(noun))
        .or_else(|| rest.iter().rev().find(noun))
        .or_else(|| head.iter().find(named))
        .or_else(|| rest.iter().find(named))
        .or_else(|| hits_with_role(&head));
    let mut role = chosen.and_then(|hit| hit.standing.role);
    let former = lower[..complement]
        .iter()
        .any(|word| word == "former" || word == "ex");
    if former && matches!(role, Some(Role::Government | Role::Legislature)) {
        role = Some(Role::Elite);
    }
    let code = hits
        .iter()
        .map(|hit| &hit.standing.code)
        .find(|code| !code.is_empty())
        .cloned();
    Identity { code, role }
}

fn hits_with_role<'a, 'b>(hits: &'b [&'a Hit<'a>]) -> Option<&'b &'a Hit<'a>> {
    hits.iter().find(|hit| hit.standing.role.is_some())
}

/// A name or a noun of the table among the words.
struct Hit<'a> {
    at: usize,
    standing: &'a Standing,
    noun: Noun,
}

/// The entries of the table that stand among the words, longest first at each place.
fn hits<'a>(words: &'a Words, lower: &[String]) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    let mut at = 0;
    while at < lower.len() {
        let longest = words.longest(&lower[at]).min(lower.len() - at);
        let found = (1..=longest).rev().find_map(|length| {
            let standing = match length {
                1 => words.standing(&lower[at])?,
                _ => words.standing(&lower[at..at + length].join(" "))?,
            };
            Some((length, standing))
        });
        match found {
            Some((length, standing)) => {
                let noun = if standing.is_name {
                    Noun::No
                } else if length > 1 {
                    Noun::Head
                } else {
                    words.facts_of(&lower[at]).noun
                };
                hits.push(Hit { at, standing, noun });
                at += length;
            }
            None => at += 1,
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trades_that_are_family_names_tell_no_role() {
        for (name, role) in [
            ("Marcus Teller", None),
            ("the teller", Some(Role::Business)),
            ("Mayor Jim Baker", Some(Role::Government)),
            ("Baker", Some(Role::Business)),
        ] {
            assert_eq!(told_by_words(Words::shipped(), name).role, role, "{name}");
        }
    }
}
