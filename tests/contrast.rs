//! `labels/contrast.csv`: pairs of sentences of our own in which one small change of wording changes the labels, for every line
//! and ruling of the codebook. The shipped model must tell as many of them apart as the best model before it.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rejoinder::evaluate::predict;
use rejoinder::{Dataset, DatasetOptions, LabelSet, Model, Sample};

/// The pairs that the shipped model must get right, both rows of them; to be raised with each better model.
const PAIRS_NEEDED: usize = 232;

/// The rows that it must get exactly right.
const ROWS_NEEDED: usize = 616;

/// The rules that it must pass: those with at least half of their pairs right.
const RULES_NEEDED: usize = 46;

/// The table, with the labels of the shipped model: the group of a row is its pair, its part the rule that the pair tests.
fn table(model: &Model) -> Dataset {
    let options = DatasetOptions {
        group_column: Some("pair".to_owned()),
        part_column: Some("rule".to_owned()),
        labels: Some(model.labels().clone()),
        ..DatasetOptions::default()
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels/contrast.csv");
    Dataset::read(&[path], &options).unwrap()
}

/// What of a rule or of the whole table is right.
#[derive(Debug, Default, Clone, Copy)]
struct Score {
    pairs: usize,
    pairs_right: usize,
    rows_right: usize,
}

impl Score {
    fn add(&mut self, rows_right: usize) {
        self.pairs += 1;
        self.pairs_right += usize::from(rows_right == 2);
        self.rows_right += rows_right;
    }

    fn is_passed(self) -> bool {
        2 * self.pairs_right >= self.pairs
    }
}

#[test]
fn table_is_of_minimal_pairs() {
    let data = table(&Model::shipped());
    assert_eq!(&data.warnings[..], &[] as &[String]);
    let texts: BTreeSet<&str> = data.samples.iter().map(|s| s.text.as_str()).collect();
    assert_eq!(texts.len(), data.samples.len(), "a text twice");
    let mut groups = BTreeSet::new();
    let mut pairs_of = BTreeMap::<&str, usize>::new();
    for pair in data.samples.chunks(2) {
        let [one, other] = pair else {
            panic!("a row without its other: {pair:?}")
        };
        assert_eq!((&one.group, &one.part), (&other.group, &other.part));
        assert_ne!(one.labels, other.labels, "pair {}", one.group);
        assert!(
            groups.insert(&one.group),
            "more than two rows of {}",
            one.group
        );
        *pairs_of.entry(&one.part).or_default() += 1;
    }
    for (rule, pairs) in pairs_of {
        assert!((6..=10).contains(&pairs), "{pairs} pairs of {rule}");
    }
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the counts are what a better model changes"
)]
fn shipped_model_tells_pairs_apart() {
    let model = Arc::new(Model::shipped());
    let data = table(&model);
    let texts: Vec<&str> = data.samples.iter().map(|s| s.text.as_str()).collect();
    let labels: Vec<LabelSet> = predict(&model, &texts).iter().map(|p| p.labels).collect();

    let mut of_rule = BTreeMap::<&str, Score>::new();
    let mut all = Score::default();
    for (pair, predicted) in data.samples.chunks(2).zip(labels.chunks(2)) {
        let is_right = |(sample, labels): &(&Sample, &LabelSet)| sample.labels == **labels;
        let rows_right = pair.iter().zip(predicted).filter(is_right).count();
        of_rule.entry(&pair[0].part).or_default().add(rows_right);
        all.add(rows_right);
        for (sample, predicted) in pair.iter().zip(predicted) {
            if sample.labels != *predicted {
                let gold = model.labels().join(sample.labels);
                let got = model.labels().join(*predicted);
                println!("{}: {gold} but {got}: {}", sample.part, sample.text);
            }
        }
    }
    for (rule, score) in &of_rule {
        println!("{rule}: {} / {} pairs", score.pairs_right, score.pairs);
    }
    let rules = of_rule.len();
    let passed = of_rule.values().filter(|score| score.is_passed()).count();
    println!(
        "{} / {} pairs, {} / {} rows, {passed} / {rules} rules",
        all.pairs_right,
        all.pairs,
        all.rows_right,
        data.samples.len(),
    );
    let reached = [all.pairs_right, all.rows_right, passed];
    let needed = [PAIRS_NEEDED, ROWS_NEEDED, RULES_NEEDED];
    let is_enough = reached.iter().zip(needed).all(|(&got, need)| got >= need);
    assert!(
        is_enough,
        "pairs, rows, rules: {reached:?}, needed {needed:?}"
    );
}
