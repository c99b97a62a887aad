//! The sockets of one node: what all connections share.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::Semaphore;

use super::connection::Connection;
use super::registry::Operations;
use super::welcome::Welcomes;
use crate::core::Core;
use crate::hub::OutboxLimits;

/// How many connections are torn down at the same time. There is no hurry: when thousands break off
/// in the same moment, messages of those who stay must not queue behind them.
const CONCURRENT_TEARDOWNS: usize = 1;

type Left = Box<dyn Fn(Arc<Connection>) -> BoxFuture<'static, ()> + Send + Sync>;

/// What the capabilities do about connections.
#[derive(Default)]
pub struct Hooks {
    /// What a newcomer is told.
    pub welcomes: Welcomes,
    left: Vec<Left>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hooks").field("welcomes", &self.welcomes).finish_non_exhaustive()
    }
}

impl Hooks {
    /// Adds what is done when a connection ends, before it leaves the hub.
    pub fn on_disconnect<F, O>(&mut self, handler: F)
    where
        F: Fn(Arc<Connection>) -> O + Send + Sync + 'static,
        O: Future<Output = ()> + Send + 'static,
    {
        self.left.push(Box::new(move |connection| handler(connection).boxed()));
    }
}

/// What all connections of this node share.
#[derive(Debug)]
pub struct Sockets {
    pub(super) core: Core,
    pub(super) operations: Operations,
    pub(super) hooks: Hooks,
    /// How much may wait for a socket.
    pub(super) outbox_limits: OutboxLimits,
    /// Whose turn it is to be torn down, of those whose connection has ended.
    pub(super) teardowns: Arc<Semaphore>,
    open: AtomicUsize,
}

impl Sockets {
    /// No connection yet.
    pub fn new(core: Core, operations: Operations, hooks: Hooks) -> Arc<Self> {
        Arc::new(Self {
            core,
            operations,
            hooks,
            outbox_limits: OutboxLimits::default(),
            teardowns: Arc::new(Semaphore::new(CONCURRENT_TEARDOWNS)),
            open: AtomicUsize::new(0),
        })
    }

    /// Whose turn it is to be torn down, for whoever ends connections beside this.
    pub fn teardowns(&self) -> Arc<Semaphore> {
        Arc::clone(&self.teardowns)
    }

    /// The connection has ended.
    pub(super) async fn left(&self, connection: &Arc<Connection>) {
        for left in &self.hooks.left {
            left(Arc::clone(connection)).await;
        }
    }
}

/// One of the connections that the hub may have, given back when dropped.
pub(super) struct Slot(Arc<Sockets>);

impl Slot {
    /// `None` when the hub has as many as it may.
    pub(super) fn take(sockets: &Arc<Sockets>) -> Option<Self> {
        let most = sockets.core.settings.max_connections;
        let taken = sockets.open.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |open| {
            (open < most).then_some(open + 1)
        });
        taken.ok().map(|_| Self(Arc::clone(sockets)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
