//! HTTP requests → claims: the pipeline behind a small server, with a page to look at.
//!
//! | route | what |
//! | --- | --- |
//! | `GET /` | a page where articles are pasted or dropped and read back with their claims marked |
//! | `POST /v1/classify` | articles (JSON, JSON lines, CSV, TSV, text) → claims as JSON or, with `Accept: application/x-ndjson`, as the JSON lines of [`report`](crate::report) |
//! | `POST /v1/explain` | a sentence → what every term adds to every score |
//! | `GET /v1/model` | labels, thresholds, how the model was trained |
//! | `GET /desk`, `/v1/desk/…` | the [`desk`](crate::desk), where one is served |
//! | `GET /healthz`, `/metrics`, `/openapi.json` | for those who run it |
//!
//! What a client can take is bounded: bytes of one body and of all of them, seconds of a request, of its head and of a write
//! that does not move, connections, and requests that wait for a pipeline. What goes past a limit is answered with an error and
//! costs the others nothing.
//!
//! ```no_run
//! use rejoinder::Model;
//! use rejoinder::serve::{ServeOptions, Server};
//!
//! let server = Server::bind(Model::shipped().into(), ServeOptions::default())?;
//! eprintln!("http://{}", server.address());
//! server.run()?; // until SIGTERM or SIGINT
//! # Ok::<(), rejoinder::Error>(())
//! ```

mod body;
mod classify;
mod connection;
mod desk;
mod explain;
mod failure;
mod guard;
mod metrics;
mod observe;
mod page;
mod workers;

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use self::failure::Failure;
use self::metrics::Metrics;
use self::workers::Workers;
use crate::desk::Desk;
use crate::{Error, Labels, Model, Result};

/// Where the server listens, and how much it takes on.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Name or address of the interface: `127.0.0.1` by default.
    pub host: String,
    /// The port: 8080 by default; 0 for any that is free.
    pub port: u16,
    /// Pipelines, each with a thread: one for each core by default.
    pub threads: usize,
    /// The most bytes of a request's body, and of what is inside where it is packed: 16 MiB by default.
    pub body: usize,
    /// The most bytes of all bodies that are held at a time: 256 MiB by default.
    pub bodies: usize,
    /// How long a request may take until its answer begins, and a write of the answer until it moves: 30 s by default.
    pub timeout: Duration,
    /// How long the head of a request may take, and a connection may idle: 10 s by default.
    pub head_timeout: Duration,
    /// The most connections: 4,096 by default. Others wait to be accepted.
    pub connections: usize,
    /// The most requests that wait for a pipeline: 256 by default. Others are answered with status 503.
    pub waiting: usize,
    /// How long requests that have begun may go on after the signal to stop: 10 s by default.
    pub grace: Duration,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8080,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            body: 16 << 20,
            bodies: 256 << 20,
            timeout: Duration::from_secs(30),
            head_timeout: Duration::from_secs(10),
            connections: 4_096,
            waiting: 256,
            grace: Duration::from_secs(10),
        }
    }
}

/// Threads for what waits for the disk of a desk, beside those that classify.
const DESK_THREADS: usize = 4;

/// What every request is answered from.
struct App {
    model: Arc<Model>,
    options: ServeOptions,
    workers: Workers,
    /// The bytes of bodies that may still be taken.
    room: Arc<Semaphore>,
    metrics: Metrics,
    /// Whether the server can only be reached from its own machine.
    is_loopback: bool,
    /// What is labelled, where anything is.
    desk: Option<desk::Shared>,
    /// What those who label go by, as Markdown.
    codebook: String,
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    app: App,
}

/// The codebook of the labels that ship with this crate.
const CODEBOOK: &str = include_str!("../../labels/codebook.md");

impl Server {
    /// Takes the address and makes the pipelines; requests wait until [`Server::run`].
    ///
    /// # Errors
    /// [`Error::Io`] when the host has no address or the port is taken.
    pub fn bind(model: Arc<Model>, options: ServeOptions) -> Result<Self> {
        let place = format!("{}:{}", options.host, options.port);
        let listen = || -> std::io::Result<_> {
            let addresses: Vec<SocketAddr> = (options.host.as_str(), options.port)
                .to_socket_addrs()?
                .collect();
            let listener = TcpListener::bind(addresses.as_slice())?;
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        };
        let (listener, address) = listen().map_err(Error::io(place))?;
        let app = App {
            workers: Workers::new(&model, options.threads, options.waiting),
            room: Arc::new(Semaphore::new(options.bodies)),
            metrics: Metrics::new(),
            is_loopback: address.ip().is_loopback(),
            desk: None,
            codebook: CODEBOOK.to_owned(),
            model,
            options,
        };
        Ok(Self {
            listener,
            address,
            app,
        })
    }

    /// Serves a desk at `/desk` too, with the codebook beside it: the one that ships when none is given.
    #[must_use]
    pub fn with_desk(mut self, desk: Desk, codebook: Option<String>) -> Self {
        self.app.desk = Some(Arc::new(Mutex::new(desk)));
        if let Some(codebook) = codebook {
            self.app.codebook = codebook;
        }
        self
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until the process is told to stop (SIGTERM, SIGINT); those that have begun are finished.
    ///
    /// # Errors
    /// [`Error::Io`] when the threads cannot be started.
    pub fn run(self) -> Result<()> {
        let app = Arc::new(self.app);
        // Each connection is a file; the usual soft limit is 1,024. Where it cannot be raised, the accept loop waits.
        let _ = rlimit::increase_nofile_limit(app.options.connections as u64 + 64);
        let place = self.address.to_string();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(app.options.threads)
            .max_blocking_threads(app.options.threads + DESK_THREADS)
            .enable_all()
            .build()
            .map_err(Error::io(&place))?;
        let served = runtime
            .block_on(connection::serve(self.listener, router(&app), app))
            .map_err(Error::io(place));
        runtime.shutdown_background();
        served
    }
}

fn router(app: &Arc<App>) -> Router {
    let desk = app.desk.as_ref().map(|_| desk::routes());
    Router::new()
        .route("/v1/classify", post(classify::classify))
        .route("/v1/explain", post(explain::explain))
        .route("/v1/model", get(about))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics::text))
        .route("/openapi.json", get(openapi))
        .merge(page::routes())
        .merge(desk.unwrap_or_default())
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(Arc::clone(app), guard::host))
        .layer(from_fn_with_state(Arc::clone(app), observe::observe))
        .with_state(Arc::clone(app))
}

/// `GET /v1/model`: what the model knows, and how it came to be.
async fn about(State(app): State<Arc<App>>) -> Response {
    let labels: Vec<Value> = app
        .model
        .labels()
        .names()
        .iter()
        .zip(app.model.thresholds())
        .map(|(label, threshold)| json!({"label": label, "threshold": threshold}))
        .collect();
    let about = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "labels": labels,
        "n_features": app.model.vectorizer().n_features(),
        "training": app.model.record(),
    });
    as_json(&about)
}

/// `GET /healthz`: answered as long as requests are.
async fn health() -> Response {
    as_json(&json!({"status": "ok"}))
}

/// `GET /openapi.json`: the description that this server is checked against.
async fn openapi(State(app): State<Arc<App>>) -> Response {
    let description = include_str!("openapi.json");
    let labels = one_of(app.model.labels());
    let description = description
        .replace("VERSION", env!("CARGO_PKG_VERSION"))
        .replace("LABELS", labels.trim_matches('"'));
    ([(header::CONTENT_TYPE, JSON)], description).into_response()
}

/// The labels as alternatives of a regular expression, as they stand within a JSON string.
fn one_of(labels: &Labels) -> String {
    let escaped = |name: &String| -> String {
        name.chars()
            .flat_map(|c| {
                (!c.is_alphanumeric())
                    .then_some('\\')
                    .into_iter()
                    .chain([c])
            })
            .collect()
    };
    let names: Vec<String> = labels.names().iter().map(escaped).collect();
    Value::from(names.join("|")).to_string()
}

async fn nothing_here() -> Failure {
    Failure::new(StatusCode::NOT_FOUND, "there is nothing at this path")
}

async fn other_method() -> Failure {
    Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path does not take that method",
    )
}

const JSON: &str = "application/json";

fn as_json(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, JSON)], value.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_escaped_within_an_expression() {
        let labels = Labels::new(["a.b", "offer"]).unwrap();
        assert_eq!(one_of(&labels), r#""a\\.b|offer""#);
    }
}
