//! Where results go: files that appear whole or not at all, pipes that close, disks that are full.

use insta::assert_snapshot;

use crate::fixture::Fixture;

/// A record to be repeated.
const ARTICLE: &str = "{\"text\": \"Grustark denied the allegations.\"}\n";

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("news.txt", "Grustark denied the allegations.");
    fixture.write(
        "bad.jsonl",
        "{\"text\": \"Grustark denied the report.\"}\n[1]\n",
    );
    fixture
}

#[test]
fn file_holds_what_standard_output_would() {
    let fixture = fixture();
    for format in ["text", "jsonl", "csv"] {
        let arguments = format!("classify news.txt --model m.safetensors --format {format}");
        let printed = fixture.stdout(&arguments);
        assert_eq!(fixture.stdout(&format!("{arguments} -o out")), "");
        assert_eq!(fixture.text("out"), printed);
    }
    assert_eq!(
        fixture.names(),
        ["bad.jsonl", "m.safetensors", "news.txt", "out"]
    );
}

#[test]
fn failure_leaves_no_file_behind_and_the_old_one_alone() {
    let fixture = fixture();
    let strict = "classify news.txt bad.jsonl --model m.safetensors --strict -o out.txt";
    assert_snapshot!(fixture.run(strict), @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 2: a JSON object is needed, found an array
    ");
    assert_eq!(fixture.names(), ["bad.jsonl", "m.safetensors", "news.txt"]);
    fixture.write("out.txt", "before");
    fixture.run(strict);
    assert_eq!(fixture.text("out.txt"), "before");
}

#[test]
fn skipped_record_leaves_the_others_in_the_file() {
    let fixture = fixture();
    let run = fixture
        .run("classify bad.jsonl news.txt --model m.safetensors --format jsonl -o out.jsonl");
    assert_snapshot!(run, @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 2: a JSON object is needed, found an array
    2 articles, 2 sentences: accusation 0, cooperation 0, denial 2 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_eq!(fixture.text("out.jsonl").lines().count(), 2);
}

#[test]
fn strict_stops_at_the_first_record_that_cannot_be_read() {
    assert_snapshot!(fixture().run("classify bad.jsonl news.txt --model m.safetensors --strict"), @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 2: a JSON object is needed, found an array
    ");
}

#[test]
fn folder_that_cannot_be_written_is_an_error() {
    let fixture = fixture();
    assert_snapshot!(fixture.run("classify news.txt --model m.safetensors -o nowhere/out.txt"), @"
    exit code 1
    --- stderr
    error: nowhere/out.txt: No such file or directory (os error 2)
    ");
    assert_snapshot!(fixture.run("classify news.txt --model m.safetensors -o news.txt/out.txt"), @"
    exit code 1
    --- stderr
    error: news.txt/out.txt: not a directory
    ");
    assert_snapshot!(fixture.run("classify news.txt --model m.safetensors -o ."), @"
    exit code 1
    --- stderr
    error: .: Is a directory (os error 21)
    ");
    assert_eq!(fixture.names(), ["bad.jsonl", "m.safetensors", "news.txt"]);
}

#[test]
fn folder_without_permission_is_an_error() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = fixture();
    let folder = fixture.path().join("locked");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    if std::fs::write(folder.join("x"), "").is_ok() {
        return; // Nothing is locked for this user.
    }
    let run = fixture.run("classify news.txt --model m.safetensors -o locked/out.txt");
    let gold = "exit code 1\n--- stderr\nerror: locked/out.txt: Permission denied (os error 13)\n";
    assert_eq!(run, gold);
}

#[test]
fn full_disk_behind_standard_output_is_an_error() {
    if !std::path::Path::new("/dev/full").exists() {
        return;
    }
    let fixture = fixture();
    assert_snapshot!(fixture.shell("rejoinder classify news.txt --model m.safetensors > /dev/full"), @"
    exit code 1
    --- stderr
    error: standard output: No space left on device (os error 28)
    ");
    for command in [
        "explain text --model m.safetensors",
        "model show --model m.safetensors",
        "completions bash",
        "bench news.txt --model m.safetensors --repetitions 1",
    ] {
        assert_eq!(
            fixture.shell(&format!("rejoinder {command} > /dev/full")),
            "exit code 1\n--- stderr\nerror: standard output: No space left on device (os error 28)\n",
            "{command}"
        );
    }
}

/// The limit on the size of files stands for a full disk, and is written to in the same way.
#[test]
fn full_disk_behind_a_file_leaves_nothing_behind() {
    let fixture = fixture();
    fixture.write("big.jsonl", ARTICLE.repeat(4000));
    let limited =
        |command: &str| fixture.shell(&format!("trap '' XFSZ; ulimit -f 8; rejoinder {command}"));
    assert_snapshot!(limited("classify big.jsonl --model m.safetensors --format jsonl -o out.jsonl"), @"
    exit code 1
    --- stderr
    error: out.jsonl: File too large (os error 27)
    ");
    fixture.write("train.csv", crate::fixture::TRAINING);
    assert_snapshot!(limited("train train.csv -o new.safetensors --quiet"), @"
    exit code 1
    --- stderr
    error: new.safetensors: File too large (os error 27)
    ");
    assert_eq!(
        fixture.names(),
        [
            "bad.jsonl",
            "big.jsonl",
            "m.safetensors",
            "news.txt",
            "train.csv"
        ]
    );
}

#[test]
fn reader_that_goes_away_is_no_failure() {
    let fixture = fixture();
    fixture.write("big.jsonl", ARTICLE.repeat(20_000));
    for format in ["text", "jsonl", "csv"] {
        let line = format!(
            "(rejoinder classify big.jsonl --model m.safetensors --quiet --format {format}; echo code $? >&2) | head -n 1 | wc -l"
        );
        let run = fixture.shell(&line);
        assert!(run.ends_with("--- stderr\ncode 0\n"), "{run}");
        assert!(run.starts_with("exit code 0\n--- stdout\n"), "{run}");
    }
}
