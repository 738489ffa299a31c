//! `rejoinder classify`

use std::ops::AddAssign;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use rejoinder::report::{ClaimFormat, ClaimWriter, EventTable, Style};
use rejoinder::{
    Article, ArticleReader, Claim, InTurn, Labels, Pipeline, Prediction, Prints, Reprints, Unit,
};

use crate::Outcome;
use crate::args::{Classify, OutputFormat};
use crate::sink::Target;
use crate::stream::{Stream, counted};
use crate::terminal::{Terminal, output_style};

pub(crate) fn run(args: Classify, threads: usize, terminal: Terminal) -> Result<Outcome> {
    let model = args.model.load()?;
    let labels = model.labels();
    let format = args.format();
    if args.resume && format == OutputFormat::Events {
        bail!("--resume cannot go on with counts: use --format csv, jsonl or parquet");
    }
    let resume = args.resume.then(|| settings(&args)).transpose()?;
    let kept = kept_columns(&args)?;
    let writer = claim_format(format, args.output.is_some()).map(|format| {
        let writer = ClaimWriter::new(format, labels.clone()).with_kept_columns(&kept);
        if args.clusters {
            writer.with_clusters()
        } else {
            writer
        }
    });
    let reprints = (args.clusters || writer.is_none()).then(|| InTurn::new(Reprints::new()));
    let mut header = Vec::new();
    let mut parquet = None;
    match &writer {
        Some(writer) if format == OutputFormat::Parquet => parquet = Some(writer.columns()),
        Some(writer) => writer.write_header(&mut header)?,
        None => {}
    }
    let (unit, all, parties) = (args.unit.into(), args.all, !args.no_parties);
    let stream = Stream {
        paths: args.paths,
        options: args.columns.into(),
        target: Target {
            path: args.output,
            parquet,
            resume,
        },
        strict: args.strict,
        threads,
        terminal,
    };
    let summary = stream.run(
        &header,
        || {
            let mut worker = Worker {
                pipeline: Pipeline::new(Arc::clone(&model)).with_parties(parties),
                writer: writer.clone(),
                reprints: reprints.as_ref(),
                unit,
                all,
            };
            move |batch, articles: &[Article], out: &mut Vec<u8>| worker.work(batch, articles, out)
        },
        |counts: &Counts, out| {
            if writer.is_none() {
                counts
                    .events
                    .write(out, labels)
                    .expect("a vector takes every byte");
            }
        },
    )?;
    let found = summary.counts.describe(labels, reprints.is_some());
    Ok(summary.tell(&found, terminal))
}

/// How claims are written one by one; `None` where events are counted.
fn claim_format(format: OutputFormat, to_file: bool) -> Option<ClaimFormat> {
    Some(match format {
        OutputFormat::Text if to_file => ClaimFormat::Text(Style::default()),
        OutputFormat::Text => ClaimFormat::Text(output_style()),
        OutputFormat::Jsonl => ClaimFormat::Jsonl,
        // Parquet is made of rows of CSV.
        OutputFormat::Csv | OutputFormat::Parquet => ClaimFormat::Csv,
        OutputFormat::Events => return None,
    })
}

/// All that decides what is written, besides the articles.
fn settings(args: &Classify) -> Result<Vec<u8>> {
    let mut settings = format!(
        "{} {:?} {:?} {:?} {} {} {:?} {:?}",
        env!("CARGO_PKG_VERSION"),
        args.format(),
        args.unit,
        args.columns,
        args.all,
        args.no_parties,
        args.keep_columns,
        args.model.thresholds,
    )
    .into_bytes();
    if let Some(path) = &args.model.file.path {
        settings.extend(std::fs::read(path).with_context(|| path.display().to_string())?);
    }
    Ok(settings)
}

/// The names of the columns that are kept: with `all` those that the first article has.
fn kept_columns(args: &Classify) -> Result<Vec<String>> {
    if args.keep_columns != ["all"] {
        return Ok(args.keep_columns.clone());
    }
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        bail!("--keep-columns all cannot look ahead into standard input: name the columns");
    }
    let mut articles = ArticleReader::open(&args.paths, args.columns.clone().into())?;
    let first = articles.find_map(rejoinder::Result::ok);
    let columns = first.map_or_else(Vec::new, |article| article.other);
    Ok(columns.into_iter().map(|(name, _)| name).collect())
}

struct Worker<'a> {
    pipeline: Pipeline,
    writer: Option<ClaimWriter>,
    /// The first prints that all threads know of.
    reprints: Option<&'a InTurn<Reprints>>,
    unit: Unit,
    all: bool,
}

impl Worker<'_> {
    fn work(&mut self, batch: usize, articles: &[Article], out: &mut Vec<u8>) -> Counts {
        let mut counts = Counts::default();
        let mut classified: Vec<(Vec<Claim>, Prints)> = articles
            .iter()
            .map(|article| self.classify(article, &mut counts))
            .collect();
        if let Some(reprints) = self.reprints {
            reprints.take(batch, |reprints| {
                for (article, (claims, prints)) in articles.iter().zip(&mut classified) {
                    let is_reprint = reprints.cluster(article, claims, std::mem::take(prints));
                    counts.reprints += usize::from(is_reprint);
                }
            });
        }
        for (article, (claims, _)) in articles.iter().zip(&classified) {
            counts.add_once(claims);
            match &self.writer {
                Some(writer) => writer
                    .write(out, article, claims)
                    .expect("a vector takes every byte"),
                None => counts.events.add(article, claims),
            }
        }
        counts
    }

    fn classify(&mut self, article: &Article, counts: &mut Counts) -> (Vec<Claim>, Prints) {
        let (pipeline, all) = (&mut self.pipeline, self.all);
        let (claims, prints) = if self.reprints.is_some() {
            let wanted = |prediction: &Prediction| all || !prediction.labels.is_empty();
            pipeline.classify_with_prints(article, self.unit, wanted)
        } else if all {
            (pipeline.classify(article, self.unit), Prints::default())
        } else {
            (pipeline.labelled(article, self.unit), Prints::default())
        };
        counts.sentences += pipeline.sentences().len();
        counts.labelled.resize(pipeline.model().labels().len(), 0);
        for claim in &claims {
            for label in claim.prediction.labels.iter() {
                counts.labelled[label] += 1;
            }
        }
        (claims, prints)
    }
}

/// Sentences, how many of them carry each label, and what else was asked for.
#[derive(Debug, Default)]
struct Counts {
    sentences: usize,
    labelled: Vec<usize>,
    /// The same where each claim counts once.
    once: Vec<usize>,
    /// Articles that are reprints of others.
    reprints: usize,
    events: EventTable,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.sentences += other.sentences;
        add(&mut self.labelled, &other.labelled);
        add(&mut self.once, &other.once);
        self.reprints += other.reprints;
        self.events.append(other.events);
    }
}

/// Adds counts of labels; where there are none, none was found.
fn add(totals: &mut Vec<usize>, found: &[usize]) {
    totals.resize(found.len().max(totals.len()), 0);
    for (total, found) in totals.iter_mut().zip(found) {
        *total += found;
    }
}

impl Counts {
    fn add_once(&mut self, claims: &[Claim]) {
        self.once.resize(self.labelled.len(), 0);
        for cluster in claims.iter().filter_map(|claim| claim.cluster.as_ref()) {
            for label in cluster.counted.iter() {
                self.once[label] += 1;
            }
        }
    }

    fn describe(&self, labels: &Labels, clusters: bool) -> String {
        let of = |counts: &[usize], label: usize| counts.get(label).copied().unwrap_or(0);
        let count = |(label, name): (usize, &String)| {
            let labelled = of(&self.labelled, label);
            if clusters {
                let once = of(&self.once, label);
                format!("{name} {labelled} ({once} counted once)")
            } else {
                format!("{name} {labelled}")
            }
        };
        let labelled: Vec<String> = labels.names().iter().enumerate().map(count).collect();
        let sentences = counted(self.sentences, "sentence");
        let labelled = labelled.join(", ");
        if clusters {
            let reprints = counted(self.reprints, "reprint");
            format!("{reprints}, {sentences}: {labelled}")
        } else {
            format!("{sentences}: {labelled}")
        }
    }
}
