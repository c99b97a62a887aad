//! What a hub is interested in, for the bus.

use futures_util::future::{BoxFuture, FutureExt as _};

use crate::id::{ChannelId, EventId};

/// Is notified which channels and events a hub needs.
pub trait Interest: Send + Sync {
    /// A channel is about to be read from the archive. Done when publications from now on are
    /// received; the archive is read after that, so that nothing is missed in between.
    fn channel_opens(&self, channel: ChannelId) -> BoxFuture<'static, ()>;

    /// The channel is no longer in memory.
    fn channel_closed(&self, channel: ChannelId);

    /// A connection for this event was opened.
    fn connected(&self, event: EventId);

    /// It has ended.
    fn disconnected(&self, event: EventId);
}

/// For a node without others.
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
