//! Files of claims, one after the other.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::terminal::Terminal;

/// Gives the claims of files to `take`. What cannot be read is told and left out, or ends all with `strict`.
///
/// Returns how many records were left out.
pub(crate) fn read_claims<T, I: Iterator<Item = rejoinder::Result<T>>>(
    paths: &[PathBuf],
    strict: bool,
    terminal: Terminal,
    open: impl Fn(&Path) -> rejoinder::Result<I>,
    mut take: impl FnMut(T) -> Result<()>,
) -> Result<usize> {
    let mut skipped = 0;
    let mut leave_out = |error: rejoinder::Error| {
        if strict {
            return Err(error);
        }
        terminal.error(error);
        skipped += 1;
        Ok(())
    };
    for path in paths {
        match open(path) {
            Ok(claims) => {
                for claim in claims {
                    match claim {
                        Ok(claim) => take(claim)?,
                        Err(error) => leave_out(error)?,
                    }
                }
            }
            Err(error) => leave_out(error)?,
        }
    }
    Ok(skipped)
}
