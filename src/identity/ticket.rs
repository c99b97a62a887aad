//! Socket tickets, for clients that have no cookie: valid for one hello within a minute, at any
//! node.

use std::time::Duration;

use super::sign_in::{SignIn, hash};
use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError};
use crate::id::SignInId;
use crate::identity::Identity;

/// How long a ticket is valid.
pub const LASTS: Duration = Duration::from_secs(60);
/// How many unused tickets one sign-in may have: as many as a person may have sockets.
const MAX_OUTSTANDING: u64 = 16;

/// A new ticket for this sign-in; `None` if it has too many unused ones.
///
/// # Errors
/// When the database refuses.
pub async fn issue(identity: &Identity, sign_in: SignIn) -> Result<Option<String>, DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    let count = db
        .query(
            "SELECT COUNT(*) AS waiting FROM socket_tickets WHERE sign_in_id = ? AND expires_at > ?",
        )
        .bind(sign_in.id.bytes())
        .bind(now.0);
    let out = db.one(count).await?.map_or(Ok(0), |row| row.count("waiting"))?;
    if out >= MAX_OUTSTANDING {
        return Ok(None);
    }
    let ticket = identity.random.secret();
    let insert = db
        .query("INSERT INTO socket_tickets (ticket_hash, sign_in_id, expires_at) VALUES (?, ?, ?)")
        .bind(hash(&ticket).to_vec())
        .bind(sign_in.id.bytes())
        .bind(now.after(LASTS).0);
    db.run(insert).await?;
    Ok(Some(ticket))
}

/// Ends all tickets: a restored backup may contain used ones.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(db: &Db) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM socket_tickets")).await?;
    Ok(())
}

/// Redeems a ticket for its sign-in, once. The sign-in may have ended since.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(identity: &Identity, ticket: &str) -> Result<Option<SignInId>, DbError> {
    let hash = hash(ticket).to_vec();
    let find = identity
        .db
        .query("SELECT sign_in_id FROM socket_tickets WHERE ticket_hash = ? AND expires_at > ?")
        .bind(hash.clone())
        .bind(identity.clock.now().0);
    let Some(row) = identity.db.one(find).await? else { return Ok(None) };
    // If two find it, on whichever nodes, only one deletes it.
    let take = identity.db.query("DELETE FROM socket_tickets WHERE ticket_hash = ?").bind(hash);
    let taken = identity.db.run(take).await? == 1;
    Ok(taken.then_some(SignInId(row.uuid("sign_in_id")?)))
}

/// Removes expired tickets.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM socket_tickets WHERE expires_at <= ?").bind(now.0)).await?;
    Ok(())
}
