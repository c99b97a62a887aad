//! What `hostile` can be told.

use clap::Args;

use super::run::RunOptions;
use super::values::{positive, rate};

/// How much harm is done. The listeners are the run's clients.
#[derive(Args, Clone, Debug)]
pub(crate) struct HostileOptions {
    /// How many more members there are, in another room, who break off at once.
    #[arg(long, default_value_t = 10_000, value_parser = positive, value_name = "N")]
    pub(crate) crowd: usize,

    /// Connections a second that are opened and dropped again.
    #[arg(long, default_value_t = 2_000.0, value_parser = rate, value_name = "PER SECOND")]
    pub(crate) flood: f64,

    /// How many send their request a byte a second.
    #[arg(long, default_value_t = 3_000, value_parser = positive, value_name = "N")]
    pub(crate) slow_heads: usize,

    /// How many open a connection and say nothing, or begin a request, or say no hello.
    #[arg(long, default_value_t = 10_000, value_parser = positive, value_name = "N")]
    pub(crate) half_open: usize,

    #[command(flatten)]
    pub(crate) run: RunOptions,
}
