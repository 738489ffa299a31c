//! `rejoinder classify --resume`: runs that are killed, and those that go on.

use std::process::{Command, Stdio};
use std::time::Duration;

use insta::assert_snapshot;

use crate::fixture::{Fixture, program};

/// Articles enough for some thirty portions, and a record that cannot be read.
fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    let texts = [
        "Grustark denied the allegations. Rain fell.",
        "Ruritania offered to hold joint talks, and accused no one.",
        "The envoy accused the militia of stealing the harbour.",
    ];
    for file in 0..4 {
        let mut lines = String::new();
        for number in 0..250 {
            let text = texts[(number + file) % 3].repeat(20 + number % 120);
            let id = format!("{file}-{number}");
            lines += &serde_json::json!({"id": id, "text": text}).to_string();
            lines.push('\n');
        }
        if file == 1 {
            lines += "[1]\n";
        }
        fixture.write(&format!("news/{file}.jsonl"), lines);
    }
    fixture
}

fn command(output: &str, more: &str) -> String {
    format!(
        "classify news --model m.safetensors --threads 2 --unit record --all -o {output} {more}"
    )
}

/// Runs the program until its journal has so many lines, and kills it then. Returns whether it ended before.
fn run_until(fixture: &Fixture, output: &str, lines: usize) -> bool {
    let mut child = Command::new(program())
        .args(command(output, "--resume").split_whitespace())
        .current_dir(fixture.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let journal = fixture.path().join(format!("{output}.journal"));
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert_eq!(status.code(), Some(1), "one record cannot be read");
            return true;
        }
        let written = std::fs::read_to_string(&journal).unwrap_or_default();
        if written.lines().count() > lines {
            child.kill().unwrap(); // SIGKILL
            child.wait().unwrap();
            return false;
        }
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// Does to output and journal what a machine without power may do: the last bytes are lost, or others stand there.
fn tear(fixture: &Fixture, output: &str, how: usize) {
    let change = |name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let name = format!("{output}.{name}");
        let mut bytes = fixture.bytes(&name);
        change(&mut bytes);
        fixture.write(&name, bytes);
    };
    match how % 5 {
        0 => change("part", &|bytes| bytes.truncate(bytes.len() - 100)),
        1 => change("part", &|bytes| bytes.extend([0; 500])),
        2 => change("journal", &|bytes| bytes.truncate(bytes.len() - 7)),
        3 => change("part", &|bytes| {
            let end = bytes.len() - 50;
            bytes[end..].fill(0);
        }),
        _ => {}
    }
}

#[test]
fn killed_runs_give_the_bytes_of_one_that_was_not() {
    let fixture = fixture();
    let formats: &[&str] = if cfg!(feature = "parquet") {
        &["jsonl", "csv", "parquet"]
    } else {
        &["jsonl", "csv"]
    };
    for format in formats {
        let whole = format!("whole.{format}");
        fixture.command(&command(&whole, "")).assert().code(1);
        let output = format!("out.{format}");
        let (mut lines, mut kills) = (1, 0);
        while !run_until(&fixture, &output, lines) {
            assert!(!fixture.names().contains(&output), "half of {output}");
            tear(&fixture, &output, kills);
            kills += 1;
            lines += 1 + kills;
        }
        assert!(kills >= 3, "{kills} kills before the end of {output}");
        assert!(
            fixture.bytes(&output) == fixture.bytes(&whole),
            "{output} differs"
        );
        fixture.write(&output, "");
    }
    let left = fixture.names();
    let unfinished = |name: &&String| {
        let ends = ["part", "journal", "packed"];
        ends.iter().any(|end| name.ends_with(end)) || name.starts_with(".rejoinder")
    };
    assert_eq!(left.iter().find(unfinished), None);
}

#[cfg(feature = "parquet")]
#[test]
fn what_was_packed_in_part_is_written_over() {
    let fixture = fixture();
    let whole = "whole.parquet";
    fixture.command(&command(whole, "")).assert().code(1);
    let output = "out.parquet";
    assert!(!run_until(&fixture, output, 5));
    fixture.write(&format!("{output}.packed"), "PAR1, and no more");
    fixture
        .command(&command(output, "--resume"))
        .assert()
        .code(1);
    assert!(fixture.bytes(output) == fixture.bytes(whole));
    assert!(!fixture.names().contains(&format!("{output}.packed")));
}

#[test]
fn other_articles_or_settings_are_not_gone_on_with() {
    let fixture = fixture();
    assert!(!run_until(&fixture, "out.csv", 3));
    let go_on = |more: &str| fixture.run(&command("out.csv", &format!("--resume --quiet {more}")));
    assert_snapshot!(go_on("--no-parties"), @"
    exit code 1
    --- stderr
    error: out.csv.journal: was begun with another model, other settings or another version: remove it to begin anew
    ");
    assert_eq!(go_on("--threshold denial=0.5"), go_on("--no-parties"));
    let first = fixture.text("news/0.jsonl");
    fixture.write("news/0.jsonl", first.replace("joint talks", "talks"));
    assert_snapshot!(go_on(""), @"
    exit code 1
    --- stderr
    error: out.csv.journal: was begun with other articles: remove it to begin anew
    ");
    for file in 0..4 {
        fixture.write(
            &format!("news/{file}.jsonl"),
            "{\"text\": \"Rain fell.\"}\n",
        );
    }
    assert!(go_on("").contains("was begun with other articles"));
    assert!(!fixture.names().contains(&"out.csv".to_owned()));
    std::fs::remove_file(fixture.path().join("out.csv.journal")).unwrap();
    assert_snapshot!(fixture.run(&command("out.csv", "--resume")), @"
    exit code 0
    --- stderr
    4 articles, 4 sentences: accusation 0, cooperation 4, denial 0 ([time])
    ");
    assert!(fixture.names().contains(&"out.csv".to_owned()));
}

#[test]
fn what_an_earlier_run_did_is_told() {
    let fixture = fixture();
    fixture.write("news/1.jsonl", "{\"text\": \"Rain fell.\"}\n");
    assert!(!run_until(&fixture, "out.jsonl", 4));
    let run = fixture.run(&command("out.jsonl", "--resume"));
    assert!(run.starts_with("exit code 0\n"), "{run}");
    assert!(
        run.contains("done by an earlier run and not counted again"),
        "{run}"
    );
    assert!(run.contains("751 articles, "), "{run}");
}

#[test]
fn resume_needs_an_output_that_can_be_gone_on_with() {
    let fixture = fixture();
    let usage = fixture.run("classify news --resume");
    assert!(
        usage.starts_with("exit code 2\n") && usage.contains("--output"),
        "{usage}"
    );
    assert_snapshot!(fixture.run("classify news --model m.safetensors --resume --format events -o events.csv"), @"
    exit code 1
    --- stderr
    error: --resume cannot go on with counts: use --format csv, jsonl or parquet
    ");
}
