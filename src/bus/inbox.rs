//! What comes from other nodes: a few bounded queues, one topic always through the same one, and
//! the news of the way itself.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::counted::{DROPPED, GAPS, RECEIVED};
use super::topic::Topic;

/// How many messages may wait in a queue. What comes on top is dropped, which is a gap.
const QUEUE: usize = 4_096;

/// How the way to the other nodes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There are no others.
    Alone,
    /// What is published is heard.
    Open,
    /// Nothing is heard, since then.
    Lost(Instant),
}

/// What a message says, and about what.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) topic: Topic,
    pub(super) message: String,
}

/// Where a transport puts what it hears. Nothing here ever waits.
#[derive(Clone, Debug)]
pub struct Inbox {
    queues: Arc<[mpsc::Sender<Heard>]>,
    hasher: BuildHasherDefault<DefaultHasher>,
    gaps: watch::Sender<u64>,
    way: Arc<Mutex<Way>>,
}

/// The other end of an [`Inbox`].
#[derive(Debug)]
pub struct Intake {
    pub(super) queues: Vec<mpsc::Receiver<Heard>>,
}

impl Intake {
    /// The next message in the first queue, for those who look at a transport alone.
    pub async fn next(&mut self) -> Option<(Topic, String)> {
        let heard = self.queues.first_mut()?.recv().await?;
        Some((heard.topic, heard.message))
    }
}

impl Inbox {
    /// An inbox with so many queues, whose way is not open yet.
    pub fn new(queues: usize) -> (Self, Intake) {
        let (senders, receivers): (Vec<_>, Vec<_>) =
            (0..queues.max(1)).map(|_| mpsc::channel(QUEUE)).unzip();
        let inbox = Self {
            queues: senders.into(),
            hasher: BuildHasherDefault::default(),
            gaps: watch::Sender::new(0),
            way: Arc::new(Mutex::new(Way::Lost(Instant::now()))),
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

    /// Messages may be missing: whoever keeps something in memory must look again.
    pub fn gap(&self) {
        counter!(GAPS).increment(1);
        self.gaps.send_modify(|gaps| *gaps += 1);
    }

    /// Everything is heard from now on; what was said before may be missing.
    pub fn opened(&self) {
        *self.way.lock() = Way::Open;
        self.gap();
    }

    /// Nothing is heard any more.
    pub fn lost(&self) {
        let mut way = self.way.lock();
        if !matches!(*way, Way::Lost(_)) {
            *way = Way::Lost(Instant::now());
        }
    }

    /// There are no other nodes.
    pub(super) fn alone(&self) {
        *self.way.lock() = Way::Alone;
    }

    /// How the way is.
    pub fn way(&self) -> Way {
        *self.way.lock()
    }

    /// Changes whenever messages may be missing.
    pub fn gaps(&self) -> watch::Receiver<u64> {
        self.gaps.subscribe()
    }
}
