//! `rejoinder label`: what is said at the desk is kept, whatever ends the process.

use std::fmt::Write;
use std::time::Duration;

use serde_json::{Value, json};

use crate::fixture::Fixture;
use crate::http::Server;

const JSON: &str = "content-type: application/json";

/// A desk with forty labelled sentences and articles without labels.
fn desk() -> Fixture {
    let fixture = Fixture::with_data();
    fixture.write(
        "a1.txt",
        "Moscow denied it. It rained.\n\nKyiv blamed Moscow.",
    );
    let all = fixture.run("label desk.sqlite --import a1.txt --from articles --double 0");
    assert!(all.contains("3 new of 3 sentences in desk.sqlite"), "{all}");
    fixture
}

fn start(fixture: &Fixture) -> Server {
    Server::start(&format!(
        "label {}",
        fixture.path().join("desk.sqlite").display()
    ))
}

fn ask(server: &Server, path: &str, body: &Value) -> Value {
    let answer = server.post(&format!("/v1/desk/{path}"), JSON, &body.to_string());
    assert_eq!(answer.status(), 200, "{}", answer.body);
    answer.json()
}

/// The labels in the desk's file, by sentence.
fn kept(fixture: &Fixture) -> Vec<Value> {
    fixture.run("label desk.sqlite --export out.jsonl --to jsonl");
    let lines = fixture.text("out.jsonl");
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn sentences_are_labelled_one_after_the_other() {
    let fixture = desk();
    let server = start(&fixture);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let task = ask(&server, "next", &json!({"annotator": "ada"}))["task"].take();
        assert_eq!(task["lines"].as_array().unwrap().len(), 3);
        seen.push(task["name"].as_str().unwrap().to_owned());
        let said = json!({"annotator": "ada", "sentence": task["sentence"], "labels": ["denial"], "rule": "9"});
        ask(&server, "code", &said);
    }
    seen.sort_unstable();
    assert_eq!(seen, ["a1:1", "a1:2", "a1:3"]);
    assert_eq!(
        ask(&server, "next", &json!({"annotator": "ada"}))["task"],
        Value::Null
    );
    let undone = ask(&server, "undo", &json!({"annotator": "ada"}));
    assert_eq!(undone["progress"]["settled"], 2);
    assert_eq!(
        ask(&server, "next", &json!({"annotator": "bea"}))["task"]["sentence"],
        undone["task"]["sentence"]
    );
    let about = server.get("/v1/desk").json();
    assert_eq!(about["progress"]["annotators"]["ada"], 2);
}

#[test]
fn errors_say_what_was_wrong() {
    let fixture = desk();
    let server = start(&fixture);
    let told = |path: &str, headers: &str, body: &str| {
        let answer = server.post(path, headers, body);
        format!(
            "{} {}",
            answer.status(),
            answer.json()["error"].as_str().unwrap()
        )
    };
    let said = |sentence: u32, label: &str, annotator: &str| {
        json!({"annotator": annotator, "sentence": sentence, "labels": [label]}).to_string()
    };
    insta::assert_snapshot!([
        told("/v1/desk/code", JSON, &said(3, "denial", "ada")),
        told("/v1/desk/code", JSON, &said(0, "doubt", "ada")),
        told("/v1/desk/code", JSON, &said(0, "denial", " ")),
        told("/v1/desk/code", "content-type: text/plain", &said(0, "denial", "ada")),
        told("/v1/desk/learn", JSON, "{}"),
    ].join("\n"), @r"
    400 sentence 3 of 3, counted from 0
    400 unknown label `doubt`
    400 parameter `annotator` is empty, but must be a name
    415 Expected request with `Content-Type: application/json`
    400 label `accusation` is on only 0 of 0 rows; training needs at least 2
    ");
    assert!(
        kept(&fixture)
            .iter()
            .all(|sentence| sentence["labels"].is_null())
    );
}

#[test]
fn desk_learns_and_finds_labels_that_look_wrong() {
    let fixture = Fixture::new();
    let mut rows = "text,labels,group\n".to_owned();
    for number in 0..60 {
        let (text, label) = match number % 4 {
            0 => ("The minister accused the mayor of fraud", "accusation"),
            1 => ("The mayor denied the allegations", "denial"),
            2 => ("The ministers agreed to hold talks", "cooperation"),
            _ => ("It rained for a long time", "none"),
        };
        let label = if number == 1 { "none" } else { label };
        writeln!(rows, "{text} in year {number}.,{label},g{number}").unwrap();
    }
    fixture.write("rows.csv", rows);
    fixture.run("label desk.sqlite --import rows.csv --from csv");
    let server = start(&fixture);
    let learned = ask(&server, "learn", &json!({}))["learned"][0].take();
    assert_eq!(learned["sentences"], 60);
    assert!(learned["macro_f1"].as_f64().unwrap() > 0.8, "{learned}");
    assert_ne!(ask(&server, "suspects", &json!({}))["suspects"], 0);
    let first = ask(
        &server,
        "next",
        &json!({"annotator": "ada", "order": "suspects"}),
    );
    assert_eq!(first["task"]["name"], "rows:2");
    assert_eq!(first["task"]["suspect"]["label"], "denial");
}

#[test]
fn test_file_is_measured_on_and_never_shown() {
    let fixture = desk();
    let sentence = "Kyiv blamed Moscow.";
    fixture.write(
        "test.csv",
        format!("text,labels\n{sentence},accusation\nThe minister denied the allegations.,denial\nIt snowed.,none\n"),
    );
    fixture.run("label desk.sqlite --import train.csv --from csv");
    fixture.write("more.csv", format!("text,labels\n{sentence},denial\n"));
    fixture.run("label desk.sqlite --import more.csv --from csv");
    let server = Server::start(&format!(
        "label {0}/desk.sqlite --test {0}/test.csv",
        fixture.path().display()
    ));
    let about = server.get("/v1/desk").json();
    assert_eq!(about["tested"]["n_samples"], 3);
    assert_eq!(about["progress"]["sentences"], 42);
    for _ in 0..2 {
        let task = ask(&server, "next", &json!({"annotator": "ada"}))["task"].take();
        let said = json!({"annotator": "ada", "sentence": task["sentence"], "labels": []});
        ask(&server, "code", &said);
        assert_ne!(task["name"], "a1:3");
    }
    let left = ask(&server, "next", &json!({"annotator": "ada"}));
    assert_eq!(left["task"], Value::Null);
    let learned = ask(&server, "learn", &json!({}))["learned"][0].take();
    assert_eq!(
        (&learned["sentences"], &learned["test"]["n_samples"]),
        (&42.into(), &3.into())
    );
    assert!(
        learned["test"]["macro_f1"]["value"].as_f64().unwrap() > 0.5,
        "{learned}"
    );
}

/// Ends the process at any moment, again and again: all that was answered for is there, and at most one thing more.
#[cfg(unix)]
#[test]
fn kill_loses_at_most_the_label_that_is_being_typed() {
    let fixture = Fixture::new();
    let sentence = |number| json!({"text": format!("Sentence {number}."), "label": null});
    let sentences: Vec<String> = (0..3000)
        .map(|number| sentence(number).to_string())
        .collect();
    fixture.write("many.jsonl", sentences.join("\n"));
    fixture.run("label desk.sqlite --import many.jsonl --from doccano --double 0");
    let mut answered = 0;
    for round in 1..=4_u64 {
        let server = start(&fixture);
        let pid = server.child.id().to_string();
        let killer = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(60 * round));
            std::process::Command::new("kill")
                .args(["-9", &pid])
                .status()
                .unwrap();
        });
        // One connection a request, so that the kill also falls between them.
        loop {
            let said =
                json!({"annotator": "ada", "sentence": answered, "labels": ["denial"]}).to_string();
            let request = crate::http::post("/v1/desk/code", JSON, &said);
            match server.try_send(&request) {
                Ok(answer) if answer.status() == 200 => answered += 1,
                _ => break,
            }
        }
        killer.join().unwrap();
        let kept = kept(&fixture)
            .iter()
            .filter(|sentence| !sentence["labels"].is_null())
            .count();
        assert!(
            (answered..=answered + 1).contains(&kept),
            "{kept} kept, {answered} answered for"
        );
        answered = kept;
    }
    assert!(answered > 4, "only {answered} were labelled");
}

#[test]
fn pages_of_the_desk_are_served_by_a_desk_alone() {
    let fixture = desk();
    let server = start(&fixture);
    assert_eq!(server.get("/desk").status(), 200);
    assert!(
        server.get("/v1/desk").json()["codebook"]
            .as_str()
            .unwrap()
            .contains("# Codebook")
    );
    assert_eq!(Server::start("serve").get("/desk").status(), 404);
}
