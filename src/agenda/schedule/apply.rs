//! Applying the difference, in the change's transaction.

use super::diff::Changes;
use super::store;
use crate::db::{Db, DbError};
use crate::events::EventChange;
use crate::events::store::rooms;

/// Stores the changes.
pub(super) async fn apply(
    db: &Db,
    change: &mut EventChange<'_>,
    changes: &Changes,
) -> Result<(), DbError> {
    for room in &changes.rooms_updated {
        rooms::update(db, change, room).await?;
    }
    rooms::insert(db, change, &changes.rooms_created).await?;
    store::put_tracks(db, change, &changes.tracks).await?;
    store::put_speakers(db, change, &changes.speakers).await?;
    store::put_sessions(db, change, &changes.sessions).await?;
    // The lists of speakers that are new or different.
    let sessions = changes.sessions.iter();
    let spoken: Vec<_> =
        sessions.filter(|session| changes.speakers_changed.contains(&session.id)).collect();
    store::replace_speakers_of(db, change, &spoken).await?;
    store::delete_tracks(db, change, &changes.tracks_removed).await?;
    store::delete_speakers(db, change, &changes.speakers_removed).await
}
