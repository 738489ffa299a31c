//! The words that parties are found by: cues (`labels/relations.csv`), and the nouns and names that tell a role
//! (`labels/roles.csv`).

use std::sync::OnceLock;

use crate::Result;
use crate::claim::Role;
use crate::token::{Filter, HashMap, for_each_row, hash_name};

const CUES: &str = include_str!("../../labels/relations.csv");
const ROLES: &str = include_str!("../../labels/roles.csv");

/// A set of the classes of `labels/relations.csv`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cues(u32);

impl Cues {
    pub(super) const ACCUSE: Self = Self(1);
    pub(super) const ALLEGE: Self = Self(1 << 1);
    pub(super) const CHARGE: Self = Self(1 << 2);
    pub(super) const DENY: Self = Self(1 << 3);
    pub(super) const DENIAL: Self = Self(1 << 4);
    pub(super) const REPORT: Self = Self(1 << 5);
    pub(super) const CLEAR: Self = Self(1 << 6);
    pub(super) const OFFER: Self = Self(1 << 7);
    pub(super) const AGREE: Self = Self(1 << 8);
    pub(super) const READY: Self = Self(1 << 9);
    pub(super) const PROPOSAL: Self = Self(1 << 10);
    pub(super) const JOINT: Self = Self(1 << 11);
    pub(super) const SAY: Self = Self(1 << 12);
    pub(super) const FALSE: Self = Self(1 << 13);
    pub(super) const BE: Self = Self(1 << 14);
    pub(super) const HAVE: Self = Self(1 << 15);
    pub(super) const WILL: Self = Self(1 << 16);
    pub(super) const PREP: Self = Self(1 << 17);
    pub(super) const AND: Self = Self(1 << 18);
    pub(super) const BUT: Self = Self(1 << 19);
    pub(super) const WHO: Self = Self(1 << 20);
    pub(super) const THAT: Self = Self(1 << 21);
    pub(super) const DET: Self = Self(1 << 22);
    pub(super) const PRONOUN: Self = Self(1 << 23);
    pub(super) const NOT: Self = Self(1 << 24);
    pub(super) const MAKE: Self = Self(1 << 25);
    pub(super) const FACE: Self = Self(1 << 26);
    pub(super) const ADVERB: Self = Self(1 << 27);
    pub(super) const EACH: Self = Self(1 << 28);
    pub(super) const AID: Self = Self(1 << 29);
    pub(super) const DEMAND: Self = Self(1 << 30);
    pub(super) const WEIGH: Self = Self(1 << 31);

    pub(super) const NAMES: [(&'static str, Self); 32] = [
        ("ACCUSE", Self::ACCUSE),
        ("ALLEGE", Self::ALLEGE),
        ("CHARGE", Self::CHARGE),
        ("DENY", Self::DENY),
        ("DENIAL", Self::DENIAL),
        ("REPORT", Self::REPORT),
        ("CLEAR", Self::CLEAR),
        ("OFFER", Self::OFFER),
        ("AGREE", Self::AGREE),
        ("READY", Self::READY),
        ("PROPOSAL", Self::PROPOSAL),
        ("JOINT", Self::JOINT),
        ("SAY", Self::SAY),
        ("FALSE", Self::FALSE),
        ("BE", Self::BE),
        ("HAVE", Self::HAVE),
        ("WILL", Self::WILL),
        ("PREP", Self::PREP),
        ("AND", Self::AND),
        ("BUT", Self::BUT),
        ("WHO", Self::WHO),
        ("THAT", Self::THAT),
        ("DET", Self::DET),
        ("PRONOUN", Self::PRONOUN),
        ("NOT", Self::NOT),
        ("MAKE", Self::MAKE),
        ("FACE", Self::FACE),
        ("ADVERB", Self::ADVERB),
        ("EACH", Self::EACH),
        ("AID", Self::AID),
        ("DEMAND", Self::DEMAND),
        ("WEIGH", Self::WEIGH),
    ];

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The classes of the set, by their numbers in [`Cues::NAMES`].
    pub(super) fn numbers(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let lowest = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (lowest < u32::BITS).then_some(lowest as usize)
        })
    }

    fn named(name: &str) -> Option<Self> {
        let (_, cue) = Self::NAMES.iter().find(|(known, _)| *known == name)?;
        Some(*cue)
    }
}

/// What a word does in the name of a party.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Noun {
    /// Nothing.
    #[default]
    No,
    /// It may stand before the noun: `senior`, `defence`.
    Modifier,
    /// A noun for a party, whose role other words tell: `spokesman`, `leader`.
    Bearer,
    /// A noun for a party that tells its role: `police`, `minister`.
    Head,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WordFacts {
    pub(super) cues: Cues,
    pub(super) noun: Noun,
    /// Whether `it` may stand for it, and no `he`: `ministry`.
    pub(super) is_thing: bool,
    /// It is a family name as well: `Baker`.
    pub(super) is_surname: bool,
}

/// What a name or a noun says of a party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) code: String,
    pub(super) role: Option<Role>,
    /// Whether it is a proper name, and not a noun.
    pub(super) is_name: bool,
}

/// The tables, by the hash of the normalised word.
#[derive(Debug)]
pub(super) struct Words {
    facts: HashMap<u64, WordFacts>,
    filter: Filter,
    standings: HashMap<String, Standing>,
    /// The longest name of `standings` that begins with a word, in words.
    longest: HashMap<String, usize>,
    /// What stands before the code of an organisation: `IGO` for `UNO`.
    types: HashMap<String, String>,
}

impl Words {
    /// The tables that ship with this crate, read once.
    ///
    /// # Panics
    /// Never: a test reads the shipped tables.
    pub(super) fn shipped() -> &'static Self {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Self::parse(CUES, ROLES).expect("a test reads the shipped tables"))
    }

    fn parse(cues: &str, roles: &str) -> Result<Self> {
        let mut words = Self {
            facts: HashMap::default(),
            filter: Filter::new(0),
            standings: HashMap::default(),
            longest: HashMap::default(),
            types: HashMap::default(),
        };
        for_each_row(
            "labels/relations.csv",
            cues,
            ["class", "word"],
            |[class, word]| {
                let cue = Cues::named(class).ok_or_else(|| format!("unknown class `{class}`"))?;
                let facts = words.facts.entry(hash_name(word)).or_default();
                facts.cues = facts.cues.or(cue);
                Ok(())
            },
        )?;
        let columns = ["name", "kind", "code", "role"];
        for_each_row("labels/roles.csv", roles, columns, |row| words.insert(row))?;
        words.filter = Filter::new(words.facts.len());
        let filter = &mut words.filter;
        #[allow(
            clippy::iter_over_hash_type,
            reason = "a filter is the same for any order"
        )]
        for hash in words.facts.keys() {
            filter.insert(*hash);
        }
        Ok(words)
    }

    fn insert(&mut self, [name, kind, code, role]: [&str; 4]) -> std::result::Result<(), String> {
        let role = match role {
            "" => None,
            role => Some(Role::of_code(role).ok_or_else(|| format!("unknown role `{role}`"))?),
        };
        let noun = match kind {
            "head" => Noun::Head,
            "bearer" => Noun::Bearer,
            "modifier" => Noun::Modifier,
            "name" => Noun::No,
            "thing" => {
                self.facts.entry(hash_name(name)).or_default().is_thing = true;
                return Ok(());
            }
            "surname" => {
                self.facts.entry(hash_name(name)).or_default().is_surname = true;
                return Ok(());
            }
            "type" => {
                self.types.insert(name.to_owned(), format!("{code}{name}"));
                return Ok(());
            }
            _ => return Err(format!("unknown kind `{kind}`")),
        };
        if noun != Noun::No && !name.contains(' ') {
            let facts = self.facts.entry(hash_name(name)).or_default();
            if facts.noun == Noun::No || noun == Noun::Head {
                facts.noun = noun;
            }
        }
        if noun == Noun::Modifier {
            return Ok(());
        }
        let first = name.split(' ').next().unwrap_or(name).to_lowercase();
        let longest = self.longest.entry(first).or_default();
        *longest = (*longest).max(name.split(' ').count());
        let standing = Standing {
            code: code.to_owned(),
            role,
            is_name: kind == "name",
        };
        self.standings
            .entry(name.to_lowercase())
            .or_insert(standing);
        Ok(())
    }

    /// What is known of the word with this hash.
    pub(super) fn facts(&self, form: u64) -> WordFacts {
        if !self.filter.may_contain(form) {
            return WordFacts::default();
        }
        self.facts.get(&form).copied().unwrap_or_default()
    }

    /// What is known of a word as it is written.
    pub(super) fn facts_of(&self, word: &str) -> WordFacts {
        self.facts(hash_name(&word.to_lowercase()))
    }

    /// What a name or a noun, in lower case, says of a party.
    pub(super) fn standing(&self, name: &str) -> Option<&Standing> {
        self.standings.get(name)
    }

    /// The longest name or noun of the table that begins with a word, in words; 0 where none does.
    pub(super) fn longest(&self, first: &str) -> usize {
        self.longest.get(first).copied().unwrap_or_default()
    }

    /// The code of an organisation with its type before it, as CAMEO has it: `IGOUNO`; any other code as it is.
    pub(super) fn typed<'a>(&'a self, code: &'a str) -> &'a str {
        self.types.get(code).map_or(code, String::as_str)
    }
}
