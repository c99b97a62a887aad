//! Socket tickets, for clients that have no cookie: valid for one hello within a minute, at any
//! node.

use std::time::Duration;

use super::sign_in::{SignIn, hash};
use super::ticket_store;
use crate::db::DbError;
use crate::id::SignInId;
use crate::identity::Identity;

pub use super::ticket_store::{end_all, sweep};

/// How long a ticket is good.
pub const LASTS: Duration = Duration::from_secs(60);
/// How many unused tickets one sign-in may have: as many as a person may have sockets.
const MAX_OUTSTANDING: u64 = 16;

/// A new ticket for this sign-in; `None` if it has too many unused ones.
///
/// # Errors
/// When the database refuses.
pub async fn issue(identity: &Identity, sign_in: SignIn) -> Result<Option<String>, DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    if ticket_store::count(db, sign_in.id, now).await? >= MAX_OUTSTANDING {
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
