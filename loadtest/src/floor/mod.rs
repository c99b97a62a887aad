//! The floor: the least that a server can do that sends everybody what anybody says. One thread,
//! one epoll loop, each message made into one frame and written to every socket. What a real
//! server costs beyond this is what its features cost.

mod process;

use std::io::{self, Read as _, Write as _};
use std::net::SocketAddr;

use anyhow::Context as _;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use crate::engine::frame::{self, Parsed};
use crate::engine::upgrade::accept;
pub(crate) use process::FloorServer;

const LISTENER: Token = Token(usize::MAX);

/// How much may wait for one socket before it is closed, as with the hub.
const MAX_UNSENT: usize = 256 * 1024;

struct Member {
    stream: TcpStream,
    open: bool,
    input: Vec<u8>,
    unsent: Vec<u8>,
}

struct Server {
    poll: Poll,
    listener: TcpListener,
    members: Vec<Option<Member>>,
    free: Vec<usize>,
    /// How many messages there were, since somebody has been there.
    said: u64,
    buffer: Vec<u8>,
}

/// Serves until the process ends; prints the address it listens on.
pub(crate) fn serve(listen: SocketAddr) -> anyhow::Result<()> {
    crate::engine::raise_file_limit(0)?;
    let mut listener =
        TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let poll = Poll::new()?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    println!("floor listens on {}", listener.local_addr()?);
    let mut server = Server {
        poll,
        listener,
        members: Vec::new(),
        free: Vec::new(),
        said: 0,
        buffer: vec![0; 64 * 1024],
    };
    let mut events = Events::with_capacity(1_024);
    loop {
        match server.poll.poll(&mut events, None) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &events {
            match event.token() {
                LISTENER => server.accept(),
                Token(index) => {
                    if event.is_writable() {
                        server.flush(index);
                    }
                    if event.is_readable() {
                        server.read(index);
                    }
                }
            }
        }
    }
}

impl Server {
    fn accept(&mut self) {
        while let Ok((mut stream, _)) = self.listener.accept() {
            // Without it, messages would wait for acknowledgements of those before.
            let _ = stream.set_nodelay(true);
            let index = self.free.pop().unwrap_or_else(|| {
                self.members.push(None);
                self.members.len() - 1
            });
            let interest = Interest::READABLE | Interest::WRITABLE;
            if self.poll.registry().register(&mut stream, Token(index), interest).is_ok() {
                let (input, unsent) = (Vec::new(), Vec::new());
                self.members[index] = Some(Member { stream, open: false, input, unsent });
            } else {
                self.free.push(index);
            }
        }
    }

    fn close(&mut self, index: usize) {
        if self.members[index].take().is_some() {
            self.free.push(index);
        }
        // Nobody could tell which numbers they have missed: it has no past.
        if self.free.len() == self.members.len() {
            self.said = 0;
        }
    }

    fn flush(&mut self, index: usize) {
        let Some(member) = &mut self.members[index] else { return };
        if member.unsent.is_empty() {
            return;
        }
        let unsent = std::mem::take(&mut member.unsent);
        self.send(index, &unsent);
    }

    /// Writes, keeps what the socket does not take, and gives up on who lets too much wait.
    fn send(&mut self, index: usize, bytes: &[u8]) {
        let Some(member) = &mut self.members[index] else { return };
        let mut sent = 0;
        while member.unsent.is_empty() && sent < bytes.len() {
            match member.stream.write(&bytes[sent..]) {
                Ok(written) => sent += written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.close(index),
            }
        }
        member.unsent.extend_from_slice(&bytes[sent..]);
        if member.unsent.len() > MAX_UNSENT {
            self.close(index);
        }
    }

    fn read(&mut self, index: usize) {
        loop {
            let Some(member) = &mut self.members[index] else { return };
            match member.stream.read(&mut self.buffer) {
                Ok(0) => return self.close(index),
                Ok(read) => {
                    member.input.extend_from_slice(&self.buffer[..read]);
                    self.handle(index);
                    if read < self.buffer.len() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return self.close(index),
            }
        }
    }

    /// Answers the handshake, and says to all what somebody says.
    fn handle(&mut self, index: usize) {
        let Some(member) = &mut self.members[index] else { return };
        let mut input = std::mem::take(&mut member.input);
        if !member.open {
            let Some(end) = input.windows(4).position(|four| four == b"\r\n\r\n") else {
                member.input = input;
                return;
            };
            member.open = true;
            let answer = handshake(&String::from_utf8_lossy(&input[..end]));
            input.drain(..end + 4);
            self.send(index, answer.as_bytes());
        }
        let mut at = 0;
        loop {
            match frame::parse(&input, at) {
                Parsed::Whole(frame) => {
                    let payload = &mut input[frame.payload.clone()];
                    frame::unmask(payload, frame.mask.unwrap_or_default());
                    at = frame.payload.end;
                    match frame.opcode {
                        frame::TEXT => {
                            let said = input[frame.payload].to_vec();
                            self.say(&said);
                        }
                        frame::CLOSE => return self.close(index),
                        _ => {}
                    }
                }
                Parsed::Partial(_) => break,
                Parsed::Broken(_) => return self.close(index),
            }
        }
        if let Some(member) = &mut self.members[index] {
            member.input.extend_from_slice(&input[at..]);
        }
    }

    fn say(&mut self, text: &[u8]) {
        self.said += 1;
        let mut payload = format!("{} ", self.said).into_bytes();
        payload.extend_from_slice(text);
        let mut ready = Vec::with_capacity(payload.len() + 10);
        frame::write(&mut ready, frame::TEXT, &payload, None);
        for index in 0..self.members.len() {
            if self.members[index].as_ref().is_some_and(|member| member.open) {
                self.send(index, &ready);
            }
        }
    }
}

fn handshake(head: &str) -> String {
    let key =
        head.split("\r\n").filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
            name.eq_ignore_ascii_case("sec-websocket-key").then(|| value.trim())
        });
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        accept(key.unwrap_or_default().as_bytes())
    )
}
