//! The way between nodes.

use std::fmt;
use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};

use super::topic::Topic;

/// Takes messages to other nodes, at most once each: it may lose, double and reorder them. It is
/// made with an [`Inbox`](super::Inbox), into which it puts what it hears, and which it tells when
/// something may be missing.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Gives a message to all who listen to the topic. Never waits: what has no room, or no way, is
    /// dropped and counted.
    fn publish(&self, topic: Topic, message: Arc<str>);

    /// Listens to these topics from now on, and again after every reconnect, whether or not the
    /// future is waited for. It is done when everything published from then on is heard, or when
    /// that cannot be had now: then the inbox is told of a gap once it can.
    fn subscribe(&self, topics: Vec<Topic>) -> BoxFuture<'static, ()>;

    /// Does not listen to these topics any more.
    fn unsubscribe(&self, topics: &[Topic]);

    /// Sends what still waits, if that does not take long, and ends.
    fn close(&self) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }
}
