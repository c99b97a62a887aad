//! A new password for somebody who has forgotten theirs.

use crate::core::Core;
use crate::db::DbError;
use crate::mail::{self, Envelope, Letter};

use super::link::{self, language, tell_unknown};
use super::person::{self, Person};
use super::sign_in::{self, Client, Entered};
use super::text::EmailAddress;
use super::token::{self, LINK_LIFETIME, NewToken, Purpose};

/// Mails a link to choose a new password with, or, where the address is unknown, says so in a mail.
///
/// # Errors
/// When the database refuses.
pub async fn request(core: &Core, email: &EmailAddress) -> Result<(), DbError> {
    let person = person::find_by_email(&core.db, email).await?;
    let mut transaction = core.db.begin().await?;
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
            link::send(core, &mut transaction, token, write).await?;
        }
        None => tell_unknown(core, &mut transaction, email, None).await?,
    }
    transaction.commit().await?;
    core.mail.hurry();
    Ok(())
}

/// Sets a new password by a mailed token and signs in; nothing when the token was used or has
/// expired. The person's other sign-ins are for the caller to end.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    core: &Core,
    secret: &str,
    hash: &str,
    client: &Client,
) -> Result<Option<Entered>, DbError> {
    let now = core.clock.now();
    let mut transaction = core.db.begin().await?;
    let purpose = Purpose::ResetPassword;
    let token = token::redeem(&core.db, &mut transaction, secret, purpose, now).await?;
    let Some(token) = token else { return Ok(None) };
    person::confirm_email(&core.db, &mut transaction, token.person, now).await?;
    person::set_password(&core.db, &mut transaction, token.person, hash, now).await?;
    token::withdraw_all(&core.db, &mut transaction, token.person).await?;
    let entered = sign_in::begin(core, &mut transaction, token.person, false, client).await?;
    transaction.commit().await?;
    Ok(Some(entered))
}

/// Sets a new password of somebody who is signed in, and tells them by mail.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(core: &Core, person: &Person, hash: &str) -> Result<(), DbError> {
    let now = core.clock.now();
    let mut transaction = core.db.begin().await?;
    person::set_password(&core.db, &mut transaction, person.id, hash, now).await?;
    token::withdraw_all(&core.db, &mut transaction, person.id).await?;
    if let Some(recipient) = &person.mail_address() {
        let writing = Letter::PasswordChanged.write(language(Some(person), None));
        let envelope = Envelope { recipient, writing, useful_for: None };
        mail::queue(&core.db, &mut transaction, envelope, now, &core.random).await?;
    }
    transaction.commit().await?;
    core.mail.hurry();
    Ok(())
}
