//! Throughput of training, from labelled CSV to the bytes of a model.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{corpus, median, peak_memory};
use crate::train::{Dataset, DatasetOptions, TrainParams};
use crate::{ActorTable, Error, Lexicon, Model, Pipeline, Result, Unit};

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub struct TrainBenchReport {
    /// Labelled sentences.
    pub sentences: usize,
    /// Terms of the model.
    pub terms: usize,
    /// Bytes of the model's file.
    pub model_bytes: usize,
    /// Times that everything was measured.
    pub repetitions: usize,
    /// From CSV to the bytes of the model, with one and with all threads.
    pub threads: Vec<TrainScaling>,
    /// SHA-256 of the model's file, the same in every repetition and for any number of threads.
    pub model_sha256: String,
    /// The most memory that the process held so far; where the system tells (Linux).
    pub peak_memory_bytes: Option<u64>,
}

/// Throughput with a number of threads.
#[derive(Debug, Clone, Serialize)]
pub struct TrainScaling {
    /// Threads.
    pub threads: usize,
    /// Seconds from CSV to the bytes of the model, median.
    pub seconds: f64,
    /// Slowest minus fastest repetition, in seconds.
    pub spread: f64,
    /// Seconds of these that reading the CSV took, median.
    pub reading: f64,
    /// Sentences a second.
    pub sentences_per_second: f64,
}

/// Measures training on labelled CSV files.
///
/// # Errors
/// Those of [`Dataset::read`] and [`TrainParams::train`]; [`Error::Parameter`] for no repetitions; [`Error::Solver`] when two
/// repetitions give different models.
pub fn bench_training(
    params: &TrainParams,
    (lexicon, actors): (&Lexicon, &ActorTable),
    data: &[PathBuf],
    options: &DatasetOptions,
    repetitions: usize,
    threads: usize,
) -> Result<TrainBenchReport> {
    let mut first: Option<TrainBenchReport> = None;
    let mut scalings = Vec::new();
    let mut counts = vec![1, threads];
    counts.dedup();
    for threads in counts {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| Error::Solver(error.to_string()))?;
        let (mut times, mut readings) = (Vec::new(), Vec::new());
        let mut sentences = 0;
        for _ in 0..repetitions {
            let started = Instant::now();
            let dataset = Dataset::read(data, options)?;
            readings.push(started.elapsed().as_secs_f64());
            let train = || params.train(&dataset, lexicon.clone(), actors.clone());
            let model = pool.install(train)?;
            let bytes = model.to_bytes()?;
            times.push(started.elapsed().as_secs_f64());
            sentences = dataset.samples.len();
            let model_sha256 = Sha256::digest(&bytes)
                .iter()
                .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            let first = first.get_or_insert_with(|| TrainBenchReport {
                sentences,
                terms: model.vectorizer().n_features(),
                model_bytes: bytes.len(),
                repetitions,
                threads: Vec::new(),
                model_sha256: model_sha256.clone(),
                peak_memory_bytes: None,
            });
            if first.model_sha256 != model_sha256 {
                return Err(Error::Solver(format!(
                    "{threads} threads gave another model than one"
                )));
            }
        }
        if times.is_empty() {
            break;
        }
        let seconds = median(&mut times);
        scalings.push(TrainScaling {
            threads,
            seconds,
            spread: times[times.len() - 1] - times[0],
            reading: median(&mut readings),
            sentences_per_second: sentences as f64 / seconds,
        });
    }
    let mut report = first.ok_or(Error::Parameter {
        name: "repetitions",
        found: "0".to_owned(),
        needed: "at least 1",
    })?;
    report.threads = scalings;
    report.peak_memory_bytes = peak_memory();
    Ok(report)
}

/// Writes a labelled CSV of generated sentences, which carry the labels that a model gives them; twenty make an article.
///
/// # Errors
/// Those of `out`.
pub fn labelled_corpus(
    seed: u64,
    sentences: usize,
    model: Arc<Model>,
    out: impl Write,
) -> io::Result<()> {
    const BYTES: usize = 100_000;
    let mut pipeline = Pipeline::new(model).with_parties(false);
    let mut table = csv::Writer::from_writer(out);
    table.write_record(["text", "labels", "group"])?;
    let mut written = 0;
    for seed in seed.. {
        for article in corpus(seed, BYTES) {
            for claim in pipeline.classify(&article, Unit::Sentence) {
                if written == sentences {
                    return table.flush();
                }
                let labels = pipeline.model().labels().join(claim.prediction.labels);
                let group = (written / 20).to_string();
                table.write_record([claim.span.of(&article.text), &labels, &group])?;
                written += 1;
            }
        }
    }
    table.flush()
}
