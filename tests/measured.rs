//! The shipped model on sentences that are not part of the project: `REJOINDER_EVAL` names a folder with a `dev.csv` of the
//! columns `id`, `part`, `group`, `text` and `labels`. Without it there is nothing to measure.

use std::path::PathBuf;
use std::sync::Arc;

use rejoinder::evaluate::{Evaluation, EvaluationOptions, predict};
use rejoinder::report::{Style, write_evaluation};
use rejoinder::{Dataset, DatasetOptions, Model};

/// The macro-F1 that the model must reach.
const NEEDED: f64 = 0.65;

#[test]
#[allow(clippy::print_stdout, reason = "the table is what is measured")]
fn shipped_model_reaches_its_macro_f1() {
    let Some(folder) = std::env::var_os("REJOINDER_EVAL") else {
        println!("skipped: REJOINDER_EVAL names no folder");
        return;
    };
    let model = Arc::new(Model::shipped());
    let options = DatasetOptions {
        labels: Some(model.labels().clone()),
        ..DatasetOptions::default()
    };
    let data = Dataset::read(&[PathBuf::from(folder).join("dev.csv")], &options).unwrap();
    let texts: Vec<&str> = data
        .samples
        .iter()
        .map(|sample| sample.text.as_str())
        .collect();
    let predictions = predict(&model, &texts);
    let evaluation = Evaluation::new(
        &data,
        model.labels(),
        &predictions,
        &EvaluationOptions::default(),
    )
    .unwrap();
    let mut table = Vec::new();
    write_evaluation(&mut table, &evaluation, Style::default()).unwrap();
    println!("{}", String::from_utf8(table).unwrap());
    let macro_f1 = evaluation.overall.macro_f1.value;
    assert!(
        macro_f1 >= NEEDED,
        "macro-F1 {macro_f1:.3}, needed {NEEDED}"
    );
}
