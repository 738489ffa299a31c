//! Every request gets an id, a time limit, a line in the log and its place in the counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::metrics::gauge::Gauge;
use tokio::time::timeout;

use super::{App, Failure};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most characters of an id that a client gives.
const LONGEST_ID: usize = 64;

pub(super) async fn observe(
    State(app): State<Arc<App>>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let _in_flight = Counted::new(&app.metrics.in_flight);
    let id = request_id(request.headers());
    let method = request.method().clone();
    let route = path
        .as_ref()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    let answer = timeout(app.options.timeout, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| {
        Failure::new(StatusCode::REQUEST_TIMEOUT, "the request took too long").into_response()
    });
    let (status, took) = (response.status(), started.elapsed());
    app.metrics.answered(&route, status, took);
    let milliseconds = (took.as_secs_f64() * 1e5).round() / 1e2;
    tracing::info!(
        request = id.to_str().unwrap_or_default(), %method, route, status = status.as_u16(), milliseconds, "answered"
    );
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

/// The id that the client gave, where it is short and plain; else one of our own.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let is_plain = |id: &&HeaderValue| {
        let bytes = id.as_bytes();
        (1..=LONGEST_ID).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic)
    };
    match headers.get(REQUEST_ID).filter(is_plain) {
        Some(id) => id.clone(),
        None => HeaderValue::from_str(&new_id()).expect("hexadecimal digits and a dash"),
    }
}

/// When the process made its first id, and how many it has made since.
fn new_id() -> String {
    static FIRST: std::sync::OnceLock<u128> = std::sync::OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let now = || SystemTime::now().duration_since(UNIX_EPOCH);
    let first = FIRST.get_or_init(|| now().map_or(0, |since| since.as_millis()));
    format!("{first:x}-{:x}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// One more, until it is dropped.
pub(super) struct Counted(Gauge);

impl Counted {
    pub(super) fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}
