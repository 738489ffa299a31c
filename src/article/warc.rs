//! A web archive (WARC, as CC-NEWS has it) → one article for each page in it.
//!
//! Of the records, those of type `response` that hold a page (`text/html`, status 200) become articles: the id is the target
//! URI, the date is the page's own, else the day on which it was fetched. Other records, and pages without text, are passed over. A
//! record that is broken is an error; reading goes on with the next line that begins with `WARC/`.

use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;

use super::{Article, Bytes, Source, html};
use crate::input::packed::unpack;
use crate::input::{self, RECORD_LIMIT};
use crate::{Error, Result};

/// The most bytes of a header's line that are looked at.
const LINE_LIMIT: u64 = 64 << 10;

/// What every record begins with, before the version.
const MAGIC: &[u8] = b"WARC/";

/// The records of a file.
pub(super) struct Records {
    path: PathBuf,
    stem: String,
    bytes: BufReader<Bytes>,
    /// Records begun so far.
    number: u64,
    /// The first line of the next record, where it was found while looking for it.
    found: Option<Vec<u8>>,
    finished: bool,
}

/// What is needed of a record's header.
#[derive(Default)]
struct Header {
    kind: String,
    target: Option<String>,
    date: Option<String>,
    content_type: String,
    length: Option<u64>,
}

impl Records {
    pub(super) fn new(source: Source) -> Self {
        Self {
            path: source.path,
            stem: source.stem,
            bytes: BufReader::with_capacity(1 << 16, source.bytes),
            number: 0,
            found: None,
            finished: false,
        }
    }

    /// The article of the next record that has one.
    fn read(&mut self) -> Result<Option<Article>> {
        while let Some(header) = self.read_header()? {
            let length = header.length.unwrap_or_default();
            if !header.is_page() {
                self.skip(length)?;
                continue;
            }
            let block = self.read_block(length)?;
            if let Some(article) = self.article(header, &block)? {
                return Ok(Some(article));
            }
        }
        Ok(None)
    }

    /// The header of the next record, which has a length; `None` at the end.
    fn read_header(&mut self) -> Result<Option<Header>> {
        let first = loop {
            match self.read_line()? {
                None => return Ok(None),
                Some(line) if line.is_empty() => {}
                Some(line) => break line,
            }
        };
        self.number += 1;
        if !first.starts_with(MAGIC) {
            self.find_next()?;
            return Err(self.broken("it does not begin with `WARC/`"));
        }
        let mut header = Header::default();
        loop {
            match self.read_line()? {
                None => return Err(self.broken("it ends in its header")),
                Some(line) if line.is_empty() => break,
                Some(line) => header.take(&line),
            }
        }
        if header.length.is_none() {
            self.find_next()?;
            return Err(self.broken("its header has no Content-Length"));
        }
        Ok(Some(header))
    }

    /// A line without its end; `None` at the end of the file. A longer one comes in pieces.
    fn read_line(&mut self) -> Result<Option<Vec<u8>>> {
        if let Some(line) = self.found.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let read = self
            .bytes
            .by_ref()
            .take(LINE_LIMIT)
            .read_until(b'\n', &mut line);
        let n = self.checked(read)?;
        self.finished = n == 0;
        line.truncate(line.trim_ascii_end().len());
        Ok((n > 0).then_some(line))
    }

    /// Reads up to the next line that begins a record.
    fn find_next(&mut self) -> Result<()> {
        while let Some(line) = self.read_line()? {
            if line.starts_with(MAGIC) {
                self.found = Some(line);
                return Ok(());
            }
        }
        Ok(())
    }

    fn skip(&mut self, length: u64) -> Result<()> {
        let read = io::copy(&mut self.bytes.by_ref().take(length), &mut io::sink());
        let n = self.checked(read)?;
        self.whole(n, length)
    }

    fn read_block(&mut self, length: u64) -> Result<Vec<u8>> {
        if length > RECORD_LIMIT as u64 {
            self.skip(length)?;
            return Err(self.broken(&format!("it has more than {RECORD_LIMIT} bytes")));
        }
        let mut block = Vec::new();
        let read = self.bytes.by_ref().take(length).read_to_end(&mut block);
        let n = self.checked(read)?;
        self.whole(n as u64, length)?;
        Ok(block)
    }

    /// An error of the input ends the file.
    fn checked<T>(&mut self, read: io::Result<T>) -> Result<T> {
        read.map_err(|error| {
            self.finished = true;
            Error::io(&self.path)(error)
        })
    }

    fn whole(&mut self, read: u64, length: u64) -> Result<()> {
        if read == length {
            return Ok(());
        }
        self.finished = true;
        Err(self.broken("it ends before its Content-Length"))
    }

    fn broken(&self, problem: &str) -> Error {
        Error::Record {
            path: self.path.clone(),
            record: self.number,
            problem: problem.to_owned(),
        }
    }

    /// The article in the answer of a server; `None` when it is no page, or has no text.
    fn article(&self, header: Header, block: &[u8]) -> Result<Option<Article>> {
        let answer = Answer::of(block).ok_or_else(|| self.broken("it holds no HTTP header"))?;
        if !answer.is_page() {
            return Ok(None);
        }
        let body = answer.body().map_err(|problem| self.broken(&problem))?;
        let (html, replaced) = input::decode(&body);
        Ok(html::page(&html).map(|page| Article {
            id: header
                .target
                .unwrap_or_else(|| format!("{}:{}", self.stem, self.number)),
            date: page.date.or(header.date),
            replaced,
            ..page
        }))
    }
}

impl Iterator for Records {
    type Item = Result<Article>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        self.read().transpose()
    }
}

impl Header {
    fn take(&mut self, line: &[u8]) {
        let Some((name, value)) = field(line) else {
            return;
        };
        match name.as_str() {
            "warc-type" => self.kind = value,
            // Some writers put the URI between `<` and `>`.
            "warc-target-uri" => {
                self.target = Some(value.trim_matches(['<', '>']).to_owned());
            }
            "warc-date" => self.date = Some(value),
            "content-type" => self.content_type = value,
            "content-length" => self.length = value.parse().ok(),
            _ => {}
        }
    }

    fn is_page(&self) -> bool {
        self.kind.eq_ignore_ascii_case("response")
            && is_type(&self.content_type, "application/http")
    }
}

/// Name, in small letters, and value of a header's line.
fn field(line: &[u8]) -> Option<(String, String)> {
    let line = String::from_utf8_lossy(line);
    let (name, value) = line.split_once(':')?;
    Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

/// Whether a content type is this one, whatever its parameters.
fn is_type(content_type: &str, known: &str) -> bool {
    let bare = content_type.split(';').next().unwrap_or_default();
    bare.trim().eq_ignore_ascii_case(known)
}

/// The answer of a server, as it was sent.
struct Answer<'a> {
    status: String,
    content_type: String,
    content_encoding: String,
    chunked: bool,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    fn of(block: &'a [u8]) -> Option<Self> {
        let (head, body) = ["\r\n\r\n", "\n\n"].into_iter().find_map(|gap| {
            let at = memchr::memmem::find(block, gap.as_bytes())?;
            Some((&block[..at], &block[at + gap.len()..]))
        })?;
        let mut lines = head.split(|&byte| byte == b'\n');
        let first = lines.next().filter(|line| line.starts_with(b"HTTP/"))?;
        let mut answer = Self {
            status: String::from_utf8_lossy(first)
                .split_whitespace()
                .nth(1)?
                .to_owned(),
            content_type: String::new(),
            content_encoding: String::new(),
            chunked: false,
            body,
        };
        for (name, value) in lines.filter_map(field) {
            match name.as_str() {
                "content-type" => answer.content_type = value,
                "content-encoding" => answer.content_encoding = value.to_ascii_lowercase(),
                "transfer-encoding" => answer.chunked = value.eq_ignore_ascii_case("chunked"),
                _ => {}
            }
        }
        Some(answer)
    }

    fn is_page(&self) -> bool {
        let types = ["text/html", "application/xhtml+xml"];
        self.status == "200" && types.iter().any(|known| is_type(&self.content_type, known))
    }

    /// The page: chunks joined and unpacked, where the archive left them as they were sent.
    ///
    /// # Errors
    /// What is wrong with the record.
    fn body(&self) -> std::result::Result<Vec<u8>, String> {
        let joined = self.chunked.then(|| joined(self.body)).flatten();
        let body = joined.as_deref().unwrap_or(self.body);
        let mut page = Vec::new();
        let n = unpack(body)
            .map(|page| page.take(RECORD_LIMIT as u64 + 1))
            .and_then(|mut bytes| bytes.read_to_end(&mut page))
            .map_err(|error| error.to_string())?;
        let is_plain = n == body.len() && page.contains(&b'<');
        match self.content_encoding.as_str() {
            _ if n > RECORD_LIMIT => Err(format!("its page has more than {RECORD_LIMIT} bytes")),
            "br" | "deflate" if !is_plain => {
                Err(format!("its page is packed as `{}`", self.content_encoding))
            }
            _ => Ok(page),
        }
    }
}

/// The chunks of a body, joined; `None` when it is none of chunks: many archives keep the header, but not the chunks.
fn joined(mut body: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::new();
    loop {
        let end = memchr::memchr(b'\n', body)?;
        let size = std::str::from_utf8(&body[..end]).ok()?;
        let size = size.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        let rest = &body[end + 1..];
        if size == 0 {
            return Some(joined);
        }
        joined.extend_from_slice(rest.get(..size)?);
        body = rest[size..].trim_ascii_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ReadOptions, read_files};
    use crate::input::packed::tests::gzip;

    const PAGE: &str = "<html><head><title>Talks</title></head><body><p>Ruritania denied the charge.</p></body></html>";

    fn record(kind: &str, more: &str, block: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2021-03-04T05:06:07Z\r\n{more}\
             Content-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    }

    fn answer(head: &str, body: &[u8]) -> Vec<u8> {
        [b"HTTP/1.1 ", head.as_bytes(), b"\r\n\r\n", body].concat()
    }

    fn response(target: &str, head: &str, body: &[u8]) -> Vec<u8> {
        let more = format!(
            "WARC-Target-URI: {target}\r\nContent-Type: application/http; msgtype=response\r\n"
        );
        record("response", &more, &answer(head, body))
    }

    fn page(target: &str) -> Vec<u8> {
        response(
            target,
            "200 OK\r\nContent-Type: text/html; charset=UTF-8",
            PAGE.as_bytes(),
        )
    }

    /// Ids of articles, or errors.
    fn ids(bytes: &[u8]) -> Vec<String> {
        read(bytes)
            .into_iter()
            .map(|article| article.map_or_else(|error| error, |article| article.id))
            .collect()
    }

    fn read(bytes: &[u8]) -> Vec<std::result::Result<Article, String>> {
        read_files(&[("news.warc", bytes)], ReadOptions::default())
    }

    #[test]
    fn page_of_a_response_is_an_article() {
        let gold = Article {
            id: "https://news.example/a?b=c".into(),
            date: Some("2021-03-04T05:06:07Z".into()),
            title: Some("Talks".into()),
            text: "Ruritania denied the charge.".into(),
            ..Article::default()
        };
        assert_eq!(read(&page("<https://news.example/a?b=c>")), [Ok(gold)]);
    }

    #[test]
    fn date_of_the_page_comes_before_that_of_the_archive() {
        let meta = "<meta property=\"article:published_time\" content=\"2020-12-31\"></head>";
        let page = PAGE.replace("</head>", meta);
        let bytes = response("u", "200 OK\r\nContent-Type: text/html", page.as_bytes());
        let article = read(&bytes).remove(0).unwrap();
        assert_eq!(article.date.as_deref(), Some("2020-12-31"));
    }

    #[test]
    fn other_records_are_passed_over() {
        let http = "Content-Type: application/http; msgtype=request\r\n";
        let records = [
            record(
                "warcinfo",
                "Content-Type: application/warc-fields\r\n",
                b"software: x\r\n\0",
            ),
            record("request", http, b"GET / HTTP/1.1\r\n\r\n"),
            page("one"),
            response(
                "image",
                "200 OK\r\nContent-Type: image/png",
                b"\x89PNG\r\n\0WARC/1.0\r\n",
            ),
            response(
                "gone",
                "404 Not Found\r\nContent-Type: text/html",
                PAGE.as_bytes(),
            ),
            response("empty", "200 OK\r\nContent-Type: text/html", b""),
            record("metadata", "", b"x"),
            page("two"),
        ];
        assert_eq!(ids(&records.concat()), ["one", "two"]);
    }

    #[test]
    fn archive_of_gzip_members_is_read() {
        let members = [
            gzip(&record("warcinfo", "", b"x")),
            gzip(&page("one")),
            gzip(&page("two")),
        ];
        let articles = read_files(
            &[("a.warc.gz", members.concat().as_slice())],
            ReadOptions::default(),
        );
        let ids: Vec<_> = articles
            .into_iter()
            .map(|article| article.unwrap().id)
            .collect();
        assert_eq!(ids, ["one", "two"]);
    }

    #[test]
    fn broken_records_are_reported_and_reading_goes_on() {
        let lying = String::from_utf8(page("lying")).unwrap();
        let lying = lying.replace("Content-Length: ", "Content-Length: 2\r\nX: ");
        let bytes = [
            page("one"),
            b"WARC/1.0\r\nWARC-Type: response\r\n\r\nno length\r\n\r\n".to_vec(),
            page("two"),
            b"garbage\r\nmore\r\n".to_vec(),
            page("three"),
            record(
                "response",
                "Content-Type: application/http\r\n",
                b"no header",
            ),
            lying.into_bytes(),
            page("four"),
        ];
        assert_eq!(
            ids(&bytes.concat()),
            [
                "one",
                "news.warc: record 2: its header has no Content-Length",
                "two",
                "news.warc: record 4: it does not begin with `WARC/`",
                "three",
                "news.warc: record 6: it holds no HTTP header",
                "news.warc: record 7: it holds no HTTP header",
                "news.warc: record 8: it does not begin with `WARC/`",
                "four"
            ]
        );
    }

    #[test]
    fn archive_that_is_cut_off_is_an_error() {
        let bytes = [page("one"), page("two")].concat();
        let cut = |at: usize| ids(&bytes[..at]);
        let end = "news.warc: record 2: it ends before its Content-Length";
        assert_eq!(cut(bytes.len() - 20), ["one", end]);
        let header = "news.warc: record 2: it ends in its header";
        assert_eq!(cut(bytes.len() / 2 + 30), ["one", header]);
    }

    #[test]
    fn too_long_page_is_an_error_and_not_held_in_memory() {
        let long = vec![b'x'; RECORD_LIMIT + 1];
        let bytes = [
            response("long", "200 OK\r\nContent-Type: text/html", &long),
            response("image", "200 OK\r\nContent-Type: image/png", b"x"),
            page("two"),
        ];
        assert_eq!(
            ids(&bytes.concat()),
            [
                "news.warc: record 1: it has more than 16777216 bytes",
                "two"
            ]
        );
    }

    #[test]
    fn page_is_read_as_it_was_sent() {
        let html = "200 OK\r\nContent-Type: text/html\r\n";
        let (begin, end) = PAGE.split_at(40);
        let chunks = format!(
            "{:x}\r\n{begin}\r\n{:X};x=1\r\n{end}\r\n0\r\n\r\n",
            begin.len(),
            end.len()
        );
        for (head, body) in [
            ("Transfer-Encoding: chunked", chunks.clone().into_bytes()),
            ("Transfer-Encoding: chunked", PAGE.into()), // many archives join the chunks and keep the header
            ("Content-Encoding: gzip", gzip(PAGE.as_bytes())),
            ("Content-Encoding: br", PAGE.into()),
        ] {
            let bytes = response("u", &format!("{html}{head}"), &body);
            let article = read(&bytes).remove(0).unwrap();
            assert_eq!(article.text, "Ruritania denied the charge.", "{head}");
        }
        let bytes = response("u", &format!("{html}Content-Encoding: br"), b"\x1b\x03");
        assert_eq!(
            ids(&bytes),
            ["news.warc: record 1: its page is packed as `br`"]
        );
    }
}
