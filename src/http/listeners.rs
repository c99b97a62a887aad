//! The addresses that a hub answers on.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpSocket};

use crate::config::Settings;

/// The addresses, bound already: their ports are known before the hub serves.
#[derive(Debug)]
pub struct Listeners {
    /// For attendees.
    pub public: TcpListener,
    /// For operators.
    pub admin: TcpListener,
}

impl Listeners {
    /// Binds the addresses of the settings.
    ///
    /// # Errors
    /// Which setting, when its address is taken or not of this machine.
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

/// How many connections may wait to be accepted: a crowd that comes in the same second is not sent
/// into the system's retries, which double from a second on. The system has a bound of its own.
const WAITING_CONNECTIONS: u32 = 4_096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING_CONNECTIONS)
}
