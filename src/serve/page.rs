//! The page, its script and its style: files within the program, and nothing from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use super::App;

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const IMAGE: &str = "image/svg+xml";

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", file(HTML, include_str!("page/index.html")))
        .route("/page.js", file(SCRIPT, include_str!("page/page.js")))
        .route("/make.js", file(SCRIPT, include_str!("page/make.js")))
        .route("/style.css", file(STYLE, include_str!("page/style.css")))
        .route("/icon.svg", file(IMAGE, include_str!("page/icon.svg")))
}

/// Answers with a file.
pub(super) fn file(
    kind: &'static str,
    text: &'static str,
) -> axum::routing::MethodRouter<Arc<App>> {
    get(move || async move { ([(header::CONTENT_TYPE, kind)], text).into_response() })
}
