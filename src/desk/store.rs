//! The file of a desk: articles, their sentences, and every label that anybody gave, in `SQLite`.
//!
//! Nothing is overwritten: a coding is a row, a later one of the same person on the same sentence counts instead of it, and undoing
//! marks it as undone. Each is on the disk before it is answered for.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Error, LabelSet, Labels, NONE, Result};

/// The layout of the file, raised with every change of it.
const VERSION: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    CREATE TABLE article (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, title TEXT) STRICT;
    CREATE TABLE sentence (
        id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES article, name TEXT NOT NULL UNIQUE,
        lead TEXT NOT NULL, text TEXT NOT NULL, rule TEXT) STRICT;
    CREATE TABLE coding (
        id INTEGER PRIMARY KEY, sentence INTEGER NOT NULL REFERENCES sentence, annotator TEXT NOT NULL,
        labels TEXT NOT NULL, rule TEXT, ruling INTEGER NOT NULL, imported INTEGER NOT NULL,
        at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ')), undone INTEGER NOT NULL DEFAULT 0) STRICT;
    CREATE INDEX coding_of_sentence ON coding (sentence);
    CREATE INDEX coding_of_annotator ON coding (annotator, id);
";

/// A desk's file, open.
pub(super) struct Store {
    path: PathBuf,
    db: Connection,
    labels: Labels,
}

/// A sentence as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskSentence {
    /// What it is called in the file, and in exports.
    pub(super) row: i64,
    /// The record that it comes from.
    pub name: String,
    /// Its article, by place in the desk.
    pub article: usize,
    /// What stands between it and the sentence before it.
    pub lead: String,
    /// The sentence.
    pub text: String,
    /// The rule of the codebook that the data say it falls under.
    pub rule: Option<String>,
}

/// An article as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskArticle {
    /// Its id, or the group of its sentences.
    pub name: String,
    /// Its headline.
    pub title: Option<String>,
}

/// What somebody says of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coding {
    /// Who.
    pub annotator: String,
    /// The labels.
    pub labels: LabelSet,
    /// The rule of the codebook that decided.
    pub rule: Option<String>,
    /// Whether it rules on what others said.
    pub ruling: bool,
    /// When, in UTC.
    pub at: String,
}

/// An article to be added.
#[derive(Debug, Clone, Default)]
pub struct NewArticle {
    /// Its id, or the group of its sentences.
    pub name: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its sentences, in order.
    pub sentences: Vec<NewSentence>,
}

/// A sentence to be added.
#[derive(Debug, Clone, Default)]
pub struct NewSentence {
    /// A name that no other sentence of the desk has.
    pub name: String,
    /// What stands between it and the sentence before it.
    pub lead: String,
    /// The sentence.
    pub text: String,
    /// The rule of the codebook that it falls under.
    pub rule: Option<String>,
    /// Who has labelled it, and how.
    pub codings: Vec<NewCoding>,
}

/// What somebody has said of a sentence that is added.
#[derive(Debug, Clone, Default)]
pub struct NewCoding {
    /// Who.
    pub annotator: String,
    /// The labels.
    pub labels: LabelSet,
    /// The rule of the codebook that decided.
    pub rule: Option<String>,
    /// Whether it rules on what others said.
    pub ruling: bool,
}

impl Store {
    /// Opens the file, or makes one for these labels.
    pub(super) fn open(path: &Path, labels: &Labels) -> Result<Self> {
        let wrong = |error: rusqlite::Error| Error::desk(path, &error);
        let mut db = Connection::open(path).map_err(wrong)?;
        // Every change is in the journal, and the journal on the disk, before its transaction ends.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;",
        )
        .map_err(wrong)?;
        let transaction = db.transaction().map_err(wrong)?;
        let version: i64 = transaction
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(wrong)?;
        if version == 0 {
            transaction.execute_batch(SCHEMA).map_err(wrong)?;
            transaction
                .pragma_update(None, "user_version", VERSION)
                .map_err(wrong)?;
            let names = labels.names().join("|");
            transaction
                .execute("INSERT INTO setting VALUES ('labels', ?1)", [names])
                .map_err(wrong)?;
        } else if version != VERSION {
            return Err(Error::desk(
                path,
                &format!("layout {version}, but this version reads {VERSION}"),
            ));
        }
        transaction.commit().map_err(wrong)?;
        let store = Self {
            path: path.to_path_buf(),
            db,
            labels: labels.clone(),
        };
        store.check_labels()?;
        Ok(store)
    }

    fn check_labels(&self) -> Result<()> {
        let kept = self.setting("labels")?.unwrap_or_default();
        let names = self.labels.names().join("|");
        if kept == names {
            return Ok(());
        }
        Err(self.wrong(&format!(
            "made for the labels {kept}, but the model has {names}"
        )))
    }

    pub(super) fn setting(&self, name: &str) -> Result<Option<String>> {
        let query = "SELECT value FROM setting WHERE name = ?1";
        let found = self.db.query_row(query, [name], |row| row.get(0));
        found.optional().map_err(|error| self.wrong(&error))
    }

    pub(super) fn set(&self, name: &str, value: &str) -> Result<()> {
        let query = "INSERT OR REPLACE INTO setting VALUES (?1, ?2)";
        let done = self.db.execute(query, [name, value]);
        done.map(drop).map_err(|error| self.wrong(&error))
    }

    /// Adds articles, all of them or none. A sentence whose name is there already gets the new codings only.
    ///
    /// Returns how many sentences are new.
    pub(super) fn add(&mut self, articles: &[NewArticle]) -> Result<usize> {
        let (path, labels) = (self.path.clone(), &self.labels);
        let add = |db: &mut Connection| -> rusqlite::Result<usize> {
            let transaction = db.transaction()?;
            let mut new = 0;
            for article in articles {
                new += add_article(&transaction, labels, article)?;
            }
            transaction.commit()?;
            Ok(new)
        };
        add(&mut self.db).map_err(|error| Error::desk(&path, &error))
    }

    pub(super) fn articles(&self) -> Result<Vec<DeskArticle>> {
        self.rows("SELECT name, title FROM article ORDER BY id", |row| {
            Ok(DeskArticle {
                name: row.get(0)?,
                title: row.get(1)?,
            })
        })
    }

    /// Every sentence, those of an article together and in order.
    pub(super) fn sentences(&self) -> Result<Vec<DeskSentence>> {
        let query = "SELECT sentence.id, name, place, lead, text, rule FROM sentence
            JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM article) AS article
            ON article.id = sentence.article ORDER BY sentence.article, sentence.id";
        self.rows(query, |row| {
            Ok(DeskSentence {
                row: row.get(0)?,
                name: row.get(1)?,
                article: row.get::<_, i64>(2)? as usize,
                lead: row.get(3)?,
                text: row.get(4)?,
                rule: row.get(5)?,
            })
        })
    }

    /// The codings that count, with the rows of their sentences, in the order in which they were given.
    pub(super) fn codings(&self) -> Result<Vec<(i64, Coding)>> {
        self.codings_where("1", [])
    }

    /// The codings of one sentence that count.
    pub(super) fn codings_of(&self, sentence: i64) -> Result<Vec<Coding>> {
        let found = self.codings_where("sentence = ?1", [sentence])?;
        Ok(found.into_iter().map(|(_, coding)| coding).collect())
    }

    fn codings_where<P: rusqlite::Params>(
        &self,
        condition: &str,
        parameters: P,
    ) -> Result<Vec<(i64, Coding)>> {
        // Of one person's codings of a sentence the last one counts; a ruling stands beside what that person said as a coder.
        let query = format!(
            "SELECT sentence, annotator, labels, rule, ruling, at FROM coding WHERE id IN (
                SELECT max(id) FROM coding WHERE undone = 0 AND {condition} GROUP BY sentence, annotator, ruling)
            ORDER BY id"
        );
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<_> {
            let labels: String = row.get(2)?;
            let coding = Coding {
                annotator: row.get(1)?,
                labels: parse(&self.labels, &labels),
                rule: row.get(3)?,
                ruling: row.get(4)?,
                at: row.get(5)?,
            };
            Ok((row.get(0)?, coding))
        };
        let mut query = self
            .db
            .prepare_cached(&query)
            .map_err(|error| self.wrong(&error))?;
        let rows = query.query_map(parameters, read);
        rows.and_then(Iterator::collect)
            .map_err(|error| self.wrong(&error))
    }

    /// Keeps what somebody says of a sentence. It is on the disk when this returns.
    pub(super) fn code(
        &self,
        sentence: i64,
        annotator: &str,
        labels: LabelSet,
        rule: Option<&str>,
        ruling: bool,
    ) -> Result<()> {
        let query = "INSERT INTO coding (sentence, annotator, labels, rule, ruling, imported) VALUES (?1, ?2, ?3, ?4, ?5, 0)";
        let values = params![sentence, annotator, self.labels.join(labels), rule, ruling];
        let done = self.db.execute(query, values);
        done.map(drop).map_err(|error| self.wrong(&error))
    }

    /// Takes back the last thing that somebody said; returns the sentence.
    pub(super) fn undo(&self, annotator: &str) -> Result<Option<i64>> {
        let query = "UPDATE coding SET undone = 1 WHERE id = (
                SELECT max(id) FROM coding WHERE annotator = ?1 AND undone = 0 AND imported = 0)
            RETURNING sentence";
        let found = self.db.query_row(query, [annotator], |row| row.get(0));
        found.optional().map_err(|error| self.wrong(&error))
    }

    fn rows<T>(
        &self,
        query: &str,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let rows = || -> rusqlite::Result<Vec<T>> {
            let mut query = self.db.prepare(query)?;
            query.query_map([], read)?.collect()
        };
        rows().map_err(|error| self.wrong(&error))
    }

    fn wrong(&self, problem: &impl ToString) -> Error {
        Error::desk(&self.path, problem)
    }
}

fn add_article(
    transaction: &Transaction<'_>,
    labels: &Labels,
    article: &NewArticle,
) -> rusqlite::Result<usize> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO article (name, title) VALUES (?1, ?2)")?
        .execute(params![article.name, article.title])?;
    let place: i64 = transaction
        .prepare_cached("SELECT id FROM article WHERE name = ?1")?
        .query_row([&article.name], |row| row.get(0))?;
    let mut new = 0;
    for sentence in &article.sentences {
        let NewSentence {
            name,
            lead,
            text,
            rule,
            codings,
        } = sentence;
        new += transaction
            .prepare_cached("INSERT OR IGNORE INTO sentence (article, name, lead, text, rule) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![place, name, lead, text, rule])?;
        for coding in codings {
            transaction
                .prepare_cached(
                    "INSERT INTO coding (sentence, annotator, labels, rule, ruling, imported)
                    SELECT id, ?2, ?3, ?4, ?5, 1 FROM sentence WHERE name = ?1",
                )?
                .execute(params![
                    name,
                    coding.annotator,
                    labels.join(coding.labels),
                    coding.rule,
                    coding.ruling
                ])?;
        }
    }
    Ok(new)
}

/// The set that [`Labels::join`] wrote; labels that are not known are left out.
pub(super) fn parse(labels: &Labels, joined: &str) -> LabelSet {
    joined
        .split('|')
        .filter(|&name| name != NONE)
        .filter_map(|name| labels.index(name))
        .collect()
}
