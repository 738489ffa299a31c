//! JSON lines → claims.
//!
//! A line is what `classify` writes. Read are `article`, `sentence`, `text` and `labels`, which must be there, and `speaker`,
//! `source`, `target`, `cluster`, `date`, `outlet` and `title`, which may be `null` or missing; other fields are not looked at.

use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::{NamedParty, Place, StatedClaim};
use crate::Result;
use crate::input::json::{Objects, open_objects};

/// The claims of a file, in order. A line that cannot be read is an error, after which reading goes on.
pub struct Claims<R>(Objects<R, Line>);

/// The claims of a file, or of standard input for `-`.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io), [`Error::EmptyFile`](crate::Error::EmptyFile) and [`Error::Binary`](crate::Error::Binary); those of a line stand in its place.
pub fn open_claims(path: &Path) -> Result<Claims<impl Read + Send + use<>>> {
    Ok(Claims(open_objects(path)?))
}

/// The claims of JSON lines, which errors call `path`.
pub fn read_claims<R: Read>(path: &Path, bytes: R) -> Claims<R> {
    Claims(Objects::new(path, bytes))
}

impl<R: Read> Iterator for Claims<R> {
    type Item = Result<StatedClaim>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.0.next()?.map(StatedClaim::from))
    }
}

impl From<Line> for StatedClaim {
    fn from(line: Line) -> Self {
        let carries = |label: &str| line.labels.iter().any(|found| found == label);
        let is_other =
            |first: &Place| (&first.article, first.sentence) != (&line.article, line.sentence);
        let first_print = line.cluster.filter(is_other);
        Self {
            accuses: carries("accusation"),
            denies: carries("denial"),
            article: line.article,
            sentence: line.sentence,
            text: line.text,
            speaker: line.speaker.map(Into::into),
            source: line.source.map(Into::into),
            target: line.target.map(Into::into),
            first_print,
            date: line.date,
            outlet: line.outlet,
            title: line.title,
        }
    }
}

/// The fields of a line.
#[derive(Deserialize)]
struct Line {
    article: String,
    sentence: usize,
    text: String,
    labels: Vec<String>,
    speaker: Option<Named>,
    source: Option<Named>,
    target: Option<Named>,
    cluster: Option<Place>,
    date: Option<String>,
    outlet: Option<String>,
    title: Option<String>,
}

/// A party, with what a pronoun stands for.
#[derive(Deserialize)]
struct Named {
    text: String,
    code: Option<String>,
    antecedent: Option<Antecedent>,
}

#[derive(Deserialize)]
struct Antecedent {
    text: String,
}

impl From<Named> for NamedParty {
    fn from(named: Named) -> Self {
        let text = named.antecedent.map_or(named.text, |before| before.text);
        Self {
            text,
            code: named.code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<std::result::Result<StatedClaim, String>> {
        read_claims(Path::new("c.jsonl"), bytes)
            .map(|claim| claim.map_err(|error| error.to_string()))
            .collect()
    }

    fn error(line: &str) -> String {
        read(line.as_bytes()).remove(0).unwrap_err()
    }

    #[test]
    fn line_is_a_claim() {
        let line = br#"{"article":"a","sentence":3,"start":0,"text":"No.","labels":["denial"],"speaker":null,
            "source":{"text":"Minsk","code":"BLR"},"target":{"text":"he","code":null,"antecedent":{"start":0,"end":3,"text":"Obi"}},"date":"2021-03-04"}"#;
        let line: Vec<u8> = line.iter().copied().filter(|&byte| byte != b'\n').collect();
        let party = |text: &str, code: Option<&str>| {
            Some(NamedParty {
                text: text.to_owned(),
                code: code.map(str::to_owned),
            })
        };
        let gold = StatedClaim {
            article: "a".into(),
            sentence: 3,
            text: "No.".into(),
            denies: true,
            source: party("Minsk", Some("BLR")),
            target: party("Obi", None),
            date: Some("2021-03-04".into()),
            ..StatedClaim::default()
        };
        assert_eq!(read(&line), [Ok(gold)]);
    }

    #[test]
    fn only_another_sentence_is_the_first_print_of_a_claim() {
        let first_print = |cluster: &str| {
            let line = format!(
                r#"{{"article":"b","sentence":2,"text":"No.","labels":["denial"],"cluster":{cluster}}}"#
            );
            read(line.as_bytes()).remove(0).unwrap().first_print
        };
        let first = Place {
            article: "a".into(),
            sentence: 2,
        };
        assert_eq!(first_print(r#"{"article":"a","sentence":2}"#), Some(first));
        assert_eq!(first_print(r#"{"article":"b","sentence":2}"#), None);
        assert_eq!(first_print("null"), None);
    }

    #[test]
    fn bad_line_is_passed_over() {
        let fine = r#"{"article":"a","sentence":1,"text":"x","labels":[]}"#;
        let claims = read(format!("{fine}\n\n{{\n[1]\n{fine}").as_bytes());
        let errors: Vec<Option<&str>> = claims
            .iter()
            .map(|claim| claim.as_ref().err().map(String::as_str))
            .collect();
        let gold = [
            None,
            Some("c.jsonl: line 3: EOF while parsing an object at column 1"),
            Some("c.jsonl: line 4: a JSON object is needed, found an array"),
            None,
        ];
        assert_eq!(errors, gold);
    }

    #[test]
    fn what_is_missing_or_of_another_kind_is_told() {
        for (line, message) in [
            (
                r#"{"id":1,"text":"x"}"#,
                "c.jsonl: line 1: missing field `article` at column 19",
            ),
            (
                r#"{"article":"a","sentence":-1,"text":"x","labels":[]}"#,
                "c.jsonl: line 1: invalid value: integer `-1`, expected usize at column 28",
            ),
            (
                r#"{"article":"a","sentence":1,"text":"x","labels":"denial"}"#,
                "c.jsonl: line 1: invalid type: string \"denial\", expected a sequence at column 56",
            ),
        ] {
            assert_eq!(error(line), message);
        }
    }

    #[test]
    fn blank_file_is_empty() {
        assert_eq!(read(b"\n"), [Err("c.jsonl: the file is empty".to_owned())]);
    }
}
