//! What waits in an outbox: the lanes, their bound, and the order in which they are written.

use std::collections::{HashSet, VecDeque};

use metrics::counter;
use tokio::time::Instant;

use super::frame::push_frame;
use super::outbox::{Close, Flushed};
use super::pushes::Reset;
use crate::id::ChannelId;
use crate::metrics::LINES_DROPPED;
use crate::websocket::{Frame, Lost, Socket};

/// How many frames are written together.
const TOGETHER: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Queue {
    /// Whether frames go straight to the socket when nothing waits.
    pub(super) direct: bool,
    /// On its way: in the order in which it is written, the first from byte `written` on.
    pub(super) writing: VecDeque<Frame>,
    written: usize,
    /// Since when the socket has taken nothing.
    pub(super) full_since: Option<Instant>,
    control: VecDeque<Frame>,
    durable: VecDeque<(ChannelId, Frame)>,
    totals: Vec<(ChannelId, Frame)>,
    /// Channels whose durable frames were dropped and that are told so once there is room.
    pub(super) behind: Vec<ChannelId>,
    pub(super) bytes: usize,
    pub(super) close: Option<Box<Close>>,
    pub(super) lost: bool,
}

impl Queue {
    pub(super) fn is_direct(&self) -> bool {
        self.direct && self.bytes == 0 && self.writing.is_empty() && self.behind.is_empty()
    }

    /// True when all of it is written; otherwise the connection's task has something to do.
    pub(super) fn write_directly(&mut self, socket: &Socket, frame: &Frame) -> bool {
        match socket.try_write(frame, 0) {
            Ok(written) if written == socket.length(frame) => return true,
            Ok(written) => {
                self.bytes += frame.len();
                self.written = written;
                self.writing.push_back(frame.clone());
                self.full_since = Some(Instant::now());
            }
            Err(Lost) => self.lost = true,
        }
        false
    }

    pub(super) fn flush(&mut self, socket: &Socket) -> Flushed {
        while !self.lost {
            if self.writing.is_empty() {
                self.refill();
            }
            if self.writing.is_empty() {
                self.full_since = None;
                self.shrink();
                return self.close.as_deref().cloned().map_or(Flushed::All, Flushed::Close);
            }
            match socket.try_write_all(self.writing.iter(), self.written) {
                Ok(0) => {
                    let since = *self.full_since.get_or_insert_with(Instant::now);
                    return Flushed::Full(since);
                }
                Ok(count) => self.advance(socket, count),
                Err(Lost) => self.lost = true,
            }
        }
        Flushed::Lost
    }

    /// So many more bytes are written.
    fn advance(&mut self, socket: &Socket, count: usize) {
        self.full_since = None;
        self.written += count;
        while let Some(first) = self.writing.front() {
            let length = socket.length(first);
            if self.written < length {
                break;
            }
            self.written -= length;
            self.bytes -= first.len();
            self.writing.pop_front();
        }
    }

    /// Decides what is written next, a few frames at a time: what comes later can still be dropped
    /// or overtaken.
    pub(super) fn refill(&mut self) {
        if self.close.is_some() {
            self.durable.clear();
            self.totals.clear();
            self.behind.clear();
            self.bytes = self.writing.iter().chain(&self.control).map(Frame::len).sum();
        }
        while self.writing.len() < TOGETHER
            && let Some(frame) = self.next()
        {
            self.writing.push_back(frame);
        }
    }

    fn next(&mut self) -> Option<Frame> {
        if let Some(frame) = self.control.pop_front() {
            return Some(frame);
        }
        if let Some((_, frame)) = self.durable.pop_front() {
            return Some(frame);
        }
        if let Some(channel) = self.behind.pop() {
            let reset = push_frame(Some(channel), &Reset { reason: "connection.slow" });
            self.bytes += reset.len();
            return Some(reset);
        }
        self.totals.pop().map(|(_, frame)| frame)
    }

    /// A burst must not keep its memory for ever.
    fn shrink(&mut self) {
        if self.writing.capacity() > 0 {
            self.writing = VecDeque::new();
            self.control = VecDeque::new();
            self.durable = VecDeque::new();
            self.totals = Vec::new();
            self.behind = Vec::new();
        }
    }

    pub(super) fn push_control(&mut self, frame: Frame, limit: usize) {
        if self.bytes + frame.len() > limit {
            self.drop_totals();
        }
        if self.bytes + frame.len() > limit {
            let channels: HashSet<ChannelId> = self.durable.iter().map(|(id, _)| *id).collect();
            for channel in channels {
                self.fall_behind(channel);
            }
        }
        let waits = !self.control.is_empty() || !self.writing.is_empty();
        if self.bytes + frame.len() > limit && waits {
            self.close = Some(Box::new(Close {
                code: 4_002,
                reason: "connection.slow",
                message: "Your connection could not keep up.".to_owned(),
                retry_after_ms: None,
            }));
            return;
        }
        self.bytes += frame.len();
        self.control.push_back(frame);
    }

    pub(super) fn push_durable(&mut self, channel: ChannelId, frame: Frame, limit: usize) {
        if self.behind.contains(&channel) {
            count_dropped(1);
            return;
        }
        if self.bytes + frame.len() > limit {
            self.drop_totals();
        }
        if self.bytes + frame.len() > limit {
            self.fall_behind(channel);
            count_dropped(1);
            return;
        }
        self.bytes += frame.len();
        self.durable.push_back((channel, frame));
    }

    pub(super) fn push_totals(&mut self, channel: ChannelId, frame: Frame, limit: usize) {
        self.drop_totals_of(channel);
        if self.bytes + frame.len() > limit {
            count_dropped(1);
            return;
        }
        self.bytes += frame.len();
        self.totals.push((channel, frame));
    }

    fn fall_behind(&mut self, channel: ChannelId) {
        let waiting = self.durable.len();
        self.drop_durable(channel);
        count_dropped(waiting - self.durable.len());
        self.behind.push(channel);
    }

    pub(super) fn drop_durable(&mut self, channel: ChannelId) {
        let bytes = &mut self.bytes;
        self.durable.retain(|(id, frame)| {
            let keep = *id != channel;
            if !keep {
                *bytes -= frame.len();
            }
            keep
        });
    }

    fn drop_totals(&mut self) {
        self.bytes -= self.totals.iter().map(|(_, frame)| frame.len()).sum::<usize>();
        count_dropped(self.totals.len());
        self.totals.clear();
    }

    pub(super) fn drop_totals_of(&mut self, channel: ChannelId) {
        if let Some(place) = self.totals.iter().position(|(id, _)| *id == channel) {
            self.bytes -= self.totals.swap_remove(place).1.len();
        }
    }
}

fn count_dropped(lines: usize) {
    counter!(LINES_DROPPED).increment(lines as u64);
}
