//! After a while in which other nodes may have said something that was not heard: what is kept in
//! memory is forgotten or compared with the database. The events' versions and the channels' heads
//! are looked at where they are kept.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::bus::Way;
use crate::db::DbError;
use crate::people::{self, founders};

/// How often it is looked at what no version tells of.
const EVERY: Duration = Duration::from_secs(3);
/// How long at least from one look at everybody to the next: a way that comes and goes makes many
/// gaps. Also when the database is asked again that has not answered.
const REST: Duration = Duration::from_secs(1);

/// Looks after every gap, and a little all the time, until it is told to stop.
pub async fn look_again(app: Arc<App>, stop: CancellationToken) {
    let mut gaps = app.bus.gaps();
    let work = async {
        loop {
            tokio::select! {
                Ok(()) = gaps.changed() => after_gap(&app).await,
                () = tokio::time::sleep(EVERY) => meanwhile(&app).await,
            }
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = work => {}
    }
}

async fn after_gap(app: &App) {
    while let Err(error) = at_everybody(app).await {
        tracing::warn!(%error, "what was missed of other nodes could not be looked at");
        tokio::time::sleep(REST).await;
    }
    tokio::time::sleep(REST).await;
}

async fn at_everybody(app: &App) -> Result<(), DbError> {
    app.chat.forget();
    app.events.people.doubt_everything();
    people::look_again(app).await?;
    founders::look_now(app).await
}

async fn meanwhile(app: &App) {
    if matches!(app.bus.way(), Way::Lost(_)) {
        // Nobody says what has changed: what is read is believed for a moment only.
        app.chat.forget();
    }
    if let Err(error) = founders::look(app).await {
        tracing::warn!(%error, "who organizes the installation could not be read");
    }
}
