//! `rejoinder bench`

use std::fmt::Write as _;
use std::io::Write;

use anyhow::{Context, Result, bail};
use rejoinder::bench::{BenchReport, bench, corpus};
use rejoinder::{Article, ArticleReader};

use crate::Outcome;
use crate::args::{Bench, ScoreFormat};
use crate::terminal::Terminal;

pub(crate) fn run(args: Bench, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let model = args.model.load()?;
    let articles: Vec<Article> = if args.paths.is_empty() {
        corpus(args.seed, usize::from(args.megabytes) * 1_000_000)
    } else {
        ArticleReader::open(&args.paths, args.columns.into())?.collect::<rejoinder::Result<_>>()?
    };
    let spinner = terminal.spinner("measuring");
    let report = bench(&model, &articles, usize::from(args.repetitions), threads)?;
    spinner.finish_and_clear();
    let text = match args.format {
        ScoreFormat::Text => table(&report)?,
        ScoreFormat::Json => serde_json::to_string_pretty(&report)? + "\n",
    };
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .context("standard output")?;
    match args.expect {
        Some(expected) if expected != report.output_hash => bail!(
            "output hash is {}, not `{expected}`: the model, the articles or the output changed",
            report.output_hash
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
        "\nstages, one thread\n{:>18} {:>9} {:>7}",
        "stage", "seconds", "share"
    )?;
    for stage in &report.stages {
        writeln!(
            text,
            "{:>18} {:>9.3} {:>6.0}%",
            stage.name,
            stage.seconds,
            100.0 * stage.share
        )?;
    }
    writeln!(
        text,
        "\nlatency, microseconds\n{:>18} {:>9} {:>9}",
        "", "p50", "p99"
    )?;
    let latency = &report.latency;
    writeln!(
        text,
        "{:>18} {:>9.1} {:>9.1}",
        "one sentence", latency.sentence_p50, latency.sentence_p99
    )?;
    writeln!(
        text,
        "{:>18} {:>9.1} {:>9.1}",
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
