//! Mailed tokens: redeeming one proves, once, that its mail was read.
//!
//! A token is carried in the fragment of a link, which browsers never send, and stored as its
//! SHA-256. Opening the link redeems nothing: programs that scan mail open links, too.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::db::{Db, DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::{EventId, MailTokenId, PersonId};
use crate::random::Random;

use super::sign_in::{Hash, hash};
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
    /// Signing in.
    SignIn,
    /// Confirming a registration, and signing in.
    Register,
    /// Proving that a new address is one's own.
    ConfirmEmail,
    /// Choosing a new password.
    ResetPassword,
}

impl Purpose {
    const ALL: [Self; 4] = [Self::SignIn, Self::Register, Self::ConfirmEmail, Self::ResetPassword];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Register => "register",
            Self::ConfirmEmail => "confirm_email",
            Self::ResetPassword => "reset_password",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }

    /// The link that carries a token of this purpose; the web app has a page at each. The page can
    /// name the event even when the token is no longer good.
    pub fn link(self, public_url: &str, event: Option<&EventSnapshot>, secret: &str) -> String {
        let page = match self {
            Self::SignIn | Self::Register => "sign-in",
            Self::ConfirmEmail => "confirm",
            Self::ResetPassword => "reset-password",
        };
        let event = event.map(|event| format!("?event={}", event.slug)).unwrap_or_default();
        format!("{public_url}/{page}{event}#token={secret}")
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
    pub event: Option<&'a EventSnapshot>,
    /// Where to go afterwards.
    pub next: Option<LocalPath>,
    /// How long it is valid.
    pub lifetime: Duration,
}

/// A token that was issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Which.
    pub id: MailTokenId,
    /// What the link carries.
    pub secret: String,
}

/// How somebody names a token that they want to redeem.
#[derive(Clone, Copy, Debug)]
pub enum Key {
    /// By the link's secret.
    Secret(Hash),
    /// By the code beside the link, which was right.
    Code(MailTokenId),
}

impl Key {
    /// The token of the link with this secret.
    pub fn of_link(secret: &str) -> Self {
        Self::Secret(hash(secret))
    }
}

/// A valid token.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is for.
    pub purpose: Purpose,
    /// Whose it is.
    pub person: PersonId,
    /// The address it was mailed to.
    pub email: String,
    /// The event it was requested for.
    pub event: Option<EventId>,
    /// Where to go now.
    pub next: Option<String>,
    /// Until when it is valid.
    pub expires_at: Timestamp,
}

impl Token {
    /// Whether it was mailed to this address, however that is written.
    pub fn was_mailed_to(&self, address: Option<&EmailAddress>) -> bool {
        let mailed_to = self.email.parse::<EmailAddress>().ok().map(|email| email.key());
        mailed_to.is_some() && mailed_to == address.map(EmailAddress::key)
    }
}

/// Issues a token.
///
/// # Errors
/// When the database refuses.
pub async fn issue(
    db: &Db,
    transaction: &mut Transaction,
    token: NewToken<'_>,
    now: Timestamp,
    random: &Random,
) -> Result<Issued, DbError> {
    let secret = random.secret();
    let id = MailTokenId::new(now, random);
    token_store::insert(db, transaction, id, &hash(&secret), token, now).await?;
    Ok(Issued { id, secret })
}

/// The token of the link with this secret, which stays as it is; `None` if it is unknown, was used
/// or has expired.
///
/// # Errors
/// When the database does not answer.
pub async fn look_at(db: &Db, secret: &str, now: Timestamp) -> Result<Option<Token>, DbError> {
    token_store::find(db, &hash(secret), now).await
}

/// Redeems a token of one of these purposes, once; `None` if it is unknown, was used or has expired.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    db: &Db,
    transaction: &mut Transaction,
    key: Key,
    purposes: &[Purpose],
    now: Timestamp,
) -> Result<Option<Token>, DbError> {
    token_store::take(db, transaction, key, purposes, now).await
}
