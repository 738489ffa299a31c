//! Who claims, and about whom: read off the order of actors and lexicon classes in one sentence.
//!
//! Nothing is guessed from other sentences, and a party that the sentence does not name stays unknown.

use crate::Span;
use crate::claim::Mention;
use crate::token::{ClassSet, Lexicon, Token, TokenKind, Tokenizer};

/// The parties of one sentence.
#[derive(Debug, Default)]
pub(crate) struct Parties {
    pub(crate) source: Option<Mention>,
    pub(crate) target: Option<Mention>,
}

/// Finds parties by the classes of a lexicon.
#[derive(Debug, Clone)]
pub(crate) struct PartyFinder {
    claim_verbs: ClassSet,
    nouns: ClassSet,
}

impl PartyFinder {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let classes = |names: &[&str]| {
            names.iter().fold(ClassSet::default(), |set, name| {
                set.union(lexicon.class(name))
            })
        };
        Self {
            claim_verbs: classes(&[
                "ACCUSE",
                "DENY",
                "REJECT",
                "CRITICISE",
                "OFFER",
                "READY",
                "AGREE",
            ]),
            nouns: classes(&["CLAIM"]),
        }
    }

    /// The parties of a sentence that carries a label.
    pub(crate) fn find(&self, tokenizer: &Tokenizer, text: &str, tokens: &[Token]) -> Parties {
        let mention = |at: usize| Mention {
            span: without_possessive(tokens[at].span, text),
            code: tokenizer.actor_code(&tokens[at]).map(str::to_owned),
        };
        let (source, target) = match tokens
            .iter()
            .position(|token| token.classes.intersects(self.claim_verbs))
        {
            Some(verb) => self.around(text, tokens, verb),
            None => (None, None),
        };
        Parties {
            source: source.map(mention),
            target: target.filter(|target| Some(*target) != source).map(mention),
        }
    }

    /// Source and target around the verb of a claim; `by` after it turns them round.
    fn around(&self, text: &str, tokens: &[Token], verb: usize) -> (Option<usize>, Option<usize>) {
        let before = (0..verb).rev().find(|&at| is_actor(&tokens[at]));
        let after = (verb + 1..tokens.len()).find(|&at| is_actor(&tokens[at]));
        let word = |at: usize| tokens.get(at).map_or("", |token| token.span.of(text));
        let passive = word(verb + 1).eq_ignore_ascii_case("by");
        // `dismissed reports that Tehran ...`: what follows the claim that is dismissed is its content, not its author.
        let content = after.is_some_and(|after| {
            tokens[verb..after]
                .iter()
                .any(|token| token.classes.intersects(self.nouns))
        });
        match (passive, content) {
            (true, _) => (after, before),
            (false, true) => (before, None),
            (false, false) => (before, after),
        }
    }
}

/// `Pompeo` for `Pompeo's`.
fn without_possessive(span: Span, text: &str) -> Span {
    let name = span.of(text);
    let bare = ["'s", "’s", "'", "’"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name);
    Span::new(span.start, span.start + bare.len())
}

fn is_actor(token: &Token) -> bool {
    token.kind == TokenKind::Actor
}
