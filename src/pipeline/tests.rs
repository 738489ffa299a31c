//! `labels/article_parties.csv`: the claims of whole articles of our own with their sources and targets. Weights are
//! learned from the part `develop`; the parts `report` and `unseen` were only counted.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;
use crate::bench::corpus;
use crate::party::fit::LEAST_OF_WORDS;
use crate::party::score::{Score, compared};
use crate::token::{Stemmer, normalise, split};

const TABLE: &str = include_str!("../../labels/article_parties.csv");
const SENTENCES: &str = include_str!("../../labels/parties.csv");
const ARTICLES: &str = include_str!("../../labels/articles.csv");

/// A row of the table: one label of one sentence. Several parties are joined by `|`, the mentions of one by `=`.
#[derive(serde::Deserialize, Debug)]
struct Row {
    id: String,
    part: String,
    /// How far the reader looked for the target: `sentence` or `article`.
    reach: String,
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

/// The rows of each sentence, by its identifier.
fn by_sentence(rows: &[Row]) -> BTreeMap<&str, Vec<&Row>> {
    let mut by_sentence = BTreeMap::<_, Vec<_>>::new();
    for row in rows {
        by_sentence.entry(row.id.as_str()).or_default().push(row);
    }
    by_sentence
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
            let mut prediction = Prediction::default();
            self.score(&mut prediction);
            prediction.labels = labels;
            claims.push(self.claim(text, sentences, at, prediction));
            self.memory.push(self.tokenizer.tokens());
        }
        claims
    }
}

/// What each part must reach, in the order of [`Score::shares`].
const FLOORS: [(&str, [f64; 10]); 3] = [
    (
        "develop",
        [67.0, 78.0, 90.0, 87.0, 75.0, 69.0, 76.0, 67.0, 57.0, 55.0],
    ),
    (
        "report",
        [76.0, 85.0, 86.0, 87.0, 80.0, 58.0, 82.0, 74.0, 63.0, 81.0],
    ),
    (
        "unseen",
        [66.0, 76.0, 91.0, 87.0, 75.0, 71.0, 74.0, 67.0, 58.0, 49.0],
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
    let by_sentence = by_sentence(&rows);
    for article in articles() {
        let rows_of = |id: &str| by_sentence.get(id).map_or(&[][..], Vec::as_slice);
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
                let here = |target: &&Mention| {
                    row.reach == "article" || claim.span.intersects(target.span)
                };
                let targets: Vec<Mention> = targets.iter().filter(here).cloned().collect();
                let gold = [row.source.as_str(), row.target.as_str()];
                let of_label = format!("{} {}", row.part, row.label);
                scores
                    .entry(of_label)
                    .or_default()
                    .add(&article.text, gold, sources, &targets);
                let score = scores.entry(row.part.clone()).or_default();
                let right = score.add(&article.text, gold, sources, &targets);
                if row.part == "develop" && !right {
                    println!(
                        "{id} {}: {}\n{}",
                        row.label,
                        claim.span.of(&article.text),
                        compared(&article.text, gold, sources, &targets)
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

/// A claim of `labels/parties.csv`, behind the sentence that a pronoun of it takes up.
#[derive(serde::Deserialize, Debug)]
struct Alone {
    id: String,
    part: String,
    label: String,
    context: String,
    text: String,
    source: String,
    target: String,
}

/// The stems that the labelled articles have at least so many times.
fn stems(least: usize) -> Vec<String> {
    let stemmer = Stemmer::new();
    let mut words = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for article in articles() {
        words.clear();
        split(&article.text, 0, article.text.len(), &mut words);
        for word in &words {
            let word = normalise(&article.text[word.start..word.end]);
            let stem = stemmer.stem(&word.form).into_owned();
            *counts.entry(stem).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= least);
    counts.into_keys().collect()
}

/// Writes `labels/party_weights.csv` anew, from the parts `develop` of the tables of parties.
#[test]
#[ignore = "it writes the table; CI learns nothing"]
fn weights_of_parties_are_learned() {
    let mut pipeline = Pipeline::new(Model::shipped().into());
    pipeline.parties.begin_to_learn(stems(LEAST_OF_WORDS));
    let mut learn = |text: &str, sentences: &[Span], gold: &[Vec<&Row>]| {
        pipeline.memory.clear();
        for (at, (&span, rows)) in sentences.iter().zip(gold).enumerate() {
            pipeline.read(text, span);
            let mut labels = LabelSet::default();
            if let Some(lesson) = &pipeline.parties.lesson {
                let mut lesson = lesson.borrow_mut();
                lesson.turn();
                for row in rows {
                    labels.insert(pipeline.model.labels.index(&row.label).unwrap());
                    let parties = [row.source.as_str(), row.target.as_str()];
                    lesson.tell(&row.label, parties, row.reach == "article");
                }
            }
            pipeline.parties(text, sentences, at, labels);
            pipeline.memory.push(pipeline.tokenizer.tokens());
        }
    };
    let rows: Vec<Row> = table()
        .into_iter()
        .filter(|row| row.part == "develop")
        .collect();
    let by_sentence = by_sentence(&rows);
    for article in articles() {
        let gold: Vec<Vec<&Row>> = article
            .sentences
            .iter()
            .map(|(id, _)| by_sentence.get(id.as_str()).cloned().unwrap_or_default())
            .collect();
        if gold.iter().any(|rows| !rows.is_empty()) {
            let spans: Vec<Span> = article.sentences.iter().map(|(_, span)| *span).collect();
            learn(&article.text, &spans, &gold);
        }
    }
    let mut table = csv::Reader::from_reader(SENTENCES.as_bytes());
    for alone in table
        .deserialize::<Alone>()
        .map(std::result::Result::unwrap)
    {
        if alone.part == "develop" {
            let text = format!("{} {}", alone.context, alone.text);
            let start = alone.context.len() + 1;
            let row = Row {
                id: alone.id,
                part: alone.part,
                reach: "sentence".to_owned(),
                label: alone.label,
                source: alone.source,
                target: alone.target,
            };
            let spans = [Span::new(0, start - 1), Span::new(start, text.len())];
            learn(&text, &spans, &[vec![], vec![&row]]);
        }
    }
    std::fs::write("labels/party_weights.csv", pipeline.parties.learned()).unwrap();
}

#[test]
fn denial_answers_who_accused_in_an_earlier_sentence() {
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let text = "Hanoi accused Beijing of ramming its boats. The weather was calm. China rejected the charge.";
    let sentences = [
        Span::new(0, 43),
        Span::new(44, 65),
        Span::new(66, text.len()),
    ];
    let labels = pipeline.model.labels.clone();
    let of = |name: &str| labels.index(name).into_iter().collect();
    let labels = [of("accusation"), LabelSet::default(), of("denial")];
    let claims = pipeline.claims_of(text, &sentences, &labels);
    let relation = &claims[2].relations[0];
    assert_eq!(relation.sources[0].span.of(text), "China");
    assert_eq!(relation.targets[0].span.of(text), "Hanoi");
    assert_eq!(relation.targets[0].code.as_deref(), Some("VNM"));
}

#[test]
fn one_of_whom_the_article_itself_tells_a_wrong_is_its_target() {
    let mut pipeline = Pipeline::new(Model::shipped().into());
    let text = "The trust sold the land for less than the price of a house to a firm whose finance director had sat \
        on its own board, and it has refused ever since to say who approved it.";
    let accusation = pipeline.model.labels.index("accusation");
    let labels = [accusation.into_iter().collect()];
    let claims = pipeline.claims_of(text, &[Span::new(0, text.len())], &labels);
    let relation = &claims[0].relations[0];
    assert!(relation.sources.is_empty());
    assert_eq!(relation.targets[0].span.of(text), "trust");
}
