//! Who has blocked whom.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::id::PersonId;

/// How many people somebody has blocked.
pub(in crate::chat) async fn count(db: &Db, person: PersonId) -> Result<u64, DbError> {
    let statement =
        db.query("SELECT COUNT(*) AS blocks FROM blocks WHERE person_id = ?").bind(person.bytes());
    db.one(statement).await?.map_or(Ok(0), |row| row.count("blocks"))
}

/// Blocks a person.
pub(in crate::chat) async fn insert(
    db: &Db,
    person: PersonId,
    blocked: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    let keep = db.backend().or_keep("person_id, blocked_id");
    let text =
        format!("INSERT INTO blocks (person_id, blocked_id, created_at) VALUES (?, ?, ?){keep}");
    let statement = db.query_built(text).bind(person.bytes()).bind(blocked.bytes()).bind(now.0);
    db.run(statement).await?;
    Ok(())
}

/// Lifts a block.
pub(in crate::chat) async fn remove(
    db: &Db,
    person: PersonId,
    blocked: PersonId,
) -> Result<(), DbError> {
    let statement = db
        .query("DELETE FROM blocks WHERE person_id = ? AND blocked_id = ?")
        .bind(person.bytes())
        .bind(blocked.bytes());
    db.run(statement).await?;
    Ok(())
}

/// Whether any of these people has blocked another of them.
pub(in crate::chat) async fn any_among(
    db: &Db,
    people: &BTreeSet<PersonId>,
) -> Result<bool, DbError> {
    let list = placeholders(people.len());
    let text = format!(
        "SELECT 1 AS found FROM blocks
         WHERE person_id IN ({list}) AND blocked_id IN ({list}) LIMIT 1"
    );
    let mut statement = db.query_built(text);
    for person in people.iter().chain(people) {
        statement = statement.bind(person.bytes());
    }
    Ok(db.one(statement).await?.is_some())
}

/// Who of these people, at least one, have blocked somebody.
pub(in crate::chat) async fn blockers(
    db: &Db,
    blocked: PersonId,
    people: &BTreeSet<PersonId>,
) -> Result<BTreeSet<PersonId>, DbError> {
    let text = format!(
        "SELECT person_id FROM blocks WHERE blocked_id = ? AND person_id IN ({})",
        placeholders(people.len())
    );
    let mut statement = db.query_built(text).bind(blocked.bytes());
    for person in people {
        statement = statement.bind(person.bytes());
    }
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}

/// The people that somebody has blocked, the newest first.
pub(in crate::chat) async fn of(db: &Db, person: PersonId) -> Result<Vec<PersonId>, DbError> {
    let statement = db
        .query("SELECT blocked_id FROM blocks WHERE person_id = ? ORDER BY created_at DESC")
        .bind(person.bytes());
    db.all(statement).await?.iter().map(|row| row.uuid("blocked_id").map(PersonId)).collect()
}
