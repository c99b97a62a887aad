//! Tickets in the database, by the hashes of their secrets.

use super::sign_in::Hash;
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::id::SignInId;

/// How many tickets of this sign-in are still good.
pub(super) async fn count(db: &Db, sign_in: SignInId, now: Timestamp) -> Result<u64, DbError> {
    let count = db
        .query(
            "SELECT COUNT(*) AS waiting FROM socket_tickets WHERE sign_in_id = ? AND expires_at > ?",
        )
        .bind(sign_in.bytes())
        .bind(now.0);
    db.one(count).await?.map_or(Ok(0), |row| row.count("waiting"))
}

pub(super) async fn insert(
    db: &Db,
    hash: &Hash,
    sign_in: SignInId,
    expires_at: Timestamp,
) -> Result<(), DbError> {
    let insert = db
        .query("INSERT INTO socket_tickets (ticket_hash, sign_in_id, expires_at) VALUES (?, ?, ?)")
        .bind(hash.to_vec())
        .bind(sign_in.bytes())
        .bind(expires_at.0);
    db.run(insert).await?;
    Ok(())
}

/// The sign-in of this ticket, if it is still good.
pub(super) async fn find(
    db: &Db,
    hash: &Hash,
    now: Timestamp,
) -> Result<Option<SignInId>, DbError> {
    let find = db
        .query("SELECT sign_in_id FROM socket_tickets WHERE ticket_hash = ? AND expires_at > ?")
        .bind(hash.to_vec())
        .bind(now.0);
    db.one(find).await?.map(|row| row.uuid("sign_in_id").map(SignInId)).transpose()
}

/// Removes this ticket and tells whether it was there.
pub(super) async fn take(db: &Db, hash: &Hash) -> Result<bool, DbError> {
    let take = db.query("DELETE FROM socket_tickets WHERE ticket_hash = ?").bind(hash.to_vec());
    Ok(db.run(take).await? == 1)
}

/// Ends all tickets: a restore brings back such as were used.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(db: &Db) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM socket_tickets")).await?;
    Ok(())
}

/// Removes the tickets that nobody has used in time.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM socket_tickets WHERE expires_at <= ?").bind(now.0)).await?;
    Ok(())
}
