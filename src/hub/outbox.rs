//! What waits to be written to one socket, bounded in bytes.
//!
//! Three lanes. *Control* (replies, what concerns the person) goes first. *Durable* (a channel's
//! numbered changes) keeps its order. *Totals* (what a tick says) is newest-only: a channel's next
//! total replaces the one that still waits.
//!
//! When the bound is reached, the decision is: totals are dropped first, they are said again by the
//! next tick; then the durable frames of the channel, and the client is told to catch up from the
//! number it has; control frames that still do not fit close the connection. One control frame
//! always fits when no other waits: a page of the longest messages is larger than the bound, and
//! whoever asked for it is to get it. Answers wait for [`Outbox::room`] before they are made.

use std::collections::{HashMap, HashSet, VecDeque};

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::frame::{Frame, push_frame};
use super::pushes::Reset;
use crate::id::ChannelId;
use crate::metrics::LINES_DROPPED;

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

/// What the socket has to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Write these, in this order.
    Frames(Vec<Frame>),
    /// Write these and then close.
    Close(Vec<Frame>, Close),
}

#[derive(Debug, Default)]
struct Queue {
    control: VecDeque<Frame>,
    durable: VecDeque<(ChannelId, Frame)>,
    totals: HashMap<ChannelId, Frame>,
    /// Channels whose durable frames were dropped and that are told so once there is room.
    behind: HashSet<ChannelId>,
    bytes: usize,
    close: Option<Close>,
}

/// The outbox of one socket.
#[derive(Debug, Default)]
pub struct Outbox {
    limits: OutboxLimits,
    queue: Mutex<Queue>,
    wake: Notify,
    taken: Notify,
}

impl Outbox {
    /// An empty outbox.
    pub fn new(limits: OutboxLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Puts a frame in; what happens when it is full is told at the top of this file.
    pub fn push(&self, lane: Lane, frame: Frame) {
        let mut queue = self.queue.lock();
        if queue.close.is_some() {
            return;
        }
        match lane {
            Lane::Control => queue.push_control(frame, self.limits.bytes),
            Lane::Durable(channel) => queue.push_durable(channel, frame, self.limits.bytes),
            Lane::Totals(channel) => queue.push_totals(channel, frame, self.limits.bytes),
        }
        drop(queue);
        self.wake.notify_one();
    }

    /// Ends the connection once what waits in the control lane is written; the first reason stays.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert(close);
        self.wake.notify_one();
    }

    /// Waits until there is something to do. Cancelling it loses nothing.
    pub async fn next(&self) -> Output {
        loop {
            if let Some(output) = self.take() {
                return output;
            }
            self.wake.notified().await;
        }
    }

    /// What there is to do now.
    pub fn take(&self) -> Option<Output> {
        let mut queue = self.queue.lock();
        let frames = queue.take_frames();
        self.taken.notify_one();
        match queue.close.clone() {
            Some(close) => Some(Output::Close(frames, close)),
            None if frames.is_empty() => None,
            None => Some(Output::Frames(frames)),
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
                if queue.bytes < bytes || queue.close.is_some() {
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
        queue.behind.remove(&channel);
    }
}

impl Queue {
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
        if self.bytes + frame.len() > limit && !self.control.is_empty() {
            self.close = Some(Close {
                code: 4_002,
                reason: "connection.slow",
                message: "Your connection could not keep up.".to_owned(),
                retry_after_ms: None,
            });
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
        self.totals.insert(channel, frame);
    }

    fn fall_behind(&mut self, channel: ChannelId) {
        let waiting = self.durable.len();
        self.drop_durable(channel);
        count_dropped(waiting - self.durable.len());
        self.behind.insert(channel);
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
        self.bytes -= self.totals.values().map(Frame::len).sum::<usize>();
        count_dropped(self.totals.len());
        self.totals.clear();
    }

    fn drop_totals_of(&mut self, channel: ChannelId) {
        if let Some(frame) = self.totals.remove(&channel) {
            self.bytes -= frame.len();
        }
    }

    fn take_frames(&mut self) -> Vec<Frame> {
        let mut frames: Vec<Frame> = self.control.drain(..).collect();
        if self.close.is_none() {
            frames.extend(self.durable.drain(..).map(|(_, frame)| frame));
            frames.extend(
                self.behind
                    .drain()
                    .map(|channel| push_frame(Some(channel), &Reset { reason: "connection.slow" })),
            );
            frames.extend(self.totals.drain().map(|(_, frame)| frame));
        } else {
            self.durable.clear();
            self.totals.clear();
        }
        self.bytes = 0;
        frames
    }
}

fn count_dropped(lines: usize) {
    counter!(LINES_DROPPED).increment(lines as u64);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame::new(text.to_owned())
    }

    fn channel(number: u128) -> ChannelId {
        ChannelId(uuid::Uuid::from_u128(number))
    }

    fn texts(output: Option<Output>) -> Vec<String> {
        match output {
            Some(Output::Frames(frames) | Output::Close(frames, _)) => frames
                .iter()
                .map(|frame| String::from_utf8(frame.bytes().to_vec()).unwrap())
                .collect(),
            None => Vec::new(),
        }
    }

    #[test]
    fn control_goes_first_and_totals_are_newest_only() {
        let outbox = Outbox::new(OutboxLimits { bytes: 100 });
        outbox.push(Lane::Totals(channel(1)), frame("1 person"));
        outbox.push(Lane::Durable(channel(1)), frame("message"));
        outbox.push(Lane::Totals(channel(1)), frame("2 people"));
        outbox.push(Lane::Control, frame("reply"));
        assert_eq!(texts(outbox.take()), ["reply", "message", "2 people"]);
        assert_eq!(outbox.bytes(), 0);
        assert_eq!(outbox.take(), None);
    }

    #[test]
    fn a_full_outbox_drops_totals_first_and_then_tells_of_the_gap() {
        let outbox = Outbox::new(OutboxLimits { bytes: 10 });
        outbox.push(Lane::Totals(channel(2)), frame("totals"));
        outbox.push(Lane::Durable(channel(1)), frame("12345"));
        outbox.push(Lane::Durable(channel(2)), frame("other"));
        outbox.push(Lane::Durable(channel(1)), frame("67890"));
        outbox.push(Lane::Durable(channel(1)), frame("x"));
        let texts = texts(outbox.take());
        assert_eq!(texts[0], "other");
        assert!(texts[1].contains(r#""push":"reset""#), "{texts:?}");
        assert!(texts[1].contains(&channel(1).to_string()));
        assert_eq!(texts.len(), 2);
        outbox.push(Lane::Durable(channel(1)), frame("again"));
        assert!(outbox.take().is_some(), "after the gap is told, the channel goes on");
    }

    #[test]
    fn control_that_does_not_fit_closes() {
        let outbox = Outbox::new(OutboxLimits { bytes: 10 });
        outbox.push(Lane::Durable(channel(1)), frame("12345"));
        outbox.push(Lane::Control, frame("12345678"));
        outbox.push(Lane::Control, frame("12345678"));
        match outbox.take() {
            Some(Output::Close(frames, close)) => {
                assert_eq!(frames.len(), 1);
                assert_eq!(close.reason, "connection.slow");
            }
            other => panic!("not closed: {other:?}"),
        }
    }
}
