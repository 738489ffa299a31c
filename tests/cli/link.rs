//! `rejoinder link`: claims go in, links come out.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const CLAIMS: &str = r#"{"article":"l1","sentence":1,"text":"Ruritania said that Grustark had cut the power cable near Strelsau on purpose.","labels":["accusation"],"source":{"text":"Ruritania","code":"RUR"},"target":{"text":"Grustark","code":"GRU"},"date":"2021-03-01","outlet":"Courier","title":"Cable cut"}
{"article":"l1","sentence":4,"text":"Grustark said that none of its ships had been near the power cable.","labels":["denial"],"date":"2021-03-01","outlet":"Courier","title":"Cable cut"}
{"article":"l2","sentence":2,"text":"A bank in Lagos was accused of hiding the debts of a cement company.","labels":["accusation"],"date":"2021-03-02"}
{"article":"l3","sentence":1,"text":"Grustark denied that it had cut the cable near Strelsau.","labels":["accusation","denial"],"date":"2021-03-04"}
{"article":"l3","sentence":2,"text":"It offered talks.","labels":["cooperation"],"date":"2021-03-04"}
"#;

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("claims.jsonl", CLAIMS);
    fixture
}

#[test]
fn text_is_laid_out_for_reading() {
    assert_snapshot!(fixture().run("link --model m.safetensors claims.jsonl"), @"
    exit code 0
    --- stdout
    denial  l1  sentence 4  2021-03-01  Courier  Cable cut
        Grustark said that none of its ships had been near the power cable.
      answers, 86%, same article:  l1  sentence 1  2021-03-01  Courier  Cable cut
        Ruritania said that Grustark had cut the power cable near Strelsau on
        purpose.

    denial  l3  sentence 1  2021-03-04
        Grustark denied that it had cut the cable near Strelsau.
      answers, 97%, 3 days before:  l1  sentence 1  2021-03-01  Courier  Cable cut
        Ruritania said that Grustark had cut the power cable near Strelsau on
        purpose.

    --- stderr
    3 articles, 5 claims: 2 of 2 denials answer an accusation, 1 of 3 accusations are answered ([time])
    ");
    assert_snapshot!(fixture().run("link --model m.safetensors claims.jsonl --by accusation --quiet"), @"
    exit code 0
    --- stdout
    accusation  l1  sentence 1  2021-03-01  Courier  Cable cut
        Ruritania said that Grustark had cut the power cable near Strelsau on
        purpose.
      answered, 86%, same article:  l1  sentence 4  2021-03-01  Courier  Cable cut
        Grustark said that none of its ships had been near the power cable.
      answered, 97%, 3 days later:  l3  sentence 1  2021-03-04
        Grustark denied that it had cut the cable near Strelsau.

    accusation  l2  sentence 2  2021-03-02
        A bank in Lagos was accused of hiding the debts of a cement company.
      not answered

    accusation  l3  sentence 1  2021-03-04
        Grustark denied that it had cut the cable near Strelsau.
      not answered
    ");
}

#[test]
fn json_lines_are_one_a_link() {
    assert_snapshot!(fixture().run("link --model m.safetensors claims.jsonl --format jsonl"), @r#"
    exit code 0
    --- stdout
    {"denial":{"article":"l1","sentence":4},"accusation":{"article":"l1","sentence":1},"score":0.864,"delay_days":0}
    {"denial":{"article":"l3","sentence":1},"accusation":{"article":"l1","sentence":1},"score":0.9675,"delay_days":3}
    --- stderr
    3 articles, 5 claims: 2 of 2 denials answer an accusation, 1 of 3 accusations are answered ([time])
    "#);
}

#[test]
fn json_lines_by_accusation_are_one_an_accusation() {
    assert_snapshot!(fixture().run("link --model m.safetensors claims.jsonl --format jsonl --by accusation --quiet"), @r#"
    exit code 0
    --- stdout
    {"accusation":{"article":"l1","sentence":1},"answered_by":[{"article":"l1","sentence":4,"score":0.864,"delay_days":0},{"article":"l3","sentence":1,"score":0.9675,"delay_days":3}],"labels":["accusation"],"text":"Ruritania said that Grustark had cut the power cable near Strelsau on purpose.","date":"2021-03-01","outlet":"Courier","title":"Cable cut"}
    {"accusation":{"article":"l2","sentence":2},"answered_by":[],"labels":["accusation"],"text":"A bank in Lagos was accused of hiding the debts of a cement company.","date":"2021-03-02"}
    {"accusation":{"article":"l3","sentence":1},"answered_by":[],"labels":["accusation","denial"],"text":"Grustark denied that it had cut the cable near Strelsau.","date":"2021-03-04"}
    "#);
}

#[test]
fn unanswered_accusations_are_listed() {
    assert_snapshot!(fixture().run("link --model m.safetensors claims.jsonl --format jsonl --unanswered --quiet"), @r#"
    exit code 0
    --- stdout
    {"accusation":{"article":"l2","sentence":2},"answered_by":[],"labels":["accusation"],"text":"A bank in Lagos was accused of hiding the debts of a cement company.","date":"2021-03-02"}
    {"accusation":{"article":"l3","sentence":1},"answered_by":[],"labels":["accusation","denial"],"text":"Grustark denied that it had cut the cable near Strelsau.","date":"2021-03-04"}
    "#);
}

#[test]
fn limits_are_options() {
    let fixture = fixture();
    let links = |options: &str| {
        let out = fixture.stdout(&format!(
            "link --model m.safetensors claims.jsonl --format jsonl {options}"
        ));
        out.lines().count()
    };
    assert_eq!(
        [links(""), links("--days 2"), links("--threshold 1")],
        [2, 1, 0]
    );
    assert_snapshot!(fixture.run("link --model m.safetensors claims.jsonl --most 0"), @"
    exit code 2
    --- stderr
    error: parameter `most` is 0, but must be at least 1
    ");
}

#[test]
fn output_is_the_same_for_any_number_of_threads_and_into_a_file() {
    let fixture = fixture();
    let one = fixture.stdout("link --model m.safetensors claims.jsonl --format jsonl --threads 1");
    let seven =
        fixture.stdout("link --model m.safetensors claims.jsonl --format jsonl --threads 7");
    fixture.stdout("link --model m.safetensors claims.jsonl --format jsonl -o links.jsonl");
    assert!(!one.is_empty());
    assert_eq!((&seven, &fixture.text("links.jsonl")), (&one, &one));
}

#[test]
fn claims_come_from_standard_input_and_from_several_files() {
    let fixture = fixture();
    let whole = fixture.stdout("link --model m.safetensors claims.jsonl --format jsonl");
    assert_eq!(
        fixture.run_on(
            "link - --model m.safetensors --format jsonl --quiet",
            CLAIMS
        ),
        format!("exit code 0\n--- stdout\n{whole}")
    );
    let half = CLAIMS.match_indices('\n').nth(2).unwrap().0 + 1;
    fixture.write("one.jsonl", &CLAIMS[..half]);
    fixture.write("other.jsonl", &CLAIMS[half..]);
    assert_eq!(
        fixture.stdout("link --model m.safetensors one.jsonl other.jsonl --format jsonl"),
        whole
    );
}

#[test]
fn what_classify_writes_is_read() {
    let fixture = Fixture::with_model();
    fixture.write(
        "news.jsonl",
        r#"{"id": 7, "date": "2021-03-04", "text": "Ruritania accused Grustark of stealing the harbour. Grustark denied the allegations."}"#,
    );
    assert_snapshot!(
        fixture.shell("rejoinder classify news.jsonl --model m.safetensors --format jsonl --quiet | rejoinder link - --model m.safetensors --format jsonl --quiet"),
        @r#"
    exit code 0
    --- stdout
    {"denial":{"article":"7","sentence":2},"accusation":{"article":"7","sentence":1},"score":0.8522,"delay_days":0}
    "#
    );
}

#[test]
fn bad_lines_are_told_and_left_out() {
    let fixture = fixture();
    let bad = format!("{{\"article\":\"x\"}}\n[]\n{CLAIMS}{{\"article\":1}}\n");
    fixture.write("bad.jsonl", bad);
    assert_snapshot!(fixture.run("link --model m.safetensors bad.jsonl --format jsonl"), @r#"
    exit code 1
    --- stdout
    {"denial":{"article":"l1","sentence":4},"accusation":{"article":"l1","sentence":1},"score":0.864,"delay_days":0}
    {"denial":{"article":"l3","sentence":1},"accusation":{"article":"l1","sentence":1},"score":0.9675,"delay_days":3}
    --- stderr
    error: bad.jsonl: line 1: missing field `sentence` at column 15
    error: bad.jsonl: line 2: a JSON object is needed, found an array
    error: bad.jsonl: line 8: invalid type: integer `1`, expected a string at column 12
    3 articles, 5 claims: 2 of 2 denials answer an accusation, 1 of 3 accusations are answered ([time])
    warning: 3 records could not be read and were left out
    "#);
    assert_snapshot!(fixture.run("link --model m.safetensors bad.jsonl --strict"), @"
    exit code 1
    --- stderr
    error: bad.jsonl: line 1: missing field `sentence` at column 15
    ");
    fixture.write("empty.jsonl", "");
    fixture.write("binary.jsonl", b"{\0}");
    assert_snapshot!(fixture.run("link --model m.safetensors empty.jsonl binary.jsonl nowhere.jsonl"), @"
    exit code 1
    --- stderr
    error: empty.jsonl: the file is empty
    error: binary.jsonl: line 1: not a text file (a NUL byte stands at byte 1)
    error: nowhere.jsonl: No such file or directory (os error 2)
    0 articles, 0 claims: 0 of 0 denials answer an accusation, 0 of 0 accusations are answered ([time])
    warning: 3 records could not be read and were left out
    ");
}

#[test]
fn dates_that_do_not_help_are_told() {
    let fixture = Fixture::with_model();
    let undated = CLAIMS
        .replace("2021-03-01", "March 1")
        .replace("2021-03-02", "2021-03-09");
    fixture.write("claims.jsonl", undated);
    assert_snapshot!(fixture.run("link --model m.safetensors claims.jsonl --format jsonl"), @r#"
    exit code 0
    --- stdout
    {"denial":{"article":"l1","sentence":4},"accusation":{"article":"l1","sentence":1},"score":0.8639,"delay_days":0}
    --- stderr
    3 articles, 5 claims: 1 of 2 denials answer an accusation, 1 of 3 accusations are answered ([time])
    warning: 1 article without a date such as 2021-03-04, linked inside only
    warning: 1 article with an earlier date than the one before: denials that came before are not linked to them
    "#);
}

#[test]
fn unanswered_has_a_side_of_its_own() {
    let run = fixture().run("link --model m.safetensors claims.jsonl --unanswered --by denial");
    assert!(run.starts_with("exit code 2\n--- stderr\nerror: the argument '--unanswered' cannot be used with '--by <BY>'"), "{run}");
}
