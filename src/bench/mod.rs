//! Throughput and latency of classification, stage by stage, on articles in memory; throughput of training.
//!
//! Stages are timed as growing prefixes of the pipeline, one thread, median of the repetitions; a stage's time is what
//! its prefix takes longer than the one before. Every repetition must write the same bytes, for any number of threads.

mod corpus;
mod train;

use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

pub use self::corpus::corpus;
pub use self::train::{TrainBenchReport, TrainScaling, bench_training, labelled_corpus};
use crate::article::furniture;
use crate::model::{Model, Prediction, Screen};
use crate::pipeline::{Pipeline, Unit};
use crate::report::{ClaimFormat, ClaimWriter};
use crate::{Article, Error, Result, Span, map_in_order, segment};

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct BenchReport {
    /// Articles measured on.
    pub articles: usize,
    /// Their sentences.
    pub sentences: usize,
    /// Their text in bytes.
    pub bytes: usize,
    /// Times that everything was measured.
    pub repetitions: usize,
    /// One thread, stage by stage.
    pub stages: Vec<Stage>,
    /// From text to JSON lines, with one and with all threads.
    pub threads: Vec<Scaling>,
    /// Time of one sentence and one article, one thread, in microseconds.
    pub latency: Latency,
    /// Hash of the output, the same in every repetition and for any number of threads.
    pub output_hash: String,
    /// The most memory that the process held so far, articles and measurements included; where the system tells (Linux).
    pub peak_memory_bytes: Option<u64>,
}

/// A stage of the pipeline.
#[derive(Debug, Clone, Serialize)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// Seconds for the whole corpus, median.
    pub seconds: f64,
    /// Its share of the time of all stages.
    pub share: f64,
}

/// Throughput with a number of threads.
#[derive(Debug, Clone, Serialize)]
pub struct Scaling {
    /// Threads.
    pub threads: usize,
    /// Seconds for the whole corpus, median.
    pub seconds: f64,
    /// Slowest minus fastest repetition, in seconds.
    pub spread: f64,
    /// 10^6 bytes of text a second.
    pub megabytes_per_second: f64,
    /// Sentences a second.
    pub sentences_per_second: f64,
}

/// Percentiles in microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Latency {
    /// Median of one sentence.
    pub sentence_p50: f64,
    /// 99th percentile of one sentence.
    pub sentence_p99: f64,
    /// Median of one article.
    pub article_p50: f64,
    /// 99th percentile of one article.
    pub article_p99: f64,
}

/// Measures a model on articles; `with_parties` as in [`Pipeline::with_parties`].
///
/// # Errors
/// [`Error::Parameter`] when there is no article; [`Error::Solver`] when two repetitions write different bytes.
pub fn bench(
    model: &Arc<Model>,
    articles: &[Article],
    with_parties: bool,
    repetitions: usize,
    threads: usize,
) -> Result<BenchReport> {
    if articles.is_empty() || repetitions == 0 {
        return Err(Error::Parameter {
            name: "articles",
            found: "0".to_owned(),
            needed: "at least 1",
        });
    }
    let sentences: Vec<Vec<Span>> = articles
        .iter()
        .map(|article| {
            let mut spans = Vec::new();
            segment(&article.text, &furniture(&article.text), &mut spans);
            spans
        })
        .collect();
    let bytes: usize = articles.iter().map(|article| article.text.len()).sum();
    let n_sentences: usize = sentences.iter().map(Vec::len).sum();
    let pipeline = || Pipeline::new(Arc::clone(model)).with_parties(with_parties);
    let (expected, _) = classify_all(&pipeline, articles, 1);

    let mut scalings = Vec::new();
    let mut counts = vec![1, threads];
    counts.dedup();
    for threads in counts {
        let mut times = Vec::new();
        for _ in 0..repetitions {
            let (hash, time) = classify_all(&pipeline, articles, threads);
            if hash != expected {
                return Err(Error::Solver(format!(
                    "{threads} threads wrote other bytes than one"
                )));
            }
            times.push(time.as_secs_f64());
        }
        let seconds = median(&mut times);
        scalings.push(Scaling {
            threads,
            seconds,
            spread: times[times.len() - 1] - times[0],
            megabytes_per_second: bytes as f64 / seconds / 1e6,
            sentences_per_second: n_sentences as f64 / seconds,
        });
    }
    Ok(BenchReport {
        articles: articles.len(),
        sentences: n_sentences,
        bytes,
        repetitions,
        stages: stages(
            model,
            articles,
            &sentences,
            repetitions,
            scalings[0].seconds,
        ),
        threads: scalings,
        latency: latency(pipeline(), articles, &sentences),
        output_hash: format!("{expected:016x}"),
        peak_memory_bytes: peak_memory(),
    })
}

/// `VmHWM` of proc(5), which counts in units of 1,024 bytes.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(1024 * kilobytes)
}

/// The hash of the JSON lines of all articles, and the time they took.
fn classify_all(
    pipeline: &(impl Fn() -> Pipeline + Sync),
    articles: &[Article],
    threads: usize,
) -> (u64, Duration) {
    let writer = ClaimWriter::new(ClaimFormat::Jsonl, pipeline().model().labels().clone());
    let started = Instant::now();
    let hasher = foldhash::quality::FixedState::default();
    let mut hash = 0_u64;
    map_in_order(
        articles.chunks(16),
        threads,
        || {
            let (mut pipeline, writer) = (pipeline(), writer.clone());
            move |articles: &[Article]| {
                let mut out = Vec::new();
                for article in articles {
                    let claims = pipeline.labelled(article, Unit::Sentence);
                    writer
                        .write(&mut out, article, &claims)
                        .expect("a vector takes every byte");
                }
                out
            }
        },
        |out| {
            hash = hasher.hash_one((hash, out));
            true
        },
    );
    (hash, started.elapsed())
}

fn stages(
    model: &Arc<Model>,
    articles: &[Article],
    sentences: &[Vec<Span>],
    repetitions: usize,
    whole: f64,
) -> Vec<Stage> {
    let mut tokenizer = model.tokenizer();
    let mut scorer = model.scorer();
    let mut screen = Screen::new(model);
    let vocabulary = model.vectorizer.vocabulary();
    let mut prediction = Prediction::default();
    let mut spans = Vec::new();
    let mut prefix = |last: usize| {
        let started = Instant::now();
        for (article, sentences) in articles.iter().zip(sentences) {
            spans.clear();
            segment(&article.text, &furniture(&article.text), &mut spans);
            for &span in if last > 0 { sentences.as_slice() } else { &[] } {
                let tokens = tokenizer.tokenize(&article.text, span);
                if last < 2 {
                    continue;
                }
                let terms = scorer.read(vocabulary, tokens);
                let screen = screen.as_mut();
                if screen.is_none_or(|screen| screen.may_carry_label(tokens, terms)) && last > 2 {
                    model.predict(&mut scorer, tokens, model.thresholds(), &mut prediction);
                }
            }
        }
        started.elapsed().as_secs_f64()
    };
    let mut until: Vec<f64> = (0..4)
        .map(|last| median(&mut (0..repetitions).map(|_| prefix(last)).collect::<Vec<_>>()))
        .collect();
    let plain = || Pipeline::new(Arc::clone(model)).with_parties(false);
    let without_parties = || classify_all(&plain, articles, 1).1.as_secs_f64();
    until.push(median(
        &mut (0..repetitions)
            .map(|_| without_parties())
            .collect::<Vec<_>>(),
    ));
    until.push(whole);
    let names = [
        "segment",
        "tokenize",
        "screen",
        "vectorize and score",
        "evidence and output",
        "speaker, source, target",
    ];
    let total = until.iter().copied().fold(0.0, f64::max);
    names
        .into_iter()
        .enumerate()
        .map(|(stage, name)| {
            let before = if stage == 0 { 0.0 } else { until[stage - 1] };
            let seconds = (until[stage] - before).max(0.0);
            Stage {
                name,
                seconds,
                share: seconds / total,
            }
        })
        .collect()
}

fn latency(mut pipeline: Pipeline, articles: &[Article], sentences: &[Vec<Span>]) -> Latency {
    const SAMPLES: usize = 20_000;
    let mut of_sentences = Vec::new();
    let mut of_articles = Vec::new();
    let micros = |started: Instant| started.elapsed().as_secs_f64() * 1e6;
    for (article, spans) in articles.iter().zip(sentences) {
        for span in spans.iter().take(SAMPLES - of_sentences.len()) {
            let started = Instant::now();
            pipeline.predict(span.of(&article.text));
            of_sentences.push(micros(started));
        }
        if of_articles.len() < SAMPLES {
            let started = Instant::now();
            pipeline.classify(article, Unit::Sentence);
            of_articles.push(micros(started));
        }
    }
    let (sentence_p50, sentence_p99) = percentiles(of_sentences);
    let (article_p50, article_p99) = percentiles(of_articles);
    Latency {
        sentence_p50,
        sentence_p99,
        article_p50,
        article_p99,
    }
}

fn percentiles(mut values: Vec<f64>) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share) as usize];
    (at(0.5), at(0.99))
}

/// Sorts and gives the middle value.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
