//! Every setting, once: a flag, the environment variable of the same name, a documented default. A file
//! for each group, whose fields are flattened into [`Settings`].
//!
//! `plenary serve --help` prints them; there is no other reference and no settings file.

mod addresses;
mod limits;
mod load_tests;
mod logging;
mod mail;
mod pictures;
mod redis;
mod sign_ins;
mod stopping;
mod storage;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::num::NonZeroU32;

use clap::builder::Resettable;
use clap::{Args, FromArgMatches as _};

pub use addresses::Addresses;
pub use limits::Limits;
pub use load_tests::LoadTests;
pub use logging::Logging;
pub use mail::Mail;
pub use pictures::Pictures;
pub use redis::Redis;
pub use sign_ins::SignIns;
pub use stopping::Stopping;
pub use storage::Storage;

/// The settings of a hub, a group in each line. The help shows them in this order.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Where it is reached.
    #[command(flatten)]
    pub addresses: Addresses,
    /// Where it keeps what it keeps.
    #[command(flatten)]
    pub storage: Storage,
    /// How several hubs hear each other.
    #[command(flatten)]
    pub redis: Redis,
    /// How mail leaves it.
    #[command(flatten)]
    pub mail: Mail,
    /// How long people stay signed in.
    #[command(flatten)]
    pub sign_ins: SignIns,
    /// How much is let in.
    #[command(flatten)]
    pub limits: Limits,
    /// Where pictures come from.
    #[command(flatten)]
    pub pictures: Pictures,
    /// Whether it may be tested under load.
    #[command(flatten)]
    pub load_tests: LoadTests,
    /// How it stops.
    #[command(flatten)]
    pub stopping: Stopping,
    /// What it logs.
    #[command(flatten)]
    pub log: Logging,
}

impl Settings {
    /// What holds where neither the command line nor the environment says anything.
    ///
    /// # Errors
    /// When a default cannot be used.
    pub fn defaults() -> Result<Self, clap::Error> {
        let line = Self::augment_args(clap::Command::new("plenary"));
        let line = line.mut_args(|argument| argument.env(Resettable::Reset));
        Self::from_arg_matches(&line.try_get_matches_from(["plenary"])?)
    }

    /// Settings that are each allowed and do not go together, a sentence for each pair.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let Addresses { listen, admin_listen, .. } = &self.addresses;
        if listen == admin_listen && listen.port() != 0 {
            found.push(format!("--listen and --admin-listen are both {listen}"));
        }
        if self.storage.is_in_memory() {
            found.push("SQLite (--database) needs a file: sqlite:PATH".to_owned());
        }
        if !self.redis.urls.is_empty() && self.storage.sqlite_path().is_some() {
            let sentence = "--redis joins several hubs, and a SQLite file (--database) serves only one: \
                            set --database to a MySQL, MariaDB or PostgreSQL server";
            found.push(sentence.to_owned());
        }
        found
    }
}

/// The command line for which a variable that is empty, such as `PLENARY_REDIS=` in a file of
/// settings, is not set.
pub fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|argument| match argument.get_env() {
            Some(name) if is_empty(name) => argument.env(Resettable::Reset),
            _ => argument,
        })
        .mut_subcommands(without_empty_variables)
}

/// The variables that look like settings and are none: a typing mistake must not silently leave a
/// default in force. `command` is the whole command line, `variables` the names in the environment.
pub fn unknown_variables(
    command: &clap::Command,
    variables: impl Iterator<Item = String>,
) -> Vec<String> {
    let known = known_variables(command);
    variables.filter(|name| name.starts_with("PLENARY_") && !known.contains(name)).collect()
}

fn known_variables(command: &clap::Command) -> HashSet<String> {
    let own = command.get_arguments().filter_map(|argument| argument.get_env());
    let own = own.map(|name| name.to_string_lossy().into_owned());
    own.chain(command.get_subcommands().flat_map(known_variables)).collect()
}

fn at_least_one(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| "it must be a whole number, 1 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use clap::{Args as _, Command, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    fn parse(arguments: &[&str]) -> Result<Settings, String> {
        let line = Line::try_parse_from(["plenary"].iter().chain(arguments));
        line.map(|line| line.settings).map_err(|error| error.to_string())
    }

    #[test]
    fn the_defaults_are_enough() {
        let settings = parse(&[]).expect("the defaults");
        assert_eq!(settings.storage.database_url(), "sqlite:data/plenary.sqlite");
        assert!(!settings.addresses.is_secure());
        assert_eq!(settings.stopping.drain().spread, Duration::from_secs(10));
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        for (flag, value) in [
            ("--listen", "8080"),
            ("--admin-listen", "localhost"),
            ("--public-url", "conference.example"),
            ("--public-url", "https://conference.example/plenary"),
            ("--public-url", "https://user@conference.example"),
            ("--public-url", "https://conference.example:99999"),
            ("--public-url", "https://conference.example:0"),
            ("--public-url", "https://conference.example:"),
            ("--public-url", "https://"),
            ("--database-connections", "0"),
            ("--drain-seconds", "86400"),
            ("--drain-notice-seconds", "86400"),
            ("--mail-from", "nope"),
            ("--requests-per-minute", "0"),
            ("--max-connections", "0"),
            ("--sign-in-days", "0"),
            ("--sign-in-days", "366"),
            ("--log", "loud=="),
            ("--log-format", "xml"),
        ] {
            let refusal = parse(&[flag, value]).expect_err(value);
            assert!(refusal.contains(flag), "{refusal}");
            let obscure = ["Invalid input", "non-zero type"];
            assert!(!obscure.iter().any(|words| refusal.contains(words)), "{refusal}");
        }
    }

    #[test]
    fn redis_wants_a_database_that_several_hubs_can_use() {
        let redis = "--redis=redis://127.0.0.1";
        let alone = parse(&[redis]).expect("settings").contradictions();
        assert!(alone.len() == 1 && alone[0].contains("SQLite"), "{alone:?}");
        let together = parse(&[redis, "--database=mysql://root@127.0.0.1/plenary"]);
        assert!(together.expect("settings").contradictions().is_empty());
    }

    #[test]
    fn a_database_in_memory_is_refused() {
        for memory in ["sqlite::memory:", "sqlite:hub.sqlite?mode=memory"] {
            let found = parse(&["--database", memory]).expect("settings").contradictions();
            assert!(found.len() == 1 && found[0].contains("needs a file"), "{found:?}");
        }
    }

    #[test]
    fn a_public_url_loses_its_last_slash() {
        let settings = parse(&["--public-url", "https://conference.example/"]).expect("an origin");
        assert_eq!(settings.addresses.public_url, "https://conference.example");
        assert!(settings.addresses.is_secure());
    }

    #[test]
    fn every_setting_is_a_flag_and_the_variable_of_the_same_name() {
        let command = Settings::augment_args(Command::new("plenary"));
        for argument in command.get_arguments() {
            let flag = argument.get_long().expect("a long flag").replace('-', "_").to_uppercase();
            let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned());
            assert_eq!(variable, Some(format!("PLENARY_{flag}")));
            assert!(argument.get_help().is_some(), "{flag} is documented");
        }
    }

    #[test]
    fn variables_that_are_no_setting_are_named() {
        let command =
            Command::new("plenary").subcommand(Settings::augment_args(Command::new("serve")));
        let variables = ["PLENARY_LISTEN", "PLENARY_LISTN", "HOME"].map(String::from);
        assert_eq!(unknown_variables(&command, variables.into_iter()), ["PLENARY_LISTN"]);
    }
}
