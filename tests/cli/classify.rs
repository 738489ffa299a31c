//! `rejoinder classify`: what goes in, and how claims come out.

use insta::assert_snapshot;

use crate::fixture::Fixture;

const NEWS: &str = "The river rose on Monday. Ruritania accused Grustark of stealing the harbour.\n\n\
    Grustark denied the allegations. It offered to hold talks.\n";

const LINES: &str = r#"{"id": 7, "date": "2021-03-04", "outlet": "Courier", "title": "Talks", "text": "Grustark denied the allegations."}

{"text": "Rain fell."}
{"text": "Ruritania offered to hold joint talks."}
"#;

fn fixture() -> Fixture {
    let fixture = Fixture::with_model();
    fixture.write("news.txt", NEWS);
    fixture
}

#[test]
fn text_is_laid_out_for_reading() {
    assert_snapshot!(fixture().run("classify news.txt --model m.safetensors"), @"
    exit code 0
    --- stdout
    news
      accusation 98%  sentence 2
        Ruritania accused Grustark of stealing the harbour.
        Ruritania (RUR) → Grustark (GRU)
        accusation: of +0.80, accus _ of +0.79, accus +0.60
      denial 92%  sentence 3
        Grustark denied the allegations.
        Grustark (GRU) → Ruritania (RUR)
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41
      cooperation 98%  sentence 4
        It offered to hold talks.
        It = Grustark (GRU) → ?
        cooperation: to +0.71, offer +0.65, hold +0.56

    --- stderr
    1 article, 4 sentences: accusation 1, cooperation 1, denial 1 ([time])
    ");
}

#[test]
fn thresholds_of_the_user_decide_instead_of_the_models() {
    let summary = |thresholds: &str| {
        let run = fixture().run(&format!(
            "classify news.txt --model m.safetensors {thresholds}"
        ));
        run.rsplit("sentences: ").next().unwrap().to_owned()
    };
    assert_snapshot!(summary("--threshold accusation=0.99 --threshold denial=0.11"), @"accusation 0, cooperation 1, denial 2 ([time])");
}

#[test]
fn json_lines_have_every_column() {
    assert_snapshot!(fixture().run("classify news.txt --model m.safetensors --format jsonl"), @r#"
    exit code 0
    --- stdout
    {"article":"news","sentence":2,"start":26,"end":77,"text":"Ruritania accused Grustark of stealing the harbour.","labels":["accusation"],"probabilities":{"accusation":0.9808,"cooperation":0.0152,"denial":0.0023},"speaker":{"text":"Ruritania","start":26,"end":35},"source":{"text":"Ruritania","code":"RUR","role":null,"start":26,"end":35},"target":{"text":"Grustark","code":"GRU","role":null,"start":44,"end":52},"relations":[{"label":"accusation","sources":[{"text":"Ruritania","code":"RUR","role":null,"start":26,"end":35}],"targets":[{"text":"Grustark","code":"GRU","role":null,"start":44,"end":52}]}],"evidence":[{"label":"accusation","term":"of","start":53,"end":55,"contribution":0.805},{"label":"accusation","term":"accus _ of","start":36,"end":55,"contribution":0.791},{"label":"accusation","term":"accus","start":36,"end":43,"contribution":0.6046},{"label":"accusation","term":"of _ the","start":53,"end":68,"contribution":0.4414},{"label":"accusation","term":"steal","start":56,"end":64,"contribution":0.4223}]}
    {"article":"news","sentence":3,"start":79,"end":111,"text":"Grustark denied the allegations.","labels":["denial"],"probabilities":{"accusation":0.031,"cooperation":0.0468,"denial":0.9215},"speaker":{"text":"Grustark","start":79,"end":87},"source":{"text":"Grustark","code":"GRU","role":null,"start":79,"end":87},"target":{"text":"Ruritania","code":"RUR","role":null,"start":26,"end":35},"relations":[{"label":"denial","sources":[{"text":"Grustark","code":"GRU","role":null,"start":79,"end":87}],"targets":[{"text":"Ruritania","code":"RUR","role":null,"start":26,"end":35}]}],"evidence":[{"label":"denial","term":"deni","start":88,"end":94,"contribution":1.2213},{"label":"denial","term":"alleg","start":99,"end":110,"contribution":1.0233},{"label":"denial","term":"deni _ alleg","start":88,"end":110,"contribution":0.41}]}
    {"article":"news","sentence":4,"start":112,"end":137,"text":"It offered to hold talks.","labels":["cooperation"],"probabilities":{"accusation":0.0171,"cooperation":0.9821,"denial":0.1112},"speaker":{"text":"Grustark","start":79,"end":87},"source":{"text":"It","code":"GRU","role":null,"start":112,"end":114,"antecedent":{"start":79,"end":87,"text":"Grustark"}},"target":null,"relations":[{"label":"cooperation","sources":[{"text":"It","code":"GRU","role":null,"start":112,"end":114,"antecedent":{"start":79,"end":87,"text":"Grustark"}}],"targets":[]}],"evidence":[{"label":"cooperation","term":"to","start":123,"end":125,"contribution":0.7113},{"label":"cooperation","term":"offer","start":115,"end":122,"contribution":0.6474},{"label":"cooperation","term":"hold","start":126,"end":130,"contribution":0.5552},{"label":"cooperation","term":"talk","start":131,"end":136,"contribution":0.5552},{"label":"cooperation","term":"to _ talk","start":123,"end":136,"contribution":0.5552}]}
    --- stderr
    1 article, 4 sentences: accusation 1, cooperation 1, denial 1 ([time])
    "#);
}

#[test]
fn csv_has_a_header_and_the_same_columns() {
    assert_snapshot!(fixture().run("classify news.txt --model m.safetensors --format csv"), @r#"
    exit code 0
    --- stdout
    article,sentence,start,end,text,labels,probability_accusation,probability_cooperation,probability_denial,speaker,speaker_start,speaker_end,source,source_code,source_role,source_start,source_end,target,target_code,target_role,target_start,target_end,relations,evidence,date,outlet,title
    news,2,26,77,Ruritania accused Grustark of stealing the harbour.,accusation,0.9808,0.0152,0.0023,Ruritania,26,35,Ruritania,RUR,,26,35,Grustark,GRU,,44,52,"[{""label"":""accusation"",""sources"":[{""text"":""Ruritania"",""code"":""RUR"",""role"":null,""start"":26,""end"":35}],""targets"":[{""text"":""Grustark"",""code"":""GRU"",""role"":null,""start"":44,""end"":52}]}]",accusation:of:0.805|accusation:accus _ of:0.791|accusation:accus:0.6046|accusation:of _ the:0.4414|accusation:steal:0.4223,,,
    news,3,79,111,Grustark denied the allegations.,denial,0.031,0.0468,0.9215,Grustark,79,87,Grustark,GRU,,79,87,Ruritania,RUR,,26,35,"[{""label"":""denial"",""sources"":[{""text"":""Grustark"",""code"":""GRU"",""role"":null,""start"":79,""end"":87}],""targets"":[{""text"":""Ruritania"",""code"":""RUR"",""role"":null,""start"":26,""end"":35}]}]",denial:deni:1.2213|denial:alleg:1.0233|denial:deni _ alleg:0.41,,,
    news,4,112,137,It offered to hold talks.,cooperation,0.0171,0.9821,0.1112,Grustark,79,87,It,GRU,,112,114,,,,,,"[{""label"":""cooperation"",""sources"":[{""text"":""It"",""code"":""GRU"",""role"":null,""start"":112,""end"":114,""antecedent"":{""start"":79,""end"":87,""text"":""Grustark""}}],""targets"":[]}]",cooperation:to:0.7113|cooperation:offer:0.6474|cooperation:hold:0.5552|cooperation:talk:0.5552|cooperation:to _ talk:0.5552,,,
    --- stderr
    1 article, 4 sentences: accusation 1, cooperation 1, denial 1 ([time])
    "#);
}

#[test]
fn all_prints_sentences_without_a_label_too() {
    assert_snapshot!(fixture().run("classify news.txt --model m.safetensors --all --quiet"), @"
    exit code 0
    --- stdout
    news
      none  sentence 1
        The river rose on Monday.
      accusation 98%  sentence 2
        Ruritania accused Grustark of stealing the harbour.
        Ruritania (RUR) → Grustark (GRU)
        accusation: of +0.80, accus _ of +0.79, accus +0.60
      denial 92%  sentence 3
        Grustark denied the allegations.
        Grustark (GRU) → Ruritania (RUR)
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41
      cooperation 98%  sentence 4
        It offered to hold talks.
        It = Grustark (GRU) → ?
        cooperation: to +0.71, offer +0.65, hold +0.56
    ");
}

#[test]
fn unit_record_takes_the_whole_text_as_one_sentence() {
    let fixture = fixture();
    let out = fixture
        .stdout("classify news.txt --model m.safetensors --unit record --all --format jsonl");
    let claim: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(claim["text"], NEWS.trim());
    assert_eq!(
        (&claim["sentence"], &claim["end"]),
        (&1.into(), &NEWS.trim().len().into())
    );
}

#[test]
fn json_lines_are_articles() {
    let fixture = fixture();
    fixture.write("news.jsonl", LINES);
    assert_snapshot!(fixture.run("classify news.jsonl --model m.safetensors"), @"
    exit code 0
    --- stdout
    7  2021-03-04  Courier  Talks
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    news:2
      cooperation 25%  sentence 1
        Rain fell.
        cooperation:

    news:3
      cooperation 99%  sentence 1
        Ruritania offered to hold joint talks.
        Ruritania (RUR) → ?
        cooperation: joint +0.89, to +0.69, offer +0.63

    --- stderr
    3 articles, 3 sentences: accusation 0, cooperation 2, denial 1 ([time])
    ");
}

#[test]
fn rows_of_csv_and_tsv_are_articles() {
    let fixture = fixture();
    fixture.write(
        "a.csv",
        "id,text\nx,\"Grustark denied the allegations, again.\"\n",
    );
    fixture.write(
        "b.tsv",
        "id\ttext\ny\tThe envoy accused the militia, it said.\n",
    );
    assert_snapshot!(fixture.run("classify a.csv b.tsv --model m.safetensors"), @"
    exit code 0
    --- stdout
    x
      denial 92%  sentence 1
        Grustark denied the allegations, again.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    y
      accusation 66%  sentence 1
        The envoy accused the militia, it said.
        envoy (GOV) → militia (REB)
        accusation: accus +0.68, the _ accus +0.56, the _ the +0.15

    --- stderr
    2 articles, 2 sentences: accusation 1, cooperation 0, denial 1 ([time])
    ");
}

#[test]
fn columns_can_be_named() {
    let fixture = fixture();
    fixture.write(
        "a.csv",
        "url,body,head,day,paper\nu1,Grustark denied the allegations.,Denial,4 March,Courier\n",
    );
    let columns = "--text-column body --id-column url --title-column head --date-column day --outlet-column paper";
    assert_snapshot!(fixture.run(&format!("classify a.csv --model m.safetensors {columns}")), @"
    exit code 0
    --- stdout
    u1  4 March  Courier  Denial
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    ");
}

#[test]
fn folder_is_read_in_the_order_of_names() {
    let fixture = Fixture::with_model();
    fixture.write("news/b.txt", "Grustark denied the allegations.");
    fixture.write("news/a/z.txt", "Ruritania offered to hold talks.");
    fixture.write("news/c.pdf", "no article");
    assert_snapshot!(fixture.run("classify news --model m.safetensors"), @"
    exit code 0
    --- stdout
    z
      cooperation 98%  sentence 1
        Ruritania offered to hold talks.
        Ruritania (RUR) → ?
        cooperation: to +0.69, offer +0.63, hold +0.54

    b
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    2 articles, 2 sentences: accusation 0, cooperation 1, denial 1 ([time])
    ");
}

#[test]
fn dash_is_standard_input() {
    let fixture = fixture();
    assert_snapshot!(fixture.run_on("classify - --model m.safetensors", "Grustark denied the allegations."), @"
    exit code 0
    --- stdout
    stdin
      denial 92%  sentence 1
        Grustark denied the allegations.
        Grustark (GRU) → ?
        denial: deni +1.22, alleg +1.02, deni _ alleg +0.41

    --- stderr
    1 article, 1 sentence: accusation 0, cooperation 0, denial 1 ([time])
    ");
    let lines = fixture.run_on("classify - --model m.safetensors --format csv", LINES);
    assert!(
        lines.contains("\n7,1,0,32,Grustark denied the allegations.,denial,"),
        "{lines}"
    );
}

#[test]
fn offsets_are_code_points() {
    let fixture = fixture();
    let text =
        "Ünïcodé “quotes” rose. Zoë’s army denied the allegations. Grustark denied the report.";
    fixture.write("a.txt", text);
    let out = fixture.stdout("classify a.txt --model m.safetensors --format jsonl");
    let points: Vec<char> = text.chars().collect();
    let mut spans = 0;
    for line in out.lines() {
        let claim: serde_json::Value = serde_json::from_str(line).unwrap();
        let of = |span: &serde_json::Value| -> String {
            let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
            points[at("start")..at("end")].iter().collect()
        };
        assert_eq!(claim["text"], of(&claim));
        for evidence in claim["evidence"].as_array().unwrap() {
            let stem = evidence["term"].as_str().unwrap().to_lowercase();
            let word = of(evidence).to_lowercase();
            spans += usize::from(word.starts_with(&stem[..3]));
        }
    }
    assert!(spans >= 4, "{out}");
}

#[test]
fn output_is_the_same_for_any_number_of_threads() {
    let fixture = Fixture::with_model();
    let mut articles = String::new();
    for number in 0..6000 {
        let text = [NEWS, "Rain fell.", "The army denied any role."][number % 3];
        articles +=
            &serde_json::json!({"id": number, "text": format!("{text} It is article {number}.").repeat(1 + number % 5)}).to_string();
        articles.push('\n');
    }
    fixture.write("news.jsonl", articles);
    for format in ["text", "jsonl", "csv"] {
        let run = |threads| {
            fixture.stdout(&format!(
                "classify news.jsonl --model m.safetensors --all --format {format} --threads {threads}"
            ))
        };
        let one = run(1);
        assert!(one.len() > 500_000);
        assert!(one == run(4), "4 threads write other bytes as {format}");
        assert!(one == run(7), "7 threads write other bytes as {format}");
    }
    let ids: Vec<u64> = fixture
        .stdout("classify news.jsonl --model m.safetensors --all --unit record --format jsonl --threads 4")
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["article"].clone())
        .map(|id| id.as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(ids, (0..6000).collect::<Vec<_>>());
}

#[test]
fn parties_are_left_out_on_request() {
    let fixture = fixture();
    let lines = |more: &str| -> Vec<serde_json::Value> {
        let command = format!("classify news.txt --model m.safetensors --format jsonl {more}");
        let out = fixture.stdout(&command);
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (with, without) = (lines(""), lines("--no-parties"));
    assert!(with.iter().all(|claim| claim["source"].is_object()));
    let unnamed = |mut claim: serde_json::Value| {
        for party in ["speaker", "source", "target"] {
            claim[party] = serde_json::Value::Null;
        }
        claim["relations"] = serde_json::json!([]);
        claim
    };
    assert_eq!(with.into_iter().map(unnamed).collect::<Vec<_>>(), without);
}

#[test]
fn shipped_model_is_the_default() {
    let fixture = Fixture::new();
    let out = fixture
        .command("classify - --format jsonl")
        .write_stdin("Tehran denied the allegations.")
        .assert();
    let line = String::from_utf8(out.success().get_output().stdout.clone()).unwrap();
    let claim: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(claim["labels"], serde_json::json!(["denial"]));
    assert_eq!(
        claim["source"],
        serde_json::json!({"text": "Tehran", "code": "IRN", "role": "GOV", "start": 0, "end": 6})
    );
}
