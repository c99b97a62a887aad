//! Where pictures come from.

use clap::Args;

/// Pictures of speakers, whose addresses a schedule names.
#[derive(Args, Clone, Debug)]
pub struct Pictures {
    /// Fetch speakers' pictures from this machine and its private networks, too. Without it, whoever writes the schedule cannot make the hub ask anything there.
    #[arg(long, env = "PLENARY_PRIVATE_PICTURES")]
    pub private_pictures: bool,
}
