//! Pieces of work → a pipeline for each, never more at once than there are threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use tokio::sync::Semaphore;

use super::Failure;
use crate::{Model, Pipeline};

/// Work on fewer bytes of text is done where it arrives, within a millisecond: handing it to another thread costs more.
const QUICK: usize = 16 << 10;

/// Pipelines, and who waits for them.
pub(super) struct Workers {
    idle: Arc<Mutex<Vec<Pipeline>>>,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
}

impl Workers {
    pub(super) fn new(model: &Arc<Model>, threads: usize, most_waiting: usize) -> Self {
        let idle = (0..threads).map(|_| Pipeline::new(Arc::clone(model)));
        Self {
            idle: Arc::new(Mutex::new(idle.collect())),
            permits: Arc::new(Semaphore::new(threads)),
            waiting: AtomicUsize::new(0),
            most_waiting,
        }
    }

    /// Refuses new work while too much waits.
    pub(super) fn admit(&self) -> Result<(), Failure> {
        if self.waiting.load(Ordering::Relaxed) < self.most_waiting {
            return Ok(());
        }
        Err(Failure::busy("too many requests wait to be classified"))
    }

    /// Does a piece of work on `bytes` bytes of text as soon as a pipeline is free.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce(&mut Pipeline) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let stopped = |_| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the work was stopped");
        let waiting = Waiting::new(&self.waiting);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        drop(waiting);
        let permit = permit.map_err(|_| Failure::busy("the server stops"))?;
        let idle = Arc::clone(&self.idle);
        let work = move || {
            let _permit = permit; // given back after the pipeline
            let pipeline = lock(&idle).pop();
            let mut pipeline = pipeline.expect("there are as many pipelines as permits");
            let result = work(&mut pipeline);
            lock(&idle).push(pipeline);
            result
        };
        if bytes <= QUICK {
            return Ok(work());
        }
        tokio::task::spawn_blocking(work).await.map_err(stopped)
    }
}

fn lock(idle: &Mutex<Vec<Pipeline>>) -> std::sync::MutexGuard<'_, Vec<Pipeline>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts one that waits, until it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workers(most_waiting: usize) -> Arc<Workers> {
        Arc::new(Workers::new(&Model::shipped().into(), 1, most_waiting))
    }

    #[tokio::test]
    async fn work_waits_for_a_pipeline_and_more_is_refused() {
        let workers = workers(1);
        let held = workers.permits.acquire().await.unwrap();
        let other = Arc::clone(&workers);
        let waits = tokio::spawn(async move { other.run(0, |_| 7).await });
        while workers.admit().is_ok() {
            tokio::task::yield_now().await;
        }
        drop(held);
        assert_eq!(waits.await.unwrap().unwrap(), 7);
        assert!(workers.admit().is_ok());
    }

    #[tokio::test]
    async fn who_gives_up_waiting_is_no_longer_counted() {
        let workers = workers(1);
        let _held = workers.permits.acquire().await.unwrap();
        let waits = workers.run(0, |_| ());
        let late = tokio::time::timeout(std::time::Duration::from_millis(5), waits).await;
        assert!(late.is_err());
        assert!(workers.admit().is_ok());
    }
}
