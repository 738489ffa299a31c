//! How many labels a desk needs: `cargo bench --features full --bench labelling`.
//!
//! A fifth of the articles of `labels/` is held out. Of the rest, sentences are "labelled" in portions, those that the
//! model is least sure of or any, and after each portion a model learns from what is labelled so far. Told are the scores on the
//! held-out fifth by number of labels, and how many labels reach 95 % of the score that all of them reach.
//! Arguments: seeds (3 by default).

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks, and stops at the first error"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rejoinder::desk::uncertainty;
use rejoinder::evaluate::{Evaluation, EvaluationOptions, predict};
use rejoinder::train::grouped_folds;
use rejoinder::{
    ActorTable, Dataset, DatasetOptions, LabelSet, Lexicon, Model, Sample, TrainParams,
};

const FIRST: usize = 200;
/// How many times as many labels the next portion makes.
const GROWTH: f64 = 1.3;
const SHARE: f64 = 0.95;
/// Labels after which no more are asked for, as a share of all.
const ENOUGH: f64 = 0.7;

/// Scores with a number of labels: macro-F1, mean average precision.
type Point = (usize, [f64; 2]);

fn main() {
    let seeds = std::env::args().find_map(|argument| argument.parse().ok());
    let data = read();
    for seed in 0..seeds.unwrap_or(3) {
        let (pool, test) = split(&data, seed);
        let full = score(&train(&pool), &test);
        println!(
            "seed {seed}: all {} labels: macro-F1 {:.3}, mean average precision {:.3}",
            pool.samples.len(),
            full[0],
            full[1]
        );
        for (name, by_uncertainty) in [("random", false), ("uncertainty", true)] {
            let curve = simulate(&pool, &test, by_uncertainty);
            for (count, [f1, precision]) in &curve {
                println!("  {name:<12} {count:>6} labels: {f1:.3} {precision:.3}");
            }
            for (measure, what) in ["macro-F1", "mean average precision"].iter().enumerate() {
                let needed = reached(&curve, measure, SHARE * full[measure]);
                let needed = needed.map_or("more than were tried".to_owned(), |n| n.to_string());
                println!("  {name}: 95 % of {what} with {needed} labels");
            }
        }
    }
}

fn read() -> Dataset {
    let labels = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels");
    let paths: [PathBuf; 2] = ["sentences.csv", "articles.csv"].map(|name| labels.join(name));
    Dataset::read(&paths, &DatasetOptions::default()).unwrap()
}

/// The sentences that may be labelled, in random order, and those that are held out.
fn split(data: &Dataset, seed: u64) -> (Dataset, Dataset) {
    let groups: Vec<&str> = data
        .samples
        .iter()
        .map(|sample| sample.group.as_str())
        .collect();
    let sets: Vec<LabelSet> = data.samples.iter().map(|sample| sample.labels).collect();
    let fold_of = grouped_folds(&groups, &sets, 5, seed).unwrap();
    let (held, mut pool): (Vec<usize>, Vec<usize>) =
        (0..data.samples.len()).partition(|&row| fold_of[row] == 0);
    pool.sort_by_key(|&row| drawn(row as u64, seed));
    (subset(data, &pool), subset(data, &held))
}

/// A number for a row: the same for the same seed, everywhere (the mixing of `SplitMix64`).
fn drawn(row: u64, seed: u64) -> u64 {
    let z = (seed << 32 ^ row)
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

fn subset(data: &Dataset, rows: &[usize]) -> Dataset {
    Dataset {
        samples: rows
            .iter()
            .map(|&row| data.samples[row].clone())
            .collect::<Vec<Sample>>(),
        labels: data.labels.clone(),
        warnings: Vec::new(),
    }
}

fn train(data: &Dataset) -> Arc<Model> {
    let params = TrainParams::default();
    Arc::new(
        params
            .train(data, Lexicon::shipped(), ActorTable::shipped())
            .unwrap(),
    )
}

fn score(model: &Arc<Model>, test: &Dataset) -> [f64; 2] {
    let texts: Vec<&str> = test
        .samples
        .iter()
        .map(|sample| sample.text.as_str())
        .collect();
    let options = EvaluationOptions {
        resamples: 1,
        seed: 0,
    };
    let predictions = predict(model, &texts);
    let scores = Evaluation::new(test, model.labels(), &predictions, &options)
        .unwrap()
        .overall;
    [scores.macro_f1.value, scores.mean_average_precision.value]
}

fn simulate(pool: &Dataset, test: &Dataset, by_uncertainty: bool) -> Vec<Point> {
    let mut labelled: BTreeSet<usize> = (0..FIRST).collect();
    let mut curve = Vec::new();
    loop {
        let rows: Vec<usize> = labelled.iter().copied().collect();
        let model = train(&subset(pool, &rows));
        curve.push((rows.len(), score(&model, test)));
        let wanted = (rows.len() as f64 * GROWTH) as usize;
        if wanted as f64 > ENOUGH * pool.samples.len() as f64 {
            return curve;
        }
        let mut rest: Vec<usize> = (0..pool.samples.len())
            .filter(|row| !labelled.contains(row))
            .collect();
        if by_uncertainty {
            let texts: Vec<&str> = rest
                .iter()
                .map(|&row| pool.samples[row].text.as_str())
                .collect();
            let unsure: Vec<f64> = predict(&model, &texts).iter().map(uncertainty).collect();
            let mut order: Vec<usize> = (0..rest.len()).collect();
            order.sort_by(|&a, &b| unsure[b].total_cmp(&unsure[a]));
            rest = order.into_iter().map(|at| rest[at]).collect();
        }
        labelled.extend(rest.into_iter().take(wanted - rows.len()));
    }
}

/// The number of labels, read off the line between two points, from which on a score is reached.
fn reached(curve: &[Point], measure: usize, score: f64) -> Option<usize> {
    let after = curve
        .iter()
        .position(|(_, scores)| scores[measure] >= score)?;
    let (high, high_scores) = curve[after];
    let Some((low, low_scores)) = after.checked_sub(1).map(|before| curve[before]) else {
        return Some(high);
    };
    let part = (score - low_scores[measure]) / (high_scores[measure] - low_scores[measure]);
    Some(low + (part * (high - low) as f64) as usize)
}
