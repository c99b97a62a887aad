//! One socket, as small as ten thousand of them ask for.

use std::io::{self, Read as _, Write as _};

use mio::net::TcpStream;

use super::inflate::Inflater;

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// TCP's handshake is under way.
    Connecting,
    /// The request for the upgrade was sent.
    Upgrading,
    /// Frames come and go.
    Open,
}

#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    pub(super) stage: Stage,
    /// Whether it reads at all, or plays dead.
    pub(super) stalled: bool,
    /// Something has arrived while it was stalled.
    pub(super) waiting: bool,
    /// What the socket did not take yet.
    unsent: Vec<u8>,
    /// The beginning of what has not arrived as a whole; empty nearly always.
    pub(super) partial: Vec<u8>,
    /// The parts so far of a message in several frames, and whether it is compressed.
    pub(super) fragments: Option<(Vec<u8>, bool)>,
    /// Once something compressed has come.
    pub(super) inflater: Option<Box<Inflater>>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            stage: Stage::Connecting,
            stalled: false,
            waiting: false,
            unsent: Vec::new(),
            partial: Vec::new(),
            fragments: None,
            inflater: None,
        }
    }

    /// Sends, or keeps for when the socket takes it.
    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        if !self.unsent.is_empty() {
            self.unsent.extend_from_slice(bytes);
            return Ok(());
        }
        let sent = write(&mut self.stream, bytes)?;
        self.unsent.extend_from_slice(&bytes[sent..]);
        Ok(())
    }

    /// Sends what was kept, as much as the socket takes.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if self.unsent.is_empty() {
            return Ok(());
        }
        let sent = write(&mut self.stream, &self.unsent)?;
        self.unsent.drain(..sent);
        if self.unsent.is_empty() {
            self.unsent = Vec::new();
        }
        Ok(())
    }

    /// Reads once: how much, or nothing when nothing is there.
    ///
    /// # Errors
    /// The socket's, and [`io::ErrorKind::UnexpectedEof`] at its end.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => return Ok(Some(read)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether TCP's handshake is through.
    ///
    /// # Errors
    /// Why it failed.
    pub(super) fn is_connected(&self) -> io::Result<bool> {
        if let Some(error) = self.stream.take_error()? {
            return Err(error);
        }
        match self.stream.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }
}

fn write(stream: &mut TcpStream, bytes: &[u8]) -> io::Result<usize> {
    let mut sent = 0;
    while sent < bytes.len() {
        match stream.write(&bytes[sent..]) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => sent += written,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sent)
}
