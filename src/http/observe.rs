//! Logs and counts requests: their route and outcome, nothing that a person wrote.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{counter, histogram};
use tracing::Instrument as _;

use super::counted::{REQUESTS, SECONDS};
use super::problem::Problem;

/// Counts the request and its duration under its route; logs server failures as errors and
/// everything else at level debug.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = known_method(&request);
    // The pattern with its placeholders, so that neither metrics nor the log grow with the paths.
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "web app".to_owned(), |route| route.as_str().to_owned());
    let span = tracing::info_span!("request", method, route);
    let response = next.run(request).instrument(span.clone()).await;

    let status = response.status();
    let seconds = begin.elapsed().as_secs_f64();
    let class = ["1xx", "2xx", "3xx", "4xx", "5xx"]
        .get(usize::from(status.as_u16() / 100).saturating_sub(1))
        .copied()
        .unwrap_or("other");
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => class)
        .increment(1);
    histogram!(SECONDS, "route" => route).record(seconds);
    span.in_scope(|| {
        // 503 is deliberate: while stopping, when full, when the database is down, which is
        // logged where it is noticed. Every retrying client would add a line.
        if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(status = status.as_u16(), seconds, "a request failed");
        } else {
            tracing::debug!(status = status.as_u16(), seconds, "a request was answered");
        }
    });
    response
}

/// A client may send any method; only the common ones become labels.
fn known_method(request: &Request) -> &'static str {
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        .into_iter()
        .find(|known| *known == request.method().as_str())
        .unwrap_or("other")
}

/// The answer to a request whose handler panicked; the log says where.
pub(super) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    Problem::internal().into_response()
}
