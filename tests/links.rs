//! `labels/links.csv`: every denial answers accusations that are there, of its own affair and of no later day.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rejoinder::link::Date;

#[derive(Debug, serde::Deserialize)]
struct Row {
    id: String,
    group: String,
    part: String,
    article: String,
    date: String,
    outlet: String,
    sentence: usize,
    text: String,
    labels: String,
    accusation: Option<u32>,
    answers: String,
    restated: String,
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("labels/links.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

impl Row {
    fn has(&self, label: &str) -> bool {
        self.labels.split('|').any(|name| name == label)
    }

    fn answers(&self) -> Vec<u32> {
        let answers = self.answers.split('|').filter(|answer| !answer.is_empty());
        answers.map(|answer| answer.parse().unwrap()).collect()
    }
}

#[test]
fn rows_are_of_articles_in_order() {
    let rows = rows();
    let mut articles = BTreeSet::new();
    let mut texts = BTreeSet::new();
    for article in rows.chunk_by(|a, b| a.article == b.article) {
        let first = &article[0];
        assert!(
            articles.insert(&first.article),
            "{} in two places",
            first.article
        );
        assert!((4..=10).contains(&article.len()), "{}", first.article);
        for (row, number) in article.iter().zip(1..) {
            assert_eq!(row.id, format!("{}-{number}", row.article));
            assert_eq!(row.sentence, number, "{}", row.id);
            assert_eq!(
                (&row.group, &row.part, &row.date, &row.outlet),
                (&first.group, &first.part, &first.date, &first.outlet),
                "{}",
                row.id
            );
            assert!(
                Date::parse(&row.date).is_some() && !row.outlet.is_empty(),
                "{}",
                row.id
            );
            assert!(texts.insert(&row.text), "{} stands twice", row.id);
        }
    }
    let dates: Vec<_> = rows.iter().map(|row| Date::parse(&row.date)).collect();
    assert!(dates.is_sorted(), "the oldest article comes first");
    assert_eq!((articles.len(), rows.len()), (284, 1396));
}

#[test]
fn affairs_are_in_one_half_each() {
    let mut part_of = BTreeMap::new();
    for row in rows() {
        assert!(
            ["develop", "report"].contains(&row.part.as_str()),
            "{}",
            row.id
        );
        let part = part_of.entry(row.group).or_insert_with(|| row.part.clone());
        assert_eq!(*part, row.part, "{}", row.id);
    }
    let develop = part_of.values().filter(|part| *part == "develop").count();
    assert_eq!((develop, part_of.len()), (44, 87));
}

#[test]
fn denials_answer_what_was_said_before_in_their_affair() {
    let rows = rows();
    let accusations: BTreeMap<u32, &Row> = rows
        .iter()
        .filter_map(|row| Some((row.accusation?, row)))
        .collect();
    let (mut inside, mut across) = (0, 0);
    for row in &rows {
        let known = ["accusation", "denial", "cooperation", "none"];
        assert!(
            row.labels.split('|').all(|label| known.contains(&label)),
            "{}",
            row.id
        );
        assert_eq!(
            row.has("accusation"),
            row.accusation.is_some(),
            "{}",
            row.id
        );
        assert!(row.has("denial") || row.answers.is_empty(), "{}", row.id);
        match row.restated.as_str() {
            "" => {}
            "yes" => assert!(row.has("denial") && row.has("accusation"), "{}", row.id),
            other => panic!("{}: {other}", row.id),
        }
        let answers = row.answers();
        let distinct: BTreeSet<_> = answers.iter().collect();
        assert_eq!(distinct.len(), answers.len(), "{}", row.id);
        for answer in answers {
            let accusation = accusations[&answer];
            assert_ne!(accusation.id, row.id);
            assert_eq!(accusation.group, row.group, "{}", row.id);
            assert!(
                Date::parse(&accusation.date) <= Date::parse(&row.date),
                "{}",
                row.id
            );
            if accusation.article == row.article {
                inside += 1;
            } else {
                across += 1;
            }
        }
    }
    assert_eq!((accusations.len(), inside, across), (514, 213, 226));
    let with_accusation = rows.iter().filter(|row| row.accusation.is_some()).count();
    assert_eq!(with_accusation, accusations.len(), "a number stands twice");
}
