//! Bytes that may be packed → the bytes inside, told by how they begin.
//!
//! `1F 8B` begins gzip, `28 B5 2F FD` Zstandard; several members or frames one after another are read as one stream. All else
//! comes out as it is. Memory does not grow with what is inside: 32 KiB for gzip, and for Zstandard at most 128 MiB, which is
//! what its library grants a frame unless told otherwise.

use std::borrow::Cow;
use std::io::{self, BufReader, Chain, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// The extensions of packed files, which stand behind the extension of what is inside.
const EXTENSIONS: [&str; 2] = ["gz", "zst"];

/// A reader whose first bytes were read before, and are read again.
pub(crate) type Again<R> = Chain<Cursor<Vec<u8>>, R>;

/// The bytes inside.
pub(crate) enum Unpacked<R: Read> {
    Plain(Again<R>),
    Gzip(Box<MultiGzDecoder<Again<R>>>),
    Zstd(Box<zstd::Decoder<'static, BufReader<Again<R>>>>),
}

/// Looks at the first bytes of `input`.
///
/// # Errors
/// Those of `input`. What is broken is told by reading.
pub(crate) fn unpack<R: Read>(mut input: R) -> io::Result<Unpacked<R>> {
    let mut magic = Vec::new();
    input.by_ref().take(4).read_to_end(&mut magic)?;
    let (is_gzip, is_zstd) = (is_gzip(&magic), is_zstd(&magic));
    let input = Cursor::new(magic).chain(input);
    Ok(if is_gzip {
        Unpacked::Gzip(Box::new(MultiGzDecoder::new(input)))
    } else if is_zstd {
        Unpacked::Zstd(Box::new(zstd::Decoder::new(input)?))
    } else {
        Unpacked::Plain(input)
    })
}

/// Whether bytes that begin so are packed.
#[cfg(feature = "serve")]
pub(crate) fn is_packed(bytes: &[u8]) -> bool {
    is_gzip(bytes) || is_zstd(bytes)
}

fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1F\x8B")
}

/// Whether a frame begins so, or one that is to be skipped, which some packers write first.
fn is_zstd(bytes: &[u8]) -> bool {
    match bytes {
        [0x28, 0xB5, 0x2F, 0xFD, ..] => true,
        [first, 0x2A, 0x4D, 0x18, ..] => first & 0xF0 == 0x50,
        _ => false,
    }
}

/// The name of what is inside: `news.csv` for `news.csv.gz`.
pub(crate) fn name_inside(path: &Path) -> Cow<'_, Path> {
    let is_packed = path.extension().is_some_and(|extension| {
        EXTENSIONS
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    });
    if is_packed {
        Cow::Owned(path.with_extension(""))
    } else {
        Cow::Borrowed(path)
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(bytes) => bytes.read(buffer),
            Self::Gzip(bytes) => bytes.read(buffer).map_err(|e| broken("gzip", e)),
            Self::Zstd(bytes) => bytes.read(buffer).map_err(|e| broken("Zstandard", e)),
        }
    }
}

/// Says that a stream is broken, unless it was the system that refused to read on.
fn broken(packing: &str, error: io::Error) -> io::Error {
    let kind = error.kind();
    if error.raw_os_error().is_some() || kind == io::ErrorKind::Interrupted {
        return error;
    }
    let message = if kind == io::ErrorKind::UnexpectedEof {
        format!("the {packing} stream ends too early")
    } else {
        format!("the {packing} stream is broken ({error})")
    };
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;

    use super::*;

    pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn inside(bytes: &[u8]) -> std::result::Result<Vec<u8>, String> {
        let mut read = Vec::new();
        unpack(bytes)
            .and_then(|mut bytes| bytes.read_to_end(&mut read))
            .map_err(|error| error.to_string())?;
        Ok(read)
    }

    #[test]
    fn plain_bytes_come_out_as_they_are() {
        for bytes in [&b""[..], b"x", b"text that goes on", b"\x1Fx", b"(\xB5/x"] {
            assert_eq!(inside(bytes).unwrap(), bytes);
        }
    }

    #[test]
    fn members_and_frames_are_one_stream() {
        let long = b"He denied it. ".repeat(20_000);
        for pack in [gzip, zstd] {
            let packed = [pack(&long), pack(b""), pack(b"end")].concat();
            assert_eq!(inside(&packed).unwrap(), [&long[..], b"end"].concat());
        }
    }

    #[test]
    fn frames_to_be_skipped_are_skipped() {
        let packed = [&b"\x5A\x2A\x4D\x18\x03\0\0\0abc"[..], &zstd(b"text")].concat();
        assert_eq!(inside(&packed).unwrap(), b"text");
    }

    #[test]
    fn stream_that_ends_too_early_is_an_error() {
        let text = b"Officials said that they would not comment.";
        for (packed, packing) in [(gzip(text), "gzip"), (zstd(text), "Zstandard")] {
            for cut in [5, packed.len() / 2, packed.len() - 1] {
                let error = inside(&packed[..cut]).unwrap_err();
                assert_eq!(
                    error,
                    format!("the {packing} stream ends too early"),
                    "{cut}"
                );
            }
        }
    }

    #[test]
    fn changed_byte_is_an_error() {
        let text = b"Officials said that they would not comment.";
        for (mut packed, packing) in [(gzip(text), "gzip"), (zstd(text), "Zstandard")] {
            let checksum = packed.len() - if packing == "gzip" { 8 } else { 4 };
            packed[checksum] ^= 1;
            let error = inside(&packed).unwrap_err();
            let begin = format!("the {packing} stream is broken (");
            assert!(error.starts_with(&begin), "{error}");
        }
    }

    #[test]
    fn error_of_the_system_stays_as_it_is() {
        let error = broken("gzip", io::Error::from_raw_os_error(5));
        assert_eq!(error.raw_os_error(), Some(5));
    }

    #[test]
    fn name_inside_has_no_packing() {
        for (path, inside) in [
            ("a/news.csv.gz", "a/news.csv"),
            ("news.jsonl.ZST", "news.jsonl"),
            ("news.txt", "news.txt"),
            ("dump.gz", "dump"),
            (".gz", ".gz"),
        ] {
            assert_eq!(name_inside(Path::new(path)), Path::new(inside));
        }
    }
}
