//! The TCP connection below a WebSocket.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use rustix::net::{SendFlags, Shutdown, send};
use tokio::net::TcpStream;

use super::deflate::Deflate;
use super::frame::Frame;
use super::reader::{Incoming, Reader, Violation};
use super::succession::Context;

/// How much is read at once, in bytes.
const READ: usize = 16 * 1024;
/// How many frames are written at once.
const BATCH_SIZE: usize = 16;

thread_local! {
    /// What is read goes through here, so that an idle connection needs no buffer.
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; READ].into_boxed_slice());
}

/// A socket that frames are written to, from wherever they come.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    deflate: Deflate,
}

/// What had come before the upgrade was done.
#[derive(Clone, Debug)]
pub struct Unread(Bytes);

/// The connection ended without a good-bye.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was lost")]
pub struct Lost;

impl Socket {
    /// The socket of an upgraded request.
    ///
    /// # Errors
    /// When it is no TCP connection of the hub's own server.
    pub fn new(upgraded: Upgraded, deflate: Deflate) -> Result<(Arc<Self>, Unread), Lost> {
        let parts = upgraded.downcast::<TokioIo<TcpStream>>().map_err(|_| Lost)?;
        let stream = parts.io.into_inner();
        // A copy: the buffer that these bytes stand in would stay as long as they do.
        let unread = Unread(Bytes::copy_from_slice(&parts.read_buf));
        Ok((Arc::new(Self { stream, deflate }), unread))
    }

    /// What was agreed about compression.
    pub fn deflate(&self) -> Deflate {
        self.deflate
    }

    /// Writes, as far as the system takes it now. Answers how many bytes that was.
    ///
    /// # Errors
    /// When the connection is lost.
    pub fn try_write(&self, bytes: &[u8]) -> Result<usize, Lost> {
        // Past the runtime's own book of what is writable, which would be one more place in memory
        // to look at for each of thousands; when the socket is full, the next write notes it there.
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        written(send(&self.stream, bytes, flags).map_err(io::Error::from))
    }

    /// Writes these one after the other, the first from its byte `from` on, as far as the system
    /// takes them now. Answers how many bytes that was: at most 16 of them go at once.
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

    /// Waits until the system may take more.
    ///
    /// # Errors
    /// When the connection is lost.
    pub async fn writable(&self) -> Result<(), Lost> {
        self.stream.writable().await.map_err(|_| Lost)
    }

    /// Writes the frame, however long that takes. What it says is in no context: nothing that
    /// follows others can be written after it.
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

    /// Sends the frames, the last of which is a close frame, and ends the connection in good order:
    /// reads on, no longer than `patience`, until the other side has ended it too. With something
    /// unread the system would reset the connection, and what was sent would be cut off.
    pub async fn end(&self, frames: &[Frame], patience: Duration) {
        let farewell = async {
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
        // A client that is gone cannot be told.
        let _ = tokio::time::timeout(patience, farewell).await;
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
    /// What has been read and not been looked at, because something before it came first.
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

    /// What comes next. Cancelling it loses nothing.
    ///
    /// # Errors
    /// What the client must not send; or `Ok(None)` when the connection is lost.
    pub async fn receive(&mut self) -> Result<Option<Incoming>, Violation> {
        loop {
            if let Some(incoming) = self.next_of_rest()? {
                return Ok(Some(incoming));
            }
            // Asked for by poll: the future of `readable` is ten times as large as all the rest.
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
