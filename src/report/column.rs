//! The columns of the table of claims.

use crate::Labels;

/// A column of a table of claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its fields hold.
    pub kind: ColumnKind,
    /// Whether a claim may lack it; its field is empty then.
    pub is_optional: bool,
}

/// What the fields of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A number of code points or of sentences.
    Integer,
    /// A probability.
    Number,
}

use ColumnKind::{Integer, Number, Text};

/// What every claim has.
const CLAIM: [(&str, ColumnKind); 6] = [
    ("article", Text),
    ("sentence", Integer),
    ("start", Integer),
    ("end", Integer),
    ("text", Text),
    ("labels", Text),
];

const PARTIES: [(&str, ColumnKind); 13] = [
    ("speaker", Text),
    ("speaker_start", Integer),
    ("speaker_end", Integer),
    ("source", Text),
    ("source_code", Text),
    ("source_role", Text),
    ("source_start", Integer),
    ("source_end", Integer),
    ("target", Text),
    ("target_code", Text),
    ("target_role", Text),
    ("target_start", Integer),
    ("target_end", Integer),
];

const REASONS: [(&str, ColumnKind); 2] = [("relations", Text), ("evidence", Text)];

const ARTICLE: [(&str, ColumnKind); 3] = [("date", Text), ("outlet", Text), ("title", Text)];

/// The first print of a claim, and of its article.
const CLUSTER: [(&str, ColumnKind); 3] = [
    ("cluster_article", Text),
    ("cluster_sentence", Integer),
    ("reprint_of", Text),
];

/// All columns, in their order; `kept` are those of the articles that are kept. One whose name is taken gets `article_` before it.
pub(super) fn columns(labels: &Labels, clusters: bool, kept: &[String]) -> Vec<Column> {
    let mut columns = Vec::new();
    let mut add = |named: &[(&str, ColumnKind)], is_optional| {
        columns.extend(named.iter().map(|&(name, kind)| Column {
            name: name.to_owned(),
            kind,
            is_optional,
        }));
    };
    add(&CLAIM, false);
    for label in labels.names() {
        add(&[(&format!("probability_{label}"), Number)], false);
    }
    add(&PARTIES, true);
    add(&REASONS, false);
    add(&ARTICLE, true);
    if clusters {
        add(&CLUSTER, true);
    }
    for name in kept {
        let is_taken = |name: &str| columns.iter().any(|column: &Column| column.name == name);
        let mut name = name.clone();
        while is_taken(&name) {
            name.insert_str(0, "article_");
        }
        columns.push(Column {
            name,
            kind: Text,
            is_optional: true,
        });
    }
    columns
}
