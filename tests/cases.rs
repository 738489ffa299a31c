//! `tests/cases/claims.csv`: plain sentences of our own with the labels that any decent model must give them, through the
//! library and through the program, which must say the same.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rejoinder::{Article, Dataset, DatasetOptions, Model, Pipeline, Unit};

/// The share of the table that the shipped model must get wholly right.
const NEEDED: f64 = 0.85;

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/claims.csv")
}

/// The table, with the labels of the shipped model.
fn table(model: &Model) -> Dataset {
    let options = DatasetOptions {
        text_column: "sentence".to_owned(),
        labels: Some(model.labels().clone()),
        ..DatasetOptions::default()
    };
    Dataset::read(&[path()], &options).unwrap()
}

/// The labels of a sentence as a CSV has them, and its probabilities to four decimals.
type Answer = (String, Vec<f64>);

fn from_library(model: &Arc<Model>, data: &Dataset) -> Vec<Answer> {
    let mut pipeline = Pipeline::new(Arc::clone(model));
    let mut answer = |text: &str| {
        let article = Article {
            text: text.to_owned(),
            ..Article::default()
        };
        let claims = pipeline.classify(&article, Unit::Record);
        let [claim] = claims.as_slice() else {
            panic!("{} claims in `{text}`", claims.len())
        };
        let probabilities = claim.prediction.probabilities.iter();
        (
            model.labels().join(claim.prediction.labels),
            probabilities.map(|p| (p * 1e4).round() / 1e4).collect(),
        )
    };
    data.samples
        .iter()
        .map(|sample| answer(&sample.text))
        .collect()
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the share is what a better model changes"
)]
fn shipped_model_gets_plain_sentences_right() {
    let model = Arc::new(Model::shipped());
    let data = table(&model);
    assert_eq!((data.samples.len(), &data.warnings[..]), (60, &[][..]));
    let mut right = 0;
    for (sample, (labels, probabilities)) in data.samples.iter().zip(from_library(&model, &data)) {
        let gold = model.labels().join(sample.labels);
        if labels == gold {
            right += 1;
        } else {
            let text = &sample.text;
            println!("{gold} but {labels} {probabilities:?}: {text}");
        }
    }
    let share = f64::from(right) / data.samples.len() as f64;
    println!(
        "{right} of {} right ({:.0} %)",
        data.samples.len(),
        100.0 * share
    );
    assert!(share >= NEEDED, "{right} right, fewer than {NEEDED}");
}

#[cfg(feature = "cli")]
#[test]
fn program_and_library_say_the_same() {
    let model = Arc::new(Model::shipped());
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_rejoinder"))
        .args(["classify", "--unit", "record", "--all", "--quiet"])
        .args(["--format", "jsonl", "--text-column", "sentence"])
        .arg(path())
        .output()
        .unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    let answer = |line: &str| -> Answer {
        let claim: serde_json::Value = serde_json::from_str(line).unwrap();
        let names = claim["labels"].as_array().unwrap().iter();
        let set = names.map(|name| model.labels().index(name.as_str().unwrap()).unwrap());
        let probabilities = model.labels().names().iter();
        (
            model.labels().join(set.collect()),
            probabilities
                .map(|name| claim["probabilities"][name].as_f64().unwrap())
                .collect(),
        )
    };
    let lines = String::from_utf8(output.stdout).unwrap();
    let printed: Vec<Answer> = lines.lines().map(answer).collect();
    assert_eq!(printed, from_library(&model, &table(&model)));
}
