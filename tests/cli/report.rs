//! `rejoinder report`: claims go in, a page comes out.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const CLAIMS: &str = r#"{"article":"l1","sentence":1,"start":0,"end":78,"text":"Ruritania said that Grustark had cut the power cable near Strelsau on purpose.","labels":["accusation"],"probabilities":{"accusation":0.93,"denial":0.02},"speaker":null,"source":{"text":"Ruritania","code":"RUR"},"target":{"text":"Grustark","code":"GRU"},"evidence":[{"label":"accusation","term":"cut","start":33,"end":36,"contribution":0.9}],"date":"2021-03-01","outlet":"Courier","title":"Cable cut"}
{"article":"l3","sentence":1,"start":0,"end":56,"text":"Grustark denied that it had cut the cable near Strelsau.","labels":["denial"],"probabilities":{"accusation":0.1,"denial":0.99},"speaker":null,"source":{"text":"Grustark","code":"GRU"},"target":null,"evidence":[],"date":"2021-03-04","outlet":"<b>Courier</b>"}
"#;

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("claims.jsonl", CLAIMS);
    fixture
}

#[test]
fn page_is_written_whole_and_told() {
    let fixture = fixture();
    let told =
        fixture.run("report claims.jsonl --model m.safetensors -o report.html --title Cables");
    let told = told.split(": a page").next().unwrap();
    assert_snapshot!(told, @"
    exit code 0
    --- stderr
    2 articles, 2 claims
    ");
    let page = fixture.text("report.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"));
    for text in [
        "<title>Cables</title>",
        "<h3 id=\"direction-0\">Who accuses whom</h3>",
        "<bdi>Ruritania (RUR)</bdi>",
        // One accusation, answered after three days.
        "<a href=\"#label=0&#38;answered=yes&#38;once=0\">1</a>",
        "\\u003cb>Courier\\u003c/b>",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(
        fixture.names(),
        ["claims.jsonl", "m.safetensors", "report.html"]
    );
}

#[test]
fn page_is_the_same_from_standard_input_and_on_standard_output() {
    let fixture = fixture();
    let page = fixture.stdout("report claims.jsonl --model m.safetensors");
    let other = fixture.run_on("report - --model m.safetensors --threads 1 --quiet", CLAIMS);
    assert_eq!(other, format!("exit code 0\n--- stdout\n{page}"));
}

#[test]
fn lines_that_are_no_claims_are_told_and_left_out() {
    let fixture = fixture();
    fixture.write("bad.jsonl", format!("{CLAIMS}{{\"article\":\"x\"}}\n[]\n"));
    let told =
        fixture.run("report bad.jsonl nowhere.jsonl --model m.safetensors -o report.html --quiet");
    assert_snapshot!(told, @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 3: missing field `sentence` at column 15
    error: bad.jsonl: line 4: a JSON object is needed, found an array
    error: nowhere.jsonl: No such file or directory (os error 2)
    warning: 3 records could not be read and were left out
    ");
    assert_eq!(
        fixture.text("report.html"),
        fixture.stdout("report claims.jsonl --model m.safetensors")
    );
}

#[test]
fn strict_writes_nothing_after_an_error() {
    let fixture = fixture();
    fixture.write("bad.jsonl", format!("{CLAIMS}{{}}\n"));
    assert_snapshot!(fixture.run("report bad.jsonl --strict --model m.safetensors -o report.html"), @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 3: missing field `article` at column 2
    ");
    assert_eq!(
        fixture.names(),
        ["bad.jsonl", "claims.jsonl", "m.safetensors"]
    );
}
