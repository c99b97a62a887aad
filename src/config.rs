//! Every setting, once: a flag, the environment variable of the same name, a documented default.
//!
//! `plenary serve --help` prints this file; there is no other reference and no settings file.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

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

    /// Folder for what is kept on disk: the SQLite file, pictures, unsent mail.
    #[arg(long, env = "PLENARY_DATA", default_value = "data")]
    pub data: PathBuf,

    /// The database: sqlite:PATH, mysql://…, mariadb://… or postgres://… [default: a SQLite file in the data folder]
    #[arg(long, env = "PLENARY_DATABASE", hide_env_values = true)]
    pub database: Option<String>,

    /// How many connections to the database may be open.
    #[arg(long, env = "PLENARY_DATABASE_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=500))]
    pub database_connections: u32,
}

impl Settings {
    /// The database to use: the one that was set, or the file in the data folder.
    pub fn database_url(&self) -> String {
        self.database
            .clone()
            .unwrap_or_else(|| format!("sqlite:{}", self.data.join("plenary.sqlite").display()))
    }

    /// Whether browsers reach the hub by TLS, so that cookies can be bound to it.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
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
