//! What is counted of the way between nodes.

use crate::metrics::Metric;

/// Servers of the bus, Redis, that this node is connected to and hears by.
pub(super) const CONNECTED: &str = "plenary_bus_connected";
/// Messages that were given to the bus' servers.
pub(super) const PUBLISHED: &str = "plenary_bus_published_total";
/// Messages heard from other nodes.
pub(super) const RECEIVED: &str = "plenary_bus_received_total";
/// Messages between nodes that were dropped, by why: no room in the "inbox" or the "outbox", no
/// connection ("lost"), or a kind that this version does not know ("unknown").
pub(super) const DROPPED: &str = "plenary_bus_dropped_total";
/// How often messages of other nodes may have been missed, so that everything is looked at again.
pub(super) const GAPS: &str = "plenary_bus_gaps_total";
/// Topics that this node listens to.
pub(super) const TOPICS: &str = "plenary_bus_topics";

/// All of it, for operators.
pub const METRICS: &[Metric] = &[
    Metric::gauge(CONNECTED, "Servers between nodes that this node hears by."),
    Metric::counter(PUBLISHED, "Messages given to the servers between nodes.").from_zero(),
    Metric::counter(RECEIVED, "Messages heard from other nodes.").from_zero(),
    Metric::counter(DROPPED, "Messages between nodes that were dropped.")
        .from_zero_by("why", &["inbox", "outbox", "lost", "unknown"]),
    Metric::counter(GAPS, "How often messages of other nodes may have been missed.").from_zero(),
    Metric::gauge(TOPICS, "Topics that this node listens to."),
];
