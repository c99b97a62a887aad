//! What a hub listens to, for whoever brings it the news of other nodes.

use futures_util::future::{BoxFuture, FutureExt as _};

use crate::id::{ChannelId, EventId};

/// Is told which channels and events a hub wants to hear of.
pub trait Interest: Send + Sync {
    /// A channel is about to be read from the archive. Done when what is published from now on is
    /// heard; the archive is read after it, so that nothing falls in between.
    fn channel_opens(&self, channel: ChannelId) -> BoxFuture<'static, ()>;

    /// The channel is not in memory any more.
    fn channel_closed(&self, channel: ChannelId);

    /// A connection for this event has come.
    fn connected(&self, event: EventId);

    /// It has gone.
    fn disconnected(&self, event: EventId);
}

/// Nobody brings news of other nodes: there are none.
#[derive(Clone, Copy, Debug)]
pub struct SingleNode;

impl Interest for SingleNode {
    fn channel_opens(&self, _: ChannelId) -> BoxFuture<'static, ()> {
        std::future::ready(()).boxed()
    }

    fn channel_closed(&self, _: ChannelId) {}

    fn connected(&self, _: EventId) {}

    fn disconnected(&self, _: EventId) {}
}
