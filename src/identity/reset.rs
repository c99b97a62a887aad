//! Resetting a forgotten password.

use crate::db::DbError;
use crate::identity::Identity;
use crate::mail::{self, Envelope, Letter};

use super::link::{self, language, tell_unknown};
use super::person::{self, Person};
use super::sign_in::{self, Client, Entered};
use super::token::{self, LINK_LIFETIME, NewToken, Purpose};
use crate::text::EmailAddress;

/// Mails a link to choose a new password with, or, where the address is unknown, says so in a mail.
///
/// # Errors
/// When the database refuses.
pub async fn request(identity: &Identity, email: &EmailAddress) -> Result<(), DbError> {
    let person = person::find_by_email(&identity.db, email).await?;
    let mut transaction = identity.db.begin().await?;
    match &person {
        Some(person) => {
            let token = NewToken {
                purpose: Purpose::ResetPassword,
                person: person.id,
                email,
                event: None,
                next: None,
                lifetime: LINK_LIFETIME,
            };
            let language = language(Some(person), None);
            let write = |link: &str| Letter::ResetPassword { link }.write(language);
            link::send(identity, &mut transaction, token, write).await?;
        }
        None => tell_unknown(identity, &mut transaction, email, None).await?,
    }
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(())
}

/// Sets a new password with a mailed token and signs in; `None` if the token was used or has
/// expired. Ending the person's other sign-ins is up to the caller.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    identity: &Identity,
    secret: &str,
    hash: &str,
    client: &Client,
) -> Result<Option<Entered>, DbError> {
    let now = identity.clock.now();
    let mut transaction = identity.db.begin().await?;
    let purpose = Purpose::ResetPassword;
    let token = token::redeem(&identity.db, &mut transaction, secret, purpose, now).await?;
    let Some(token) = token else { return Ok(None) };
    person::confirm_email(&identity.db, &mut transaction, token.person, now).await?;
    person::set_password(&identity.db, &mut transaction, token.person, hash, now).await?;
    token::withdraw_all(&identity.db, &mut transaction, token.person).await?;
    let entered = sign_in::begin(identity, &mut transaction, token.person, false, client).await?;
    transaction.commit().await?;
    Ok(Some(entered))
}

/// Sets a new password for somebody who is signed in, and notifies them by mail.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(identity: &Identity, person: &Person, hash: &str) -> Result<(), DbError> {
    let now = identity.clock.now();
    let mut transaction = identity.db.begin().await?;
    person::set_password(&identity.db, &mut transaction, person.id, hash, now).await?;
    token::withdraw_all(&identity.db, &mut transaction, person.id).await?;
    if let Some(recipient) = &person.mail_address() {
        let writing = Letter::PasswordChanged.write(language(Some(person), None));
        let envelope = Envelope { recipient, writing, useful_for: None };
        mail::queue(&identity.db, &mut transaction, envelope, now, &identity.random).await?;
    }
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(())
}
