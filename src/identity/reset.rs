//! Resetting a forgotten password.

use crate::db::DbError;
use crate::identity::Identity;
use crate::mail::{self, Envelope, Letter};

use super::link::{self, language, tell_unknown};
use super::person::{self, Person};
use super::redeem::{self, Bearer, NotRedeemed};
use super::sign_in::{self, Admitted, SignIn};
use super::token::{self, Key, LINK_LIFETIME, NewToken, Purpose};
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

/// Sets a new password with a mailed link's token and signs in. All other sign-ins end.
///
/// # Errors
/// See [`NotRedeemed`].
pub async fn redeem(
    identity: &Identity,
    secret: &str,
    hash: &str,
    bearer: Bearer<'_>,
) -> Result<Admitted, NotRedeemed> {
    let (db, now) = (&identity.db, identity.clock.now());
    let mut transaction = db.begin().await?;
    let (key, purposes) = (Key::of_link(secret), [Purpose::ResetPassword]);
    let token = token::redeem(db, &mut transaction, key, &purposes, now).await?;
    let token = token.ok_or(NotRedeemed::Used)?;
    bearer.may_become(token.person)?;
    let person = redeem::account(identity, &mut transaction, &token).await?;
    person::confirm_email(db, &mut transaction, person.id, now).await?;
    person::set_password(db, &mut transaction, person.id, hash, now).await?;
    token::withdraw_all(db, &mut transaction, person.id).await?;
    let admitted = redeem::admit(identity, &mut transaction, person.id, bearer).await?;
    let own = admitted.sign_in.id;
    sign_in::no_longer_fresh(db, &mut transaction, own).await?;
    let ended = sign_in::end_in(identity, &mut transaction, person.id, |id| id != own).await?;
    transaction.commit().await.map_err(DbError::from)?;
    sign_in::tell_ended(identity, &ended);
    Ok(admitted)
}

/// Sets a new password for somebody who is signed in, and notifies them by mail. Their other sign-ins
/// end.
///
/// # Errors
/// When the database refuses.
pub async fn set_password(
    identity: &Identity,
    person: &Person,
    hash: &str,
    here: SignIn,
) -> Result<(), DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    let mut transaction = db.begin().await?;
    person::set_password(db, &mut transaction, person.id, hash, now).await?;
    token::withdraw_all(db, &mut transaction, person.id).await?;
    // From now on there is a password to ask for.
    sign_in::no_longer_fresh(db, &mut transaction, here.id).await?;
    let others = |own| own != here.id;
    let ended = sign_in::end_in(identity, &mut transaction, person.id, others).await?;
    if let Some(recipient) = &person.mail_address() {
        let writing = Letter::PasswordChanged.write(language(Some(person), None));
        let envelope = Envelope { recipient, writing, useful_for: None };
        mail::queue(db, &mut transaction, envelope, now, &identity.random).await?;
    }
    transaction.commit().await?;
    sign_in::tell_ended(identity, &ended);
    identity.mail.hurry();
    Ok(())
}
