//! Reprints on pairs of texts that were written for it: `labels/reprints.csv`, half for choosing settings, half for reporting.
//!
//! `cargo test --test reprints -- --nocapture` shows the tables.

use std::collections::{BTreeMap, HashSet};

use rejoinder::{Article, Claim, Model, Pipeline, Reprints, Unit};

/// A row of the table.
struct Pair {
    part: String,
    kind: String,
    same: bool,
    texts: [Article; 2],
}

fn pairs() -> Vec<Pair> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/labels/reprints.csv");
    let mut reader = csv::Reader::from_path(path).expect("the table is there");
    let columns = reader.headers().expect("it has a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("it is a CSV");
            let field = |name: &str| {
                record[columns
                    .iter()
                    .position(|column| column == name)
                    .expect(name)]
                .to_owned()
            };
            let article = |print: &str| Article {
                id: print.to_owned(),
                date: Some(field(&format!("{print}_date"))),
                text: field(print),
                ..Article::default()
            };
            Pair {
                part: field("part"),
                kind: field("kind"),
                same: field("same") == "yes",
                texts: [article("first"), article("second")],
            }
        })
        .collect()
}

/// Right and wrong decisions.
#[derive(Default, Clone, Copy)]
struct Counts {
    found: usize,
    missed: usize,
    wrong: usize,
    rightly_apart: usize,
}

impl Counts {
    fn add(&mut self, same: bool, decided: bool) {
        *match (same, decided) {
            (true, true) => &mut self.found,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.wrong,
            (false, false) => &mut self.rightly_apart,
        } += 1;
    }

    fn precision(self) -> f64 {
        self.found as f64 / (self.found + self.wrong).max(1) as f64
    }

    fn recall(self) -> f64 {
        self.found as f64 / (self.found + self.missed).max(1) as f64
    }

    fn f1(self) -> f64 {
        2.0 * self.found as f64 / (2 * self.found + self.wrong + self.missed).max(1) as f64
    }
}

/// The decisions of one method: all of them, and those of each kind.
#[derive(Default)]
struct Table {
    all: Counts,
    kinds: BTreeMap<String, Counts>,
}

impl Table {
    fn of(pairs: &[Pair], part: &str, mut decide: impl FnMut(&[Article; 2]) -> bool) -> Self {
        let mut table = Self::default();
        for pair in pairs.iter().filter(|pair| pair.part == part) {
            let decided = decide(&pair.texts);
            table.all.add(pair.same, decided);
            let kind = table.kinds.entry(pair.kind.clone()).or_default();
            kind.add(pair.same, decided);
        }
        table
    }

    /// What was found of the prints of a kind.
    fn recall(&self, kind: &str) -> f64 {
        self.kinds[kind].recall()
    }

    /// A kind of prints is scored against all pairs that are no prints; of those are told which were taken for prints.
    #[allow(clippy::print_stdout, reason = "the table is what is measured")]
    fn print(&self, name: &str) {
        let scores = |counts: Counts| {
            let (precision, recall, f1) = (counts.precision(), counts.recall(), counts.f1());
            format!("precision {precision:.3}, recall {recall:.3}, F1 {f1:.3}")
        };
        println!("{name}: {}", scores(self.all));
        for (kind, &counts) in &self.kinds {
            let (prints, others) = (
                counts.found + counts.missed,
                counts.wrong + counts.rightly_apart,
            );
            let told = if prints > 0 {
                let wrong = self.all.wrong;
                scores(Counts { wrong, ..counts })
            } else {
                format!("{} of {others} taken for prints", counts.wrong)
            };
            println!("  {kind} ({}): {told}", prints + others);
        }
    }
}

/// Whether the second text is taken for a reprint of the first.
fn is_reprint(pipeline: &mut Pipeline, texts: &[Article; 2], dated: bool) -> bool {
    let mut reprints = Reprints::new();
    let decided = texts.clone().map(|mut article| {
        article.date = article.date.filter(|_| dated);
        cluster(pipeline, &mut reprints, &article).0
    });
    assert!(!decided[0], "nothing was printed before");
    decided[1]
}

fn cluster(
    pipeline: &mut Pipeline,
    reprints: &mut Reprints,
    article: &Article,
) -> (bool, Vec<Claim>) {
    let (mut claims, prints) =
        pipeline.classify_with_prints(article, Unit::Sentence, |prediction| {
            !prediction.labels.is_empty()
        });
    let is_reprint = reprints.cluster(article, &mut claims, prints);
    (is_reprint, claims)
}

/// The share of word `n`-grams of either text that both have.
fn jaccard(texts: &[Article; 2], n: usize) -> f64 {
    let [one, other] = texts.each_ref().map(|article| {
        let lower = article.text.to_lowercase();
        let words: Vec<String> = lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words
            .windows(n)
            .map(<[String]>::to_vec)
            .collect::<HashSet<_>>()
    });
    one.intersection(&other).count() as f64 / one.union(&other).count() as f64
}

/// The part of the pairs on which no setting was chosen.
const REPORTED: &str = "reporting";

#[test]
fn there_are_enough_pairs_and_no_text_stands_in_both_parts() {
    let pairs = pairs();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    let rewritten_or_hard = |pair: &&Pair| {
        let kind = pair.kind.as_str();
        matches!(kind, "lightly-rewritten" | "translated-back") || !pair.same
    };
    assert!(2 * pairs.iter().filter(rewritten_or_hard).count() >= pairs.len());
    let texts = |part: &str| -> HashSet<String> {
        let pairs = pairs.iter().filter(|pair| pair.part == part);
        pairs
            .flat_map(|pair| pair.texts.each_ref().map(|article| article.text.clone()))
            .collect()
    };
    let (one, other) = (texts("choosing"), texts(REPORTED));
    assert!(one.len() > 100 && other.len() > 100);
    assert!(one.is_disjoint(&other));
}

#[test]
fn reprints_are_found_and_other_reports_are_not() {
    let pairs = pairs();
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let dated = Table::of(&pairs, REPORTED, |texts| {
        is_reprint(&mut pipeline, texts, true)
    });
    dated.print("with dates");
    let undated = Table::of(&pairs, REPORTED, |texts| {
        is_reprint(&mut pipeline, texts, false)
    });
    undated.print("without dates");
    for n in [2, 3, 5] {
        let baseline = Table::of(&pairs, REPORTED, |texts| jaccard(texts, n) >= 0.55);
        baseline.print(&format!("Jaccard of {n} words from 0.55"));
        assert!(baseline.recall("lightly-rewritten") < 0.1, "too easy");
        assert!(undated.all.f1() > baseline.all.f1() + 0.3);
    }
    assert!(dated.all.precision() >= 0.95 && dated.all.recall() >= 0.88);
    assert!(dated.recall("lightly-rewritten") >= 0.85);
    assert!(undated.all.f1() >= 0.90);
}

#[test]
fn claims_of_reprints_are_counted_once_and_those_of_other_reports_are_not() {
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let (mut prints, mut others) = ([0, 0], [0, 0]);
    for pair in pairs().iter().filter(|pair| pair.part == REPORTED) {
        let mut reprints = Reprints::new();
        let [first, second] = pair
            .texts
            .each_ref()
            .map(|article| cluster(&mut pipeline, &mut reprints, article).1);
        for claim in second {
            let again = claim
                .cluster
                .is_some_and(|cluster| *cluster.article == *pair.texts[0].id);
            // A label that the first print carries nowhere cannot be found there.
            let labels = claim.prediction.labels;
            let findable = first
                .iter()
                .any(|claim| claim.prediction.labels.intersects(labels));
            match (pair.same, pair.kind.as_str()) {
                (true, _) if findable => prints[usize::from(again)] += 1,
                // What a correction leaves as it was is printed again.
                (true, _) | (_, "correction") => {}
                (false, _) => others[usize::from(again)] += 1,
            }
        }
    }
    let share = |[no, yes]: [usize; 2]| f64::from(yes as u32) / f64::from((no + yes) as u32);
    #[allow(clippy::print_stdout, reason = "it is what is measured")]
    {
        println!("claims of prints [new, known again]: {prints:?}; of others: {others:?}");
    }
    assert!(share(prints) >= 0.85 && prints[1] > 50);
    assert!(share(others) <= 0.05 && others[0] > 30);
}
