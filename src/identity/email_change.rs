//! Changing an account's e-mail address: the new one counts once a link mailed to it was used.

use crate::db::DbError;
use crate::identity::Identity;
use crate::mail::{self, Envelope, Letter};

use super::link::{self, language};
use super::person::{self, Person};
use super::sign_in::{self, Client, Entered};
use super::token::{self, CONFIRMATION_LIFETIME, NewToken, Purpose};
use crate::text::EmailAddress;

/// Mails a link to the new address.
///
/// # Errors
/// When the database refuses.
pub async fn request(
    identity: &Identity,
    person: &Person,
    email: &EmailAddress,
) -> Result<(), DbError> {
    let mut transaction = identity.db.begin().await?;
    let token = NewToken {
        purpose: Purpose::ConfirmEmail,
        person: person.id,
        email,
        event: None,
        next: None,
        lifetime: CONFIRMATION_LIFETIME,
    };
    let write = |link: &str| Letter::ConfirmEmail { link }.write(language(Some(person), None));
    link::send(identity, &mut transaction, token, write).await?;
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(())
}

/// Why an address was not confirmed.
#[derive(Debug, thiserror::Error)]
pub enum NotConfirmed {
    /// The token was used or has expired.
    #[error("the token is not valid")]
    Used,
    /// There is another account with the address.
    #[error("another account has the address")]
    Taken,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Gives the account the address the token was mailed to, notifies the old one, and signs in.
///
/// # Errors
/// See [`NotConfirmed`].
pub async fn confirm(
    identity: &Identity,
    secret: &str,
    client: &Client,
) -> Result<Entered, NotConfirmed> {
    let now = identity.clock.now();
    let mut transaction = identity.db.begin().await?;
    let purpose = Purpose::ConfirmEmail;
    let token = token::redeem(&identity.db, &mut transaction, secret, purpose, now).await?;
    let token = token.ok_or(NotConfirmed::Used)?;
    let person = person::read_in(&identity.db, &mut transaction, token.person).await?;
    let email: EmailAddress = token.email.parse().map_err(|_| NotConfirmed::Used)?;
    let set = person::set_email(&identity.db, &mut transaction, person.id, &email, now).await;
    set.map_err(
        |error| {
            if error.is_unique_violation() { NotConfirmed::Taken } else { error.into() }
        },
    )?;
    token::withdraw_all(&identity.db, &mut transaction, person.id).await?;
    if let Some(old) = person.mail_address().filter(|old| old.key() != email.key()) {
        let writing = Letter::EmailChanged.write(language(Some(&person), None));
        let envelope = Envelope { recipient: &old, writing, useful_for: None };
        mail::queue(&identity.db, &mut transaction, envelope, now, &identity.random).await?;
    }
    let entered = sign_in::begin(identity, &mut transaction, person.id, false, client).await?;
    transaction.commit().await.map_err(DbError::from)?;
    identity.mail.hurry();
    Ok(entered)
}
