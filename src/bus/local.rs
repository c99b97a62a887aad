//! This node's own queues to the hub: one channel or person always uses the same one, to keep the
//! order.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher, Hash};
use std::sync::Arc;

use tokio::sync::mpsc;

use super::Delivery;
use crate::hub::Hub;
use crate::tasks::Tasks;

/// How many deliveries may wait in a queue; the log waits if it is full.
const QUEUE: usize = 1_024;

#[derive(Clone, Debug)]
pub(super) struct Local {
    queues: Arc<[mpsc::Sender<Delivery>]>,
    hasher: BuildHasherDefault<DefaultHasher>,
}

impl Local {
    /// Queues whose deliveries are made in order; they end when the last clone is dropped.
    pub(super) fn start<F>(
        queues: usize,
        tasks: &Tasks,
        deliver: impl Fn(Delivery) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let queues = (0..queues.max(1)).map(|_| {
            let (sender, receiver) = mpsc::channel(QUEUE);
            tasks.spawn_worker("bus.local", deliver_queued(deliver.clone(), receiver));
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
        // The receiver ends before the senders only if it has panicked, and with it the hub: what
        // is not delivered is in the log.
        let _ = queue.send(delivery).await;
    }

    fn queue(&self, key: impl Hash) -> &mpsc::Sender<Delivery> {
        let hash = self.hasher.hash_one(key);
        let index = usize::try_from(hash % self.queues.len() as u64).unwrap_or(0);
        &self.queues[index]
    }
}

async fn deliver_queued<F: Future<Output = ()>>(
    deliver: impl Fn(Delivery) -> F,
    mut queue: mpsc::Receiver<Delivery>,
) {
    while let Some(delivery) = queue.recv().await {
        deliver(delivery).await;
    }
}

/// Delivers at this hub.
pub(super) async fn deliver(hub: Arc<Hub>, delivery: Delivery) {
    match delivery {
        Delivery::Changes(_, publication) => hub.deliver(&publication).await,
        Delivery::Person(event, person, frame) => hub.push_to_person(event, person, &frame),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{EventId, PersonId};
    use crate::tasks::HowEnded;
    use crate::websocket::Frame;

    #[tokio::test]
    async fn a_panic_at_a_delivery_is_a_failure_and_holds_nobody_up() {
        let tasks = Tasks::default();
        let local = Local::start(2, &tasks, async |_| panic!("a delivery"));
        let delivery = || {
            let person = PersonId(Uuid::from_u128(1));
            Delivery::Person(EventId(Uuid::from_u128(1)), person, Frame::text("hello"))
        };
        local.deliver(delivery()).await;
        tasks.failed().await;
        let failed = tasks.failures()[0];
        assert_eq!((failed.name, failed.how), ("bus.local", HowEnded::Panicked));
        for _ in 0..2 * QUEUE {
            local.deliver(delivery()).await;
        }
    }
}
