//! What a browser is told to keep apart, and which names the server answers to.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{App, Failure};

/// Nothing but the server's own script and style; no code and no style in the markup; nobody may frame the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the headers that keep what others wrote from doing anything.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
    ] {
        let value = HeaderValue::from_static(value);
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// Refuses a request whose host is not this machine while the server listens to it alone: a web page elsewhere could have given its own
/// name this address, and would be let read the answers.
pub(super) async fn host(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let is_known = host.is_none_or(|host| host.to_str().is_ok_and(is_this_machine));
    if app.is_loopback && !is_known {
        let wrong = "this server answers to localhost only";
        return Failure::new(StatusCode::MISDIRECTED_REQUEST, wrong).into_response();
    }
    next.run(request).await
}

/// Whether a host, with or without port, is a name of this machine.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or(host),
    };
    let address = name.parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known() {
        for known in [
            "localhost",
            "LocalHost:8080",
            "127.0.0.1:80",
            "[::1]:8080",
            "[::1]",
        ] {
            assert!(is_this_machine(known), "{known}");
        }
        for strange in [
            "example.com",
            "127.0.0.1.example.com",
            "10.0.0.1:80",
            "",
            "[::2]",
        ] {
            assert!(!is_this_machine(strange), "{strange}");
        }
    }
}
