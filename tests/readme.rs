//! The commands of the README work as they stand there, in the folder where a clone begins, and print what it shows.
//!
//! Run are the lines that call the program in the blocks marked `sh`; a block marked `sh no-test` needs what no clone has.
#![cfg(feature = "cli")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// How a command of the README calls the program.
const CALLS: [&str; 2] = ["rejoinder ", "cargo run --release -- "];
/// What stands before the name of a file that a command writes.
const WRITES: [&str; 4] = ["-o", "--output", ">", "man"];

/// The arguments of every call, with the line on which it stands.
fn calls(readme: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_block = false;
    let mut lines = readme.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if let Some(mark) = line.trim().strip_prefix("```") {
            in_block = !in_block && mark.trim() == "sh";
            continue;
        }
        let line = line.trim().trim_start_matches("$ ");
        let Some(arguments) = CALLS
            .iter()
            .find_map(|call| line.strip_prefix(call))
            .filter(|_| in_block)
        else {
            continue;
        };
        let mut arguments = arguments.to_owned();
        while arguments.ends_with('\\') {
            arguments.pop();
            arguments.push_str(lines.next().map_or("", |(line, _)| line.trim()));
        }
        found.push((number, arguments));
    }
    found
}

/// Commands with the files that they write moved into a folder, and read from there by those that come later.
struct Moved<'a> {
    folder: &'a Path,
    written: Vec<String>,
}

impl Moved<'_> {
    fn arguments(&mut self, arguments: &str) -> String {
        let words: Vec<&str> = arguments.split(' ').collect();
        for pair in words.windows(2) {
            if WRITES.contains(&pair[0]) && !self.written.iter().any(|name| name == pair[1]) {
                self.written.push(pair[1].to_owned());
            }
        }
        let moved = words.iter().map(|word| {
            if self.written.iter().any(|name| name == word) {
                let name = Path::new(word).file_name().unwrap_or_default();
                self.folder.join(name).display().to_string()
            } else {
                (*word).to_owned()
            }
        });
        moved.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn every_command_of_the_readme_succeeds() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut moved = Moved {
        folder: folder.path(),
        written: Vec::new(),
    };
    let program = env!("CARGO_BIN_EXE_rejoinder");
    let commands = calls(&readme);
    assert!(
        !commands.is_empty() || !readme.contains("```sh\n"),
        "the README has blocks but no command"
    );
    for (line, arguments) in commands {
        let arguments = moved.arguments(&arguments);
        let output = Command::new("sh")
            .args([
                "-c",
                &format!("rejoinder() {{ {program} \"$@\"; }}; rejoinder {arguments}"),
            ])
            .current_dir(&root)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "README.md: line {line}: rejoinder {arguments}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The first block with a mark.
fn block<'a>(readme: &'a str, mark: &str) -> &'a str {
    let (_, from) = readme
        .split_once(&format!("```{mark}\n"))
        .expect("the README has such a block");
    from.split_once("\n```").expect("a block ends").0
}

#[test]
fn what_the_readme_shows_is_what_is_printed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let printed = |format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_rejoinder"))
            .args(["classify", "tests/articles", "--format", format])
            .current_dir(&root)
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let text = printed("text");
    for shown in block(&readme, "text").split("\n  ...") {
        let shown = shown.trim_start_matches('\n');
        assert!(text.contains(shown), "not printed:\n{shown}");
    }
    let line = block(&readme, "json");
    assert!(
        printed("jsonl").lines().any(|printed| printed == line),
        "not printed:\n{line}"
    );
}

#[test]
fn calls_are_found_in_blocks_of_the_shell_only() {
    let readme = "rejoinder no\n```sh\n$ rejoinder classify a \\\n    --all # all\ncargo test\n```\n```sh no-test\nrejoinder no\n```\n```text\nrejoinder no\n```\n  ```sh\n  cargo run --release -- train a.csv -o m\n  ```\n";
    let found = [
        (3, "classify a --all # all".to_owned()),
        (14, "train a.csv -o m".to_owned()),
    ];
    assert_eq!(calls(readme), found);
}

#[test]
fn files_are_written_and_read_elsewhere() {
    let mut moved = Moved {
        folder: Path::new("/tmp/x"),
        written: Vec::new(),
    };
    assert_eq!(
        moved.arguments("train a.csv -o models/m"),
        "train a.csv -o /tmp/x/m"
    );
    assert_eq!(
        moved.arguments("classify a.csv --model models/m > out"),
        "classify a.csv --model /tmp/x/m > /tmp/x/out"
    );
}
