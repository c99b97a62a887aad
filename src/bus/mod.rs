//! The bell between the log and the hubs: what is committed rings here, once per channel and
//! group. It may lose, double or reorder; numbers reveal it and the database repairs it.
//!
//! This node's own bus hands what rings to the hub through a few bounded queues, one channel
//! always through the same one, so that the order within a channel stays.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::hub::{Hub, Publication};
use crate::id::{ChannelId, EventId, PersonId};
use crate::websocket::Frame;

/// How many rings may wait in a queue; the log waits when it is full.
const QUEUE: usize = 1_024;

/// What rings.
#[derive(Clone, Debug)]
pub enum Ring {
    /// Changes of a channel.
    Changes(Arc<Publication>),
    /// Something for a person's connections in an event.
    Person(EventId, PersonId, Frame),
    /// Something for a channel's members that has no number.
    Members(ChannelId, Frame),
}

/// The bus of a single node.
#[derive(Clone, Debug)]
pub struct Bus {
    queues: Vec<mpsc::Sender<Ring>>,
    hasher: RandomState,
}

impl Bus {
    /// A bus that rings at this hub, with `queues` queues. They end when the last clone is dropped.
    pub fn local(hub: &Arc<Hub>, queues: usize) -> Self {
        let queues = (0..queues.max(1)).map(|_| {
            let (sender, receiver) = mpsc::channel(QUEUE);
            tokio::spawn(answer(Arc::clone(hub), receiver));
            sender
        });
        Self { queues: queues.collect(), hasher: RandomState::new() }
    }

    /// Rings; waits while the queue is full.
    pub async fn ring(&self, ring: Ring) {
        let hash = match &ring {
            Ring::Changes(publication) => self.hasher.hash_one(publication.channel),
            Ring::Members(channel, _) => self.hasher.hash_one(channel),
            Ring::Person(_, person, _) => self.hasher.hash_one(person),
        };
        let index = usize::try_from(hash % self.queues.len() as u64).unwrap_or(0);
        // The receiver ends only after every sender.
        let _ = self.queues[index].send(ring).await;
    }
}

async fn answer(hub: Arc<Hub>, mut queue: mpsc::Receiver<Ring>) {
    while let Some(ring) = queue.recv().await {
        match ring {
            Ring::Changes(publication) => hub.deliver(&publication).await,
            Ring::Person(event, person, frame) => hub.push_to_person(event, person, &frame),
            Ring::Members(channel, frame) => {
                if let Some(channel) = hub.open_channel(channel) {
                    channel.push_to_members(crate::hub::Lane::Control, &frame);
                }
            }
        }
    }
}
