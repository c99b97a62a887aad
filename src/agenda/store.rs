//! Reading the agenda, and the stars.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::SessionState;
use super::view::{Agenda, AgendaRoom, Session, Speaker, Track};
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::events::{EventChange, EventSnapshot};
use crate::id::{EventId, PersonId, RoomId, SessionId, SpeakerId, TrackId};
use crate::identity::person::picture_path;

/// The whole agenda, without its days.
pub(super) async fn agenda(db: &Db, event: &EventSnapshot) -> Result<Agenda, DbError> {
    Ok(Agenda {
        version: event.version,
        time_zone: event.time_zone.clone(),
        days: vec![],
        rooms: rooms(db, event.id).await?,
        tracks: tracks(db, event.id).await?,
        sessions: sessions(db, event.id).await?,
        speakers: speakers(db, event.id).await?,
    })
}

async fn rooms(db: &Db, event: EventId) -> Result<Vec<AgendaRoom>, DbError> {
    let query = "SELECT id, name FROM rooms WHERE event_id = ? AND deleted_at IS NULL
                 ORDER BY position, name, id";
    read(db, query, event, |row| {
        Ok(AgendaRoom { id: RoomId(row.uuid("id")?), name: row.text("name")? })
    })
    .await
}

async fn tracks(db: &Db, event: EventId) -> Result<Vec<Track>, DbError> {
    let query = "SELECT id, name, color FROM tracks WHERE event_id = ? ORDER BY position, name";
    read(db, query, event, |row| {
        let color = row.optional_text("color")?;
        Ok(Track { id: TrackId(row.uuid("id")?), name: row.text("name")?, color })
    })
    .await
}

async fn sessions(db: &Db, event: EventId) -> Result<Vec<Session>, DbError> {
    let speakers = db.all(db.query(SPEAKERS_OF_SESSIONS).bind(event.bytes())).await?;
    let sessions = db.all(db.query(SESSIONS).bind(event.bytes())).await?;
    sessions_of(&sessions, &speakers)
}

/// An event's sessions. Sessions of a removed room have none.
pub(super) const SESSIONS: &str =
    "SELECT s.id, s.guid, s.title, s.subtitle, s.abstract, s.description, s.language, s.kind,
            s.track_id, r.id AS room_id, s.starts_at, s.ends_at, s.state, s.url
     FROM sessions s LEFT JOIN rooms r ON r.id = s.room_id AND r.deleted_at IS NULL
     WHERE s.event_id = ? ORDER BY s.starts_at, r.position, s.title, s.id";

/// Who speaks in which of an event's sessions.
pub(super) const SPEAKERS_OF_SESSIONS: &str = "SELECT ss.session_id, ss.speaker_id
     FROM session_speakers ss JOIN sessions s ON s.id = ss.session_id
     WHERE s.event_id = ? ORDER BY ss.session_id, ss.position";

/// The sessions, from the rows of [`SESSIONS`] and [`SPEAKERS_OF_SESSIONS`].
pub(super) fn sessions_of(
    sessions: &[AnyRow],
    speakers: &[AnyRow],
) -> Result<Vec<Session>, DbError> {
    let mut speakers_of: HashMap<SessionId, Vec<SpeakerId>> = HashMap::new();
    for row in speakers {
        let speaker = SpeakerId(row.uuid("speaker_id")?);
        speakers_of.entry(SessionId(row.uuid("session_id")?)).or_default().push(speaker);
    }
    let read = |row: &AnyRow| {
        let session = session(row)?;
        let speakers = speakers_of.remove(&session.id).unwrap_or_default();
        Ok(Session { speakers, ..session })
    };
    sessions.iter().map(read).collect()
}

fn session(row: &AnyRow) -> Result<Session, DbError> {
    let state = row.text("state")?;
    Ok(Session {
        id: SessionId(row.uuid("id")?),
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
        speakers: vec![],
        url: row.optional_text("url")?,
    })
}

async fn speakers(db: &Db, event: EventId) -> Result<Vec<Speaker>, DbError> {
    let query = "SELECT s.id, s.name, s.biography, s.person_id, p.name AS file
                 FROM speakers s LEFT JOIN speaker_pictures p
                     ON p.speaker_id = s.id AND p.source = s.picture
                 WHERE s.event_id = ? ORDER BY s.name, s.id";
    read(db, query, event, |row| {
        Ok(Speaker {
            id: SpeakerId(row.uuid("id")?),
            name: row.text("name")?,
            biography: row.text("biography")?,
            picture: row.optional_text("file")?.as_deref().map(picture_path),
            person: row.optional_uuid("person_id")?.map(PersonId),
        })
    })
    .await
}

async fn read<T>(
    db: &Db,
    query: &'static str,
    event: EventId,
    item: impl Fn(&AnyRow) -> Result<T, DbError>,
) -> Result<Vec<T>, DbError> {
    db.all(db.query(query).bind(event.bytes())).await?.iter().map(item).collect()
}

/// The sessions of the event that the person has starred.
pub(super) async fn stars(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Vec<SessionId>, DbError> {
    let statement = db
        .query(
            "SELECT st.session_id FROM session_stars st JOIN sessions s ON s.id = st.session_id
             WHERE st.person_id = ? AND s.event_id = ? ORDER BY s.starts_at, s.id",
        )
        .bind(person.bytes())
        .bind(event.bytes());
    let rows = db.all(statement).await?;
    rows.iter().map(|row| Ok(SessionId(row.uuid("session_id")?))).collect()
}

/// Stars a session. Idempotent.
pub(super) async fn star(
    db: &Db,
    person: PersonId,
    session: SessionId,
    now: Timestamp,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO session_stars (person_id, session_id, created_at) VALUES (?, ?, ?){}",
        db.backend().or_keep("person_id, session_id")
    );
    let statement = db.query_built(text).bind(person.bytes()).bind(session.bytes()).bind(now.0);
    db.run(statement).await?;
    Ok(())
}

/// Removes the star from a session. Idempotent.
pub(super) async fn unstar(db: &Db, person: PersonId, session: SessionId) -> Result<(), DbError> {
    let statement = db
        .query("DELETE FROM session_stars WHERE person_id = ? AND session_id = ?")
        .bind(person.bytes())
        .bind(session.bytes());
    db.run(statement).await?;
    Ok(())
}

/// Notes that the speaker whom schedules know by this key is this person.
///
/// # Errors
/// When the database refuses.
pub async fn set_person_of_speaker(
    db: &Db,
    change: &mut EventChange<'_>,
    key: &str,
    person: PersonId,
) -> Result<(), DbError> {
    db.query("UPDATE speakers SET person_id = ? WHERE event_id = ? AND speaker_key = ?")
        .bind(person.bytes())
        .bind(change.event.bytes())
        .bind(key.to_owned())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}
