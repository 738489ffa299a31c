//! Files that appear whole or not at all.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{Error, Result};

/// A file in the making: it stands beside its place under another name until [`WholeFile::finish`], and vanishes when it
/// is dropped before.
///
/// Where the path names something that is no regular file, such as a pipe, it is written to as it is; where it is a link, what it
/// leads to is replaced.
#[derive(Debug)]
pub struct WholeFile {
    path: PathBuf,
    file: BufWriter<Place>,
}

#[derive(Debug)]
enum Place {
    Beside(NamedTempFile),
    Itself(File),
}

impl WholeFile {
    /// Starts a file that will stand at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when the folder cannot be written, or the path is a folder.
    pub fn create(path: &Path) -> Result<Self> {
        let end = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let place = match end.metadata() {
            Ok(found) if !found.is_file() => {
                OpenOptions::new().write(true).open(&end).map(Place::Itself)
            }
            _ => beside(&end).map(Place::Beside),
        };
        Ok(Self {
            path: end,
            file: BufWriter::new(place.map_err(Error::io(path))?),
        })
    }

    /// Where the file will stand.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts the file in its place, over what stood there.
    ///
    /// # Errors
    /// [`Error::Io`] when the last bytes cannot be written; nothing is left behind then.
    pub fn finish(self) -> Result<()> {
        let path = self.path;
        let place = self
            .file
            .into_inner()
            .map_err(|e| Error::io(&path)(e.into_error()))?;
        if let Place::Beside(file) = place {
            file.as_file().sync_all().map_err(Error::io(&path))?;
            file.persist(&path).map_err(|e| Error::io(&path)(e.error))?;
        }
        Ok(())
    }
}

/// A new file in the folder of `path`, under a name of its own.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    folder.metadata()?; // its message is the system's own
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rejoinder-");
    if let Some(permissions) = everyday_permissions() {
        builder.permissions(permissions);
    }
    // The message of `tempfile` names a file that the user never asked for.
    builder
        .tempfile_in(folder)
        .map_err(|e| io::Error::from(e.kind()))
}

impl Write for Place {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Beside(file) => file.as_file_mut().write(bytes),
            Self::Itself(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Beside(file) => file.as_file_mut().flush(),
            Self::Itself(file) => file.flush(),
        }
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes a whole file at once.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<()> {
    let mut file = WholeFile::create(path)?;
    write(&mut file).map_err(Error::io(path))?;
    file.finish()
}

/// What a file has that a program creates in the ordinary way: the umask takes off what the user does not want.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "other systems have none")]
fn everyday_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn everyday_permissions() -> Option<Permissions> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = WholeFile::create(&folder.path().join("claims.csv")).unwrap();
        file.write_all(b"half").unwrap();
        drop(file);
        assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_links_and_devices_stay_devices() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        std::fs::write(&target, "old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        write_whole(&link, |file| file.write_all(b"new")).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&target).unwrap(), "new");

        write_whole(Path::new("/dev/null"), |file| file.write_all(b"gone")).unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn a_folder_is_no_place_for_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            WholeFile::create(folder.path()),
            Err(Error::Io { .. })
        ));
    }
}
