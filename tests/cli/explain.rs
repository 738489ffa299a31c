//! `rejoinder explain`

use insta::assert_snapshot;
use serde_json::Value;

use crate::fixture::{Fixture, outcome};

const SENTENCE: &str = "Ruritania denied stealing the aid and offered to hold talks.";

fn explain(fixture: &Fixture, more: &[&str]) -> String {
    let arguments = ["explain", SENTENCE, "--model", "m.safetensors"];
    outcome(&mut fixture.command_of(arguments.into_iter().chain(more.iter().copied())))
}

#[test]
fn text_shows_the_sum_the_terms_and_what_would_flip_the_decision() {
    assert_snapshot!(explain(&Fixture::with_model(), &["--top", "3"]), @"
    exit code 0
    --- stdout
    accusation: no  probability 0.068, threshold 0.471
      score -2.0726 = intercept -1.8615 + terms -0.2111
       +0.3833  steal                            ████████████████████████
       -0.3226  deni                             ████████████████████
       +0.2956  ACTOR _ the                      ███████████████████
       -0.5674  13 other terms
      no terms of the sentence could be left out to gain the label

    cooperation: yes  probability 0.938, threshold 0.232
      score +1.3900 = intercept -1.3926 + terms +2.7825
      Ruritania (RUR) → ?
       +0.5707  to                               ████████████████████████
       +0.5194  offer                            ██████████████████████
       +0.4454  hold                             ███████████████████
       +1.2470  13 other terms
      it would lose the label without: to, offer, hold, talk, to _ talk, offer _ hold, offer _ talk

    denial: no  probability 0.357, threshold 0.409
      score -0.8791 = intercept -1.3764 + terms +0.4973
       +0.8239  deni                             ████████████████████████
       -0.2663  ACTOR _ the                      ████████
       +0.2170  and                              ██████
       -0.2773  13 other terms
      it would gain the label without: ACTOR _ the
    ");
}

/// The four decimals that are printed: each number is off by at most half of the last.
#[test]
fn printed_terms_add_up_to_the_printed_score() {
    let text = explain(&Fixture::with_model(), &["--top", "4"]);
    let mut sums = 0;
    for block in text.split("\n\n").filter(|block| block.contains("score")) {
        let (head, terms) = block
            .split_once("  score ")
            .unwrap()
            .1
            .split_once('\n')
            .unwrap();
        let number = |text: &str| text.trim().parse::<f64>().unwrap();
        let (score, parts) = head.split_once(" = intercept ").unwrap();
        let (intercept, of_terms) = parts.split_once(" + terms ").unwrap();
        let printed: Vec<f64> = terms
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        assert_eq!(printed.len(), 5, "{block}");
        assert!(
            (number(intercept) + number(of_terms) - number(score)).abs() < 2e-4,
            "{block}"
        );
        assert!(
            (printed.iter().sum::<f64>() - number(of_terms)).abs() < 4e-4,
            "{block}"
        );
        sums += 1;
    }
    assert_eq!(sums, 3);
}

#[test]
fn json_adds_up_exactly() {
    let text = explain(&Fixture::with_model(), &["--format", "json"]);
    let json = text.strip_prefix("exit code 0\n--- stdout\n").unwrap();
    let explanation: Value = serde_json::from_str(json).unwrap();
    assert_eq!(explanation["text"], SENTENCE);
    let labels = explanation["labels"].as_object().unwrap();
    assert_eq!(
        labels.keys().collect::<Vec<_>>(),
        ["accusation", "cooperation", "denial"]
    );
    for of_label in labels.values() {
        let terms: f64 = of_label["terms"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|term| term["contribution"].as_f64())
            .sum();
        let sum = of_label["intercept"].as_f64().unwrap() + terms;
        assert!(
            (sum - of_label["score"].as_f64().unwrap()).abs() < 1e-9,
            "{of_label}"
        );
    }
    assert_eq!(labels["accusation"]["given"], false);
    assert_eq!(labels["cooperation"]["given"], true);
}

#[test]
fn dash_is_standard_input() {
    let fixture = Fixture::with_model();
    let typed = fixture.run_on(
        "explain - --model m.safetensors --top 3",
        format!("{SENTENCE}\n"),
    );
    assert_eq!(typed, explain(&fixture, &["--top", "3"]));
}

#[test]
fn sentence_without_known_terms_has_the_intercept_alone() {
    let fixture = Fixture::with_model();
    for text in ["", "zzz qqq"] {
        let run = outcome(&mut fixture.command_of(["explain", text, "--model", "m.safetensors"]));
        assert!(
            run.starts_with("exit code 0") && run.contains(" + terms +0.0000\n"),
            "{run}"
        );
    }
}
