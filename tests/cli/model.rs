//! `rejoinder model show | verify | diff`

use insta::assert_snapshot;

use crate::fixture::{Fixture, SETTINGS, TRAINING};

fn fixture() -> Fixture {
    let fixture = Fixture::with_data();
    fixture.write(
        "m.safetensors",
        Fixture::with_model().bytes("m.safetensors"),
    );
    fixture
}

#[test]
fn show_tells_what_a_file_holds() {
    assert_snapshot!(Fixture::with_model().run("model show --model m.safetensors --top 3"), @r#"
    exit code 0
    --- stdout
    trained by rejoinder 0.1.0 on 40 sentences
    data sha256 4039f258804524124cbc6e4e88abe529b553dd5ae99dac3cd0697b4f6c57a524
    terms 125, known stems 105
    parameters {"vectorizer":{"features":{"ngram_range":[1,1],"class_ngrams":0,"pair_window":0,"negation_window":0,"skip_window":3,"word_parts":true},"min_df":2,"tf":"binary","idf":true,"norm_power":1.0},"logistic":{"c":10.0,"class_weight":"none","solver":"sparse","tol":0.0001,"max_iter":100,"dense_limit_mb":2000,"dropout":0.0},"folds":5,"seed":0,"shares":{},"clause_share":0.3}

    label          support threshold precision  recall      F1  average precision
    accusation          11     0.471     1.000   1.000   1.000              1.000
    cooperation         11     0.232     0.833   0.909   0.870              0.900
    denial              12     0.409     1.000   1.000   1.000              1.000

    accusation: heaviest terms for and against
       +3.031  of                              -1.282  the _ deni
       +2.853  accus _ of                      -1.282  deni
       +2.481  the _ of                        -1.195  to

    cooperation: heaviest terms for and against
       +2.848  to                              -1.349  the
       +2.268  joint                           -1.155  the _ the
       +1.977  offer                           -1.133  ACTOR

    denial: heaviest terms for and against
       +3.275  deni                            -0.996  of
       +3.275  the _ deni                      -0.976  to
       +2.363  alleg                           -0.951  two
    "#);
}

#[test]
fn show_takes_the_shipped_model_by_default() {
    let shown = Fixture::new().stdout("model show --top 1");
    assert!(shown.starts_with("trained by rejoinder "), "{shown}");
    for label in ["accusation", "cooperation", "denial"] {
        assert!(
            shown.contains(&format!("\n{label}: heaviest terms for and against\n")),
            "{shown}"
        );
    }
}

#[test]
fn verify_finds_the_same_file() {
    let fixture = fixture();
    for threads in [1, 4] {
        let run = fixture.run(&format!(
            "model verify train.csv --model m.safetensors --threads {threads}"
        ));
        assert_eq!(
            run,
            "exit code 0\n--- stdout\nidentical: training again gives the same file\n"
        );
    }
}

#[test]
fn verify_finds_other_data() {
    let fixture = fixture();
    fixture.write(
        "train.csv",
        TRAINING.replacen("denied the accusation", "rejected the accusation", 1),
    );
    assert_snapshot!(fixture.run("model verify train.csv --model m.safetensors"), @"
    exit code 1
    --- stdout
    differs: the data have sha256 06eb9784d7e033eb33ff6c736a9b07a369620aecdcd06be52e6c9a2b846bd632, the model was trained on 4039f258804524124cbc6e4e88abe529b553dd5ae99dac3cd0697b4f6c57a524
    ");
}

#[test]
fn verify_finds_another_model_of_the_same_data() {
    let fixture = fixture();
    let mut bytes = fixture.bytes("m.safetensors");
    let start = safetensors::SafeTensors::deserialize(&bytes)
        .unwrap()
        .tensor("thresholds")
        .unwrap()
        .data()
        .as_ptr() as usize
        - bytes.as_ptr() as usize;
    bytes[start..start + 8].copy_from_slice(&0.25_f64.to_le_bytes());
    fixture.write("m.safetensors", bytes);
    assert_snapshot!(fixture.run("model verify train.csv --model m.safetensors"), @"
    exit code 1
    --- stdout
    differs: the same data and settings give another file (trained by rejoinder 0.1.0, this is 0.1.0)
    ");
}

#[test]
fn diff_shows_the_sentences_that_changed() {
    let fixture = fixture();
    let other: String = TRAINING
        .lines()
        .filter(|row| !row.contains("denied"))
        .flat_map(|row| [row, "\n"])
        .collect();
    fixture.write("other.csv", other);
    fixture.stdout(&format!(
        "train other.csv -o other.safetensors --quiet {SETTINGS}"
    ));
    fixture.write(
        "news.txt",
        "The banker denied it.\n\nThe union offered to hold\ntalks. Rain fell on Sunday.\n",
    );
    assert_snapshot!(fixture.run("model diff m.safetensors other.safetensors news.txt"), @"
    exit code 0
    --- stdout
    news:1  denial → none
        The banker denied it.
    --- stderr
    1 of 3 sentences changed
    ");
    assert_snapshot!(fixture.run("model diff m.safetensors m.safetensors news.txt"), @"
    exit code 0
    --- stderr
    0 of 3 sentences changed
    ");
}

#[test]
fn diff_reports_what_it_cannot_read() {
    let fixture = fixture();
    fixture.write("news.jsonl", "7\n{\"text\": \"Rain fell.\"}\n");
    assert_snapshot!(fixture.run("model diff m.safetensors m.safetensors news.jsonl"), @"
    exit code 1
    --- stderr
    error: news.jsonl: line 1: a JSON object is needed, found a number
    0 of 1 sentences changed
    ");
}
