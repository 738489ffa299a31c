//! Long work off the interpreter's lock, with progress and interrupts.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;
use rejoinder::map_in_order;

/// Bytes of text that one thread takes at a time.
const BATCH: usize = 1 << 17;
/// How long an interrupt may wait.
const PATIENCE: Duration = Duration::from_millis(100);

/// Items in portions that are worth handing to a thread.
pub(crate) fn batches<T>(
    mut items: impl Iterator<Item = T>,
    bytes: impl Fn(&T) -> usize,
) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let mut batch = Vec::new();
        let mut size = 0;
        while size < BATCH
            && let Some(item) = items.next()
        {
            size += bytes(&item) + 1;
            batch.push(item);
        }
        (!batch.is_empty()).then_some(batch)
    })
}

/// Works on `source` with `threads` threads while other Python threads run, and hands the results to `take` in the order of
/// the source. `progress` is called on the calling thread with what `take` returns.
///
/// # Errors
/// Those of `take` and `progress`, and an interrupt, which end the work.
pub(crate) fn in_order<I: Send, O: Send, W: FnMut(I) -> O>(
    py: Python<'_>,
    source: impl Iterator<Item = I> + Send,
    threads: usize,
    worker: impl Fn() -> W + Send + Sync,
    mut take: impl FnMut(O) -> PyResult<usize> + Send,
    progress: Option<&Py<PyAny>>,
) -> PyResult<()> {
    py.detach(|| {
        std::thread::scope(|scope| {
            let (sender, receiver) = sync_channel(2 * threads);
            // Once the receiver is gone no more of the source is taken.
            scope.spawn(move || {
                map_in_order(source, threads, worker, |done| sender.send(done).is_ok());
            });
            loop {
                let done = match receiver.recv_timeout(PATIENCE) {
                    Ok(done) => take(done)?,
                    Err(RecvTimeoutError::Timeout) => 0,
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                };
                Python::attach(|py| {
                    if let Some(progress) = progress {
                        progress.call1(py, (done,))?;
                    }
                    py.check_signals()
                })?;
            }
        })
    })
}
