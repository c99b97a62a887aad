//! Puts the parts together, starts and drains them. Here is the one list of capabilities.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::bus::Ways;
use crate::chat::{self, Chat};
use crate::clock::Clock;
use crate::config::Settings;
use crate::core::Core;
use crate::http::{self, Listeners, server};
use crate::random::Random;
use crate::registry::Registry;
use crate::socket::Sockets;
use crate::upkeep::Upkeep;
use crate::{
    agenda, cluster, events, installation, load_test, machine, mail, moderation, people, socket,
};

/// How long requests under way may take after the last socket was closed.
const LAST_REQUESTS: Duration = Duration::from_secs(5);

/// A hub: its core and its capabilities.
#[derive(Debug)]
pub struct App {
    core: Core,
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

/// Adds every capability: one line each.
fn register(hub: &mut Registry, core: &Core) -> Arc<Chat> {
    mail::register(hub, core);
    events::register(hub, core);
    people::register(hub, core);
    agenda::register(hub, core);
    moderation::register(hub, core);
    load_test::register(hub, core);
    chat::register(hub, core)
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

    /// The same, with these ways to the other nodes, and with what `more` registers.
    ///
    /// # Errors
    /// When a setting cannot be used or the database cannot be reached.
    pub async fn open_with(
        settings: Settings,
        clock: Clock,
        random: Random,
        ways: Option<Ways>,
        more: impl FnOnce(&mut Registry, &Core),
    ) -> anyhow::Result<Arc<Self>> {
        let core = Core::open(settings, clock, random, ways, chat::archive).await?;
        let mut hub = Registry::default();
        let chat = register(&mut hub, &core);
        more(&mut hub, &core);
        socket::describe_hello(&mut hub.operations, &hub.hooks);
        let upkeep = Upkeep::new(core.clone(), std::mem::take(&mut hub.sweeps));
        Ok(Arc::new(Self { core, chat, upkeep, registered: Mutex::new(Some(hub)) }))
    }
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
/// When the server breaks, or when it stopped because the log was replaced ([`LogReplaced`]).
///
/// [`LogReplaced`]: installation::LogReplaced
pub async fn serve(app: Arc<App>, listeners: Listeners) -> anyhow::Result<()> {
    let registered = app.registered.lock().take();
    let hub = registered.context("a hub serves once")?;
    let sockets = Sockets::new(app.core.clone(), hub.operations, hub.hooks);
    let closed = CancellationToken::new();
    let _metrics = AbortOnDropHandle::new(tokio::spawn(app.metrics.clone().keep_small()));
    let ended = CancellationToken::new();
    let _ticks = AbortOnDropHandle::new(tokio::spawn(Arc::clone(&app.hub).run(ended.clone())));
    let address = listeners.public.local_addr()?;
    let cluster = Arc::clone(&app.cluster).run(address, app.clock.now(), ended.clone());
    let _cluster = AbortOnDropHandle::new(tokio::spawn(cluster));
    let (watched, gaps) = ((Arc::clone(&app.events), ended.clone()), app.bus.gaps());
    let _watch = AbortOnDropHandle::new(tokio::spawn(async move {
        events::watch(&watched.0, gaps, watched.1).await;
    }));
    let log_watched = (app.core.clone(), ended.clone());
    let log_watch = AbortOnDropHandle::new(tokio::spawn(async move {
        installation::watch(&log_watched.0, log_watched.1).await
    }));
    let _changes = AbortOnDropHandle::new(tokio::spawn(socket::listen_to_changes(
        app.core.clone(),
        ended.clone(),
    )));
    let _keeping =
        AbortOnDropHandle::new(tokio::spawn(socket::keep_alive(app.core.clone(), ended.clone())));
    let heads = cluster::keep_heads(Arc::clone(&app.hub), app.bus.clone());
    let _heads = AbortOnDropHandle::new(tokio::spawn(heads));
    let heeding = hub.announcements.run(app.core.clone(), app.bus.clone(), ended.clone());
    let _heeding = AbortOnDropHandle::new(tokio::spawn(heeding));
    let lists = Arc::clone(&app.redis_lists).compare(ended.clone());
    let _lists = AbortOnDropHandle::new(tokio::spawn(lists));
    let kept_up = Arc::clone(&app);
    let _upkeep = AbortOnDropHandle::new(tokio::spawn(async move { kept_up.upkeep.run().await }));
    let tasks = hub.tasks.into_iter().map(|task| tokio::spawn((task.run)(ended.clone())));
    let _tasks: Vec<_> = tasks.map(AbortOnDropHandle::new).collect();
    let mail = AbortOnDropHandle::new(tokio::spawn(mail::run(app.core.clone(), closed.clone())));
    // The admin address answers to the very end, so that operators can watch the stop.
    let _admin = AbortOnDropHandle::new(tokio::spawn(
        axum::serve(
            listeners.admin,
            http::admin::router(&app, hub.admin, hub.readiness, hub.measures),
        )
        .into_future(),
    ));
    let most = machine::request_connections(machine::open_files_limit());
    let router = http::router(&app, hub.api, hub.pages, socket::router(&sockets));
    let public = server::serve(listeners.public, router, most, sockets.teardowns(), closed.clone());
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
    for drain in &hub.drains {
        drain().await;
    }
    ended.cancel();
    app.bus.say_bye();
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
