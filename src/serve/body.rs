//! The body of a request → bytes and their format, within what one request and all of them may hold.

use std::sync::Arc;

use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use tokio::sync::OwnedSemaphorePermit;

use super::{App, Failure};
use crate::article::Format;

/// A body in memory.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Room in memory, given back when the body is dropped.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

impl FromRequest<Arc<App>> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Failure> {
        let limit = app.options.body;
        if stated_length(request.headers()).is_some_and(|length| length > limit as u64) {
            return Err(too_long(limit));
        }
        read(request.into_body().into_data_stream(), limit, app).await
    }
}

async fn read(mut stream: BodyDataStream, limit: usize, app: &App) -> Result<Body, Failure> {
    let mut body = Body {
        bytes: Vec::new(),
        room: None,
    };
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|error| Failure::bad_request(format!("the body: {error}")))?;
        if body.bytes.len() + piece.len() > limit {
            return Err(too_long(limit));
        }
        let more = Arc::clone(&app.room).try_acquire_many_owned(piece.len() as u32);
        let more = more.map_err(|_| Failure::busy("too much text waits to be classified"))?;
        match &mut body.room {
            Some(room) => room.merge(more),
            None => body.room = Some(more),
        }
        body.bytes.extend_from_slice(&piece);
    }
    Ok(body)
}

fn too_long(limit: usize) -> Failure {
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a body may have at most {limit} bytes"),
    )
}

fn stated_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// The media type of a body, in lower case and without parameters.
pub(super) fn media_type(headers: &HeaderMap) -> String {
    let stated = headers.get(header::CONTENT_TYPE);
    let stated = stated.and_then(|value| value.to_str().ok()).unwrap_or("");
    let media_type = stated.split(';').next().unwrap_or("");
    media_type.trim().to_ascii_lowercase()
}

/// How a body of articles is laid out. One JSON object is a line of JSON once its line feeds, which can only stand between its
/// parts, are blanks.
pub(super) fn article_format(media_type: &str, bytes: &mut [u8]) -> Result<Format, Failure> {
    match media_type {
        "application/json" => {
            for byte in bytes.iter_mut().filter(|byte| **byte == b'\n') {
                *byte = b' ';
            }
            Ok(Format::Jsonl)
        }
        "application/x-ndjson" | "application/jsonl" => Ok(Format::Jsonl),
        "text/plain" => Ok(Format::Text),
        "text/csv" => Ok(Format::Csv),
        "text/tab-separated-values" => Ok(Format::Tsv),
        _ => Err(Failure::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the content type must be application/json, application/x-ndjson, text/plain, text/csv or \
             text/tab-separated-values",
        )),
    }
}
