//! What is counted, for Prometheus. Every name once, here, in words; labels have few values, never
//! a room, a person or an address, so that the number of series does not grow with a conference.
//! It stands below everything that counts, and knows nothing of it.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::machine;

/// Requests answered, by method, route and class of status ("2xx").
pub const HTTP_REQUESTS: &str = "plenary_http_requests_total";
/// How long the answers took, in seconds, by route.
pub const HTTP_SECONDS: &str = "plenary_http_request_seconds";
/// Sockets that have said hello.
pub const CONNECTIONS: &str = "plenary_connections";
/// Sockets that ended, by reason: a close code's name, or who left.
pub const CONNECTIONS_ENDED: &str = "plenary_connections_ended_total";
/// Requests answered on sockets, by operation and outcome ("ok", "refused").
pub const SOCKET_REQUESTS: &str = "plenary_socket_requests_total";
/// Lines handed to sockets: replies, and pushes to the members of channels.
pub const LINES_SENT: &str = "plenary_lines_sent_total";
/// Lines that a full outbox dropped; the client was told to start again where it matters.
pub const LINES_DROPPED: &str = "plenary_lines_dropped_total";
/// How often channels were read from the database: for the first member, for those who were away
/// for longer than memory reaches, for a hole.
pub const ARCHIVE_READS: &str = "plenary_archive_reads_total";
/// Holes in channels that were filled from the database.
pub const REPAIRS: &str = "plenary_repairs_total";
/// Servers of the bus, Redis, that this node is connected to and hears by.
pub const BUS_CONNECTED: &str = "plenary_bus_connected";
/// Messages that were given to the bus' servers.
pub const BUS_PUBLISHED: &str = "plenary_bus_published_total";
/// Messages heard from other nodes.
pub const BUS_RECEIVED: &str = "plenary_bus_received_total";
/// Messages between nodes that were dropped, by why: no room in the "inbox" or the "outbox", no
/// connection ("lost"), or a kind that this version does not know ("unknown").
pub const BUS_DROPPED: &str = "plenary_bus_dropped_total";
/// How often messages of other nodes may have been missed, so that everything is looked at again.
pub const BUS_GAPS: &str = "plenary_bus_gaps_total";
/// Topics that this node listens to.
pub const BUS_TOPICS: &str = "plenary_bus_topics";
/// Other nodes whose lease is good.
pub const PEERS: &str = "plenary_peers";
/// How long ago the oldest of those leases was renewed, in seconds.
pub const LEASE_AGE_SECONDS: &str = "plenary_lease_age_seconds";
/// People in the channels of this node, wherever they are connected, once for each channel.
pub const PRESENCE_PEOPLE: &str = "plenary_presence_people";
/// Changes committed to channels.
pub const LOG_CHANGES: &str = "plenary_log_changes_total";
/// How many entries one transaction of the log held.
pub const LOG_GROUP_ENTRIES: &str = "plenary_log_group_entries";
/// How long the log's transactions took, in seconds.
pub const LOG_COMMIT_SECONDS: &str = "plenary_log_commit_seconds";
/// Groups that the log had to try again, by why: other transactions in the way ("conflict"), no
/// database ("gone"), messages that had been sent before ("known").
pub const LOG_RETRIES: &str = "plenary_log_retries_total";
/// Commits whose answer was lost, by what was found: "there", "written_again", or "given_up" when its
/// senders had been told meanwhile to try again.
pub const LOG_UNKNOWN: &str = "plenary_log_unknown_total";
/// Entries that the database did not take.
pub const LOG_REFUSED: &str = "plenary_log_refused_total";
/// Statements sent to the database.
pub const DATABASE_STATEMENTS: &str = "plenary_database_statements_total";
/// Mails, by outcome ("sent", "deferred", "given_up").
pub const MAILS: &str = "plenary_mails_total";

const RESIDENT: &str = "process_resident_memory_bytes";
const OPEN_FILES: &str = "process_open_fds";
const MAX_FILES: &str = "process_max_fds";
const FREE_SPACE: &str = "plenary_data_free_bytes";

const COUNTERS: &[(&str, &str)] = &[
    (HTTP_REQUESTS, "Requests answered."),
    (CONNECTIONS_ENDED, "Sockets that ended, by reason."),
    (SOCKET_REQUESTS, "Requests answered on sockets."),
    (LINES_SENT, "Replies, and pushes to the members of channels."),
    (LINES_DROPPED, "Replies and pushes dropped because a client did not keep up."),
    (
        ARCHIVE_READS,
        "Channels read from the database, because they were not in memory so far back.",
    ),
    (REPAIRS, "Holes in channels that were filled from the database."),
    (BUS_PUBLISHED, "Messages given to the servers between nodes."),
    (BUS_RECEIVED, "Messages heard from other nodes."),
    (BUS_DROPPED, "Messages between nodes that were dropped."),
    (BUS_GAPS, "How often messages of other nodes may have been missed."),
    (LOG_CHANGES, "Changes committed to channels."),
    (LOG_RETRIES, "Groups that the log had to try again, by why."),
    (LOG_UNKNOWN, "Commits whose answer was lost, by what was found."),
    (LOG_REFUSED, "Entries that the database did not take."),
    (DATABASE_STATEMENTS, "Statements sent to the database."),
    (MAILS, "Mails by what became of them."),
];
const GAUGES: &[(&str, &str)] = &[
    (CONNECTIONS, "Sockets that are open."),
    (BUS_CONNECTED, "Servers between nodes that this node hears by."),
    (BUS_TOPICS, "Topics that this node listens to."),
    (PEERS, "Other nodes whose lease is good."),
    (LEASE_AGE_SECONDS, "How long ago the oldest lease of another node was renewed, in seconds."),
    (PRESENCE_PEOPLE, "People in the channels of this node, once for each channel."),
    (RESIDENT, "Memory in use, in bytes."),
    (OPEN_FILES, "Open files and sockets."),
    (MAX_FILES, "How many files and sockets may be open."),
    (FREE_SPACE, "Free space where the data folder is, in bytes."),
];
const HISTOGRAMS: &[(&str, &str)] = &[
    (HTTP_SECONDS, "How long answers took, in seconds."),
    (LOG_GROUP_ENTRIES, "Entries committed in one transaction."),
    (LOG_COMMIT_SECONDS, "How long a transaction of the log took, in seconds."),
];

/// Upper bounds for histograms of seconds: half a millisecond to ten seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Upper bounds for histograms of counts.
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The process' one collection of metrics.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count; further calls give the same collection.
    pub fn start() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(install).clone())
    }

    /// Everything counted so far and what the machine says now, in the Prometheus text format.
    pub fn render(&self, data: &Path) -> String {
        look_at_machine(data);
        self.0.render()
    }

    /// Folds recent measurements of histograms together, for ever: without it they would pile up
    /// when nobody asks for the metrics.
    pub async fn keep_small(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(10));
        loop {
            tick.tick().await;
            self.0.run_upkeep();
        }
    }
}

/// Where the machine does not tell, the value stays away.
#[expect(clippy::cast_precision_loss, reason = "bytes and files stay far below 2⁵²")]
fn look_at_machine(data: &Path) {
    gauge!(MAX_FILES).set(machine::open_files_limit() as f64);
    if let Some(bytes) = machine::resident_memory() {
        gauge!(RESIDENT).set(bytes as f64);
    }
    if let Ok(files) = machine::open_files() {
        gauge!(OPEN_FILES).set(files as f64);
    }
    if let Ok(bytes) = machine::free_space(data) {
        gauge!(FREE_SPACE).set(bytes as f64);
    }
}

fn install() -> PrometheusHandle {
    // Fails only for an empty list of bounds.
    let recorder = builder().unwrap_or_default().build_recorder();
    let handle = recorder.handle();
    // Fails only when a program around this library counts for itself; then its counts count.
    let _ = metrics::set_global_recorder(recorder);
    for &(name, text) in COUNTERS {
        describe_counter!(name, text);
    }
    for &(name, text) in GAUGES {
        describe_gauge!(name, text);
    }
    for &(name, text) in HISTOGRAMS {
        describe_histogram!(name, text);
    }
    begin_at_zero();
    handle
}

/// An alarm on the growth of something needs it to be there before it grows for the first time.
/// Where the labels' values belong to a layer above, that layer begins its counters.
fn begin_at_zero() {
    for name in
        [LINES_SENT, LINES_DROPPED, ARCHIVE_READS, LOG_CHANGES, LOG_REFUSED, DATABASE_STATEMENTS]
    {
        counter!(name).absolute(0);
    }
    for name in [REPAIRS, BUS_PUBLISHED, BUS_RECEIVED, BUS_GAPS] {
        counter!(name).absolute(0);
    }
    for why in ["inbox", "outbox", "lost", "unknown"] {
        counter!(BUS_DROPPED, "why" => why).absolute(0);
    }
    for why in ["conflict", "gone", "known"] {
        counter!(LOG_RETRIES, "why" => why).absolute(0);
    }
    for outcome in ["there", "written_again", "given_up"] {
        counter!(LOG_UNKNOWN, "outcome" => outcome).absolute(0);
    }
    for outcome in ["sent", "deferred", "given_up"] {
        counter!(MAILS, "outcome" => outcome).absolute(0);
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let entries = Matcher::Full(LOG_GROUP_ENTRIES.to_owned());
    PrometheusBuilder::new().set_buckets(&SECONDS)?.set_buckets_for_metric(entries, &COUNTS)
}
