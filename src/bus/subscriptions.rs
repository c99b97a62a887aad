//! Which topics this node listens to: from the first who is interested to a pause after the last, so
//! that a channel which empties and fills again is not subscribed anew each time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use metrics::gauge;
use parking_lot::Mutex;
use tokio::time::{Instant, timeout};

use super::topic::Topic;
use super::transport::Transport;
use crate::hub::Interest;
use crate::id::{ChannelId, EventId};
use crate::metrics::BUS_TOPICS;

/// How long a topic is listened to after the last who was interested.
const PAUSE: Duration = Duration::from_secs(10);
/// How often it is looked for topics in which nobody is interested any more.
const SWEEP: Duration = Duration::from_secs(2);
/// How long somebody who opens a channel waits for its topic. Without it, the channel is behind
/// until its head is compared.
const TIMEOUT: Duration = Duration::from_millis(500);

#[derive(Debug)]
enum Held {
    By(usize),
    Since(Instant),
}

/// The topics of this node.
#[derive(Debug)]
pub struct Subscriptions {
    transport: Option<Arc<dyn Transport>>,
    topics: Mutex<HashMap<Topic, Held>>,
}

impl Subscriptions {
    /// Listens by this transport, if there is one.
    pub fn new(transport: Option<Arc<dyn Transport>>) -> Arc<Self> {
        Arc::new(Self { transport, topics: Mutex::default() })
    }

    /// How many topics are listened to, for channels and events.
    pub(super) fn count(&self) -> usize {
        self.topics.lock().len()
    }

    /// Lets go, again and again, what nobody is interested in any more.
    pub(super) async fn sweep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SWEEP).await;
            self.let_go(Instant::now());
        }
    }

    /// One more is interested. Done when what is published is heard, or will not be for now.
    fn hold(&self, topic: Topic) -> BoxFuture<'static, ()> {
        let Some(transport) = &self.transport else { return std::future::ready(()).boxed() };
        let mut topics = self.topics.lock();
        match topics.get_mut(&topic) {
            Some(Held::By(count)) => *count += 1,
            Some(since @ Held::Since(_)) => *since = Held::By(1),
            None => {
                topics.insert(topic, Held::By(1));
                gauge!(BUS_TOPICS).set(topics.len() as f64);
                let subscribed = transport.subscribe(vec![topic]);
                // A topic that cannot be had in time is subscribed all the same.
                return timeout(TIMEOUT, subscribed).map(drop).boxed();
            }
        }
        std::future::ready(()).boxed()
    }

    fn release(&self, topic: Topic) {
        if self.transport.is_none() {
            return;
        }
        if let Some(held) = self.topics.lock().get_mut(&topic) {
            match held {
                Held::By(count) if *count > 1 => *count -= 1,
                _ => *held = Held::Since(Instant::now()),
            }
        }
    }

    fn let_go(&self, now: Instant) {
        let Some(transport) = &self.transport else { return };
        let mut topics = self.topics.lock();
        let over = |held: &Held| matches!(held, Held::Since(since) if now - *since >= PAUSE);
        let gone: Vec<Topic> =
            topics.extract_if(|_, held| over(held)).map(|(topic, _)| topic).collect();
        if !gone.is_empty() {
            gauge!(BUS_TOPICS).set(topics.len() as f64);
            // Under the lock: whoever is interested anew subscribes after this.
            transport.unsubscribe(&gone);
        }
    }
}

impl Interest for Subscriptions {
    fn channel_opens(&self, channel: ChannelId) -> BoxFuture<'static, ()> {
        self.hold(Topic::Channel(channel))
    }

    fn channel_closed(&self, channel: ChannelId) {
        self.release(Topic::Channel(channel));
    }

    fn connected(&self, event: EventId) {
        // What happened before it is heard is found by comparing versions.
        drop(self.hold(Topic::Event(event)));
    }

    fn disconnected(&self, event: EventId) {
        self.release(Topic::Event(event));
    }
}
