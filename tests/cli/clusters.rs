//! `rejoinder classify --clusters` and `--format events`: first prints, counts of each claim once, event data.

use insta::assert_snapshot;

use crate::fixture::Fixture;

/// A report, the same lightly rewritten, another print of half of it, and other news.
const WIRE: &str = r#"{"id": "wire", "date": "2021-03-04", "text": "Ruritania accused Grustark of stealing 14 barges from the harbour of Streslau. Grustark denied the allegations of piracy off Zenda."}
{"id": "daily", "date": "5 March 2021", "text": "Fourteen barges were stolen from Streslau harbour, Ruritania said as it accused Grustark. Grustark has denied the allegations of piracy off Zenda."}
{"id": "gazette", "date": "2021-03-06", "text": "Snow fell on Hentzau and closed the mountain road. Grustark denied the allegations of piracy off Zenda. Schools in Tarlenheim opened late."}
{"id": "other", "date": "2021-03-06", "text": "Ruritania accused Grustark of stealing 41 barges from the harbour of Streslau."}
{"id": "later", "date": "2021-05-06", "text": "Grustark denied the allegations of piracy off Zenda."}
"#;

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("news.jsonl", WIRE);
    fixture
}

#[test]
fn text_names_the_first_print_and_the_summary_counts_each_claim_once() {
    assert_snapshot!(fixture().run("classify news.jsonl --model m.safetensors --clusters"), @"
    exit code 0
    --- stdout
    wire  2021-03-04
      accusation 99%  sentence 1
        Ruritania accused Grustark of stealing 14 barges from the harbour of
        Streslau.
        Ruritania (RUR) → Grustark (GRU)
        accusation: of +0.89, accus _ of +0.87, the _ of +0.76
      accusation 50%, denial 65%  sentence 2
        Grustark denied the allegations of piracy off Zenda.
        accusation: ? → Grustark (GRU)
        denial: Grustark (GRU) → Ruritania (RUR)
        accusation: of +0.96, the _ of +0.82, ACTOR _ the +0.39
        denial: deni +1.09, alleg +0.91, deni _ alleg +0.36

    daily  2021-03-05  reprint of wire
      accusation 50%, denial 65%  sentence 2
        Grustark has denied the allegations of piracy off Zenda.
        accusation: ? → Grustark (GRU)
        denial: Grustark (GRU) → ?
        accusation: of +0.96, the _ of +0.82, ACTOR _ the +0.39
        denial: deni +1.09, alleg +0.91, deni _ alleg +0.36
        first printed in wire, sentence 2

    gazette  2021-03-06
      accusation 50%, denial 65%  sentence 2
        Grustark denied the allegations of piracy off Zenda.
        accusation: ? → Grustark (GRU)
        denial: Grustark (GRU) → ?
        accusation: of +0.96, the _ of +0.82, ACTOR _ the +0.39
        denial: deni +1.09, alleg +0.91, deni _ alleg +0.36
        first printed in wire, sentence 2

    other  2021-03-06
      accusation 99%  sentence 1
        Ruritania accused Grustark of stealing 41 barges from the harbour of
        Streslau.
        Ruritania (RUR) → Grustark (GRU)
        accusation: of +0.89, accus _ of +0.87, the _ of +0.76

    later  2021-05-06
      accusation 50%, denial 65%  sentence 1
        Grustark denied the allegations of piracy off Zenda.
        accusation: ? → Grustark (GRU)
        denial: Grustark (GRU) → ?
        accusation: of +0.96, the _ of +0.82, ACTOR _ the +0.39
        denial: deni +1.09, alleg +0.91, deni _ alleg +0.36

    --- stderr
    5 articles, 1 reprint, 9 sentences: accusation 6 (4 counted once), cooperation 0 (0 counted once), denial 4 (2 counted once) ([time])
    ");
}

#[test]
fn json_lines_have_the_cluster() {
    let out =
        fixture().stdout("classify news.jsonl --model m.safetensors --clusters --format jsonl");
    let clusters: Vec<String> = out
        .lines()
        .map(|line| {
            let claim: serde_json::Value = serde_json::from_str(line).unwrap();
            format!(
                "{} {} {} {}",
                claim["article"], claim["sentence"], claim["cluster"], claim["reprint_of"]
            )
        })
        .collect();
    assert_snapshot!(clusters.join("\n"), @r#"
    "wire" 1 {"article":"wire","sentence":1} null
    "wire" 2 {"article":"wire","sentence":2} null
    "daily" 2 {"article":"wire","sentence":2} "wire"
    "gazette" 2 {"article":"wire","sentence":2} null
    "other" 1 {"article":"other","sentence":1} null
    "later" 1 {"article":"later","sentence":1} null
    "#);
}

#[test]
fn csv_has_the_cluster() {
    let out = fixture().stdout("classify news.jsonl --model m.safetensors --clusters --format csv");
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let first = reader.headers().unwrap().len() - 3;
    assert_eq!(
        reader
            .headers()
            .unwrap()
            .iter()
            .skip(first)
            .collect::<Vec<_>>(),
        ["cluster_article", "cluster_sentence", "reprint_of"]
    );
    let rows: Vec<String> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            [
                &row[0],
                &row[1],
                &row[first],
                &row[first + 1],
                &row[first + 2],
            ]
            .join(" ")
        })
        .collect();
    assert_snapshot!(rows.join("\n"), @"
    wire 1 wire 1 
    wire 2 wire 2 
    daily 2 wire 2 wire
    gazette 2 wire 2 
    other 1 other 1 
    later 1 later 1
    ");
}

#[test]
fn nothing_else_changes_with_clusters() {
    let fixture = fixture();
    let plain = fixture.stdout("classify news.jsonl --model m.safetensors --format jsonl --all");
    let clustered =
        fixture.stdout("classify news.jsonl --model m.safetensors --format jsonl --all --clusters");
    let claims = |out: &str| -> Vec<serde_json::Value> {
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let mut stripped = claims(&clustered);
    for claim in &mut stripped {
        let fields = claim.as_object_mut().unwrap();
        let labelled = !fields["labels"].as_array().unwrap().is_empty();
        assert_eq!(fields.remove("cluster").is_some(), labelled);
        fields.remove("reprint_of");
    }
    assert_eq!(stripped, claims(&plain));
}

#[test]
fn events_are_counted_by_date_source_target_and_label() {
    assert_snapshot!(fixture().run("classify news.jsonl --model m.safetensors --format events"), @"
    exit code 0
    --- stdout
    date,source,source_role,source_name,target,target_role,target_name,label,cameo,plover,count,count_once,evidence
    2021-03-04,,,,GRU,,,accusation,112,ACCUSE,1,1,wire:79-131
    2021-03-04,GRU,,,RUR,,,denial,016,,1,1,wire:79-131
    2021-03-04,RUR,,,GRU,,,accusation,112,ACCUSE,1,1,wire:0-78
    2021-03-05,,,,GRU,,,accusation,112,ACCUSE,1,0,daily:90-146
    2021-03-05,GRU,,,,,,denial,016,,1,0,daily:90-146
    2021-03-06,,,,GRU,,,accusation,112,ACCUSE,1,0,gazette:51-103
    2021-03-06,GRU,,,,,,denial,016,,1,0,gazette:51-103
    2021-03-06,RUR,,,GRU,,,accusation,112,ACCUSE,1,1,other:0-78
    2021-05-06,,,,GRU,,,accusation,112,ACCUSE,1,1,later:0-52
    2021-05-06,GRU,,,,,,denial,016,,1,1,later:0-52
    --- stderr
    5 articles, 1 reprint, 9 sentences: accusation 6 (4 counted once), cooperation 0 (0 counted once), denial 4 (2 counted once) ([time])
    ");
}

#[test]
fn events_of_nothing_are_a_header() {
    assert_snapshot!(fixture().run_on("classify - --model m.safetensors --format events", "The river rose on Monday."), @"
    exit code 0
    --- stdout
    date,source,source_role,source_name,target,target_role,target_name,label,cameo,plover,count,count_once,evidence
    --- stderr
    1 article, 0 reprints, 1 sentence: accusation 0 (0 counted once), cooperation 0 (0 counted once), denial 0 (0 counted once) ([time])
    ");
}

#[test]
fn labels_of_another_model_have_no_codes() {
    let fixture = Fixture::with_data();
    let renamed = crate::fixture::TRAINING.replace("denial", "refusal");
    fixture.write("train.csv", renamed);
    fixture
        .command(&format!(
            "train train.csv -o r.safetensors {}",
            crate::fixture::SETTINGS
        ))
        .assert()
        .success();
    let out = fixture
        .command("classify - --model r.safetensors --format events")
        .write_stdin("Grustark denied the allegations.")
        .assert();
    let out = String::from_utf8(out.success().get_output().stdout.clone()).unwrap();
    assert!(
        out.contains(",GRU,,,,,,refusal,,,1,1,stdin:0-32\n"),
        "{out}"
    );
}

#[test]
fn every_source_of_a_label_is_paired_with_every_target() {
    let text = "The governments of Chile and Peru agreed to reopen talks on the border. \
                Ministers in Ankara and Athens accused Tripoli and Cairo of shelling the port.";
    let out = Fixture::new()
        .command("classify - --format events")
        .write_stdin(text)
        .assert();
    let out = String::from_utf8(out.success().get_output().stdout.clone()).unwrap();
    assert_snapshot!(out, @"
    date,source,source_role,source_name,target,target_role,target_name,label,cameo,plover,count,count_once,evidence
    ,CHL,GOV,,PER,,,cooperation,03,AGREE,1,1,stdin:0-71
    ,GRC,GOV,,EGY,GOV,,accusation,112,ACCUSE,1,1,stdin:72-150
    ,GRC,GOV,,LBY,GOV,,accusation,112,ACCUSE,1,1,stdin:72-150
    ,PER,,,CHL,GOV,,cooperation,03,AGREE,1,1,stdin:0-71
    ,TUR,GOV,,EGY,GOV,,accusation,112,ACCUSE,1,1,stdin:72-150
    ,TUR,GOV,,LBY,GOV,,accusation,112,ACCUSE,1,1,stdin:72-150
    ");
}

#[test]
fn clusters_are_the_same_for_any_number_of_threads() {
    let fixture = Fixture::with_model();
    let places = ["Zenda", "Streslau", "Hentzau", "Tarlenheim", "Strofzin"];
    let mut articles = String::new();
    for number in 0..3000 {
        let (place, count) = (places[number % 5], 20 + number % 7);
        let text = format!(
            "Ruritania accused Grustark of stealing {count} barges from the harbour of {place}. \
             Grustark denied the allegations of piracy off {place}. "
        );
        let text = text.repeat(1 + number % 3);
        articles += &serde_json::json!({"id": number, "text": text}).to_string();
        articles.push('\n');
    }
    fixture.write("news.jsonl", articles);
    for format in ["text", "jsonl", "csv", "events"] {
        let run = |threads| {
            fixture.stdout(&format!(
                "classify news.jsonl --model m.safetensors --clusters --format {format} --threads {threads}"
            ))
        };
        let one = run(1);
        assert!(one.len() > 300, "{one}");
        assert!(one == run(2), "2 threads write other bytes as {format}");
        assert!(one == run(5), "5 threads write other bytes as {format}");
    }
}
