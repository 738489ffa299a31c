//! `labels/parties.csv`: sentences of our own with the source and the target of every claim. Rules were written with the part
//! `develop` in view and weights are learned from it; the parts `report` and `fresh` were only counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::score::{Score, compared, mentions, names, overlaps, share};
use super::*;
use crate::claim::Role;
use crate::speaker::SpeakerFinder;
use crate::{Model, Resources, Span};

const TABLE: &str = include_str!("../../labels/parties.csv");

/// A row of the table: one label of one sentence. Several parties are joined by `|`, and so are their codes and roles.
#[derive(serde::Deserialize, Debug)]
struct Row {
    id: String,
    part: String,
    construction: String,
    label: String,
    context: String,
    text: String,
    source: String,
    source_code: String,
    source_role: String,
    target: String,
    target_code: String,
    target_role: String,
    antecedent: String,
}

fn rows() -> Vec<Row> {
    let mut table = csv::Reader::from_reader(TABLE.as_bytes());
    table.deserialize().collect::<Result<_, _>>().unwrap()
}

/// Finds the parties of sentences.
struct Reader {
    tokenizer: Tokenizer,
    finder: PartyFinder,
    labels: Labels,
    speakers: SpeakerFinder,
}

/// The parties of one label, and the text that their spans index.
struct Answer {
    sources: Vec<Mention>,
    targets: Vec<Mention>,
    text: String,
}

impl Reader {
    fn new() -> Self {
        static RESOURCES: LazyLock<Arc<Resources>> =
            LazyLock::new(|| Arc::clone(Model::shipped().resources()));
        let labels = Labels::new(["accusation", "cooperation", "denial"]).unwrap();
        let tokenizer = Tokenizer::new(Arc::clone(&RESOURCES));
        Self {
            finder: PartyFinder::new(&labels, &RESOURCES.lexicon),
            tokenizer,
            labels,
            speakers: SpeakerFinder::default(),
        }
    }

    /// Reads a sentence behind those of its context.
    fn read(&mut self, context: &str, sentence: &str, label: &str) -> Answer {
        let text = format!("{context} {sentence}");
        let mut memory = Memory::default();
        if !context.is_empty() {
            let before = Span::new(0, context.len());
            memory.push(self.tokenizer.tokenize(&text, before));
        }
        let span = Span::new(context.len() + 1, text.len());
        let tokens = self.tokenizer.tokenize(&text, span).to_vec();
        let label = self.labels.index(label).into_iter().collect();
        let sentences = [Span::new(0, context.len()), span];
        let speaker = self.speakers.speaker(&text, &sentences, 1);
        let parties = self.finder.find(
            &self.tokenizer,
            &mut memory,
            &text,
            &tokens,
            label,
            &speaker,
        );
        let relation = parties.relations.into_iter().next();
        let (sources, targets) = relation.map_or((vec![], vec![]), |r| (r.sources, r.targets));
        Answer {
            sources,
            targets,
            text,
        }
    }
}

/// What is counted of the sentences of the table besides source and target.
#[derive(Debug, Default, Clone)]
struct Identities {
    score: Score,
    codes: usize,
    roles: usize,
    antecedents: [usize; 2],
}

impl Identities {
    fn add(&mut self, row: &Row, answer: &Answer) {
        let text = answer.text.as_str();
        let gold = [row.source.as_str(), row.target.as_str()];
        self.score.add(text, gold, &answer.sources, &answer.targets);
        self.add_side(
            text,
            &row.source,
            &answer.sources,
            &row.source_code,
            &row.source_role,
        );
        self.add_side(
            text,
            &row.target,
            &answer.targets,
            &row.target_code,
            &row.target_role,
        );
        if !row.antecedent.is_empty() {
            let mentions = answer.sources.iter().chain(&answer.targets);
            let antecedents = mentions.filter_map(|mention| mention.antecedent);
            let right = antecedents
                .map(|span| span.of(text))
                .any(|name| row.antecedent.contains(name) || name.contains(&row.antecedent));
            self.antecedents[0] += 1;
            self.antecedents[1] += usize::from(right);
        }
    }

    fn add_side(&mut self, text: &str, gold: &str, found: &[Mention], codes: &str, roles: &str) {
        let (codes, roles): (Vec<_>, Vec<_>) =
            (codes.split('|').collect(), roles.split('|').collect());
        for (at, gold) in names(gold).iter().enumerate() {
            if let Some(found) = found.iter().find(|found| overlaps(text, found, gold)) {
                let code = found.code.as_deref().unwrap_or_default();
                let role = found.role.map_or("", Role::code);
                self.codes += usize::from(code == *codes.get(at).unwrap_or(&""));
                self.roles += usize::from(role == *roles.get(at).unwrap_or(&""));
            }
        }
    }

    /// The percentages that are reported, with their names.
    fn shares(&self) -> Vec<(&'static str, f64)> {
        let hit = self.score.source.hit + self.score.target.hit;
        let mut shares = self.score.shares().to_vec();
        shares.push(("codes", share(self.codes, hit)));
        shares.push(("roles", share(self.roles, hit)));
        shares
    }
}

/// What each part must reach, in the order of [`Identities::shares`].
const FLOORS: [(&str, [f64; 12]); 3] = [
    (
        "develop",
        [
            96.0, 97.0, 97.0, 97.0, 92.0, 92.0, 96.0, 96.0, 88.0, 95.0, 96.0, 90.0,
        ],
    ),
    (
        "fresh",
        [
            82.0, 90.0, 92.0, 91.0, 86.0, 74.0, 90.0, 89.0, 81.0, 99.0, 90.0, 78.0,
        ],
    ),
    (
        "report",
        [
            90.0, 95.0, 96.0, 97.0, 95.0, 83.0, 95.0, 92.0, 88.0, 97.0, 98.0, 94.0,
        ],
    ),
];

#[test]
#[allow(
    clippy::print_stdout,
    reason = "the shares are what better rules change"
)]
fn parties_of_the_table_are_found() {
    let mut reader = Reader::new();
    let mut scores: BTreeMap<String, Identities> = BTreeMap::new();
    for row in rows() {
        let answer = reader.read(&row.context, &row.text, &row.label);
        let of = |what: &str| format!("{} {what}", row.part);
        let gold = [row.source.as_str(), row.target.as_str()];
        let Answer {
            sources,
            targets,
            text,
        } = &answer;
        if row.part == "develop" && !Score::default().add(text, gold, sources, targets) {
            println!(
                "{} {}: {}\n{}",
                row.id,
                row.label,
                row.text,
                compared(text, gold, sources, targets)
            );
        }
        for key in [row.part.clone(), of(&row.label), of(&row.construction)] {
            scores.entry(key).or_default().add(&row, &answer);
        }
    }
    for (name, score) in &scores {
        let named = |(name, share)| format!("{name} {share:.1}");
        let shares: Vec<String> = score.shares().into_iter().map(named).collect();
        let [all, right] = score.antecedents;
        let Score { rows, both, .. } = score.score;
        println!(
            "{name}: {rows} rows, {both} with both parties; {}; antecedents {right} of {all}",
            shares.join(", ")
        );
    }
    for (part, floors) in FLOORS {
        for ((name, share), floor) in scores[part].shares().into_iter().zip(floors) {
            assert!(share >= floor, "{part}: {name} {share:.1} is below {floor}");
        }
    }
}

#[test]
fn table_is_sound() {
    let rows = rows();
    let mut parts: BTreeMap<&str, &str> = BTreeMap::new();
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in &rows {
        for name in names(&row.source).into_iter().chain(names(&row.target)) {
            for name in mentions(name) {
                assert!(row.text.contains(name), "{}: `{name}`", row.id);
            }
        }
        for (parties, codes) in [
            (&row.source, &row.source_code),
            (&row.source, &row.source_role),
            (&row.target, &row.target_code),
            (&row.target, &row.target_role),
        ] {
            let several = codes.is_empty() || codes.split('|').count() == names(parties).len();
            assert!(several, "{}: `{parties}` and `{codes}`", row.id);
        }
        assert!(row.context.contains(&row.antecedent), "{}", row.id);
        let part = parts.entry(&row.id).or_insert(&row.part);
        assert_eq!(*part, row.part, "{} stands in two parts", row.id);
        assert!(
            labels.entry(&row.id).or_default().insert(&row.label),
            "{}",
            row.id
        );
    }
    let develop = parts.values().filter(|part| **part == "develop").count();
    assert_eq!((parts.len(), develop), (916, 579));
    let several = labels.values().filter(|labels| labels.len() > 1).count();
    assert_eq!((rows.len(), several), (1073, 154));
}

/// Source and target of a sentence, each name with code and role.
fn told(context: &str, sentence: &str, label: &str) -> String {
    let answer = Reader::new().read(context, sentence, label);
    let side = |mentions: &[Mention]| {
        let named = |mention: &Mention| {
            let code = mention.code.as_deref().unwrap_or("-");
            let role = mention.role.map_or("-", Role::code);
            format!("{} {code} {role}", mention.span.of(&answer.text))
        };
        mentions.iter().map(named).collect::<Vec<_>>().join(", ")
    };
    format!("{} > {}", side(&answer.sources), side(&answer.targets))
}

#[test]
fn voice_turns_direction_round() {
    for sentence in [
        "Iran accused Kuwait of sabotage.",
        "Kuwait was accused by Iran of sabotage.",
        "Kuwait, accused by Iran of sabotage, did not reply.",
        "Iran's accusation against Kuwait was read out.",
        "The accusation by Iran against Kuwait was read out.",
        "Iran said Kuwait had poisoned the wells.",
        "Iran said its army had information that Kuwait planned to attack the port.",
    ] {
        assert_eq!(
            told("", sentence, "accusation"),
            "Iran IRN - > Kuwait KWT -",
            "{sentence}"
        );
    }
}

#[test]
fn party_that_is_not_named_stays_unknown() {
    assert_eq!(
        told("", "The allegations have been denied.", "denial"),
        " > "
    );
    assert_eq!(
        told("", "Kuwait is accused of sabotage.", "accusation"),
        " > Kuwait KWT -"
    );
    assert_eq!(told("", "Talks may resume in May.", "cooperation"), " > ");
}

#[test]
fn parties_that_agree_are_sources_and_targets() {
    let both = "Russia RUS -, Turkey TUR -";
    let found = told(
        "",
        "Russia and Turkey agreed to resume talks.",
        "cooperation",
    );
    assert_eq!(found, format!("{both} > {both}"));
}

#[test]
fn names_of_one_government_have_one_code() {
    for name in [
        "The Kremlin",
        "Moscow",
        "The Russian Foreign Ministry",
        "Russia's foreign ministry",
    ] {
        let found = told("", &format!("{name} denied it."), "denial");
        assert!(found.ends_with(" RUS GOV > "), "{found}");
    }
}

#[test]
fn later_mention_takes_up_an_earlier_one() {
    let context = "Russian Foreign Minister Sergei Malin spoke in Sochi.";
    for (mention, name) in [
        ("He", "He"),
        ("Malin", "Malin"),
        ("The minister", "minister"),
    ] {
        let found = told(context, &format!("{mention} denied the charge."), "denial");
        assert_eq!(found, format!("{name} RUS GOV > "));
    }
    assert_eq!(told("", "He denied the charge.", "denial"), "He - - > ");
    // What is no person is no `he`, and whose lawyer somebody is, is not the lawyer.
    for (context, sentence, found) in [
        (
            "Polish television had it first.",
            "He denied the charge.",
            "He - - > ",
        ),
        (
            "Polish television had it first.",
            "It denied the charge.",
            "It POL MED > ",
        ),
        (
            "Reporters met Dal's Turkish lawyer.",
            "Dal denied the charge.",
            "Dal - - > ",
        ),
    ] {
        assert_eq!(told(context, sentence, "denial"), found, "{context}");
    }
}

fn sentence() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Moscow",
        "Iran's",
        "the",
        "said",
        "accused",
        "by",
        "of",
        "and",
        ",",
        "“",
        "”",
        "\"",
        "who",
        "denied",
        "charges",
        "that",
        "it",
        "offered",
        "Élysée",
        "spokesman",
        "for",
        "US-Russia",
        "he",
        "talks",
        "with",
        "to",
        "each",
        "other",
        "villagers'",
        "’s",
        "—",
        "İ",
        "ministers",
        "if",
        "agreed",
        "told",
        "between",
        "not",
        "was",
        "Obi",
        "in",
        "according",
        "which",
        "а",
        "\u{301}",
    ]);
    prop_oneof![
        prop::collection::vec(word, 0..24).prop_map(|words| words.join(" ")),
        "\\PC{0,60}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parties_stand_in_the_article(texts in prop::collection::vec(sentence(), 1..4)) {
        let mut reader = Reader::new();
        let text = texts.join("\n");
        let mut memory = Memory::default();
        let mut start = 0;
        for sentence in &texts {
            let span = Span::new(start, start + sentence.len());
            let tokens = reader.tokenizer.tokenize(&text, span).to_vec();
            let all: LabelSet = (0..3).collect();
            let speaker = reader.speakers.speaker(&text, &[span], 0);
            let parties = reader.finder.find(&reader.tokenizer, &mut memory, &text, &tokens, all, &speaker);
            for relation in &parties.relations {
                prop_assert!(!(relation.sources.is_empty() && relation.targets.is_empty()));
                for mention in relation.sources.iter().chain(&relation.targets) {
                    prop_assert!(mention.span.end <= span.end);
                    prop_assert!(text.get(mention.span.range()).is_some_and(|name| !name.trim().is_empty()));
                    if let Some(before) = mention.antecedent {
                        prop_assert!(before.end <= span.start);
                        prop_assert!(text.get(before.range()).is_some());
                    }
                }
                if !relation.is_mutual() {
                    let twice = relation.sources.iter().any(|s| relation.targets.iter().any(|t| s.span == t.span));
                    prop_assert!(!twice);
                }
            }
            memory.push(&tokens);
            start = span.end + 1;
        }
    }
}
