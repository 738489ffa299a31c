//! `rejoinder serve`: what the API answers, and what it does with clients that harm.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use crate::fixture::{Fixture, gzip};
use crate::http::{Answer, Server, post};

const JSON: &str = "content-type: application/json";
const LINES: &str = "content-type: application/x-ndjson\r\naccept: application/x-ndjson";
const ARTICLES: &str = "{\"id\":\"a1\",\"text\":\"Moscow denied it. “Né,” it said.\",\"date\":\"2026-01-02\"}\n\
    {\"id\":\"a2\",\"text\":\"It rained.\"}\n";

#[test]
fn lines_are_those_of_the_command_byte_for_byte() {
    let server = Server::start("serve");
    let many = ARTICLES.repeat(4000);
    let fixture = Fixture::new();
    fixture.write("request.jsonl", &many);
    let gold = fixture.stdout("classify request.jsonl --format jsonl --all");
    let answer = server.post("/v1/classify?all=true", LINES, &many);
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
    assert!(
        answer.body == gold,
        "{} bytes, not {}",
        answer.body.len(),
        gold.len()
    );
}

#[test]
fn json_holds_the_same_claims_and_counts() {
    let server = Server::start("serve");
    let lines = server.post("/v1/classify?all=true", LINES, ARTICLES);
    let gold: Vec<serde_json::Value> = lines
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kind = "content-type: application/x-ndjson";
    let answer = server
        .post("/v1/classify?all=true&texts=true", kind, ARTICLES)
        .json();
    assert_eq!(answer["claims"], serde_json::Value::from(gold));
    assert_eq!(
        (&answer["articles"], &answer["sentences"]),
        (&2.into(), &3.into())
    );
    assert_eq!(answer["texts"][1]["text"], "It rained.");
}

#[test]
fn one_article_may_stand_on_several_lines() {
    let server = Server::start("serve");
    let answer = server.post(
        "/v1/classify",
        JSON,
        "{\n  \"text\": \"Moscow denied it.\"\n}\n",
    );
    assert_eq!(answer.json()["claims"][0]["article"], "request:1");
    let answer = server.post(
        "/v1/classify?name=x.csv",
        "content-type: text/csv",
        "text\nMoscow denied it.\n",
    );
    assert_eq!(answer.json()["claims"][0]["article"], "x:1");
}

#[test]
fn thresholds_can_be_others() {
    let server = Server::start("serve");
    let claims = |query: &str| {
        let answer = server.post(
            &format!("/v1/classify?{query}"),
            JSON,
            r#"{"text":"Moscow denied it."}"#,
        );
        answer.json()["claims"].as_array().map(Vec::len)
    };
    assert_eq!(claims(""), Some(1));
    assert_eq!(claims("threshold=denial:1"), Some(0));
    assert_eq!(claims("threshold=accusation:0,denial:1"), Some(1));
    assert_eq!(
        claims(""),
        Some(1),
        "the next request has the model's again"
    );
    let wrong = server.post("/v1/classify?threshold=doubt:0.5", JSON, r#"{"text":"x"}"#);
    insta::assert_snapshot!(wrong.body, @r#"{"error":"threshold `doubt:0.5` is no label of the model (accusation, cooperation, denial), `:`, and a number between 0 and 1"}"#);
}

#[test]
fn errors_say_what_was_wrong() {
    let server = Server::start("serve");
    let told = |path: &str, headers: &str, body: &str| {
        let answer = server.post(path, headers, body);
        format!(
            "{} {}",
            answer.status(),
            answer.json()["error"].as_str().unwrap()
        )
    };
    let text = "content-type: text/plain";
    insta::assert_snapshot!([
        told("/v1/classify", JSON, "{\"title\":1}"),
        told("/v1/classify", JSON, "[]"),
        told("/v1/classify", text, ""),
        told("/v1/classify", text, "a\0b"),
        told("/v1/classify", "content-type: image/png", "x"),
        told("/v1/classify?unit=word", text, "x"),
        told("/v1/explain", JSON, "{\"text\":\" \"}"),
        told("/v1/explain", text, "x"),
        told("/nowhere", text, "x"),
        told("/healthz", text, "x"),
    ].join("\n"), @r"
    400 request: line 1: no column `text` (found title)
    400 request: line 1: a JSON object is needed, found an array
    400 request: the file is empty
    400 request: line 1: not a text file (a NUL byte stands at byte 1)
    415 the content type must be application/json, application/x-ndjson, text/plain, text/csv or text/tab-separated-values
    400 Failed to deserialize query string: unit: unknown variant `word`, expected `sentence` or `record`
    400 `text` must hold a sentence of at most 5000 characters
    415 the content type must be application/json
    404 there is nothing at this path
    405 this path does not take that method
    ");
    let partly = server.post("/v1/classify", LINES, "{\"text\":\"It rained.\"}\n7\n");
    assert_eq!(partly.status(), 200);
    assert_eq!(
        partly.body,
        "{\"error\":\"request: line 2: a JSON object is needed, found a number\"}\n"
    );
}

#[test]
fn explanation_adds_up() {
    let server = Server::start("serve");
    let answer = server
        .post("/v1/explain", JSON, r#"{"text":"Moscow denied it."}"#)
        .json();
    let denial = &answer["labels"]["denial"];
    let terms = denial["terms"].as_array().unwrap();
    let sum: f64 = terms
        .iter()
        .map(|term| term["contribution"].as_f64().unwrap())
        .sum();
    let score = denial["score"].as_f64().unwrap() - denial["intercept"].as_f64().unwrap();
    assert!((sum - score).abs() < 1e-9);
    assert!(!denial["flip"].as_array().unwrap().is_empty());
}

#[test]
fn requests_are_named_counted_and_logged() {
    let server = Server::start("serve --log json");
    let headers = format!("{JSON}\r\nx-request-id: mine-7");
    let answer = server.post("/v1/classify", &headers, r#"{"text":"Moscow denied it."}"#);
    assert_eq!(answer.header("x-request-id"), Some("mine-7"));
    let one = server
        .get("/healthz")
        .header("x-request-id")
        .map(str::to_owned);
    assert_ne!(
        one.as_deref(),
        server.get("/healthz").header("x-request-id")
    );
    let metrics = server.get("/metrics").body;
    for line in [
        "rejoinder_requests_total{route=\"/v1/classify\",status=\"200\"} 1",
        "rejoinder_sentences_total 1",
        "rejoinder_claims_total{label=\"denial\"} 1",
        "rejoinder_requests_in_flight 1",
    ] {
        assert!(
            metrics.lines().any(|found| found == line),
            "{line} is not in\n{metrics}"
        );
    }
    #[cfg(unix)]
    {
        let (code, log) = server.stop();
        assert_eq!(code, Some(0));
        let first: serde_json::Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
        assert_eq!(
            (&first["request"], &first["status"]),
            (&"mine-7".into(), &200.into())
        );
    }
}

#[test]
fn nothing_from_elsewhere_is_let_in() {
    let server = Server::start("serve");
    let page = server.get("/");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'"));
    assert!(!policy.contains("unsafe"));
    assert!(!page.body.contains("http:") && !page.body.contains("https:"));
    let elsewhere = server
        .send("GET /v1/model HTTP/1.1\r\nhost: rebound.example:8080\r\nconnection: close\r\n\r\n");
    assert_eq!(elsewhere.status(), 421);
}

#[test]
fn long_bodies_are_refused() {
    let server = Server::start("serve --max-body 1");
    let body = "x".repeat((1 << 20) + 1);
    let stated = format!(
        "POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    assert_eq!(server.send(stated).status(), 413);
    let unstated = format!(
        "POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n",
        body.len()
    );
    assert_eq!(server.send(unstated).status(), 413);
}

#[test]
fn packed_bodies_are_bounded_by_what_is_inside() {
    let server = Server::start("serve --max-body 1");
    let send = |kind: &str, packed: &[u8]| {
        let head = format!(
            "POST /v1/classify HTTP/1.1\r\nhost: localhost\r\n{kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            packed.len()
        );
        server.send([head.as_bytes(), packed].concat())
    };
    let bomb = "{\"text\":\"It rained.\"}\n".repeat(60_000);
    let zstd = |bytes: &[u8]| zstd::encode_all(bytes, 1).unwrap();
    for pack in [|bytes: &[u8]| gzip(bytes), zstd] {
        let small = pack(ARTICLES.as_bytes());
        let answer = send(LINES, &small);
        assert_eq!((answer.status(), answer.body.lines().count()), (200, 1));
        let one = pack(ARTICLES.lines().next().unwrap().as_bytes());
        assert_eq!(send(JSON, &one).status(), 200);

        let answer = send(LINES, &pack(bomb.as_bytes()));
        let told = "{\"error\":\"a body may have at most 1048576 bytes, packed or unpacked\"}";
        assert_eq!((answer.status(), answer.body.as_str()), (413, told));

        let answer = send(LINES, &small[..small.len() - 5]);
        assert_eq!(answer.status(), 400, "{}", answer.body);
        assert!(answer.body.contains("ends too early"), "{}", answer.body);
        let answer = send(LINES, &pack(&small));
        assert_eq!(answer.status(), 400, "{}", answer.body);
        assert!(answer.body.contains("packed twice"), "{}", answer.body);
    }
}

#[test]
fn slow_clients_are_given_up_and_others_are_served_meanwhile() {
    let server = Server::start("serve --timeout 1");
    let mut slow = server.connect();
    let begun = "POST /v1/classify HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\nconnection: close\r\ncontent-length: 99\r\n\r\nHe";
    slow.write_all(begun.as_bytes()).unwrap();
    let mut silent = server.connect();
    let asked = Instant::now();
    assert_eq!(server.get("/healthz").status(), 200);
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(Answer::read(&mut slow).status(), 408);
    let closed = silent.read(&mut [0; 100]); // after ten seconds
    assert_eq!(closed.unwrap(), 0);
}

#[test]
fn more_requests_than_may_wait_are_refused() {
    let server = Server::start("serve --threads 1 --max-waiting 1 --timeout 120");
    let long = "{\"text\":\"Moscow denied the charge and blamed Kyiv. \"}\n".repeat(8_000);
    let heavy = post("/v1/classify", LINES, &long);
    let mut streams: Vec<_> = (0..3).map(|_| server.connect()).collect();
    for stream in &mut streams {
        stream.write_all(heavy.as_bytes()).unwrap();
    }
    let statuses: Vec<u16> = std::iter::repeat_with(|| {
        server
            .post("/v1/classify", JSON, r#"{"text":"It rained."}"#)
            .status()
    })
    .take(40)
    .collect();
    assert!(
        statuses.iter().all(|status| [200, 503].contains(status)),
        "{statuses:?}"
    );
    for mut stream in streams {
        assert!([200, 503].contains(&Answer::read(&mut stream).status()));
    }
    assert_eq!(
        server
            .post("/v1/classify", JSON, r#"{"text":"It rained."}"#)
            .status(),
        200
    );
}

#[cfg(unix)]
#[test]
fn what_has_begun_is_finished_when_the_server_stops() {
    let server = Server::start("serve");
    let body = ARTICLES.repeat(4_000);
    let mut stream = server.connect();
    stream
        .write_all(post("/v1/classify?all=true", LINES, &body).as_bytes())
        .unwrap();
    let mut first = [0; 1];
    stream.read_exact(&mut first).unwrap();
    server.signal("INT");
    let mut answer = Answer::read(&mut stream);
    answer.head.insert(0, 'H');
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body.lines().count(), 12_000);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn port_that_is_taken_is_an_error() {
    let server = Server::start("serve");
    let taken = server.connect().peer_addr().unwrap().port();
    let told = Fixture::new().run(&format!("serve --port {taken}"));
    assert!(
        told.starts_with("exit code 1\n--- stderr\nerror: 127.0.0.1:"),
        "{told}"
    );
    assert!(told.contains("Address already in use"), "{told}");
}
