//! Inputs as they were named → the files to read, one at a time.
//!
//! `news/` comes out as `news/a.txt`, `news/b/c.csv`: all files below it whose extension is known, in the order of their names.
//! Only the names of the folders on the way are held in memory.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::Format;
use crate::input::STDIN;
use crate::{Error, Result};

/// A file to be read.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Whether it was named itself, rather than found in a folder.
    pub(super) named: bool,
}

impl Found {
    pub(super) fn is_stdin(&self) -> bool {
        self.named && self.path.as_os_str() == STDIN
    }
}

/// Files still to come, the next one on top; folders among them are not opened yet.
pub(super) struct Walk {
    stack: Vec<Found>,
}

impl Walk {
    pub(super) fn new(inputs: &[PathBuf]) -> Self {
        Self {
            stack: inputs
                .iter()
                .rev()
                .map(|path| Found {
                    path: path.clone(),
                    named: true,
                })
                .collect(),
        }
    }

    fn open_folder(&mut self, folder: &Path) -> std::io::Result<()> {
        let mut entries: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if is_candidate(&entry)? {
                entries.push(entry.path());
            }
        }
        entries.sort_unstable_by(|a, b| b.cmp(a));
        self.stack
            .extend(entries.into_iter().map(|path| Found { path, named: false }));
        Ok(())
    }
}

/// Whether an entry of a folder is a folder, or a file that is read. Links to folders are not followed: they can run in circles.
fn is_candidate(entry: &DirEntry) -> std::io::Result<bool> {
    if entry.file_name().as_encoded_bytes().starts_with(b".") {
        return Ok(false);
    }
    Ok(entry.file_type()?.is_dir()
        || (Format::of(&entry.path()).is_some() && !entry.path().is_dir()))
}

impl Iterator for Walk {
    type Item = Result<Found>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let found = self.stack.pop()?;
            if found.is_stdin() || !found.path.is_dir() {
                return Some(Ok(found));
            }
            if let Err(source) = self.open_folder(&found.path) {
                return Some(Err(Error::Io {
                    path: found.path,
                    source,
                }));
            }
        }
    }
}

/// The bytes of an input, or of all files of a folder; `None` where that cannot be known.
///
/// # Errors
/// [`Error::Io`] for an input that is not there, [`Error::NoArticles`] for a folder without any.
pub(super) fn measure(input: &PathBuf) -> Result<Option<u64>> {
    if input.as_os_str() == STDIN {
        return Ok(None);
    }
    let metadata = std::fs::metadata(input).map_err(Error::io(input))?;
    if !metadata.is_dir() {
        return Ok(metadata.is_file().then_some(metadata.len()));
    }
    let (mut bytes, mut is_empty) = (0, true);
    for found in Walk::new(std::slice::from_ref(input)) {
        is_empty = false;
        // A file that cannot be read now is reported when its turn comes.
        bytes += found
            .ok()
            .and_then(|found| found.path.metadata().ok())
            .map_or(0, |metadata| metadata.len());
    }
    if is_empty {
        let extensions = Format::EXTENSIONS
            .map(|(extension, _)| extension)
            .join(", ");
        return Err(Error::NoArticles {
            path: input.clone(),
            extensions,
        });
    }
    Ok(Some(bytes))
}
