//! Mailed tokens: redeeming one proves, once, that its mail was read.
//!
//! A token is carried in the fragment of a link, which browsers never send, and stored as its
//! SHA-256.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{EventId, MailTokenId, PersonId};
use crate::random::Random;

use super::sign_in::hash;
use crate::text::{EmailAddress, LocalPath};

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
    fn name(self) -> &'static str {
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
    db.query(
        "INSERT INTO mail_tokens (id, token_hash, purpose, email, person_id, event_id, next,
                                  created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(MailTokenId::new(now, random).bytes())
    .bind(hash(&secret).to_vec())
    .bind(token.purpose.name())
    .bind(token.email.as_str().to_owned())
    .bind(token.person.bytes())
    .bind(token.event.map(EventId::bytes))
    .bind(token.next.map(String::from))
    .bind(now.0)
    .bind(now.after(token.lifetime).0)
    .execute(&mut **transaction)
    .await?;
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
    let used = db
        .query(
            "UPDATE mail_tokens SET used_at = ?
             WHERE token_hash = ? AND purpose = ? AND used_at IS NULL AND expires_at > ?",
        )
        .bind(now.0)
        .bind(hash(secret).to_vec())
        .bind(purpose.name())
        .bind(now.0)
        .execute(&mut **transaction)
        .await?;
    if used.rows_affected() == 0 {
        return Ok(None);
    }
    let row = db
        .query("SELECT person_id, email, event_id, next FROM mail_tokens WHERE token_hash = ?")
        .bind(hash(secret).to_vec())
        .fetch_one(&mut **transaction)
        .await?;
    Ok(Some(Redeemed {
        person: PersonId(row.uuid("person_id")?),
        email: row.text("email")?,
        event: row.optional_uuid("event_id")?.map(EventId),
        next: row.optional_text("next")?,
    }))
}

/// Withdraws all tokens of a person, because their address or password has changed.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw_all(
    db: &Db,
    transaction: &mut Transaction,
    person: PersonId,
) -> Result<(), DbError> {
    db.query("DELETE FROM mail_tokens WHERE person_id = ?")
        .bind(person.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Removes the tokens that have expired.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    db.run(db.query("DELETE FROM mail_tokens WHERE expires_at <= ?").bind(now.0)).await?;
    Ok(())
}
