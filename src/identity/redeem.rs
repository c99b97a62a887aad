//! Redeeming what was mailed: what is brought back, who brings it from which browser, and why it may
//! fail. Whatever fails uses nothing up, except a try of a code.

use crate::db::{DbError, Transaction};
use crate::id::PersonId;

use super::Identity;
use super::code::{self, Code, NotAccepted};
use super::person::{self, Person};
use super::sign_in::{self, Admitted, Client, SignIn};
use super::token::{Key, Token};

/// What somebody brings back of a mail.
#[derive(Clone, Debug)]
pub enum Mailed {
    /// The token of its link.
    Link(String),
    /// Its code, on the browser that asked for the mail.
    Code {
        /// What the browser was answered when it asked.
        request: String,
        /// What was typed.
        code: Code,
    },
}

/// Who brings it back.
#[derive(Clone, Copy, Debug)]
pub struct Bearer<'a> {
    /// The browser.
    pub client: &'a Client,
    /// Who is signed in on it.
    pub present: Option<SignIn>,
    /// Whether somebody else's sign-in on it may end.
    pub replace: bool,
}

impl Bearer<'_> {
    /// Whether this person is signed in on the browser.
    pub(super) fn is(&self, person: PersonId) -> bool {
        self.present.is_some_and(|present| present.person == person && !present.guest)
    }

    /// Nobody is signed out by a link that a stranger has sent them. Guests have nothing to lose.
    pub(super) fn may_become(&self, person: PersonId) -> Result<(), NotRedeemed> {
        let other = self.present.filter(|present| !present.guest && present.person != person);
        if other.is_some() && !self.replace { Err(NotRedeemed::SomebodyElse) } else { Ok(()) }
    }
}

/// Why nothing was redeemed.
#[derive(Debug, thiserror::Error)]
pub enum NotRedeemed {
    /// The link was used or has expired.
    #[error("the link is not valid")]
    Used,
    /// It is another code.
    #[error("the code is wrong")]
    WrongCode,
    /// The code has expired, or enough were tried.
    #[error("the code is not valid")]
    SpentCode,
    /// Somebody else is signed in on the browser.
    #[error("somebody else is signed in")]
    SomebodyElse,
    /// There is another account with the address to be confirmed.
    #[error("another account has the address")]
    Taken,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<NotAccepted> for NotRedeemed {
    fn from(error: NotAccepted) -> Self {
        match error {
            NotAccepted::Wrong => Self::WrongCode,
            NotAccepted::Spent => Self::SpentCode,
            NotAccepted::Database(error) => Self::Database(error),
        }
    }
}

/// The token that was brought back; a try of a code is counted.
///
/// # Errors
/// See [`NotRedeemed`].
pub async fn key(identity: &Identity, mailed: &Mailed) -> Result<Key, NotRedeemed> {
    match mailed {
        Mailed::Link(secret) => Ok(Key::of_link(secret)),
        Mailed::Code { request, code } => Ok(code::accept(identity, request, code).await?),
    }
}

/// The account of a token that was mailed to its present address.
pub(super) async fn account(
    identity: &Identity,
    transaction: &mut Transaction,
    token: &Token,
) -> Result<Person, NotRedeemed> {
    let person = person::read_in(&identity.db, transaction, token.person).await?;
    let present = person.mail_address();
    if token.was_mailed_to(present.as_ref()) { Ok(person) } else { Err(NotRedeemed::Used) }
}

/// Notes that the mailbox is theirs. What was prepared before anybody had proved that, a password
/// and other sign-ins, is not theirs.
pub(super) async fn prove_mailbox(
    identity: &Identity,
    transaction: &mut Transaction,
    person: &Person,
) -> Result<Vec<sign_in::Ended>, DbError> {
    let now = identity.clock.now();
    person::confirm_email(&identity.db, transaction, person.id, now).await?;
    if person.email_confirmed_at.is_some() {
        return Ok(Vec::new());
    }
    person::drop_password(&identity.db, transaction, person.id, now).await?;
    sign_in::end_in(identity, transaction, person.id, |_| true).await
}

/// Signs the person in on the bearer's browser. Whoever is signed in there as this person stays so,
/// as if they had just come in: their sockets remain open.
pub(super) async fn admit(
    identity: &Identity,
    transaction: &mut Transaction,
    person: PersonId,
    bearer: Bearer<'_>,
) -> Result<Admitted, DbError> {
    let own = bearer.present.filter(|_| bearer.is(person));
    if let Some(own) = own
        && sign_in::renew(identity, transaction, own).await?
    {
        return Ok(Admitted { sign_in: own, secret: None, next: None });
    }
    Ok(sign_in::begin(identity, transaction, person, false, bearer.client).await?.into())
}
