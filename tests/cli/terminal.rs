//! What a terminal gets: colours and progress for it alone, and nothing that an article could steer it with.

use assert_cmd::Command;

use crate::fixture::{Fixture, program};

/// What the program prints on a terminal; `None` where the tool that makes one is missing.
fn on_a_terminal(fixture: &Fixture, arguments: &str, no_color: bool) -> Option<String> {
    let line = format!("{} {arguments}", program().display());
    let mut command = Command::new("script");
    command
        .args(["-qec", &line, "/dev/null"])
        .current_dir(fixture.path())
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("CI")
        .env("TERM", "xterm");
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("news.txt", "Grustark denied the allegations.");
    fixture
}

#[test]
fn colours_are_for_terminals() {
    let fixture = fixture();
    let arguments = "classify news.txt --model m.safetensors --quiet";
    let piped = fixture
        .command(arguments)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .output()
        .unwrap();
    assert!(!piped.stdout.contains(&0x1b));
    let forced = fixture
        .command(arguments)
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(forced.stdout.contains(&0x1b));
    let (Some(coloured), Some(plain)) = (
        on_a_terminal(&fixture, arguments, false),
        on_a_terminal(&fixture, arguments, true),
    ) else {
        return;
    };
    assert!(coloured.contains("\x1b[33mdenial"), "{coloured:?}");
    assert!(!plain.contains('\x1b'), "{plain:?}");
}

#[test]
fn colours_do_not_reach_files() {
    let fixture = fixture();
    let arguments = "classify news.txt --model m.safetensors -o out.txt";
    fixture
        .command(arguments)
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .assert()
        .success();
    assert!(!fixture.text("out.txt").contains('\x1b'));
}

const STEERING: &str =
    "\x1b[31mGrustark\x1b[0m \u{9b}2Jdenied\u{7} \x1b]0;title\u{7}the\u{8} allegations.";

fn assert_harmless(text: &str) {
    let found = text
        .chars()
        .find(|&c| c.is_control() && c != '\n' && c != '\r');
    assert_eq!(found, None, "{text:?}");
}

#[test]
fn article_cannot_steer_the_terminal() {
    let fixture = fixture();
    let article = serde_json::json!({"id": STEERING, "title": STEERING, "date": STEERING, "outlet": STEERING, "text": STEERING});
    fixture.write("news.jsonl", article.to_string());
    for arguments in [
        "classify news.jsonl --model m.safetensors --all --quiet",
        "model diff m.safetensors m.safetensors news.jsonl --quiet",
    ] {
        assert_harmless(&fixture.stdout(arguments));
        if let Some(shown) = on_a_terminal(&fixture, arguments, true) {
            assert_harmless(&shown);
        }
    }
    let explained = fixture
        .command_of(["explain", STEERING, "--model", "m.safetensors"])
        .output()
        .unwrap();
    assert_harmless(&String::from_utf8(explained.stdout).unwrap());
    let lines = fixture.stdout("classify news.jsonl --model m.safetensors --all --format jsonl");
    assert!(!lines.contains('\x1b'), "JSON escapes control characters");
}

#[test]
fn names_in_errors_cannot_steer_the_terminal() {
    let fixture = fixture();
    fixture.write("bad.csv", "\x1b[31mbody\x1b[0m\nx\n");
    let arguments = "classify bad.csv --model m.safetensors --quiet";
    let output = fixture.command(arguments).output().unwrap();
    assert_harmless(&String::from_utf8(output.stderr).unwrap());
    let forced = fixture
        .command(arguments)
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    let text = String::from_utf8(forced.stderr).unwrap();
    assert!(!text.contains("\x1b[31mbody"), "{text:?}");
}

#[test]
fn quiet_prints_results_and_errors_only() {
    let fixture = fixture();
    let output = fixture
        .command("classify news.txt --model m.safetensors --quiet")
        .output()
        .unwrap();
    assert!(output.stderr.is_empty() && !output.stdout.is_empty());
}
