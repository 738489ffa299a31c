//! Output that a later run can go on with, after one that was killed.
//!
//! Output files appear whole or not at all. Until then the output of `claims.csv` stands in `claims.csv.part`, and beside it in
//! `claims.csv.journal` a line for each portion: the hash of the articles that it came of, its length and its own hash.
//! A later run reads the same articles, passes over those whose portions are there, and appends the others, so that in the end the
//! bytes are those of a run that was never killed. What was half written is found by its hash and written anew.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Take, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Article, Error, Result};

/// What a journal begins with; the number is that of its form.
const MAGIC: &str = "rejoinder-journal-1";

/// A hash of content: the first half of its SHA-256, in hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentHash(String);

impl ContentHash {
    /// The hash of articles, with all of their columns, and of records that could not be read.
    pub fn of_articles(articles: &[Result<Article>]) -> Self {
        let mut hash = Sha256::new();
        let mut add = |field: Option<&str>| {
            // Lengths before texts: no two lists of fields have the same bytes.
            hash.update(
                field
                    .map_or(u64::MAX, |text| text.len() as u64)
                    .to_le_bytes(),
            );
            hash.update(field.unwrap_or_default());
        };
        for article in articles {
            let article = match article {
                Ok(article) => article,
                Err(error) => {
                    add(Some(&error.to_string()));
                    continue;
                }
            };
            add(Some(&article.id));
            add(article.date.as_deref());
            add(article.outlet.as_deref());
            add(article.title.as_deref());
            add(Some(&article.text));
            for (name, value) in &article.other {
                add(Some(name));
                add(Some(value));
            }
            add(None);
        }
        Self::of(hash)
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        Self::of(Sha256::new_with_prefix(bytes))
    }

    fn of(hash: Sha256) -> Self {
        let digits = hash.finalize();
        let hex = |hex: String, byte: &u8| hex + &format!("{byte:02x}");
        Self(digits[..16].iter().fold(String::new(), hex))
    }
}

/// An output in the making that survives a kill.
#[derive(Debug)]
pub struct ResumedFile {
    /// Where the output will stand.
    output: PathBuf,
    part: File,
    journal: File,
}

/// The articles of the portions that are there already, in their order.
#[derive(Debug)]
pub struct DonePortions {
    journal: PathBuf,
    lines: io::Lines<BufReader<Take<File>>>,
}

/// A line of a journal.
struct Portion {
    articles: ContentHash,
    length: u64,
    hash: ContentHash,
}

impl ResumedFile {
    /// Goes on with the output that will stand at `output`, or begins it with `header`. `settings` is all that decides what is
    /// written, besides the articles.
    ///
    /// # Errors
    /// [`Error::Resume`] when another run is at work on it, or one with other settings began it; [`Error::Io`].
    pub fn open(output: &Path, settings: &[u8], header: &[u8]) -> Result<(Self, DonePortions)> {
        let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
        let [part_path, path] = ["part", "journal"].map(|name| beside(&output, name));
        let [part, journal] = [&part_path, &path].map(|path| {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(path);
            file.map_err(Error::io(path))
        });
        let (mut part, mut journal) = (part?, journal?);
        lock(&journal, &path)?;
        let first = format!("{MAGIC} {}\n", ContentHash::of_bytes(settings).0);
        let mut begin = Vec::new();
        (&journal)
            .take(first.len() as u64)
            .read_to_end(&mut begin)
            .map_err(Error::io(&path))?;
        let is_whole = begin.ends_with(b"\n");
        if is_whole && begin != first.as_bytes() {
            return Err(Error::Resume {
                path,
                problem: "was begun with another model, other settings or another version: remove it to begin anew",
            });
        }
        let sound = if is_whole {
            sound(&mut part, &journal, header).map_err(Error::io(&part_path))?
        } else {
            None
        };
        let sound = match sound {
            Some(sound) => sound,
            None => {
                begin_anew(&mut part, &mut journal, header, &first).map_err(Error::io(&path))?
            }
        };
        cut(&mut part, sound.part).map_err(Error::io(&part_path))?;
        cut(&mut journal, sound.journal).map_err(Error::io(&path))?;
        let done = done(&path, first.len() as u64, &sound).map_err(Error::io(&path))?;
        let file = Self {
            output,
            part,
            journal,
        };
        Ok((file, done))
    }

    /// Appends the portion that came of articles with this hash.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn append(&mut self, articles: &ContentHash, portion: &[u8]) -> Result<()> {
        let hash = ContentHash::of_bytes(portion);
        let line = format!("{} {} {}\n", articles.0, portion.len(), hash.0);
        self.part
            .write_all(portion)
            .and_then(|()| self.journal.write_all(line.as_bytes()))
            .map_err(Error::io(&self.output))
    }

    /// Puts the output in its place, over what stood there.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn finish(self) -> Result<()> {
        let path = self.output.clone();
        self.part
            .sync_all()
            .and_then(|()| std::fs::rename(beside(&path, "part"), &path))
            .and_then(|()| std::fs::remove_file(beside(&path, "journal")))
            .map_err(Error::io(&path))
    }

    /// Hands the whole output to `write`, which puts it into another form, and puts that in its place. Until then it stands beside
    /// it as `claims.parquet.packed`: what a run that is killed meanwhile leaves, the next one writes over.
    ///
    /// # Errors
    /// [`Error::Io`], also of `write`; the output can then still be gone on with.
    pub fn finish_as(
        mut self,
        write: impl FnOnce(BufReader<File>, &File) -> io::Result<()>,
    ) -> Result<()> {
        let path = self.output;
        let packed = beside(&path, "packed");
        let pack = || {
            self.part.rewind()?;
            let file = File::create(&packed)?;
            write(BufReader::new(self.part), &file)?;
            file.sync_all()?;
            std::fs::rename(&packed, &path)
        };
        pack()
            .inspect_err(|_| drop(std::fs::remove_file(&packed)))
            .and_then(|()| {
                ["journal", "part"]
                    .iter()
                    .try_for_each(|name| std::fs::remove_file(beside(&path, name)))
            })
            .map_err(Error::io(&path))
    }
}

impl DonePortions {
    /// Whether the next articles are done. Asked in the order of the articles, and for each portion of them once.
    ///
    /// # Errors
    /// [`Error::Resume`] when they are others than those that the output was begun with; [`Error::Io`].
    pub fn has_next(&mut self, articles: &ContentHash) -> Result<bool> {
        let Some(line) = self.lines.next() else {
            return Ok(false);
        };
        let line = line.map_err(Error::io(&self.journal))?;
        let is_same = Portion::parse(&line).is_some_and(|portion| portion.articles == *articles);
        if is_same {
            Ok(true)
        } else {
            Err(self.other_articles())
        }
    }

    /// Tells that no articles are left.
    ///
    /// # Errors
    /// [`Error::Resume`] when there are portions of further articles.
    pub fn end(&mut self) -> Result<()> {
        match self.lines.next() {
            None => Ok(()),
            Some(_) => Err(self.other_articles()),
        }
    }

    fn other_articles(&self) -> Error {
        Error::Resume {
            path: self.journal.clone(),
            problem: "was begun with other articles: remove it to begin anew",
        }
    }
}

impl Portion {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let articles = ContentHash(words.next()?.to_owned());
        let length = words.next()?.parse().ok()?;
        let hash = ContentHash(words.next()?.to_owned());
        Some(Self {
            articles,
            length,
            hash,
        })
    }
}

/// How many bytes of the output and of its journal agree.
struct Sound {
    part: u64,
    journal: u64,
}

/// Compares the output with its journal, which was read up to the end of its first line; `None` where not even the header is there.
fn sound(part: &mut File, journal: &File, header: &[u8]) -> io::Result<Option<Sound>> {
    let mut sound = Sound {
        part: header.len() as u64,
        journal: (&*journal).stream_position()?,
    };
    part.rewind()?;
    let mut part = BufReader::new(part);
    let mut bytes = Vec::new();
    part.by_ref().take(sound.part).read_to_end(&mut bytes)?;
    if bytes != header {
        return Ok(None);
    }
    let mut journal = BufReader::new(journal);
    let mut line = String::new();
    while journal.read_line(&mut line).is_ok_and(|n| n > 0) {
        let Some(portion) = line.strip_suffix('\n').and_then(Portion::parse) else {
            break;
        };
        bytes.clear();
        part.by_ref().take(portion.length).read_to_end(&mut bytes)?;
        if ContentHash::of_bytes(&bytes) != portion.hash {
            break;
        }
        sound.part += portion.length;
        sound.journal += line.len() as u64;
        line.clear();
    }
    Ok(Some(sound))
}

fn begin_anew(
    part: &mut File,
    journal: &mut File,
    header: &[u8],
    first: &str,
) -> io::Result<Sound> {
    cut(part, 0)?;
    cut(journal, 0)?;
    part.write_all(header)?;
    journal.write_all(first.as_bytes())?;
    Ok(Sound {
        part: header.len() as u64,
        journal: first.len() as u64,
    })
}

/// Cuts a file off, and goes on at its end.
fn cut(file: &mut File, length: u64) -> io::Result<()> {
    file.set_len(length)?;
    file.seek(SeekFrom::Start(length)).map(drop)
}

/// The portions in a journal, behind its first line.
fn done(path: &Path, first: u64, sound: &Sound) -> io::Result<DonePortions> {
    let mut journal = File::open(path)?;
    journal.seek(SeekFrom::Start(first))?;
    let portions = BufReader::new(journal.take(sound.journal - first));
    Ok(DonePortions {
        journal: path.to_owned(),
        lines: portions.lines(),
    })
}

fn lock(journal: &File, path: &Path) -> Result<()> {
    match journal.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::Resume {
            path: path.to_owned(),
            problem: "is in use by another run",
        }),
        Err(TryLockError::Error(error)) => Err(Error::io(path)(error)),
    }
}

/// `claims.csv.part` for `claims.csv`.
fn beside(output: &Path, name: &str) -> PathBuf {
    let mut path = output.as_os_str().to_owned();
    path.push(".");
    path.push(name);
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn articles(text: &str) -> ContentHash {
        let article = Article {
            id: "a".into(),
            text: text.into(),
            ..Article::default()
        };
        ContentHash::of_articles(&[Ok(article)])
    }

    fn open(folder: &Path) -> Result<(ResumedFile, DonePortions)> {
        ResumedFile::open(&folder.join("out"), b"settings", b"header\n")
    }

    #[test]
    fn what_is_there_is_gone_on_with() {
        let folder = tempfile::tempdir().unwrap();
        let (mut file, mut done) = open(folder.path()).unwrap();
        assert!(!done.has_next(&articles("one")).unwrap());
        file.append(&articles("one"), b"1\n").unwrap();
        file.append(&articles("two"), b"").unwrap();
        drop((file, done));
        // Half of a portion that is in no journal, and half of a line of the journal.
        for (name, more) in [("out.part", "3"), ("out.journal", "00")] {
            let path = folder.path().join(name);
            let bytes = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, bytes + more).unwrap();
        }

        let (mut file, mut done) = open(folder.path()).unwrap();
        assert!(done.has_next(&articles("one")).unwrap());
        assert!(done.has_next(&articles("two")).unwrap());
        assert!(!done.has_next(&articles("three")).unwrap());
        done.end().unwrap();
        file.append(&articles("three"), b"3\n").unwrap();
        file.finish().unwrap();
        let names: Vec<_> = folder.path().read_dir().unwrap().collect();
        assert_eq!(names.len(), 1);
        let whole = std::fs::read(folder.path().join("out")).unwrap();
        assert_eq!(whole, b"header\n1\n3\n");
    }

    #[test]
    fn other_articles_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let (mut file, _) = open(folder.path()).unwrap();
        file.append(&articles("one"), b"1\n").unwrap();
        drop(file);
        let problem = "was begun with other articles: remove it to begin anew";
        let (file, mut done) = open(folder.path()).unwrap();
        let error = done.has_next(&articles("other")).unwrap_err();
        assert!(error.to_string().ends_with(problem), "{error}");
        drop(file);
        let (_, mut done) = open(folder.path()).unwrap();
        let error = done.end().unwrap_err();
        assert!(error.to_string().ends_with(problem), "{error}");
    }

    #[test]
    fn two_runs_at_a_time_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let first = open(folder.path()).unwrap();
        let error = open(folder.path()).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("out.journal: is in use by another run")
        );
        drop(first);
        open(folder.path()).unwrap();
    }

    #[test]
    fn hash_knows_columns_apart() {
        let article = |title: Option<&str>, other: &[(&str, &str)]| {
            ContentHash::of_articles(&[Ok(Article {
                title: title.map(str::to_owned),
                other: other
                    .iter()
                    .map(|(a, b)| ((*a).into(), (*b).into()))
                    .collect(),
                ..Article::default()
            })])
        };
        let all = [
            article(None, &[]),
            article(Some(""), &[]),
            article(None, &[("a", "b")]),
            article(None, &[("ab", "")]),
            article(None, &[("a", "")]),
            ContentHash::of_articles(&[Err(Error::EmptyFile { path: "a".into() })]),
        ];
        for (at, hash) in all.iter().enumerate() {
            assert!(!all[..at].contains(hash), "{at}");
        }
    }
}
