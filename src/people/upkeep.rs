//! Removes what has expired, every few minutes, on one node for all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::app::App;
use crate::chat;
use crate::db::DbError;
use crate::mail;

use super::{person, picture, registration, sign_in, ticket, token};

const INTERVAL: Duration = Duration::from_secs(10 * 60);
/// How long the node that has swept goes on doing so. Longer than it takes to come round again:
/// only when it is gone does another take over.
const LEASE: Duration = Duration::from_secs(15 * 60);

/// Runs until it is dropped.
pub async fn upkeep(app: Arc<App>) {
    // Nodes that are started together do not come at the same moment.
    let first = app.random.below(u64::try_from(INTERVAL.as_millis()).unwrap_or(u64::MAX));
    let mut ticks = interval_at(Instant::now() + Duration::from_millis(first), INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        app.people.limits.sweep();
        if let Err(error) = picture::adopt_all(&app).await {
            tracing::warn!(%error, "pictures of an earlier version could not be taken over");
        }
        if let Err(error) = keep_up(&app).await {
            tracing::warn!(%error, "what has expired could not be removed; it is tried again");
        }
    }
}

/// Removes what has expired if it is this node's turn, and tells whether it was: when all nodes
/// delete the same rows at once, they stand in each other's way.
///
/// # Errors
/// When the database refuses.
pub async fn keep_up(app: &App) -> Result<bool, DbError> {
    let turn = app.db.lease("upkeep", app.bus.node(), app.clock.now(), LEASE).await?;
    if turn {
        sweep(app).await?;
    }
    Ok(turn)
}

/// Removes what has expired, once.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let now = app.clock.now();
    sign_in::sweep(app, now).await?;
    ticket::sweep(&app.db, now).await?;
    token::sweep(&app.db, now).await?;
    registration::sweep(&app.db, now).await?;
    person::sweep(&app.db, now).await?;
    picture::sweep(&app.db, now).await?;
    chat::sweep(&app.db, now).await?;
    mail::sweep(&app.db, now).await
}
