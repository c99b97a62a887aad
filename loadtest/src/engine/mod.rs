//! Ten thousand sockets on one thread: an epoll loop over non-blocking sockets, one buffer for all
//! of them, and no task, timer or allocation per message.
//!
//! It knows frames, and nothing of what they say.

mod alarm;
mod connection;
mod dial;
pub(crate) mod frame;
mod inflate;
mod reading;
pub(crate) mod upgrade;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use socket2::SockRef;

use self::alarm::Alarm;
use self::connection::{Connection, Stage};
use self::upgrade::{Key, Upgrade};
use crate::attack::Place;
pub(crate) use dial::{connect, raise_file_limit, sources};

/// Room for what one read brings.
const BUFFER: usize = 256 * 1024;

/// What the kernel may keep for somebody who does not read.
const SMALLEST: usize = 4 * 1024;

/// How many sockets are told about at once.
const EVENTS: usize = 1_024;

/// Which of the clients a socket belongs to.
pub(crate) type Slot = usize;

/// What went over the wire, as TCP's payload.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) bytes_in: u64,
    pub(crate) bytes_out: u64,
    pub(crate) frames: u64,
}

/// What the engine tells.
pub(crate) trait Handler {
    /// The upgrade is through.
    fn opened(&mut self, engine: &mut Engine, slot: Slot);
    /// A message has come.
    fn message(&mut self, engine: &mut Engine, slot: Slot, payload: &[u8]);
    /// The connection is over, by whatever else than [`Engine::close`].
    fn closed(&mut self, engine: &mut Engine, slot: Slot, why: &str);
}

#[derive(Debug)]
pub(crate) struct Engine {
    poll: Poll,
    alarm: Alarm,
    connections: Vec<Option<Connection>>,
    targets: Arc<[Target]>,
    /// How often each was opened: who comes back does so at the next target.
    opened: Vec<u32>,
    sources: Vec<IpAddr>,
    key: Key,
    compress: bool,
    random: StdRng,
    /// The message that is being read, if it was compressed.
    inflated: Vec<u8>,
    buffer: Vec<u8>,
    scratch: Vec<u8>,
    /// Upgrade requests of those that are connecting.
    requests: Vec<Option<Box<Upgrade>>>,
    /// Those that ended while they were written to: told at the next turn.
    broken: Vec<(Slot, String)>,
    pub(crate) traffic: Traffic,
}

/// Where a server is: what to connect to and what to call it.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) host: String,
}

/// What an engine is made for.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) targets: Arc<[Target]>,
    pub(crate) sources: Vec<IpAddr>,
    pub(crate) compress: bool,
    pub(crate) seed: u64,
}

/// Where a client's connection goes: they take turns, and so do its own connections.
fn target<'a>(targets: &'a [Target], opened: &[u32], slot: Slot) -> &'a Target {
    let turn = slot + opened[slot] as usize;
    &targets[turn % targets.len()]
}

impl Engine {
    pub(crate) fn new(settings: Settings, slots: usize) -> io::Result<Self> {
        let mut random = StdRng::seed_from_u64(settings.seed);
        let poll = Poll::new()?;
        let alarm = Alarm::new(&poll)?;
        Ok(Self {
            poll,
            alarm,
            connections: (0..slots).map(|_| None).collect(),
            targets: settings.targets,
            opened: vec![0; slots],
            sources: settings.sources,
            key: Key::random(&mut random),
            compress: settings.compress,
            random,
            inflated: Vec::new(),
            buffer: vec![0; BUFFER],
            scratch: Vec::new(),
            requests: vec![None; slots],
            broken: Vec::new(),
            traffic: Traffic::default(),
        })
    }

    /// Begins to open a connection; the handler is told how it goes.
    pub(crate) fn open(&mut self, slot: Slot, upgrade: Upgrade) {
        let source = match self.sources.len() {
            0 => None,
            count => Some(self.sources[slot % count]),
        };
        self.opened[slot] += 1;
        let stream = dial::connect(target(&self.targets, &self.opened, slot).address, source)
            .and_then(|mut stream| {
                let interest = Interest::READABLE | Interest::WRITABLE;
                self.poll.registry().register(&mut stream, Token(slot), interest)?;
                Ok(stream)
            });
        match stream {
            Ok(stream) => {
                self.connections[slot] = Some(Connection::new(stream));
                self.requests[slot] = Some(Box::new(upgrade));
            }
            Err(error) => self.broken.push((slot, name(&error))),
        }
    }

    /// Sends a text.
    pub(crate) fn send(&mut self, slot: Slot, text: &str) {
        self.write(slot, frame::TEXT, text.as_bytes());
    }

    fn write(&mut self, slot: Slot, opcode: u8, payload: &[u8]) {
        let Some(connection) = &mut self.connections[slot] else { return };
        self.scratch.clear();
        frame::write(&mut self.scratch, opcode, payload, Some(self.random.random()));
        self.traffic.bytes_out += self.scratch.len() as u64;
        if let Err(error) = connection.send(&self.scratch) {
            self.broken.push((slot, name(&error)));
        }
    }

    /// Ends a connection without a word, as a lost network does; the handler is not told.
    pub(crate) fn close(&mut self, slot: Slot) {
        if let Some(mut connection) = self.connections[slot].take() {
            // It may never have been registered; closing the file does the same.
            let _ = self.poll.registry().deregister(&mut connection.stream);
        }
    }

    /// Gives a connection away, to be ended elsewhere: ending thousands takes a while.
    pub(crate) fn take(&mut self, slot: Slot) -> Option<TcpStream> {
        self.connections[slot].take().map(|connection| connection.stream)
    }

    /// Where it connects to, and how such an upgrade is asked for.
    pub(crate) fn place(&self, upgrade: &Upgrade) -> Place {
        let target = &self.targets[0];
        let request = upgrade::request(upgrade, &target.host, &self.key, self.compress);
        Place { target: target.address, sources: self.sources.clone(), request }
    }

    /// Stops reading, or goes on.
    pub(crate) fn stall(&mut self, slot: Slot, stalled: bool, handler: &mut impl Handler) {
        let Some(connection) = &mut self.connections[slot] else { return };
        connection.stalled = stalled;
        // Else megabytes would go into the kernel before the server notices anything. It may
        // refuse: then it takes longer.
        let room = if stalled { SMALLEST } else { BUFFER };
        let _ = SockRef::from(&connection.stream).set_recv_buffer_size(room);
        if !stalled && std::mem::take(&mut connection.waiting) {
            self.read(slot, handler);
        }
    }

    /// Waits until something happens, at most so long, and handles it.
    pub(crate) fn turn(
        &mut self,
        events: &mut Events,
        wait: Duration,
        handler: &mut impl Handler,
    ) -> io::Result<()> {
        let wait = if self.broken.is_empty() { self.alarm.set(wait)? } else { Duration::ZERO };
        match self.poll.poll(events, Some(wait)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error),
            _ => {}
        }
        for event in &*events {
            if event.token() == alarm::TOKEN {
                continue;
            }
            let slot = event.token().0;
            if event.is_writable() || event.is_error() {
                self.writable(slot, handler);
            }
            if event.is_readable() || event.is_read_closed() {
                self.read(slot, handler);
            }
        }
        for (slot, why) in std::mem::take(&mut self.broken) {
            self.end(slot, &why, handler);
        }
        Ok(())
    }

    /// Room for the events of a turn.
    pub(crate) fn events() -> Events {
        Events::with_capacity(EVENTS)
    }

    fn end(&mut self, slot: Slot, why: &str, handler: &mut impl Handler) {
        self.close(slot);
        handler.closed(self, slot, why);
    }

    fn writable(&mut self, slot: Slot, handler: &mut impl Handler) {
        let Some(connection) = &mut self.connections[slot] else { return };
        let result = match connection.stage {
            Stage::Connecting => match connection.is_connected() {
                Ok(false) => Ok(()),
                Ok(true) => {
                    connection.stage = Stage::Upgrading;
                    let upgrade = self.requests[slot].take().unwrap_or_default();
                    let host = &target(&self.targets, &self.opened, slot).host;
                    let bytes = upgrade::request(&upgrade, host, &self.key, self.compress);
                    self.traffic.bytes_out += bytes.len() as u64;
                    connection.send(&bytes)
                }
                Err(error) => Err(error),
            },
            _ => connection.flush(),
        };
        if let Err(error) = result {
            self.end(slot, &name(&error), handler);
        }
    }
}

fn name(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "end of the connection".to_owned(),
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        io::ErrorKind::AddrInUse | io::ErrorKind::AddrNotAvailable => {
            "no port left: give more --source addresses".to_owned()
        }
        _ => error.to_string(),
    }
}
