//! What is counted of the log.

use crate::metrics::Metric;

/// Changes committed to channels.
pub(super) const CHANGES: &str = "plenary_log_changes_total";
/// How many entries one transaction of the log held.
pub(super) const GROUP_ENTRIES: &str = "plenary_log_group_entries";
/// How long the log's transactions took, in seconds.
pub(super) const COMMIT_SECONDS: &str = "plenary_log_commit_seconds";
/// Groups that the log had to try again, by reason: conflicting transactions ("conflict"), no
/// database ("gone"), messages that had been sent before ("known").
pub(super) const RETRIES: &str = "plenary_log_retries_total";
/// Commits whose answer was lost, by what was found: "there", "written_again", or "given_up" when
/// its senders had been told meanwhile to try again.
pub(super) const UNKNOWN: &str = "plenary_log_unknown_total";
/// Entries that the database did not take.
pub(super) const REFUSED: &str = "plenary_log_refused_total";

/// All of it, for operators.
pub(super) const METRICS: &[Metric] = &[
    Metric::counter(CHANGES, "Changes committed to channels.").from_zero(),
    Metric::histogram(GROUP_ENTRIES, "Entries committed in one transaction."),
    Metric::histogram(COMMIT_SECONDS, "How long a transaction of the log took, in seconds."),
    Metric::counter(RETRIES, "Groups that the log had to try again, by reason.")
        .from_zero_by("why", &["conflict", "gone", "known"]),
    Metric::counter(UNKNOWN, "Commits whose answer was lost, by what was found.")
        .from_zero_by("outcome", &["there", "written_again", "given_up"]),
    Metric::counter(REFUSED, "Entries that the database did not take.").from_zero(),
];
