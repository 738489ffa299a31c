//! The desk over HTTP: the next sentence, what is said of it, how far people agree, what the model learns.
//!
//! Nobody is told what another person said of a sentence before it is disputed: coding stays blind.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Json, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::{HTML, SCRIPT, file};
use super::{App, Failure, JSON};
use crate::desk::{Coding, Desk, ExportFormat, Order};
use crate::evaluate::EvaluationOptions;
use crate::{Error, LabelSet};

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/desk", file(HTML, include_str!("page/desk.html")))
        .route("/desk.js", file(SCRIPT, include_str!("page/desk.js")))
        .route("/v1/desk", get(about))
        .route("/v1/desk/next", post(next))
        .route("/v1/desk/code", post(code))
        .route("/v1/desk/skip", post(skip))
        .route("/v1/desk/undo", post(undo))
        .route("/v1/desk/disputed", get(disputed))
        .route("/v1/desk/agreement", get(agreement))
        .route("/v1/desk/learn", post(learn))
        .route("/v1/desk/suspects", post(suspects))
        .route("/v1/desk/export", get(export))
}

type Answer = Result<response::Json<Value>, Failure>;

/// A body of JSON; a page elsewhere cannot send its content type without being asked for leave, which this server does not give.
type Asked<T> = Result<Json<T>, JsonRejection>;

fn asked<T>(body: Asked<T>) -> Result<T, Failure> {
    body.map(|Json(asked)| asked)
        .map_err(|error| Failure::new(error.status(), error.body_text()))
}

/// Does something with the desk, apart from the threads that answer: it waits for the disk.
async fn with<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&mut Desk) -> T + Send + 'static,
) -> Result<T, Failure> {
    let missing = || Failure::new(StatusCode::NOT_FOUND, "this server has no desk");
    let desk = app.desk.clone().ok_or_else(missing)?;
    apart(move || work(&mut desk.lock().unwrap_or_else(PoisonError::into_inner))).await
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    let stopped = |_| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the work was stopped");
    tokio::task::spawn_blocking(work).await.map_err(stopped)
}

/// An error of the desk: what the person did wrong, or what the disk did.
fn failure(error: &Error) -> Failure {
    let status = match error {
        Error::Desk { .. } => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    Failure::new(status, error.to_string())
}

async fn about(State(app): State<Arc<App>>) -> Answer {
    let codebook = app.codebook.clone();
    let about = with(&app, move |desk| {
        json!({
            "labels": desk.model().labels().names(),
            "progress": desk.progress(),
            "learned": desk.learned(),
            "tested": desk.tested(),
            "suspects": desk.suspects().len(),
            "codebook": codebook,
        })
    });
    Ok(response::Json(about.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Next {
    annotator: String,
    #[serde(default)]
    order: Order,
}

async fn next(State(app): State<Arc<App>>, body: Asked<Next>) -> Answer {
    let Next { annotator, order } = asked(body)?;
    let task = with(&app, move |desk| {
        let next = desk.next(&annotator, order);
        next.map(|at| task(desk, at, &annotator, order))
    });
    Ok(response::Json(json!({ "task": task.await? })))
}

/// A sentence in its article, with what the person said of it before.
fn task(desk: &Desk, at: usize, annotator: &str, order: Order) -> Value {
    let own = desk
        .codings(at)
        .iter()
        .find(|coding| coding.annotator == annotator && !coding.ruling);
    let mut task = passage(desk, at);
    task["own"] = own.map(|coding| coding_json(desk, coding)).into();
    let suspect = desk.suspects().iter().find(|suspect| suspect.row == at);
    if let (Order::Suspects, Some(suspect)) = (order, suspect) {
        task["suspect"] = json!({"label": suspect.label, "given": suspect.gold, "probability": suspect.probability});
    }
    task
}

/// A sentence in its article.
fn passage(desk: &Desk, at: usize) -> Value {
    let sentence = &desk.sentences()[at];
    let article = &desk.articles()[sentence.article];
    let lines: Vec<Value> = desk
        .article_of(at)
        .map(|at| {
            let sentence = &desk.sentences()[at];
            json!({"sentence": at, "lead": sentence.lead, "text": sentence.text})
        })
        .collect();
    json!({
        "sentence": at, "name": sentence.name, "rule": sentence.rule, "title": article.title, "article": article.name,
        "lines": lines,
    })
}

fn coding_json(desk: &Desk, coding: &Coding) -> Value {
    let labels: Vec<&str> = desk.model().labels().names_of(coding.labels).collect();
    json!({"annotator": coding.annotator, "labels": labels, "rule": coding.rule, "ruling": coding.ruling})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    annotator: String,
    sentence: usize,
    labels: Vec<String>,
    rule: Option<String>,
    /// Whether it rules on what others said.
    #[serde(default)]
    ruling: bool,
}

async fn code(State(app): State<Arc<App>>, body: Asked<Said>) -> Answer {
    let said = asked(body)?;
    with(&app, move |desk| {
        check(desk, said.sentence)?;
        let index = |name: &String| {
            let unknown = || Failure::bad_request(format!("unknown label `{name}`"));
            desk.model().labels().index(name).ok_or_else(unknown)
        };
        let labels: LabelSet = said.labels.iter().map(index).collect::<Result<_, _>>()?;
        let rule = said
            .rule
            .as_deref()
            .map(str::trim)
            .filter(|rule| !rule.is_empty());
        let keep = if said.ruling { Desk::rule } else { Desk::code };
        keep(desk, said.sentence, &said.annotator, labels, rule)
            .map_err(|error| failure(&error))?;
        Ok(response::Json(json!({ "progress": desk.progress() })))
    })
    .await?
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Skipped {
    annotator: String,
    sentence: usize,
}

async fn skip(State(app): State<Arc<App>>, body: Asked<Skipped>) -> Answer {
    let Skipped {
        annotator,
        sentence,
    } = asked(body)?;
    with(&app, move |desk| {
        check(desk, sentence)?;
        desk.skip(sentence, &annotator);
        Ok(response::Json(json!({})))
    })
    .await?
}

fn check(desk: &Desk, sentence: usize) -> Result<(), Failure> {
    let count = desk.sentences().len();
    if sentence < count {
        return Ok(());
    }
    Err(Failure::bad_request(format!(
        "sentence {sentence} of {count}, counted from 0"
    )))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    annotator: String,
}

async fn undo(State(app): State<Arc<App>>, body: Asked<Who>) -> Answer {
    let Who { annotator } = asked(body)?;
    with(&app, move |desk| {
        let undone = desk.undo(&annotator).map_err(|error| failure(&error))?;
        let task = undone.map(|at| task(desk, at, &annotator, Order::Random));
        Ok(response::Json(
            json!({"task": task, "progress": desk.progress()}),
        ))
    })
    .await?
}

/// What somebody has to rule on, with what everybody said.
async fn disputed(State(app): State<Arc<App>>) -> Answer {
    let found = with(&app, |desk| {
        let disputed = desk.disputed().into_iter().map(|at| {
            let mut found = passage(desk, at);
            let codings = desk
                .codings(at)
                .iter()
                .map(|coding| coding_json(desk, coding));
            found["codings"] = codings.collect();
            found
        });
        disputed.collect::<Vec<Value>>()
    });
    Ok(response::Json(json!({ "disputed": found.await? })))
}

async fn agreement(State(app): State<Arc<App>>) -> Answer {
    let found = with(&app, |desk| {
        let (names, agreement) = desk.agreement(&EvaluationOptions::default());
        let differences: Vec<Value> = desk
            .differences()
            .into_iter()
            .map(|(rule, sentences)| {
                let texts: Vec<&str> = sentences
                    .iter()
                    .map(|&at| desk.sentences()[at].text.as_str())
                    .collect();
                json!({"rule": rule, "sentences": texts})
            })
            .collect();
        json!({"annotators": names, "agreement": agreement, "differences": differences})
    });
    Ok(response::Json(found.await?))
}

/// Trains on what is settled. The desk goes on meanwhile.
async fn learn(State(app): State<Arc<App>>) -> Answer {
    let lesson = with(&app, |desk| desk.lesson()).await?;
    let outcome = apart(move || lesson.learn())
        .await?
        .map_err(|error| failure(&error))?;
    let learned = with(&app, move |desk| json!({ "learned": desk.take(outcome) }));
    Ok(response::Json(learned.await?))
}

/// Looks for labels that are contradicted by models which have learned from the others.
async fn suspects(State(app): State<Arc<App>>) -> Answer {
    let lesson = with(&app, |desk| desk.lesson()).await?;
    let found = apart(move || lesson.suspects())
        .await?
        .map_err(|error| failure(&error))?;
    let count = with(&app, move |desk| {
        desk.suspect(found);
        json!({ "suspects": desk.suspects().len() })
    });
    Ok(response::Json(count.await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(default)]
    format: ExportFormat,
}

async fn export(
    State(app): State<Arc<App>>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(Wanted { format }) =
        wanted.map_err(|error| Failure::bad_request(error.body_text()))?;
    let (name, kind) = match format {
        ExportFormat::Csv => ("labels.csv", "text/csv; charset=utf-8"),
        ExportFormat::Jsonl => ("labels.jsonl", "application/x-ndjson"),
        ExportFormat::Doccano => ("doccano.jsonl", "application/x-ndjson"),
        ExportFormat::LabelStudio => ("label-studio.json", JSON),
    };
    let file = with(&app, move |desk| {
        let mut file = Vec::new();
        desk.export(&mut file, format).map(|()| file)
    });
    let file = file.await?.expect("a vector takes every byte");
    let as_file = format!("attachment; filename=\"{name}\"");
    Ok((
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, &as_file),
        ],
        file,
    )
        .into_response())
}

/// A desk that requests share.
pub(super) type Shared = Arc<Mutex<Desk>>;
