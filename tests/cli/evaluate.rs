//! `rejoinder evaluate`

use insta::assert_snapshot;
use serde_json::Value;

use crate::fixture::{Fixture, SETTINGS, TRAINING};

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write(
        "gold.csv",
        "text,labels,part\n\
         The army accused the rebels of stealing aid.,accusation,wire\n\
         The company denied the allegations.,denial,wire\n\
         The union offered to hold talks.,cooperation,natural\n\
         The union denied the report and offered to hold talks.,cooperation|denial,natural\n\
         The villagers denied stealing.,accusation|denial,natural\n\
         Rain fell on Sunday.,none,natural\n",
    );
    fixture
}

fn json(fixture: &Fixture, arguments: &str) -> Value {
    serde_json::from_str(&fixture.stdout(arguments)).unwrap()
}

#[test]
fn text_has_a_table_for_all_and_for_each_part() {
    assert_snapshot!(fixture().run("evaluate gold.csv --model m.safetensors"), @"
    exit code 0
    --- stdout
    all: 6 sentences in 6 groups

    label        precision           recall              F1                     AP  support    ECE
    accusation   1.000 [0.00, 1.00]  0.500 [0.00, 1.00]  0.667 [0.00, 1.00]  1.000        2  0.135
    cooperation  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000        2  0.064
    denial       1.000 [1.00, 1.00]  1.000 [1.00, 1.00]  1.000 [1.00, 1.00]  1.000        3  0.053

    macro-F1     0.889 [0.47, 1.00]
    micro-F1     0.923 [0.77, 1.00]
    mean AP      1.000 [0.67, 1.00]

    label        gold and predicted  gold only  predicted only  neither
    accusation                    1          1               0        4
    cooperation                   2          0               0        4
    denial                        3          0               0        3

    part wire: 2 sentences in 2 groups

    label        precision           recall              F1                     AP  support    ECE
    accusation   1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000        1  0.010
    cooperation  0.000 [0.00, 0.00]  -                   -                       -        0  0.066
    denial       1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000        1  0.029

    macro-F1     1.000 [0.50, 1.00]
    micro-F1     1.000 [1.00, 1.00]
    mean AP      1.000 [0.50, 1.00]

    label        gold and predicted  gold only  predicted only  neither
    accusation                    1          0               0        1
    cooperation                   0          0               0        2
    denial                        1          0               0        1

    part natural: 4 sentences in 4 groups

    label        precision           recall              F1                     AP  support    ECE
    accusation   0.000 [0.00, 0.00]  0.000 [0.00, 0.00]  0.000 [0.00, 0.00]  1.000        1  0.197
    cooperation  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000        2  0.063
    denial       1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000 [0.00, 1.00]  1.000        2  0.065

    macro-F1     0.667 [0.33, 0.67]
    micro-F1     0.889 [0.67, 1.00]
    mean AP      1.000 [0.33, 1.00]

    label        gold and predicted  gold only  predicted only  neither
    accusation                    0          1               0        3
    cooperation                   2          0               0        2
    denial                        2          0               0        2

    [low, high]: 95 % interval over 1000 bootstrap resamples of the groups
    ");
}

#[test]
fn json_says_the_same() {
    let scores = json(
        &fixture(),
        "evaluate gold.csv --model m.safetensors --format json",
    );
    let overall = &scores["overall"];
    assert_eq!(
        (&overall["n_samples"], &overall["n_groups"]),
        (&6.into(), &6.into())
    );
    let supports: Vec<&Value> = overall["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|label| &label["support"])
        .collect();
    assert_eq!(supports, [2, 2, 3]);
    let parts: Vec<&Value> = scores["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["part"])
        .collect();
    assert_eq!(parts.len(), 2);
    for label in overall["labels"].as_array().unwrap() {
        let confusion = label["confusion"].as_object().unwrap();
        assert_eq!(confusion.values().filter_map(Value::as_u64).sum::<u64>(), 6);
        for score in ["precision", "recall", "f1"] {
            let estimate = &label[score];
            assert!(
                estimate["low"].as_f64() <= estimate["high"].as_f64(),
                "{label}"
            );
        }
    }
}

#[test]
fn cross_validation_trains_on_what_it_does_not_score() {
    let fixture = Fixture::with_data();
    let arguments = format!("evaluate train.csv --cross-validate 5 --format json {SETTINGS}");
    let scores = json(&fixture, &arguments);
    assert_eq!(scores["overall"]["n_samples"], 40);
    assert_eq!(scores["overall"]["n_groups"], 10);
    let macro_f1 = scores["overall"]["macro_f1"]["value"].as_f64().unwrap();
    assert!((0.5..1.0).contains(&macro_f1), "{macro_f1}");
    assert_eq!(scores, json(&fixture, &format!("{arguments} --threads 1")));
}

#[test]
fn columns_can_be_named() {
    let fixture = Fixture::with_model();
    let renamed = TRAINING.replacen("text,labels,group", "sentence,gold,article", 1);
    fixture.write("train.csv", renamed);
    let named = "--text-column sentence --label-column gold --group-column article";
    let scores = json(
        &fixture,
        &format!("evaluate train.csv --model m.safetensors --format json {named}"),
    );
    assert_eq!(scores["overall"]["n_groups"], 10);
}

#[test]
fn standard_input_is_a_labelled_file_too() {
    let fixture = Fixture::with_model();
    let run = fixture.run_on("evaluate - --model m.safetensors", TRAINING);
    assert!(
        run.starts_with("exit code 0\n--- stdout\nall: 40 sentences in 10 groups\n"),
        "{run}"
    );
}
