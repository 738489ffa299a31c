//! CSV or TSV bytes → records, one at a time, each with the line on which it starts.
//!
//! For `text,labels⏎"He said⏎no",denial⏎` the header is `text`, `labels`, and the only row starts in line 2 and holds
//! `He said⏎no` and `denial`. RFC 4180, any delimiter; blank lines are skipped.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Terminator};

use crate::input::packed::name_inside;
use crate::input::{self, Checked, RECORD_LIMIT};
use crate::{Error, Result};

/// The delimiter that goes with a file's extension: a tab for `.tsv`, else a comma.
pub(crate) fn delimiter_of(path: &Path) -> u8 {
    let tabs = name_inside(path)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("tsv"));
    if tabs { b'\t' } else { b',' }
}

/// A reader of records.
pub(crate) struct Table<R: Read> {
    path: PathBuf,
    reader: csv::Reader<Feed<Checked<R>>>,
    header: Vec<String>,
    record: ByteRecord,
    finished: bool,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// The line on which it starts, from 1.
    pub(crate) line: u64,
    record: &'a ByteRecord,
}

impl<'a> Row<'a> {
    /// A field, and how many bytes of it were replaced by U+FFFD.
    pub(crate) fn get(self, column: usize) -> (Cow<'a, str>, usize) {
        input::decode(&self.record[column])
    }
}

impl<R: Read> Table<R> {
    /// Reads the header of `input`, which is named `path` in errors.
    ///
    /// # Errors
    /// [`Error::EmptyFile`], [`Error::Binary`], and what ends [`Table::next_row`].
    pub(crate) fn new(path: &Path, input: R, delimiter: u8) -> Result<Self> {
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .terminator(Terminator::Any(b'\n'))
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_reader(Feed::new(input::check(path, input)?));
        let mut table = Self {
            path: path.into(),
            reader,
            header: Vec::new(),
            record: ByteRecord::new(),
            finished: false,
        };
        if table.read_record()?.is_none() {
            return Err(Error::EmptyFile { path: table.path });
        }
        table.header = table
            .record
            .iter()
            .map(|name| input::decode(name).0.trim().to_owned())
            .collect();
        Ok(table)
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The first column of this name.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|known| known == name)
    }

    /// The first column of this name.
    ///
    /// # Errors
    /// [`Error::MissingColumn`].
    pub(crate) fn require(&self, name: &str) -> Result<usize> {
        self.column(name).ok_or_else(|| Error::MissingColumn {
            path: self.path.clone(),
            line: 1,
            column: name.to_owned(),
            found: self.header.join(", "),
        })
    }

    /// The next record, or `None` at the end.
    ///
    /// # Errors
    /// [`Error::RaggedRow`] concerns one record: the next call goes on after it. [`Error::UnclosedQuote`],
    /// [`Error::RecordTooLong`] and [`Error::Io`] end the file: the next call returns `None`.
    pub(crate) fn next_row(&mut self) -> Result<Option<Row<'_>>> {
        let Some(line) = self.read_record()? else {
            return Ok(None);
        };
        let (expected, found) = (self.header.len(), self.record.len());
        if expected != found {
            return Err(Error::RaggedRow {
                path: self.path.clone(),
                line,
                expected,
                found,
            });
        }
        Ok(Some(Row {
            line,
            record: &self.record,
        }))
    }

    /// Reads the next record that is no blank line, and returns the line on which it starts.
    fn read_record(&mut self) -> Result<Option<u64>> {
        while !self.finished {
            let line = self
                .read_any_record()
                .inspect_err(|_| self.finished = true)?;
            if self.record.len() != 1 || !self.record[0].trim_ascii().is_empty() {
                return Ok(line);
            }
        }
        Ok(None)
    }

    fn read_any_record(&mut self) -> Result<Option<u64>> {
        self.reader.get_mut().budget = RECORD_LIMIT;
        let line_before = self.reader.position().line();
        if let Err(error) = self.reader.read_byte_record(&mut self.record) {
            return Err(self.reading_error(error, line_before));
        }
        // Every record ends with a line feed (the sentinel has one), which was counted: so the line on which it starts
        // is exact, however many blank lines were skipped before it.
        let inside = input::line_feeds(self.record.as_slice());
        let line = self.reader.position().line().saturating_sub(1 + inside);
        if self.reader.get_ref().is_past(self.reader.position().byte()) {
            return self.end(line);
        }
        self.drop_carriage_return();
        Ok(Some(line))
    }

    /// What was read reaches into the sentinel: the end, unless a quoted field swallowed it.
    fn end(&mut self, line: u64) -> Result<Option<u64>> {
        self.finished = true;
        if self.record.len() == 1 && self.record[0] == *SENTINEL.trim_ascii() {
            return Ok(None);
        }
        // The field swallowed the line feeds around the sentinel's text, but the record ended without one.
        Err(Error::UnclosedQuote {
            path: self.path.clone(),
            line: line + 1,
        })
    }

    /// Lines that end with CR LF leave the CR on their last field.
    fn drop_carriage_return(&mut self) {
        let Some(last) = self.record.len().checked_sub(1) else {
            return;
        };
        if let Some(shorter) = self.record[last].strip_suffix(b"\r") {
            let shorter = shorter.to_vec();
            self.record.truncate(last);
            self.record.push_field(&shorter);
        }
    }

    fn reading_error(&self, error: csv::Error, line: u64) -> Error {
        let path = self.path.clone();
        if self.reader.get_ref().budget == 0 {
            return Error::RecordTooLong {
                path,
                line,
                limit: RECORD_LIMIT,
            };
        }
        let source = match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            other => std::io::Error::other(format!("{other:?}")),
        };
        Error::Io { path, source }
    }
}

/// A row after the last: when it does not come out as a row of its own, a quoted field is still open.
const SENTINEL: &[u8] = b"\n\x00end of rejoinder input\x00\n";

/// Hands on an input and then the sentinel, but no more bytes at a time than the budget of a record.
struct Feed<R> {
    input: R,
    budget: usize,
    /// Bytes handed on of the input, and of the sentinel.
    given: (u64, usize),
}

impl<R> Feed<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            budget: RECORD_LIMIT,
            given: (0, 0),
        }
    }

    /// Whether a reader at byte `offset` has read into the sentinel's text.
    fn is_past(&self, offset: u64) -> bool {
        self.given.1 > 0 && offset > self.given.0 + 1
    }
}

impl<R: Read> Read for Feed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.budget == 0 {
            return Err(std::io::Error::other("record too long"));
        }
        let room = buffer.len().min(self.budget);
        let mut n = 0;
        if self.given.1 == 0 {
            n = self.input.read(&mut buffer[..room])?;
            self.given.0 += n as u64;
        }
        if n == 0 {
            n = (&SENTINEL[self.given.1..]).read(&mut buffer[..room])?;
            self.given.1 += n;
        }
        self.budget -= n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(bytes: &[u8]) -> Result<Table<&[u8]>> {
        Table::new(Path::new("a.csv"), bytes, b',')
    }

    /// Rows as `line: field|field`, errors as their text.
    fn rows(bytes: &[u8]) -> Vec<String> {
        let mut table = table(bytes).unwrap();
        let mut rows = Vec::new();
        loop {
            let columns = table.header().len();
            match table.next_row() {
                Ok(None) => return rows,
                Ok(Some(row)) => {
                    let fields: Vec<_> = (0..columns).map(|column| row.get(column).0).collect();
                    rows.push(format!("{}: {}", row.line, fields.join("|")));
                }
                Err(error) => rows.push(error.to_string()),
            }
        }
    }

    #[test]
    fn rows_know_the_line_on_which_they_start() {
        assert_eq!(
            rows(b"a,b\n1,2\n\n\n\"3\n3\",4\n5,\"6\n\"\n"),
            ["2: 1|2", "5: 3\n3|4", "7: 5|6\n"]
        );
    }

    #[test]
    fn windows_lines_are_lines() {
        assert_eq!(
            rows(b"a,b\r\n1,2\r\n\r\n\"3\r\n3\",\"4\"\r\n5,\"\"\r\n"),
            ["2: 1|2", "4: 3\r\n3|4", "6: 5|"]
        );
        assert_eq!(table(b"a,b\r\n").unwrap().header(), ["a", "b"]);
    }

    #[test]
    fn last_row_needs_no_line_feed() {
        assert_eq!(rows(b"a,b\n1,2"), ["2: 1|2"]);
        assert_eq!(rows(b"a,b\n1,\"2\""), ["2: 1|2"]);
        assert_eq!(rows(b"a,b"), [""; 0]);
        assert_eq!(rows(b"a,b\n\n\n"), [""; 0]);
    }

    #[test]
    fn ragged_row_is_reported_and_reading_goes_on() {
        let ragged = "a.csv: line 3: 3 fields where the header has 2";
        assert_eq!(
            rows(b"a,b\n1,2\n3,4,5\n6,7\n"),
            ["2: 1|2", ragged, "4: 6|7"]
        );
    }

    #[test]
    fn unclosed_quote_is_reported_where_it_opens() {
        let unclosed = "a.csv: line 3: a quoted field opens in this row and never closes";
        assert_eq!(rows(b"a,b\n1,2\n3,\"4\n5,6\n"), ["2: 1|2", unclosed]);
        assert_eq!(rows(b"a,b\n1,2\n\"3"), ["2: 1|2", unclosed]);
        assert_eq!(rows(b"a,b\n1,2\n\"3\n"), ["2: 1|2", unclosed]);
        assert_eq!(rows(b"a\n1\n\"\n\n\n\n"), ["2: 1", unclosed]);
    }

    #[test]
    fn too_long_record_ends_the_file() {
        let mut bytes = b"a,b\n1,2\n3,".to_vec();
        bytes.resize(RECORD_LIMIT + (1 << 18), b'x');
        bytes.extend_from_slice(b"\n5,6\n");
        assert_eq!(
            rows(&bytes),
            [
                "2: 1|2",
                "a.csv: line 3: record of more than 16777216 bytes"
            ]
        );
    }

    #[test]
    fn long_record_within_the_limit_is_read() {
        let mut bytes = b"a,b\n1,2\n3,".to_vec();
        bytes.resize(RECORD_LIMIT, b'x');
        bytes.extend_from_slice(b"\n5,6\n");
        assert_eq!(rows(&bytes).len(), 3);
    }

    #[test]
    fn missing_column_names_those_found() {
        let error = table(b" a ,b\n").unwrap().require("text").unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.csv: line 1: no column `text` (found a, b)"
        );
    }

    #[test]
    fn table_without_header_is_empty() {
        for bytes in [&b""[..], b"\n\r\n", b"\xEF\xBB\xBF\n"] {
            assert_eq!(
                table(bytes).err().unwrap().to_string(),
                "a.csv: the file is empty"
            );
        }
    }

    #[test]
    fn read_error_is_reported_with_the_path() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("disk on fire"))
            }
        }
        let mut table = Table::new(
            Path::new("a.csv"),
            std::io::Cursor::new(b"a,b\n".repeat(3000)).chain(Broken),
            b',',
        )
        .unwrap();
        let error = std::iter::repeat_with(|| table.next_row().map(|row| row.is_some()))
            .find_map(Result::err)
            .unwrap();
        assert_eq!(error.to_string(), "a.csv: disk on fire");
    }

    #[test]
    fn replaced_bytes_are_counted() {
        let bytes = [&b"a,b\n"[..], &[b'x'; 9000], b"\0,caf\xE9\n"].concat();
        let mut table = table(&bytes).unwrap();
        let row = table.next_row().unwrap().unwrap();
        assert_eq!((row.get(0).1, row.get(1)), (1, ("caf\u{FFFD}".into(), 1)));
    }

    #[test]
    fn tabs_part_the_fields_of_tsv() {
        let delimiter = delimiter_of(Path::new("a.TSV"));
        assert_eq!(delimiter_of(Path::new("a.tsv.gz")), delimiter);
        let table = Table::new(Path::new("a.TSV"), &b"a,b\tc\n"[..], delimiter).unwrap();
        assert_eq!(table.header(), ["a,b", "c"]);
    }

    proptest! {
        #[test]
        fn what_csv_writes_is_read_back(records in prop::collection::vec(["[a\",\n\r ]{0,6}x", "[a\",\n ]{0,5}y"], 1..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(["a", "b"]).unwrap();
            for record in &records {
                writer.write_record(record).unwrap();
            }
            let bytes = writer.into_inner().unwrap();
            let mut line = 2;
            let mut gold = Vec::new();
            for record in &records {
                gold.push(format!("{line}: {}|{}", record[0], record[1]));
                line += 1 + record.concat().matches('\n').count();
            }
            prop_assert_eq!(rows(&bytes), gold);
        }
    }
}
