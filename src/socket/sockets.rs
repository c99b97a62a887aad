//! The state that all connections of one node share.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::Semaphore;

use super::connection::Connection;
use super::floods::Floods;
use super::registry::Operations;
use super::welcome::Welcomes;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::{ChannelInfo, EventSnapshot, Part};
use crate::http::shares::Shares;
use crate::hub::{Member, OutboxLimits};
use crate::id::PersonId;
use crate::permission::{Actor, Denied};
use crate::protocol::Refusal;

/// How many connections are torn down at the same time. There is no hurry: when thousands
/// disconnect at once, the messages of those who stay must not queue behind them.
const CONCURRENT_TEARDOWNS: usize = 1;

/// A change of an event, and the open connections that it concerns.
#[derive(Debug)]
pub struct Changed {
    /// The event as it is now.
    pub event: Arc<EventSnapshot>,
    /// What has changed; `None` if anything may have.
    pub part: Option<Part>,
    /// The connections of the people whom the change names.
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

/// The capabilities' hooks for connections.
#[derive(Default)]
pub struct Hooks {
    /// The parts of the answer to a hello.
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
    /// Adds a handler for the end of a connection, called before it leaves the hub.
    pub fn on_disconnect<F, O>(&mut self, handler: F)
    where
        F: Fn(Arc<Connection>) -> O + Send + Sync + 'static,
        O: Future<Output = ()> + Send + 'static,
    {
        self.left.push(Box::new(move |connection| handler(connection).boxed()));
    }

    /// Adds a handler for changes of an event, called with the open connections they concern before
    /// any of them is closed for it. If it fails, it is retried with all connections.
    pub fn on_change(
        &mut self,
        handler: impl for<'a> Fn(&'a Changed) -> Handled<'a> + Send + Sync + 'static,
    ) {
        self.changed.push(Box::new(handler));
    }

    /// Adds a rule for the members of the event's own channels: people it refuses are removed.
    pub fn may_read(
        &mut self,
        rule: impl Fn(&EventSnapshot, ChannelInfo, &Actor, Timestamp) -> Result<(), Refusal>
        + Send
        + Sync
        + 'static,
    ) {
        self.may_read.push(Box::new(rule));
    }

    /// Adds an explanation for people who are refused: why, in the words of those who decided it.
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
    /// How much may be queued for a socket.
    pub(super) outbox_limits: OutboxLimits,
    /// Limits how many ended connections are torn down at the same time.
    pub(super) teardowns: Arc<Semaphore>,
    /// Who may not come back yet.
    pub(super) floods: Floods,
    /// Those that have not said hello yet, by address.
    pub(super) silent: Arc<Shares>,
    open: AtomicUsize,
}

impl Sockets {
    /// Without connections.
    pub fn new(core: Core, operations: Operations, hooks: Hooks) -> Arc<Self> {
        Arc::new(Self {
            core,
            operations,
            hooks,
            outbox_limits: OutboxLimits::default(),
            teardowns: Arc::new(Semaphore::new(CONCURRENT_TEARDOWNS)),
            floods: Floods::default(),
            silent: Arc::default(),
            open: AtomicUsize::new(0),
        })
    }

    /// The limit of concurrent teardowns, shared with others that end connections.
    pub fn teardowns(&self) -> Arc<Semaphore> {
        Arc::clone(&self.teardowns)
    }

    /// Calls every capability's handler of a change, even if some fail.
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

    /// The refusal for somebody who may not enter.
    pub(super) async fn refusal(
        &self,
        event: &EventSnapshot,
        person: PersonId,
        denied: Denied,
    ) -> Result<Refusal, Refusal> {
        let mut refusal = Refusal::from(denied);
        for explain in &self.hooks.explain {
            if let Some(reason) = explain(event, person, denied).await? {
                refusal.message = format!("{} Their reason: {reason}", refusal.message);
                refusal.reason = Some(reason);
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

/// One of the connections the hub may have, released when dropped.
pub(super) struct Slot(Arc<Sockets>);

impl Slot {
    /// `None` if the hub has reached its limit, and no address holds places without a hello.
    pub(super) fn take(sockets: &Arc<Sockets>) -> Option<Self> {
        let most = sockets.core.settings.limits.max_connections;
        let taken = sockets.open.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |open| {
            (open < most).then_some(open + 1)
        });
        if taken.is_err() {
            if !sockets.silent.take_back() {
                return None;
            }
            // The other one is on its way out.
            sockets.open.fetch_add(1, Ordering::SeqCst);
        }
        Some(Self(Arc::clone(sockets)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}
