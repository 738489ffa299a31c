//! Counts and times of requests → the text that Prometheus reads.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{App, Failure};

/// Upper bounds of the latencies that are told apart, in seconds.
const SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

type Route = [(&'static str, String); 1];
type Outcome = [(&'static str, String); 2];

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    /// Requests that have not been answered.
    pub(super) in_flight: Gauge,
    /// Connections that are open.
    pub(super) connections: Gauge,
    /// Sentences that were classified.
    pub(super) sentences: Counter,
    claims: Family<Route, Counter>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("rejoinder"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            sentences: Counter::default(),
            claims: Family::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("requests", "Requests answered", metrics.requests.clone());
        let seconds = metrics.seconds.clone();
        registry.register("request_seconds", "Until the answer begins", seconds);
        registry.register(
            "requests_in_flight",
            "Requests not answered yet",
            metrics.in_flight.clone(),
        );
        registry.register(
            "connections",
            "Open connections",
            metrics.connections.clone(),
        );
        registry.register(
            "sentences",
            "Sentences classified",
            metrics.sentences.clone(),
        );
        registry.register("claims", "Sentences given a label", metrics.claims.clone());
        metrics
    }

    /// Counts a request that was answered.
    pub(super) fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        let outcome = [
            ("route", route.to_owned()),
            ("status", status.as_str().to_owned()),
        ];
        self.requests.get_or_create(&outcome).inc();
        let route = [("route", route.to_owned())];
        self.seconds
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }

    /// Counts sentences that were given a label.
    pub(super) fn count_claims(&self, label: &str, count: usize) {
        if count > 0 {
            let label = [("label", label.to_owned())];
            self.claims.get_or_create(&label).inc_by(count as u64);
        }
    }
}

/// `GET /metrics`
pub(super) async fn text(State(app): State<Arc<App>>) -> Result<Response, Failure> {
    let mut text = String::new();
    encode(&mut text, &app.metrics.registry)
        .map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
