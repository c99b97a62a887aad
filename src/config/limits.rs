//! How much the hub lets in, and how much it asks of the database.

use std::num::NonZeroU32;

use clap::Args;

use super::at_least_one;

/// What is bounded by a setting. The other bounds are fixed; docs/architecture.md lists them.
#[derive(Args, Clone, Debug)]
pub struct Limits {
    /// How many sign-ins, registrations and mails one network address may ask for within a minute.
    #[arg(long, env = "PLENARY_REQUESTS_PER_MINUTE", default_value = "120", value_parser = at_least_one)]
    pub requests_per_minute: NonZeroU32,

    /// How many messages a person may send at once.
    #[arg(long, env = "PLENARY_MESSAGE_BURST", default_value = "10", value_parser = at_least_one)]
    pub message_burst: NonZeroU32,

    /// How many messages a person may send each second after that.
    #[arg(long, env = "PLENARY_MESSAGES_PER_SECOND", default_value = "1", value_parser = at_least_one)]
    pub messages_per_second: NonZeroU32,

    /// How many connections to the database may be open.
    #[arg(long, env = "PLENARY_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=500))]
    pub database_connections: u32,

    /// How many sockets may be open at once; more are told to come back later.
    #[arg(long, env = "PLENARY_MAX_CONNECTIONS", default_value = "20000", value_parser = connections)]
    pub max_connections: usize,
}

fn connections(text: &str) -> Result<usize, String> {
    let number = at_least_one(text)?;
    Ok(usize::try_from(number.get()).unwrap_or(usize::MAX))
}
