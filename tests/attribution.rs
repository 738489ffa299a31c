//! `tests/cases/attribution.csv`: texts of our own with marks for `<source>`, `*cue*` and `{content}`, through the library and
//! through the program; and what must hold for any text.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rejoinder::{Attribution, Attributor, Span, segment};

/// A row of the table, without its marks.
struct Case {
    text: String,
    /// Sources, cues and contents, each in the order of the text.
    gold: [Vec<Span>; 3],
    speakers: String,
    note: String,
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/attribution.csv")
}

fn table() -> Vec<Case> {
    let mut reader = csv::Reader::from_path(path()).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let (text, gold) = without_marks(&row[0]);
        Case {
            text,
            gold,
            speakers: row[1].to_owned(),
            note: row[2].to_owned(),
        }
    });
    rows.collect()
}

fn without_marks(marked: &str) -> (String, [Vec<Span>; 3]) {
    let mut text = String::new();
    let mut gold = [const { Vec::new() }; 3];
    let mut starts = [None; 3];
    for c in marked.chars() {
        let role = match c {
            '<' | '>' => 0,
            '*' => 1,
            '{' | '}' => 2,
            _ => {
                text.push(c);
                continue;
            }
        };
        match starts[role].take() {
            None => starts[role] = Some(text.len()),
            Some(start) => gold[role].push(Span::new(start, text.len())),
        }
    }
    (text, gold)
}

fn attribute(attributor: &mut Attributor, text: &str) -> Vec<Attribution> {
    let mut sentences = Vec::new();
    segment(text, &[], &mut sentences);
    attributor.attribute(text, &sentences)
}

/// All sources, cues and contents, each in the order of the text and once.
fn spans(found: &[Attribution]) -> [Vec<Span>; 3] {
    let all = |of: fn(&Attribution) -> &Vec<Span>| {
        let mut spans: Vec<Span> = found.iter().flat_map(of).copied().collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    };
    [all(|a| &a.source), all(|a| &a.cue), all(|a| &a.content)]
}

fn speakers(text: &str, found: &[Attribution]) -> String {
    let names: Vec<&str> = found
        .iter()
        .filter_map(|attribution| attribution.speaker.map(|name| name.of(text)))
        .collect();
    names.join("|")
}

#[test]
fn library_finds_what_the_table_marks() {
    let mut attributor = Attributor::shipped();
    let mut wrong = Vec::new();
    let table = table();
    for case in &table {
        let found = attribute(&mut attributor, &case.text);
        let named = speakers(&case.text, &found);
        if spans(&found) != case.gold || named != case.speakers {
            let words = spans(&found).map(|spans| {
                let words: Vec<&str> = spans.iter().map(|span| span.of(&case.text)).collect();
                words.join(" | ")
            });
            wrong.push(format!(
                "{}: {}\n    {words:?} {named}",
                case.note, case.text
            ));
        }
    }
    assert!(table.len() >= 60);
    assert!(
        wrong.is_empty(),
        "{}\n{} wrong",
        wrong.join("\n"),
        wrong.len()
    );
}

#[test]
#[cfg(feature = "cli")]
fn program_finds_what_the_library_finds() {
    let table = table();
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = table
        .iter()
        .enumerate()
        .map(|(id, case)| serde_json::json!({"id": id, "text": case.text}).to_string())
        .collect();
    std::fs::write(folder.path().join("cases.jsonl"), lines.join("\n")).unwrap();
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_rejoinder"))
        .args(["attribute", "cases.jsonl", "--format", "jsonl", "--quiet"])
        .current_dir(folder.path())
        .assert()
        .success();
    let stdout = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let mut attributor = Attributor::shipped();
    let mut expected = Vec::new();
    for (id, case) in table.iter().enumerate() {
        let points = |span: &Span| {
            let at = |byte: usize| case.text[..byte].chars().count();
            [at(span.start), at(span.end)]
        };
        let points = |spans: &[Span]| spans.iter().map(points).collect::<Vec<_>>();
        for found in attribute(&mut attributor, &case.text) {
            let line = serde_json::json!({
                "article": id.to_string(),
                "source": points(&found.source),
                "cue": points(&found.cue),
                "content": points(&found.content),
                "speaker": found.speaker.map(|name| {
                    let [start, end] = points(&[name])[0];
                    serde_json::json!({"text": name.of(&case.text), "start": start, "end": end})
                }),
                "quotation": found.quotation.name(),
                "pattern": found.pattern.name(),
            });
            expected.push(line);
        }
    }
    let written: Vec<serde_json::Value> = stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(written, expected);
}

#[test]
fn quotation_runs_over_paragraphs() {
    let text = "Ada Obi said: “The crane fell at noon. It was old.\n\n“Nobody had checked it.”\n\nThe quay is closed.";
    let found = attribute(&mut Attributor::shipped(), text);
    let [only] = &found[..] else {
        panic!("{found:?}")
    };
    let content: Vec<&str> = only.content.iter().map(|span| span.of(text)).collect();
    assert_eq!(
        content,
        [
            "“The crane fell at noon. It was old.",
            "“Nobody had checked it.”"
        ]
    );
}

/// Words, names, cues and marks in any order.
fn any_text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("said"),
        Just("says"),
        Just("according"),
        Just("to"),
        Just("that"),
        Just("Obi"),
        Just("Zoë’s"),
        Just("he"),
        Just("who"),
        Just("the"),
        Just("was"),
        Just("accused"),
        Just("by"),
        Just("of"),
        Just("claim"),
        Just("and"),
        Just("saying"),
        Just("while"),
        Just("in"),
        Just("Monday"),
        Just("7"),
    ];
    let mark = prop_oneof![
        Just(" "),
        Just(" "),
        Just(" "),
        Just(", "),
        Just(". "),
        Just("\n\n"),
        Just(" \""),
        Just("\" "),
        Just(" “"),
        Just("” "),
        Just(",” "),
        Just(" ''"),
        Just("'' "),
        Just(" ‘"),
        Just("’ "),
        Just(": "),
        Just("; "),
        Just(" — "),
        Just(" ("),
        Just(") "),
        Just("…"),
        Just("? "),
    ];
    prop::collection::vec((mark, word), 0..60).prop_map(|pieces| {
        pieces
            .into_iter()
            .flat_map(|(mark, word)| [mark, word])
            .collect()
    })
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let found = attribute(&mut Attributor::shipped(), text);
    let mut contents = Vec::new();
    for attribution in &found {
        prop_assert!(!attribution.content.is_empty());
        let roles = [&attribution.source, &attribution.cue, &attribution.content];
        for span in roles.into_iter().flatten().chain(&attribution.speaker) {
            prop_assert!(!span.is_empty());
            prop_assert!(text.get(span.range()).is_some(), "{span:?} of {text:?}");
        }
        for pair in attribution.content.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start, "{pair:?} of {text:?}");
        }
        contents.extend(attribution.content.iter().copied());
    }
    contents.sort_unstable();
    for pair in contents.windows(2) {
        prop_assert!(
            pair[0].end <= pair[1].start,
            "contents share bytes: {pair:?} of {text:?}"
        );
    }
    Ok(())
}

proptest! {
    #[test]
    fn spans_are_within_the_text_and_contents_are_disjoint(text in any_text()) {
        check(&text)?;
    }

    #[test]
    fn any_characters_are_read(text in "\\PC{0,200}") {
        check(&text)?;
    }
}
