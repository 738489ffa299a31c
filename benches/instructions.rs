//! Instructions that each stage takes, counted by valgrind's callgrind: the same on a busy machine as on an idle one.
//!
//! `cargo bench --bench instructions` compares with `benches/instructions.csv` and fails when a stage moved by more than 3 %;
//! `cargo bench --bench instructions -- --record` writes its counts anew. A count belongs to the compiler that the file names, and to
//! one of two profiles: the release, or with `--profile dev` that of the tests, whose crates need not be built a second time.

#![expect(clippy::print_stdout, reason = "the table is what it is run for")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;

use rayon::prelude::*;
use rejoinder::article::furniture;
use rejoinder::bench::corpus;
use rejoinder::report::{ClaimFormat, ClaimWriter};
use rejoinder::{
    ActorTable, Article, Dataset, DatasetOptions, Lexicon, Model, Pipeline, Span, Tokenizer,
    TrainParams, Unit, segment,
};
use serde::{Deserialize, Serialize};

/// How far a count may move, as a share of the recorded one.
const TOLERANCE: f64 = 0.03;

/// Work that is counted as a whole, in a process of its own; the work before it, if any, is taken off.
struct Stage {
    name: &'static str,
    after: Option<&'static str>,
    work: fn(),
}

const STAGES: [Stage; 6] = [
    Stage {
        name: "start",
        after: None,
        work: || drop(start()),
    },
    Stage {
        name: "segment",
        after: Some("start"),
        work: || {
            let (_, articles) = start();
            for article in &articles {
                black_box(sentences(article));
            }
        },
    },
    Stage {
        name: "tokenize",
        after: Some("segment"),
        work: || {
            let (model, articles) = start();
            let mut tokenizer = Tokenizer::new(Arc::clone(model.resources()));
            for article in &articles {
                for span in sentences(article) {
                    black_box(tokenizer.tokenize(&article.text, span));
                }
            }
        },
    },
    Stage {
        name: "vectorize and score",
        after: Some("tokenize"),
        work: || {
            let (model, articles) = start();
            let mut pipeline = Pipeline::new(model);
            for article in &articles {
                for span in sentences(article) {
                    black_box(pipeline.predict(span.of(&article.text)));
                }
            }
        },
    },
    Stage {
        name: "text to JSON lines",
        after: Some("start"),
        work: || {
            let (model, articles) = start();
            let mut pipeline = Pipeline::new(Arc::clone(&model));
            let writer = ClaimWriter::new(ClaimFormat::Jsonl, model.labels().clone());
            let mut out = Vec::new();
            for article in &articles {
                let claims = pipeline.labelled(article, Unit::Sentence);
                writer
                    .write(&mut out, article, &claims)
                    .expect("a vector takes every byte");
            }
            black_box(out);
        },
    },
    Stage {
        name: "train on 3,000 sentences",
        after: None,
        work: || {
            let file = here("labels/articles.csv");
            let mut data = Dataset::read(&[file], &DatasetOptions::default())
                .expect("the labelled sentences are checked in");
            data.samples.truncate(3000);
            let model =
                TrainParams::default().train(&data, Lexicon::shipped(), ActorTable::shipped());
            black_box(model.expect("it trains"));
        },
    },
];

/// The model and the articles that are measured on.
fn start() -> (Arc<Model>, Vec<Article>) {
    (Model::shipped().into(), corpus(0, 1_000_000))
}

fn sentences(article: &Article) -> Vec<Span> {
    let mut spans = Vec::new();
    segment(&article.text, &furniture(&article.text), &mut spans);
    spans
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("--stage") {
        let name = arguments.next().expect("a stage is named");
        let stage = STAGES.iter().find(|stage| stage.name == name);
        (stage.expect("it is a stage").work)();
        return ExitCode::SUCCESS;
    }
    let counts: Vec<(&str, u64)> = STAGES
        .par_iter()
        .map(|stage| (stage.name, count(stage.name)))
        .collect();
    let own = |stage: &Stage| {
        let of = |name| {
            counts
                .iter()
                .find(|count| count.0 == name)
                .map_or(0, |c| c.1)
        };
        of(stage.name) - stage.after.map_or(0, of)
    };
    let found: Vec<(&str, u64)> = STAGES
        .iter()
        .map(|stage| (stage.name, own(stage)))
        .collect();
    if first.as_deref() == Some("--record") {
        record(&found);
        return ExitCode::SUCCESS;
    }
    compare(&found)
}

/// Instructions of a stage, in a process of one thread under valgrind.
fn count(stage: &str) -> u64 {
    let this = std::env::current_exe().expect("the program knows where it is");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(this)
        .args(["--stage", stage])
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("valgrind is installed");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{message}");
    let line = message
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    let (_, number) = line.expect("callgrind tells what it collected");
    number.trim().parse().expect("it is a number")
}

const RECORD: &str = "benches/instructions.csv";

const PROFILE: &str = if cfg!(debug_assertions) {
    "dev"
} else {
    "release"
};

#[derive(Deserialize, Serialize)]
struct Row {
    profile: String,
    stage: String,
    instructions: u64,
    compiler: String,
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    String::from_utf8(output.expect("rustc is installed").stdout)
        .expect("it is text")
        .trim()
        .to_owned()
}

fn recorded() -> Vec<Row> {
    csv::Reader::from_path(here(RECORD))
        .and_then(|mut reader| reader.deserialize().collect())
        .expect("each row is a count")
}

/// Writes the counts of this profile anew, and keeps those of the other.
fn record(found: &[(&str, u64)]) {
    let mut rows = recorded();
    rows.retain(|row| row.profile != PROFILE);
    let compiler = compiler();
    rows.extend(found.iter().map(|&(stage, instructions)| Row {
        profile: PROFILE.to_owned(),
        stage: stage.to_owned(),
        instructions,
        compiler: compiler.clone(),
    }));
    rows.sort_by(|a, b| a.profile.cmp(&b.profile));
    let mut writer = csv::Writer::from_path(here(RECORD)).expect("the file can be written");
    rows.iter()
        .try_for_each(|row| writer.serialize(row))
        .expect("the file can be written");
    writer.flush().expect("the file can be written");
}

fn compare(found: &[(&str, u64)]) -> ExitCode {
    let recorded = recorded();
    let compiler = compiler();
    let mut code = ExitCode::SUCCESS;
    for &(stage, now) in found {
        let of_stage = |row: &&Row| row.profile == PROFILE && row.stage == stage;
        let Some(row) = recorded.iter().find(of_stage) else {
            println!("{stage}: not recorded");
            code = ExitCode::FAILURE;
            continue;
        };
        let moved = now as f64 / row.instructions as f64 - 1.0;
        println!("{stage:>26} {now:>14} {:>+7.2} %", 100.0 * moved);
        if row.compiler != compiler {
            println!(
                "    recorded with {}, this is {compiler}: not compared",
                row.compiler
            );
        } else if moved.abs() > TOLERANCE {
            println!("    moved by more than 3 %: mend it, or record it with `-- --record`");
            code = ExitCode::FAILURE;
        }
    }
    code
}
