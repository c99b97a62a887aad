//! Messages from other nodes: a few bounded queues, with one topic always in the same one, and the
//! state of the link itself.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::counted::{DROPPED, GAPS, RECEIVED};
use super::topic::Topic;

/// How many messages may wait in a queue. Further ones are dropped, which is a gap.
const QUEUE: usize = 4_096;

/// The state of the link to the other nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// There are no other nodes.
    Alone,
    /// Messages are received.
    Open,
    /// No messages are received, since then.
    Lost(Instant),
}

/// A message with its topic.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) topic: Topic,
    pub(super) message: String,
}

/// Where a transport puts the messages it receives. Never blocks.
#[derive(Clone, Debug)]
pub struct Inbox {
    queues: Arc<[mpsc::Sender<Heard>]>,
    hasher: BuildHasherDefault<DefaultHasher>,
    gaps: watch::Sender<u64>,
    state: Arc<Mutex<LinkState>>,
}

/// The other end of an [`Inbox`].
#[derive(Debug)]
pub struct Intake {
    pub(super) queues: Vec<mpsc::Receiver<Heard>>,
}

impl Intake {
    /// The next message in the first queue, for tests of a transport.
    pub async fn next(&mut self) -> Option<(Topic, String)> {
        let heard = self.queues.first_mut()?.recv().await?;
        Some((heard.topic, heard.message))
    }
}

impl Inbox {
    /// An inbox with this many queues, whose link is not open yet.
    pub fn new(queues: usize) -> (Self, Intake) {
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..queues.max(1)).map(|_| mpsc::channel(QUEUE)).unzip();
        let inbox = Self {
            queues: senders.into(),
            hasher: BuildHasherDefault::default(),
            gaps: watch::Sender::new(0),
            state: Arc::new(Mutex::new(LinkState::Lost(Instant::now()))),
        };
        (inbox, Intake { queues: receivers })
    }

    /// Takes a message.
    pub fn put(&self, topic: Topic, message: String) {
        let hash = self.hasher.hash_one(topic);
        let index = usize::try_from(hash % self.queues.len() as u64).unwrap_or(0);
        match self.queues[index].try_send(Heard { topic, message }) {
            Ok(()) => counter!(RECEIVED).increment(1),
            Err(mpsc::error::TrySendError::Full(_)) => {
                counter!(DROPPED, "why" => "inbox").increment(1);
                self.gap();
            }
            // The hub is stopping.
            Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
    }

    /// Messages may be missing: caches have to be checked.
    pub fn gap(&self) {
        counter!(GAPS).increment(1);
        self.gaps.send_modify(|gaps| *gaps += 1);
    }

    /// Everything is received from now on; earlier messages may be missing.
    pub fn opened(&self) {
        *self.state.lock() = LinkState::Open;
        self.gap();
    }

    /// Nothing is received any more.
    pub fn lost(&self) {
        let mut state = self.state.lock();
        if !matches!(*state, LinkState::Lost(_)) {
            *state = LinkState::Lost(Instant::now());
        }
    }

    /// There are no other nodes.
    pub(super) fn alone(&self) {
        *self.state.lock() = LinkState::Alone;
    }

    /// The state of the link.
    pub fn link_state(&self) -> LinkState {
        *self.state.lock()
    }

    /// Changes whenever messages may be missing.
    pub fn gaps(&self) -> watch::Receiver<u64> {
        self.gaps.subscribe()
    }
}
