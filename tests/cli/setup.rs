//! What a package of the program needs: version, help, completions, manual pages.

use crate::fixture::Fixture;

#[test]
fn version_is_that_of_the_package() {
    let version = format!("rejoinder {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(Fixture::new().stdout("--version"), version);
}

#[test]
fn every_command_has_help_without_control_characters() {
    let fixture = Fixture::new();
    for command in [
        "",
        "classify",
        "train",
        "evaluate",
        "explain",
        "bench",
        "serve",
        "label",
        "model",
        "model show",
        "model verify",
        "model diff",
        "completions",
        "man",
    ] {
        let help = fixture.stdout(&format!("{command} --help"));
        assert!(help.contains("Usage: rejoinder"), "{command}: {help}");
        assert!(
            !help.contains(|c: char| c.is_control() && c != '\n'),
            "{command}: {help}"
        );
    }
}

#[cfg(not(feature = "serve"))]
#[test]
fn command_that_was_not_built_says_how_to_get_it() {
    assert_eq!(
        Fixture::new().run("serve"),
        "exit code 1\n--- stderr\nerror: this build cannot do that; `cargo install --path . --features serve` makes one that can\n"
    );
}

#[test]
fn completions_name_every_command() {
    let fixture = Fixture::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = fixture.stdout(&format!("completions {shell}"));
        for word in [
            "classify",
            "train",
            "evaluate",
            "explain",
            "bench",
            "verify",
            "cross-validate",
        ] {
            assert!(script.contains(word), "{shell}: {word} is missing");
        }
    }
}

#[test]
fn completions_of_bash_are_a_script() {
    let fixture = Fixture::new();
    fixture.write("completions.sh", fixture.stdout("completions bash"));
    assert_eq!(
        fixture.shell("bash -n completions.sh || test $? = 127"),
        "exit code 0\n"
    );
}

#[test]
fn manual_has_a_page_for_each_command() {
    let fixture = Fixture::new();
    assert_eq!(fixture.run("man pages/man1"), "exit code 0\n");
    for page in [
        "rejoinder",
        "rejoinder-classify",
        "rejoinder-train",
        "rejoinder-evaluate",
        "rejoinder-explain",
        "rejoinder-bench",
        "rejoinder-model-verify",
    ] {
        let text = fixture.text(&format!("pages/man1/{page}.1"));
        assert!(
            text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"),
            "{page}"
        );
    }
    fixture.write("file", "");
    let run = fixture.run("man file/man1");
    assert_eq!(
        run,
        "exit code 1\n--- stderr\nerror: file/man1: Not a directory (os error 20)\n"
    );
}
