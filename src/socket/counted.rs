//! What is counted of sockets.

use crate::metrics::Metric;
use crate::protocol::CloseReason;

/// Sockets that have said hello.
pub(super) const CONNECTIONS: &str = "plenary_connections";
/// Sockets that ended, by reason: a close code's name, or who left.
pub(super) const ENDED: &str = "plenary_connections_ended_total";
/// Requests answered on sockets, by operation and outcome ("ok", "refused").
pub(super) const REQUESTS: &str = "plenary_socket_requests_total";

/// The reasons for which this side ends a socket.
const CLOSES: [&str; CloseReason::ALL.len()] = {
    let mut names = [""; CloseReason::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = CloseReason::ALL[index].name();
        index += 1;
    }
    names
};

/// All of it, for operators.
pub const METRICS: &[Metric] = &[
    Metric::gauge(CONNECTIONS, "Sockets that are open."),
    Metric::counter(ENDED, "Sockets that ended, by reason.").from_zero_by("reason", &CLOSES),
    Metric::counter(REQUESTS, "Requests answered on sockets."),
];
