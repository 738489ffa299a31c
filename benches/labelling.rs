//! How many labels a desk needs: `cargo bench --features full --bench labelling`.
//!
//! A fifth of the articles of `labels/` is held out and never labelled. Of the other sentences, 200 drawn at random are "labelled"
//! first, then portions, each 0.3 times as many as there are: any, those that the model is least sure of, or those with most new
//! in them. After each portion a model learns from what is labelled so far, with the settings of a desk. Told are its scores on the
//! held-out fifth, and how many labels reach 95 % of the score of a model that has learned from all.
//! Arguments: the number of seeds (3 by default), each with a held-out fifth and first sentences of its own.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench talks, and stops at the first error"
)]

use std::collections::{BTreeSet, BinaryHeap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rejoinder::desk::{Coverage, Order, uncertainty};
use rejoinder::evaluate::{Evaluation, EvaluationOptions, predict};
use rejoinder::train::grouped_folds;
use rejoinder::{
    ActorTable, Dataset, DatasetOptions, LabelSet, Lexicon, Model, Pipeline, Sample, TrainParams,
};

const FIRST: usize = 200;
/// How many times as many labels the next portion makes.
const GROWTH: f64 = 1.3;
const SHARE: f64 = 0.95;
/// Labels after which no more are asked for, as a share of all.
const ENOUGH: f64 = 0.7;

const ORDERS: [(Order, &str); 3] = [
    (Order::Random, "random"),
    (Order::Uncertainty, "uncertainty"),
    (Order::Diversity, "diversity"),
];
const MEASURES: [&str; 2] = ["macro-F1", "mean average precision"];

/// Scores with a number of labels, one for each of [`MEASURES`].
type Point = (usize, [f64; 2]);

fn main() {
    let seeds = std::env::args().find_map(|argument| argument.parse().ok());
    let data = read();
    // The labels that were needed, by order and measure, a number for each seed.
    let mut needed: [[Vec<usize>; 2]; 3] = Default::default();
    for seed in 0..seeds.unwrap_or(3) {
        let (pool, test) = split(&data, seed);
        let full = score(&train(&pool), &test);
        println!(
            "seed {seed}: all {} labels, {} sentences held out: {}",
            pool.samples.len(),
            test.samples.len(),
            told(&full)
        );
        for ((order, name), needed) in ORDERS.iter().zip(&mut needed) {
            let curve = simulate(&pool, &test, *order);
            for (count, scores) in &curve {
                println!("  {name:<12} {count:>6} labels: {}", told(scores));
            }
            for (measure, needed) in needed.iter_mut().enumerate() {
                let reached = reached(&curve, measure, SHARE * full[measure]);
                needed.push(reached.unwrap_or(pool.samples.len()));
            }
        }
    }
    for (measure, what) in MEASURES.iter().enumerate() {
        println!("labels until 95 % of {what}: mean (lowest to highest)");
        for ((_, name), needed) in ORDERS.iter().zip(&needed) {
            let needed = &needed[measure];
            println!(
                "  {name:<12} {:>6} ({} to {})",
                needed.iter().sum::<usize>() / needed.len(),
                needed.iter().min().unwrap(),
                needed.iter().max().unwrap()
            );
        }
    }
}

fn told(scores: &[f64; 2]) -> String {
    let scores = MEASURES.iter().zip(scores);
    let scores: Vec<String> = scores
        .map(|(what, score)| format!("{what} {score:.3}"))
        .collect();
    scores.join(", ")
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

fn simulate(pool: &Dataset, test: &Dataset, order: Order) -> Vec<Point> {
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
        let more = wanted - rows.len();
        labelled.extend(match order {
            Order::Uncertainty => least_sure(pool, &labelled, &model, more),
            Order::Diversity => newest(pool, &labelled, &model, more),
            // The pool is in random order.
            _ => left(pool, &labelled).take(more).collect(),
        });
    }
}

fn left<'a>(pool: &Dataset, labelled: &'a BTreeSet<usize>) -> impl Iterator<Item = usize> + 'a {
    (0..pool.samples.len()).filter(|row| !labelled.contains(row))
}

/// The sentences that the model is least sure of.
fn least_sure(
    pool: &Dataset,
    labelled: &BTreeSet<usize>,
    model: &Arc<Model>,
    count: usize,
) -> Vec<usize> {
    let left: Vec<usize> = left(pool, labelled).collect();
    let texts: Vec<&str> = left
        .iter()
        .map(|&row| pool.samples[row].text.as_str())
        .collect();
    let unsure = predict(model, &texts);
    let mut order: Vec<(f64, usize)> = unsure.iter().map(uncertainty).zip(left).collect();
    order.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    order.into_iter().map(|(_, row)| row).take(count).collect()
}

/// The sentences that have most in them that none before them has.
fn newest(
    pool: &Dataset,
    labelled: &BTreeSet<usize>,
    model: &Arc<Model>,
    count: usize,
) -> Vec<usize> {
    let mut pipeline = Pipeline::new(Arc::clone(model));
    let vectors = pool
        .samples
        .iter()
        .map(|sample| pipeline.vector(&sample.text))
        .collect();
    let mut coverage = Coverage::new(vectors, model.vectorizer().n_features());
    for &row in labelled {
        coverage.take(row);
    }
    // Novelty only falls: who is still first after it was looked at again is the first of all.
    let rank = |coverage: &Coverage, row| (coverage.novelty(row).to_bits(), row);
    let mut queue: BinaryHeap<(u32, usize)> = left(pool, labelled)
        .map(|row| rank(&coverage, row))
        .collect();
    let mut taken = Vec::new();
    while taken.len() < count
        && let Some((was, row)) = queue.pop()
    {
        let now = rank(&coverage, row);
        if now.0 == was {
            coverage.take(row);
            taken.push(row);
        } else {
            queue.push(now);
        }
    }
    taken
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
