//! An agenda in the database, as an import reads and changes it.

mod write;

use sqlx::any::AnyRow;

use super::current::{SpeakerRow, TrackRow};
use crate::agenda::store::{SESSIONS, SPEAKERS_OF_SESSIONS, sessions_of};
use crate::agenda::view::Session;
use crate::db::{Columns, Db, DbError};
use crate::events::EventChange;
use crate::id::{PersonId, SpeakerId, TrackId};

pub(super) use write::{
    delete_speakers, delete_tracks, put_sessions, put_speakers, put_tracks, replace_speakers_of,
};

pub(super) async fn tracks(
    db: &Db,
    change: &mut EventChange<'_>,
) -> Result<Vec<TrackRow>, DbError> {
    let query = "SELECT id, name, color, position FROM tracks WHERE event_id = ?";
    let rows = rows(db, change, query).await?;
    let track = |row: &AnyRow| {
        Ok(TrackRow {
            id: TrackId(row.uuid("id")?),
            name: row.text("name")?,
            color: row.optional_text("color")?,
            position: u32::try_from(row.count("position")?).unwrap_or(u32::MAX),
        })
    };
    rows.iter().map(track).collect()
}

pub(super) async fn speakers(
    db: &Db,
    change: &mut EventChange<'_>,
) -> Result<Vec<SpeakerRow>, DbError> {
    let query = "SELECT id, speaker_key, name, biography, picture, person_id FROM speakers
                 WHERE event_id = ?";
    let rows = rows(db, change, query).await?;
    let speaker = |row: &AnyRow| {
        Ok(SpeakerRow {
            id: SpeakerId(row.uuid("id")?),
            key: row.text("speaker_key")?,
            name: row.text("name")?,
            biography: row.text("biography")?,
            picture: row.optional_text("picture")?,
            person: row.optional_uuid("person_id")?.map(PersonId),
        })
    };
    rows.iter().map(speaker).collect()
}

pub(super) async fn sessions(
    db: &Db,
    change: &mut EventChange<'_>,
) -> Result<Vec<Session>, DbError> {
    let speakers = rows(db, change, SPEAKERS_OF_SESSIONS).await?;
    sessions_of(&rows(db, change, SESSIONS).await?, &speakers)
}

async fn rows(
    db: &Db,
    change: &mut EventChange<'_>,
    query: &'static str,
) -> Result<Vec<AnyRow>, DbError> {
    let statement = db.query(query).bind(change.event.bytes());
    Ok(statement.fetch_all(&mut *change.transaction).await?)
}
