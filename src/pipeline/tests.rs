//! `labels/article_parties.csv`: the claims of whole articles of our own with their sources and targets. The rules were written
//! with the half `develop` in view; the half `report` was only counted.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::bench::corpus;
use crate::party::score::{Score, compared};

const TABLE: &str = include_str!("../../labels/article_parties.csv");
const ARTICLES: &str = include_str!("../../labels/articles.csv");

/// A row of the table: one label of one sentence. Several parties are joined by `|`, the mentions of one by `=`.
#[derive(serde::Deserialize, Debug)]
struct Row {
    id: String,
    part: String,
    label: String,
    source: String,
    target: String,
}

/// A sentence of `labels/articles.csv`.
#[derive(serde::Deserialize, Debug)]
struct Labelled {
    id: String,
    text: String,
    group: String,
}

/// An article with the identifiers of its sentences.
#[derive(Debug, Default)]
struct Read {
    text: String,
    sentences: Vec<(String, Span)>,
}

impl Read {
    fn push(&mut self, id: String, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.sentences.push((id, Span::new(start, self.text.len())));
        self.text.push(' ');
    }
}

fn table() -> Vec<Row> {
    let mut table = csv::Reader::from_reader(TABLE.as_bytes());
    table
        .deserialize()
        .map(std::result::Result::unwrap)
        .collect()
}

/// The labelled articles, and those of `tests/articles`, whose sentences are numbered as the program does.
fn articles() -> Vec<Read> {
    let mut articles: BTreeMap<String, Read> = BTreeMap::new();
    let mut table = csv::Reader::from_reader(ARTICLES.as_bytes());
    for row in table.deserialize() {
        let Labelled { id, text, group } = row.unwrap();
        articles.entry(group).or_default().push(id, &text);
    }
    for name in [
        "campaign-quarrel",
        "ceasefire-negotiation",
        "cyberattack-row",
        "dam-on-the-river",
        "doping-affair-at-the-championships",
        "factory-spill-lawsuit",
    ] {
        let path = Path::new("tests/articles").join(name).with_extension("txt");
        let text = std::fs::read_to_string(path).unwrap();
        let mut spans = Vec::new();
        segment(&text, &furniture(&text), &mut spans);
        let numbered = spans.into_iter().enumerate();
        let sentences = numbered.map(|(at, span)| (format!("{name}/{}", at + 1), span));
        let sentences = sentences.collect();
        articles.insert(name.to_owned(), Read { text, sentences });
    }
    articles.into_values().collect()
}

impl Pipeline {
    /// The claims of an article whose labels are given.
    fn claims_of(&mut self, text: &str, sentences: &[Span], labels: &[LabelSet]) -> Vec<Claim> {
        let mut claims = Vec::new();
        self.memory.clear();
        for (at, (&span, &labels)) in sentences.iter().zip(labels).enumerate() {
            self.read(text, span);
            let zeros = vec![0.0; self.model.labels.len()];
            let prediction = Prediction {
                labels,
                scores: zeros.clone(),
                probabilities: zeros,
            };
            claims.push(self.claim(text, sentences, at, prediction));
            self.memory.push(self.tokenizer.tokens());
        }
        claims
    }
}

/// What each half must reach, in the order of [`Score::shares`].
const FLOORS: [(&str, [f64; 10]); 2] = [
    (
        "develop",
        [83.0, 96.0, 95.0, 91.0, 80.0, 78.0, 93.0, 74.0, 66.0, 99.0],
    ),
    (
        "report",
        [58.0, 76.0, 80.0, 78.0, 70.0, 58.0, 76.0, 51.0, 46.0, 84.0],
    ),
];

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the mistakes are what better rules change"
)]
fn parties_of_whole_articles_are_found() {
    let rows = table();
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let names = pipeline.model.labels.clone();
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut counted = 0;
    for article in articles() {
        let rows_of = |id: &str| -> Vec<&Row> { rows.iter().filter(|row| row.id == *id).collect() };
        let labels: Vec<LabelSet> = article
            .sentences
            .iter()
            .map(|(id, _)| {
                rows_of(id)
                    .iter()
                    .filter_map(|row| names.index(&row.label))
                    .collect()
            })
            .collect();
        if labels.iter().all(|labels| labels.is_empty()) {
            continue;
        }
        let spans: Vec<Span> = article.sentences.iter().map(|(_, span)| *span).collect();
        let claims = pipeline.claims_of(&article.text, &spans, &labels);
        for ((id, _), claim) in article.sentences.iter().zip(&claims) {
            for row in rows_of(id) {
                counted += 1;
                let label = names.index(&row.label);
                let relation = claim.relations.iter().find(|r| Some(r.label) == label);
                let (sources, targets) =
                    relation.map_or((&[][..], &[][..]), |r| (&r.sources[..], &r.targets[..]));
                let gold = [row.source.as_str(), row.target.as_str()];
                let of_label = format!("{} {}", row.part, row.label);
                scores
                    .entry(of_label)
                    .or_default()
                    .add(&article.text, gold, sources, targets);
                let score = scores.entry(row.part.clone()).or_default();
                let right = score.add(&article.text, gold, sources, targets);
                if row.part == "develop" && !right {
                    println!(
                        "{id} {}: {}\n{}",
                        row.label,
                        claim.span.of(&article.text),
                        compared(&article.text, gold, sources, targets)
                    );
                }
            }
        }
    }
    assert_eq!(counted, rows.len());
    for (name, score) in &scores {
        let shares = score
            .shares()
            .map(|(name, share)| format!("{name} {share:.1}"));
        let wrong = score.source.wrong() + score.target.wrong();
        println!(
            "{name}: {} claims, {} with both parties; {}; wrong guesses {wrong}, {:.2} a claim",
            score.rows,
            score.both,
            shares.join(", "),
            wrong as f64 / score.rows as f64
        );
    }
    for (part, floors) in FLOORS {
        for ((name, share), floor) in scores[part].shares().into_iter().zip(floors) {
            assert!(share >= floor, "{part}: {name} {share:.1} is below {floor}");
        }
    }
}

#[test]
fn the_labelled_are_those_of_all_that_carry_a_label() {
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let thresholds = pipeline.thresholds.clone();
    let articles = corpus(5, 20_000);
    for thresholds in [thresholds, vec![0.02; 3], vec![0.0, 1.0, 0.99]] {
        pipeline.set_thresholds(&thresholds).unwrap();
        for article in &articles {
            let mut all = pipeline.classify(article, Unit::Sentence);
            all.retain(|claim| !claim.prediction.labels.is_empty());
            assert_eq!(pipeline.labelled(article, Unit::Sentence), all);
        }
    }
}
