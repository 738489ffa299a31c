//! Parquet → one article a row.
//!
//! The columns are those of the file and, in a Hive-partitioned folder, those of the path: the rows of
//! `outlet=Courier/part-0.parquet` have the outlet `Courier`. The text must be a column of text; values of any other type are read
//! as Arrow writes them out (`2021-03-04`, `17`, `[a, b]`), and null is an empty text. One batch of rows is held in memory.

use std::fmt::Display;
use std::fs::File;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ColumnChunkMetaData;

use super::{Article, Bytes, Columns, Source, Wanted};
use crate::input::RECORD_LIMIT;
use crate::input::packed::Unpacked;
use crate::{Error, Result};

/// Rows that are unpacked at a time.
const BATCH: usize = 256;

/// What Hive writes for null.
const HIVE_NULL: &str = "__HIVE_DEFAULT_PARTITION__";

/// The rows of a file.
pub(super) struct Rows {
    path: PathBuf,
    stem: String,
    text_column: String,
    file: File,
    metadata: ArrowReaderMetadata,
    columns: Columns<Option<Place>>,
    /// Columns that are none of those.
    other: Vec<(String, Place)>,
    /// The values of the columns that the path tells.
    partition: Vec<Option<String>>,
    /// The row group that comes next.
    group: usize,
    batches: Option<ParquetRecordBatchReader>,
    batch: Option<(RecordBatch, usize)>,
    /// Rows read so far.
    number: u64,
    bytes_read: Arc<AtomicU64>,
    finished: bool,
}

/// Where the value of a column is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    File(usize),
    Path(usize),
}

impl Rows {
    /// Reads the schema.
    ///
    /// # Errors
    /// [`Error::Parquet`] for what is no Parquet file, and for a column that is missing or holds no text.
    pub(super) fn new(
        source: Source,
        wanted: &Columns<Wanted>,
        bytes_read: Arc<AtomicU64>,
    ) -> Result<Self> {
        let file = seekable(&source.path, source.is_file, source.bytes)?;
        let Source { path, stem, .. } = source;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default())
            .map_err(|e| unusable(&path, &e))?;
        if !pages_are_inside(&metadata, &file) {
            return Err(unusable(&path, &"a page lies outside the file"));
        }
        let (names, partition): (Vec<_>, Vec<_>) = partition(&path).into_iter().unzip();
        let fields = metadata.schema().fields();
        let places: Vec<(String, Place)> = fields
            .iter()
            .enumerate()
            .map(|(column, field)| (field.name().clone(), Place::File(column)))
            .chain(
                names
                    .into_iter()
                    .enumerate()
                    .map(|(column, name)| (name, Place::Path(column))),
            )
            .collect();
        let columns = wanted.try_map(|wanted| {
            let place = places.iter().find(|(name, _)| *name == wanted.name);
            match place {
                None if wanted.required => Err(missing(&path, &wanted.name, &places)),
                place => Ok(place.map(|&(_, place)| place)),
            }
        })?;
        if let Some(Place::File(column)) = columns.text
            && !is_text(fields[column].data_type())
        {
            let (name, found) = (&wanted.text.name, fields[column].data_type());
            let problem = format!("column `{name}` holds {found} where text is needed");
            return Err(Error::Parquet { path, problem });
        }
        let used = columns.as_array();
        let mut other: Vec<(String, Place)> = Vec::new();
        for (name, place) in &places {
            // Where file and path have a column of the same name, that of the file counts.
            let is_known = other.iter().any(|(known, _)| known == name);
            if !used.contains(&&Some(*place)) && !is_known {
                other.push((name.clone(), *place));
            }
        }
        Ok(Self {
            path,
            stem,
            text_column: wanted.text.name.clone(),
            file,
            columns,
            other,
            metadata,
            partition,
            group: 0,
            batches: None,
            batch: None,
            number: 0,
            bytes_read,
            finished: false,
        })
    }

    fn read(&mut self) -> Result<Option<Article>> {
        loop {
            if let Some((batch, row)) = self.batch.take()
                && row < batch.num_rows()
            {
                let article = self.article(&batch, row);
                self.batch = Some((batch, row + 1));
                return article.map(Some);
            }
            if let Some(next) = self.batches.as_mut().and_then(Iterator::next) {
                self.batch = Some((next.map_err(|e| self.stop(&e))?, 0));
            } else if self.group < self.metadata.metadata().num_row_groups() {
                self.batches = Some(self.open_group()?);
            } else {
                return Ok(None);
            }
        }
    }

    fn open_group(&mut self) -> Result<ParquetRecordBatchReader> {
        let file = self.file.try_clone().map_err(Error::io(&self.path))?;
        let size = self
            .metadata
            .metadata()
            .row_group(self.group)
            .compressed_size();
        self.bytes_read
            .fetch_add(size.unsigned_abs(), Ordering::Relaxed);
        let batches =
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![self.group])
                .with_batch_size(BATCH)
                .build();
        self.group += 1;
        batches.map_err(|e| self.stop(&e))
    }

    /// The error that ends the file.
    fn stop(&mut self, error: &dyn Display) -> Error {
        self.finished = true;
        unusable(&self.path, error)
    }

    fn article(&mut self, batch: &RecordBatch, row: usize) -> Result<Article> {
        self.number += 1;
        let mut replaced = 0;
        let mut value = |place: Option<Place>| match place {
            None => Ok(None),
            Some(Place::Path(column)) => Ok(self.partition[column].clone()),
            Some(Place::File(column)) => self.value(batch.column(column), row, &mut replaced),
        };
        let Columns {
            text,
            id,
            title,
            date,
            outlet,
        } = self.columns.try_map(|&place| value(place))?;
        let mut other = Vec::new();
        for (name, place) in &self.other {
            other.push((name.clone(), value(Some(*place))?.unwrap_or_default()));
        }
        let filled = |field: Option<String>| field.filter(|field| !field.trim().is_empty());
        let text =
            text.ok_or_else(|| self.broken(format!("column `{}` is null", self.text_column)))?;
        Ok(Article {
            id: filled(id).unwrap_or_else(|| format!("{}:{}", self.stem, self.number)),
            date: filled(date),
            outlet: filled(outlet),
            title: filled(title),
            text,
            other,
            replaced,
        })
    }

    /// A value as text; `None` for null. NUL becomes U+FFFD.
    fn value(
        &self,
        column: &dyn Array,
        row: usize,
        replaced: &mut usize,
    ) -> Result<Option<String>> {
        if column.is_null(row) {
            return Ok(None);
        }
        let options = FormatOptions::default();
        let value = ArrayFormatter::try_new(column, &options)
            .and_then(|formatter| formatter.value(row).try_to_string())
            .map_err(|error| self.broken(error.to_string()))?;
        if value.len() > RECORD_LIMIT {
            return Err(self.broken(format!("a value of more than {RECORD_LIMIT} bytes")));
        }
        let nuls = memchr::memchr_iter(0, value.as_bytes()).count();
        *replaced += nuls;
        Ok(Some(if nuls > 0 {
            value.replace('\0', "\u{FFFD}")
        } else {
            value
        }))
    }

    fn broken(&self, problem: String) -> Error {
        Error::Record {
            path: self.path.clone(),
            record: self.number,
            problem,
        }
    }
}

impl Iterator for Rows {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        self.read().transpose()
    }
}

/// Whether the pages lie inside the file, which the reader takes for granted.
fn pages_are_inside(metadata: &ArrowReaderMetadata, file: &File) -> bool {
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let groups = metadata.metadata().row_groups();
    groups.iter().all(|group| {
        let is_inside = |column: &ColumnChunkMetaData| {
            let first = column.dictionary_page_offset();
            let starts = [first.unwrap_or_default(), column.data_page_offset()];
            starts.into_iter().all(|start| {
                let range = (
                    u64::try_from(start),
                    u64::try_from(column.compressed_size()),
                );
                let (Ok(start), Ok(length)) = range else {
                    return false;
                };
                length <= size && start <= size
            })
        };
        group.num_rows() >= 0 && group.columns().iter().all(is_inside)
    })
}

/// The file itself where it can be read from any place, else a copy of what comes out of it.
fn seekable(path: &Path, is_file: bool, mut bytes: Bytes) -> Result<File> {
    let is_plain = matches!(bytes.get_ref().1, Unpacked::Plain(_));
    if is_file && is_plain {
        return File::open(path).map_err(Error::io(path));
    }
    let copied = tempfile::tempfile().and_then(|mut copy| {
        io::copy(&mut bytes, &mut copy)?;
        Ok(copy)
    });
    copied.map_err(Error::io(path))
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

fn missing(path: &Path, column: &str, places: &[(String, Place)]) -> Error {
    let found: Vec<&str> = places.iter().map(|(name, _)| name.as_str()).collect();
    Error::Parquet {
        path: path.to_owned(),
        problem: format!("no column `{column}` (found {})", found.join(", ")),
    }
}

fn unusable(path: &Path, error: &dyn Display) -> Error {
    Error::Parquet {
        path: path.to_owned(),
        problem: format!("not a usable Parquet file ({error})"),
    }
}

/// The columns that a path tells: `year=2024/month=03/part.parquet` has the year `2024` and the month `03`.
fn partition(path: &Path) -> Vec<(String, Option<String>)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let names = folders.filter_map(|folder| match folder {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    names
        .filter_map(|name| name.split_once('='))
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| {
            let value = (value != HIVE_NULL).then(|| unescaped(value));
            (unescaped(name), value)
        })
        .collect()
}

/// `%` and two hexadecimal digits stand for a byte that no name of a folder can hold.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() {
            &after[2..]
        } else {
            after
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use arrow_array::types::Int32Type;
    use arrow_array::{
        ArrayRef, Date32Array, DictionaryArray, Int64Array, LargeStringArray, StringArray,
    };
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;

    use super::*;
    use crate::ArticleReader;
    use crate::article::{ReadOptions, read_files};
    use crate::input::packed::tests::gzip;

    /// A file with these columns, in row groups of two rows.
    fn file(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
        let batch = RecordBatch::try_from_iter(columns).unwrap();
        let properties = WriterProperties::builder()
            .set_max_row_group_row_count(Some(2))
            .build();
        let mut writer =
            ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
        writer.write(&batch).unwrap();
        writer.into_inner().unwrap()
    }

    fn texts(texts: &[Option<&str>]) -> ArrayRef {
        Arc::new(StringArray::from(texts.to_vec()))
    }

    fn read(name: &str, bytes: &[u8]) -> Vec<std::result::Result<Article, String>> {
        read_files(&[(name, bytes)], ReadOptions::default())
    }

    #[test]
    fn row_is_an_article() {
        let outlets: DictionaryArray<Int32Type> = vec![Some("Courier"), None, Some("Courier")]
            .into_iter()
            .collect();
        let bytes = file(vec![
            (
                "id",
                Arc::new(Int64Array::from(vec![Some(7), None, Some(9)])),
            ),
            (
                "text",
                Arc::new(LargeStringArray::from(vec!["He said\nno.", "two", "a\0b"])),
            ),
            (
                "date",
                Arc::new(Date32Array::from(vec![18_690, 18_691, 18_692])),
            ),
            ("outlet", Arc::new(outlets)),
            ("section", texts(&[Some("world"), None, Some("")])),
        ]);
        let other = |value: &str| vec![("section".to_owned(), value.to_owned())];
        let gold = [
            Article {
                id: "7".into(),
                date: Some("2021-03-04".into()),
                outlet: Some("Courier".into()),
                text: "He said\nno.".into(),
                other: other("world"),
                ..Article::default()
            },
            Article {
                id: "news:2".into(),
                date: Some("2021-03-05".into()),
                text: "two".into(),
                other: other(""),
                ..Article::default()
            },
            Article {
                id: "9".into(),
                date: Some("2021-03-06".into()),
                outlet: Some("Courier".into()),
                text: "a\u{FFFD}b".into(),
                other: other(""),
                replaced: 1,
                ..Article::default()
            },
        ];
        assert_eq!(read("news.parquet", &bytes), gold.map(Ok));
    }

    #[test]
    fn path_tells_columns() {
        let bytes = file(vec![
            ("text", texts(&[Some("x")])),
            ("month", texts(&[Some("May")])),
        ]);
        let name =
            "outlet=The%20Post/year=2024/month=03/empty=__HIVE_DEFAULT_PARTITION__/a.parquet";
        let article = read(name, &bytes).remove(0).unwrap();
        assert_eq!(article.outlet.as_deref(), Some("The Post"));
        let other = [("month", "May"), ("year", "2024"), ("empty", "")];
        assert_eq!(
            article.other,
            other.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(unescaped("100%, a%2Fb%"), "100%, a/b%");
    }

    #[test]
    fn row_without_text_is_passed_over_and_counted() {
        let bytes = file(vec![("text", texts(&[Some("one"), None, Some("three")]))]);
        let articles = read("news.parquet", &bytes);
        let null = "news.parquet: record 2: column `text` is null";
        assert_eq!(articles[1], Err(null.to_owned()));
        assert_eq!(articles[2].as_ref().unwrap().id, "news:3");
    }

    #[test]
    fn text_must_be_there_and_be_text() {
        let bytes = file(vec![("body", texts(&[Some("x")])), ("n", texts(&[None]))]);
        let missing = "news.parquet: no column `text` (found body, n)";
        assert_eq!(read("news.parquet", &bytes), [Err(missing.to_owned())]);
        let bytes = file(vec![("text", Arc::new(Int64Array::from(vec![5])))]);
        let number = "news.parquet: column `text` holds Int64 where text is needed";
        assert_eq!(read("news.parquet", &bytes), [Err(number.to_owned())]);
    }

    #[test]
    fn packed_file_without_extension_is_known_by_its_beginning() {
        let bytes = file(vec![("text", texts(&[Some("one"), Some("two")]))]);
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in [("a", bytes.clone()), ("b", gzip(&bytes))] {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            let articles = ArticleReader::open(&[path], ReadOptions::default()).unwrap();
            let texts: Vec<_> = articles.map(|article| article.unwrap().text).collect();
            assert_eq!(texts, ["one", "two"]);
        }
    }

    #[test]
    fn bytes_in_memory_are_not_looked_for_on_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        fs::write(&path, file(vec![("text", texts(&[Some("of the disk")]))])).unwrap();
        let bytes = file(vec![("text", texts(&[Some("of the memory")]))]);
        let name = path.to_str().unwrap();
        let mut articles = ArticleReader::from_bytes(name, bytes, ReadOptions::default());
        let article = articles.next().unwrap().unwrap();
        assert_eq!(article.text, "of the memory");
    }

    #[test]
    fn broken_files_are_errors() {
        let bytes = file(vec![(
            "text",
            texts(&[Some("one"), Some("two"), Some("three")]),
        )]);
        let unusable = "news.parquet: not a usable Parquet file (";
        for cut in [4, 20, bytes.len() / 2, bytes.len() - 1] {
            let articles = read("news.parquet", &bytes[..cut]);
            assert_eq!(articles.len(), 1);
            let error = articles[0].as_ref().unwrap_err();
            assert!(error.starts_with(unusable), "{error}");
        }
        // Changed bytes may give other texts, never a panic.
        for at in (0..bytes.len()).step_by(3) {
            let mut changed = bytes.clone();
            changed[at] ^= 0x55;
            let _ = read("news.parquet", &changed);
        }
        assert_eq!(
            read("news.parquet", b""),
            [Err("news.parquet: the file is empty".into())]
        );
    }

    #[test]
    fn bytes_of_row_groups_are_counted() {
        let bytes = file(vec![(
            "text",
            texts(&[Some("one"), Some("two"), Some("three")]),
        )]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.parquet");
        fs::write(&path, &bytes).unwrap();
        let mut reader = ArticleReader::open(&[path], ReadOptions::default()).unwrap();
        let at = |reader: &mut ArticleReader| {
            reader.next().unwrap().unwrap();
            reader.bytes_read()
        };
        let counts = [at(&mut reader), at(&mut reader), at(&mut reader)];
        assert!(
            counts[0] == counts[1] && counts[1] < counts[2],
            "{counts:?}"
        );
    }
}
