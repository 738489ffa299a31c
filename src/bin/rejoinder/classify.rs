//! `rejoinder classify`

use std::io::Write;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use rejoinder::report::{ClaimFormat, ClaimWriter};
use rejoinder::{
    Article, ArticleReader, Error, Labels, Model, Pipeline, Unit, WholeFile, map_in_order,
};

use crate::Outcome;
use crate::args::{Classify, OutputFormat};
use crate::terminal::{Terminal, output_style};

/// Bytes of text that one thread takes at a time.
const BATCH: usize = 1 << 17;

pub(crate) fn run(args: Classify, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let started = Instant::now();
    let model = args.model.load()?;
    let reader = ArticleReader::open(&args.paths, args.columns.into())?;
    let writer = ClaimWriter::new(
        claim_format(args.format, args.output.is_some()),
        model.labels().clone(),
    );
    let bar = terminal.bytes_bar(reader.total_bytes());
    let mut job = Job {
        sink: Sink::open(args.output.as_deref())?,
        totals: Totals::new(model.labels()),
        strict: args.strict,
        bar,
        terminal,
        failure: None,
    };
    let mut header = Vec::new();
    writer.write_header(&mut header)?;
    job.sink.write_all(&header)?;
    let (unit, all) = (args.unit.into(), args.all);
    map_in_order(
        Batches { reader },
        threads,
        || {
            let (mut pipeline, writer) = (Pipeline::new(Arc::clone(&model)), writer.clone());
            move |batch| work(&mut pipeline, &writer, batch, unit, all)
        },
        |done| job.take(done),
    );
    job.bar.finish_and_clear();
    if let Some(failure) = job.failure {
        return Err(failure);
    }
    job.sink.finish()?;
    job.totals.tell(&model, started, terminal);
    Ok(if job.totals.skipped == 0 {
        Outcome::Done
    } else {
        Outcome::Incomplete
    })
}

fn claim_format(format: OutputFormat, to_file: bool) -> ClaimFormat {
    match format {
        OutputFormat::Text if to_file => ClaimFormat::Text(rejoinder::report::Style::default()),
        OutputFormat::Text => ClaimFormat::Text(output_style()),
        OutputFormat::Jsonl => ClaimFormat::Jsonl,
        OutputFormat::Csv => ClaimFormat::Csv,
    }
}

/// Articles in portions that are worth handing to a thread.
struct Batches {
    reader: ArticleReader,
}

struct Batch {
    articles: Vec<rejoinder::Result<Article>>,
    /// Bytes of input read so far.
    read: u64,
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
        (!articles.is_empty()).then(|| Batch {
            articles,
            read: self.reader.bytes_read(),
        })
    }
}

/// What came of a batch.
struct Done {
    output: Vec<u8>,
    errors: Vec<Error>,
    articles: usize,
    sentences: usize,
    replaced: usize,
    labelled: Vec<usize>,
    read: u64,
}

fn work(
    pipeline: &mut Pipeline,
    writer: &ClaimWriter,
    batch: Batch,
    unit: Unit,
    all: bool,
) -> Done {
    let mut done = Done {
        output: Vec::new(),
        errors: Vec::new(),
        articles: 0,
        sentences: 0,
        replaced: 0,
        labelled: vec![0; pipeline.model().labels().len()],
        read: batch.read,
    };
    for article in batch.articles {
        let article = match article {
            Ok(article) => article,
            Err(error) => {
                done.errors.push(error);
                continue;
            }
        };
        let claims = pipeline.classify_where(&article, unit, |prediction| {
            done.sentences += 1;
            for label in prediction.labels.iter() {
                done.labelled[label] += 1;
            }
            all || !prediction.labels.is_empty()
        });
        done.articles += 1;
        done.replaced += article.replaced;
        writer
            .write(&mut done.output, &article, &claims)
            .expect("a vector takes every byte");
    }
    done
}

struct Job {
    sink: Sink,
    totals: Totals,
    strict: bool,
    bar: ProgressBar,
    terminal: Terminal,
    failure: Option<anyhow::Error>,
}

impl Job {
    /// Writes what a batch gave; `false` when nothing more is wanted.
    fn take(&mut self, done: Done) -> bool {
        self.bar.set_position(done.read);
        if self.strict && !done.errors.is_empty() {
            self.failure = done.errors.into_iter().next().map(Into::into);
            return false;
        }
        for error in &done.errors {
            self.bar.suspend(|| self.terminal.error(error));
        }
        self.totals.add(&done);
        let written = self.sink.write_all(&done.output);
        self.failure = written.err();
        self.failure.is_none()
    }
}

/// Standard output, or a file that appears when it is whole.
enum Sink {
    Stdout,
    File(WholeFile),
}

impl Sink {
    fn open(path: Option<&std::path::Path>) -> Result<Self> {
        Ok(match path {
            Some(path) => Self::File(WholeFile::create(path)?),
            None => Self::Stdout,
        })
    }

    fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Self::Stdout => {
                let mut out = std::io::stdout().lock();
                out.write_all(bytes)
                    .and_then(|()| out.flush())
                    .context("standard output")
            }
            Self::File(file) => file
                .write_all(bytes)
                .with_context(|| file.path().display().to_string()),
        }
    }

    fn finish(self) -> Result<()> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(file) => Ok(file.finish()?),
        }
    }
}

struct Totals {
    articles: usize,
    sentences: usize,
    replaced: usize,
    skipped: usize,
    labelled: Vec<usize>,
}

impl Totals {
    fn new(labels: &Labels) -> Self {
        Self {
            articles: 0,
            sentences: 0,
            replaced: 0,
            skipped: 0,
            labelled: vec![0; labels.len()],
        }
    }

    fn add(&mut self, done: &Done) {
        self.articles += done.articles;
        self.sentences += done.sentences;
        self.replaced += done.replaced;
        self.skipped += done.errors.len();
        for (total, found) in self.labelled.iter_mut().zip(&done.labelled) {
            *total += found;
        }
    }

    fn tell(&self, model: &Model, started: Instant, terminal: Terminal) {
        let labelled: Vec<String> = model
            .labels()
            .names()
            .iter()
            .zip(&self.labelled)
            .map(|(label, count)| format!("{label} {count}"))
            .collect();
        terminal.note(format_args!(
            "{}, {}: {} ({:.2} s)",
            counted(self.articles, "article"),
            counted(self.sentences, "sentence"),
            labelled.join(", "),
            started.elapsed().as_secs_f64()
        ));
        if self.replaced > 0 {
            terminal.warning(format_args!(
                "{} not UTF-8 text, read as U+FFFD",
                counted(self.replaced, "byte")
            ));
        }
        if self.skipped > 0 {
            let were = if self.skipped == 1 { "was" } else { "were" };
            terminal.warning(format_args!(
                "{} could not be read and {were} left out",
                counted(self.skipped, "record")
            ));
        }
    }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}
