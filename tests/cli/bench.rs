//! `rejoinder bench`: which figures there are, not what they are.

use std::path::Path;

use crate::fixture::Fixture;

#[test]
fn json_has_every_figure() {
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles");
    let fixture = Fixture::with_model();
    let out = fixture.stdout(&format!(
        "bench {} --model m.safetensors --format json --repetitions 2 --threads 2",
        articles.display()
    ));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
    let mut gold = [
        "articles",
        "sentences",
        "bytes",
        "repetitions",
        "stages",
        "threads",
        "latency",
        "output_hash",
        "peak_memory_bytes",
    ];
    gold.sort_unstable();
    assert_eq!(keys, gold);
    assert!(report["articles"].as_u64().unwrap() >= 7);
    assert!(report["sentences"].as_u64() > report["articles"].as_u64());
    assert_eq!(report["repetitions"], 2);
    let threads: Vec<&serde_json::Value> = report["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["threads"])
        .collect();
    assert_eq!(threads, [1, 2]);
    for row in report["threads"].as_array().unwrap() {
        assert!(row["megabytes_per_second"].as_f64().unwrap() > 0.0);
        assert!(row["sentences_per_second"].as_f64().unwrap() > 0.0);
    }
    for stage in report["stages"].as_array().unwrap() {
        assert!(
            stage["name"].is_string() && stage["seconds"].is_number() && stage["share"].is_number()
        );
    }
    for figure in ["sentence_p50", "sentence_p99", "article_p50", "article_p99"] {
        assert!(
            report["latency"][figure].as_f64().unwrap() > 0.0,
            "{figure}"
        );
    }
}

#[test]
fn output_hash_stands_for_the_output() {
    let fixture = Fixture::with_model();
    fixture.write("a.txt", "Grustark denied the allegations.");
    fixture.write("b.txt", "Grustark denied the report.");
    let hash = |arguments: &str| {
        let out = fixture.stdout(&format!(
            "bench {arguments} --model m.safetensors --format json --repetitions 1"
        ));
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["output_hash"].clone()
    };
    assert_eq!(hash("a.txt --threads 1"), hash("a.txt --threads 3"));
    assert_ne!(hash("a.txt"), hash("b.txt"));
}

#[test]
fn text_names_its_units() {
    let fixture = Fixture::with_model();
    fixture.write("a.txt", "Grustark denied the allegations.");
    let out = fixture.stdout("bench a.txt --model m.safetensors --repetitions 1");
    for heading in [
        "MB/s",
        "sentences/s",
        "stages, one thread",
        "latency, microseconds",
        "output hash",
    ] {
        assert!(out.contains(heading), "{heading} is missing in {out}");
    }
}

#[test]
fn another_output_than_expected_fails() {
    let fixture = Fixture::with_model();
    fixture.write("a.txt", "Grustark denied the allegations.");
    let bench = "bench a.txt --model m.safetensors --repetitions 1";
    let out = fixture.stdout(&format!("{bench} --format json"));
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let hash = report["output_hash"].as_str().unwrap();
    fixture
        .command(&format!("{bench} --expect {hash}"))
        .assert()
        .success();
    let wrong = fixture
        .command(&format!("{bench} --expect 0123456789abcdef"))
        .assert()
        .code(1);
    let message = String::from_utf8(wrong.get_output().stderr.clone()).unwrap();
    assert!(
        message.contains(&format!("output hash is {hash}, not `0123456789abcdef`")),
        "{message}"
    );
}

#[test]
fn a_seed_decides_what_is_generated() {
    let fixture = Fixture::with_model();
    let hash = |seed: u32| {
        let out = fixture.stdout(&format!(
            "bench --seed {seed} --megabytes 1 --model m.safetensors --format json --repetitions 1"
        ));
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["output_hash"].clone()
    };
    assert_eq!(hash(1), hash(1));
    assert_ne!(hash(1), hash(2));
}

#[test]
fn training_is_measured_and_its_model_hashed() {
    let fixture = Fixture::with_model();
    let report = |arguments: &str| -> serde_json::Value {
        let out = fixture.stdout(&format!(
            "bench train {arguments} --format json --repetitions 1"
        ));
        serde_json::from_str(&out).unwrap()
    };
    let generated = report("--sentences 600 --threads 2");
    assert_eq!(generated["sentences"], 600);
    let threads: Vec<&serde_json::Value> = generated["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["threads"])
        .collect();
    assert_eq!(threads, [1, 2]);
    for row in generated["threads"].as_array().unwrap() {
        let [reading, seconds] = ["reading", "seconds"].map(|key| row[key].as_f64().unwrap());
        assert!(0.0 < reading && reading < seconds);
        assert!(row["sentences_per_second"].as_f64().unwrap() > 0.0);
    }
    let hash = |report: &serde_json::Value| report["model_sha256"].as_str().unwrap().to_owned();
    let again = format!("--sentences 600 --threads 1 --expect {}", hash(&generated));
    assert_eq!(hash(&generated), hash(&report(&again)));
    let other = report("--sentences 600 --corpus-seed 1 --threads 1");
    assert_ne!(hash(&generated), hash(&other));
}
