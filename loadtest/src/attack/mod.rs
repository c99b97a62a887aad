//! Strangers who mean harm. Their sockets belong to nobody in the crowd, and live on a thread of
//! their own, so that what they cost here does not hold up what is measured.
//!
//! They are bounded in number and in time, and all sockets of an attack end with it.

mod flood;
mod linger;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use mio::net::TcpStream;

use self::flood::flood;
use self::linger::linger;
use crate::clock::{Clock, Nanos};
use crate::engine::connect;

/// Where strangers go, and what they would say if they were people.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) target: SocketAddr,
    pub(crate) sources: Vec<IpAddr>,
    /// The request of a handshake.
    pub(crate) request: Vec<u8>,
}

/// What strangers do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// So many connections a second are opened and dropped again.
    Flood { rate: f64 },
    /// So many send their request one byte a second.
    SlowHeads { count: usize },
    /// So many open a connection and leave it at that: some say nothing, some begin a request, some
    /// become WebSockets and say no hello.
    HalfOpen { count: usize },
}

/// What they do, from when to when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attack {
    pub(crate) kind: Kind,
    pub(crate) from: Nanos,
    pub(crate) to: Nanos,
}

/// What became of an attack's sockets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Toll {
    /// Connections that were begun.
    pub(crate) opened: u64,
    /// Those of them that the server's system had taken in by the end.
    pub(crate) connected: u64,
}

/// The strangers' thread; it ends with this, and its sockets with it.
#[derive(Debug)]
pub(crate) struct Strangers {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<Vec<Toll>>>,
}

impl Strangers {
    /// Makes these attacks, one after the other.
    pub(crate) fn start(place: Place, clock: Clock, attacks: Vec<Attack>) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stage = Stage { place, clock, stop: Arc::clone(&stop), dialled: 0 };
        Self { stop, thread: Some(thread::spawn(move || stage.play(&attacks))) }
    }

    /// Ends them, if they have not ended: what became of each attack.
    pub(crate) fn end(&mut self) -> Vec<Toll> {
        self.stop.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else { return Vec::new() };
        thread.thread().unpark();
        // Its panic has been printed; without a toll nothing counts as attacked.
        thread.join().unwrap_or_default()
    }
}

impl Drop for Strangers {
    fn drop(&mut self) {
        self.end();
    }
}

/// What all attacks have in common.
struct Stage {
    place: Place,
    clock: Clock,
    stop: Arc<AtomicBool>,
    dialled: usize,
}

impl Stage {
    fn play(mut self, attacks: &[Attack]) -> Vec<Toll> {
        attacks.iter().map(|attack| self.make(*attack)).collect()
    }

    fn make(&mut self, attack: Attack) -> Toll {
        while self.is_before(attack.from) {
            self.wait(attack.from);
        }
        match attack.kind {
            Kind::Flood { rate } => flood(self, attack, rate),
            Kind::SlowHeads { count } => linger(self, attack, count, &linger::slow_head),
            Kind::HalfOpen { count } => linger(self, attack, count, &linger::half_open),
        }
    }

    /// Whether it is not yet time, and nobody has put an end to it.
    fn is_before(&self, moment: Nanos) -> bool {
        !self.stop.load(Ordering::Relaxed) && self.clock.now() < moment
    }

    fn wait(&self, until: Nanos) {
        thread::park_timeout(Duration::from_nanos(until.saturating_sub(self.clock.now())));
    }

    /// Begins a connection; nothing where the system does not let us.
    fn dial(&mut self) -> Option<TcpStream> {
        let sources = &self.place.sources;
        let source = (!sources.is_empty()).then(|| sources[self.dialled % sources.len()]);
        self.dialled += 1;
        connect(self.place.target, source).ok()
    }
}

fn is_connected(stream: &TcpStream) -> bool {
    stream.peer_addr().is_ok()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::TcpListener;

    use super::*;
    use crate::clock::SECOND;

    fn server() -> (TcpListener, Place) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let target = listener.local_addr().expect("a bound port");
        (listener, Place { target, sources: Vec::new(), request: b"GET / HTTP/1.1".to_vec() })
    }

    fn long(kind: Kind) -> Attack {
        let now = Clock::Machine.now();
        Attack { kind, from: now, to: now + 60 * SECOND }
    }

    #[test]
    fn a_slow_head_comes_byte_by_byte() {
        let (listener, place) = server();
        let attack = long(Kind::SlowHeads { count: 1 });
        let mut strangers = Strangers::start(place, Clock::Machine, vec![attack]);
        let (mut stream, _) = listener.accept().expect("somebody comes");
        let mut buffer = [0; 64];
        for byte in b"GE" {
            let read = stream.read(&mut buffer).expect("a byte");
            assert_eq!(&buffer[..read], [*byte]);
        }
        assert_eq!(strangers.end(), [Toll { opened: 1, connected: 1 }]);
        assert_eq!(stream.read(&mut buffer).expect("the end"), 0, "nobody stays behind");
    }

    #[test]
    fn the_half_open_say_nothing_or_the_beginning_or_all_but_hello() {
        let (listener, place) = server();
        let request = place.request.clone();
        let attack = long(Kind::HalfOpen { count: 5 });
        let mut strangers = Strangers::start(place, Clock::Machine, vec![attack]);
        let mut streams: Vec<_> =
            (0..5).map(|_| listener.accept().expect("somebody comes").0).collect();
        let mut heard = |index: usize| {
            let mut buffer = [0; 64];
            let read = streams[index].read(&mut buffer).expect("something");
            buffer[..read].to_vec()
        };
        let (whole, begun) = (heard(0), heard(1));
        assert_eq!(whole, request);
        assert!(request.starts_with(&begun) && begun.len() < request.len(), "{begun:?}");
        assert_eq!(strangers.end(), [Toll { opened: 5, connected: 5 }]);
        assert_eq!(heard(2), b"", "an end, and nothing before");
    }

    #[test]
    fn a_flood_comes_and_goes() {
        let (listener, place) = server();
        let mut strangers =
            Strangers::start(place, Clock::Machine, vec![long(Kind::Flood { rate: 200.0 })]);
        for _ in 0..20 {
            let (mut stream, _) = listener.accept().expect("somebody comes");
            assert_eq!(stream.read(&mut [0; 8]).expect("and goes"), 0);
        }
        assert!(strangers.end()[0].opened >= 20);
    }
}
