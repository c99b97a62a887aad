//! What waits to be written to one socket, bounded in bytes.
//!
//! Mostly nothing waits: [`Outbox::push`] writes straight to the socket, in the task of whoever has
//! something to say, and the connection's own task sleeps on. Only what the socket does not take at
//! once waits here, in three lanes. *Control* (replies, what concerns the person) goes first.
//! *Durable* (a channel's numbered changes) keeps its order. *Totals* (what a tick says) is
//! newest-only, for each channel and kind: a frame replaces those that still wait and tell nothing
//! that it does not tell.
//!
//! When the bound is reached, the decision is: totals are dropped first, they are said again by the
//! next tick; then the durable frames of the channel, and the client is told to catch up from the
//! number it has; control frames that still do not fit close the connection. One control frame
//! always fits when no other waits: a page of the longest messages is larger than the bound, and
//! whoever asked for it is to get it. Answers wait for [`Outbox::room`] before they are made.
//!
//! While a connection's requests are being answered, what others say waits here, too: an answer
//! comes before what it makes the client hear.

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

/// Which way a frame goes.
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

/// The outbox of one socket.
#[derive(Debug)]
pub struct Outbox {
    limits: OutboxLimits,
    socket: Option<Arc<Socket>>,
    queue: Mutex<Queue>,
    /// Whether there is something to flush, and who is told so. A `Notify` would be simpler, and
    /// larger, for each of thousands.
    woken: AtomicBool,
    task: AtomicWaker,
    taken: Notify,
}

impl Outbox {
    /// An empty outbox of this socket; without one everything waits to be taken.
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

    /// Writes a frame, or puts it in; what happens when it is full is told at the top of this file.
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

    /// Looks at what a push will look at, so that it is in the processor's cache by then.
    pub(super) fn prefetch(&self) {
        black_box(self.socket.as_ref().map(|socket| socket.deflate().writes));
        black_box((self.woken.load(Ordering::Relaxed), self.queue.is_locked()));
    }

    /// Whether frames may go straight to the socket. While requests are being answered they wait,
    /// so that an answer comes before what it makes the client hear.
    pub fn set_direct(&self, direct: bool) {
        self.queue.lock().direct = direct;
    }

    /// Ends the connection once what waits in the control lane is written; the first reason stays.
    pub fn close(&self, close: Close) {
        self.queue.lock().close.get_or_insert_with(|| Box::new(close));
        self.wake();
    }

    /// Waits until there is something to flush; for one task only, the connection's. Cancelling it
    /// loses nothing.
    pub async fn woken(&self) {
        poll_fn(|context| {
            self.task.register(context.waker());
            if self.woken.swap(false, Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
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
        (queue.take(), queue.close.as_deref().cloned())
    }

    /// How many bytes wait.
    pub fn bytes(&self) -> usize {
        self.queue.lock().bytes()
    }

    /// Waits until fewer than so many bytes wait, or until the connection ends. For the one that
    /// makes answers.
    pub async fn room(&self, bytes: usize) {
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

    /// Forgets what waits for a channel that the connection has left.
    pub fn forget(&self, channel: ChannelId) {
        self.queue.lock().forget(channel);
    }
}
