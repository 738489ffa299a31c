//! JSON lines → one article a line.
//!
//! `{"text": "He said no.", "id": 17, "section": "world"}` is the article `17` with the other column `section`. Numbers, booleans
//! and nested values are read as their JSON text; `null` is as good as nothing, and in other columns an empty text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::{Article, Bytes, Columns, Source, Wanted};
use crate::input::json::{self, kind_of};
use crate::input::{self, Lines};
use crate::{Error, Result};

/// The lines of a file.
pub(super) struct JsonLines {
    lines: Lines<Bytes>,
    stem: String,
    columns: Columns<Wanted>,
    finished: bool,
}

impl JsonLines {
    pub(super) fn new(source: Source, columns: Columns<Wanted>) -> Self {
        let Source {
            path, stem, bytes, ..
        } = source;
        Self {
            lines: Lines::new(path, bytes),
            stem,
            columns,
            finished: false,
        }
    }

    fn read(&mut self) -> Result<Option<Article>> {
        if self.finished {
            return Ok(None);
        }
        let read = self.lines.read();
        self.finished = match &read {
            Ok(is_read) => !is_read,
            Err(error) => !error.is_about_one_record(),
        };
        if !read? {
            return Ok(None);
        }
        let (line, replaced) = input::decode(self.lines.line());
        let mut fields = self.parse(&line)?;
        let mut article = self.article(&mut fields)?;
        article.replaced += replaced;
        Ok(Some(article))
    }

    fn parse(&self, line: &str) -> Result<Vec<Field>> {
        let (path, number) = (self.lines.path(), self.lines.number());
        json::object_of::<Object>(line, path, number).map(|object| object.0)
    }

    /// Takes the fields apart.
    fn article(&self, fields: &mut [Field]) -> Result<Article> {
        // Of two fields with the same name the last one counts, as JSON parsers have it.
        let columns = self.columns.try_map(|wanted| {
            match fields.iter().rposition(|(name, _)| *name == wanted.name) {
                None if wanted.required => Err(self.missing(wanted, fields)),
                position => Ok(position),
            }
        })?;
        let mut replaced = 0;
        let mut scalar = |at: Option<usize>| match at.map(|at| &fields[at]) {
            None | Some((_, Value::Null)) => Ok(None),
            Some((name, value @ (Value::Array(_) | Value::Object(_)))) => {
                Err(self.not_text(name, value))
            }
            Some((_, value)) => Ok(Some(string_of(value.clone(), &mut replaced))),
        };
        let (id, title) = (scalar(columns.id)?, scalar(columns.title)?);
        let (date, outlet) = (scalar(columns.date)?, scalar(columns.outlet)?);
        let text = match columns.text.map(|at| std::mem::take(&mut fields[at])) {
            Some((_, text @ Value::String(_))) => string_of(text, &mut replaced),
            None | Some((_, Value::Null)) => return Err(self.missing(&self.columns.text, fields)),
            Some((name, value)) => return Err(self.not_text(&name, &value)),
        };
        let mut other = Vec::new();
        for (at, (name, value)) in fields.iter_mut().enumerate() {
            if !columns.as_array().contains(&&Some(at)) {
                let value = match std::mem::take(value) {
                    Value::Null => String::new(), // as where a CSV is empty: the column is there
                    value => string_of(value, &mut replaced),
                };
                other.push((std::mem::take(name), value));
            }
        }
        let id = id.unwrap_or_else(|| format!("{}:{}", self.stem, self.lines.records()));
        Ok(Article {
            id,
            date,
            outlet,
            title,
            text,
            other,
            replaced,
        })
    }

    fn missing(&self, wanted: &Wanted, fields: &[Field]) -> Error {
        let filled = fields.iter().filter(|(_, value)| !value.is_null());
        let found = filled
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        Error::MissingColumn {
            path: self.lines.path().to_owned(),
            line: self.lines.number(),
            column: wanted.name.clone(),
            found,
        }
    }

    fn not_text(&self, column: &str, value: &Value) -> Error {
        Error::NotText {
            path: self.lines.path().to_owned(),
            line: self.lines.number(),
            column: column.to_owned(),
            found: kind_of(value),
        }
    }
}

impl Iterator for JsonLines {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// A value as text; NUL, which JSON can spell `\u0000`, becomes U+FFFD.
fn string_of(value: Value, replaced: &mut usize) -> String {
    let text = match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let nuls = memchr::memchr_iter(0, text.as_bytes()).count();
    *replaced += nuls;
    if nuls > 0 {
        text.replace('\0', "\u{FFFD}")
    } else {
        text
    }
}

type Field = (String, Value);

/// A JSON object whose fields keep their order.
struct Object(Vec<Field>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Fields;

        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Object, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }

        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ReadOptions, read_files};
    use crate::input::RECORD_LIMIT;

    fn read(bytes: &[u8]) -> Vec<std::result::Result<Article, String>> {
        read_files(&[("news.jsonl", bytes)], ReadOptions::default())
    }

    fn error(line: &str) -> String {
        read(line.as_bytes()).remove(0).unwrap_err()
    }

    #[test]
    fn line_is_an_article() {
        let line = r#"{"url": "u", "id": 17, "date": null, "title": "Talks", "text": "He said\nno.", "n": 1.5, "section": null, "tags": ["a"]}"#;
        let gold = Article {
            id: "17".into(),
            title: Some("Talks".into()),
            text: "He said\nno.".into(),
            other: [
                ("url", "u"),
                ("n", "1.5"),
                ("section", ""),
                ("tags", r#"["a"]"#),
            ]
            .map(|(a, b)| (a.into(), b.into()))
            .into(),
            ..Article::default()
        };
        assert_eq!(read(line.as_bytes()), [Ok(gold)]);
    }

    #[test]
    fn bad_line_is_passed_over_and_counted() {
        let articles = read(b"{\"text\": \"one\"}\r\n\n{\"text\": \n[1]\n{\"text\": \"two\"}");
        let gold = [
            Ok("news:1".to_owned()),
            Err("news.jsonl: line 3: EOF while parsing a value at column 8".to_owned()),
            Err("news.jsonl: line 4: a JSON object is needed, found an array".to_owned()),
            Ok("news:4".to_owned()),
        ];
        assert_eq!(
            articles
                .into_iter()
                .map(|article| article.map(|article| article.id))
                .collect::<Vec<_>>(),
            gold
        );
    }

    #[test]
    fn text_must_be_there() {
        let missing = "news.jsonl: line 1: no column `text` (found id)";
        assert_eq!(error(r#"{"id": 1}"#), missing);
        assert_eq!(error(r#"{"id": 1, "text": null}"#), missing);
    }

    #[test]
    fn text_must_be_text() {
        assert_eq!(
            error(r#"{"text": 5}"#),
            "news.jsonl: line 1: column `text` holds a number where text is needed"
        );
        let message = "news.jsonl: line 1: column `title` holds an array where text is needed";
        assert_eq!(error(r#"{"text": "x", "title": ["x"]}"#), message);
    }

    #[test]
    fn scalar_line_is_no_object() {
        for (line, found) in [
            ("null", "null"),
            ("3", "a number"),
            ("\"x\"", "text"),
            ("true", "a boolean"),
        ] {
            assert_eq!(
                error(line),
                format!("news.jsonl: line 1: a JSON object is needed, found {found}")
            );
        }
    }

    #[test]
    fn invalid_bytes_and_spelled_nuls_are_replaced() {
        let article = read(b"{\"text\": \"caf\xE9 \\u0000\"}").remove(0).unwrap();
        assert_eq!(
            (article.text.as_str(), article.replaced),
            ("caf\u{FFFD} \u{FFFD}", 2)
        );
    }

    #[test]
    fn too_long_line_is_passed_over() {
        let mut bytes = b"{\"text\": \"one\"}\n".to_vec();
        bytes.resize(2 * RECORD_LIMIT, b'x');
        bytes.extend_from_slice(b"\n{\"text\": \"two\"}\n");
        let articles = read(&bytes);
        assert_eq!(
            articles[1],
            Err("news.jsonl: line 2: record of more than 16777216 bytes".into())
        );
        assert_eq!(
            (articles.len(), articles[2].as_ref().unwrap().id.as_str()),
            (3, "news:3")
        );
    }

    #[test]
    fn blank_file_is_empty() {
        assert_eq!(
            read(b"\n \n"),
            [Err("news.jsonl: the file is empty".into())]
        );
    }
}
