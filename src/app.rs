//! Puts the parts together, starts and drains them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use utoipa_axum::router::OpenApiRouter;

use crate::agenda::{self, Agendas};
use crate::bus::{Announcements, Bus, Redis, Servers, Subscriptions, Ways};
use crate::chat::{self, Chat, SlowMode};
use crate::clock::Clock;
use crate::cluster::{self, Cluster};
use crate::config::Settings;
use crate::db::Db;
use crate::events::{self, Events};
use crate::http::{self, Listeners, server};
use crate::hub::{Hub, HubLimits, OutboxLimits};
use crate::id::{NodeId, PersonId};
use crate::installation::{self, Installation};
use crate::lifecycle::Lifecycle;
use crate::load_test;
use crate::machine;
use crate::mail::{self, Mail};
use crate::metrics::Metrics;
use crate::moderation;
use crate::people::{self, People};
use crate::random::Random;
use crate::socket::{self, Buckets, Operations};
use crate::tasks::Tasks;

/// How long requests under way may take after the last socket was closed.
const LAST_REQUESTS: Duration = Duration::from_secs(5);
/// How long what was accepted may take to be committed; as long as its senders wait.
const LAST_COMMITS: Duration = Duration::from_secs(12);

/// How many of those who are gone are let go of at once. There is no hurry: when thousands break off
/// in the same moment, messages of those who stay must not queue behind them.
const CONCURRENT_TEARDOWNS: usize = 1;

/// The parts of a running hub; every handler gets it.
#[derive(Debug)]
pub struct App {
    /// The settings it was started with.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The database.
    pub db: Db,
    /// Which installation this is, and which log all numbers belong to.
    pub installation: Installation,
    /// The tasks that it cannot do without.
    pub tasks: Tasks,
    /// How far the hub is on its way out.
    pub lifecycle: Lifecycle,
    /// What is counted.
    pub metrics: Metrics,
    /// The events and what the rules must know of them.
    pub events: Arc<Events>,
    /// Their agendas.
    pub agendas: Agendas,
    /// The channels, their members and who is there.
    pub hub: Arc<Hub>,
    /// Where news for the hub rings.
    pub bus: Bus,
    /// The nodes that serve together.
    pub cluster: Arc<Cluster>,
    /// Whether they were given the same Redis servers.
    pub redis_lists: Arc<cluster::Lists>,
    /// Talk.
    pub chat: Chat,
    /// The socket's operations.
    pub operations: Operations,
    /// How fast people send.
    pub message_rates: Buckets<PersonId>,
    /// Whose turn it is in rooms with slow mode.
    pub slow_mode: SlowMode,
    /// How much may wait for a socket.
    pub outbox_limits: OutboxLimits,
    /// How many sockets are open.
    pub sockets: AtomicUsize,
    /// Whose turn it is to be let go of, of those whose connection has ended.
    pub teardowns: Arc<Semaphore>,
    /// What is kept in memory about people who sign in.
    pub people: People,
    /// The way out for mail.
    pub mail: Mail,
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
        Self::assemble(settings, clock, random, None).await
    }

    /// The same, with this way to the other nodes.
    ///
    /// # Errors
    /// When a setting cannot be used or the database cannot be reached.
    pub async fn open_with(
        settings: Settings,
        clock: Clock,
        random: Random,
        ways: Ways,
    ) -> anyhow::Result<Arc<Self>> {
        Self::assemble(settings, clock, random, Some(ways)).await
    }

    async fn assemble(
        settings: Settings,
        clock: Clock,
        random: Random,
        ways: Option<Ways>,
    ) -> anyhow::Result<Arc<Self>> {
        let tasks = Tasks::default();
        let servers = Servers::parse(&settings.redis, settings.redis_ca.as_deref())?;
        settings.make_data_folder()?;
        // What is counted before would be lost.
        let metrics = Metrics::start();
        socket::begin_at_zero();
        let db = Db::connect(&settings.database_url(), settings.database_connections).await?;
        db.migrate().await?;
        let redis_list = servers.list();
        let clock = clock.even();
        installation::set_clock(&db, &clock).await?;
        let installation = Installation::open(&db, &settings.log_mark(), &clock, &random).await?;
        let ways = ways.unwrap_or_else(|| {
            let probe = NodeId::new(clock.now(), &random);
            reach(servers, &installation, probe, &random, &tasks)
        });
        let events = Arc::new(Events::new(db.clone(), clock.clone(), &tasks));
        let archive = Chat::archive(&db, &events);
        let topics = Subscriptions::new(ways.transport.clone());
        let interest = Arc::<Subscriptions>::clone(&topics);
        let hub = Hub::new(archive, interest, clock.clone(), HubLimits::default());
        let node = NodeId::new(clock.now(), &random);
        let nodes = cluster::Nodes::new(&hub);
        let leases = Arc::<cluster::Nodes>::clone(&nodes);
        let bus = Bus::start(node, &hub, ways, &topics, leases, &tasks);
        let chat = Chat::start(&db, &clock, &random, &events, &bus, &tasks);
        let lifecycle = Lifecycle::new(settings.drain(), tasks.stopping().clone());
        let cluster = Cluster::new(nodes, &hub, &bus, &lifecycle, &settings.public_url);
        let redis_lists = cluster::Lists::new(redis_list, &db, &bus, &clock);
        let people = People::new(&settings, &db, &clock, &random, &tasks);
        let mail = Mail::open(&settings)?;
        let message_rates =
            Buckets::new(settings.message_burst.get(), settings.messages_per_second.get());
        Ok(Arc::new(Self {
            settings,
            clock,
            random,
            db,
            installation,
            tasks,
            lifecycle,
            metrics,
            events,
            agendas: Agendas::default(),
            hub,
            bus,
            cluster,
            redis_lists,
            chat,
            operations: operations(),
            message_rates,
            slow_mode: SlowMode::default(),
            outbox_limits: OutboxLimits::default(),
            sockets: AtomicUsize::new(0),
            teardowns: Arc::new(Semaphore::new(CONCURRENT_TEARDOWNS)),
            people,
            mail,
        }))
    }
}

/// The way to the other nodes over these servers. That Redis is away does not keep a hub from
/// serving.
fn reach(
    servers: Servers,
    installation: &Installation,
    probe: NodeId,
    random: &Random,
    tasks: &Tasks,
) -> Ways {
    if servers.is_empty() {
        return Ways::alone();
    }
    // Installations that share a Redis do not hear each other.
    let prefix = format!("plenary:{}", installation.id);
    Ways::by(|inbox| Redis::start(servers, &prefix, probe, inbox, random, tasks))
}

/// The REST interface: one line per capability.
pub fn api() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .merge(events::http::router())
        .merge(agenda::http::router())
        .merge(people::http::router())
        .merge(moderation::http::router())
        .merge(load_test::http::router())
}

/// The socket's operations: one line per capability.
pub fn operations() -> Operations {
    let mut operations = Operations::default();
    socket::describe(&mut operations);
    chat::operations(&mut operations);
    moderation::operations(&mut operations);
    operations
}

/// What nodes tell each other of what they have changed: one line per capability.
fn announcements() -> Announcements<App> {
    let mut announcements = Announcements::default();
    events::announcements(&mut announcements);
    chat::announcements(&mut announcements);
    people::announcements(&mut announcements);
    announcements
}

/// Serves until the app's [`Lifecycle`] is told to stop, then drains: readiness goes off, sockets
/// are sent away over the drain, requests under way are answered, the database is closed.
///
/// # Errors
/// When a task that it needs has ended ([`TaskFailed`]), or when it stopped because the log was
/// replaced ([`LogReplaced`]).
///
/// [`TaskFailed`]: crate::tasks::TaskFailed
/// [`LogReplaced`]: installation::LogReplaced
pub async fn serve(app: Arc<App>, listeners: Listeners) -> anyhow::Result<()> {
    let (tasks, ending) = (&app.tasks, app.tasks.ending());
    let address = listeners.public.local_addr()?;
    people::forget_copies(&app).await;
    let _running = start_tasks(&app, address);
    let (watched, stop) = (Arc::clone(&app), ending.clone());
    let log_watch = async move { installation::watch(&watched, stop).await };
    let log_watch = AbortOnDropHandle::new(tasks.spawn("installation.watch", log_watch));
    let mail = mail::run(Arc::clone(&app), ending.clone());
    let mail = AbortOnDropHandle::new(tasks.spawn("mail.worker", mail));
    // The admin address answers to the very end, so that operators can watch the stop.
    let admin = axum::serve(listeners.admin, http::admin::router(&app)).into_future();
    let _admin = AbortOnDropHandle::new(tasks.spawn("http.admin", admin));
    let most = machine::request_connections(machine::open_files_limit());
    let (teardowns, closed) = (Arc::clone(&app.teardowns), CancellationToken::new());
    let router = http::router(&app);
    let public = server::serve(listeners.public, router, most, teardowns, closed.clone());
    let public = AbortOnDropHandle::new(tasks.spawn("http.public", public));

    let left = app.lifecycle.drained().await;
    tracing::info!(left, "everyone was sent away");
    closed.cancel();
    // A request that does not end is cut; it was never answered.
    let _ = tokio::time::timeout(LAST_REQUESTS, public).await;
    if tokio::time::timeout(LAST_COMMITS, app.chat.drain()).await.is_err() {
        tracing::error!("not everything was written in time; none of it was acknowledged");
    }
    ending.cancel();
    app.bus.say_bye();
    // Mails that are being sent should be noted as sent, or they would be sent again.
    let _ = tokio::time::timeout(LAST_REQUESTS, mail).await;
    app.bus.close().await;
    let log_watched = log_watch.await;
    if let Err(error) = installation::remember(&app).await {
        tracing::warn!(%error, "how far the log is could not be remembered");
    }
    app.db.close().await;
    tracing::info!("stopped");
    match tasks.failures().first() {
        Some(failed) => Err((*failed).into()),
        None => Ok(log_watched??),
    }
}

/// Starts what runs while the hub serves: one line per task, named by who it belongs to.
fn start_tasks(app: &Arc<App>, address: SocketAddr) -> Vec<AbortOnDropHandle<()>> {
    let (tasks, ending) = (&app.tasks, || app.tasks.ending().clone());
    let this = || Arc::clone(app);
    let needed: [(_, BoxFuture<'static, ()>); 9] = [
        ("metrics.upkeep", app.metrics.clone().keep_small().boxed()),
        ("hub.ticks", Arc::clone(&app.hub).run(ending()).boxed()),
        ("events.watch", events::watch(Arc::clone(&app.events), app.bus.gaps(), ending()).boxed()),
        ("bus.announcements", announcements().run(this(), app.bus.clone(), ending()).boxed()),
        ("socket.changes", socket::listen_to_changes(this(), ending()).boxed()),
        ("socket.keep_alive", socket::keep_alive(this(), ending()).boxed()),
        ("socket.send_away", socket::send_away(this()).boxed()),
        ("people.upkeep", people::upkeep(this()).boxed()),
        ("people.watch", people::watch(this()).boxed()),
    ];
    // These end at once where there are no other nodes.
    let lease = Arc::clone(&app.cluster).run(address, app.clock.now(), ending());
    let workers: [(_, BoxFuture<'static, ()>); 3] = [
        ("cluster.lease", lease.boxed()),
        ("cluster.heads", cluster::keep_heads(Arc::clone(&app.hub), app.bus.clone()).boxed()),
        ("cluster.lists", Arc::clone(&app.redis_lists).compare(ending()).boxed()),
    ];
    let needed = needed.into_iter().map(|(name, task)| tasks.spawn(name, task));
    let workers = workers.into_iter().map(|(name, task)| tasks.spawn_worker(name, task));
    needed.chain(workers).map(AbortOnDropHandle::new).collect()
}
