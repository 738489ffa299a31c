//! Tokens → the clauses of their sentence.

use std::ops::Range;

use crate::token::{Token, hash_name};

/// Words that a clause begins with.
const OPENERS: [&str; 10] = [
    "after", "although", "and", "as", "because", "but", "that", "which", "while", "who",
];

/// The fewest tokens of a clause: `he said` is none.
const FEWEST: usize = 3;

/// Parts sentences where a mark parts clauses, where a quotation begins or ends, and before words that clauses begin with.
#[derive(Debug, Clone)]
pub(crate) struct Clauses {
    openers: [u64; OPENERS.len()],
    clauses: Vec<Range<u32>>,
}

impl Default for Clauses {
    fn default() -> Self {
        Self {
            openers: OPENERS.map(hash_name),
            clauses: Vec::new(),
        }
    }
}

impl Clauses {
    /// The clauses of a sentence, as tokens; none if the sentence is one itself. What is shorter than a clause is left out.
    pub(crate) fn of(&mut self, tokens: &[Token]) -> &[Range<u32>] {
        self.clauses.clear();
        let mut start = 0;
        for at in 1..=tokens.len() {
            if at < tokens.len() && !self.begins(&tokens[at - 1], &tokens[at]) {
                continue;
            }
            if at - start >= FEWEST && at - start < tokens.len() {
                self.clauses.push(start as u32..at as u32);
            }
            start = at;
        }
        &self.clauses
    }

    fn begins(&self, before: &Token, token: &Token) -> bool {
        token.after_break || token.quoted != before.quoted || self.openers.contains(&token.form)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;
    use crate::token::{Resources, Tokenizer};

    #[test]
    fn sentences_are_parted_into_clauses() {
        let table: [(&str, &[&str]); 7] = [
            ("The minister denied the charge.", &[]),
            ("", &[]),
            ("He denied it.", &[]),
            ("The charge is false, he said.", &["The charge is false"]),
            (
                "The minister, who was in Oslo, said that the other side had lied.",
                &["who was in Oslo", "that the other side had lied"],
            ),
            (
                "He called it “a lie from end to end” and left the room.",
                &["He called it", "a lie from end to end", "and left the room"],
            ),
            (
                "It fell, because they had cut costs and the state looked away.",
                &["because they had cut costs", "and the state looked away"],
            ),
        ];
        let mut tokenizer = Tokenizer::new(Resources::shipped().into());
        let mut clauses = Clauses::default();
        for (text, expected) in table {
            let tokens = tokenizer.tokenize(text, Span::new(0, text.len()));
            let found: Vec<&str> = clauses
                .of(tokens)
                .iter()
                .map(|clause| {
                    let first = &tokens[clause.start as usize];
                    let last = &tokens[clause.end as usize - 1];
                    Span::new(first.span.start, last.span.end).of(text)
                })
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
