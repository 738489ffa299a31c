//! The shipped model and the attributions on texts that are not part of the project: `REJOINDER_EVAL` names a folder with a
//! `dev.csv` of the columns `id`, `part`, `group`, `text` and `labels`, and an `attribution_dev.jsonl` of articles with `id`,
//! `text` and `attributions`, each of `source`, `cue` and `content` as lists of spans in code points. Without it there is
//! nothing to measure.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use rejoinder::article::furniture;
use rejoinder::evaluate::{Evaluation, EvaluationOptions, predict};
use rejoinder::report::{Style, write_evaluation};
use rejoinder::{Attributor, Dataset, DatasetOptions, Model, Span, segment};

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

/// The F1 that contents must reach by the overlap from which on they count, and the share of right speakers.
const CONTENT_NEEDED: [(f64, f64); 2] = [(0.3, 0.75), (0.8, 0.60)];
const SPEAKER_NEEDED: f64 = 0.88;

/// The code points of an article that spans cover.
type Points = BTreeSet<usize>;

/// A content with its source.
type Pair = (Points, Points);

fn gold_pairs(article: &serde_json::Value) -> Vec<Pair> {
    let points = |spans: &serde_json::Value| -> Points {
        let spans = spans.as_array().unwrap().iter();
        let bound = |span: &serde_json::Value, end: usize| span[end].as_u64().unwrap() as usize;
        spans
            .flat_map(|span| bound(span, 0)..bound(span, 1))
            .collect()
    };
    let all = article["attributions"].as_array().unwrap().iter();
    all.map(|one| (points(&one["content"]), points(&one["source"])))
        .collect()
}

fn found_pairs(attributor: &mut Attributor, text: &str) -> Vec<Pair> {
    let mut sentences = Vec::new();
    segment(text, &furniture(text), &mut sentences);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let points = |spans: &[Span]| -> Points {
        let point = |byte: usize| starts.partition_point(|&start| start < byte);
        let spans = spans.iter();
        spans
            .flat_map(|span| point(span.start)..point(span.end))
            .collect()
    };
    let found = attributor.attribute(text, &sentences);
    found
        .iter()
        .map(|one| (points(&one.content), points(&one.source)))
        .collect()
}

/// One to one, best overlap first: which gold content is which found one. Overlap is Dice's, in code points.
fn matched(gold: &[Pair], found: &[Pair], threshold: f64) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (i, (a, _)) in gold.iter().enumerate() {
        for (j, (b, _)) in found.iter().enumerate() {
            let shared = a.intersection(b).count();
            let dice = 2.0 * shared as f64 / (a.len() + b.len()) as f64;
            if shared > 0 && dice >= threshold {
                pairs.push((dice, i, j));
            }
        }
    }
    pairs.sort_by(|a, b| b.partial_cmp(a).unwrap());
    let (mut used_gold, mut used_found) = (BTreeSet::new(), BTreeSet::new());
    let free = |&(_, i, j): &(f64, usize, usize)| {
        let free = !used_gold.contains(&i) && !used_found.contains(&j);
        if free {
            used_gold.insert(i);
            used_found.insert(j);
        }
        free
    };
    let mut kept = pairs;
    kept.retain(free);
    kept.into_iter().map(|(_, i, j)| (i, j)).collect()
}

#[test]
#[allow(clippy::print_stdout, reason = "the scores are what is measured")]
fn attributions_reach_their_scores() {
    let Some(folder) = std::env::var_os("REJOINDER_EVAL") else {
        println!("skipped: REJOINDER_EVAL names no folder");
        return;
    };
    let path = PathBuf::from(folder).join("attribution_dev.jsonl");
    let Ok(lines) = std::fs::read_to_string(path) else {
        println!("skipped: REJOINDER_EVAL holds no attribution_dev.jsonl");
        return;
    };
    let mut attributor = Attributor::shipped();
    let articles: Vec<(Vec<Pair>, Vec<Pair>)> = lines
        .lines()
        .map(|line| {
            let article: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = article["text"].as_str().unwrap();
            (gold_pairs(&article), found_pairs(&mut attributor, text))
        })
        .collect();
    for (threshold, needed) in CONTENT_NEEDED {
        let (mut hits, mut golds, mut founds, mut sourced, mut right) = (0, 0, 0, 0, 0);
        for (gold, found) in &articles {
            let pairs = matched(gold, found, threshold);
            (hits, golds, founds) = (hits + pairs.len(), golds + gold.len(), founds + found.len());
            for (i, j) in pairs {
                sourced += usize::from(!gold[i].1.is_empty());
                right += usize::from(!gold[i].1.is_disjoint(&found[j].1));
            }
        }
        let f1 = 2.0 * hits as f64 / (golds + founds) as f64;
        let speaker = right as f64 / sourced as f64;
        println!(
            "overlap {threshold}: precision {:.3}, recall {:.3}, F1 {f1:.3}; speaker {speaker:.3} of {sourced}",
            hits as f64 / founds as f64,
            hits as f64 / golds as f64,
        );
        assert!(f1 >= needed, "content F1 {f1:.3}, needed {needed}");
        assert!(
            speaker >= SPEAKER_NEEDED,
            "speaker {speaker:.3}, needed {SPEAKER_NEEDED}"
        );
    }
}
