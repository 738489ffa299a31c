//! Joins the words of names into one token each, and marks phrases of the lexicon.

use super::actor::Kind;
use super::{ClassSet, Gap, Masks, Meaning, RawWord, Resources, Shape, Token, TokenKind, Words};
use crate::Span;

/// Words that go together: a name of the actor table, or a single word.
#[derive(Debug, Clone, Copy)]
struct Unit {
    words: usize,
    role: Role,
    /// The entry of the table; none for a person.
    actor: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Name,
    Title,
    Date,
    Number,
    Plain,
}

/// Appends the tokens of one sentence to `tokens`, which is cleared first.
pub(super) fn tokens(
    resources: &Resources,
    masks: &Masks<Meaning>,
    text: &str,
    raw: &[RawWord],
    words: Words<'_>,
    tokens: &mut Vec<Token>,
) {
    tokens.clear();
    let sentence = Sentence {
        resources,
        text,
        raw,
        words,
        cased: is_cased(words),
    };
    let mut quoted = false;
    let mut at = 0;
    while at < words.len() {
        let gap = raw[at].gap;
        quoted = (quoted && !gap.has(Gap::CLOSE)) || gap.has(Gap::OPEN);
        let (role, actor, end) = sentence.token_at(at);
        let kind = match role {
            Role::Name => TokenKind::Actor,
            Role::Date => TokenKind::Date,
            Role::Number => TokenKind::Number,
            Role::Title | Role::Plain => TokenKind::Word,
        };
        tokens.push(Token {
            span: Span::new(raw[at].start, raw[end - 1].end),
            kind,
            quoted,
            after_break: gap.has(Gap::BREAK),
            form: words[at].form,
            meaning: match kind {
                TokenKind::Word => Meaning {
                    classes: sentence.classes_at(at),
                    ..words[at].meaning
                },
                TokenKind::Actor => masks.actor.ending(words[at].meaning.ending),
                TokenKind::Number => masks.number.ending(words[at].meaning.ending),
                TokenKind::Date => masks.date.ending(words[at].meaning.ending),
            },
            actor,
        });
        at = end;
    }
}

/// Whether capitals tell names from other words: not so in a headline that capitalises every word, nor in one that is
/// all in capitals.
fn is_cased(words: Words<'_>) -> bool {
    let written = words
        .from(1)
        .filter(|word| word.shape != Shape::Number && word.name.is_none());
    let (mut capitals, mut all) = (0, 0);
    for word in written {
        all += 1;
        capitals += usize::from(word.shape != Shape::Lower);
    }
    all < 4 || capitals * 10 < all * 6
}

struct Sentence<'a> {
    resources: &'a Resources,
    text: &'a str,
    raw: &'a [RawWord],
    words: Words<'a>,
    cased: bool,
}

impl Sentence<'_> {
    /// The role, the table entry and the end of the token that starts with word `at`.
    fn token_at(&self, at: usize) -> (Role, Option<u32>, usize) {
        // Most words: in lower case, and no name begins with them.
        let word = &self.words[at];
        if word.shape == Shape::Lower && word.name.is_none() {
            return (Role::Plain, None, at + 1);
        }
        let first = self.unit_at(at);
        if !matches!(first.role, Role::Name | Role::Title) {
            return (first.role, first.actor, at + first.words);
        }
        let mut end = at + first.words;
        let mut named = first.role == Role::Name;
        let mut actor = first.actor.filter(|_| named);
        // Where the run ends if the titles after its last name turn out to stand alone.
        while let Some((unit, start)) = self.continues(end) {
            end = start + unit.words;
            if unit.role == Role::Name {
                named = true;
                actor = actor.or(unit.actor);
            }
        }
        if named {
            (Role::Name, actor, end)
        } else {
            (Role::Plain, None, at + 1)
        }
    }

    /// The unit that carries on a name which ends before word `end`, with the word that it starts at.
    fn continues(&self, end: usize) -> Option<(Unit, usize)> {
        if end >= self.words.len() || self.words[end - 1].possessive || !self.joins(end) {
            return None;
        }
        let unit = self.unit_at(end);
        if matches!(unit.role, Role::Name | Role::Title) {
            return Some((unit, end));
        }
        // `Ministry of Defence`: only after a noun that takes `of` in names.
        let of = end + 1 < self.words.len() && self.is_head(end - 1) && self.joins(end + 1);
        let connects = &self.text[self.raw[end].start..self.raw[end].end] == "of";
        if !(of && connects) {
            return None;
        }
        let unit = self.unit_at(end + 1);
        (unit.role == Role::Name).then_some((unit, end + 1))
    }

    /// Whether nothing parts word `at` from the word before it.
    fn joins(&self, at: usize) -> bool {
        let gap = self.raw[at].gap;
        !(gap.has(Gap::BREAK) || gap.has(Gap::OPEN) || gap.has(Gap::CLOSE) || gap.has(Gap::STOP))
    }

    fn unit_at(&self, at: usize) -> Unit {
        let word = &self.words[at];
        if let Some(unit) = self.table_unit_at(at) {
            return unit;
        }
        let role = match word.shape {
            Shape::Number => Role::Number,
            Shape::Capitalised | Shape::Upper if self.is_name(at) => Role::Name,
            _ => Role::Plain,
        };
        Unit {
            words: 1,
            role,
            actor: None,
        }
    }

    /// The longest entry of the table that fits the words from `at` on.
    fn table_unit_at(&self, at: usize) -> Option<Unit> {
        let name = self.words[at].name?;
        let forms = (at + 1..self.words.len())
            .take_while(|&i| self.joins(i))
            .map(|i| self.words[i].form);
        let (words, &index) = self
            .resources
            .actors
            .names()
            .matches(name, forms)
            .filter(|&(words, &index)| {
                let shapes = self.words.from(at).take(words).map(|word| word.shape);
                self.resources.actors.get(index).fits(shapes)
            })
            .last()?;
        let kind = self.resources.actors.get(index).kind;
        let role = match kind {
            Kind::Actor | Kind::Person => Role::Name,
            Kind::Given if self.is_name(at) => Role::Name,
            Kind::Given | Kind::Title => Role::Title,
            Kind::Date => Role::Date,
            Kind::Head => return None,
        };
        Some(Unit {
            words,
            role,
            actor: Some(index).filter(|_| !matches!(kind, Kind::Person | Kind::Given)),
        })
    }

    /// Whether the capitalised word at `at` is a name.
    fn is_name(&self, at: usize) -> bool {
        let word = &self.words[at];
        if self.raw[at].end - self.raw[at].start == 1 && word.known {
            return false; // I, A
        }
        let gap = self.raw[at].gap;
        let opens = at == 0 || gap.has(Gap::STOP) || gap.has(Gap::DOT) || gap.has(Gap::OPEN);
        (self.cased && !opens) || !word.known
    }

    fn is_head(&self, at: usize) -> bool {
        let Some(name) = self.words[at].name else {
            return false;
        };
        let mut alone = self
            .resources
            .actors
            .names()
            .matches(name, std::iter::empty());
        alone.any(|(_, &index)| self.resources.actors.get(index).kind == Kind::Head)
    }

    /// The classes of the word at `at` and of the phrases that start with it.
    fn classes_at(&self, at: usize) -> ClassSet {
        let word = &self.words[at];
        let Some(phrase) = word.phrase else {
            return word.meaning.classes;
        };
        let stems = self.words.from(at + 1).map(|word| word.meaning.stem);
        let phrases = self.resources.lexicon.phrases().matches(phrase, stems);
        phrases.fold(word.meaning.classes, |classes, (_, &phrase)| {
            classes.union(phrase)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::token::{ActorTable, Resources, Tokenizer};
    use crate::{Lexicon, Span};

    #[test]
    fn names_are_masked() {
        let known = ["mark", "trump", "offic", "the", "day"];
        let resources = Resources::new(Lexicon::shipped(), ActorTable::shipped(), known);
        let mut tokenizer = Tokenizer::new(resources.into());
        for (text, masked) in [
            (
                "Officials in Kyiv met him on Monday",
                "offici in ACTOR met him on DATE",
            ),
            ("Orhan Dal met 12 men", "ACTOR met NUM men"),
            ("The office of President Dal", "the offic of ACTOR"),
            ("They met the president", "they met the presid"),
            ("The Ministry of Defence lied", "the ACTOR lie"),
            // Names that are words, where a sentence opens with them.
            ("Trump denied it", "ACTOR deni it"),
            ("They trump him", "they trump him"),
            ("Mark Rutte denied it", "ACTOR deni it"),
            ("Mark the day", "mark the day"),
            ("He told Mark the day", "he told ACTOR the day"),
        ] {
            tokenizer.tokenize(text, Span::new(0, text.len()));
            let names: Vec<String> = (tokenizer.tokens().iter())
                .map(|token| tokenizer.name(text, token))
                .collect();
            assert_eq!(names.join(" "), masked, "{text}");
        }
    }
}
