//! What is counted of requests.

use crate::metrics::Metric;

/// Requests answered, by method, route and class of status ("2xx").
pub(super) const REQUESTS: &str = "plenary_http_requests_total";
/// How long the answers took, in seconds, by route.
pub(super) const SECONDS: &str = "plenary_http_request_seconds";

/// All of it, for operators.
pub const METRICS: &[Metric] = &[
    Metric::counter(REQUESTS, "Requests answered."),
    Metric::histogram(SECONDS, "How long answers took, in seconds."),
];
