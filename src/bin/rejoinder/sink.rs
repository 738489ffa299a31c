//! Where results go: standard output, a file that appears when it is whole, or one that a later run can go on with.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rejoinder::report::{Column, ParquetWriter};
use rejoinder::{ContentHash, DonePortions, ResumedFile, WholeFile};

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// The file; standard output where there is none.
    pub(crate) path: Option<PathBuf>,
    /// The columns of a Parquet file, which is made of rows of CSV.
    pub(crate) parquet: Option<Vec<Column>>,
    /// All that decides what is written besides the articles, where an earlier run is gone on with.
    pub(crate) resume: Option<Vec<u8>>,
}

pub(crate) enum Sink {
    Plain(Output),
    Parquet(Box<ParquetWriter<Output>>, String),
    Resumed(ResumedFile, Option<Vec<Column>>),
}

/// Standard output, or a file that appears when it is whole.
pub(crate) enum Output {
    Stdout,
    File(WholeFile),
}

impl Sink {
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        Output::open(path).map(Self::Plain)
    }

    /// Opens what is asked for, writes the header, and tells what an earlier run has done.
    pub(crate) fn open_target(
        target: Target,
        header: &[u8],
    ) -> Result<(Self, Option<DonePortions>)> {
        let Target {
            path,
            parquet,
            resume,
        } = target;
        if let (Some(path), Some(settings)) = (&path, resume) {
            let (file, done) = ResumedFile::open(path, &settings, header)?;
            return Ok((Self::Resumed(file, parquet), Some(done)));
        }
        let output = Output::open(path.as_deref())?;
        let name = output.name();
        let mut sink = match parquet {
            Some(columns) => {
                let writer = ParquetWriter::new(output, &columns).with_context(|| name.clone())?;
                Self::Parquet(Box::new(writer), name)
            }
            None => Self::Plain(output),
        };
        sink.write_all(header)?;
        Ok((sink, None))
    }

    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        self.write_portion(None, bytes)
    }

    /// Writes what came of articles with this hash; without one, nothing can go on from here.
    pub(crate) fn write_portion(
        &mut self,
        articles: Option<&ContentHash>,
        bytes: &[u8],
    ) -> Result<()> {
        match (self, articles) {
            (Self::Plain(output), _) => output
                .write_all(bytes)
                .and_then(|()| output.flush())
                .with_context(|| output.name()),
            (Self::Parquet(writer, name), _) => writer.write(bytes).with_context(|| name.clone()),
            (Self::Resumed(file, ..), Some(articles)) => Ok(file.append(articles, bytes)?),
            (Self::Resumed(..), None) => Ok(()), // an earlier run wrote it
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Plain(output) => Ok(output.finish()?),
            Self::Parquet(writer, name) => Ok(writer.finish().context(name)?.finish()?),
            Self::Resumed(file, None) => Ok(file.finish()?),
            Self::Resumed(file, Some(columns)) => Ok(file.finish_as(|rows, output| {
                let mut writer = ParquetWriter::new(output, &columns)?;
                writer.write(rows)?;
                writer.finish().map(drop)
            })?),
        }
    }
}

impl Output {
    fn open(path: Option<&Path>) -> Result<Self> {
        Ok(match path {
            Some(path) => Self::File(WholeFile::create(path)?),
            None => Self::Stdout,
        })
    }

    fn name(&self) -> String {
        match self {
            Self::Stdout => "standard output".to_owned(),
            Self::File(file) => file.path().display().to_string(),
        }
    }

    fn finish(self) -> rejoinder::Result<()> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(file) => file.finish(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout => io::stdout().write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout => io::stdout().flush(),
            Self::File(file) => file.flush(),
        }
    }
}
