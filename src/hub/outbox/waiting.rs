//! The frames that a socket did not accept at once: the lanes, their bound, and the order in which
//! they are written.

use std::collections::{HashSet, VecDeque};

use metrics::counter;
use tokio::time::Instant;

use crate::hub::counted::LINES_DROPPED;
use crate::hub::pushes::Reset;
use crate::hub::totals::TotalKinds;
use crate::id::ChannelId;
use crate::protocol::{Close, CloseReason, push_frame};
use crate::websocket::{Context, Deflate, Form, Frame};

/// How many frames are written together.
const BATCH_SIZE: usize = 16;

/// Frames that wait.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Being written, in order, the first from byte `written` on.
    pub(super) writing: VecDeque<(Frame, Form)>,
    pub(super) written: usize,
    /// When the socket last stopped accepting data.
    pub(super) full_since: Option<Instant>,
    control: VecDeque<Frame>,
    durable: VecDeque<(ChannelId, Frame)>,
    /// In order, so that the newest of a kind comes last.
    totals: VecDeque<(ChannelId, TotalKinds, Frame)>,
    /// Channels whose durable frames were dropped, to be told once there is room.
    behind: Vec<ChannelId>,
    pub(super) bytes: usize,
}

impl Waiting {
    /// A frame of which the socket accepted only this many bytes.
    pub(super) fn rest(frame: Frame, form: Form, written: usize) -> Self {
        let bytes = frame.len();
        let full_since = Some(Instant::now());
        Self {
            writing: VecDeque::from([(frame, form)]),
            written,
            full_since,
            bytes,
            ..Self::default()
        }
    }

    /// The bytes to write, in slices.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.writing.iter().map(|(frame, form)| frame.on_wire(*form))
    }

    /// This many more bytes are written.
    pub(super) fn advance(&mut self, count: usize) {
        self.full_since = None;
        self.written += count;
        while let Some((first, form)) = self.writing.front() {
            let length = first.on_wire(*form).len();
            if self.written < length {
                break;
            }
            self.written -= length;
            self.bytes -= first.len();
            self.writing.pop_front();
        }
    }

    /// Drops everything but the control lane: the connection is about to end.
    pub(super) fn keep_control_only(&mut self) {
        self.durable.clear();
        self.totals.clear();
        self.behind.clear();
        let writing = self.writing.iter().map(|(frame, _)| frame);
        self.bytes = writing.chain(&self.control).map(Frame::len).sum();
    }

    /// Decides what is written next, a few frames at a time, so that later ones can still be
    /// dropped or overtaken. The order is that on the wire, and so of the compression context.
    pub(super) fn refill(&mut self, deflate: Deflate, context: &mut Context) {
        while self.writing.len() < BATCH_SIZE
            && let Some(frame) = self.next()
        {
            let form = frame.form(deflate, context);
            self.writing.push_back((frame, form));
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
        self.totals.pop_front().map(|(.., frame)| frame)
    }

    /// Queues a control frame.
    ///
    /// # Errors
    /// If it does not fit even after dropping everything else: the connection is to end.
    pub(super) fn push_control(&mut self, frame: Frame, limit: usize) -> Result<(), Close> {
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
            return Err(CloseReason::Slow.into());
        }
        self.bytes += frame.len();
        self.control.push_back(frame);
        Ok(())
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

    pub(super) fn push_totals(
        &mut self,
        channel: ChannelId,
        kinds: TotalKinds,
        frame: Frame,
        limit: usize,
    ) {
        self.drop_totals_of(channel, kinds);
        if self.bytes + frame.len() > limit {
            count_dropped(1);
            return;
        }
        self.bytes += frame.len();
        self.totals.push_back((channel, kinds, frame));
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
        self.bytes -= self.totals.iter().map(|(.., frame)| frame.len()).sum::<usize>();
        count_dropped(self.totals.len());
        self.totals.clear();
    }

    fn drop_totals_of(&mut self, channel: ChannelId, kinds: TotalKinds) {
        let bytes = &mut self.bytes;
        self.totals.retain(|(id, told, frame)| {
            let keep = *id != channel || !told.is_within(kinds);
            if !keep {
                *bytes -= frame.len();
            }
            keep
        });
    }

    /// Drops what waits for a channel.
    pub(super) fn forget(&mut self, channel: ChannelId) {
        self.drop_durable(channel);
        self.drop_totals_of(channel, TotalKinds::ALL);
        self.behind.retain(|behind| *behind != channel);
    }
}

fn count_dropped(lines: usize) {
    counter!(LINES_DROPPED).increment(lines as u64);
}
