//! Where results go: standard output, or a file that appears when it is whole.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rejoinder::WholeFile;
use rejoinder::report::{Column, ParquetWriter};

/// What is asked for.
#[derive(Debug, Default)]
pub(crate) struct Target {
    /// The file; standard output where there is none.
    pub(crate) path: Option<PathBuf>,
    /// The columns of a Parquet file, which is made of rows of CSV.
    pub(crate) parquet: Option<Vec<Column>>,
}

pub(crate) enum Sink {
    Plain(Output),
    Parquet(Box<ParquetWriter<Output>>, String),
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

    /// Opens what is asked for and writes the header.
    pub(crate) fn open_target(target: Target, header: &[u8]) -> Result<Self> {
        let output = Output::open(target.path.as_deref())?;
        let name = output.name();
        let mut sink = match target.parquet {
            Some(columns) => {
                let writer = ParquetWriter::new(output, &columns).with_context(|| name.clone())?;
                Self::Parquet(Box::new(writer), name)
            }
            None => Self::Plain(output),
        };
        sink.write_all(header)?;
        Ok(sink)
    }

    pub(crate) fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Plain(output) => output
                .write_all(bytes)
                .and_then(|()| output.flush())
                .with_context(|| output.name()),
            Self::Parquet(writer, name) => writer.write(bytes).with_context(|| name.clone()),
        }
    }

    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::Plain(output) => Ok(output.finish()?),
            Self::Parquet(writer, name) => Ok(writer.finish().context(name)?.finish()?),
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
