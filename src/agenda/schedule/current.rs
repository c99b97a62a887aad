//! What is stored of an agenda before an import.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::agenda::SessionState;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::events::EventChange;
use crate::events::store::rooms::{self, RoomRow};
use crate::id::{PersonId, RoomId, SessionId, SpeakerId, TrackId};

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
    pub sessions: Vec<SessionRow>,
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
    /// What the schedule knows them by.
    pub key: String,
    /// The name.
    pub name: String,
    /// Who that is.
    pub biography: String,
    /// The address of a picture.
    pub picture: Option<String>,
    /// The person with an account that this is.
    pub person: Option<PersonId>,
}

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// What the schedule knows it by.
    pub guid: String,
    /// Its title.
    pub title: String,
    /// A second title.
    pub subtitle: String,
    /// What it is about, in short.
    pub summary: String,
    /// What it is about.
    pub description: String,
    /// Its language.
    pub language: Option<String>,
    /// What kind of session it is.
    pub kind: Option<String>,
    /// Its track.
    pub track: Option<TrackId>,
    /// Its room.
    pub room: Option<RoomId>,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Whether it takes place.
    pub state: SessionState,
    /// Its page elsewhere.
    pub url: Option<String>,
    /// Its speakers, in order.
    pub speakers: Vec<SpeakerId>,
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

async fn sessions(db: &Db, change: &mut EventChange<'_>) -> Result<Vec<SessionRow>, DbError> {
    let query = "SELECT ss.session_id, ss.speaker_id
                 FROM session_speakers ss JOIN sessions s ON s.id = ss.session_id
                 WHERE s.event_id = ? ORDER BY ss.session_id, ss.position";
    let mut speakers: HashMap<SessionId, Vec<SpeakerId>> = HashMap::new();
    for row in rows(db, change, query).await? {
        let session = speakers.entry(SessionId(row.uuid("session_id")?)).or_default();
        session.push(SpeakerId(row.uuid("speaker_id")?));
    }
    // A room that was taken away is none.
    let query = "SELECT s.id, s.guid, s.title, s.subtitle, s.abstract, s.description, s.language,
                        s.kind, s.track_id, r.id AS room_id, s.starts_at, s.ends_at, s.state, s.url
                 FROM sessions s
                 LEFT JOIN rooms r ON r.id = s.room_id AND r.deleted_at IS NULL
                 WHERE s.event_id = ?";
    let rows = rows(db, change, query).await?;
    rows.iter().map(|row| session(row, &mut speakers)).collect()
}

fn session(
    row: &AnyRow,
    speakers: &mut HashMap<SessionId, Vec<SpeakerId>>,
) -> Result<SessionRow, DbError> {
    let id = SessionId(row.uuid("id")?);
    let state = row.text("state")?;
    Ok(SessionRow {
        id,
        guid: row.text("guid")?,
        title: row.text("title")?,
        subtitle: row.text("subtitle")?,
        summary: row.text("abstract")?,
        description: row.text("description")?,
        language: row.optional_text("language")?,
        kind: row.optional_text("kind")?,
        track: row.optional_uuid("track_id")?.map(TrackId),
        room: row.optional_uuid("room_id")?.map(RoomId),
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        state: SessionState::from_name(&state)
            .ok_or_else(|| DbError::Value(format!("{state:?} is no state of a session")))?,
        url: row.optional_text("url")?,
        speakers: speakers.remove(&id).unwrap_or_default(),
    })
}

async fn rows(
    db: &Db,
    change: &mut EventChange<'_>,
    query: &'static str,
) -> Result<Vec<AnyRow>, DbError> {
    let statement = db.query(query).bind(change.event.bytes());
    Ok(statement.fetch_all(&mut *change.transaction).await?)
}
