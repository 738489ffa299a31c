//! The words that attribute (`say`, `criticise`, `claim that`, `afraid of`), each with what it takes.
//!
//! A table is a CSV with the columns `word`, `kind`, `takes` and `past`. `kind` is `verb`, `noun` or `adjective`; `takes` holds
//! the ways in which what is attributed may follow, parted by spaces (see [`Takes`]); `past` the past tense and the past
//! participle of a verb, where they are not made with a plain `-ed`, and a present participle that is not made by the rules.

use crate::Result;
use crate::token::{HashMap, for_each_row, hash_name};

/// The table that ships with this crate.
pub const CUES: &str = include_str!("../../labels/cues.csv");

/// The ways in which what is attributed may follow a cue: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Takes(u32);

impl Takes {
    /// The names of the ways in a table, in the order of their bits.
    const NAMES: [&'static str; 18] = [
        "clause",
        "quote",
        "infinitive",
        "object",
        "person",
        "about",
        "of",
        "for",
        "on",
        "to",
        "against",
        "with",
        "in",
        "at",
        "over",
        "out",
        "up",
        "by",
    ];

    /// A clause, with or without `that`; a question (`asked whether`).
    pub(super) const CLAUSE: Self = Self(1);
    /// It may follow or interrupt what it attributes: `…, he said`.
    pub(super) const QUOTE: Self = Self(1 << 1);
    /// `plans to leave`
    pub(super) const INFINITIVE: Self = Self(1 << 2);
    /// `criticised the plan`
    pub(super) const OBJECT: Self = Self(1 << 3);
    /// Somebody who is spoken to stands between: `told reporters that`.
    pub(super) const PERSON: Self = Self(1 << 4);
    /// `warned of`
    pub(super) const OF: Self = Self(1 << 6);
    /// `pointed out that`, `laid out the plan`
    pub(super) const OUT: Self = Self(1 << 15);
    /// `brought up the plan`
    pub(super) const UP: Self = Self(1 << 16);

    /// What verbs of saying and thinking take.
    pub(super) const SPEECH: Self = Self::CLAUSE.and(Self::QUOTE);

    /// The way that a preposition stands for; none where no cue takes it.
    pub(super) fn of_preposition(form: &str) -> Self {
        let prepositions = Self::NAMES.iter().enumerate().skip(5);
        let mut named = prepositions.filter(|(_, name)| **name == form);
        named
            .next()
            .map_or(Self::default(), |(bit, _)| Self(1 << bit))
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// This set less another.
    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn parse(names: &str) -> std::result::Result<Self, String> {
        names
            .split_whitespace()
            .try_fold(Self::default(), |set, name| {
                let bit = Self::NAMES.iter().position(|known| *known == name);
                bit.map(|bit| set.and(Self(1 << bit)))
                    .ok_or_else(|| format!("unknown way `{name}`"))
            })
    }
}

/// The forms that a spelling may be of a verb: a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Form(u8);

impl Form {
    pub(super) const BASE: Self = Self(1);
    pub(super) const S: Self = Self(2);
    pub(super) const PAST: Self = Self(4);
    pub(super) const PARTICIPLE: Self = Self(8);
    pub(super) const ING: Self = Self(16);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What is known of a spelling as a cue; all empty for a word that is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cue {
    pub(super) verb: Takes,
    pub(super) noun: Takes,
    pub(super) adjective: Takes,
    /// Which forms of the verb it may be.
    pub(super) form: Form,
}

impl Cue {
    pub(super) fn is_empty(self) -> bool {
        self.verb.is_empty() && self.noun.is_empty() && self.adjective.is_empty()
    }
}

/// Cues by the hash of their normalised form.
#[derive(Debug, Clone)]
pub struct CueTable {
    forms: HashMap<u64, Cue>,
}

impl CueTable {
    /// Reads a table from the text of its CSV; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Table`](crate::Error::Table) with the line of the first row that cannot be used.
    pub fn parse(name: &str, source: &str) -> Result<Self> {
        let mut table = Self {
            forms: HashMap::default(),
        };
        let columns = ["word", "kind", "takes", "past"];
        for_each_row(name, source, columns, |[word, kind, takes, past]| {
            table.insert(word, kind, takes, past)
        })?;
        Ok(table)
    }

    /// The table that ships with this crate.
    ///
    /// # Panics
    /// Never: a test reads the shipped table.
    pub fn shipped() -> Self {
        Self::parse("labels/cues.csv", CUES).expect("a test reads the shipped cues")
    }

    /// What is known of a normalised spelling.
    pub(super) fn get(&self, form: &str) -> Cue {
        let found = self.forms.get(&hash_name(form));
        found.copied().unwrap_or_default()
    }

    fn insert(
        &mut self,
        word: &str,
        kind: &str,
        takes: &str,
        past: &str,
    ) -> std::result::Result<(), String> {
        if word.is_empty() {
            return Err("empty word".to_owned());
        }
        let takes = Takes::parse(takes)?;
        if takes.is_empty() {
            return Err(format!("`{word}` takes nothing"));
        }
        match kind {
            "verb" => {
                for (form, spelling) in verb_forms(word, past) {
                    let cue = self.entry(&spelling);
                    cue.verb = cue.verb.and(takes);
                    cue.form = cue.form.union(form);
                }
            }
            "noun" => {
                for spelling in [word.to_owned(), with_s(word)] {
                    let cue = self.entry(&spelling);
                    cue.noun = cue.noun.and(takes);
                }
            }
            "adjective" => {
                let cue = self.entry(word);
                cue.adjective = cue.adjective.and(takes);
            }
            _ => return Err(format!("unknown kind `{kind}`")),
        }
        Ok(())
    }

    fn entry(&mut self, spelling: &str) -> &mut Cue {
        self.forms.entry(hash_name(spelling)).or_default()
    }
}

/// The spellings of a verb with the forms that they are.
fn verb_forms(base: &str, past: &str) -> Vec<(Form, String)> {
    let mut forms = vec![(Form::BASE, base.to_owned()), (Form::S, with_s(base))];
    let irregular = |word: &&str| !word.ends_with("ing") || *word == base;
    let mut given = past.split_whitespace().filter(irregular);
    let tense = given.next().map_or_else(|| with_ed(base), str::to_owned);
    match given.next() {
        Some(participle) => {
            forms.push((Form::PARTICIPLE, participle.to_owned()));
            forms.push((Form::PAST, tense.clone()));
        }
        None => forms.push((Form::PAST.union(Form::PARTICIPLE), tense.clone())),
    }
    let ing = past.split_whitespace().find(|word| word.ends_with("ing"));
    forms.push((
        Form::ING,
        ing.map_or_else(|| with_ing(base, &tense), str::to_owned),
    ));
    forms
}

fn ends_in_consonant_and_y(word: &str) -> bool {
    word.ends_with('y') && !word.ends_with(['a', 'e', 'o', 'u']) && {
        let before = word.as_bytes()[word.len().saturating_sub(2)];
        !b"aeou".contains(&before)
    }
}

fn with_s(word: &str) -> String {
    if ends_in_consonant_and_y(word) {
        return format!("{}ies", &word[..word.len() - 1]);
    }
    let hisses = ["s", "x", "z", "ch", "sh"];
    let ending = if hisses.iter().any(|end| word.ends_with(end)) || word == "go" {
        "es"
    } else {
        "s"
    };
    format!("{word}{ending}")
}

fn with_ed(word: &str) -> String {
    if ends_in_consonant_and_y(word) {
        format!("{}ied", &word[..word.len() - 1])
    } else if word.ends_with('e') {
        format!("{word}d")
    } else {
        format!("{word}ed")
    }
}

/// `planning` by `planned`: the last consonant is doubled where the past tense doubles it.
fn with_ing(word: &str, tense: &str) -> String {
    let doubled = tense.strip_suffix("ed").filter(|stem| {
        stem.len() == word.len() + 1 && stem.starts_with(word) && !word.ends_with('e')
    });
    if let Some(stem) = doubled {
        return format!("{stem}ing");
    }
    match word.strip_suffix('e') {
        Some(stem) if stem.ends_with('i') => format!("{}ying", &stem[..stem.len() - 1]),
        Some(stem) if stem.len() > 1 && !stem.ends_with(['e', 'o', 'y']) => format!("{stem}ing"),
        _ => format!("{word}ing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_cues_are_read() {
        let cues = CueTable::shipped();
        assert!(cues.get("said").verb.has(Takes::QUOTE));
        assert!(cues.get("harbour").is_empty());
    }

    #[test]
    fn verbs_have_their_forms() {
        let forms = |base: &str, past: &str| -> Vec<String> {
            let forms = verb_forms(base, past);
            forms.into_iter().map(|(_, spelling)| spelling).collect()
        };
        assert_eq!(forms("say", "said"), ["say", "says", "said", "saying"]);
        assert_eq!(forms("deny", ""), ["deny", "denies", "denied", "denying"]);
        assert_eq!(
            forms("write", "wrote written"),
            ["write", "writes", "written", "wrote", "writing"]
        );
        assert_eq!(
            forms("slam", "slammed"),
            ["slam", "slams", "slammed", "slamming"]
        );
        assert_eq!(
            forms("agree", ""),
            ["agree", "agrees", "agreed", "agreeing"]
        );
        assert_eq!(forms("lie", ""), ["lie", "lies", "lied", "lying"]);
    }

    #[test]
    fn rows_that_cannot_be_used_are_errors() {
        let error = |row: &str| {
            let table = format!("word,kind,takes,past\n{row}\n");
            CueTable::parse("cues.csv", &table).unwrap_err().to_string()
        };
        assert!(error("say,verb,claus,said").contains("unknown way `claus`"));
        assert!(error("say,adverb,clause,").contains("unknown kind `adverb`"));
        assert!(error("say,verb,,said").contains("takes nothing"));
        assert!(error(",verb,clause,").contains("empty word"));
    }
}
