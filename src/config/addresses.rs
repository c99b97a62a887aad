//! Where the hub is reached.

use std::net::SocketAddr;

use clap::Args;
use http::uri::Authority;

/// The addresses of a hub.
#[derive(Args, Clone, Debug)]
pub struct Addresses {
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
}

impl Addresses {
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
    let authority = host.parse::<Authority>().ok().filter(|_| !host.contains('@'));
    let authority = authority.ok_or("it must be a host, without a path")?;
    let port = &authority.as_str()[authority.host().len()..];
    let is_port = port.is_empty() || authority.port_u16().is_some_and(|port| port > 0);
    if is_port { Ok(text.to_owned()) } else { Err("its port must be 1 to 65535".to_owned()) }
}
