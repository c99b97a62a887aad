//! The TCP connection below a WebSocket.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use rustix::net::{SendFlags, Shutdown, send};
use tokio::net::TcpStream;
use tokio::task::coop;

use super::deflate::Deflate;
use super::frame::Frame;
use super::reader::{Incoming, Reader, Violation};
use super::succession::Context;
use crate::stream::Stream;

/// How much is read at once, in bytes.
const READ: usize = 16 * 1024;
/// How many frames are written at once.
const BATCH_SIZE: usize = 16;

thread_local! {
    /// Shared by all reads, so that an idle connection needs no buffer.
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ].into_boxed_slice());
}

/// A socket to which any task can write frames.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    deflate: Deflate,
}

/// What was received before the upgrade was done.
#[derive(Clone, Debug)]
pub struct Unread(Bytes);

/// The connection was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was lost")]
pub struct Lost;

impl Socket {
    /// The socket of an upgraded request.
    ///
    /// # Errors
    /// When it is not a TCP connection of the hub's own server.
    pub fn new(upgraded: Upgraded, deflate: Deflate) -> Result<(Arc<Self>, Unread), Lost> {
        let parts = upgraded.downcast::<Stream>().map_err(|_| Lost)?;
        let stream = parts.io.into_inner();
        // A copy, because these bytes would keep their whole buffer alive.
        let unread = Unread(Bytes::copy_from_slice(&parts.read_buf));
        Ok((Arc::new(Self { stream, deflate }), unread))
    }

    /// The negotiated compression.
    pub fn deflate(&self) -> Deflate {
        self.deflate
    }

    /// Writes as much as the system accepts now. Returns how many bytes that was.
    ///
    /// # Errors
    /// When the connection is lost.
    pub fn try_write(&self, bytes: &[u8]) -> Result<usize, Lost> {
        // Bypasses the runtime's readiness state, which would be one more memory access for each of
        // thousands of sockets; when the socket is full, the next write updates it.
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        written(send(&self.stream, bytes, flags).map_err(io::Error::from))
    }

    /// Writes these in order, the first from its byte `from` on, as much as the system accepts now,
    /// at most 16 at once. Returns how many bytes that was.
    ///
    /// # Errors
    /// When the connection is lost.
    pub fn try_write_all<'a>(
        &self,
        parts: impl Iterator<Item = &'a [u8]>,
        from: usize,
    ) -> Result<usize, Lost> {
        let mut slices = [IoSlice::new(&[]); BATCH_SIZE];
        let mut count = 0;
        for (slice, bytes) in slices.iter_mut().zip(parts) {
            let begin = if count == 0 { from } else { 0 };
            *slice = IoSlice::new(bytes.get(begin..).unwrap_or_default());
            count += 1;
        }
        written(self.stream.try_write_vectored(&slices[..count]))
    }

    /// Waits until the system may accept more.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn writable(&self) -> Result<(), Lost> {
        self.stream.writable().await.map_err(|_| Lost)
    }

    /// Writes the frame, however long that takes. This does not update any compression context, so
    /// no frame of a succession may be written after it.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn write(&self, frame: &Frame) -> Result<(), Lost> {
        let bytes = frame.on_wire(frame.form(self.deflate, &mut Context::default()));
        let mut from = 0;
        while from < bytes.len() {
            let count = self.try_write_all(std::iter::once(bytes), from)?;
            if count == 0 {
                self.writable().await?;
            }
            from += count;
        }
        Ok(())
    }

    /// Sends the frames, the last of which is a close frame, and ends the connection gracefully:
    /// reads on, for at most `patience`, until the other side has closed it too. With unread input
    /// the system would reset the connection, and what was sent might be lost.
    pub async fn end(&self, frames: &[Frame], patience: Duration) {
        let closing = async {
            for frame in frames {
                self.write(frame).await?;
            }
            rustix::net::shutdown(&self.stream, Shutdown::Write).map_err(|_| Lost)?;
            let mut nothing = [0; 512];
            loop {
                self.stream.readable().await.map_err(|_| Lost)?;
                match self.stream.try_read(&mut nothing) {
                    Ok(0) => return Ok::<(), Lost>(()),
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Err(_) => return Err(Lost),
                }
            }
        };
        // The client may be gone.
        let _ = tokio::time::timeout(patience, closing).await;
    }
}

fn written(outcome: io::Result<usize>) -> Result<usize, Lost> {
    match outcome {
        Ok(count) => Ok(count),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {
            Ok(0)
        }
        Err(_) => Err(Lost),
    }
}

/// The reading half of a socket.
#[derive(Debug)]
pub struct Receiver {
    socket: Arc<Socket>,
    reader: Reader,
    /// What was read but not parsed yet.
    rest: Bytes,
}

impl Receiver {
    /// Reads messages of at most `limit` bytes.
    pub fn new(socket: Arc<Socket>, unread: Unread, limit: usize) -> Self {
        let reader = Reader::new(limit, socket.deflate.reads);
        Self { socket, reader, rest: unread.0 }
    }

    /// The socket.
    pub fn socket(&self) -> &Arc<Socket> {
        &self.socket
    }

    /// The next message. Cancel-safe.
    ///
    /// # Errors
    /// A violation of the protocol; `Ok(None)` if the connection is lost.
    pub async fn receive(&mut self) -> Result<Option<Incoming>, Violation> {
        loop {
            if !self.rest.is_empty() {
                // A client that sends without a pause gives way to others.
                poll_fn(coop::poll_proceed).await.made_progress();
            }
            if let Some(incoming) = self.next_of_rest()? {
                return Ok(Some(incoming));
            }
            // Polled directly, because the future of `readable` is ten times as large as all the
            // rest.
            let stream = &self.socket.stream;
            if poll_fn(|context| stream.poll_read_ready(context)).await.is_err() {
                return Ok(None);
            }
            match self.read_some() {
                Ok(Ok(None)) => {}
                Ok(incoming) => return incoming,
                Err(Lost) => return Ok(None),
            }
        }
    }

    fn next_of_rest(&mut self) -> Result<Option<Incoming>, Violation> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut input: &[u8] = &self.rest;
        let incoming = self.reader.next(&mut input)?;
        let left = input.len();
        self.rest =
            if left == 0 { Bytes::new() } else { self.rest.slice(self.rest.len() - left..) };
        Ok(incoming)
    }

    fn read_some(&mut self) -> Result<Result<Option<Incoming>, Violation>, Lost> {
        BUFFER.with_borrow_mut(|buffer| {
            let count = match self.socket.stream.try_read(buffer) {
                Ok(0) => return Err(Lost),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(Ok(None)),
                Err(_) => return Err(Lost),
            };
            let mut input = &buffer[..count];
            let incoming = self.reader.next(&mut input);
            if !input.is_empty() {
                self.rest = Bytes::copy_from_slice(input);
            }
            Ok(incoming)
        })
    }
}
