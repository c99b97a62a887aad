//! The state of an outbox: whether frames are written directly to the socket, what is waiting, and
//! whether the connection is to end.

use tokio::time::Instant;

use super::waiting::Waiting;
use super::{Flushed, Lane};
use crate::id::ChannelId;
use crate::protocol::Close;
use crate::websocket::{Context, Deflate, Frame, Lost, Socket};

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Whether frames are written directly to the socket if nothing is waiting.
    pub(super) direct: bool,
    pub(super) lost: bool,
    /// The compression context of the socket.
    context: Context,
    /// `None` for most.
    waiting: Option<Box<Waiting>>,
    pub(super) close: Option<Box<Close>>,
}

impl Queue {
    pub(super) fn is_direct(&self) -> bool {
        self.direct && self.waiting.is_none()
    }

    /// How many bytes wait.
    pub(super) fn bytes(&self) -> usize {
        self.waiting.as_ref().map_or(0, |waiting| waiting.bytes)
    }

    /// True if all of it is written; otherwise the connection's task has something to do.
    pub(super) fn write_directly(&mut self, socket: &Socket, frame: &Frame) -> bool {
        let form = frame.form(socket.deflate(), &mut self.context);
        let bytes = frame.on_wire(form);
        match socket.try_write(bytes) {
            Ok(written) if written == bytes.len() => return true,
            Ok(written) => {
                self.waiting = Some(Box::new(Waiting::rest(frame.clone(), form, written)));
            }
            Err(Lost) => self.lost = true,
        }
        false
    }

    /// Queues a frame. True if the connection's task has to be woken: with a full socket it is
    /// waiting already.
    pub(super) fn push(&mut self, lane: Lane, frame: Frame, limit: usize) -> bool {
        let waiting = self.waiting.get_or_insert_default();
        match lane {
            Lane::Control => {
                if let Err(close) = waiting.push_control(frame, limit) {
                    self.close = Some(Box::new(close));
                }
            }
            Lane::Durable(channel) => waiting.push_durable(channel, frame, limit),
            Lane::Totals(channel, kinds) => waiting.push_totals(channel, kinds, frame, limit),
        }
        waiting.full_since.is_none() || self.close.is_some()
    }

    /// Writes as much as the socket accepts.
    pub(super) fn flush(&mut self, socket: &Socket) -> Flushed {
        while !self.lost {
            self.refill(socket.deflate());
            let Some(waiting) = &mut self.waiting else {
                return self.close.as_deref().cloned().map_or(Flushed::All, Flushed::Close);
            };
            match socket.try_write_all(waiting.parts(), waiting.written) {
                Ok(0) => {
                    let since = *waiting.full_since.get_or_insert_with(Instant::now);
                    return Flushed::Full(since);
                }
                Ok(count) => waiting.advance(count),
                Err(Lost) => self.lost = true,
            }
        }
        Flushed::Lost
    }

    /// Takes what would be written next, without a socket.
    pub(super) fn take(&mut self) -> Vec<Frame> {
        let mut frames = Vec::new();
        loop {
            self.refill(Deflate::default());
            let Some(waiting) = &mut self.waiting else { return frames };
            frames.extend(waiting.writing.drain(..).map(|(frame, _)| frame));
        }
    }

    /// Prepares the next frames to write, if anything is waiting. Releases the memory of a burst.
    fn refill(&mut self, deflate: Deflate) {
        let Some(waiting) = &mut self.waiting else { return };
        if waiting.writing.is_empty() {
            if self.close.is_some() {
                waiting.keep_control_only();
            }
            waiting.refill(deflate, &mut self.context);
            if waiting.writing.is_empty() {
                self.waiting = None;
            }
        }
    }

    /// Drops what waits for a channel.
    pub(super) fn forget(&mut self, channel: ChannelId) {
        if let Some(waiting) = &mut self.waiting {
            waiting.forget(channel);
        }
    }
}
