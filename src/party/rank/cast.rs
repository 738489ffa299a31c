//! The parties of the claims before one, which a later claim may mean without naming them.

use super::super::Deed;
use super::feature::{Features, PARTS, Template};
use crate::claim::Mention;

/// How many parties are kept, so that no claim of a long text takes more time than one of a short text. Those that were told longest ago go
/// first: of a newspaper article all stay.
const KEPT: usize = 32;

/// A party of earlier claims of the article, by its last name or its noun.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) key: u64,
    pub(super) mention: Mention,
    /// The last sentence in which it was each of [`PARTS`].
    pub(super) last: [Option<usize>; PARTS.len()],
    /// The last sentence in which it was any.
    pub(super) latest: usize,
    /// Whom it accused, up to [`KEPT`] of them.
    pub(super) accused: Vec<u64>,
}

/// The parties of the claims before one.
#[derive(Debug, Clone, Default)]
pub(in crate::party) struct Cast(pub(super) Vec<Told>);

impl Cast {
    pub(in crate::party) fn clear(&mut self) {
        self.0.clear();
    }

    pub(in crate::party) fn mention(&self, at: usize) -> &Mention {
        &self.0[at].mention
    }

    /// Takes in the parties of a claim, with their keys.
    pub(in crate::party) fn note(
        &mut self,
        sentence: usize,
        deed: Deed,
        sources: &[(u64, Mention)],
        targets: &[(u64, Mention)],
    ) {
        let part = 2 * deed.column();
        for (parties, part) in [(sources, part), (targets, part + 1)] {
            for (key, mention) in parties {
                let known = self.0.iter().position(|told| told.key == *key);
                let at = known.unwrap_or_else(|| {
                    self.0.push(Told {
                        key: *key,
                        mention: mention.clone(),
                        last: [None; PARTS.len()],
                        latest: sentence,
                        accused: Vec::new(),
                    });
                    self.0.len() - 1
                });
                let told = &mut self.0[at];
                if mention.span.len() > told.mention.span.len() {
                    told.mention = mention.clone();
                }
                told.last[part] = Some(sentence);
                told.latest = sentence;
                if deed == Deed::Accuse && part == 0 {
                    told.accused.extend(targets.iter().map(|(key, _)| *key));
                    let gone = told.accused.len().saturating_sub(KEPT);
                    told.accused.drain(..gone);
                }
            }
        }
        while self.0.len() > KEPT {
            let oldest = (0..self.0.len()).min_by_key(|&at| self.0[at].latest);
            self.0.remove(oldest.unwrap_or(0));
        }
    }

    pub(super) fn add_known(&self, of: &mut Features, key: u64) {
        for told in self.0.iter().filter(|told| told.key == key) {
            for part in (0..PARTS.len()).filter(|&part| told.last[part].is_some()) {
                of.add(Template::Known, part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    #[test]
    fn those_told_longest_ago_are_forgotten() {
        let mut cast = Cast::default();
        let party = |key: u64| {
            let mention = Mention {
                span: Span::new(0, 1),
                code: None,
                role: None,
                antecedent: None,
            };
            [(key, mention)]
        };
        for sentence in 0..1_000 {
            let (one, other) = (party(0), party(sentence as u64 + 1));
            cast.note(sentence, Deed::Accuse, &one, &other);
        }
        let keys: Vec<u64> = cast.0.iter().map(|told| told.key).collect();
        let newest: Vec<u64> = (1_002 - KEPT as u64..=1_000).collect();
        assert_eq!(keys, [&[0], &newest[..]].concat());
        assert_eq!(cast.0[0].accused.len(), KEPT);
    }
}
