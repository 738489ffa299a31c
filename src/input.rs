//! Path or stream → bytes of a text file whose beginning has been checked, and bytes → text.
//!
//! Every reader of the crate opens its files here: what is packed is unpacked, an empty file and a binary one are errors at
//! once, a byte order mark is dropped, and bytes that are not UTF-8, and NUL, become U+FFFD and are counted, never fatal. `"caf\xe9"` comes out as
//! `"caf\u{fffd}"`, one byte replaced.

pub(crate) mod json;
pub(crate) mod packed;

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use self::packed::{Again, Unpacked};
use crate::{Error, Result};

/// The most bytes of one record that a reader holds in memory.
pub(crate) const RECORD_LIMIT: usize = 16 << 20;

/// What standard input is called on the command line.
pub(crate) const STDIN: &str = "-";

/// How standard input is named in messages.
pub(crate) const STDIN_NAME: &str = "standard input";

/// Bytes at the beginning of a file that are searched for NUL.
const HEAD: u64 = 8 << 10;

/// The bytes of a text file, out of their packing.
pub(crate) type Checked<R> = Again<Unpacked<R>>;

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read + Send>> {
    if path.as_os_str() == STDIN {
        return Ok(Box::new(std::io::stdin()));
    }
    Ok(Box::new(File::open(path).map_err(Error::io(path))?))
}

/// The name of a file without folder and extensions, `stdin` for `-`: what ids begin with where records have none.
pub(crate) fn stem_of(path: &Path) -> String {
    if path.as_os_str() == STDIN {
        return "stdin".to_owned();
    }
    let name = packed::name_inside(path);
    let stem = name.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// Unpacks `input`, which is named `path` in errors, and checks that it is text.
///
/// # Errors
/// Those of [`begin`] and of [`check_text`].
pub(crate) fn check<R: Read>(path: &Path, input: R) -> Result<Checked<R>> {
    check_text(path, begin(path, input)?)
}

/// Unpacks `input`, which is named `path` in errors, and reads its first bytes.
///
/// # Errors
/// [`Error::EmptyFile`], [`Error::Io`].
pub(crate) fn begin<R: Read>(path: &Path, input: R) -> Result<Checked<R>> {
    let mut input = packed::unpack(input).map_err(Error::io(path))?;
    let mut head = Vec::new();
    input
        .by_ref()
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(Error::io(path))?;
    if head.is_empty() {
        return Err(Error::EmptyFile { path: path.into() });
    }
    Ok(Cursor::new(head).chain(input))
}

/// Looks at the beginning of a file, and drops a byte order mark.
///
/// # Errors
/// [`Error::Binary`] for a NUL within the first 8 KiB, [`Error::EmptyFile`] for a byte order mark alone.
pub(crate) fn check_text<R: Read>(path: &Path, bytes: Checked<R>) -> Result<Checked<R>> {
    let (head, input) = bytes.into_inner();
    let mut head = head.into_inner();
    if let Some(byte) = head.iter().position(|&byte| byte == 0) {
        let line = 1 + line_feeds(&head[..byte]);
        return Err(Error::Binary {
            path: path.into(),
            line,
            byte: byte as u64,
        });
    }
    if head.starts_with(b"\xEF\xBB\xBF") {
        head.drain(..3);
    }
    if head.is_empty() {
        return Err(Error::EmptyFile { path: path.into() });
    }
    Ok(Cursor::new(head).chain(input))
}

/// All bytes of a file that is one record.
///
/// # Errors
/// [`Error::RecordTooLong`], [`Error::Io`].
pub(crate) fn whole(path: &Path, bytes: impl Read) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    bytes
        .take(RECORD_LIMIT as u64 + 1)
        .read_to_end(&mut whole)
        .map_err(Error::io(path))?;
    if whole.len() > RECORD_LIMIT {
        return Err(Error::RecordTooLong {
            path: path.into(),
            line: 1,
            limit: RECORD_LIMIT,
        });
    }
    Ok(whole)
}

/// How many lines end within `bytes`.
pub(crate) fn line_feeds(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The text of `bytes`, and how many of them were replaced by U+FFFD: those that are not UTF-8, and NUL.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, usize) {
    match std::str::from_utf8(bytes) {
        Ok(text) if memchr::memchr(0, bytes).is_none() => (Cow::Borrowed(text), 0),
        _ => {
            let mut text = String::with_capacity(bytes.len() + 16);
            let replaced = bytes
                .utf8_chunks()
                .map(|chunk| push_chunk(&mut text, &chunk))
                .sum();
            (Cow::Owned(text), replaced)
        }
    }
}

fn push_chunk(text: &mut String, chunk: &std::str::Utf8Chunk<'_>) -> usize {
    let mut replaced = chunk.invalid().len();
    for (index, piece) in chunk.valid().split('\0').enumerate() {
        if index > 0 {
            text.push(char::REPLACEMENT_CHARACTER);
            replaced += 1;
        }
        text.push_str(piece);
    }
    if !chunk.invalid().is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    replaced
}

/// The lines of a file that are not blank, one at a time.
pub(crate) struct Lines<R> {
    path: PathBuf,
    bytes: BufReader<R>,
    line: Vec<u8>,
    number: u64,
    records: u64,
}

impl<R: Read> Lines<R> {
    /// The lines of `bytes`, which are named `path` in errors.
    pub(crate) fn new(path: PathBuf, bytes: R) -> Self {
        Self {
            path,
            bytes: BufReader::with_capacity(1 << 16, bytes),
            line: Vec::new(),
            number: 0,
            records: 0,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The line that was read last, with its line feed.
    pub(crate) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Its number in the file, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Its number among the lines that are not blank, from 1.
    pub(crate) fn records(&self) -> u64 {
        self.records
    }

    /// Reads the next line that is not blank; `false` at the end.
    ///
    /// # Errors
    /// [`Error::RecordTooLong`], after which reading can go on; [`Error::EmptyFile`] at the end when there was no line;
    /// [`Error::Io`].
    pub(crate) fn read(&mut self) -> Result<bool> {
        loop {
            self.line.clear();
            self.number += 1;
            let limit = RECORD_LIMIT as u64 + 1;
            let n = self
                .bytes
                .by_ref()
                .take(limit)
                .read_until(b'\n', &mut self.line)
                .map_err(Error::io(&self.path))?;
            if n == 0 {
                return self.end();
            }
            if n as u64 == limit && !self.line.ends_with(b"\n") {
                self.records += 1;
                self.bytes
                    .skip_until(b'\n')
                    .map_err(Error::io(&self.path))?;
                return Err(Error::RecordTooLong {
                    path: self.path.clone(),
                    line: self.number,
                    limit: RECORD_LIMIT,
                });
            }
            if !self.line.trim_ascii().is_empty() {
                self.records += 1;
                return Ok(true);
            }
        }
    }

    fn end(&self) -> Result<bool> {
        if self.records == 0 {
            return Err(Error::EmptyFile {
                path: self.path.clone(),
            });
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(bytes: &[u8]) -> Result<Vec<u8>> {
        let mut read = Vec::new();
        check(Path::new("a.txt"), bytes)?
            .read_to_end(&mut read)
            .unwrap();
        Ok(read)
    }

    #[test]
    fn byte_order_mark_is_dropped() {
        assert_eq!(checked(b"\xEF\xBB\xBFtext").unwrap(), b"text");
    }

    #[test]
    fn long_input_comes_out_whole() {
        let long = b"word ".repeat(10_000);
        assert_eq!(checked(&long).unwrap(), long);
    }

    #[test]
    fn empty_input_is_an_error() {
        for empty in [&b""[..], b"\xEF\xBB\xBF"] {
            assert_eq!(
                checked(empty).unwrap_err().to_string(),
                "a.txt: the file is empty"
            );
        }
    }

    #[test]
    fn early_nul_is_a_binary_file() {
        let message = "a.txt: line 2: not a text file (a NUL byte stands at byte 4)";
        assert_eq!(checked(b"one\n\0").unwrap_err().to_string(), message);
    }

    #[test]
    fn invalid_bytes_and_late_nuls_are_replaced_and_counted() {
        assert_eq!(decode(b"caf\xC3\xA9"), (Cow::Borrowed("café"), 0));
        assert_eq!(decode(b"caf\xE9."), (Cow::Borrowed("caf\u{FFFD}."), 1));
        assert_eq!(
            decode(b"a\0b\0\xFF"),
            (Cow::Borrowed("a\u{FFFD}b\u{FFFD}\u{FFFD}"), 3)
        );
        assert_eq!(
            decode(b"\xE2\x82 \xF0\x9F\x98"),
            (Cow::Borrowed("\u{FFFD} \u{FFFD}"), 5)
        );
    }
}
