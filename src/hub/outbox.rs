//! What waits to be written to one socket, bounded in bytes.
//!
//! Mostly nothing waits: [`Outbox::push`] writes straight to the socket, in the task of whoever has
//! something to say, and the connection's own task sleeps on. Only what the socket does not take at
//! once waits here, in three lanes. *Control* (replies, what concerns the person) goes first.
//! *Durable* (a channel's numbered changes) keeps its order. *Totals* (what a tick says) is
//! newest-only: a channel's next total replaces the one that still waits.
//!
//! When the bound is reached, the decision is: totals are dropped first, they are said again by the
//! next tick; then the durable frames of the channel, and the client is told to catch up from the
//! number it has; control frames that still do not fit close the connection. One control frame
//! always fits when no other waits: a page of the longest messages is larger than the bound, and
//! whoever asked for it is to get it. Answers wait for [`Outbox::room`] before they are made.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::frame::push_frame;
use super::pushes::Reset;
use crate::id::ChannelId;
use crate::metrics::LINES_DROPPED;
use crate::websocket::{Frame, Lost, Socket};

/// How many frames are written together.
const TOGETHER: usize = 16;

/// Which way a frame goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Replies, and what concerns the person.
    Control,
    /// A channel's numbered changes.
    Durable(ChannelId),
    /// A channel's totals: the newest is enough.
    Totals(ChannelId),
}

/// The end of a connection: the WebSocket close code and the reason for people and programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// The close code; its range says whether to come back.
    pub code: u16,
    /// A stable dotted code.
    pub reason: &'static str,
    /// A sentence for people.
    pub message: String,
    /// When to come back, in milliseconds, if the hub has a wish.
    pub retry_after_ms: Option<u64>,
}

/// The bound of an outbox.
#[derive(Clone, Copy, Debug)]
pub struct OutboxLimits {
    /// How many bytes may wait.
    pub bytes: usize,
}

impl Default for OutboxLimits {
    fn default() -> Self {
        Self { bytes: 256 * 1024 }
    }
}

/// How it stands after a flush.
#[derive(Debug, PartialEq, Eq)]
pub enum Flushed {
    /// Nothing waits.
    All,
    /// The socket takes nothing more since that moment: flush again when it is writable.
    Full(Instant),
    /// Everything that is still to be written is, and the connection is to end.
    Close(Close),
    /// The connection is lost.
    Lost,
}

#[derive(Debug, Default)]
struct Queue {
    /// Whether frames go straight to the socket when nothing waits.
    direct: bool,
    /// On its way: in the order in which it is written, the first from byte `written` on.
    writing: VecDeque<Frame>,
    written: usize,
    /// Since when the socket has taken nothing.
    full_since: Option<Instant>,
    control: VecDeque<Frame>,
    durable: VecDeque<(ChannelId, Frame)>,
    totals: Vec<(ChannelId, Frame)>,
    /// Channels whose durable frames were dropped and that are told so once there is room.
    behind: Vec<ChannelId>,
    bytes: usize,
    close: Option<Box<Close>>,
    lost: bool,
}

/// The outbox of one socket.
#[derive(Debug)]
pub struct Outbox {
    limits: OutboxLimits,
    socket: Option<Arc<Socket>>,
    queue: Mutex<Queue>,
    wake: Notify,
    taken: Notify,
}

impl Outbox {
    /// An empty outbox of this socket; without one everything waits to be taken.
    pub fn new(limits: OutboxLimits, socket: Option<Arc<Socket>>) -> Self {
        Self { limits, socket, queue: Mutex::default(), wake: Notify::new(), taken: Notify::new() }
    }

    /// Writes a frame, or puts it in; what happens when it is full is told at the top of this file.
    pub fn push(&self, lane: Lane, frame: &Frame) {
        let mut queue = self.queue.lock();
        if queue.close.is_some() || queue.lost {
            return;
        }
        if let Some(socket) = self.socket.as_deref().filter(|_| queue.is_direct()) {
            if queue.write_directly(socket, frame) {
                return;
            }
        } else {
            let (frame, limit) = (frame.clone(), self.limits.bytes);
            match lane {
                Lane::Control => queue.push_control(frame, limit),
                Lane::Durable(channel) => queue.push_durable(channel, frame, limit),
                Lane::Totals(channel) => queue.push_totals(channel, frame, limit),
            }
        }
        // With a full socket the connection's task waits for that already.
        let wakes = queue.full_since.is_none() || queue.close.is_some() || queue.writing.len() == 1;
        drop(queue);
        if wakes {
            self.wake.notify_one();
        }
    }

    /// Whether frames may go straight to the socket. While requests are being answered they wait,
    /// so that an answer comes before what it makes the client hear.
    pub fn set_direct(&self, direct: bool) {
        self.queue.lock().direct = direct;
    }

    /// Ends the connection once what waits in the control lane is written; the first reason stays.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert(Box::new(close));
        self.wake.notify_one();
    }

    /// Waits until there is something to flush. Cancelling it loses nothing.
    pub async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Writes what waits, as far as the socket takes it.
    pub fn flush(&self) -> Flushed {
        let Some(socket) = &self.socket else { return Flushed::All };
        let mut queue = self.queue.lock();
        let flushed = queue.flush(socket);
        drop(queue);
        self.taken.notify_one();
        flushed
    }

    /// What waits, in the order in which it would be written, and whether that is the end.
    pub fn take(&self) -> (Vec<Frame>, Option<Close>) {
        let mut queue = self.queue.lock();
        let mut frames = Vec::new();
        loop {
            queue.refill();
            if queue.writing.is_empty() {
                queue.bytes = 0;
                return (frames, queue.close.as_deref().cloned());
            }
            frames.extend(queue.writing.drain(..));
        }
    }

    /// How many bytes wait.
    pub fn bytes(&self) -> usize {
        self.queue.lock().bytes
    }

    /// Waits until fewer than so many bytes wait, or until the connection ends. For the one that
    /// makes answers.
    pub async fn room(&self, bytes: usize) {
        loop {
            {
                let queue = self.queue.lock();
                if queue.bytes < bytes || queue.close.is_some() || queue.lost {
                    return;
                }
            }
            self.taken.notified().await;
        }
    }

    /// Forgets what waits for a channel that the connection has left.
    pub fn forget(&self, channel: ChannelId) {
        let mut queue = self.queue.lock();
        queue.drop_durable(channel);
        queue.drop_totals_of(channel);
        queue.behind.retain(|behind| *behind != channel);
    }
}

impl Queue {
    fn is_direct(&self) -> bool {
        self.direct && self.bytes == 0 && self.writing.is_empty() && self.behind.is_empty()
    }

    /// True when all of it is written; otherwise the connection's task has something to do.
    fn write_directly(&mut self, socket: &Socket, frame: &Frame) -> bool {
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

    fn flush(&mut self, socket: &Socket) -> Flushed {
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
    fn refill(&mut self) {
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

    fn push_control(&mut self, frame: Frame, limit: usize) {
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

    fn push_durable(&mut self, channel: ChannelId, frame: Frame, limit: usize) {
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

    fn push_totals(&mut self, channel: ChannelId, frame: Frame, limit: usize) {
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

    fn drop_durable(&mut self, channel: ChannelId) {
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

    fn drop_totals_of(&mut self, channel: ChannelId) {
        if let Some(place) = self.totals.iter().position(|(id, _)| *id == channel) {
            self.bytes -= self.totals.swap_remove(place).1.len();
        }
    }
}

fn count_dropped(lines: usize) {
    counter!(LINES_DROPPED).increment(lines as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame::text(text)
    }

    fn channel(number: u128) -> ChannelId {
        ChannelId(uuid::Uuid::from_u128(number))
    }

    /// So many bytes, headers counted.
    fn outbox(bytes: usize) -> Outbox {
        Outbox::new(OutboxLimits { bytes }, None)
    }

    fn texts(outbox: &Outbox) -> Vec<String> {
        let (frames, _) = outbox.take();
        frames.iter().map(|frame| String::from_utf8(frame.payload().to_vec()).unwrap()).collect()
    }

    #[test]
    fn control_goes_first_and_totals_are_newest_only() {
        let outbox = outbox(100);
        outbox.push(Lane::Totals(channel(1)), &frame("1 person"));
        outbox.push(Lane::Durable(channel(1)), &frame("message"));
        outbox.push(Lane::Totals(channel(1)), &frame("2 people"));
        outbox.push(Lane::Control, &frame("reply"));
        assert_eq!(texts(&outbox), ["reply", "message", "2 people"]);
        assert_eq!(outbox.bytes(), 0);
        assert!(texts(&outbox).is_empty());
    }

    #[test]
    fn a_full_outbox_drops_totals_first_and_then_tells_of_the_gap() {
        let outbox = outbox(14);
        outbox.push(Lane::Totals(channel(2)), &frame("totals"));
        outbox.push(Lane::Durable(channel(1)), &frame("12345"));
        outbox.push(Lane::Durable(channel(2)), &frame("other"));
        outbox.push(Lane::Durable(channel(1)), &frame("67890"));
        outbox.push(Lane::Durable(channel(1)), &frame("x"));
        let told = texts(&outbox);
        assert_eq!(told[0], "other");
        assert!(told[1].contains(r#""push":"reset""#), "{told:?}");
        assert!(told[1].contains(&channel(1).to_string()));
        assert_eq!(told.len(), 2);
        outbox.push(Lane::Durable(channel(1)), &frame("again"));
        assert_eq!(texts(&outbox), ["again"], "after the gap is told, the channel goes on");
    }

    #[test]
    fn control_that_does_not_fit_closes() {
        let outbox = outbox(14);
        outbox.push(Lane::Durable(channel(1)), &frame("12345"));
        outbox.push(Lane::Control, &frame("12345678"));
        outbox.push(Lane::Control, &frame("12345678"));
        let (frames, close) = outbox.take();
        assert_eq!(frames.len(), 1);
        assert_eq!(close.expect("a close").reason, "connection.slow");
    }
}
