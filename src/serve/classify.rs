//! `POST /v1/classify`: articles → claims, written piece by piece as the client takes them.

use std::future::ready;
use std::sync::Arc;

use axum::body::Body as Answer;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{StreamExt, once, unfold};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::body::{Body, article_format, media_type};
use super::{App, Failure, JSON};
use crate::report::{ClaimFormat, ClaimWriter};
use crate::{Article, ArticleReader, Pipeline, ReadOptions, Unit};

/// Bytes of text, and of claims, after which a piece of the answer is sent.
const PIECE: usize = 1 << 17;

const NDJSON: &str = "application/x-ndjson";

/// What stands behind the `?`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Sentences without a label too.
    #[serde(default)]
    all: bool,
    #[serde(default)]
    unit: Unit,
    /// Labels with the probabilities from which on they are given, as `accusation:0.3,denial:0.5`.
    threshold: Option<String>,
    /// What articles without an id are named after, and the input is called in errors.
    #[serde(default = "unnamed")]
    name: String,
    /// The texts of the articles too; in JSON only.
    #[serde(default)]
    texts: bool,
}

fn unnamed() -> String {
    "request".to_owned()
}

pub(super) async fn classify(
    State(app): State<Arc<App>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let Query(wanted) = wanted.map_err(|error| Failure::bad_request(error.body_text()))?;
    let thresholds = thresholds(&app, wanted.threshold.as_deref())?;
    app.workers.admit()?;
    let mut body = body.unpacked(&app).await?;
    let format = article_format(&media_type(&headers), &mut body.bytes)?;
    let accepted = headers.get(header::ACCEPT);
    let lines = accepted
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accepted| accepted.contains("ndjson"));
    let options = ReadOptions {
        format: Some(format),
        ..ReadOptions::default()
    };
    let length = body.bytes.len();
    let job = Job {
        reader: ArticleReader::from_bytes(&wanted.name, body.bytes, options),
        writer: ClaimWriter::new(ClaimFormat::Jsonl, app.model.labels().clone()),
        wanted,
        thresholds,
        lines,
        articles: 0,
        sentences: 0,
        labelled: vec![0; app.model.labels().len()],
        begun: false,
        errors: Vec::new(),
        texts: Vec::new(),
        finished: false,
        _room: body.room,
    };
    answer(app, job, length).await
}

/// The thresholds that are asked for; the model's for labels that are not named.
fn thresholds(app: &App, asked: Option<&str>) -> Result<Vec<f64>, Failure> {
    let mut thresholds = app.model.thresholds().to_vec();
    for part in asked.into_iter().flat_map(|asked| asked.split(',')) {
        let pair = part.rsplit_once(':').and_then(|(label, threshold)| {
            let threshold: f64 = threshold.parse().ok()?;
            let label = app.model.labels().index(label)?;
            (0.0..=1.0)
                .contains(&threshold)
                .then_some((label, threshold))
        });
        let Some((label, threshold)) = pair else {
            let known = app.model.labels().names().join(", ");
            return Err(Failure::bad_request(format!(
                "threshold `{part}` is no label of the model ({known}), `:`, and a number between 0 and 1"
            )));
        };
        thresholds[label] = threshold;
    }
    Ok(thresholds)
}

/// Sends the first piece, and the others as the client takes them: what it does not take is not made.
async fn answer(app: Arc<App>, job: Job, length: usize) -> Result<Response, Failure> {
    let lines = job.lines;
    let (job, first) = step(&app, job, length).await?;
    if job.articles == 0
        && let [error, ..] = job.errors.as_slice()
    {
        return Err(Failure::bad_request(error.as_str()));
    }
    let kind = [(header::CONTENT_TYPE, if lines { NDJSON } else { JSON })];
    if job.finished {
        return Ok((kind, first).into_response());
    }
    let rest = unfold((app, Some(job)), move |(app, job)| async move {
        let job = job.filter(|job| !job.finished)?;
        Some(match step(&app, job, length).await {
            Ok((job, piece)) => (Ok(piece), (app, Some(job))),
            // The connection is cut: the client sees that the answer is not whole.
            Err(_) => (Err("the work was stopped"), (app, None)),
        })
    });
    let pieces = once(ready(Ok(first))).chain(rest);
    Ok((kind, Answer::from_stream(pieces)).into_response())
}

/// Does the next step of a job on one of the pipelines.
async fn step(app: &App, mut job: Job, length: usize) -> Result<(Job, Vec<u8>), Failure> {
    let before = (job.sentences, job.labelled.clone());
    let (job, piece) = app
        .workers
        .run(length, move |pipeline| {
            let piece = job.step(pipeline);
            (job, piece)
        })
        .await?;
    app.metrics
        .sentences
        .inc_by((job.sentences - before.0) as u64);
    let counts = job.labelled.iter().zip(&before.1);
    for (label, (now, before)) in app.model.labels().names().iter().zip(counts) {
        app.metrics.count_claims(label, now - before);
    }
    Ok((job, piece))
}

/// A request that is being carried out.
struct Job {
    reader: ArticleReader,
    writer: ClaimWriter,
    wanted: Wanted,
    thresholds: Vec<f64>,
    /// JSON lines instead of one object.
    lines: bool,
    articles: usize,
    sentences: usize,
    labelled: Vec<usize>,
    /// Whether a claim has been written.
    begun: bool,
    errors: Vec<String>,
    texts: Vec<Value>,
    finished: bool,
    _room: Option<OwnedSemaphorePermit>,
}

impl Job {
    /// Classifies articles until a piece of the answer is full.
    fn step(&mut self, pipeline: &mut Pipeline) -> Vec<u8> {
        let mut out = Vec::new();
        let same = pipeline.set_thresholds(&self.thresholds);
        debug_assert!(
            same.is_ok(),
            "one threshold for each label of the one model"
        );
        if !self.lines && self.articles == 0 && self.errors.is_empty() {
            out.extend_from_slice(b"{\"claims\":[");
        }
        let mut read = 0;
        while read < PIECE && out.len() < PIECE {
            match self.reader.next() {
                Some(Ok(article)) => {
                    read += article.text.len();
                    self.classify(pipeline, &article, &mut out);
                }
                Some(Err(error)) => self.fail(&error.to_string(), &mut out),
                None => {
                    self.finish(&mut out);
                    break;
                }
            }
        }
        out
    }

    fn classify(&mut self, pipeline: &mut Pipeline, article: &Article, out: &mut Vec<u8>) {
        self.articles += 1;
        let all = self.wanted.all;
        let claims = pipeline.classify_where(article, self.wanted.unit, |prediction| {
            self.sentences += 1;
            for label in prediction.labels.iter() {
                self.labelled[label] += 1;
            }
            all || !prediction.labels.is_empty()
        });
        let from = out.len();
        self.writer
            .write(out, article, &claims)
            .expect("a vector takes every byte");
        if self.wanted.texts && !self.lines {
            let Article {
                id, title, text, ..
            } = article;
            self.texts
                .push(json!({"article": id, "title": title, "text": text}));
        }
        if !self.lines {
            self.join(from, out);
        }
    }

    /// Makes lines of JSON the elements of an array: a line feed can only stand at their ends.
    fn join(&mut self, from: usize, out: &mut Vec<u8>) {
        if out.len() == from {
            return;
        }
        out.pop();
        for byte in out[from..].iter_mut().filter(|byte| **byte == b'\n') {
            *byte = b',';
        }
        if std::mem::replace(&mut self.begun, true) {
            out.insert(from, b',');
        }
    }

    /// Tells of a record that could not be read.
    fn fail(&mut self, error: &str, out: &mut Vec<u8>) {
        if self.lines {
            out.extend_from_slice(json!({ "error": error }).to_string().as_bytes());
            out.push(b'\n');
        }
        self.errors.push(error.to_owned());
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        self.finished = true;
        if self.lines {
            return;
        }
        let counts =
            json!({"articles": self.articles, "sentences": self.sentences, "errors": self.errors});
        let mut end = counts;
        if self.wanted.texts {
            end["texts"] = Value::Array(std::mem::take(&mut self.texts));
        }
        out.extend_from_slice(b"],");
        out.extend_from_slice(&end.to_string().as_bytes()[1..]);
    }
}
