//! The transport between nodes.

use std::fmt;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};

use super::topic::Topic;

/// Carries messages to other nodes without guarantees: it may lose, duplicate and reorder them. It
/// is created with an [`Inbox`](super::Inbox), into which it puts received messages, and to which
/// it reports gaps.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Publishes a message to all subscribers of the topic. Never waits: without room or a
    /// connection the message is dropped and counted.
    fn publish(&self, topic: Topic, message: Arc<str>);

    /// Subscribes to these topics from now on, and again after every reconnect, whether or not the
    /// future is awaited. It completes when everything published from then on is received, or when
    /// that is impossible for now: then the inbox gets a gap once it is possible.
    fn subscribe(&self, topics: Vec<Topic>) -> BoxFuture<'static, ()>;

    /// Unsubscribes from these topics.
    fn unsubscribe(&self, topics: &[Topic]);

    /// Sends what is still queued, if that does not take long, and ends.
    fn close(&self) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }
}
