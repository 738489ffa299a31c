//! Input that cannot be used: one test for each kind, with the message that names file, line and what was found.

use insta::assert_snapshot;

use crate::fixture::{Fixture, SETTINGS, TRAINING};

/// Classifies one file.
fn classify(name: &str, content: impl AsRef<[u8]>) -> String {
    let fixture = Fixture::with_model();
    fixture.write(name, content);
    fixture.run(&format!("classify {name} --model m.safetensors"))
}

/// Trains on one file; what is left in the folder is what was there before.
fn train(content: impl AsRef<[u8]>) -> String {
    let fixture = Fixture::with_data();
    fixture.write("train.csv", content);
    let run = fixture.run(&format!("train train.csv -o m.safetensors {SETTINGS}"));
    assert_eq!(
        fixture.names().contains(&"m.safetensors".to_owned()),
        run.starts_with("exit code 0")
    );
    assert!(!fixture.names().iter().any(|name| name.starts_with('.')));
    run
}

#[test]
fn usage_errors_have_their_own_exit_code() {
    let fixture = Fixture::new();
    for arguments in [
        "",
        "nonsense",
        "classify",
        "classify x --format xml",
        "classify x --threads 0",
        "classify x --unit paragraph",
        "train x.csv",
        "train x.csv -o m --ngrams 1",
        "train x.csv -o m --share denial",
        "evaluate x.csv --model m --cross-validate 3",
        "evaluate x.csv --threshold denial=0.5 --cross-validate 3",
        "completions tcsh",
        "bench --repetitions 0",
        "model verify",
    ] {
        let run = fixture.run(arguments);
        assert!(
            run.starts_with("exit code 2\n--- stderr\n"),
            "{arguments}: {run}"
        );
    }
    assert_snapshot!(fixture.run("classify"), @"
    exit code 2
    --- stderr
    error: the following required arguments were not provided:
      <PATH>...

    Usage: rejoinder classify <PATH>...

    For more information, try '--help'.
    ");
}

#[test]
fn missing_file() {
    let fixture = Fixture::new();
    assert_snapshot!(fixture.run("classify nowhere.txt"), @"
    exit code 1
    --- stderr
    error: nowhere.txt: No such file or directory (os error 2)
    ");
    assert_snapshot!(fixture.run("train nowhere.csv -o m.safetensors"), @"
    exit code 1
    --- stderr
    error: nowhere.csv: No such file or directory (os error 2)
    ");
    assert_snapshot!(fixture.run("evaluate nowhere.csv"), @"
    exit code 1
    --- stderr
    error: nowhere.csv: No such file or directory (os error 2)
    ");
    assert_snapshot!(fixture.run("classify x.txt --model nowhere.safetensors"), @"
    exit code 1
    --- stderr
    error: nowhere.safetensors: No such file or directory (os error 2)
    ");
    assert_snapshot!(fixture.run("train x.csv -o m.safetensors --lexicon nowhere.csv"), @"
    exit code 1
    --- stderr
    error: nowhere.csv: No such file or directory (os error 2)
    ");
}

#[test]
fn empty_file() {
    assert_snapshot!(classify("a.txt", ""), @"
    exit code 1
    --- stderr
    error: a.txt: the file is empty
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(classify("a.txt", " \n\t\n"), @"
    exit code 1
    --- stderr
    error: a.txt: the file is empty
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(classify("a.jsonl", "\n\n"), @"
    exit code 1
    --- stderr
    error: a.jsonl: the file is empty
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(classify("a.csv", ""), @"
    exit code 1
    --- stderr
    error: a.csv: the file is empty
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(train(""), @"
    exit code 1
    --- stderr
    error: train.csv: the file is empty
    ");
    let fixture = Fixture::with_model();
    assert_snapshot!(fixture.run_on("classify - --model m.safetensors", ""), @"
    exit code 1
    --- stderr
    error: standard input: the file is empty
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
}

#[test]
fn folder_without_articles() {
    let fixture = Fixture::with_model();
    fixture.write("news/a.pdf", "no article");
    assert_snapshot!(fixture.run("classify news --model m.safetensors"), @"
    exit code 1
    --- stderr
    error: news: no article found in this folder (looked for txt, jsonl, ndjson, csv, tsv, html, htm, warc, parquet)
    ");
    assert_snapshot!(fixture.run("bench news --model m.safetensors"), @"
    exit code 1
    --- stderr
    error: news: no article found in this folder (looked for txt, jsonl, ndjson, csv, tsv, html, htm, warc, parquet)
    ");
}

#[test]
fn binary_file() {
    assert_snapshot!(classify("a.txt", b"\x7fELF\x02\x01\x01\0\0\0"), @"
    exit code 1
    --- stderr
    error: a.txt: line 1: not a text file (a NUL byte stands at byte 7)
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(classify("a.csv", b"text\none\n\0\x01"), @"
    exit code 1
    --- stderr
    error: a.csv: line 3: not a text file (a NUL byte stands at byte 9)
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(train(b"text,labels\nno\0,denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 2: not a text file (a NUL byte stands at byte 14)
    ");
}

#[test]
fn bytes_that_are_not_utf8_are_counted() {
    assert_snapshot!(classify("a.txt", b"Caf\xE9 owners denied the allegations\xFF\xFE."), @"
    exit code 0
    --- stdout
    a
      denial 92%  sentence 1
        Caf� owners denied the allegations��.
        Caf� owners (BUS) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    warning: 3 bytes not UTF-8 text, read as U+FFFD
    ");
    let training = TRAINING
        .replace("stolen money", "stolen m?ney")
        .into_bytes();
    let training: Vec<u8> = training
        .into_iter()
        .map(|byte| if byte == b'?' { 0xE9 } else { byte })
        .collect();
    let run = train(training);
    let warning = "warning: train.csv: bytes that are not UTF-8 text, replaced by U+FFFD: 1\n";
    assert!(
        run.starts_with("exit code 0\n") && run.contains(warning),
        "{run}"
    );
}

#[test]
fn nul_bytes_far_into_a_file_are_counted() {
    let mut text = "Rain fell on Monday. ".repeat(500).into_bytes();
    text.extend_from_slice(b"Grustark\0 denied the allegations.\0");
    let run = classify("a.txt", text);
    assert!(run.starts_with("exit code 0\n"), "{run}");
    assert!(
        run.ends_with("\nwarning: 2 bytes not UTF-8 text, read as U+FFFD\n"),
        "{run}"
    );
}

#[test]
fn line_of_100_megabytes() {
    let fixture = Fixture::with_model();
    for (name, start) in [
        ("a.txt", ""),
        ("b.jsonl", "{\"text\": \""),
        ("c.csv", "text\n"),
    ] {
        let mut content = start.as_bytes().to_vec();
        content.resize(100_000_000, b'x');
        fixture.write(name, content);
    }
    let run = |name: &str| fixture.run(&format!("classify {name} --model m.safetensors"));
    assert_snapshot!(run("a.txt"), @"
    exit code 1
    --- stderr
    error: a.txt: line 1: record of more than 16777216 bytes
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(run("b.jsonl"), @"
    exit code 1
    --- stderr
    error: b.jsonl: line 1: record of more than 16777216 bytes
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(run("c.csv"), @"
    exit code 1
    --- stderr
    error: c.csv: line 2: record of more than 16777216 bytes
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(fixture.run("train c.csv -o new.safetensors --text-column text --label-column text"), @"
    exit code 1
    --- stderr
    error: c.csv: line 2: record of more than 16777216 bytes
    ");
}

#[test]
fn long_record_of_json_lines_is_passed_over() {
    let mut content = b"{\"text\": \"".to_vec();
    content.resize(20_000_000, b'x');
    content.extend_from_slice(b"\"}\n{\"text\": \"Grustark denied the allegations.\"}\n");
    let run = classify("a.jsonl", content);
    assert!(
        run.contains("denial")
            && run.contains("error: a.jsonl: line 1: record of more than 16777216 bytes\n"),
        "{run}"
    );
}

#[test]
fn csv_with_a_missing_column() {
    assert_snapshot!(classify("a.csv", "title,body\nx,y\n"), @"
    exit code 1
    --- stderr
    error: a.csv: line 1: no column `text` (found title, body)
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(train("text,label\nx,denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 1: no column `labels` (found text, label)
    ");
    let fixture = Fixture::with_data();
    let named = "--text-column sentence --label-column labels";
    assert_snapshot!(fixture.run(&format!("train train.csv -o m.safetensors {named}")), @"
    exit code 1
    --- stderr
    error: train.csv: line 1: no column `sentence` (found text, labels, group, part)
    ");
    assert_snapshot!(fixture.run("evaluate train.csv --group-column article"), @"
    exit code 1
    --- stderr
    error: train.csv: line 1: no column `article` (found text, labels, group, part)
    ");
}

#[test]
fn ragged_rows() {
    assert_snapshot!(classify("a.csv", "id,text\n1,Grustark denied the allegations.\n2,one,two\n3\n"), @"
    exit code 1
    --- stdout
    1
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    error: a.csv: line 3: 3 fields where the header has 2
    error: a.csv: line 4: 1 fields where the header has 2
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    warning: 2 records could not be read and were left out
    ");
    assert_snapshot!(train("text,labels\nHe left.,none\nHe denied it, again,denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 3: 3 fields where the header has 2
    ");
}

#[test]
fn unclosed_quote() {
    assert_snapshot!(classify("a.csv", "id,text\n1,Grustark denied the allegations.\n2,\"He said\n3,no\n"), @"
    exit code 1
    --- stdout
    1
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    error: a.csv: line 3: a quoted field opens in this row and never closes
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    warning: 1 record could not be read and was left out
    ");
    assert_snapshot!(train("text,labels\n\"He left.,none\nHe denied it.,denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 2: a quoted field opens in this row and never closes
    ");
}

#[test]
fn unknown_label() {
    let fixture = Fixture::with_model();
    fixture.write(
        "gold.csv",
        "text,labels\nHe left.,none\nHe lied.,denial|slander\n",
    );
    assert_snapshot!(fixture.run("evaluate gold.csv --model m.safetensors"), @"
    exit code 1
    --- stderr
    error: gold.csv: line 3: column `labels`: unknown label `slander` (known: accusation, cooperation, denial)
    ");
    let fixture = Fixture::with_data();
    assert_snapshot!(fixture.run("train train.csv -o m.safetensors --share slander=0.1"), @"
    exit code 2
    --- stderr
    error: parameter `shares` is slander=0.1, but must be a label of the data and a share between 0 and 1
    ");
}

#[test]
fn empty_label() {
    assert_snapshot!(train("text,labels\nHe left.,none\nHe denied it.,denial|\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 3: column `labels`: a label is missing beside `|` in `denial|`
    ");
    assert_snapshot!(train("text,labels\nHe left.,none\nHe denied it.,none|denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 3: column `labels`: `none` stands beside a label in `none|denial`
    ");
}

#[test]
fn empty_text() {
    assert_snapshot!(train("text,labels\nHe left.,none\n ,denial\n"), @"
    exit code 1
    --- stderr
    error: train.csv: line 3: column `text` is empty
    ");
}

#[test]
fn label_on_too_few_rows() {
    let rows = "text,labels\nHe left.,none\nShe left.,none\nHe denied it.,denial\nShe denied it.,denial\nHe lied.,slander\n";
    assert_snapshot!(train(rows), @"
    exit code 1
    --- stderr
    error: label `slander` is on only 1 of 5 rows; training needs at least 2
    ");
    assert_snapshot!(train("text,labels\nHe denied it.,denial\nShe denied it.,denial\nHe left.,\n"), @"
    exit code 1
    --- stderr
    error: label `denial` is missing from only 1 of 3 rows; training needs at least 2
    ");
    assert_snapshot!(train("text,labels\nHe left.,none\nShe left.,\n"), @"
    exit code 1
    --- stderr
    error: no label in 2 rows: there is nothing to learn
    ");
    assert_snapshot!(train("text,labels\n"), @"
    exit code 1
    --- stderr
    error: no label in 0 rows: there is nothing to learn
    ");
}

#[test]
fn same_text_with_contrary_labels_is_warned_of() {
    let fixture = Fixture::with_data();
    fixture.write(
        "train.csv",
        format!("{TRAINING}The banker denied hiding any money.,accusation,b1,wire\n"),
    );
    fixture.write("more.csv", "text,labels\nThe river is the longest in the country.,denial\nThe rebels denied the accusation.,denial\n");
    let run = fixture.run(&format!(
        "train train.csv more.csv -o m.safetensors --quiet {SETTINGS}"
    ));
    assert_snapshot!(run, @"
    exit code 0
    --- stderr
    warning: train.csv: line 42: labelled `accusation`, but the same text in line 13 is labelled `denial`
    warning: more.csv: line 2: labelled `denial`, but the same text in train.csv: line 35 is labelled `none`
    ");
}

#[test]
fn json_line_that_is_no_object() {
    let lines = "[1, 2]\n\"text\"\nnull\n7\n{\"text\": \"Grustark denied the allegations.\"}\n{\"text\": \n{\"title\": \"x\"}\n{\"text\": 7}\n{\"text\": null}\nno json\n";
    assert_snapshot!(classify("a.jsonl", lines), @"
    exit code 1
    --- stdout
    a:5
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    error: a.jsonl: line 1: a JSON object is needed, found an array
    error: a.jsonl: line 2: a JSON object is needed, found text
    error: a.jsonl: line 3: a JSON object is needed, found null
    error: a.jsonl: line 4: a JSON object is needed, found a number
    error: a.jsonl: line 6: EOF while parsing a value at column 8
    error: a.jsonl: line 7: no column `text` (found title)
    error: a.jsonl: line 8: column `text` holds a number where text is needed
    error: a.jsonl: line 9: no column `text` (found )
    error: a.jsonl: line 10: expected ident at column 2
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    warning: 9 records could not be read and were left out
    ");
}

#[test]
fn settings_out_of_range() {
    let fixture = Fixture::with_data();
    let run = |settings: &str| fixture.run(&format!("train train.csv -o m.safetensors {settings}"));
    assert_snapshot!(run("--c 0"), @"
    exit code 2
    --- stderr
    error: parameter `c` is 0, but must be a finite number above 0
    ");
    assert_snapshot!(run("--c nan"), @"
    exit code 2
    --- stderr
    error: parameter `c` is NaN, but must be a finite number above 0
    ");
    assert_snapshot!(run("--ngrams 2,1"), @"
    exit code 2
    --- stderr
    error: parameter `ngram_range` is 2,1, but must be two numbers from 1 to 5, the smaller first
    ");
    assert_snapshot!(run("--class-ngrams 9"), @"
    exit code 2
    --- stderr
    error: parameter `class_ngrams` is 9, but must be at most 5
    ");
    assert_snapshot!(run("--clause-share 1.5"), @"
    exit code 2
    --- stderr
    error: parameter `clause_share` is 1.5, but must be a number from 0 to 1
    ");
    assert_snapshot!(run("--folds 0"), @"
    exit code 2
    --- stderr
    error: parameter `folds` is 0, but must be at least 2
    ");
    assert_snapshot!(run("--folds 1"), @"
    exit code 2
    --- stderr
    error: parameter `folds` is 1, but must be at least 2
    ");
    assert_snapshot!(run("--min-df 100"), @"
    exit code 1
    --- stderr
    error: no term occurs in at least 100 of 40 rows: the vocabulary is empty
    ");
    assert_snapshot!(run("--share denial=1.5"), @"
    exit code 2
    --- stderr
    error: parameter `shares` is denial=1.5, but must be a label of the data and a share between 0 and 1
    ");
    for threshold in ["denial=1.5", "slander=0.5"] {
        let run = fixture.run(&format!("classify train.csv --threshold {threshold}"));
        let expected = "must be a label of the model and a number between 0 and 1\n";
        assert!(run.contains(threshold) && run.ends_with(expected), "{run}");
    }
    assert_snapshot!(fixture.run("evaluate train.csv --cross-validate 1"), @"
    exit code 2
    --- stderr
    error: parameter `folds` is 1, but must be at least 2
    ");
    assert_snapshot!(fixture.run("evaluate train.csv --cross-validate 99"), @"
    exit code 1
    --- stderr
    error: 99 folds need at least as many groups, but the data has 10
    ");
    assert_eq!(fixture.names(), ["actors.csv", "lexicon.csv", "train.csv"]);
}

#[test]
fn lexicon_or_actor_table_that_cannot_be_used() {
    let fixture = Fixture::with_data();
    fixture.write("bad.csv", "class,term\nDENY\n");
    assert_snapshot!(fixture.run("train train.csv -o m.safetensors --lexicon bad.csv"), @"
    exit code 1
    --- stderr
    error: bad.csv: line 2: CSV error: record 1 (line: 2, byte: 11): found record with 1 fields, but the previous record has 2 fields
    ");
    assert_snapshot!(fixture.run("train train.csv -o m.safetensors --actors bad.csv"), @"
    exit code 1
    --- stderr
    error: bad.csv: line 1: the header must be `name,kind,code,cased`
    ");
}
