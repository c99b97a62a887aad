//! The frames waiting to be written to one socket, bounded in bytes.
//!
//! Mostly nothing waits: [`Outbox::push`] writes directly to the socket, in the publishing task,
//! and the connection's own task stays asleep. Only what the socket does not accept at once waits
//! here, in three lanes. *Control* (replies, what concerns the person) goes first. *Durable* (a
//! channel's numbered changes) keeps its order. *Totals* (from ticks) is newest-only, for each
//! channel and kind: a frame replaces waiting ones whose content it covers.
//!
//! At the bound, totals are dropped first, as the next tick repeats them; then the durable frames
//! of the channel, and the client is told to catch up from its position; control frames that still
//! do not fit close the connection. One control frame always fits if no other waits: a page of the
//! longest messages is larger than the bound, and must reach its reader. Answers wait for
//! [`Outbox::wait_for_capacity`] before they are made.

mod queue;
#[cfg(test)]
mod tests;
mod waiting;

use std::future::poll_fn;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use futures_util::task::AtomicWaker;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::time::Instant;

use queue::Queue;

use super::totals::TotalKinds;
use crate::id::ChannelId;
use crate::protocol::Close;
use crate::websocket::{Frame, Socket};

/// The lane of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Replies, and what concerns the person.
    Control,
    /// A channel's numbered changes.
    Durable(ChannelId),
    /// A channel's totals of these kinds: the newest of each is enough.
    Totals(ChannelId, TotalKinds),
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

/// The state after a flush.
#[derive(Debug, PartialEq, Eq)]
pub enum Flushed {
    /// Nothing waits.
    All,
    /// The socket has accepted nothing since that moment: flush again when it is writable.
    Full(Instant),
    /// Everything is written, and the connection is to end.
    Close(Close),
    /// The connection is lost.
    Lost,
}

/// The outbox of one socket.
#[derive(Debug)]
pub struct Outbox {
    limits: OutboxLimits,
    socket: Option<Arc<Socket>>,
    queue: Mutex<Queue>,
    /// Whether there is something to flush, and the waker of the task that flushes. A `Notify`
    /// would be simpler, but larger, for each of thousands.
    woken: AtomicBool,
    task: AtomicWaker,
    taken: Notify,
}

impl Outbox {
    /// An empty outbox for this socket; without one everything waits to be taken.
    pub fn new(limits: OutboxLimits, socket: Option<Arc<Socket>>) -> Self {
        Self {
            limits,
            socket,
            queue: Mutex::default(),
            woken: AtomicBool::new(false),
            task: AtomicWaker::new(),
            taken: Notify::new(),
        }
    }

    /// Writes or queues a frame; the module's documentation says what happens when it is full.
    pub fn push(&self, lane: Lane, frame: &Frame) {
        let mut queue = self.queue.lock();
        if queue.close.is_some() || queue.lost {
            return;
        }
        let wakes = match self.socket.as_deref().filter(|_| queue.is_direct()) {
            Some(socket) => !queue.write_directly(socket, frame),
            None => queue.push(lane, frame.clone(), self.limits.bytes),
        };
        drop(queue);
        if wakes {
            self.wake();
        }
    }

    fn wake(&self) {
        self.woken.store(true, Ordering::Release);
        self.task.wake();
    }

    /// Touches what a push will read, so that it is in the processor's cache by then.
    pub(super) fn prefetch(&self) {
        black_box(self.socket.as_ref().map(|socket| socket.deflate().writes));
        black_box((self.woken.load(Ordering::Relaxed), self.queue.is_locked()));
    }

    /// Whether frames may be written directly to the socket. While requests are being answered they
    /// wait, so that an answer comes before the pushes it causes.
    pub fn set_direct(&self, direct: bool) {
        self.queue.lock().direct = direct;
    }

    /// Ends the connection once what waits in the control lane is written; the first reason stays.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert_with(|| Box::new(close));
        self.wake();
    }

    /// Waits until there is something to flush; only for the connection's task. Cancel-safe.
    pub async fn woken(&self) {
        poll_fn(|context| {
            self.task.register(context.waker());
            if self.woken.swap(false, Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// Writes as much as the socket accepts.
    pub fn flush(&self) -> Flushed {
        let Some(socket) = &self.socket else { return Flushed::All };
        let mut queue = self.queue.lock();
        let flushed = queue.flush(socket);
        drop(queue);
        self.taken.notify_one();
        flushed
    }

    /// The waiting frames, in the order in which they would be written, and the end, if any.
    pub fn take(&self) -> (Vec<Frame>, Option<Close>) {
        let mut queue = self.queue.lock();
        (queue.take(), queue.close.as_deref().cloned())
    }

    /// How many bytes are waiting.
    pub fn bytes(&self) -> usize {
        self.queue.lock().bytes()
    }

    /// Waits until fewer bytes than this are waiting, or until the connection ends. For the task
    /// that makes answers.
    pub async fn wait_for_capacity(&self, bytes: usize) {
        loop {
            {
                let queue = self.queue.lock();
                if queue.bytes() < bytes || queue.close.is_some() || queue.lost {
                    return;
                }
            }
            self.taken.notified().await;
        }
    }

    /// Drops what waits for a channel that the connection has left.
    pub fn forget(&self, channel: ChannelId) {
        self.queue.lock().forget(channel);
    }
}
