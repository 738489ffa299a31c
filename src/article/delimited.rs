//! CSV or TSV → one article a row.
//!
//! `text,id,section⏎"He said no.",a17,world⏎` is one article, `a17`, with the other column `section`.

use std::borrow::Cow;

use super::{Article, Bytes, Columns, Source, Wanted};
use crate::Result;
use crate::table::Table;

/// The rows of a file.
pub(super) struct Rows {
    stem: String,
    table: Table<Bytes>,
    columns: Columns<Option<usize>>,
    /// Columns that are none of those.
    other: Vec<(usize, String)>,
    number: u64,
}

impl Rows {
    /// Reads the header.
    ///
    /// # Errors
    /// [`crate::Error::MissingColumn`], and the errors of the table.
    pub(super) fn new(source: Source, wanted: &Columns<Wanted>, delimiter: u8) -> Result<Self> {
        let table = Table::new(&source.path, source.bytes, delimiter)?;
        let columns = wanted.try_map(|wanted| match table.column(&wanted.name) {
            None if wanted.required => table.require(&wanted.name).map(Some),
            column => Ok(column),
        })?;
        let used = columns.as_array();
        let is_other = |(column, _): &(usize, &String)| !used.contains(&&Some(*column));
        let other = table
            .header()
            .iter()
            .enumerate()
            .filter(is_other)
            .map(|(column, name)| (column, name.clone()));
        Ok(Self {
            stem: source.stem,
            other: other.collect(),
            columns,
            table,
            number: 0,
        })
    }

    fn read(&mut self) -> Result<Option<Article>> {
        self.number += 1;
        let Some(row) = self.table.next_row()? else {
            return Ok(None);
        };
        let mut replaced = 0;
        let mut get = |column| {
            let (text, bytes) = row.get(column);
            replaced += bytes;
            text
        };
        let text = self
            .columns
            .text
            .map(&mut get)
            .map(Cow::into_owned)
            .unwrap_or_default();
        let mut filled = |column: Option<usize>| {
            let field = get(column?);
            (!field.trim().is_empty()).then(|| field.into_owned())
        };
        let id = filled(self.columns.id);
        let [title, date, outlet] =
            [self.columns.title, self.columns.date, self.columns.outlet].map(&mut filled);
        let other = self
            .other
            .iter()
            .map(|(column, name)| (name.clone(), get(*column).into_owned()))
            .collect();
        let id = id.unwrap_or_else(|| format!("{}:{}", self.stem, self.number));
        Ok(Some(Article {
            id,
            date,
            outlet,
            title,
            text,
            other,
            replaced,
        }))
    }
}

impl Iterator for Rows {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ReadOptions, read_files};

    fn read(text: &str, options: ReadOptions) -> Vec<std::result::Result<Article, String>> {
        read_files(&[("news.csv", text.as_bytes())], options)
    }

    #[test]
    fn row_is_an_article() {
        let text = "section,text,id,date,outlet,title\nworld,\"He said\nno.\",a17,2021-03-04,Example,Talks\n,He left.,,,,\n";
        let full = Article {
            id: "a17".into(),
            date: Some("2021-03-04".into()),
            outlet: Some("Example".into()),
            title: Some("Talks".into()),
            text: "He said\nno.".into(),
            other: vec![("section".into(), "world".into())],
            replaced: 0,
        };
        let bare = Article {
            id: "news:2".into(),
            text: "He left.".into(),
            other: vec![("section".into(), String::new())],
            ..Article::default()
        };
        assert_eq!(read(text, ReadOptions::default()), [Ok(full), Ok(bare)]);
    }

    #[test]
    fn columns_can_be_named() {
        let options = ReadOptions {
            text_column: Some("body".into()),
            id_column: Some("url".into()),
            ..ReadOptions::default()
        };
        let article = read("url,body,text\nu,b,t\n", options).remove(0).unwrap();
        assert_eq!(
            (article.id, article.text, article.other),
            ("u".into(), "b".into(), vec![("text".into(), "t".into())])
        );
    }

    #[test]
    fn named_column_must_be_there() {
        let options = ReadOptions {
            date_column: Some("when".into()),
            ..ReadOptions::default()
        };
        assert_eq!(
            read("text\nx\n", options),
            [Err("news.csv: line 1: no column `when` (found text)".into())]
        );
    }

    #[test]
    fn ragged_row_is_passed_over_and_counted() {
        let articles = read("text\none\ntwo,2\nthree\n", ReadOptions::default());
        assert_eq!(
            articles[1],
            Err("news.csv: line 3: 2 fields where the header has 1".into())
        );
        assert_eq!(articles[2].as_ref().unwrap().id, "news:3");
    }

    #[test]
    fn unclosed_quote_ends_the_file() {
        let articles = read("text\none\n\"two\nthree\n", ReadOptions::default());
        let message = "news.csv: line 3: a quoted field opens in this row and never closes";
        assert_eq!((articles.len(), &articles[1]), (2, &Err(message.into())));
    }
}
