//! The actor table: countries, demonyms, capitals, organisations, offices, persons whose names are words, and the words that names are built with.
//!
//! A table is a CSV with the columns `name`, `kind`, `code` and `cased`. A name is one or more words, compared in
//! normalised form; `cased` holds `yes` for a name that is also an ordinary word and so must be capitalised in the
//! text (`Turkey`, `US`). A name written in capitals only is found only in capitals.

use super::hash::hash_name;
use super::lexicon::for_each_row;
use super::normalise::{Shape, normalise};
use super::phrase::PhraseTree;
use super::word;
use crate::Result;
use crate::input::line_feeds;

/// The actor table that ships with this crate.
pub const ACTORS: &str = include_str!("../../labels/actors.csv");

/// What a name in the table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A country, its people, its capital, an organisation: masked wherever it stands.
    Actor,
    /// A person whose family name is also an ordinary word: masked wherever it stands, as are the names of persons that no table has.
    Person,
    /// An office or a calling: masked as a part of the name that it stands beside.
    Title,
    /// A month or a weekday.
    Date,
    /// A noun that takes `of` inside a name: `Ministry of Defence`.
    Head,
    /// A given name that is also an ordinary word: where it opens a sentence it is one only before a name (`Mark Rutte`).
    Given,
}

/// An entry of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Actor {
    pub(crate) kind: Kind,
    /// ISO 3166-1 alpha-3 or CAMEO code; empty where there is none.
    pub(crate) code: String,
    cased: bool,
    upper: bool,
}

impl Actor {
    /// Whether the entry may be meant by words of these shapes.
    pub(crate) fn fits(&self, mut shapes: impl Iterator<Item = Shape>) -> bool {
        if self.upper {
            return shapes.all(|shape| shape == Shape::Upper);
        }
        !self.cased || shapes.next().is_some_and(|shape| shape != Shape::Lower)
    }
}

/// Actors by name.
#[derive(Debug, Clone)]
pub struct ActorTable {
    source: String,
    actors: Vec<Actor>,
    names: PhraseTree<u32>,
}

impl ActorTable {
    /// Reads a table from the text of its CSV; `name` is what errors call it.
    ///
    /// # Errors
    /// [`Error::Table`](crate::Error::Table) with the line of the first row that cannot be used.
    pub fn parse(name: &str, source: &str) -> Result<Self> {
        let rows = line_feeds(source.as_bytes()) as usize;
        let mut table = Self {
            source: source.to_owned(),
            actors: Vec::with_capacity(rows),
            names: PhraseTree::with_capacity(rows),
        };
        let columns = ["name", "kind", "code", "cased"];
        for_each_row(name, source, columns, |[name, kind, code, cased]| {
            table.insert(name, kind, code, cased)
        })?;
        Ok(table)
    }

    /// The table that ships with this crate.
    ///
    /// # Panics
    /// Never: a test reads the shipped table.
    pub fn shipped() -> Self {
        Self::parse("labels/actors.csv", ACTORS).expect("a test reads the shipped actor table")
    }

    /// The CSV that the table was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    fn insert(
        &mut self,
        name: &str,
        kind: &str,
        code: &str,
        cased: &str,
    ) -> std::result::Result<(), String> {
        let kind = match kind {
            "country" | "demonym" | "city" | "organisation" => Kind::Actor,
            "title" => Kind::Title,
            "date" => Kind::Date,
            "head" => Kind::Head,
            "person" => Kind::Person,
            "given" => Kind::Given,
            _ => return Err(format!("unknown kind `{kind}`")),
        };
        let (mut words, mut forms, mut upper) = (Vec::new(), Vec::new(), true);
        word::split(name, 0, name.len(), &mut words);
        for word in &words {
            let word = normalise(&name[word.start..word.end]);
            upper &= word.shape == Shape::Upper;
            forms.push(hash_name(&word.form));
        }
        if forms.is_empty() {
            return Err("empty name".to_owned());
        }
        let actor = Actor {
            kind,
            code: code.to_owned(),
            cased: match cased {
                "yes" => true,
                "" => false,
                _ => return Err(format!("`cased` is `{cased}`, not `yes` or empty")),
            },
            upper,
        };
        let place = self.names.entry(&forms);
        if place.is_some() {
            return Err(format!("`{name}` stands twice"));
        }
        *place = Some(self.actors.len() as u32);
        self.actors.push(actor);
        Ok(())
    }

    /// Names over normalised forms; the values index [`ActorTable::get`].
    pub(crate) fn names(&self) -> &PhraseTree<u32> {
        &self.names
    }

    pub(crate) fn get(&self, index: u32) -> &Actor {
        &self.actors[index as usize]
    }
}
