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
    accusation: no  probability 0.044, threshold 0.369
      score -2.3942 = intercept -1.7416 + terms -0.6526
       +0.6719  steal                            ████████████████████████
       -0.5276  deni                             ███████████████████
       -0.4087  to                               ███████████████
       -0.3882  7 other terms
      it would gain the label without: deni, to, offer, hold, talk

    cooperation: yes  probability 0.845, threshold 0.294
      score +0.5479 = intercept -1.4708 + terms +2.0187
       +0.9009  offer                            ████████████████████████
       +0.8793  to                               ███████████████████████
       +0.6908  hold                             ██████████████████
       -0.4522  7 other terms
      it would lose the label without: offer, to, hold

    denial: yes  probability 0.612, threshold 0.420
      score -0.3798 = intercept -1.3150 + terms +0.9352
       +1.3020  deni                             ████████████████████████
       +0.6802  and                              █████████████
       -0.3340  steal                            ██████
       -0.7131  7 other terms
      it would lose the label without: deni
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
    assert_eq!(labels["denial"]["given"], true);
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
