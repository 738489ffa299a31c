//! `POST /v1/explain`: a sentence → what every term adds to every score, and what would flip each decision.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use super::body::{Body, media_type};
use super::{App, Failure, JSON, as_json};

/// The most characters of a sentence that is explained: every term of it is listed for every label.
const LONGEST: usize = 5_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    text: String,
}

pub(super) async fn explain(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    if media_type(&headers) != JSON {
        let needed = "the content type must be application/json";
        return Err(Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, needed));
    }
    let question: Question = serde_json::from_slice(&body.bytes)
        .map_err(|error| Failure::bad_request(error.to_string()))?;
    let text = question.text.trim().to_owned();
    if text.is_empty() || question.text.chars().count() > LONGEST {
        let needed = format!("`text` must hold a sentence of at most {LONGEST} characters");
        return Err(Failure::bad_request(needed));
    }
    app.workers.admit()?;
    let model = Arc::clone(&app.model);
    let explained = app.workers.run(text.len(), move |pipeline| {
        let same = pipeline.set_thresholds(model.thresholds());
        debug_assert!(same.is_ok(), "the pipelines' model");
        let explanation = pipeline.explain(&text);
        let mut json = explanation.to_json(model.labels(), &text);
        for (label, name) in model.labels().names().iter().enumerate() {
            json["labels"][name]["flip"] = explanation.flip(&model, label).into();
        }
        json
    });
    Ok(as_json(&explained.await?))
}
