//! The addresses a hub listens on.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpSocket};

use crate::config::Settings;

/// The bound addresses: their ports are known before the hub serves.
#[derive(Debug)]
pub struct Listeners {
    /// For attendees.
    pub public: TcpListener,
    /// For operators.
    pub admin: TcpListener,
}

impl Listeners {
    /// Binds the configured addresses.
    ///
    /// # Errors
    /// Names the setting whose address is in use or not of this machine.
    pub async fn bind(settings: &Settings) -> anyhow::Result<Self> {
        let bind = async |name: &str, address: SocketAddr| {
            let listener = listen(address);
            listener.with_context(|| format!("cannot listen on {address} ({name})"))
        };
        Ok(Self {
            public: bind("--listen", settings.addresses.listen).await?,
            admin: bind("--admin-listen", settings.addresses.admin_listen).await?,
        })
    }
}

/// The accept backlog: large enough that a crowd arriving in the same second does not run into TCP
/// retries, which start at a second and double. The system has a limit of its own.
const WAITING_CONNECTIONS: u32 = 4_096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING_CONNECTIONS)
}
