//! A claim → what it is about: the stems of its words and names with their weights, and the codes of its actors.

use std::sync::Arc;

use super::StatedClaim;
use crate::token::{ClassSet, Token, TokenKind, Tokenizer, hash_name};
use crate::{Model, Span};

/// A stem of a word or of a part of a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Term {
    pub(super) stem: u64,
    /// Its inverse document frequency among the sentences that the model was trained on.
    pub(super) idf: f32,
    /// Whether it stands in a name.
    pub(super) is_name: bool,
}

/// What a claim is about.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Terms {
    /// By stem, each once.
    pub(super) stems: Vec<Term>,
    /// The hashes of the codes of its actors, in the order of the hashes, each once.
    pub(super) codes: Vec<u64>,
    /// The party that claims: the source, else the speaker, else the first actor named.
    pub(super) source: Party,
    /// The party that it is said of, where the claim says.
    pub(super) target: Party,
}

/// The stems of a name, and the hash of its code.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Party {
    pub(super) stems: Vec<u64>,
    pub(super) code: Option<u64>,
}

impl Party {
    /// Whether the party is named in a claim, by a part of its name or by its code.
    pub(super) fn is_in(&self, claim: &Terms) -> bool {
        self.stems.iter().any(|stem| claim.has_name(*stem))
            || self.code.is_some_and(|code| claim.codes.contains(&code))
    }

    /// Whether two names can mean the same party.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.stems.iter().any(|stem| other.stems.contains(stem))
            || (self.code.is_some() && self.code == other.code)
    }
}

impl Terms {
    fn has_name(&self, stem: u64) -> bool {
        self.stems
            .binary_search_by_key(&stem, |term| term.stem)
            .is_ok_and(|at| self.stems[at].is_name)
    }
}

/// Words that stand in more than one training sentence of thirty tell nothing of what a claim is about.
const LEAST_IDF: f32 = 4.4;
/// The weight of a word that the model does not know: somewhat above the rarest that it knows.
const UNKNOWN_IDF: f32 = 9.5;
/// Words of claiming: they tell that something is claimed, not what.
const CLAIMING: [&str; 6] = ["SAY", "DENY", "REJECT", "ACCUSE", "CLAIM", "COMMENT"];

/// Reads claims, with the tables of a model.
pub(super) struct TermReader {
    model: Arc<Model>,
    tokenizer: Tokenizer,
    claiming: ClassSet,
}

impl TermReader {
    pub(super) fn new(model: Arc<Model>) -> Self {
        let lexicon = &model.resources().lexicon;
        Self {
            tokenizer: Tokenizer::new(Arc::clone(model.resources())),
            claiming: CLAIMING.iter().fold(ClassSet::default(), |set, name| {
                set.union(lexicon.class(name))
            }),
            model,
        }
    }

    pub(super) fn read(&mut self, claim: &StatedClaim) -> Terms {
        let mut terms = self.read_text(&claim.text);
        let party = claim.source.as_ref().or(claim.speaker.as_ref());
        if let Some(party) = party {
            terms.source = self.party(&party.text, party.code.as_deref());
        }
        if let Some(target) = &claim.target {
            terms.target = self.party(&target.text, target.code.as_deref());
        }
        terms
    }

    /// The terms of a text; the source is the first actor in it.
    pub(super) fn read_text(&mut self, text: &str) -> Terms {
        let tokens = self
            .tokenizer
            .tokenize(text, Span::new(0, text.len()))
            .to_vec();
        let mut read = Terms::default();
        for token in &tokens {
            match token.kind {
                TokenKind::Date => {}
                TokenKind::Actor => {
                    let party = self.actor(text, token);
                    read.codes.extend(party.code);
                    if read.source == Party::default() {
                        read.source = party;
                    }
                    self.add(&mut read, text, token, true);
                }
                TokenKind::Word if token.meaning.classes.intersects(self.claiming) => {}
                TokenKind::Word | TokenKind::Number => self.add(&mut read, text, token, false),
            }
        }
        // Of a stem that stands both in a name and outside, the name is kept.
        read.stems.sort_by_key(|term| (term.stem, !term.is_name));
        read.stems.dedup_by_key(|term| term.stem);
        read.codes.sort_unstable();
        read.codes.dedup();
        read
    }

    fn add(&self, read: &mut Terms, text: &str, token: &Token, is_name: bool) {
        for stem in self.tokenizer.stems(text, token) {
            let idf = self.idf(&stem);
            if idf >= LEAST_IDF {
                read.stems.push(Term {
                    stem: hash_name(&stem),
                    idf,
                    is_name,
                });
            }
        }
    }

    fn idf(&self, stem: &str) -> f32 {
        if stem.chars().nth(1).is_none() {
            return 0.0; // initials, single digits
        }
        let known = self.model.vectorizer().idf_of(stem);
        known.unwrap_or(UNKNOWN_IDF)
    }

    fn actor(&self, text: &str, token: &Token) -> Party {
        let stems = self.tokenizer.stems(text, token);
        Party {
            stems: stems
                .filter(|stem| self.idf(stem) >= LEAST_IDF)
                .map(|stem| hash_name(&stem))
                .collect(),
            code: self.tokenizer.actor_code(token).map(hash_name),
        }
    }

    /// A party from its name as a claim has it.
    fn party(&mut self, name: &str, code: Option<&str>) -> Party {
        let read = self.read_text(name);
        Party {
            stems: read.stems.iter().map(|term| term.stem).collect(),
            code: code
                .filter(|code| !code.is_empty())
                .map(hash_name)
                .or(read.codes.first().copied()),
        }
    }
}
