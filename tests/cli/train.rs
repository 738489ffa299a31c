//! `rejoinder train`

use insta::assert_snapshot;

use crate::fixture::{Fixture, SETTINGS, TRAINING};

#[test]
fn training_writes_a_model_and_tells_the_held_out_scores() {
    let fixture = Fixture::with_data();
    assert_snapshot!(fixture.run(&format!("train train.csv -o m.safetensors {SETTINGS}")), @"
    exit code 0
    --- stderr
    40 sentences; scores on folds held out of training:
    label          support  precision  recall      F1  average precision
    accusation          11      1.000   1.000   1.000              1.000
    cooperation         11      0.833   0.909   0.870              0.900
    denial              12      1.000   1.000   1.000              1.000
    m.safetensors: 125 terms, 5 KB, trained in [time]
    ");
    assert_eq!(
        fixture.names(),
        ["actors.csv", "lexicon.csv", "m.safetensors", "train.csv"]
    );
}

#[test]
fn same_data_and_settings_give_the_same_file_for_any_number_of_threads() {
    let fixture = Fixture::with_data();
    for threads in [1, 2, 5] {
        fixture.stdout(&format!(
            "train train.csv -o {threads}.safetensors --threads {threads} --seed 3"
        ));
    }
    assert!(fixture.bytes("1.safetensors") == fixture.bytes("2.safetensors"));
    assert!(fixture.bytes("1.safetensors") == fixture.bytes("5.safetensors"));
    fixture.stdout("train train.csv -o other.safetensors --seed 4");
    assert!(fixture.bytes("1.safetensors") != fixture.bytes("other.safetensors"));
}

#[test]
fn several_files_are_read_one_after_the_other() {
    let fixture = Fixture::with_data();
    let rows: Vec<&str> = TRAINING.lines().collect();
    for (name, rows) in [("a.csv", &rows[1..20]), ("b.csv", &rows[20..])] {
        fixture.write(
            name,
            format!(
                "{}\n{}\n",
                TRAINING.lines().next().unwrap(),
                rows.join("\n")
            ),
        );
    }
    fixture.stdout("train train.csv -o whole.safetensors");
    fixture.stdout("train a.csv b.csv -o parts.safetensors");
    assert!(fixture.bytes("whole.safetensors") == fixture.bytes("parts.safetensors"));
}

#[test]
fn labels_and_columns_of_any_name_are_learned() {
    let fixture = Fixture::with_data();
    let renamed = TRAINING
        .replacen("text,labels,group", "phrase,topic,article", 1)
        .replace("accusation,a", "blame,a")
        .replace("accusation|denial", "blame|denial");
    fixture.write("own.csv", renamed);
    let columns = "--text-column phrase --label-column topic --group-column article";
    fixture.stdout(&format!("train own.csv -o own.safetensors {columns}"));
    let claims = fixture
        .command("classify - --model own.safetensors --format csv")
        .write_stdin("The union accused the company of poisoning the river.")
        .output()
        .unwrap();
    let table = String::from_utf8(claims.stdout).unwrap();
    assert!(
        table.contains(",probability_blame,probability_cooperation,probability_denial,"),
        "{table}"
    );
    assert!(table.contains("river.,blame,"), "{table}");
}

#[test]
fn solver_linfa_finds_the_same_decisions() {
    let fixture = Fixture::with_data();
    for solver in ["sparse", "linfa"] {
        fixture.stdout(&format!(
            "train train.csv -o {solver}.safetensors --solver {solver} {SETTINGS}"
        ));
    }
    let classify = |solver: &str| {
        let claims = fixture.stdout(&format!(
            "classify train.csv --unit record --all --format jsonl --model {solver}.safetensors"
        ));
        let labels =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["labels"].clone();
        claims.lines().map(labels).collect::<Vec<_>>()
    };
    assert_eq!(classify("sparse"), classify("linfa"));
}

#[test]
fn solver_linfa_refuses_what_would_not_fit_in_memory() {
    let fixture = Fixture::new();
    let mut rows = "text,labels\n".to_owned();
    for number in 0..12_000 {
        let label = if number % 2 == 0 { "denial" } else { "none" };
        let word = |n: usize| {
            let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
            format!("q{}{}{}", letter(n), letter(n / 26), letter(n / 676))
        };
        rows.extend([
            &word(number),
            " ",
            &word(number + 1),
            " rose.,",
            label,
            "\n",
        ]);
    }
    fixture.write("big.csv", rows);
    assert_snapshot!(fixture.run("train big.csv -o m.safetensors --solver linfa --min-df 1"), @"
    exit code 1
    --- stderr
    error: the dense solver needs about 9230 MB for 12000 samples x 48009 features, more than the limit of 2000 MB; use the sparse solver, or fewer features (a larger min_df)
    ");
    assert_eq!(fixture.names(), ["big.csv"]);
}

#[test]
fn shares_of_the_field_move_probabilities() {
    let fixture = Fixture::with_data();
    fixture.stdout(&format!("train train.csv -o even.safetensors {SETTINGS}"));
    fixture.stdout(&format!(
        "train train.csv -o rare.safetensors --share denial=0.01 {SETTINGS}"
    ));
    let probability = |model: &str| {
        let out = fixture
            .command_of([
                "explain",
                "The army denied it.",
                "--format",
                "json",
                "--model",
                model,
            ])
            .output()
            .unwrap();
        let explanation: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        explanation["labels"]["denial"]["probability"]
            .as_f64()
            .unwrap()
    };
    assert!(probability("rare.safetensors") < probability("even.safetensors"));
}
