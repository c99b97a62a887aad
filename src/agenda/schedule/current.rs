//! The stored agenda before an import.

use sqlx::any::AnyRow;

use crate::agenda::store::{SESSIONS, SPEAKERS_OF_SESSIONS, sessions_of};
use crate::agenda::view::Session;
use crate::db::{Columns, Db, DbError};
use crate::events::EventChange;
use crate::events::store::rooms::{self, RoomRow};
use crate::id::{PersonId, SpeakerId, TrackId};

/// An agenda as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Current {
    /// The rooms.
    pub rooms: Vec<RoomRow>,
    /// The tracks.
    pub tracks: Vec<TrackRow>,
    /// The speakers.
    pub speakers: Vec<SpeakerRow>,
    /// The sessions.
    pub sessions: Vec<Session>,
}

/// A track as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackRow {
    /// Its id.
    pub id: TrackId,
    /// Its name.
    pub name: String,
    /// Its color.
    pub color: Option<String>,
    /// Its place in the list.
    pub position: u32,
}

/// A speaker as they are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerRow {
    /// Their id.
    pub id: SpeakerId,
    /// Their key in the schedule.
    pub key: String,
    /// The name.
    pub name: String,
    /// The biography.
    pub biography: String,
    /// The address of a picture.
    pub picture: Option<String>,
    /// The person with an account that this is.
    pub person: Option<PersonId>,
}

/// Reads the agenda as the change sees it.
pub(super) async fn read(db: &Db, change: &mut EventChange<'_>) -> Result<Current, DbError> {
    Ok(Current {
        rooms: rooms::read_in(db, change).await?,
        tracks: tracks(db, change).await?,
        speakers: speakers(db, change).await?,
        sessions: sessions(db, change).await?,
    })
}

async fn tracks(db: &Db, change: &mut EventChange<'_>) -> Result<Vec<TrackRow>, DbError> {
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

async fn speakers(db: &Db, change: &mut EventChange<'_>) -> Result<Vec<SpeakerRow>, DbError> {
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

async fn sessions(db: &Db, change: &mut EventChange<'_>) -> Result<Vec<Session>, DbError> {
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
