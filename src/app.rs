//! Puts the parts together, starts and drains them.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use anyhow::Context as _;
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

/// How long requests under way may take after the last socket was closed.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

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
        let servers = Servers::parse(&settings.redis, settings.redis_ca.as_deref())?;
        settings.make_data_folder()?;
        // What is counted before would be lost.
        let metrics = Metrics::start();
        let db = Db::connect(&settings.database_url(), settings.database_connections).await?;
        db.migrate().await?;
        let redis_list = servers.list();
        let clock = clock.even();
        installation::set_clock(&db, &clock).await?;
        let installation = Installation::open(&db, &settings.log_mark(), &clock, &random).await?;
        let ways = ways.unwrap_or_else(|| {
            let probe = NodeId::new(clock.now(), &random);
            reach(servers, &installation, probe, &random)
        });
        let events = Arc::new(Events::new(db.clone(), clock.clone()));
        let archive = Chat::archive(&db, &events);
        let topics = Subscriptions::new(ways.transport.clone());
        let interest = Arc::<Subscriptions>::clone(&topics);
        let hub = Hub::new(archive, interest, clock.clone(), HubLimits::default());
        let node = NodeId::new(clock.now(), &random);
        let nodes = cluster::Nodes::new(&hub);
        let bus = Bus::start(node, &hub, ways, &topics, Arc::<cluster::Nodes>::clone(&nodes));
        let chat = Chat::start(&db, &clock, &random, &events, &bus);
        let lifecycle = Lifecycle::new(settings.drain());
        let cluster = Cluster::new(nodes, &hub, &bus, &lifecycle, &settings.public_url);
        let redis_lists = cluster::Lists::new(redis_list, &db, &bus, &clock);
        let people = People::new(&settings, &db, &clock, &random);
        let mail = Mail::open(&settings)?;
        Ok(Arc::new(Self {
            settings,
            clock,
            random,
            db,
            installation,
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
            message_rates: Buckets::default(),
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
fn reach(servers: Servers, installation: &Installation, probe: NodeId, random: &Random) -> Ways {
    if servers.is_empty() {
        return Ways::alone();
    }
    // Installations that share a Redis do not hear each other.
    let prefix = format!("plenary:{}", installation.id);
    Ways::by(|inbox| Redis::start(servers, &prefix, probe, inbox, random))
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
/// When the server breaks, or when it stopped because the log was replaced ([`LogReplaced`]).
///
/// [`LogReplaced`]: installation::LogReplaced
pub async fn serve(app: Arc<App>, listeners: Listeners) -> anyhow::Result<()> {
    let closed = CancellationToken::new();
    let _upkeep = AbortOnDropHandle::new(tokio::spawn(app.metrics.clone().keep_small()));
    let ended = CancellationToken::new();
    let _ticks = AbortOnDropHandle::new(tokio::spawn(Arc::clone(&app.hub).run(ended.clone())));
    let address = listeners.public.local_addr()?;
    let cluster = Arc::clone(&app.cluster).run(address, app.clock.now(), ended.clone());
    let _cluster = AbortOnDropHandle::new(tokio::spawn(cluster));
    let (watched, gaps) = ((Arc::clone(&app.events), ended.clone()), app.bus.gaps());
    let _watch = AbortOnDropHandle::new(tokio::spawn(async move {
        events::watch(&watched.0, gaps, watched.1).await;
    }));
    let log_watched = (Arc::clone(&app), ended.clone());
    let log_watch = AbortOnDropHandle::new(tokio::spawn(async move {
        installation::watch(&log_watched.0, log_watched.1).await
    }));
    let _changes = AbortOnDropHandle::new(tokio::spawn(socket::listen_to_changes(
        Arc::clone(&app),
        ended.clone(),
    )));
    let _keeping =
        AbortOnDropHandle::new(tokio::spawn(socket::keep_alive(Arc::clone(&app), ended.clone())));
    let heads = cluster::keep_heads(Arc::clone(&app.hub), app.bus.clone());
    let _heads = AbortOnDropHandle::new(tokio::spawn(heads));
    people::forget_copies(&app).await;
    let heeding = announcements().run(Arc::clone(&app), app.bus.clone(), ended.clone());
    let _heeding = AbortOnDropHandle::new(tokio::spawn(heeding));
    let lists = Arc::clone(&app.redis_lists).compare(ended.clone());
    let _lists = AbortOnDropHandle::new(tokio::spawn(lists));
    let _people = AbortOnDropHandle::new(tokio::spawn(people::upkeep(Arc::clone(&app))));
    let _ends = AbortOnDropHandle::new(tokio::spawn(people::watch(Arc::clone(&app))));
    let mail = AbortOnDropHandle::new(tokio::spawn(mail::run(Arc::clone(&app), closed.clone())));
    // The admin address answers to the very end, so that operators can watch the stop.
    let _admin = AbortOnDropHandle::new(tokio::spawn(
        axum::serve(listeners.admin, http::admin::router(&app)).into_future(),
    ));
    let most = machine::request_connections(machine::open_files_limit());
    let teardowns = Arc::clone(&app.teardowns);
    let public =
        server::serve(listeners.public, http::router(&app), most, teardowns, closed.clone());
    let mut public = AbortOnDropHandle::new(tokio::spawn(public));

    tokio::select! {
        ended = &mut public => ended.context("the server broke")?,
        left = app.lifecycle.drained() => {
            tracing::info!(left, "everyone was sent away");
            closed.cancel();
            // A request that does not end is cut; it was never answered.
            let _ = tokio::time::timeout(LAST_REQUESTS, &mut public).await;
        }
    }
    app.chat.drain().await;
    ended.cancel();
    app.bus.send_goodbye();
    // Mails that are being sent should be noted as sent, or they would be sent again.
    let _ = tokio::time::timeout(LAST_REQUESTS, mail).await;
    app.bus.close().await;
    let same_log = log_watch.await?;
    if let Err(error) = installation::remember(&app).await {
        tracing::warn!(%error, "how far the log is could not be remembered");
    }
    app.db.close().await;
    tracing::info!("stopped");
    Ok(same_log?)
}
