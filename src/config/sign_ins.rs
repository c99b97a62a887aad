//! How long people stay signed in.

use std::time::Duration;

use clap::Args;

/// The bounds of sign-ins.
#[derive(Args, Clone, Debug)]
pub struct SignIns {
    /// After how many days everybody signs in again, however often they were here; unused, a sign-in ends after 30.
    #[arg(long, env = "PLENARY_SIGN_IN_DAYS", default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=365))]
    pub sign_in_days: u16,
}

impl SignIns {
    /// How long a sign-in lasts at most.
    pub fn longest(&self) -> Duration {
        Duration::from_secs(u64::from(self.sign_in_days) * 24 * 3_600)
    }
}
