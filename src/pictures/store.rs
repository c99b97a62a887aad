//! Pictures in the database.

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};

/// A picture in the database.
#[derive(Debug)]
pub(super) struct Stored {
    /// The large size.
    pub(super) content: Vec<u8>,
    /// The small size; `None` if an earlier version stored the picture as it was uploaded.
    pub(super) small: Option<Vec<u8>>,
}

/// Stores a picture.
pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    name: &str,
    picture: Stored,
    now: Timestamp,
) -> Result<(), DbError> {
    // An existing one with this name is the same one, or was removed meanwhile.
    let text = format!(
        "INSERT INTO pictures (name, content, small, created_at) VALUES (?, ?, ?, ?){}",
        db.backend().or_keep("name")
    );
    let statement = db.query_built(text).bind(name.to_owned()).bind(picture.content);
    statement.bind(picture.small).bind(now.0).execute(&mut **transaction).await?;
    Ok(())
}

/// Stores both sizes of a picture that an earlier version stored as it was uploaded.
pub(super) async fn rewrite(
    db: &Db,
    name: &str,
    content: Vec<u8>,
    small: Vec<u8>,
) -> Result<(), DbError> {
    let statement = db
        .query(
            "UPDATE pictures SET content = ?, small = ?
             WHERE name = ? AND small IS NULL AND removed_at IS NULL",
        )
        .bind(content)
        .bind(small)
        .bind(name.to_owned());
    db.run(statement).await?;
    Ok(())
}

/// Removes a picture and records the removal, even of one that was never stored here.
pub(super) async fn take_away(
    db: &Db,
    transaction: &mut Transaction,
    name: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO pictures (name, content, small, created_at, removed_at)
         VALUES (?, ?, NULL, ?, ?){}",
        db.backend().or_update("name", &["content", "small", "removed_at"])
    );
    let statement = db.query_built(text).bind(name.to_owned()).bind(Vec::new());
    statement.bind(now.0).bind(now.0).execute(&mut **transaction).await?;
    Ok(())
}

/// The picture with this name, unless it was removed.
pub(super) async fn read(db: &Db, name: &str) -> Result<Option<Stored>, DbError> {
    let statement = db
        .query("SELECT content, small FROM pictures WHERE name = ? AND removed_at IS NULL")
        .bind(name.to_owned());
    let read = |row: &AnyRow| {
        Ok(Stored { content: row.blob("content")?, small: row.optional_blob("small")? })
    };
    db.one(statement).await?.as_ref().map(read).transpose()
}

/// Whether the picture with this name exists and was not removed.
pub(super) async fn is_shown(db: &Db, name: &str) -> Result<bool, DbError> {
    let statement = db
        .query("SELECT name FROM pictures WHERE name = ? AND removed_at IS NULL")
        .bind(name.to_owned());
    Ok(db.one(statement).await?.is_some())
}

/// The names of those that were removed since then, on any node.
pub(super) async fn taken_away_since(db: &Db, then: Timestamp) -> Result<Vec<String>, DbError> {
    let statement = db.query("SELECT name FROM pictures WHERE removed_at >= ?").bind(then.0);
    db.all(statement).await?.iter().map(|row| row.text("name")).collect()
}

pub(super) async fn forget_taken_away(db: &Db, until: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM pictures WHERE removed_at <= ?").bind(until.0)).await?;
    Ok(())
}

/// Whether this is the name of somebody's picture. Scans all people.
pub(super) async fn is_of_somebody(db: &Db, name: &str) -> Result<bool, DbError> {
    let statement = db.query("SELECT id FROM people WHERE picture = ?").bind(name.to_owned());
    Ok(db.one(statement).await?.is_some())
}
