//! A text file → one article.
//!
//! The first line may give date and outlet: from ` date 2019-06-18 Example.org` come `2019-06-18` and `Example.org`. It stays in
//! the text, where it is marked as furniture.

use super::{Article, Source};
use crate::date::Date;
use crate::input;
use crate::{Error, Result};

/// Reads the file to its end.
///
/// # Errors
/// [`Error::RecordTooLong`], [`Error::EmptyFile`] for nothing but white space, [`Error::Io`].
pub(super) fn read(source: Source) -> Result<Article> {
    let Source {
        path, stem, bytes, ..
    } = source;
    let bytes = input::whole(&path, bytes)?;
    let (text, replaced) = input::decode(&bytes);
    if text.trim().is_empty() {
        return Err(Error::EmptyFile { path });
    }
    let (date, outlet) = text.lines().next().and_then(date_line).unzip();
    let outlet = outlet.flatten().map(str::to_owned);
    Ok(Article {
        id: stem,
        date: date.map(str::to_owned),
        outlet,
        text: text.into_owned(),
        replaced,
        ..Article::default()
    })
}

/// Date and outlet in a line like ` date 2019-06-18 Example.org`.
pub(super) fn date_line(line: &str) -> Option<(&str, Option<&str>)> {
    let rest = line.trim_start().strip_prefix("date ")?.trim();
    let (date, outlet) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let is_date = date.len() == "2019-06-18".len() && Date::parse(date).is_some();
    // A sentence could start so; the name of an outlet is short.
    let outlet = Some(outlet.trim()).filter(|outlet| !outlet.is_empty());
    (is_date && outlet.is_none_or(|outlet| outlet.len() <= 60)).then_some((date, outlet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ReadOptions, read_files};
    use crate::input::RECORD_LIMIT;

    fn read(bytes: &[u8]) -> std::result::Result<Article, String> {
        read_files(&[("news.txt", bytes)], ReadOptions::default()).remove(0)
    }

    #[test]
    fn text_file_is_one_article() {
        let text = "Headline\n\nCaf\u{e9}s closed.\n";
        let gold = Article {
            id: "news".into(),
            text: text.into(),
            ..Article::default()
        };
        assert_eq!(read(text.as_bytes()), Ok(gold));
    }

    #[test]
    fn first_line_gives_date_and_outlet() {
        let article = read(b" date 2021-03-04 Example.org\nHeadline\n").unwrap();
        assert_eq!(
            (article.date.as_deref(), article.outlet.as_deref()),
            (Some("2021-03-04"), Some("Example.org"))
        );
        assert!(article.text.starts_with(" date 2021"));
        assert_eq!(date_line("date 2021-03-04"), Some(("2021-03-04", None)));
        for line in [
            "dated 2021-03-04",
            "date 2021-3-4",
            "date palms",
            "",
            "date 2021-03-0é",
        ] {
            assert_eq!(date_line(line), None, "{line}");
        }
    }

    #[test]
    fn replaced_bytes_are_counted() {
        let article = read(b"caf\xE9").unwrap();
        assert_eq!(
            (article.text.as_str(), article.replaced),
            ("caf\u{FFFD}", 1)
        );
    }

    #[test]
    fn blank_file_is_empty() {
        assert_eq!(read(b" \n\t").unwrap_err(), "news.txt: the file is empty");
    }

    #[test]
    fn too_long_file_is_an_error() {
        let message = "news.txt: line 1: record of more than 16777216 bytes";
        assert_eq!(read(&vec![b'x'; RECORD_LIMIT + 1]).unwrap_err(), message);
        assert!(read(&vec![b'x'; RECORD_LIMIT]).is_ok());
    }
}
