//! Blocks between people in the database.

use std::collections::BTreeSet;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::identity::card::read_card;
use crate::protocol::{Card, Refusal};

/// How many people somebody may block.
const BLOCKS: u64 = 1_000;

/// Blocks a person or lifts the block.
pub(super) async fn set(
    db: &Db,
    person: PersonId,
    blocked: PersonId,
    on: bool,
    now: Timestamp,
) -> Result<(), Refusal> {
    if !on {
        let statement = db
            .query("DELETE FROM blocks WHERE person_id = ? AND blocked_id = ?")
            .bind(person.bytes())
            .bind(blocked.bytes());
        db.run(statement).await?;
        return Ok(());
    }
    let found = db.query("SELECT 1 AS found FROM people WHERE id = ?").bind(blocked.bytes());
    if db.one(found).await?.is_none() {
        return Err(Refusal::not_found("person"));
    }
    let count =
        db.query("SELECT COUNT(*) AS blocks FROM blocks WHERE person_id = ?").bind(person.bytes());
    if db.one(count).await?.map_or(Ok(0), |row| row.count("blocks"))? >= BLOCKS {
        let message = format!("You have blocked {BLOCKS} people. Unblock one first.");
        return Err(Refusal::new("person.too_many_blocks", message));
    }
    let keep = db.backend().or_keep("person_id, blocked_id");
    let text =
        format!("INSERT INTO blocks (person_id, blocked_id, created_at) VALUES (?, ?, ?){keep}");
    let statement = db.query_built(text).bind(person.bytes()).bind(blocked.bytes()).bind(now.0);
    db.run(statement).await?;
    Ok(())
}

/// Which of these people (at least one) have blocked somebody.
pub(super) async fn blockers(
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
pub(super) async fn of(
    db: &Db,
    event: &EventSnapshot,
    person: PersonId,
) -> Result<Vec<Card>, DbError> {
    let statement = db
        .query(
            "SELECT b.blocked_id, p.name, p.picture, p.affiliation, p.kind
             FROM blocks b JOIN people p ON p.id = b.blocked_id
             WHERE b.person_id = ? ORDER BY b.created_at DESC",
        )
        .bind(person.bytes());
    let rows = db.all(statement).await?;
    rows.iter().map(|row| read_card(row, "blocked_id", Some(event))).collect()
}
