//! What is counted of the database.

use crate::metrics::Metric;

/// Statements sent to the database.
pub(super) const STATEMENTS: &str = "plenary_database_statements_total";

/// All of it, for operators.
pub const METRICS: &[Metric] =
    &[Metric::counter(STATEMENTS, "Statements sent to the database.").from_zero()];
