//! The body of a request → bytes and their format, within what one request and all of them may hold, packed or unpacked.

use std::io::Read;
use std::sync::Arc;

use axum::body::BodyDataStream;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{App, Failure};
use crate::article::Format;
use crate::input::packed::{is_packed, unpack};

/// Bytes that are unpacked at a time.
const PIECE: usize = 1 << 16;

/// A body in memory.
#[derive(Default)]
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
    let mut body = Body::default();
    while let Some(piece) = stream.next().await {
        body.take(&piece.map_err(unreadable)?, limit, &app.room)?;
    }
    Ok(body)
}

impl Body {
    /// What is inside, within the limits of a body. It is unpacked before any of it is read, so that what is too long is refused as
    /// a whole, and on a pipeline's thread, so that no more are unpacked at once than there are threads.
    pub(super) async fn unpacked(self, app: &App) -> Result<Self, Failure> {
        if !is_packed(&self.bytes) {
            return Ok(self);
        }
        let (limit, room) = (app.options.body, Arc::clone(&app.room));
        let inside = move |_: &mut _| self.inside(limit, &room);
        app.workers.run(usize::MAX, inside).await?
    }

    fn inside(&self, limit: usize, room: &Arc<Semaphore>) -> Result<Self, Failure> {
        let mut body = Self::default();
        let mut inside = unpack(self.bytes.as_slice()).map_err(unreadable)?;
        let mut piece = vec![0; PIECE];
        loop {
            match inside.read(&mut piece).map_err(unreadable)? {
                0 if is_packed(&body.bytes) => return Err(unreadable("it is packed twice")),
                0 => return Ok(body),
                n => body.take(&piece[..n], limit, room)?,
            }
        }
    }

    /// Adds a piece, where there is room for it.
    fn take(&mut self, piece: &[u8], limit: usize, room: &Arc<Semaphore>) -> Result<(), Failure> {
        if self.bytes.len() + piece.len() > limit {
            return Err(too_long(limit));
        }
        let more = Arc::clone(room).try_acquire_many_owned(piece.len() as u32);
        let more = more.map_err(|_| Failure::busy("too much text waits to be classified"))?;
        match &mut self.room {
            Some(room) => room.merge(more),
            None => self.room = Some(more),
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }
}

fn unreadable(problem: impl std::fmt::Display) -> Failure {
    Failure::bad_request(format!("the body: {problem}"))
}

fn too_long(limit: usize) -> Failure {
    Failure::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("a body may have at most {limit} bytes, packed or unpacked"),
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
