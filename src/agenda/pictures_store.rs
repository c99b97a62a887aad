//! Which pictures of speakers were fetched.

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction, signed};
use crate::events::EventChange;
use crate::id::{EventId, SpeakerId};

/// A speaker's picture that is to be fetched.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) speaker: SpeakerId,
    pub(super) event: EventId,
    /// Where it is.
    pub(super) source: String,
    /// How often it was tried from there.
    pub(super) tries: u64,
    /// The name of the picture that was fetched from the address before.
    pub(super) before: Option<String>,
}

/// The pictures to be fetched now, at most so many.
pub(super) async fn due(db: &Db, now: Timestamp, most: u32) -> Result<Vec<Wanted>, DbError> {
    let statement = db
        .query(
            "SELECT s.id, s.event_id, s.picture, p.source, p.name, p.tries
             FROM speakers s LEFT JOIN speaker_pictures p ON p.speaker_id = s.id
             WHERE s.picture IS NOT NULL AND (p.speaker_id IS NULL OR p.source <> s.picture
                 OR (p.name IS NULL AND p.next_try_at <= ?))
             ORDER BY s.id LIMIT ?",
        )
        .bind(now.0)
        .bind(i64::from(most));
    let read = |row: &AnyRow| {
        let source = row.text("picture")?;
        let again = row.optional_text("source")?.as_ref() == Some(&source);
        Ok(Wanted {
            speaker: SpeakerId(row.uuid("id")?),
            event: EventId(row.uuid("event_id")?),
            tries: if again { row.count("tries")? } else { 0 },
            before: row.optional_text("name")?,
            source,
        })
    };
    db.all(statement).await?.iter().map(read).collect()
}

/// Notes that a picture was not to be had, and when to try again, if at all. The speaker has none.
pub(super) async fn failed(
    db: &Db,
    transaction: &mut Transaction,
    wanted: &Wanted,
    again: Option<Timestamp>,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO speaker_pictures (speaker_id, source, tries, next_try_at, name)
         VALUES (?, ?, ?, ?, NULL){}",
        db.backend().or_update("speaker_id", &["source", "tries", "next_try_at", "name"])
    );
    db.query_built(text)
        .bind(wanted.speaker.bytes())
        .bind(wanted.source.clone())
        .bind(signed(wanted.tries.saturating_add(1)))
        .bind(again.map(|again| again.0))
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Notes which picture a speaker has now.
pub(super) async fn fetched(
    db: &Db,
    change: &mut EventChange<'_>,
    wanted: &Wanted,
    name: &str,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO speaker_pictures (speaker_id, source, name, tries, next_try_at)
         VALUES (?, ?, ?, 0, NULL){}",
        db.backend().or_update("speaker_id", &["source", "name", "tries", "next_try_at"])
    );
    db.query_built(text)
        .bind(wanted.speaker.bytes())
        .bind(wanted.source.clone())
        .bind(name.to_owned())
        .execute(&mut *change.transaction)
        .await?;
    Ok(())
}

/// The speakers who are gone, or have no picture any more, and what was shown of them.
pub(super) async fn orphaned(
    db: &Db,
    transaction: &mut Transaction,
) -> Result<Vec<(SpeakerId, Option<String>)>, DbError> {
    let statement = db.query(
        "SELECT p.speaker_id, p.name
         FROM speaker_pictures p LEFT JOIN speakers s ON s.id = p.speaker_id
         WHERE s.id IS NULL OR s.picture IS NULL",
    );
    let rows = statement.fetch_all(&mut **transaction).await?;
    let read = |row: &AnyRow| Ok((SpeakerId(row.uuid("speaker_id")?), row.optional_text("name")?));
    rows.iter().map(read).collect()
}

/// Forgets a speaker's picture.
pub(super) async fn forget(
    db: &Db,
    transaction: &mut Transaction,
    speaker: SpeakerId,
) -> Result<(), DbError> {
    db.query("DELETE FROM speaker_pictures WHERE speaker_id = ?")
        .bind(speaker.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
