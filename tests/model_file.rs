//! The model file: what is saved is what is loaded, the same data give the same bytes, and no file does harm.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use rejoinder::{
    ActorTable, Article, Dataset, DatasetOptions, Error, Lexicon, Model, Pipeline, Prediction,
    TrainParams, Unit,
};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde_json::{Value, json};

const LEXICON: &str = "class,term\nACCUSE,accused\nACCUSE,blamed\nWRONG,stealing\nDENY,denied\nREJECT,rejected\n\
    CLAIM,allegations\nOFFER,offered\nAGREE,agreed\nTALKS,talks\nSAY,said\nNEG,not\n";
const ACTORS: &str = "name,kind,code,cased\nRuritania,country,RUR,\nGrustark,country,GRU,\nthe Castle,organisation,,\n";
const SENTENCES: [&str; 6] = [
    "Grustark denied the allegations.",
    "Ruritania accused the Castle of stealing money, and the army offered to hold talks.",
    "“We did not hide it,” Zoë said — the report is false…",
    "Rain fell on Monday.",
    "",
    "zzz",
];

fn dataset() -> Dataset {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/training.csv");
    Dataset::read(&[path], &DatasetOptions::default()).unwrap()
}

fn train(params: &TrainParams) -> Model {
    let lexicon = Lexicon::parse("lexicon", LEXICON).unwrap();
    let actors = ActorTable::parse("actors", ACTORS).unwrap();
    params.train(&dataset(), lexicon, actors).unwrap()
}

static MODEL: LazyLock<Model> = LazyLock::new(|| train(&TrainParams::default()));
static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| MODEL.to_bytes().unwrap());

fn load(bytes: &[u8]) -> rejoinder::Result<Model> {
    Model::from_bytes(bytes, Path::new("m"))
}

fn predict(model: Model, sentences: &[&str]) -> Vec<Prediction> {
    let mut pipeline = Pipeline::new(Arc::new(model));
    sentences
        .iter()
        .map(|sentence| pipeline.predict(sentence))
        .collect()
}

/// Every number of a prediction, to the bit.
fn bits(prediction: &Prediction) -> (Vec<usize>, Vec<u64>) {
    let numbers = prediction.scores.iter().chain(&prediction.probabilities);
    (
        prediction.labels.iter().collect(),
        numbers.map(|number| number.to_bits()).collect(),
    )
}

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => prop::sample::select(vec![
                "Ruritania", "Grustark", "the", "Castle", "army", "rebels", "denied", "accused", "blamed", "offered",
                "agreed", "to", "hold", "talks", "allegations", "of", "stealing", "not", "never", "and", "said", "false",
                "report", "“", "”", ",", "—", "Zoë’s", "U.S.", ".", "money", "river", "help",
            ]).prop_map(str::to_owned),
            1 => "\\PC{0,6}",
        ],
        0..30,
    )
    .prop_map(|words| words.join(" "))
}

#[test]
fn saved_and_loaded_models_predict_the_same_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    MODEL.save(&path).unwrap();
    assert!(std::fs::read(&path).unwrap() == *BYTES);
    let loaded = Model::load(&path).unwrap();
    assert_eq!(loaded.record(), MODEL.record());
    assert!(loaded.to_bytes().unwrap() == *BYTES);
    let (before, after) = (
        predict(MODEL.clone(), &SENTENCES),
        predict(loaded, &SENTENCES),
    );
    let (before, after): (Vec<_>, Vec<_>) = (
        before.iter().map(bits).collect(),
        after.iter().map(bits).collect(),
    );
    assert_eq!(before, after);
    assert!(before.iter().any(|(labels, _)| !labels.is_empty()));
}

#[test]
fn same_data_and_seed_give_the_same_bytes_for_any_number_of_threads() {
    for threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let bytes = pool.install(|| train(&TrainParams::default()).to_bytes().unwrap());
        assert!(bytes == *BYTES, "{threads} threads give another file");
    }
    let other = TrainParams {
        seed: 1,
        ..TrainParams::default()
    };
    assert!(train(&other).to_bytes().unwrap() != *BYTES);
}

#[test]
fn awkward_parameters_survive_the_file() {
    let params = TrainParams {
        logistic: linfa::ParamGuard::check(
            rejoinder::LogisticParams::default()
                .c(0.956_521_739_130_434_8)
                .tol(1.0 / 3.0e5),
        )
        .unwrap(),
        shares: [("denial".to_owned(), 0.1 + 0.2)].into(),
        ..TrainParams::default()
    };
    let bytes = train(&params).to_bytes().unwrap();
    let again = train(&load(&bytes).unwrap().record().params);
    assert!(again.to_bytes().unwrap() == bytes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn loaded_model_predicts_any_sentence_to_the_bit(text in words()) {
        let before = predict(MODEL.clone(), &[&text]);
        let after = predict(load(&BYTES).unwrap(), &[&text]);
        prop_assert_eq!(bits(&before[0]), bits(&after[0]));
    }

    #[test]
    fn intercept_and_contributions_add_up_to_the_score(text in words()) {
        let mut pipeline = Pipeline::new(Arc::new(MODEL.clone()));
        let explanation = pipeline.explain(&text);
        prop_assert_eq!(&explanation.prediction, &pipeline.predict(&text));
        for label in 0..MODEL.labels().len() {
            let terms: f64 = explanation.terms.iter().map(|term| term.contributions[label]).sum();
            let sum = explanation.intercepts[label] + terms;
            prop_assert!((sum - explanation.prediction.scores[label]).abs() < 1e-9);
        }
        for term in &explanation.terms {
            prop_assert!(!term.span.of(&text).is_empty());
        }
    }

    #[test]
    fn evidence_stands_in_the_sentence(texts in prop::collection::vec(words(), 1..4)) {
        let article = Article { text: texts.join(".\n\n"), ..Article::default() };
        let mut pipeline = Pipeline::new(Arc::new(MODEL.clone()));
        for unit in [Unit::Sentence, Unit::Record] {
            for claim in pipeline.classify(&article, unit) {
                claim.span.of(&article.text);
                // Who speaks, and whose claim is answered, may be named in another sentence.
                for mention in [claim.speaker.as_ref(), claim.source(), claim.target()].into_iter().flatten() {
                    prop_assert!(!mention.span.of(&article.text).trim().is_empty());
                }
                for span in claim.evidence.iter().map(|evidence| evidence.span) {
                    prop_assert!(claim.span.start <= span.start && span.end <= claim.span.end);
                    prop_assert!(!span.of(&article.text).trim().is_empty());
                }
                for evidence in &claim.evidence {
                    prop_assert!(claim.prediction.labels.contains(evidence.label));
                    prop_assert!(evidence.contribution > 0.0);
                }
            }
        }
    }
}

/// Bytes of the length and the JSON at the front of the file.
fn header_len(bytes: &[u8]) -> usize {
    8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap()
}

#[test]
fn truncated_file_is_an_error_at_every_length() {
    let (end, header) = (BYTES.len(), header_len(&BYTES));
    let lengths = (0..header + 64)
        .chain((header..end).step_by(61))
        .chain(end - 64..end);
    for length in lengths {
        let error = load(&BYTES[..length]).unwrap_err();
        assert!(matches!(error, Error::Model { .. }), "{length}: {error}");
        assert!(
            error.to_string().starts_with("m: not a usable model: "),
            "{error}"
        );
    }
    let longer = [&BYTES[..], &[0]].concat();
    assert!(matches!(load(&longer), Err(Error::Model { .. })));
}

/// A file that loads is a model like any other, whatever its header says: it has the same shape and it predicts.
fn assert_harmless(bytes: &[u8], what: &dyn Fn() -> String) -> bool {
    match load(bytes) {
        Err(Error::Model { .. } | Error::FutureModel { .. }) => false,
        Err(error) => panic!("{}: {error}", what()),
        Ok(model) => {
            let shape = (model.labels().len(), model.vectorizer().n_features());
            assert_eq!(model.coefficients().dim(), shape, "{}", what());
            assert_eq!(
                shape,
                (MODEL.labels().len(), MODEL.vectorizer().n_features()),
                "{}",
                what()
            );
            let predictions = predict(model, &SENTENCES);
            for prediction in predictions {
                assert!(
                    prediction.scores.iter().all(|score| score.is_finite()),
                    "{}",
                    what()
                );
            }
            true
        }
    }
}

#[test]
fn flipped_byte_of_the_header_does_no_harm() {
    let mut bytes = BYTES.clone();
    for at in 0..header_len(&BYTES) {
        for mask in [0x01, 0x10, 0xFF] {
            bytes[at] ^= mask;
            assert_harmless(&bytes, &|| format!("byte {at} ^ {mask:#x}"));
            bytes[at] ^= mask;
        }
    }
    assert!(bytes == *BYTES);
}

#[test]
fn flipped_byte_of_the_tensors_does_no_harm() {
    let mut bytes = BYTES.clone();
    for at in (header_len(&BYTES)..BYTES.len()).step_by(7) {
        bytes[at] ^= 0xFF;
        if let Ok(model) = load(&bytes) {
            predict(model, &SENTENCES);
        }
        bytes[at] ^= 0xFF;
    }
}

/// The parts of a model file, to be put together again otherwise.
struct Parts {
    metadata: Value,
    tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
}

impl Parts {
    fn of(bytes: &[u8]) -> Self {
        let (_, header) = SafeTensors::read_metadata(bytes).unwrap();
        let metadata = &header.metadata().as_ref().unwrap()["rejoinder"];
        let tensors = SafeTensors::deserialize(bytes).unwrap();
        let part = |(name, tensor): (&str, TensorView<'_>)| {
            let data = tensor.data().to_vec();
            (
                name.to_owned(),
                (tensor.dtype(), tensor.shape().to_vec(), data),
            )
        };
        Self {
            metadata: serde_json::from_str(metadata).unwrap(),
            tensors: tensors.iter().map(part).collect(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let views = self.tensors.iter().map(|(name, (dtype, shape, data))| {
            (name, TensorView::new(*dtype, shape.clone(), data).unwrap())
        });
        let metadata = HashMap::from([("rejoinder".to_owned(), self.metadata.to_string())]);
        safetensors::serialize(views, Some(metadata)).unwrap()
    }
}

/// What loading says of the model with one thing changed.
fn forged(change: impl FnOnce(&mut Parts)) -> String {
    let mut parts = Parts::of(&BYTES);
    change(&mut parts);
    load(&parts.bytes()).unwrap_err().to_string()
}

/// A pointer to every value of a JSON document.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                pointers(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn any_value_in_any_field_of_the_metadata_does_no_harm() {
    let mut parts = Parts::of(&BYTES);
    let good = parts.metadata.clone();
    let mut fields = Vec::new();
    pointers(&good, "", &mut fields);
    assert!(fields.len() > 30);
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(-1),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(1e308),
        json!(0.1),
        json!(""),
        json!("denial"),
        json!("\u{1b}[31m"),
        json!([]),
        json!([1, 2]),
        json!(["a", "b", "c"]),
        json!({}),
    ];
    for field in &fields {
        for value in &values {
            parts.metadata = good.clone();
            *parts.metadata.pointer_mut(field).unwrap() = value.clone();
            assert_harmless(&parts.bytes(), &|| format!("{field} = {value}"));
        }
    }
}

#[test]
fn every_field_of_the_metadata_is_needed() {
    let mut parts = Parts::of(&BYTES);
    let good = parts.metadata.clone();
    let mut fields = Vec::new();
    pointers(&good, "", &mut fields);
    for field in &fields {
        let Some((parent, name)) = field.rsplit_once('/') else {
            continue;
        };
        parts.metadata = good.clone();
        let Some(map) = parts
            .metadata
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
        else {
            continue;
        };
        map.remove(name);
        // Models without these were written before there were any.
        let later = [
            "shares",
            "skip_window",
            "word_parts",
            "dropout",
            "norm_power",
            "clause_share",
        ];
        let later = later.contains(&name);
        let loads = assert_harmless(&parts.bytes(), &|| field.clone());
        assert_eq!(loads, later, "{field}");
    }
}

#[test]
fn forged_metadata_is_named() {
    let metadata = |pointer: &str, value: Value| {
        forged(|parts| *parts.metadata.pointer_mut(pointer).unwrap() = value)
    };
    assert_eq!(
        metadata("/format", json!(2)),
        "m: model format 2, but this version reads up to 1; update rejoinder"
    );
    assert_eq!(
        metadata("/labels", json!([])),
        "m: not a usable model: the labels are not sorted and distinct"
    );
    assert_eq!(
        metadata("/labels", json!(["denial", "denial", "cooperation"])),
        "m: not a usable model: the labels are not sorted and distinct"
    );
    assert_eq!(
        metadata("/labels", json!(["a", "b", "c", "d"])),
        "m: not a usable model: 3 held-out scores for 4 labels"
    );
    assert_eq!(
        metadata(
            "/record/params/vectorizer/features/ngram_range",
            json!([0, 1])
        ),
        "m: not a usable model: parameter `ngram_range` is 0,1, but must be two numbers from 1 to 5, the smaller first"
    );
    assert_eq!(
        metadata(
            "/record/params/vectorizer/features/class_ngrams",
            json!(u64::MAX)
        ),
        "m: not a usable model: parameter `class_ngrams` is 18446744073709551615, but must be at most 5"
    );
}

/// Changes the first number of a tensor.
fn with_number(name: &str, number: &[u8]) -> String {
    forged(|parts| {
        parts.tensors.get_mut(name).unwrap().2[..number.len()].copy_from_slice(number);
    })
}

#[test]
fn forged_tensor_is_named() {
    for name in Parts::of(&BYTES).tensors.keys() {
        let missing = forged(|parts| {
            parts.tensors.remove(name);
        });
        assert_eq!(
            missing,
            format!("m: not a usable model: it has no tensor `{name}`")
        );
        let other_type = forged(|parts| {
            let (dtype, shape, data) = parts.tensors.get_mut(name).unwrap();
            (*dtype, *shape) = (Dtype::I8, vec![data.len()]);
        });
        assert!(
            other_type.starts_with(&format!("m: not a usable model: tensor `{name}` is I8 ")),
            "{other_type}"
        );
        let flat = forged(|parts| parts.tensors.get_mut(name).unwrap().1.push(1));
        assert!(
            flat.starts_with(&format!("m: not a usable model: tensor `{name}` is ")),
            "{flat}"
        );
    }
}

#[test]
fn forged_number_is_named() {
    let problem = |text: &str| format!("m: not a usable model: {text}");
    for name in ["coefficients", "idf"] {
        for (number, text) in [
            (f32::NAN, "NaN"),
            (f32::INFINITY, "inf"),
            (f32::NEG_INFINITY, "-inf"),
        ] {
            let gold = problem(&format!("tensor `{name}` holds {text} at 0"));
            assert_eq!(with_number(name, &number.to_le_bytes()), gold);
        }
    }
    for name in ["intercepts", "calibration", "thresholds"] {
        let gold = problem(&format!("tensor `{name}` holds NaN at 0"));
        assert_eq!(with_number(name, &f64::NAN.to_le_bytes()), gold);
    }
    assert_eq!(
        with_number("thresholds", &1.5_f64.to_le_bytes()),
        problem("threshold 1.5 is not a probability")
    );
}

#[test]
fn forged_text_is_named() {
    let text = |name: &str, text: &[u8]| {
        forged(|parts| {
            *parts.tensors.get_mut(name).unwrap() = (Dtype::U8, vec![text.len()], text.to_vec());
        })
    };
    for name in ["vocabulary", "known", "lexicon", "actors"] {
        let error = text(name, b"caf\xE9");
        assert!(
            error.starts_with(&format!("m: not a usable model: tensor `{name}`: ")),
            "{error}"
        );
    }
    assert_eq!(
        text("known", b"b\na"),
        "m: not a usable model: the known stems are not sorted"
    );
    assert_eq!(
        text("vocabulary", b"b\na"),
        "m: not a usable model: term 1 `a` is out of order"
    );
    assert_eq!(
        text("vocabulary", b"a\nb"),
        format!(
            "m: not a usable model: tensor `coefficients` is F32 [3, {}], not F32 [3, 2]",
            MODEL.vectorizer().n_features()
        )
    );
    assert_eq!(
        text("actors", b"name\n"),
        "m: not a usable model: actors: line 1: the header must be `name,kind,code,cased`"
    );
    assert_eq!(
        text("lexicon", b"term\n"),
        "m: not a usable model: lexicon: line 1: the header must be `class,term`"
    );
}

#[test]
fn shipped_model_loads_and_tells_how_it_came_to_be() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/default.safetensors");
    let model = Model::load(&path).unwrap();
    assert_eq!(
        model.labels().names(),
        ["accusation", "cooperation", "denial"]
    );
    let record = model.record();
    assert!(!record.version.is_empty());
    assert!(
        record.data_sha256.len() == 64 && record.data_sha256.bytes().all(|b| b.is_ascii_hexdigit())
    );
    assert!(record.n_samples >= 1500, "{}", record.n_samples);
    for scores in &record.held_out {
        assert!((2..record.n_samples).contains(&scores.support));
        assert!(scores.f1 > 0.0 && scores.f1 <= 1.0);
    }
    // What was read is written again: nothing of the record is lost, and so the model can be trained again.
    let bytes = model.to_bytes().unwrap();
    assert_eq!(load(&bytes).unwrap().record(), record);
    assert!(Model::shipped().to_bytes().unwrap() == bytes);
}

#[test]
fn shipped_model_is_trained_again_byte_for_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = std::fs::read(root.join("models/default.safetensors")).unwrap();
    let record = Model::shipped().record().clone();
    let files = ["sentences.csv", "articles.csv"].map(|file| root.join("labels").join(file));
    let data = Dataset::read(&files, &DatasetOptions::default()).unwrap();
    assert_eq!(
        data.sha256(),
        record.data_sha256,
        "train the default model anew: models/README.md"
    );
    let again = record
        .params
        .train(&data, Lexicon::shipped(), ActorTable::shipped())
        .unwrap();
    assert!(
        again.to_bytes().unwrap() == shipped,
        "train the default model anew: models/README.md"
    );
}
