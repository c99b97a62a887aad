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
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::{ChannelInfo, EventSnapshot, Part};
use crate::hub::{Member, OutboxLimits};
use crate::id::PersonId;
use crate::permission::{Actor, Denied};
use crate::protocol::Refusal;

/// How many connections are torn down at the same time. There is no hurry: when thousands break off
/// in the same moment, messages of those who stay must not queue behind them.
const CONCURRENT_TEARDOWNS: usize = 1;

/// A change of an event, and the open connections that it concerns.
#[derive(Debug)]
pub struct Changed {
    /// The event as it is now.
    pub event: Arc<EventSnapshot>,
    /// What has changed; anything may have if there is none.
    pub part: Option<Part>,
    /// The connections of those whom the change names.
    pub members: Vec<Arc<Member>>,
}

type Handled<'a> = BoxFuture<'a, Result<(), DbError>>;
type OnChange = Box<dyn for<'a> Fn(&'a Changed) -> Handled<'a> + Send + Sync>;
type Rule = Box<
    dyn Fn(&EventSnapshot, ChannelInfo, &Actor, Timestamp) -> Result<(), Refusal> + Send + Sync,
>;
type Explain = Box<
    dyn for<'a> Fn(
            &'a EventSnapshot,
            PersonId,
            Denied,
        ) -> BoxFuture<'a, Result<Option<String>, DbError>>
        + Send
        + Sync,
>;
type Left = Box<dyn Fn(Arc<Connection>) -> BoxFuture<'static, ()> + Send + Sync>;

/// What the capabilities do about connections.
#[derive(Default)]
pub struct Hooks {
    /// What a newcomer is told.
    pub welcomes: Welcomes,
    left: Vec<Left>,
    changed: Vec<OnChange>,
    may_read: Vec<Rule>,
    explain: Vec<Explain>,
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

    /// Adds what an event's change means for the open connections that it concerns; told before
    /// any of them is closed for it. What fails is tried again, with all connections.
    pub fn on_change(
        &mut self,
        handler: impl for<'a> Fn(&'a Changed) -> Handled<'a> + Send + Sync + 'static,
    ) {
        self.changed.push(Box::new(handler));
    }

    /// Adds a rule that everybody in one of the event's own channels must keep to: whom it refuses
    /// is taken out.
    pub fn may_read(
        &mut self,
        rule: impl Fn(&EventSnapshot, ChannelInfo, &Actor, Timestamp) -> Result<(), Refusal>
        + Send
        + Sync
        + 'static,
    ) {
        self.may_read.push(Box::new(rule));
    }

    /// Adds what can be said to somebody who is turned away: a sentence beside the refusal's own.
    pub fn explain(
        &mut self,
        explain: impl for<'a> Fn(
            &'a EventSnapshot,
            PersonId,
            Denied,
        ) -> BoxFuture<'a, Result<Option<String>, DbError>>
        + Send
        + Sync
        + 'static,
    ) {
        self.explain.push(Box::new(explain));
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

    /// Has every capability do what a change means to it, whatever fails for some.
    pub(super) async fn changed(&self, changed: &Changed) -> Result<(), DbError> {
        let mut outcome = Ok(());
        for handler in &self.hooks.changed {
            outcome = outcome.and(handler(changed).await);
        }
        outcome
    }

    /// Whether somebody may be in one of the event's own channels.
    pub(super) fn may_read(
        &self,
        event: &EventSnapshot,
        channel: ChannelInfo,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        let now = self.core.clock.now();
        self.hooks.may_read.iter().try_for_each(|rule| rule(event, channel, actor, now))
    }

    /// Why somebody may not come in.
    pub(super) async fn refusal(
        &self,
        event: &EventSnapshot,
        person: PersonId,
        denied: Denied,
    ) -> Result<Refusal, Refusal> {
        let mut refusal = Refusal::from(denied);
        for explain in &self.hooks.explain {
            if let Some(sentence) = explain(event, person, denied).await? {
                refusal.message = format!("{} {sentence}", refusal.message);
            }
        }
        Ok(refusal)
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
        let most = sockets.core.settings.limits.max_connections;
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
