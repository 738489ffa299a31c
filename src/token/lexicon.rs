//! Lexicon classes: words that do the same work in a claim (`ACCUSE`, `DENY`, `TALK`, ...).
//!
//! A lexicon is a CSV with the columns `class` and `term`. A term is one or more words, found by their stems;
//! `=word` is found only in exactly that (normalised) form. Classes keep the order of their first row; where
//! one class must stand for a word, the first wins.

use foldhash::fast::FixedState;

use super::hash::{HashMap, hash_name};
use super::normalise::normalise;
use super::phrase::PhraseTree;
use super::stem::Stemmer;
use crate::input::line_feeds;
use crate::{Error, Result};

/// The lexicon that ships with this crate.
pub const LEXICON: &str = include_str!("../../labels/lexicon.csv");

/// The classes of a word: a set of columns of [`Lexicon::classes`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ClassSet(u64);

impl ClassSet {
    pub(crate) const LIMIT: usize = 64;

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn insert(&mut self, class: usize) {
        self.0 |= 1 << class;
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The class that comes first in the lexicon.
    pub(crate) fn first(self) -> Option<usize> {
        (!self.is_empty()).then(|| self.0.trailing_zeros() as usize)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let class = Self(rest).first()?;
            rest &= rest - 1;
            Some(class)
        })
    }
}

/// Words and phrases by class.
#[derive(Debug, Clone)]
pub struct Lexicon {
    source: String,
    classes: Vec<String>,
    stems: HashMap<u64, ClassSet>,
    forms: HashMap<u64, ClassSet>,
    phrases: PhraseTree<ClassSet>,
}

impl Lexicon {
    /// Reads a lexicon from the text of its CSV; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Table`] with the line of the first row that has not two fields, has an empty one, or names a 65th class.
    pub fn parse(name: &str, source: &str) -> Result<Self> {
        let rows = line_feeds(source.as_bytes()) as usize;
        let mut lexicon = Self {
            source: source.to_owned(),
            classes: Vec::new(),
            stems: HashMap::default(),
            forms: HashMap::default(),
            phrases: PhraseTree::with_capacity(rows),
        };
        let mut stems = StemMemo::with_capacity(rows);
        for_each_row(name, source, ["class", "term"], |[class, term]| {
            lexicon.insert(&mut stems, class, term)
        })?;
        Ok(lexicon)
    }

    /// The lexicon that ships with this crate.
    ///
    /// # Panics
    /// Never: a test reads the shipped lexicon.
    pub fn shipped() -> Self {
        Self::parse("labels/lexicon.csv", LEXICON).expect("a test reads the shipped lexicon")
    }

    /// The CSV that the lexicon was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names of the classes, in the order of their first row.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    fn insert(
        &mut self,
        stems: &mut StemMemo,
        class: &str,
        term: &str,
    ) -> std::result::Result<(), String> {
        if class.is_empty() || !class.bytes().all(|b| b.is_ascii_uppercase() || b == b'_') {
            return Err(format!("class `{class}` is not in capitals"));
        }
        let class = match self.classes.iter().position(|known| known == class) {
            Some(known) => known,
            None if self.classes.len() == ClassSet::LIMIT => {
                return Err("more than 64 classes".to_owned());
            }
            None => {
                self.classes.push(class.to_owned());
                self.classes.len() - 1
            }
        };
        let mut words = term.split_whitespace();
        let set = match (words.next(), words.next()) {
            (None, _) => return Err("empty term".to_owned()),
            (Some(word), None) => match normalise(word).form.strip_prefix('=') {
                Some(form) => self.forms.entry(hash_name(form)).or_default(),
                None => self.stems.entry(stems.stem(word)).or_default(),
            },
            _ => {
                let words: Vec<u64> = term.split_whitespace().map(|w| stems.stem(w)).collect();
                self.phrases.entry(&words).get_or_insert_default()
            }
        };
        set.insert(class);
        Ok(())
    }

    /// The classes of a single word.
    pub(crate) fn classes_of(&self, form: u64, stem: u64) -> ClassSet {
        let by_form = self.forms.get(&form).copied().unwrap_or_default();
        by_form.union(self.stems.get(&stem).copied().unwrap_or_default())
    }

    /// Phrases over stems.
    pub(crate) fn phrases(&self) -> &PhraseTree<ClassSet> {
        &self.phrases
    }

    /// The class with this name, as a set; empty when the lexicon has none.
    pub(crate) fn class(&self, name: &str) -> ClassSet {
        let mut set = ClassSet::default();
        if let Some(class) = self.classes.iter().position(|known| known == name) {
            set.insert(class);
        }
        set
    }
}

/// Hashes of stems, by those of the words as they are written: the words of a lexicon come again and again.
struct StemMemo {
    stemmer: Stemmer,
    hashes: HashMap<u64, u64>,
}

impl StemMemo {
    fn with_capacity(words: usize) -> Self {
        Self {
            stemmer: Stemmer::new(),
            hashes: HashMap::with_capacity_and_hasher(words, FixedState::default()),
        }
    }

    fn stem(&mut self, word: &str) -> u64 {
        let stemmer = &self.stemmer;
        let hash = || hash_name(&stemmer.stem(&normalise(word).form));
        *self.hashes.entry(hash_name(word)).or_insert_with(hash)
    }
}

/// Hands the rows of a table with exactly these columns to `insert`, trimmed.
///
/// # Errors
/// [`Error::Table`] with the line of the first row that cannot be read, or that `insert` refuses.
pub(crate) fn for_each_row<const N: usize>(
    name: &str,
    source: &str,
    columns: [&str; N],
    mut insert: impl FnMut([&str; N]) -> std::result::Result<(), String>,
) -> Result<()> {
    let problem = |line, problem: String| Error::Table {
        table: name.to_owned(),
        line,
        problem,
    };
    let mut reader = csv::Reader::from_reader(source.as_bytes());
    let header = reader.headers().map_err(|e| problem(1, e.to_string()))?;
    if *header != columns[..] {
        return Err(problem(
            1,
            format!("the header must be `{}`", columns.join(",")),
        ));
    }
    let mut record = csv::StringRecord::new();
    while reader
        .read_record(&mut record)
        .map_err(|e| problem(e.position().map_or(0, csv::Position::line), e.to_string()))?
    {
        insert(std::array::from_fn(|column| record[column].trim()))
            .map_err(|e| problem(record.position().map_or(0, csv::Position::line), e))?;
    }
    Ok(())
}
