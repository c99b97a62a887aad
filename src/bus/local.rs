//! This node's own queues to the hub: one channel, one person always through the same one, so that
//! the order stays.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::Delivery;
use crate::hub::Hub;

/// How many deliveries may wait in a queue; the log waits when it is full.
const QUEUE: usize = 1_024;

#[derive(Clone, Debug)]
pub(super) struct Local {
    queues: Arc<[mpsc::Sender<Delivery>]>,
    hasher: BuildHasherDefault<DefaultHasher>,
}

impl Local {
    /// Queues that delivery at this hub; they end when the last clone is dropped.
    pub(super) fn start(hub: &Arc<Hub>, queues: usize) -> Self {
        let queues = (0..queues.max(1)).map(|_| {
            let (sender, receiver) = mpsc::channel(QUEUE);
            tokio::spawn(deliver_queued(Arc::clone(hub), receiver));
            sender
        });
        Self { queues: queues.collect(), hasher: BuildHasherDefault::default() }
    }

    /// Delivers; waits while the queue is full.
    pub(super) async fn deliver(&self, delivery: Delivery) {
        let queue = match &delivery {
            Delivery::Changes(_, publication) => self.queue(publication.channel),
            Delivery::Person(_, person, _) => self.queue(person),
        };
        // The receiver ends only after every sender.
        let _ = queue.send(delivery).await;
    }

    fn queue(&self, key: impl Hash) -> &mpsc::Sender<Delivery> {
        let hash = self.hasher.hash_one(key);
        let index = usize::try_from(hash % self.queues.len() as u64).unwrap_or(0);
        &self.queues[index]
    }
}

async fn deliver_queued(hub: Arc<Hub>, mut queue: mpsc::Receiver<Delivery>) {
    while let Some(delivery) = queue.recv().await {
        match delivery {
            Delivery::Changes(_, publication) => {
                hub.deliver(&publication).await;
            }
            Delivery::Person(event, person, frame) => hub.push_to_person(event, person, &frame),
        }
    }
}
