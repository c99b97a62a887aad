//! How the hub stops.

use std::time::Duration;

use clap::Args;

use crate::lifecycle::Drain;

/// How a graceful stop sends connected people away.
#[derive(Args, Clone, Debug)]
pub struct Stopping {
    /// How many seconds a graceful stop takes to send connected people away, spread evenly.
    #[arg(long, env = "PLENARY_DRAIN_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_seconds: u16,

    /// How many seconds a graceful stop says that it is not ready before the first is sent away, so
    /// that load balancers look elsewhere by then.
    #[arg(long, env = "PLENARY_DRAIN_NOTICE_SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_notice_seconds: u16,
}

impl Stopping {
    /// The same as durations.
    pub fn drain(&self) -> Drain {
        let seconds = |seconds| Duration::from_secs(u64::from(seconds));
        Drain { notice: seconds(self.drain_notice_seconds), spread: seconds(self.drain_seconds) }
    }
}
