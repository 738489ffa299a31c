//! Files of other formats than plain text and tables: packed files, web pages, archives.

use insta::assert_snapshot;

use crate::fixture::{Fixture, TRAINING, gzip};

const LINES: &str = "{\"id\": 7, \"text\": \"Grustark denied the allegations.\"}\n\
    {\"id\": 8, \"text\": \"Ruritania offered to hold joint talks.\"}\n";

#[test]
fn packed_input_gives_what_the_plain_one_gives() {
    let fixture = Fixture::with_model();
    let classify = "--model m.safetensors --format jsonl";
    fixture.write("news.jsonl", LINES);
    let plain = fixture.stdout(&format!("classify news.jsonl {classify}"));
    assert_eq!(plain.lines().count(), 2);

    fixture.write("packed/news.jsonl.gz", gzip(LINES));
    let folder = fixture.stdout(&format!("classify packed {classify}"));
    assert_eq!(folder, plain);

    let zst = zstd::encode_all(LINES.as_bytes(), 1).unwrap();
    let stdin = fixture.run_on(&format!("classify - {classify} --quiet"), zst);
    assert_eq!(stdin, format!("exit code 0\n--- stdout\n{plain}"));
}

#[test]
fn packed_table_is_scored_like_the_plain_one() {
    let fixture = Fixture::with_model();
    fixture.write("gold.csv", TRAINING);
    fixture.write("packed.csv.gz", gzip(TRAINING));
    let scores = |data: &str| {
        fixture.stdout(&format!(
            "evaluate {data} --model m.safetensors --format json"
        ))
    };
    assert_eq!(scores("gold.csv"), scores("packed.csv.gz"));
}

#[test]
fn packed_file_that_is_cut_off_is_reported() {
    let fixture = Fixture::with_model();
    let whole = gzip(LINES.repeat(3_000));
    fixture.write("news.jsonl.gz", &whole[..whole.len() - 4]);
    fixture.write("more.txt", "Grustark denied the report.");
    let run =
        fixture.run("classify news.jsonl.gz more.txt --model m.safetensors --format csv -o out");
    assert_snapshot!(run, @"
    exit code 1
    --- stderr
    error: news.jsonl.gz: the gzip stream ends too early
    6001 articles, 6001 sentences: accusation 0, cooperation 3000, denial 3001 ([time])
    warning: 1 record could not be read and was left out
    ");
}

#[test]
fn format_goes_by_the_extension_of_the_output() {
    let fixture = Fixture::with_model();
    fixture.write("news.jsonl", LINES);
    for (name, format) in [("out.csv", "csv"), ("out.jsonl", "jsonl"), ("out", "text")] {
        fixture.stdout(&format!(
            "classify news.jsonl --model m.safetensors -o {name}"
        ));
        let printed = fixture.stdout(&format!(
            "classify news.jsonl --model m.safetensors --format {format}"
        ));
        assert_eq!(fixture.text(name), printed, "{name}");
    }
}

#[test]
fn columns_of_the_articles_are_kept_on_request() {
    let fixture = Fixture::with_model();
    fixture.write(
        "news.csv",
        "url,text,source,section\nu1,Grustark denied the allegations.,wire,world\nu2,Ruritania denied the allegations.,,\n",
    );
    let kept = |more: &str| {
        let out = fixture.stdout(&format!(
            "classify news.csv --model m.safetensors --format csv {more}"
        ));
        let mut table = csv::Reader::from_reader(out.as_bytes());
        let header: Vec<_> = table
            .headers()
            .unwrap()
            .iter()
            .skip(27)
            .map(str::to_owned)
            .collect();
        let rows = table
            .records()
            .map(|row| row.unwrap().iter().skip(27).collect::<Vec<_>>().join("|"));
        (header, rows.collect::<Vec<_>>())
    };
    let (header, rows) = kept("--keep-columns section,url,nowhere");
    assert_eq!(header, ["section", "url", "nowhere"]);
    assert_eq!(rows, ["world|u1|", "|u2|"]);
    let (header, rows) = kept("--keep-columns all");
    assert_eq!(
        header,
        ["url", "article_source", "section"],
        "`source` is taken"
    );
    assert_eq!(rows, ["u1|wire|world", "u2||"]);
    assert_eq!(kept("").0, [""; 0]);

    // Also those that are null in the first article, as data frames write them.
    fixture.write(
        "nulls.jsonl",
        "{\"url\": null, \"text\": \"Grustark denied the allegations.\", \"section\": null}\n\
         {\"url\": \"u2\", \"text\": \"Ruritania denied the allegations.\", \"section\": \"world\"}\n",
    );
    let out = fixture
        .stdout("classify nulls.jsonl --model m.safetensors --format csv --keep-columns all");
    let ends: Vec<_> = out
        .lines()
        .map(|line| line.rsplit(',').take(2).collect::<Vec<_>>())
        .collect();
    assert_eq!(ends, [["section", "url"], ["", ""], ["world", "u2"]]);

    let lines = fixture.stdout(
        "classify news.csv --model m.safetensors --format jsonl --keep-columns url,nowhere",
    );
    let claims: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(claims[1]["columns"], serde_json::json!({"url": "u2"}));
    assert_snapshot!(fixture.run_on("classify - --keep-columns all", "text"), @"
    exit code 1
    --- stderr
    error: --keep-columns all cannot look ahead into standard input: name the columns
    ");
}

#[cfg(not(feature = "html"))]
#[test]
fn page_without_the_feature_says_what_is_missing() {
    let fixture = Fixture::with_model();
    fixture.write("page.html", "<p>Grustark denied the allegations.</p>");
    assert_snapshot!(fixture.run("classify page.html --model m.safetensors"), @"
    exit code 1
    --- stderr
    error: page.html: this program was built without the feature `html`, which such files need
    0 articles, 0 sentences: accusation 0, cooperation 0, denial 0 ([time])
    warning: 1 record could not be read and was left out
    ");
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_without_the_feature_says_what_is_missing() {
    let fixture = Fixture::with_model();
    fixture.write("news.jsonl", LINES);
    assert_snapshot!(fixture.run("classify news.jsonl --model m.safetensors -o out.parquet"), @"
    exit code 1
    --- stderr
    error: out.parquet: this program was built without the feature `parquet`, which such files need
    ");
    assert!(!fixture.names().contains(&"out.parquet".to_owned()));
}

#[cfg(feature = "html")]
#[test]
fn pages_and_archives_are_classified() {
    let fixture = Fixture::with_model();
    fixture.write("news/harbour.html", include_str!("../pages/harbour.html"));
    let page = include_str!("../pages/harbour.html").replace("The mayor", "The envoy");
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://post.example/2\r\n\
         WARC-Date: 2021-03-05T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n\
         Content-Length: {}\r\n\r\n{answer}\r\n\r\n",
        answer.len()
    );
    fixture.write("news/pages.warc.gz", gzip(&record));
    let out = fixture.stdout("classify news --model m.safetensors --all --format jsonl");
    let claims: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let first_of = |id: &str| claims.iter().find(|claim| claim["article"] == id).unwrap();
    let (page, archived) = (first_of("harbour"), first_of("https://post.example/2"));
    assert!(
        page["text"]
            .as_str()
            .unwrap()
            .starts_with("The mayor of Port Sallow denied")
    );
    assert!(
        archived["text"]
            .as_str()
            .unwrap()
            .starts_with("The envoy of Port Sallow denied")
    );
    for claim in [page, archived] {
        assert_eq!(claim["title"], "Mayor denies taking harbour money");
        assert_eq!(claim["outlet"], "The Harbour Post");
        assert_eq!(claim["date"], "2021-03-04T07:30:00Z");
    }
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_is_written_and_read_back() {
    let fixture = Fixture::with_model();
    fixture.write("news.jsonl", LINES);
    let classify = "--model m.safetensors --quiet";
    fixture.stdout(&format!("classify news.jsonl {classify} -o claims.parquet"));
    fixture.write(
        "claims/year=2024/claims.parquet",
        fixture.bytes("claims.parquet"),
    );
    let columns =
        "--id-column article --unit record --keep-columns year,labels,probability_denial,sentence";
    let out = fixture.stdout(&format!(
        "classify claims {classify} --format jsonl {columns}"
    ));
    let claims: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let about = |claim: &serde_json::Value| (claim["article"].clone(), claim["text"].clone());
    assert_eq!(
        about(&claims[0]),
        ("7".into(), "Grustark denied the allegations.".into())
    );
    assert_eq!(
        about(&claims[1]),
        ("8".into(), "Ruritania offered to hold joint talks.".into())
    );
    let kept = &claims[0]["columns"];
    let (year, labels, sentence) = (&kept["year"], &kept["labels"], &kept["sentence"]);
    assert_eq!(
        (year, labels, sentence),
        (&"2024".into(), &"denial".into(), &"1".into())
    );
    let probability: f64 = kept["probability_denial"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(claims[0]["probabilities"]["denial"], probability);
    let stdin = fixture.run_on(
        &format!(
            "classify - {classify} --format jsonl {}",
            columns.replace("year,", "")
        ),
        fixture.bytes("claims.parquet"),
    );
    assert!(stdin.starts_with("exit code 0\n"), "{stdin}");
    assert_eq!(stdin.lines().count(), 4);
}
