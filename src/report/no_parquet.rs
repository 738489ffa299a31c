//! What stands in for [`ParquetWriter`] in a program that was built without it.

use std::convert::Infallible;
use std::io::{self, Read, Write};
use std::marker::PhantomData;

use super::Column;

/// There is none.
pub struct ParquetWriter<W: Write + Send> {
    never: Infallible,
    out: PhantomData<W>,
}

impl<W: Write + Send> ParquetWriter<W> {
    /// Says that the feature is missing.
    ///
    /// # Errors
    /// Always.
    pub fn new(_: W, _: &[Column]) -> io::Result<Self> {
        Err(io::Error::other(
            "this program was built without the feature `parquet`, which such files need",
        ))
    }

    /// Never called.
    pub fn write(&mut self, _: impl Read) -> io::Result<()> {
        match self.never {}
    }

    /// Never called.
    pub fn finish(self) -> io::Result<W> {
        match self.never {}
    }
}
