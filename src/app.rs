//! Puts the parts together, starts and drains them.

use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Settings;
use crate::db::Db;
use crate::events::Events;
use crate::http;
use crate::random::Random;

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
    /// The events and what the rules must know of them.
    pub events: Events,
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
        let db = Db::connect(&settings.database_url(), settings.database_connections).await?;
        db.migrate().await?;
        let events = Events::new(db.clone());
        Ok(Arc::new(Self { settings, clock, random, db, events }))
    }
}

/// Serves until `stop` is cancelled, then drains.
///
/// # Errors
/// When the listener fails.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let router = http::router(&app);
    axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await?;
    app.db.close().await;
    Ok(())
}
