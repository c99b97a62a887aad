//! Removes what has expired, every few minutes.

use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::db::DbError;
use crate::mail;

use super::{person, registration, sign_in, token};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Runs until it is dropped.
pub async fn upkeep(app: Arc<App>) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        app.people.limits.sweep();
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "what has expired could not be removed; it is tried again");
        }
    }
}

/// Removes what has expired, once.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(app: &App) -> Result<(), DbError> {
    let now = app.clock.now();
    sign_in::sweep(app, now).await?;
    token::sweep(&app.db, now).await?;
    registration::sweep(&app.db, now).await?;
    person::sweep(&app.db, now).await?;
    mail::sweep(&app.db, now).await
}
