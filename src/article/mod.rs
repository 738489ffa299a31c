//! Files, folders, standard input → articles, one at a time.
//!
//! In go `.txt` (one article a file), `.jsonl` and `.ndjson` (one a line), `.csv` and `.tsv` (one a row), `.html` and `.htm` (a
//! page, one article), `.warc` (many pages) and `.parquet` (one a row), each also packed as `.gz` or `.zst`; out come articles
//! whose text is unchanged, so that spans index it as it was read; of pages it is the main text. Memory does not grow with the
//! input.
//!
//! ```
//! use rejoinder::{ArticleReader, ReadOptions};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("news.jsonl");
//! std::fs::write(&path, "{\"id\": 7, \"text\": \"Moscow denied it.\"}\n[]\n")?;
//!
//! let mut articles = ArticleReader::open(&[path], ReadOptions::default())?;
//! let article = articles.next().expect("two records")?;
//! assert_eq!((article.id.as_str(), article.text.as_str()), ("7", "Moscow denied it."));
//! assert!(articles.next().expect("two records").is_err(), "an array is no article");
//! assert!(articles.next().is_none());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod delimited;
mod furniture;
#[cfg(feature = "html")]
mod html;
mod jsonl;
#[cfg(feature = "parquet")]
mod parquet;
mod text;
mod walk;
#[cfg(feature = "html")]
mod warc;

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use self::furniture::{Furniture, FurnitureKind, furniture};
use self::walk::{Found, Walk};
use crate::input::packed::name_inside;
use crate::input::{self, STDIN_NAME};
use crate::{Error, Result, date};

/// One article, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// Its id column, else the file's stem, `:` and the record's number; the stem alone for a text file.
    pub id: String,
    /// When it was published: as written, but days that are written out are in one form (`4 March 2021` is `2021-03-04`).
    pub date: Option<String>,
    /// Who published it.
    pub outlet: Option<String>,
    /// Its headline, where it stands apart from the text.
    pub title: Option<String>,
    /// What is classified. Only a byte order mark is cut from it.
    pub text: String,
    /// The other columns in their order, with their values.
    pub other: Vec<(String, String)>,
    /// How many bytes of the record were not UTF-8 text, and became U+FFFD.
    pub replaced: usize,
}

/// What is classified and written of an article, borrowed from where it lies: an [`Article`], or the memory of another program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ArticleRef<'a> {
    /// As [`Article::id`].
    pub id: &'a str,
    /// As [`Article::date`].
    pub date: Option<&'a str>,
    /// As [`Article::outlet`].
    pub outlet: Option<&'a str>,
    /// As [`Article::title`].
    pub title: Option<&'a str>,
    /// As [`Article::text`].
    pub text: &'a str,
    /// As [`Article::other`].
    pub other: &'a [(String, String)],
}

impl ArticleRef<'_> {
    /// The value of one of the other columns.
    pub fn column(&self, name: &str) -> Option<&str> {
        let (_, value) = self.other.iter().find(|(known, _)| known == name)?;
        Some(value)
    }
}

impl<'a> From<&'a Article> for ArticleRef<'a> {
    fn from(article: &'a Article) -> Self {
        Self {
            id: &article.id,
            date: article.date.as_deref(),
            outlet: article.outlet.as_deref(),
            title: article.title.as_deref(),
            text: &article.text,
            other: &article.other,
        }
    }
}

/// How a file is cut into articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One article a file.
    Text,
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated, with a header.
    Csv,
    /// Tab-separated, with a header.
    Tsv,
    /// A web page, one article (feature `html`).
    Html,
    /// A web archive, one article for each page in it (feature `html`).
    Warc,
    /// A table of columns, one article a row (feature `parquet`).
    Parquet,
}

impl Format {
    /// The extensions of files that are looked for in folders.
    const EXTENSIONS: [(&str, Self); 9] = [
        ("txt", Self::Text),
        ("jsonl", Self::Jsonl),
        ("ndjson", Self::Jsonl),
        ("csv", Self::Csv),
        ("tsv", Self::Tsv),
        ("html", Self::Html),
        ("htm", Self::Html),
        ("warc", Self::Warc),
        ("parquet", Self::Parquet),
    ];

    /// The format that a file's extension tells.
    fn of(path: &Path) -> Option<Self> {
        let path = name_inside(path);
        let extension = path.extension()?;
        Self::EXTENSIONS
            .iter()
            .find(|(known, _)| extension.eq_ignore_ascii_case(known))
            .map(|&(_, format)| format)
    }

    /// The format that the beginning of a file tells: JSON lines begin with `{`, pages with `<!doctype html` or `<html`, archives
    /// with `WARC/`, Parquet with `PAR1`.
    fn sniff(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let head = head.trim_ascii_start();
        let begins = |with: &[u8]| {
            let begin = head.get(..with.len());
            begin.is_some_and(|begin| begin.eq_ignore_ascii_case(with))
        };
        if begins(b"{") {
            Self::Jsonl
        } else if begins(b"<!doctype html") || begins(b"<html") {
            Self::Html
        } else if head.starts_with(b"WARC/") {
            Self::Warc
        } else if head.starts_with(b"PAR1") {
            Self::Parquet
        } else {
            Self::Text
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    /// `text`, `jsonl`, `csv`, `tsv`, `html`, `warc` or `parquet`; extensions too.
    fn from_str(name: &str) -> Result<Self> {
        let known = |&&(extension, _): &&(&str, Self)| extension == name;
        match Self::EXTENSIONS.iter().find(known) {
            Some(&(_, format)) => Ok(format),
            None if name == "text" => Ok(Self::Text),
            None => Err(Error::Parameter {
                name: "format",
                found: format!("`{name}`"),
                needed: "one of `text`, `jsonl`, `csv`, `tsv`, `html`, `warc`, `parquet`",
            }),
        }
    }
}

/// How articles are laid out.
///
/// The text must be there. Any other column may be missing where it is `None` here, which stands for its usual name; one that
/// is named must be there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format of the inputs that are named (files of a folder go by their extension). `None`: by the extension, else
    /// by the beginning: `{` means JSON lines, `<html` or `<!doctype html` a web page, `WARC/` an archive, `PAR1` Parquet, any other plain text.
    pub format: Option<Format>,
    /// The column of the text; `text`.
    pub text_column: Option<String>,
    /// The column of the article's id; `id`.
    pub id_column: Option<String>,
    /// The column of the headline; `title`.
    pub title_column: Option<String>,
    /// The column of the date; `date`.
    pub date_column: Option<String>,
    /// The column of who published it; `outlet`.
    pub outlet_column: Option<String>,
}

/// A column by name, and whether it has to be there.
#[derive(Debug, Clone)]
struct Wanted {
    name: String,
    required: bool,
}

/// One value for each of the columns that an article is made of.
#[derive(Debug, Clone)]
struct Columns<T> {
    text: T,
    id: T,
    title: T,
    date: T,
    outlet: T,
}

impl<T> Columns<T> {
    fn try_map<U>(&self, mut f: impl FnMut(&T) -> Result<U>) -> Result<Columns<U>> {
        Ok(Columns {
            text: f(&self.text)?,
            id: f(&self.id)?,
            title: f(&self.title)?,
            date: f(&self.date)?,
            outlet: f(&self.outlet)?,
        })
    }

    fn as_array(&self) -> [&T; 5] {
        [&self.text, &self.id, &self.title, &self.date, &self.outlet]
    }
}

impl ReadOptions {
    fn columns(&self) -> Columns<Wanted> {
        let wanted = |asked: &Option<String>, usual: &str, required| Wanted {
            name: asked.as_deref().unwrap_or(usual).to_owned(),
            required: required || asked.is_some(),
        };
        Columns {
            text: wanted(&self.text_column, "text", true),
            id: wanted(&self.id_column, "id", false),
            title: wanted(&self.title_column, "title", false),
            date: wanted(&self.date_column, "date", false),
            outlet: wanted(&self.outlet_column, "outlet", false),
        }
    }
}

/// Articles of several inputs, in order.
///
/// An `Err` is one record, or one file, that could not be read; iteration goes on with the next.
pub struct ArticleReader {
    options: ReadOptions,
    files: Walk,
    current: Option<Articles>,
    bytes_read: Arc<AtomicU64>,
    total_bytes: Option<u64>,
}

/// The articles of one file.
type Articles = Box<dyn Iterator<Item = Result<Article>> + Send>;

/// Bytes of one file.
type Bytes = input::Checked<Counted<Box<dyn Read + Send>>>;

/// What the readers of each format need to know of a file.
struct Source {
    /// How it is named in errors.
    path: PathBuf,
    /// What the ids of its articles begin with.
    stem: String,
    /// Whether it can be opened at its path.
    #[cfg_attr(
        not(feature = "parquet"),
        allow(dead_code, reason = "only Parquet asks")
    )]
    is_file: bool,
    bytes: Bytes,
}

impl ArticleReader {
    /// Looks at the inputs: files, folders (with all that is below them, in the order of the names; hidden files and
    /// unknown extensions are passed over) or `-` for standard input.
    ///
    /// # Errors
    /// [`Error::Io`] for an input that is not there, [`Error::NoArticles`] for a folder without any.
    pub fn open(inputs: &[PathBuf], options: ReadOptions) -> Result<Self> {
        let mut total_bytes = Some(0);
        for input in inputs {
            let bytes = walk::measure(input)?;
            total_bytes = total_bytes.zip(bytes).map(|(sum, bytes)| sum + bytes);
        }
        let files = Walk::new(inputs);
        Ok(Self {
            options,
            files,
            current: None,
            bytes_read: Arc::default(),
            total_bytes,
        })
    }

    /// Reads a file that is in memory. `name` stands for its path: in errors, in ids, and for its format where the options
    /// ask for none.
    ///
    /// ```
    /// # use rejoinder::{ArticleReader, ReadOptions};
    /// let bytes = b"text\nIt rained.\n".to_vec();
    /// let mut articles = ArticleReader::from_bytes("a.csv", bytes, ReadOptions::default());
    /// assert_eq!(articles.next().expect("one row")?.id, "a:1");
    /// # Ok::<(), rejoinder::Error>(())
    /// ```
    pub fn from_bytes(name: &str, bytes: Vec<u8>, options: ReadOptions) -> Self {
        let mut reader = Self {
            files: Walk::new(&[]),
            current: None,
            bytes_read: Arc::default(),
            total_bytes: Some(bytes.len() as u64),
            options,
        };
        let path = PathBuf::from(name);
        let stem = input::stem_of(&path);
        let articles = reader.articles(
            path,
            stem,
            Box::new(Cursor::new(bytes)),
            reader.options.format,
            false,
        );
        reader.current =
            Some(articles.unwrap_or_else(|error| Box::new(std::iter::once_with(|| Err(error)))));
        reader
    }

    /// How many bytes have been read so far, packed as they are.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Ordering::Relaxed)
    }

    /// How many bytes the files hold; `None` when one of them is standard input or no regular file.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total_bytes
    }

    fn open_file(&self, file: &Found) -> Result<Articles> {
        let path = if file.is_stdin() {
            PathBuf::from(STDIN_NAME)
        } else {
            file.path.clone()
        };
        let stem = input::stem_of(&file.path);
        let asked = self.options.format.filter(|_| file.named);
        let is_file = !file.is_stdin() && path.is_file();
        self.articles(path, stem, input::open(&file.path)?, asked, is_file)
    }

    /// Reads the articles of one file, in the format that was asked for, that its name tells, or that its beginning does.
    fn articles(
        &self,
        path: PathBuf,
        stem: String,
        input: Box<dyn Read + Send>,
        asked: Option<Format>,
        is_file: bool,
    ) -> Result<Articles> {
        let read = Arc::clone(&self.bytes_read);
        let mut bytes = input::begin(&path, Counted { input, read })?;
        let format = asked
            .or_else(|| Format::of(&path))
            .unwrap_or_else(|| Format::sniff(bytes.get_ref().0.get_ref()));
        if !matches!(format, Format::Warc | Format::Parquet) {
            bytes = input::check_text(&path, bytes)?;
        }
        let source = Source {
            path,
            stem,
            is_file,
            bytes,
        };
        let columns = self.options.columns();
        Ok(match format {
            Format::Text => Box::new(std::iter::once_with(|| text::read(source))),
            Format::Jsonl => Box::new(jsonl::JsonLines::new(source, columns)),
            Format::Csv => Box::new(delimited::Rows::new(source, &columns, b',')?),
            Format::Tsv => Box::new(delimited::Rows::new(source, &columns, b'\t')?),
            #[cfg(feature = "html")]
            Format::Html => Box::new(std::iter::once_with(|| html::read(source))),
            #[cfg(feature = "html")]
            Format::Warc => Box::new(warc::Records::new(source)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(parquet::Rows::new(
                source,
                &columns,
                Arc::clone(&self.bytes_read),
            )?),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                return Err(Error::NotBuilt {
                    path: source.path,
                    feature: "parquet",
                });
            }
            #[cfg(not(feature = "html"))]
            Format::Html | Format::Warc => {
                return Err(Error::NotBuilt {
                    path: source.path,
                    feature: "html",
                });
            }
        })
    }
}

impl Iterator for ArticleReader {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(article) = self.current.as_mut().and_then(Iterator::next) {
                return Some(article.map(with_one_form_of_date));
            }
            self.current = None;
            match self.files.next()?.and_then(|file| self.open_file(&file)) {
                Ok(articles) => self.current = Some(articles),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Dates that are written out (`4 March 2021`) are handed on as `2021-03-04`.
fn with_one_form_of_date(article: Article) -> Article {
    Article {
        date: article.date.map(date::written),
        ..article
    }
}

/// Counts the bytes that it hands on.
struct Counted<R> {
    input: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.input.read(buffer)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Reads what tests write to files of a folder; errors come out as text, without the folder's path.
#[cfg(test)]
fn read_files(
    files: &[(&str, &[u8])],
    options: ReadOptions,
) -> Vec<std::result::Result<Article, String>> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let start = format!("{}/", folder.path().display());
    let reader = ArticleReader::open(&[folder.path().to_path_buf()], options).unwrap();
    reader
        .map(|article| article.map_err(|error| error.to_string().replace(&start, "")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::packed::tests::{gzip, zstd};

    #[test]
    fn folder_is_read_in_the_order_of_names() {
        let articles = read_files(
            &[
                ("b/2.txt", b"two"),
                ("b/1.jsonl", b"{\"text\": \"one\"}\n\n{\"text\": \"more\"}"),
                ("a.TSV", b"text\tid\nzero\tnil\n"),
                ("c.pdf", b"no article"),
                (".hidden.txt", b"no article"),
            ],
            ReadOptions::default(),
        );
        let ids: Vec<_> = articles
            .into_iter()
            .map(|article| article.unwrap())
            .map(|a| (a.id, a.text))
            .collect();
        let gold = [
            ("nil", "zero"),
            ("1:1", "one"),
            ("1:2", "more"),
            ("2", "two"),
        ];
        assert_eq!(ids, gold.map(|(id, text)| (id.to_owned(), text.to_owned())));
    }

    #[test]
    fn unreadable_files_are_passed_over() {
        let files: [(&str, &[u8]); 4] = [
            ("a.txt", b""),
            ("b.txt", b"x\0"),
            ("c.csv", b"title\nx\n"),
            ("d.txt", b"read"),
        ];
        let articles = read_files(&files, ReadOptions::default());
        let errors: Vec<_> = articles
            .iter()
            .filter_map(|article| article.as_ref().err())
            .collect();
        let gold = [
            "a.txt: the file is empty",
            "b.txt: line 1: not a text file (a NUL byte stands at byte 1)",
            "c.csv: line 1: no column `text` (found title)",
        ];
        assert_eq!(errors, gold);
        assert_eq!(articles[3].as_ref().unwrap().text, "read");
    }

    #[test]
    fn folder_without_articles_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.pdf"), "x").unwrap();
        let error = ArticleReader::open(&[folder.path().into()], ReadOptions::default())
            .err()
            .unwrap();
        let message = format!(
            "{}: no article found in this folder (looked for txt, jsonl, ndjson, csv, tsv, html, htm, warc, parquet)",
            folder.path().display()
        );
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn missing_input_is_an_error_at_once() {
        let error = ArticleReader::open(&["nowhere.txt".into()], ReadOptions::default())
            .err()
            .unwrap();
        assert!(
            error.to_string().starts_with("nowhere.txt: No such file"),
            "{error}"
        );
    }

    #[test]
    fn bytes_are_counted() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.txt"), "12345").unwrap();
        std::fs::write(folder.path().join("b.csv"), "text\n1\n").unwrap();
        let mut reader =
            ArticleReader::open(&[folder.path().into()], ReadOptions::default()).unwrap();
        assert_eq!((reader.bytes_read(), reader.total_bytes()), (0, Some(12)));
        assert_eq!(reader.by_ref().filter_map(Result::ok).count(), 2);
        assert_eq!(reader.bytes_read(), 12);
        assert_eq!(
            ArticleReader::open(&["-".into()], ReadOptions::default())
                .unwrap()
                .total_bytes(),
            None
        );
    }

    #[test]
    fn named_input_of_unknown_extension_is_sniffed_unless_a_format_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dump.log");
        std::fs::write(&path, "\u{FEFF} \n{\"text\": \"x\"}\n").unwrap();
        let read = |format| {
            let options = ReadOptions {
                format,
                ..ReadOptions::default()
            };
            ArticleReader::open(std::slice::from_ref(&path), options)
                .unwrap()
                .map(|article| article.unwrap().text)
                .collect()
        };
        let sniffed: Vec<String> = read(None);
        assert_eq!(sniffed, ["x"]);
        assert_eq!(read(Some(Format::Text)), [" \n{\"text\": \"x\"}\n"]);
    }

    #[test]
    fn packed_files_are_read_as_what_is_inside() {
        let articles = read_files(
            &[
                ("a.txt.gz", &gzip(b"zero")),
                ("b.csv.zst", &zstd(b"text\none\n")),
                (
                    "c.jsonl.GZ",
                    &[gzip(b"{\"text\""), gzip(b": \"two\"}\n")].concat(),
                ),
                ("d.txt", &gzip(b"three")),
                ("e.jsonl.gz", b"{\"text\": \"four\"}"),
                ("f.pdf.gz", &gzip(b"no article")),
            ],
            ReadOptions::default(),
        );
        let read: Vec<_> = articles
            .into_iter()
            .map(|article| article.unwrap())
            .map(|a| (a.id, a.text))
            .collect();
        let gold = [
            ("a", "zero"),
            ("b:1", "one"),
            ("c:1", "two"),
            ("d", "three"),
            ("e:1", "four"),
        ];
        assert_eq!(
            read,
            gold.map(|(id, text)| (id.to_owned(), text.to_owned()))
        );
    }

    #[test]
    fn broken_packing_ends_its_file_only() {
        let lines = gzip(b"{\"text\": \"one\"}\n".repeat(9_000).as_slice());
        let articles = read_files(
            &[
                ("a.jsonl.gz", &lines[..lines.len() - 9]),
                ("b.txt.zst", &zstd(b"text")[..9]),
                ("c.txt.gz", &gzip(b"")),
                ("d.txt.gz", &gzip(b"read")),
            ],
            ReadOptions::default(),
        );
        let errors: Vec<_> = articles
            .iter()
            .filter_map(|article| article.as_ref().err())
            .collect();
        let gold = [
            "a.jsonl.gz: the gzip stream ends too early",
            "b.txt.zst: the Zstandard stream ends too early",
            "c.txt.gz: the file is empty",
        ];
        assert_eq!(errors, gold);
        assert!(articles.len() > 5_000, "lines before the end are read");
        assert_eq!(articles.last().unwrap().as_ref().unwrap().text, "read");
    }

    #[test]
    fn what_unpacks_to_too_much_is_not_held_in_memory() {
        let bomb = vec![b'x'; 3 * input::RECORD_LIMIT];
        let files = [("a.txt.gz", gzip(&bomb)), ("b.jsonl.zst", zstd(&bomb))];
        let files = files.each_ref().map(|(name, bytes)| (*name, &bytes[..]));
        assert!(files.iter().all(|(_, bytes)| bytes.len() < 300_000));
        assert_eq!(
            read_files(&files, ReadOptions::default()),
            [
                Err("a.txt.gz: line 1: record of more than 16777216 bytes".into()),
                Err("b.jsonl.zst: line 1: record of more than 16777216 bytes".into())
            ]
        );
    }

    #[test]
    fn packed_bytes_are_counted_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt.gz");
        let bytes = gzip(b"He denied it. ".repeat(500).as_slice());
        std::fs::write(&path, &bytes).unwrap();
        let mut reader = ArticleReader::open(&[path], ReadOptions::default()).unwrap();
        assert_eq!(reader.total_bytes(), Some(bytes.len() as u64));
        assert_eq!(reader.by_ref().filter_map(Result::ok).count(), 1);
        assert_eq!(reader.bytes_read(), bytes.len() as u64);
    }

    #[test]
    fn format_has_a_name() {
        assert_eq!("text".parse::<Format>().unwrap(), Format::Text);
        assert_eq!("ndjson".parse::<Format>().unwrap(), Format::Jsonl);
        let message = "parameter `format` is `doc`, but must be one of `text`, `jsonl`, `csv`, `tsv`, `html`, `warc`, `parquet`";
        assert_eq!("doc".parse::<Format>().unwrap_err().to_string(), message);
    }
}
