//! A temporary folder, and the program running in it with nothing else around it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use assert_cmd::Command;
use tempfile::TempDir;

/// Forty sentences with labels, groups and parts.
pub(crate) const TRAINING: &str = include_str!("../cases/training.csv");

/// A lexicon and an actor table of our own, so that no change of the shipped ones changes what tests see.
const LEXICON: &str = "class,term\n\
    ACCUSE,accused\nACCUSE,blamed\nDENY,denied\nREJECT,rejected\nOFFER,offered\nAGREE,agreed\nREADY,ready\n\
    SAY,said\nNEG,not\n";
const ACTORS: &str = "name,kind,code,cased\nRuritania,country,RUR,\nGrustark,country,GRU,\n";

/// Settings under which terms are single stems.
pub(crate) const SETTINGS: &str = "--lexicon lexicon.csv --actors actors.csv --ngrams 1,1 --class-ngrams 0 \
    --pair-window 0 --negation-window 0 --min-df 2 --tf binary --c 10 --tol 1e-4 --max-iter 100 --folds 5 --seed 0";

/// The folder.
pub(crate) struct Fixture(TempDir);

impl Fixture {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A folder with `train.csv` and what [`SETTINGS`] name.
    pub(crate) fn with_data() -> Self {
        let fixture = Self::new();
        fixture.write("train.csv", TRAINING);
        fixture.write("lexicon.csv", LEXICON);
        fixture.write("actors.csv", ACTORS);
        fixture
    }

    /// A folder with `m.safetensors`, a model of single stems.
    pub(crate) fn with_model() -> Self {
        static MODEL: OnceLock<Vec<u8>> = OnceLock::new();
        let model = MODEL.get_or_init(|| {
            let fixture = Self::with_data();
            fixture
                .command(&format!("train train.csv -o m.safetensors {SETTINGS}"))
                .assert()
                .success();
            fixture.bytes("m.safetensors")
        });
        let fixture = Self::new();
        fixture.write("m.safetensors", model);
        fixture
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file, and the folders on the way to it.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap()
    }

    /// The names of all that stands in the folder, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort_unstable();
        names
    }

    /// The program with arguments, parted by blanks.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        self.command_of(arguments.split_whitespace())
    }

    /// The program with arguments.
    pub(crate) fn command_of<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("NO_COLOR", "1");
        command
    }

    /// Runs the program and tells all that came of it.
    pub(crate) fn run(&self, arguments: &str) -> String {
        outcome(&mut self.command(arguments))
    }

    /// The same, with something on standard input.
    pub(crate) fn run_on(&self, arguments: &str, input: impl Into<Vec<u8>>) -> String {
        outcome(self.command(arguments).write_stdin(input))
    }

    /// Standard output of a run that succeeds.
    pub(crate) fn stdout(&self, arguments: &str) -> String {
        let output = self.command(arguments).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    }

    /// Runs a line of the shell, in which `rejoinder` is the program.
    pub(crate) fn shell(&self, line: &str) -> String {
        outcome(
            Command::new("sh")
                .args([
                    "-c",
                    &format!("rejoinder() {{ {} \"$@\"; }}; {line}", program().display()),
                ])
                .current_dir(self.path())
                .env_clear()
                .env("PATH", std::env::var_os("PATH").unwrap_or_default())
                .env("NO_COLOR", "1"),
        )
    }
}

/// The program under test.
pub(crate) fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_rejoinder"))
}

/// Exit code, standard output and standard error of a command, without times.
pub(crate) fn outcome(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let mut text = match output.status.code() {
        Some(code) => format!("exit code {code}\n"),
        None => "ended by a signal\n".to_owned(),
    };
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        if !bytes.is_empty() {
            let written = String::from_utf8(bytes).unwrap();
            let clean = without_times(&written);
            text.extend(["--- ", name, "\n", &clean]);
        }
    }
    text
}

/// Replaces times such as `0.02 s` by `[time]`.
fn without_times(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" s") {
        let start = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let number = &before[start.len()..];
        let is_time = number.contains('.') && !after.starts_with(char::is_alphanumeric);
        clean.push_str(if is_time { start } else { before });
        clean.push_str(if is_time { "[time]" } else { " s" });
        rest = after;
    }
    clean + rest
}

/// What `gzip` makes of bytes.
pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes.as_ref()).unwrap();
    encoder.finish().unwrap()
}
