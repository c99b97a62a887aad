//! What is counted of channels and of what is told to their members.

use crate::metrics::Metric;

/// Lines handed to sockets: replies, and pushes to the members of channels.
pub(crate) const LINES_SENT: &str = "plenary_lines_sent_total";
/// Lines that a full outbox dropped; the client was told to start again where it matters.
pub(super) const LINES_DROPPED: &str = "plenary_lines_dropped_total";
/// How often channels were read from the database: for the first member, for those who were away
/// for longer than memory reaches, for a hole.
pub(super) const ARCHIVE_READS: &str = "plenary_archive_reads_total";
/// Holes in channels that were filled from the database.
pub(super) const REPAIRS: &str = "plenary_repairs_total";
/// People in the channels of this node, wherever they are connected, once for each channel.
pub(super) const PRESENCE_PEOPLE: &str = "plenary_presence_people";

/// All of it, for operators.
pub const METRICS: &[Metric] = &[
    Metric::counter(LINES_SENT, "Replies, and pushes to the members of channels.").from_zero(),
    Metric::counter(LINES_DROPPED, "Replies and pushes dropped because a client did not keep up.")
        .from_zero(),
    Metric::counter(
        ARCHIVE_READS,
        "Channels read from the database, because they were not in memory so far back.",
    )
    .from_zero(),
    Metric::counter(REPAIRS, "Holes in channels that were filled from the database.").from_zero(),
    Metric::gauge(PRESENCE_PEOPLE, "People in the channels of this node, once for each channel."),
];
