//! Every setting, once: a flag, the environment variable of the same name, a documented default.
//!
//! `plenary serve --help` prints this file; there is no other reference and no settings file.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use clap::builder::Resettable;
use clap::{Args, FromArgMatches as _};
use lettre::message::Mailbox;

use crate::lifecycle::Drain;
use crate::log::{LogFormat, log_filter};

/// The settings of a hub.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Address that attendees reach, directly or through a proxy.
    #[arg(long, env = "PLENARY_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Address for operators: health, readiness, metrics. Never expose it.
    #[arg(long, env = "PLENARY_ADMIN_LISTEN", default_value = "127.0.0.1:8081")]
    pub admin_listen: SocketAddr,

    /// The address as browsers know it; stands in mails and decides which origins may connect.
    #[arg(long, env = "PLENARY_PUBLIC_URL", default_value = "http://localhost:8080", value_parser = public_url)]
    pub public_url: String,

    /// How many proxies of yours stand between browsers and the hub, each adding to X-Forwarded-For.
    #[arg(long, env = "PLENARY_PROXIES", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=8))]
    pub proxies: u8,

    /// Folder for what is kept on disk: the SQLite file, pictures, unsent mail.
    #[arg(long, env = "PLENARY_DATA", default_value = "data")]
    pub data: PathBuf,

    /// The database: sqlite:PATH, mysql://…, mariadb://… or postgres://… [default: a SQLite file in the data folder]
    #[arg(long, env = "PLENARY_DATABASE", hide_env_values = true)]
    pub database: Option<String>,

    /// Redis, by which several hubs on one database server hear each other at once: redis://[USER:PASSWORD@]HOST:PORT, rediss:// with TLS, redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT,HOST:PORT; more than one share the work [default: this hub is the only one]
    #[arg(long, env = "PLENARY_REDIS", hide_env_values = true, value_name = "URL[,URL…]")]
    pub redis: Vec<String>,

    /// File with the certificate (PEM) of a private authority that signs those of Redis [default: the public authorities]
    #[arg(long, env = "PLENARY_REDIS_CA")]
    pub redis_ca: Option<PathBuf>,

    /// The mail server: smtp://HOST:PORT?tls=required or smtps://USER:PASSWORD@HOST [default: mail goes into files of the data folder]
    #[arg(long, env = "PLENARY_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Who the hub's mails are from.
    #[arg(long, env = "PLENARY_MAIL_FROM", default_value = "Plenary <plenary@localhost>", value_parser = mailbox)]
    pub mail_from: Mailbox,

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

    /// Lets organizers sign made-up people in by the thousand, for the load tester. Only for tests.
    #[arg(long, env = "PLENARY_LOAD_TESTS")]
    pub load_tests: bool,

    /// How many seconds an orderly stop takes to send connected people away, spread evenly.
    #[arg(long, env = "PLENARY_DRAIN_SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_seconds: u16,

    /// How many seconds an orderly stop says that it is not ready before the first is sent away, so
    /// that load balancers look elsewhere by then.
    #[arg(long, env = "PLENARY_DRAIN_NOTICE_SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_notice_seconds: u16,

    /// What is logged: error, warn, info, debug or trace, also per part ("plenary::http=debug,info").
    #[arg(long, env = "PLENARY_LOG", default_value = "info", value_parser = log_filter)]
    pub log: String,

    /// What a line of the log looks like.
    #[arg(long, env = "PLENARY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
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

    /// The database to use: the one that was set, or the file in the data folder.
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("plenary.sqlite").display()))
    }

    /// The SQLite file, when the database is one.
    pub fn sqlite_path(&self) -> Option<PathBuf> {
        let url = self.database_url();
        let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
        Some(PathBuf::from(path.split_once('?').map_or(path, |(path, _)| path)))
    }

    /// Settings that are each allowed and do not go together, a sentence for each pair.
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        if self.listen == self.admin_listen && self.listen.port() != 0 {
            found.push(format!("--listen and --admin-listen are both {}", self.listen));
        }
        if !self.redis.is_empty() && self.sqlite_path().is_some() {
            let sentence = "--redis joins several hubs, and a SQLite file (--database) serves only one: \
                            set --database to a MySQL, MariaDB or PostgreSQL server";
            found.push(sentence.to_owned());
        }
        found
    }

    /// Makes the data folder where it is missing.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub fn make_data_folder(&self) -> anyhow::Result<()> {
        let folder = self.data.display();
        std::fs::create_dir_all(&self.data)
            .with_context(|| format!("the data folder {folder} (--data) cannot be made"))
    }

    /// Where mail goes that no mail server takes.
    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// Where copies of people's pictures are that were shown since the start.
    pub fn picture_copies(&self) -> PathBuf {
        self.data.join("picture-copies")
    }

    /// Where earlier versions kept people's pictures.
    pub fn earlier_pictures(&self) -> PathBuf {
        self.data.join("pictures")
    }

    /// Where it is remembered how far the log was.
    pub fn log_mark(&self) -> PathBuf {
        self.data.join("log-mark")
    }

    /// How an orderly stop sends connected people away.
    pub fn drain(&self) -> Drain {
        let seconds = |seconds| Duration::from_secs(u64::from(seconds));
        Drain { notice: seconds(self.drain_notice_seconds), spread: seconds(self.drain_seconds) }
    }

    /// Whether browsers reach the hub by TLS, so that cookies can be bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
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

fn connections(text: &str) -> Result<usize, String> {
    let number = at_least_one(text)?;
    Ok(usize::try_from(number.get()).unwrap_or(usize::MAX))
}

fn mailbox(text: &str) -> Result<Mailbox, String> {
    let sentence = "it must be an address, like Summer Camp <camp@conference.example>";
    text.parse().map_err(|_| sentence.to_owned())
}

/// An origin: scheme, host and port, without a path.
fn public_url(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or("it must begin with https:// or http://")?;
    let plain = !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']);
    if plain { Ok(text.to_owned()) } else { Err("it must be a host, without a path".to_owned()) }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(settings.database_url(), "sqlite:data/plenary.sqlite");
        assert!(!settings.is_secure());
        assert_eq!(settings.drain().spread, Duration::from_secs(10));
    }

    #[test]
    fn bad_values_are_refused_by_name() {
        for (flag, value) in [
            ("--listen", "8080"),
            ("--admin-listen", "localhost"),
            ("--public-url", "conference.example"),
            ("--public-url", "https://conference.example/plenary"),
            ("--public-url", "https://user@conference.example"),
            ("--database-connections", "0"),
            ("--drain-seconds", "86400"),
            ("--drain-notice-seconds", "86400"),
            ("--mail-from", "nope"),
            ("--requests-per-minute", "0"),
            ("--max-connections", "0"),
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
    fn a_public_url_loses_its_last_slash() {
        let settings = parse(&["--public-url", "https://conference.example/"]).expect("an origin");
        assert_eq!(settings.public_url, "https://conference.example");
        assert!(settings.is_secure());
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
