//! `rejoinder classify`

use std::ops::AddAssign;
use std::sync::Arc;

use anyhow::Result;
use rejoinder::report::{ClaimFormat, ClaimWriter, Style};
use rejoinder::{Article, Labels, Pipeline, Unit};

use crate::Outcome;
use crate::args::{Classify, OutputFormat};
use crate::stream::{Stream, counted};
use crate::terminal::{Terminal, output_style};

pub(crate) fn run(args: Classify, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let model = args.model.load()?;
    let writer = ClaimWriter::new(
        claim_format(args.format, args.output.is_some()),
        model.labels().clone(),
    );
    let mut header = Vec::new();
    writer.write_header(&mut header)?;
    let (unit, all, parties) = (args.unit.into(), args.all, !args.no_parties);
    let stream = Stream {
        paths: args.paths,
        options: args.columns.into(),
        output: args.output,
        strict: args.strict,
        threads,
        terminal,
    };
    let summary = stream.run(&header, || {
        let mut pipeline = Pipeline::new(Arc::clone(&model)).with_parties(parties);
        let writer = writer.clone();
        move |article: &Article, out: &mut Vec<u8>| {
            work(&mut pipeline, &writer, article, unit, all, out)
        }
    })?;
    Ok(summary.tell(&summary.counts.describe(model.labels()), terminal))
}

fn claim_format(format: OutputFormat, to_file: bool) -> ClaimFormat {
    match format {
        OutputFormat::Text if to_file => ClaimFormat::Text(Style::default()),
        OutputFormat::Text => ClaimFormat::Text(output_style()),
        OutputFormat::Jsonl => ClaimFormat::Jsonl,
        OutputFormat::Csv => ClaimFormat::Csv,
    }
}

fn work(
    pipeline: &mut Pipeline,
    writer: &ClaimWriter,
    article: &Article,
    unit: Unit,
    all: bool,
    out: &mut Vec<u8>,
) -> Counts {
    let mut counts = Counts {
        sentences: 0,
        labelled: vec![0; pipeline.model().labels().len()],
    };
    let claims = pipeline.classify_where(article, unit, |prediction| {
        counts.sentences += 1;
        for label in prediction.labels.iter() {
            counts.labelled[label] += 1;
        }
        all || !prediction.labels.is_empty()
    });
    writer
        .write(out, article, &claims)
        .expect("a vector takes every byte");
    counts
}

/// Sentences, and how many of them carry each label.
#[derive(Debug, Default)]
struct Counts {
    sentences: usize,
    labelled: Vec<usize>,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.sentences += other.sentences;
        self.labelled
            .resize(other.labelled.len().max(self.labelled.len()), 0);
        for (total, found) in self.labelled.iter_mut().zip(&other.labelled) {
            *total += found;
        }
    }
}

impl Counts {
    fn describe(&self, labels: &Labels) -> String {
        let count = |label: usize| self.labelled.get(label).copied().unwrap_or(0);
        let labelled: Vec<String> = labels
            .names()
            .iter()
            .enumerate()
            .map(|(label, name)| format!("{name} {}", count(label)))
            .collect();
        format!(
            "{}: {}",
            counted(self.sentences, "sentence"),
            labelled.join(", ")
        )
    }
}
