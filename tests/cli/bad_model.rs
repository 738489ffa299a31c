//! Model files that cannot be used, as the program reports them; `tests/model_file.rs` forges every field.

use insta::assert_snapshot;
use safetensors::SafeTensors;

use crate::fixture::Fixture;

/// Classifies with a model file of these bytes.
fn classify_with(model: impl AsRef<[u8]>) -> String {
    let fixture = Fixture::new();
    fixture.write("m.safetensors", model);
    fixture.write("a.txt", "Grustark denied the allegations.");
    fixture.run("classify a.txt --model m.safetensors")
}

/// The bytes of a good model, with another text in place of one of the same length.
fn forged(from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = Fixture::with_model().bytes("m.safetensors");
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .unwrap();
    bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    bytes
}

#[test]
fn file_that_is_no_model() {
    assert_snapshot!(classify_with(""), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: header too small
    ");
    assert_snapshot!(classify_with("text,labels\nHe denied it.,denial\n"), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: header too large
    ");
    assert_snapshot!(classify_with(safetensors::serialize(Vec::<(&str, safetensors::tensor::TensorView<'_>)>::new(), None).unwrap()), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: its metadata has no `rejoinder`: another program wrote it
    ");
}

#[test]
fn truncated_model() {
    let bytes = Fixture::with_model().bytes("m.safetensors");
    assert_snapshot!(classify_with(&bytes[..4]), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: header too small
    ");
    assert_snapshot!(classify_with(&bytes[..100]), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: invalid header length
    ");
    assert_snapshot!(classify_with(&bytes[..bytes.len() - 1]), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: incomplete metadata, file not fully covered
    ");
    assert_snapshot!(classify_with([&bytes[..], b"x"].concat()), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: incomplete metadata, file not fully covered
    ");
}

#[test]
fn model_of_a_future_version() {
    let header = |format: &str| format!("\"rejoinder\":\"{{\\\"format\\\":{format}");
    assert_snapshot!(classify_with(forged(&header("1"), &header("2"))), @"
    exit code 1
    --- stderr
    error: m.safetensors: model format 2, but this version reads up to 1; update rejoinder
    ");
}

#[test]
fn forged_header() {
    assert_snapshot!(classify_with(forged("\"idf\"", "\"IDF\"")), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: it has no tensor `idf`
    ");
    assert_snapshot!(classify_with(forged("[\\\"accusation", "[\\\"zccusation")), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: the labels are not sorted and distinct
    ");
    assert_snapshot!(classify_with(forged("ngram_range\\\":[1", "ngram_range\\\":[0")), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: parameter `ngram_range` is 0,1, but must be two numbers from 1 to 5, the smaller first
    ");
}

#[test]
fn not_a_number_among_the_coefficients() {
    let mut bytes = Fixture::with_model().bytes("m.safetensors");
    let header = 8 + usize::try_from(u64::from_le_bytes(bytes[..8].try_into().unwrap())).unwrap();
    let offset = SafeTensors::deserialize(&bytes)
        .unwrap()
        .tensor("coefficients")
        .unwrap()
        .data()
        .as_ptr() as usize
        - bytes.as_ptr() as usize;
    assert!(offset >= header);
    bytes[offset..offset + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    assert_snapshot!(classify_with(bytes), @"
    exit code 1
    --- stderr
    error: m.safetensors: not a usable model: tensor `coefficients` holds NaN at 0
    ");
}
