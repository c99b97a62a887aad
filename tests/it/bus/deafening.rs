//! A way to Redis on which commands are answered and messages go astray: what a client sees whose
//! server was cut off from where things are published.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// Such a way; it is a good one until it is told not to be.
pub struct Deafening {
    /// Where to connect instead.
    pub address: SocketAddr,
    deaf: Arc<AtomicBool>,
    _forwarding: AbortOnDropHandle<()>,
}

impl Deafening {
    /// A way to this server.
    pub async fn to(server: SocketAddr) -> Deafening {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind a loopback port");
        let address = listener.local_addr().expect("a bound port");
        let deaf = Arc::new(AtomicBool::new(false));
        let shared = Arc::clone(&deaf);
        let forwarding = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(server).await.expect("the server");
                let (mut from_client, mut to_client) = client.into_split();
                let (from_server, mut to_server) = server.into_split();
                let deaf = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
                });
                tokio::spawn(async move {
                    let mut lines = BufReader::new(from_server);
                    while let Some(reply) = next(&mut lines).await {
                        let message = reply.get(2).is_some_and(|kind| kind == "message\r\n");
                        let astray = message && deaf.load(Ordering::Relaxed);
                        if !astray && to_client.write_all(reply.concat().as_bytes()).await.is_err()
                        {
                            return;
                        }
                    }
                });
            }
        });
        Deafening { address, deaf, _forwarding: AbortOnDropHandle::new(forwarding) }
    }

    /// From now on messages go astray.
    pub fn deafen(&self) {
        self.deaf.store(true, Ordering::Relaxed);
    }

    /// They do no more.
    pub fn mend(&self) {
        self.deaf.store(false, Ordering::Relaxed);
    }
}

/// The lines of the next message (`>3 $7 message $N channel $N text`) or just the next line.
async fn next(lines: &mut BufReader<impl AsyncRead + Unpin>) -> Option<Vec<String>> {
    let mut reply = Vec::new();
    let mut wanted = 1;
    while reply.len() < wanted {
        let mut line = String::new();
        let length = lines.read_line(&mut line).await.ok()?;
        if length == 0 {
            return None;
        }
        reply.push(line);
        wanted = match (reply.len(), reply.last().map(String::as_str)) {
            (1, Some(">3\r\n")) => 3,
            (3, Some("message\r\n")) => 7,
            _ => wanted,
        };
    }
    Some(reply)
}
