//! The topics this node is subscribed to: from the first interest to a pause after the last, so
//! that a channel which empties and fills again is not resubscribed each time.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _, Shared};
use metrics::gauge;
use parking_lot::Mutex;
use tokio::time::{Instant, timeout};

use super::counted::TOPICS;
use super::topic::Topic;
use super::transport::Transport;
use crate::hub::Interest;
use crate::id::{ChannelId, EventId};

/// How long a topic stays subscribed without interest.
const PAUSE: Duration = Duration::from_secs(10);
/// The interval of checks for topics without interest.
const SWEEP: Duration = Duration::from_secs(2);
/// How long opening a channel waits for its topic. Without it, the channel lags until its head is
/// compared.
const TIMEOUT: Duration = Duration::from_millis(500);

#[derive(Debug)]
struct Held {
    /// How many interests there are.
    by: usize,
    /// Since when there is none.
    released_at: Instant,
    /// Done when messages are received.
    subscribed: Shared<BoxFuture<'static, ()>>,
}

/// The topics of this node.
#[derive(Debug)]
pub struct Subscriptions {
    transport: Option<Arc<dyn Transport>>,
    topics: Mutex<HashMap<Topic, Held>>,
}

impl Subscriptions {
    /// Subscribes through this transport, if there is one.
    pub fn new(transport: Option<Arc<dyn Transport>>) -> Arc<Self> {
        Arc::new(Self { transport, topics: Mutex::default() })
    }

    /// How many topics are subscribed, for channels and events.
    pub(super) fn count(&self) -> usize {
        self.topics.lock().len()
    }

    /// Unsubscribes regularly from topics without interest.
    pub(super) async fn sweep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(SWEEP).await;
            self.let_go(Instant::now());
        }
    }

    /// Adds an interest. Done when messages are received, or cannot be for now.
    fn hold(&self, topic: Topic) -> BoxFuture<'static, ()> {
        let Some(transport) = &self.transport else { return std::future::ready(()).boxed() };
        let mut topics = self.topics.lock();
        if let Some(held) = topics.get_mut(&topic) {
            held.by += 1;
            // The subscribing caller may have been cancelled before it was done.
            return held.subscribed.clone().boxed();
        }
        // A topic that times out stays subscribed nevertheless.
        let subscribed = timeout(TIMEOUT, transport.subscribe(vec![topic])).map(drop);
        let subscribed = subscribed.boxed().shared();
        let released_at = Instant::now();
        topics.insert(topic, Held { by: 1, released_at, subscribed: subscribed.clone() });
        gauge!(TOPICS).set(topics.len() as f64);
        subscribed.boxed()
    }

    fn release(&self, topic: Topic) {
        if let Some(held) = self.topics.lock().get_mut(&topic) {
            held.by = held.by.saturating_sub(1);
            held.released_at = Instant::now();
        }
    }

    fn let_go(&self, now: Instant) {
        let Some(transport) = &self.transport else { return };
        let mut topics = self.topics.lock();
        let over = |held: &Held| held.by == 0 && now - held.released_at >= PAUSE;
        let gone: Vec<Topic> =
            topics.extract_if(|_, held| over(held)).map(|(topic, _)| topic).collect();
        if !gone.is_empty() {
            gauge!(TOPICS).set(topics.len() as f64);
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
        // Comparing versions finds what happened before messages are received.
        drop(self.hold(Topic::Event(event)));
    }

    fn disconnected(&self, event: EventId) {
        self.release(Topic::Event(event));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;
    use uuid::Uuid;

    use super::*;

    /// Subscribes once it gets a permit.
    #[derive(Debug)]
    struct Slow(Arc<Semaphore>);

    impl Transport for Slow {
        fn publish(&self, _: Topic, _: Arc<str>) {}

        fn subscribe(&self, _: Vec<Topic>) -> BoxFuture<'static, ()> {
            let permits = Arc::clone(&self.0);
            async move { permits.acquire().await.unwrap().forget() }.boxed()
        }

        fn unsubscribe(&self, _: &[Topic]) {}
    }

    #[tokio::test(start_paused = true)]
    async fn who_comes_after_somebody_who_gave_up_waits_until_the_topic_is_heard() {
        let permits = Arc::new(Semaphore::new(0));
        let topics = Subscriptions::new(Some(Arc::new(Slow(Arc::clone(&permits)))));
        let channel = ChannelId(Uuid::from_u128(1));
        drop(topics.channel_opens(channel));
        topics.channel_closed(channel);
        let mut opens = topics.channel_opens(channel);
        assert!(futures_util::poll!(&mut opens).is_pending(), "it is not heard yet");
        let begin = Instant::now();
        permits.add_permits(1);
        opens.await;
        assert!(begin.elapsed() < TIMEOUT, "it was not given up");
        topics.channel_closed(channel);
        topics.let_go(Instant::now() + PAUSE);
        assert_eq!(topics.count(), 0);
    }
}
