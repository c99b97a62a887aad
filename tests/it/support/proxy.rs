//! A network that can be cut: forwards connections until it is told not to.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// A way to a server; all connections through it share its fate.
pub struct Proxy {
    /// Where to connect instead.
    pub address: SocketAddr,
    open: watch::Sender<bool>,
    _forwarding: AbortOnDropHandle<()>,
}

impl Proxy {
    /// An open way to the server at `target`.
    pub async fn to(target: String) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind a loopback port");
        let address = listener.local_addr().expect("a bound port");
        let (open, state) = watch::channel(true);
        let forwarding = tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut state, target) = (state.clone(), target.clone());
                tokio::spawn(async move {
                    if !*state.borrow() {
                        return;
                    }
                    if let Ok(mut server) = TcpStream::connect(target).await {
                        tokio::select! {
                            _ = copy_bidirectional(&mut client, &mut server) => {}
                            _ = state.wait_for(|open| !open) => {}
                        }
                    }
                });
            }
        });
        Proxy { address, open, _forwarding: AbortOnDropHandle::new(forwarding) }
    }

    /// Breaks every connection and refuses new ones.
    pub fn cut(&self) {
        self.open.send_replace(false);
    }

    /// Lets new connections through again.
    pub fn mend(&self) {
        self.open.send_replace(true);
    }
}
