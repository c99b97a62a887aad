//! Applying the difference, in the change's transaction, with few statements.

use super::current::{SpeakerRow, TrackRow};
use super::diff::Changes;
use crate::agenda::view::Session;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Db, DbError, Statement};
use crate::events::EventChange;
use crate::events::store::rooms;
use crate::id::{PersonId, RoomId, SpeakerId, TrackId};
use crate::random::Random;

/// Rows per statement: with 16 values each they stay far below SQLite's limit of 32,766, and with
/// the longest texts below MariaDB's packet limit of 16 MiB.
const ROWS: usize = 50;

/// Stores the changes.
pub(super) async fn apply(
    db: &Db,
    change: &mut EventChange<'_>,
    changes: &Changes,
    random: &Random,
) -> Result<(), DbError> {
    for room in &changes.rooms_updated {
        rooms::update(db, change, room).await?;
    }
    rooms::insert(db, change, &changes.rooms_created, random).await?;
    store(db, change, &TRACKS, &changes.tracks, bind_track).await?;
    store(db, change, &SPEAKERS, &changes.speakers, bind_speaker).await?;
    store(db, change, &SESSIONS, &changes.sessions, bind_session).await?;
    speak(db, change, changes).await?;
    let tracks = changes.tracks_removed.iter().map(|id| id.bytes());
    delete(db, change, "DELETE FROM tracks WHERE id IN", tracks.collect()).await?;
    let speakers = changes.speakers_removed.iter().map(|id| id.bytes());
    delete(db, change, "DELETE FROM speakers WHERE id IN", speakers.collect()).await
}

/// A table and its columns: the id, what never changes, what is overwritten.
struct Table {
    name: &'static str,
    kept: &'static [&'static str],
    overwritten: &'static [&'static str],
}

const TRACKS: Table = Table {
    name: "tracks",
    kept: &["id", "event_id"],
    overwritten: &["name", "color", "position"],
};
const SPEAKERS: Table = Table {
    name: "speakers",
    kept: &["id", "event_id", "speaker_key"],
    overwritten: &["name", "biography", "picture", "person_id"],
};
const SESSIONS: Table = Table {
    name: "sessions",
    kept: &["id", "event_id", "guid"],
    overwritten: &[
        "title",
        "subtitle",
        "abstract",
        "description",
        "language",
        "kind",
        "track_id",
        "room_id",
        "starts_at",
        "ends_at",
        "state",
        "url",
        "updated_at",
    ],
};

/// Inserts or updates rows.
async fn store<T>(
    db: &Db,
    change: &mut EventChange<'_>,
    table: &Table,
    rows: &[T],
    bind: impl Fn(Statement, &EventChange<'_>, &T) -> Statement,
) -> Result<(), DbError> {
    let columns = [table.kept, table.overwritten].concat();
    for chunk in rows.chunks(ROWS) {
        let mut statement = db.query_built(format!(
            "INSERT INTO {} ({}) VALUES {}{}",
            table.name,
            columns.join(", "),
            value_groups(chunk.len(), columns.len()),
            db.backend().or_update("id", table.overwritten)
        ));
        for row in chunk {
            statement = bind(statement, change, row);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}

fn bind_track(statement: Statement, change: &EventChange<'_>, track: &TrackRow) -> Statement {
    statement
        .bind(track.id.bytes())
        .bind(change.event.bytes())
        .bind(track.name.clone())
        .bind(track.color.clone())
        .bind(i64::from(track.position))
}

fn bind_speaker(statement: Statement, change: &EventChange<'_>, speaker: &SpeakerRow) -> Statement {
    statement
        .bind(speaker.id.bytes())
        .bind(change.event.bytes())
        .bind(speaker.key.clone())
        .bind(speaker.name.clone())
        .bind(speaker.biography.clone())
        .bind(speaker.picture.clone())
        .bind(speaker.person.map(PersonId::bytes))
}

fn bind_session(statement: Statement, change: &EventChange<'_>, session: &Session) -> Statement {
    statement
        .bind(session.id.bytes())
        .bind(change.event.bytes())
        .bind(session.guid.clone())
        .bind(session.title.clone())
        .bind(session.subtitle.clone())
        .bind(session.summary.clone())
        .bind(session.description.clone())
        .bind(session.language.clone())
        .bind(session.kind.clone())
        .bind(session.track.map(TrackId::bytes))
        .bind(session.room.map(RoomId::bytes))
        .bind(session.starts_at.0)
        .bind(session.ends_at.0)
        .bind(session.state.name())
        .bind(session.url.clone())
        .bind(change.now.0)
}

/// Writes new or changed lists of speakers.
async fn speak(db: &Db, change: &mut EventChange<'_>, changes: &Changes) -> Result<(), DbError> {
    let concerned =
        || changes.sessions.iter().filter(|session| changes.speakers_changed.contains(&session.id));
    let ids = concerned().map(|session| session.id.bytes()).collect();
    delete(db, change, "DELETE FROM session_speakers WHERE session_id IN", ids).await?;
    let places: Vec<_> = concerned()
        .flat_map(|session| {
            (0_i64..).zip(&session.speakers).map(|(place, speaker)| (session.id, *speaker, place))
        })
        .collect();
    for chunk in places.chunks(ROWS) {
        let mut statement = db.query_built(format!(
            "INSERT INTO session_speakers (session_id, speaker_id, position) VALUES {}",
            value_groups(chunk.len(), 3)
        ));
        for (session, speaker, place) in chunk {
            let speaker: SpeakerId = *speaker;
            statement = statement.bind(session.bytes()).bind(speaker.bytes()).bind(*place);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}

async fn delete(
    db: &Db,
    change: &mut EventChange<'_>,
    text: &str,
    ids: Vec<Vec<u8>>,
) -> Result<(), DbError> {
    for chunk in ids.chunks(ROWS) {
        let mut statement = db.query_built(format!("{text} ({})", placeholders(chunk.len())));
        for id in chunk {
            statement = statement.bind(id.clone());
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}
