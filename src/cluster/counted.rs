//! What is measured of the other nodes.

use crate::metrics::Metric;

/// Other nodes whose lease is good.
pub(super) const PEERS: &str = "plenary_peers";
/// How long ago the oldest of those leases was renewed, in seconds.
pub(super) const LEASE_AGE_SECONDS: &str = "plenary_lease_age_seconds";

/// All of it, for operators.
pub const METRICS: &[Metric] = &[
    Metric::gauge(PEERS, "Other nodes whose lease is good."),
    Metric::gauge(
        LEASE_AGE_SECONDS,
        "How long ago the oldest lease of another node was renewed, in seconds.",
    ),
];
