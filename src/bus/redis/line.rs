//! The pending work for one server: subscriptions, and messages to publish.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use metrics::counter;
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};

use crate::bus::counted::DROPPED;
use crate::bus::topic::Topic;

/// How many bytes may wait to be published; further messages are dropped.
const WAITING: usize = 8 << 20;
/// How many bytes go in one pipeline.
const BATCH_BYTES: usize = 64 << 10;

/// A message to publish.
pub(super) type Message = (Topic, Arc<str>);

/// A change of subscriptions.
#[derive(Debug)]
pub(super) enum Change {
    /// Subscribe to these; waiters are notified when the senders are dropped.
    Subscribe(Vec<Topic>, Vec<oneshot::Sender<()>>),
    /// Unsubscribe from these.
    Unsubscribe(Vec<Topic>),
}

/// One server as the rest of the node sees it. Nothing here waits for the server.
#[derive(Debug, Default)]
pub(super) struct Line {
    state: Mutex<State>,
    news: Notify,
    idle: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// All subscriptions, with or without a connection.
    topics: HashSet<Topic>,
    /// The pending changes on the connection; none without one.
    work: Option<Work>,
}

#[derive(Debug, Default)]
struct Work {
    changes: VecDeque<Change>,
    messages: VecDeque<Message>,
    bytes: usize,
    /// How many messages are being sent.
    sending: u64,
}

impl Line {
    /// Queues a message, or drops it.
    pub(super) fn publish(&self, topic: Topic, text: Arc<str>) {
        let mut state = self.state.lock();
        let Some(work) = &mut state.work else { return dropped("lost", 1) };
        if work.bytes + text.len() > WAITING {
            return dropped("outbox", 1);
        }
        work.bytes += text.len();
        work.messages.push_back((topic, text));
        drop(state);
        self.news.notify_one();
    }

    /// Subscribes to these from now on. The receiver completes when they are subscribed, or cannot
    /// be for now.
    pub(super) fn subscribe(&self, topics: Vec<Topic>) -> oneshot::Receiver<()> {
        let (done, heard) = oneshot::channel();
        let mut state = self.state.lock();
        state.topics.extend(&topics);
        if let Some(work) = &mut state.work {
            if let Some(Change::Subscribe(last, waiting)) = work.changes.back_mut() {
                last.extend(topics);
                waiting.push(done);
            } else {
                work.changes.push_back(Change::Subscribe(topics, vec![done]));
            }
            self.news.notify_one();
        }
        heard
    }

    /// Unsubscribes from these.
    pub(super) fn unsubscribe(&self, topics: Vec<Topic>) {
        let mut state = self.state.lock();
        for topic in &topics {
            state.topics.remove(topic);
        }
        if let Some(work) = &mut state.work {
            if let Some(Change::Unsubscribe(last)) = work.changes.back_mut() {
                last.extend(topics);
            } else {
                work.changes.push_back(Change::Unsubscribe(topics));
            }
            self.news.notify_one();
        }
    }

    /// Whether this is subscribed.
    pub(super) fn wants(&self, topic: Topic) -> bool {
        self.state.lock().topics.contains(&topic)
    }

    /// Called when connected: returns all subscriptions. Later changes are applied to the
    /// connection.
    pub(super) fn open(&self) -> Vec<Topic> {
        let mut state = self.state.lock();
        state.work = Some(Work::default());
        state.topics.iter().copied().collect()
    }

    /// Called when disconnected. Waiters are notified that it has failed.
    pub(super) fn close(&self) {
        let work = self.state.lock().work.take();
        if let Some(work) = work {
            dropped("lost", work.messages.len() as u64 + work.sending);
        }
        self.idle.notify_waiters();
    }

    /// The next change of subscriptions.
    pub(super) fn next_change(&self) -> Option<Change> {
        self.state.lock().work.as_mut()?.changes.pop_front()
    }

    /// The next messages for one pipeline.
    pub(super) fn next_messages(&self) -> Vec<Message> {
        let mut state = self.state.lock();
        let Some(work) = &mut state.work else { return Vec::new() };
        let mut size = 0;
        let fits = |(_, text): &&Message| {
            size += text.len();
            size <= BATCH_BYTES
        };
        let count = work.messages.iter().take_while(fits).count().max(1);
        let messages: Vec<Message> =
            work.messages.drain(..count.min(work.messages.len())).collect();
        work.bytes -= messages.iter().map(|(_, text)| text.len()).sum::<usize>();
        work.sending = messages.len() as u64;
        messages
    }

    /// The messages being sent have arrived.
    pub(super) fn sent(&self) {
        if let Some(work) = &mut self.state.lock().work {
            work.sending = 0;
        }
        self.idle.notify_waiters();
    }

    /// Waits until there is something to do.
    pub(super) async fn news(&self) {
        wait(&self.news, || self.state.lock().work.as_ref().is_some_and(Work::is_pending)).await;
    }

    /// Waits until nothing is pending.
    pub(super) async fn idle(&self) {
        let idle = |work: &Work| work.messages.is_empty() && work.sending == 0;
        wait(&self.idle, || self.state.lock().work.as_ref().is_none_or(idle)).await;
    }
}

impl Work {
    fn is_pending(&self) -> bool {
        !self.changes.is_empty() || !self.messages.is_empty()
    }
}

async fn wait(notify: &Notify, mut done: impl FnMut() -> bool) {
    loop {
        let mut notified = std::pin::pin!(notify.notified());
        notified.as_mut().enable();
        if done() {
            return;
        }
        notified.await;
    }
}

fn dropped(why: &'static str, count: u64) {
    counter!(DROPPED, "why" => why).increment(count);
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use uuid::Uuid;

    use super::*;
    use crate::id::ChannelId;

    fn topic(number: u128) -> Topic {
        Topic::Channel(ChannelId(Uuid::from_u128(number)))
    }

    #[test]
    fn what_is_listened_to_outlives_connections_and_what_is_published_does_not() {
        let line = Line::default();
        let before = line.subscribe(vec![topic(1), topic(2)]);
        assert!(before.now_or_never().is_some_and(|told| told.is_err()), "nobody waits in vain");
        line.unsubscribe(vec![topic(2)]);
        line.publish(topic(1), "to nobody".into());
        assert_eq!(line.open(), [topic(1)]);
        assert!(line.next_messages().is_empty());

        let mut waiting = line.subscribe(vec![topic(3)]);
        line.publish(topic(1), "never sent".into());
        assert!((&mut waiting).now_or_never().is_none());
        line.close();
        assert!(waiting.now_or_never().is_some(), "whoever waits is told");
        let mut topics = line.open();
        topics.sort();
        assert_eq!(topics, [topic(1), topic(3)]);
        assert!(line.next_messages().is_empty());
    }

    #[test]
    fn changes_keep_their_order_and_neighbours_go_together() {
        let line = Line::default();
        line.open();
        for number in 1..=3 {
            drop(line.subscribe(vec![topic(number)]));
        }
        line.unsubscribe(vec![topic(1)]);
        drop(line.subscribe(vec![topic(1)]));
        let Some(Change::Subscribe(first, waiting)) = line.next_change() else { panic!() };
        assert_eq!((first.len(), waiting.len()), (3, 3));
        assert!(matches!(line.next_change(), Some(Change::Unsubscribe(_))));
        assert!(matches!(line.next_change(), Some(Change::Subscribe(..))));
        assert!(line.next_change().is_none());
        assert!(line.wants(topic(1)) && !line.wants(topic(4)));
    }

    #[test]
    fn what_waits_is_bounded_and_goes_in_small_pieces() {
        let line = Line::default();
        line.open();
        let text: Arc<str> = "x".repeat(30 << 10).into();
        for number in 0..1_000 {
            line.publish(topic(number), Arc::clone(&text));
        }
        let mut numbers = Vec::new();
        loop {
            let messages = line.next_messages();
            if messages.is_empty() {
                break;
            }
            assert!(messages.len() <= 2, "{}", messages.len());
            numbers.extend(messages.into_iter().map(|(topic, _)| topic));
            line.sent();
        }
        assert_eq!(numbers.len(), WAITING / text.len());
        assert!(numbers.is_sorted(), "in their order");

        let large: Arc<str> = "x".repeat(BATCH_BYTES + 1).into();
        line.publish(topic(1), large);
        assert_eq!(line.next_messages().len(), 1, "what is large alone goes alone");
        assert!(line.idle().now_or_never().is_none());
        line.sent();
        assert!(line.idle().now_or_never().is_some());
    }
}
