//! What is counted of mail.

use crate::metrics::Metric;

/// Mails, by outcome ("sent", "deferred", "given_up").
pub(super) const MAILS: &str = "plenary_mails_total";

/// All of it, for operators.
pub const METRICS: &[Metric] = &[Metric::counter(MAILS, "Mails by what became of them.")
    .from_zero_by("outcome", &["sent", "deferred", "given_up"])];
