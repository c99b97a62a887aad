//! Tickets for the socket: for clients that have no cookie, good for one hello within a minute, at
//! any node.

use std::time::Duration;

use super::sign_in::{SignIn, hash};
use super::ticket_store;
use crate::db::DbError;
use crate::id::SignInId;
use crate::identity::Identity;

pub use super::ticket_store::{end_all, sweep};

/// How long a ticket is good.
pub const LASTS: Duration = Duration::from_secs(60);
/// How many tickets of one sign-in may be out at once: as many as one person may have sockets.
const OUT: u64 = 16;

/// A new ticket for this sign-in; nothing when too many of its own are out.
///
/// # Errors
/// When the database refuses.
pub async fn issue(identity: &Identity, sign_in: SignIn) -> Result<Option<String>, DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    if ticket_store::count(db, sign_in.id, now).await? >= OUT {
        return Ok(None);
    }
    let ticket = identity.random.secret();
    ticket_store::insert(db, &hash(&ticket), sign_in.id, now.after(LASTS)).await?;
    Ok(Some(ticket))
}

/// Whose ticket it is, once. That sign-in may have ended since.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(identity: &Identity, ticket: &str) -> Result<Option<SignInId>, DbError> {
    let (db, hash) = (&identity.db, hash(ticket));
    let found = ticket_store::find(db, &hash, identity.clock.now()).await?;
    // Of two that have found it, on whichever nodes, one deletes it.
    Ok(match found {
        Some(sign_in) if ticket_store::take(db, &hash).await? => Some(sign_in),
        _ => None,
    })
}
