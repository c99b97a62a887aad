//! A network that can be cut, frozen, and made to lose exactly what a test needs.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// The direction of traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
}

/// An event that breaks the connection on which it happens, once.
#[derive(Clone, Copy, Debug)]
pub enum Trap {
    /// This many more bytes have passed in this direction, over all connections; the next do not
    /// arrive.
    After(Direction, usize),
    /// The client says this; it does not arrive.
    Request(&'static str),
    /// The client says this; it arrives, its answer does not.
    Answer(&'static str),
    /// The client says this; it arrives, and nothing comes back on this connection any more, although
    /// it stays open.
    Silence(&'static str),
    /// The same when the client sends this identifier, as with a statement that is prepared already.
    SilenceAt([u8; 16]),
}

/// What has become of one connection.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Whole,
    /// The next answer ends it.
    Answerless,
    /// Nothing comes back any more.
    Silent,
}

/// The state of the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// Nothing arrives, without an error.
    Frozen,
    Cut,
}

#[derive(Clone)]
struct Network {
    state: watch::Receiver<State>,
    trap: Arc<Mutex<Option<Trap>>>,
}

/// A proxy to a server; all connections through it share its state.
pub struct Proxy {
    /// Where to connect instead.
    pub address: SocketAddr,
    state: watch::Sender<State>,
    trap: Arc<Mutex<Option<Trap>>>,
    _forwarding: AbortOnDropHandle<()>,
}

impl Proxy {
    /// An open proxy to the server at `target`.
    pub async fn to(target: String) -> Proxy {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("bind a loopback port");
        let address = listener.local_addr().expect("a bound port");
        let (state, watched) = watch::channel(State::Open);
        let trap = Arc::default();
        let network = Network { state: watched, trap: Arc::clone(&trap) };
        let forwarding = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(network.clone().forward(client, target.clone()));
            }
        });
        Proxy { address, state, trap, _forwarding: AbortOnDropHandle::new(forwarding) }
    }

    /// An open proxy to the server of a database URL, and that URL through the proxy.
    pub async fn to_database(url: &str) -> (Proxy, String) {
        let (before, rest) = url.split_once('@').expect("user and host");
        let (server, name) = rest.split_once('/').expect("host and database");
        let proxy = Proxy::to(server.to_owned()).await;
        let url = format!("{before}@{}/{name}", proxy.address);
        (proxy, url)
    }

    /// Breaks every connection and refuses new ones.
    pub fn cut(&self) {
        self.state.send_replace(State::Cut);
    }

    /// Drops everything silently, like a partitioned network.
    pub fn freeze(&self) {
        self.state.send_replace(State::Frozen);
    }

    /// Lets everything through again.
    pub fn mend(&self) {
        self.state.send_replace(State::Open);
    }

    /// Sets a trap, replacing a previous one.
    pub fn lay(&self, trap: Trap) {
        *self.trap.lock() = Some(trap);
    }

    /// Whether the trap has not been triggered yet.
    pub fn is_laid(&self) -> bool {
        self.trap.lock().is_some()
    }

    /// Removes the trap.
    pub fn clear(&self) {
        *self.trap.lock() = None;
    }
}

impl Network {
    async fn forward(mut self, client: TcpStream, target: String) {
        if *self.state.borrow() == State::Cut || self.passable().await.is_err() {
            return;
        }
        let Ok(server) = TcpStream::connect(target).await else { return };
        // Packets are forwarded as they were sent, without delay.
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let fate = Mutex::new(Fate::Whole);
        let up = self.clone().pump(Direction::ToServer, from_client, to_server, &fate);
        let down = self.clone().pump(Direction::ToClient, from_server, to_client, &fate);
        // When one side breaks, so does the other.
        tokio::select! {
            _ = up => {}
            _ = down => {}
            _ = self.state.wait_for(|state| *state == State::Cut) => {}
        }
    }

    async fn passable(&mut self) -> Result<(), watch::error::RecvError> {
        self.state.wait_for(|state| *state != State::Frozen).await.map(drop)
    }

    async fn pump(
        mut self,
        direction: Direction,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        fate: &Mutex<Fate>,
    ) -> io::Result<()> {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut buffer).await?;
            if read == 0 || self.passable().await.is_err() {
                return Ok(());
            }
            let bytes = &buffer[..read];
            if direction == Direction::ToClient {
                match *fate.lock() {
                    Fate::Whole => {}
                    Fate::Answerless => return Ok(()),
                    Fate::Silent => continue,
                }
            }
            let arrive = self.spring(direction, bytes, fate);
            to.write_all(&bytes[..arrive]).await?;
            if arrive < read {
                return Ok(());
            }
        }
    }

    /// How many of these bytes arrive.
    fn spring(&self, direction: Direction, bytes: &[u8], fate: &Mutex<Fate>) -> usize {
        let mut trap = self.trap.lock();
        let sends = |wanted: &[u8]| {
            let mut parts = bytes.windows(wanted.len());
            direction == Direction::ToServer && parts.any(|part| part == wanted)
        };
        let says = |text: &str| sends(text.as_bytes());
        match *trap {
            Some(Trap::After(way, left)) if way == direction => {
                if left < bytes.len() {
                    *trap = None;
                    return left;
                }
                *trap = Some(Trap::After(way, left - bytes.len()));
            }
            Some(Trap::Request(text)) if says(text) => {
                *trap = None;
                return 0;
            }
            Some(Trap::Answer(text)) if says(text) => {
                *trap = None;
                *fate.lock() = Fate::Answerless;
            }
            Some(Trap::Silence(text)) if says(text) => {
                *trap = None;
                *fate.lock() = Fate::Silent;
            }
            Some(Trap::SilenceAt(id)) if sends(&id) => {
                *trap = None;
                *fate.lock() = Fate::Silent;
            }
            _ => {}
        }
        bytes.len()
    }
}
