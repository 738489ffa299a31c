//! `rejoinder bench` and `rejoinder bench train`

use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rejoinder::bench::{
    BenchReport, TrainBenchReport, bench, bench_training, corpus, labelled_corpus,
};
use rejoinder::{Article, ArticleReader, DatasetOptions, Model};
use serde::Serialize;

use crate::Outcome;
use crate::args::{Bench, BenchCommand, BenchTrain, ScoreFormat};
use crate::terminal::Terminal;
use crate::train::tables;

pub(crate) fn run(args: Bench, threads: usize, terminal: Terminal) -> Result<Outcome> {
    match &args.train {
        Some(BenchCommand::Train(args)) => train(args, threads, terminal),
        None => classification(args, threads, terminal),
    }
}

fn classification(args: Bench, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let model = args.model.load()?;
    let articles: Vec<Article> = if args.paths.is_empty() {
        corpus(args.seed, usize::from(args.megabytes) * 1_000_000)
    } else {
        ArticleReader::open(&args.paths, args.columns.into())?.collect::<rejoinder::Result<_>>()?
    };
    let spinner = terminal.spinner("measuring");
    let repetitions = usize::from(args.repetitions);
    let report = bench(&model, &articles, !args.no_parties, repetitions, threads)?;
    spinner.finish_and_clear();
    print(args.format, &report, table)?;
    check("output", args.expect.as_deref(), &report.output_hash)
}

fn train(args: &BenchTrain, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let params = args.settings.params()?;
    let (lexicon, actors) = tables(&args.settings)?;
    let spinner = terminal.spinner("measuring");
    let mut data = args.data.clone();
    let generated = tempfile::Builder::new().suffix(".csv").tempfile();
    let mut generated = generated.context("a temporary file")?;
    if data.is_empty() {
        let model = Arc::new(Model::shipped());
        labelled_corpus(
            args.corpus_seed,
            args.sentences as usize,
            model,
            &mut generated,
        )
        .with_context(|| generated.path().display().to_string())?;
        data.push(generated.path().to_owned());
    }
    let report = bench_training(
        &params,
        (&lexicon, &actors),
        &data,
        &DatasetOptions::from(&args.columns),
        usize::from(args.repetitions),
        threads,
    )?;
    spinner.finish_and_clear();
    print(args.format, &report, training_table)?;
    check("model", args.expect.as_deref(), &report.model_sha256)
}

fn print<R: Serialize>(
    format: ScoreFormat,
    report: &R,
    table: impl Fn(&R) -> Result<String>,
) -> Result<()> {
    let text = match format {
        ScoreFormat::Text => table(report)?,
        ScoreFormat::Json => serde_json::to_string_pretty(report)? + "\n",
    };
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .context("standard output")
}

/// Fails where what came out is not what was expected.
fn check(what: &str, expected: Option<&str>, hash: &str) -> Result<Outcome> {
    match expected {
        Some(expected) if expected != hash => bail!(
            "{what} hash is {hash}, not `{expected}`: the program, its input or the output changed"
        ),
        _ => Ok(Outcome::Done),
    }
}

fn table(report: &BenchReport) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "{} articles, {} sentences, {:.2} MB of text in memory; median of {} repetitions",
        report.articles,
        report.sentences,
        report.bytes as f64 / 1e6,
        report.repetitions
    )?;
    writeln!(
        text,
        "\ntext to JSON lines\n{:>9} {:>9} {:>8} {:>8} {:>12}",
        "threads", "seconds", "spread", "MB/s", "sentences/s"
    )?;
    for row in &report.threads {
        writeln!(
            text,
            "{:>9} {:>9.3} {:>8.3} {:>8.1} {:>12.0}",
            row.threads,
            row.seconds,
            row.spread,
            row.megabytes_per_second,
            row.sentences_per_second
        )?;
    }
    writeln!(
        text,
        "\nstages, one thread\n{:>24} {:>9} {:>7}",
        "stage", "seconds", "share"
    )?;
    for stage in &report.stages {
        writeln!(
            text,
            "{:>24} {:>9.3} {:>6.0}%",
            stage.name,
            stage.seconds,
            100.0 * stage.share
        )?;
    }
    writeln!(
        text,
        "\nlatency, microseconds\n{:>24} {:>9} {:>9}",
        "", "p50", "p99"
    )?;
    let latency = &report.latency;
    writeln!(
        text,
        "{:>24} {:>9.1} {:>9.1}",
        "one sentence", latency.sentence_p50, latency.sentence_p99
    )?;
    writeln!(
        text,
        "{:>24} {:>9.1} {:>9.1}",
        "one article", latency.article_p50, latency.article_p99
    )?;
    writeln!(text)?;
    if let Some(bytes) = report.peak_memory_bytes {
        writeln!(
            text,
            "peak memory {:.1} MB, the articles included",
            bytes as f64 / 1e6
        )?;
    }
    writeln!(text, "output hash {}", report.output_hash)?;
    Ok(text)
}

fn training_table(report: &TrainBenchReport) -> Result<String> {
    let mut text = String::new();
    writeln!(
        text,
        "{} labelled sentences, {} terms; median of {} repetitions",
        report.sentences, report.terms, report.repetitions
    )?;
    writeln!(
        text,
        "\nCSV to model\n{:>9} {:>9} {:>8} {:>9} {:>12}",
        "threads", "seconds", "spread", "reading", "sentences/s"
    )?;
    for row in &report.threads {
        writeln!(
            text,
            "{:>9} {:>9.3} {:>8.3} {:>9.3} {:>12.0}",
            row.threads, row.seconds, row.spread, row.reading, row.sentences_per_second
        )?;
    }
    writeln!(text)?;
    if let Some(bytes) = report.peak_memory_bytes {
        writeln!(text, "peak memory {:.1} MB", bytes as f64 / 1e6)?;
    }
    writeln!(
        text,
        "model of {} bytes, hash {}",
        report.model_bytes, report.model_sha256
    )?;
    Ok(text)
}
