//! Articles through workers to one output, in order: what `classify` and `attribute` share.

use std::ops::AddAssign;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use indicatif::ProgressBar;
use rejoinder::{
    Article, ArticleReader, ContentHash, DonePortions, Error, ReadOptions, map_in_order,
};

use crate::Outcome;
use crate::sink::{Sink, Target};
use crate::terminal::Terminal;

/// Bytes of text that one thread takes at a time.
const BATCH: usize = 1 << 17;

/// What is read, and where the results go.
pub(crate) struct Stream {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) options: ReadOptions,
    pub(crate) target: Target,
    /// Stop at the first record that cannot be read.
    pub(crate) strict: bool,
    pub(crate) threads: usize,
    pub(crate) terminal: Terminal,
}

/// What came of all articles.
pub(crate) struct Summary<C> {
    pub(crate) articles: usize,
    /// How many of them an earlier run had done.
    done_before: usize,
    /// What the workers counted, without those.
    pub(crate) counts: C,
    replaced: usize,
    skipped: usize,
    started: Instant,
}

impl Stream {
    /// Writes `header`, then what the workers append for each batch of articles, in the order of the articles, then what `end`
    /// appends. Each thread makes its own worker; what workers return is added up, in the same order. Workers get every batch,
    /// with its number, from 0 on.
    pub(crate) fn run<C, W>(
        self,
        header: &[u8],
        worker: impl Fn() -> W + Sync,
        end: impl FnOnce(&C, &mut Vec<u8>),
    ) -> Result<Summary<C>>
    where
        C: AddAssign + Default + Send,
        W: FnMut(usize, &[Article], &mut Vec<u8>) -> C,
    {
        let started = Instant::now();
        let reader = ArticleReader::open(&self.paths, self.options)?;
        let bar = self.terminal.bytes_bar(reader.total_bytes());
        let (sink, done) = Sink::open_target(self.target, header)?;
        let mut job = Job {
            sink,
            summary: Summary {
                articles: 0,
                done_before: 0,
                counts: C::default(),
                replaced: 0,
                skipped: 0,
                started,
            },
            strict: self.strict,
            bar,
            terminal: self.terminal,
            failure: None,
        };
        map_in_order(
            Batches {
                reader,
                number: 0,
                done,
            },
            self.threads,
            || {
                let mut worker = worker();
                move |batch| work(&mut worker, batch)
            },
            |done| job.take(done),
        );
        job.bar.finish_and_clear();
        if let Some(failure) = job.failure {
            return Err(failure);
        }
        let mut last = Vec::new();
        end(&job.summary.counts, &mut last);
        job.sink.write_all(&last)?;
        job.sink.finish()?;
        Ok(job.summary)
    }
}

impl<C> Summary<C> {
    /// Tells what was found, and what could not be read.
    pub(crate) fn tell(&self, found: &str, terminal: Terminal) -> Outcome {
        if self.done_before > 0 {
            terminal.note(format_args!(
                "{} done by an earlier run and not counted again",
                counted(self.done_before, "article")
            ));
        }
        terminal.note(format_args!(
            "{}, {found} ({:.2} s)",
            counted(self.articles, "article"),
            self.started.elapsed().as_secs_f64()
        ));
        if self.replaced > 0 {
            terminal.warning(format_args!(
                "{} not UTF-8 text, read as U+FFFD",
                counted(self.replaced, "byte")
            ));
        }
        left_out(self.skipped, terminal)
    }
}

/// Tells how many records could not be read.
pub(crate) fn left_out(skipped: usize, terminal: Terminal) -> Outcome {
    if skipped == 0 {
        return Outcome::Done;
    }
    let were = if skipped == 1 { "was" } else { "were" };
    terminal.warning(format_args!(
        "{} could not be read and {were} left out",
        counted(skipped, "record")
    ));
    Outcome::Incomplete
}

/// Articles in portions that are worth handing to a thread.
struct Batches {
    reader: ArticleReader,
    /// How many there were.
    number: usize,
    /// Those of an earlier run, where there may be one.
    done: Option<DonePortions>,
}

struct Batch {
    number: usize,
    articles: Vec<rejoinder::Result<Article>>,
    progress: Progress,
    /// Bytes of input read so far.
    read: u64,
}

/// Whether a batch is to be worked on, where an earlier run may have begun the output.
enum Progress {
    /// It is, and its hash is needed to go on from here.
    New(Option<ContentHash>),
    /// It was done before.
    Done,
    /// No more is to be done, because what was begun cannot be gone on with.
    Failed(Error),
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        let mut articles = Vec::new();
        let mut size = 0;
        while size < BATCH {
            let Some(article) = self.reader.next() else {
                break;
            };
            size += article.as_ref().map_or(0, |article| article.text.len());
            articles.push(article);
        }
        let number = self.number;
        self.number += 1;
        let progress = self.progress(&articles);
        let is_last = articles.is_empty() && !matches!(progress, Progress::Failed(_));
        (!is_last).then(|| Batch {
            number,
            articles,
            progress,
            read: self.reader.bytes_read(),
        })
    }
}

impl Batches {
    fn progress(&mut self, articles: &[rejoinder::Result<Article>]) -> Progress {
        let Some(done) = &mut self.done else {
            return Progress::New(None);
        };
        if articles.is_empty() {
            return done
                .end()
                .map_or_else(Progress::Failed, |()| Progress::New(None));
        }
        let hash = ContentHash::of_articles(articles);
        match done.has_next(&hash) {
            Ok(false) => Progress::New(Some(hash)),
            Ok(true) => Progress::Done,
            Err(error) => Progress::Failed(error),
        }
    }
}

/// What came of a batch.
struct Done<C> {
    progress: Progress,
    output: Vec<u8>,
    errors: Vec<Error>,
    articles: usize,
    replaced: usize,
    counts: C,
    read: u64,
}

fn work<C: Default>(
    worker: &mut impl FnMut(usize, &[Article], &mut Vec<u8>) -> C,
    batch: Batch,
) -> Done<C> {
    let (mut articles, mut errors) = (Vec::new(), Vec::new());
    for article in batch.articles {
        match article {
            Ok(article) => articles.push(article),
            Err(error) => errors.push(error),
        }
    }
    let mut output = Vec::new();
    let counts = match batch.progress {
        Progress::New(_) => worker(batch.number, &articles, &mut output),
        Progress::Done | Progress::Failed(_) => C::default(),
    };
    Done {
        progress: batch.progress,
        output,
        errors,
        articles: articles.len(),
        replaced: articles.iter().map(|article| article.replaced).sum(),
        counts,
        read: batch.read,
    }
}

struct Job<C> {
    sink: Sink,
    summary: Summary<C>,
    strict: bool,
    bar: ProgressBar,
    terminal: Terminal,
    failure: Option<anyhow::Error>,
}

impl<C: AddAssign> Job<C> {
    /// Writes what a batch gave; `false` when nothing more is wanted.
    fn take(&mut self, done: Done<C>) -> bool {
        self.bar.set_position(done.read);
        let articles = match done.progress {
            Progress::New(articles) => articles,
            Progress::Done => {
                self.summary.done_before += done.articles;
                None
            }
            Progress::Failed(error) => {
                self.failure = Some(error.into());
                return false;
            }
        };
        if self.strict && !done.errors.is_empty() {
            self.failure = done.errors.into_iter().next().map(Into::into);
            return false;
        }
        for error in &done.errors {
            self.bar.suspend(|| self.terminal.error(error));
        }
        self.summary.articles += done.articles;
        self.summary.replaced += done.replaced;
        self.summary.skipped += done.errors.len();
        self.summary.counts += done.counts;
        let written = self.sink.write_portion(articles.as_ref(), &done.output);
        self.failure = written.err();
        self.failure.is_none()
    }
}

/// `1 article`, `2 articles`
pub(crate) fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
