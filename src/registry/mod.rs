//! What the capabilities bring to the hub. Each has one function, `register`, which adds its routes,
//! operations, announcements and so on here; `app.rs` calls them one after the other.

mod command;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use clap::Parser;
use futures_util::future::{BoxFuture, FutureExt as _};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::bus::Announcements;
use crate::clock::Clock;
use crate::config::Settings;
use crate::core::Core;
use crate::db::DbError;
use crate::events::{self, ChannelKind, Part, Piece};
use crate::finding::Finding;
use crate::http::admin::{Measure, Ready};
use crate::hub::TotalKind;
use crate::metrics::Metric;
use crate::protocol::Refusal;
use crate::socket::{self, Changed, Connection, Hooks, Operations};

pub(crate) use command::{Commands, MayBegin};
pub use command::{Group, Open};

/// A task of a capability, to be run as long as the hub serves.
pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) run: Box<dyn FnOnce(CancellationToken) -> BoxFuture<'static, ()> + Send + Sync>,
}

/// Removes what has expired.
pub(crate) type Sweep = Box<dyn Fn() -> BoxFuture<'static, Result<(), DbError>> + Send + Sync>;
/// Brings what was accepted to its end.
pub(crate) type Drain = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;
/// Examines something before attendees meet it.
pub(crate) type Check =
    Box<dyn for<'a> Fn(&'a Settings, &'a Clock) -> BoxFuture<'a, Vec<Finding>> + Send + Sync>;

/// Everything that was registered.
pub struct Registry {
    /// The REST interface, without its prefix `/api/v1`.
    pub api: OpenApiRouter,
    /// What else attendees' browsers load.
    pub(crate) pages: Router,
    /// What operators reach.
    pub(crate) admin: Router,
    /// The socket's operations and pushes.
    pub operations: Operations,
    /// What is done about connections.
    pub(crate) hooks: Hooks,
    /// What nodes tell each other.
    pub(crate) announcements: Announcements<Core>,
    /// What an event consists of.
    pub events: events::Registered,
    pub(crate) totals: Vec<TotalKind>,
    pub(crate) tasks: Vec<Task>,
    pub(crate) sweeps: Vec<Sweep>,
    pub(crate) drains: Vec<Drain>,
    pub(crate) readiness: Vec<Ready>,
    pub(crate) metrics: Vec<&'static [Metric]>,
    pub(crate) measures: Vec<Measure>,
    pub(crate) checks: Vec<Check>,
    pub(crate) commands: Commands,
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Registry")
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

impl Default for Registry {
    fn default() -> Self {
        let (mut operations, mut hooks) = (Operations::default(), Hooks::default());
        socket::register(&mut operations, &mut hooks);
        Self {
            api: OpenApiRouter::new(),
            pages: Router::new(),
            admin: Router::new(),
            operations,
            hooks,
            announcements: Announcements::default(),
            events: events::Registered::default(),
            totals: Vec::new(),
            tasks: Vec::new(),
            sweeps: Vec::new(),
            drains: Vec::new(),
            readiness: Vec::new(),
            metrics: Vec::new(),
            measures: Vec::new(),
            checks: Vec::new(),
            commands: Commands::default(),
        }
    }
}

impl Registry {
    /// Adds routes to the REST interface, below `/api/v1`. `state` is what their handlers get.
    pub fn routes<S>(&mut self, router: OpenApiRouter<S>, state: S)
    where
        S: Clone + Send + Sync + 'static,
        Core: FromRef<S>,
    {
        let api = std::mem::take(&mut self.api);
        self.api = api.merge(router.with_state(state));
    }

    /// Adds routes beside the REST interface: pages and files, from the root of the site.
    pub fn pages<S: Clone + Send + Sync + 'static>(&mut self, router: Router<S>, state: S) {
        let pages = std::mem::take(&mut self.pages);
        self.pages = pages.merge(router.with_state(state));
    }

    /// Adds routes to the operators' address.
    pub fn admin<S: Clone + Send + Sync + 'static>(&mut self, router: Router<S>, state: S) {
        let admin = std::mem::take(&mut self.admin);
        self.admin = admin.merge(router.with_state(state));
    }

    /// The socket's operations and pushes, to add to them.
    pub fn operations(&mut self) -> &mut Operations {
        &mut self.operations
    }

    /// What nodes tell each other of what they have changed, to add to it.
    pub fn announcements(&mut self) -> &mut Announcements<Core> {
        &mut self.announcements
    }

    /// Adds the fields of `T` to the answer to a hello.
    pub fn welcome<T, F, O>(&mut self, part: F)
    where
        T: Serialize + ToSchema,
        F: Fn(Arc<Connection>) -> O + Send + Sync + 'static,
        O: Future<Output = Result<T, Refusal>> + Send + 'static,
    {
        self.hooks.welcomes.add(part);
    }

    /// Adds bounds that a client should know to the answer to a hello.
    pub fn limits<T: Serialize + ToSchema>(&mut self, limits: &T) {
        self.hooks.welcomes.add_limits(limits);
    }

    /// Adds what is done when a connection ends, before it leaves the hub.
    pub fn on_disconnect<F, O>(&mut self, handler: F)
    where
        F: Fn(Arc<Connection>) -> O + Send + Sync + 'static,
        O: Future<Output = ()> + Send + 'static,
    {
        self.hooks.on_disconnect(handler);
    }

    /// Adds what an event's change means for the open connections that it concerns. It is told
    /// before any of them is closed for it, and again, with all connections, where it failed.
    pub fn on_change(
        &mut self,
        handler: impl for<'a> Fn(&'a Changed) -> BoxFuture<'a, Result<(), DbError>>
        + Send
        + Sync
        + 'static,
    ) {
        self.hooks.on_change(handler);
    }

    /// What is done about connections, to add more to it.
    pub fn hooks(&mut self) -> &mut Hooks {
        &mut self.hooks
    }

    /// Adds a part of events that changes, to be named by [`EventChange::commit`].
    ///
    /// [`EventChange::commit`]: crate::events::EventChange::commit
    pub fn part(&mut self, part: Part) {
        self.events.part(part);
    }

    /// Adds a kind of channels, to be opened by [`channels::open`].
    ///
    /// [`channels::open`]: crate::events::store::channels::open
    pub fn channel_kind(&mut self, kind: ChannelKind) {
        self.events.channel_kind(kind);
    }

    /// Adds a piece to the snapshot of every event, where [`EventSnapshot::piece`] finds it.
    ///
    /// [`EventSnapshot::piece`]: crate::events::EventSnapshot::piece
    pub fn piece<T: Piece>(&mut self) {
        self.events.piece::<T>();
    }

    /// Adds a kind of total on the tick, which is then set through [`Core`]'s hub.
    pub fn total(&mut self, kind: TotalKind) {
        self.totals.push(kind);
    }

    /// Adds a task that runs as long as the hub serves, until it is told to stop. When it ends
    /// before, or panics, the hub stops gracefully.
    pub fn task<F, O>(&mut self, name: &'static str, run: F)
    where
        F: FnOnce(CancellationToken) -> O + Send + Sync + 'static,
        O: Future<Output = ()> + Send + 'static,
    {
        self.tasks.push(Task { name, run: Box::new(move |stop| run(stop).boxed()) });
    }

    /// Adds what removes from the database what has expired, every few minutes, on one node for
    /// all.
    pub fn sweep<F, O>(&mut self, sweep: F)
    where
        F: Fn() -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), DbError>> + Send + 'static,
    {
        self.sweeps.push(Box::new(move || sweep().boxed()));
    }

    /// Adds what brings accepted work to its end, when all connections are closed.
    pub fn drain<F, O>(&mut self, drain: F)
    where
        F: Fn() -> O + Send + Sync + 'static,
        O: Future<Output = ()> + Send + 'static,
    {
        self.drains.push(Box::new(move || drain().boxed()));
    }

    /// Adds a reason why the hub may not be ready for new people: a sentence for operators.
    pub fn ready(&mut self, reason: impl Fn() -> Option<String> + Send + Sync + 'static) {
        self.readiness.push(Box::new(reason));
    }

    /// Adds what is counted, with what operators are told of it.
    pub fn metrics(&mut self, metrics: &'static [Metric]) {
        self.metrics.push(metrics);
    }

    /// Adds what sets gauges before they are read.
    pub fn measure(&mut self, measure: impl Fn() + Send + Sync + 'static) {
        self.measures.push(Box::new(measure));
    }

    /// Adds what `plenary doctor` examines, beside a hub that serves or without one.
    pub fn doctor(
        &mut self,
        check: impl for<'a> Fn(&'a Settings, &'a Clock) -> BoxFuture<'a, Vec<Finding>>
        + Send
        + Sync
        + 'static,
    ) {
        self.checks.push(Box::new(check));
    }

    /// Adds a command of the program: `C` says its name, its arguments and what it is for. Where there
    /// is no installation yet, it says so.
    pub fn command<C, F, O>(&mut self, group: Group, run: F)
    where
        C: Parser + 'static,
        F: FnOnce(C, Open) -> O + Send + Sync + 'static,
        O: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.commands.add(group, MayBegin::No, run);
    }

    /// Adds a command that begins an installation where there is none.
    pub fn beginning_command<C, F, O>(&mut self, group: Group, run: F)
    where
        C: Parser + 'static,
        F: FnOnce(C, Open) -> O + Send + Sync + 'static,
        O: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.commands.add(group, MayBegin::Yes, run);
    }
}
