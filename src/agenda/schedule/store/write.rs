//! Writing an agenda, in few statements.

use crate::agenda::schedule::current::{SpeakerRow, TrackRow};
use crate::agenda::view::Session;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Db, DbError, Statement};
use crate::events::EventChange;
use crate::id::{PersonId, RoomId, SessionId, SpeakerId, TrackId};

/// Rows in one statement: with 16 values each they stay far below the 32,766 that SQLite takes, and
/// with the longest texts below the packet of 16 MiB that MariaDB takes.
const ROWS: usize = 50;

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

/// Stores tracks, new or again.
pub(in crate::agenda::schedule) async fn put_tracks(
    db: &Db,
    change: &mut EventChange<'_>,
    tracks: &[TrackRow],
) -> Result<(), DbError> {
    put(db, change, &TRACKS, tracks, bind_track).await
}

/// Stores speakers, new or again.
pub(in crate::agenda::schedule) async fn put_speakers(
    db: &Db,
    change: &mut EventChange<'_>,
    speakers: &[SpeakerRow],
) -> Result<(), DbError> {
    put(db, change, &SPEAKERS, speakers, bind_speaker).await
}

/// Stores sessions, new or again, without who speaks in them.
pub(in crate::agenda::schedule) async fn put_sessions(
    db: &Db,
    change: &mut EventChange<'_>,
    sessions: &[Session],
) -> Result<(), DbError> {
    put(db, change, &SESSIONS, sessions, bind_session).await
}

/// Stores rows, new or again.
async fn put<T>(
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

/// Rewrites the speakers of these sessions.
pub(in crate::agenda::schedule) async fn replace_speakers_of(
    db: &Db,
    change: &mut EventChange<'_>,
    sessions: &[&Session],
) -> Result<(), DbError> {
    let ids = sessions.iter().map(|session| session.id.bytes()).collect();
    delete(db, change, "DELETE FROM session_speakers WHERE session_id IN", ids).await?;
    let places: Vec<(SessionId, SpeakerId, i64)> = sessions
        .iter()
        .copied()
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
            statement = statement.bind(session.bytes()).bind(speaker.bytes()).bind(*place);
        }
        statement.execute(&mut *change.transaction).await?;
    }
    Ok(())
}

/// Removes these tracks.
pub(in crate::agenda::schedule) async fn delete_tracks(
    db: &Db,
    change: &mut EventChange<'_>,
    tracks: &[TrackId],
) -> Result<(), DbError> {
    let ids = tracks.iter().map(|id| id.bytes()).collect();
    delete(db, change, "DELETE FROM tracks WHERE id IN", ids).await
}

/// Removes these speakers.
pub(in crate::agenda::schedule) async fn delete_speakers(
    db: &Db,
    change: &mut EventChange<'_>,
    speakers: &[SpeakerId],
) -> Result<(), DbError> {
    let ids = speakers.iter().map(|id| id.bytes()).collect();
    delete(db, change, "DELETE FROM speakers WHERE id IN", ids).await
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
