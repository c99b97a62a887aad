//! Mailed tokens: redeeming one proves, once, that its mail was read.
//!
//! A token is carried in the fragment of a link, which browsers never send, and stored as its
//! SHA-256.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::db::{Db, DbError, Transaction};
use crate::id::{EventId, MailTokenId, PersonId};
use crate::random::Random;

use super::sign_in::hash;
use super::token_store;
use crate::text::{EmailAddress, LocalPath};

pub use super::token_store::{sweep, withdraw_all};

/// How long a link to sign in or to choose a new password is valid.
pub const LINK_LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long a link that confirms a registration or an address is valid.
pub const CONFIRMATION_LIFETIME: Duration = Duration::from_secs(24 * 3_600);

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Signing in (and confirming a registration that waits for it).
    SignIn,
    /// Proving that a new address is one's own.
    ConfirmEmail,
    /// Choosing a new password.
    ResetPassword,
}

impl Purpose {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
        }
    }

    /// The link that carries a token of this purpose; the web app has a page at each.
    pub fn link(self, public_url: &str, secret: &str) -> String {
        let page = match self {
            Self::SignIn => "sign-in",
            Self::ConfirmEmail => "confirm",
            Self::ResetPassword => "reset-password",
        };
        format!("{public_url}/{page}#token={secret}")
    }
}

/// A token to be mailed.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub person: PersonId,
    /// The address it is mailed to.
    pub email: &'a EmailAddress,
    /// The event it was requested for; a waiting registration for it is confirmed with it.
    pub event: Option<EventId>,
    /// Where to go afterwards.
    pub next: Option<LocalPath>,
    /// How long it is valid.
    pub lifetime: Duration,
}

/// A token that was redeemed.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// Whose it is.
    pub person: PersonId,
    /// The address it was mailed to.
    pub email: String,
    /// The event it was requested for.
    pub event: Option<EventId>,
    /// Where to go now.
    pub next: Option<String>,
}

/// Issues a token and returns its secret.
///
/// # Errors
/// When the database refuses.
pub async fn issue(
    db: &Db,
    transaction: &mut Transaction,
    token: NewToken<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<String, DbError> {
    let secret = random.secret();
    let id = MailTokenId::new(now, random);
    token_store::insert(db, transaction, id, &hash(&secret), token, now).await?;
    Ok(secret)
}

/// Redeems a token, once; `None` if it is unknown, was used or has expired.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    db: &Db,
    transaction: &mut Transaction,
    secret: &str,
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Redeemed>, DbError> {
    token_store::take(db, transaction, &hash(secret), purpose, now).await
}
