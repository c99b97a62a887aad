//! Puts the parts together, starts and drains them. Here is the one list of capabilities.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::bus::{self, Announcements, Link};
use crate::chat::{self, Chat};
use crate::clock::Clock;
use crate::config::Settings;
use crate::core::Core;
use crate::http::{self, Listeners, server};
use crate::people::People;
use crate::random::Random;
use crate::registry::{Drain, Registry, Task};
use crate::socket::Sockets;
use crate::upkeep::Upkeep;
use crate::{
    agenda, cluster, db, events, hub, identity, load_test, machine, mail, moderation, organizing,
    people, pictures, socket,
};

/// How long requests under way may take after the last socket was closed.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// How long what was accepted may take to be committed; as long as its senders wait.
const LAST_COMMITS: Duration = Duration::from_secs(12);

/// A hub: its core and its capabilities.
#[derive(Debug)]
pub struct App {
    core: Core,
    /// Taking part.
    pub people: People,
    /// Talk.
    pub chat: Arc<Chat>,
    /// What the capabilities have registered, until the hub serves.
    registered: Mutex<Option<Registry>>,
    /// What removes what has expired.
    pub upkeep: Upkeep,
}

impl Deref for App {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.core
    }
}

/// Adds what the core itself brings.
fn register_core(registry: &mut Registry, core: &Core) {
    events::announcements(registry.announcements(), &core.events);
    registry.admin(http::mail::router(), core.clone());
    for own in [
        db::METRICS,
        hub::METRICS,
        bus::METRICS,
        cluster::METRICS,
        mail::METRICS,
        http::METRICS,
        socket::METRICS,
    ] {
        registry.metrics(own);
    }
    let measured = core.clone();
    registry.measure(move || {
        measured.hub.measure();
        measured.cluster.nodes().measure();
    });
    let own = core.clone();
    registry.sweep(move || {
        let core = own.clone();
        async move { mail::sweep(&core.db, core.clock.now()).await }
    });
}

/// Adds every capability: one line each.
fn register(hub: &mut Registry, core: &Core) -> (People, Arc<Chat>) {
    register_core(hub, core);
    organizing::register(hub, core);
    agenda::register(hub, core);
    let people = people::register(hub, core);
    pictures::register(hub, core);
    // After those whose rows an account waits for: what has expired is removed in this order.
    register_identity(hub, core);
    moderation::register(hub, core);
    load_test::register(hub, core);
    (people, chat::register(hub, core))
}

/// Adds what is done about sign-ins and roles, which lie below what registers.
fn register_identity(hub: &mut Registry, core: &Core) {
    hub.part(identity::ROLES);
    hub.part(identity::REGISTRATIONS);
    identity::announcements(hub.announcements());
    let watched = Arc::clone(&core.identity);
    hub.task("identity.watch", async move |_| identity::watch(watched).await);
    let swept = Arc::clone(&core.identity);
    hub.sweep(move || {
        let identity = Arc::clone(&swept);
        async move { identity::sweep(&identity).await }
    });
}

impl App {
    /// Connects to the database, brings it up to date and puts the parts together.
    ///
    /// # Errors
    /// When a setting cannot be used or the database cannot be reached.
    pub async fn open(
        settings: Settings,
        clock: Clock,
        random: Random,
    ) -> anyhow::Result<Arc<Self>> {
        Self::open_with(settings, clock, random, None, |_, _| {}).await
    }

    /// The same, with this link to the other nodes, and with what `more` registers.
    ///
    /// # Errors
    /// When a setting cannot be used or the database cannot be reached.
    pub async fn open_with(
        settings: Settings,
        clock: Clock,
        random: Random,
        link: Option<Link>,
        more: impl FnOnce(&mut Registry, &Core),
    ) -> anyhow::Result<Arc<Self>> {
        let core = Core::open(settings, clock, random, link, chat::archive).await?;
        let mut hub = Registry::default();
        let (people, chat) = register(&mut hub, &core);
        more(&mut hub, &core);
        socket::describe_hello(&mut hub.operations, &hub.hooks);
        for kind in hub.totals.drain(..) {
            core.hub.register_total(kind)?;
        }
        for own in hub.metrics.drain(..) {
            core.metrics.describe(own);
        }
        core.events.register(std::mem::take(&mut hub.events))?;
        let upkeep = Upkeep::new(core.clone(), std::mem::take(&mut hub.sweeps));
        Ok(Arc::new(Self { core, people, chat, upkeep, registered: Mutex::new(Some(hub)) }))
    }
}

/// The core that these settings lead to, for a command beside a hub that serves or without one. What
/// the capabilities add to events is registered: what a command reads is what the hub would read.
///
/// # Errors
/// When a setting cannot be used or the database cannot be reached.
pub async fn open_core(settings: Settings) -> anyhow::Result<Core> {
    Ok(App::open(settings, Clock::System, Random::System).await?.core.clone())
}

/// What is registered, for those who describe it: nothing is served and no database is asked. To be
/// called within a runtime.
///
/// # Errors
/// When the default settings cannot be used.
pub fn registered() -> anyhow::Result<Registry> {
    let core = Core::unconnected(chat::archive)?;
    let mut hub = Registry::default();
    register(&mut hub, &core);
    socket::describe_hello(&mut hub.operations, &hub.hooks);
    Ok(hub)
}

/// Serves until the app's [`Lifecycle`] is told to stop, then drains: readiness goes off, sockets
/// are sent away over the drain, requests under way are answered, the database is closed.
///
/// # Errors
/// When a task that it needs has ended ([`TaskFailed`]), or when it stopped because the log was
/// replaced ([`LogReplaced`]).
///
/// [`Lifecycle`]: crate::lifecycle::Lifecycle
/// [`TaskFailed`]: crate::tasks::TaskFailed
/// [`LogReplaced`]: crate::installation::LogReplaced
pub async fn serve(app: Arc<App>, listeners: Listeners) -> anyhow::Result<()> {
    let registered = app.registered.lock().take();
    let hub = registered.context("a hub serves once")?;
    let (tasks, ending) = (&app.tasks, app.tasks.ending());
    let address = listeners.public.local_addr()?;
    let sockets = Sockets::new(app.core.clone(), hub.operations, hub.hooks);
    let _running = start_tasks(&app, &sockets, address, hub.announcements, hub.tasks);
    let log_watch = app.log_watch().run(ending.clone());
    let log_watch = AbortOnDropHandle::new(tasks.spawn("installation.watch", log_watch));
    let mail = Arc::clone(&app.mail).run(ending.clone());
    let mail = AbortOnDropHandle::new(tasks.spawn("mail.worker", mail));
    // The admin address answers to the very end, so that operators can watch the stop.
    let admin = http::admin::router(&app, hub.admin, hub.readiness, hub.measures);
    let admin = axum::serve(listeners.admin, admin).into_future();
    let _admin = AbortOnDropHandle::new(tasks.spawn("http.admin", admin));
    let router = http::router(&app, hub.api, hub.pages, socket::router(&sockets));
    let most = machine::request_connections(machine::open_files_limit());
    let closed = CancellationToken::new();
    let behind_proxies = app.settings.addresses.proxies > 0;
    let places = server::Places { most, behind_proxies };
    let public =
        server::serve(listeners.public, router, places, sockets.teardowns(), closed.clone());
    let public = AbortOnDropHandle::new(tasks.spawn("http.public", public));

    let left = app.lifecycle.drained().await;
    tracing::info!(left, "all connections are closed");
    closed.cancel();
    // A request that does not end is cut; it was never answered.
    let _ = tokio::time::timeout(LAST_REQUESTS, public).await;
    drain(&hub.drains).await;
    ending.cancel();
    app.bus.send_goodbye();
    // Mails that are being sent should be noted as sent, or they would be sent again.
    let _ = tokio::time::timeout(LAST_REQUESTS, mail).await;
    app.bus.close().await;
    let log_watched = log_watch.await;
    if let Err(error) = app.log_watch().remember().await {
        tracing::warn!(%error, "could not record the position of the log");
    }
    app.db.close().await;
    tracing::info!("stopped");
    match tasks.failures().first() {
        Some(failed) => Err((*failed).into()),
        None => Ok(log_watched??),
    }
}

/// Brings what was accepted to its end, in bounded time.
async fn drain(drains: &[Drain]) {
    let all = async {
        for drain in drains {
            drain().await;
        }
    };
    if tokio::time::timeout(LAST_COMMITS, all).await.is_err() {
        tracing::error!("not everything was written in time; none of it was acknowledged");
    }
}

/// Starts what runs while the hub serves: one line per task, named by who it belongs to, and those
/// that the capabilities have registered.
fn start_tasks(
    app: &Arc<App>,
    sockets: &Arc<Sockets>,
    address: SocketAddr,
    announcements: Announcements<Core>,
    registered: Vec<Task>,
) -> Vec<AbortOnDropHandle<()>> {
    let (tasks, ending) = (&app.tasks, || app.tasks.ending().clone());
    let (core, kept_up) = (|| app.core.clone(), Arc::clone(app));
    let needed: [(_, BoxFuture<'static, ()>); 8] = [
        ("metrics.upkeep", app.metrics.clone().keep_small().boxed()),
        ("hub.ticks", Arc::clone(&app.hub).run(ending()).boxed()),
        ("events.watch", events::watch(Arc::clone(&app.events), app.bus.gaps(), ending()).boxed()),
        ("bus.announcements", announcements.run(core(), app.bus.clone(), ending()).boxed()),
        ("socket.changes", socket::listen_to_changes(Arc::clone(sockets), ending()).boxed()),
        ("socket.keep_alive", socket::keep_alive(core(), ending()).boxed()),
        ("socket.send_away", socket::send_away(core()).boxed()),
        ("upkeep", async move { kept_up.upkeep.run().await }.boxed()),
    ];
    // These end at once where there are no other nodes.
    let lease = Arc::clone(&app.cluster).run(address, app.clock.now(), ending());
    let workers: [(_, BoxFuture<'static, ()>); 3] = [
        ("cluster.lease", lease.boxed()),
        ("cluster.heads", cluster::keep_heads(Arc::clone(&app.hub), app.bus.clone()).boxed()),
        ("cluster.lists", Arc::clone(&app.redis_lists).compare(ending()).boxed()),
    ];
    let registered = registered.into_iter().map(|task| (task.name, (task.run)(ending())));
    let needed = needed.into_iter().chain(registered).map(|(name, task)| tasks.spawn(name, task));
    let workers = workers.into_iter().map(|(name, task)| tasks.spawn_worker(name, task));
    needed.chain(workers).map(AbortOnDropHandle::new).collect()
}
