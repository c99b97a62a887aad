//! Pictures in the database.

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};

/// Stores a picture.
pub(super) async fn insert(
    db: &Db,
    transaction: &mut Transaction,
    name: &str,
    content: Vec<u8>,
    now: Timestamp,
) -> Result<(), DbError> {
    // An existing one with this name is the same one, or was removed meanwhile.
    let text = format!(
        "INSERT INTO pictures (name, content, created_at) VALUES (?, ?, ?){}",
        db.backend().or_keep("name")
    );
    let statement = db.query_built(text).bind(name.to_owned()).bind(content).bind(now.0);
    statement.execute(&mut **transaction).await?;
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
        "INSERT INTO pictures (name, content, created_at, removed_at) VALUES (?, ?, ?, ?){}",
        db.backend().or_update("name", &["content", "removed_at"])
    );
    let statement = db.query_built(text).bind(name.to_owned()).bind(Vec::new());
    statement.bind(now.0).bind(now.0).execute(&mut **transaction).await?;
    Ok(())
}

/// The picture with this name, unless it was removed.
pub(super) async fn read(db: &Db, name: &str) -> Result<Option<Vec<u8>>, DbError> {
    let statement = db
        .query("SELECT content FROM pictures WHERE name = ? AND removed_at IS NULL")
        .bind(name.to_owned());
    db.one(statement).await?.map(|row| row.blob("content")).transpose()
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
