//! Changing an account's e-mail address: the new one counts once what was mailed to it was used.
//!
//! Whoever has the new mailbox has the account from then on, and nobody else: somebody may have
//! prepared it for them, with a password, a sign-in and an address that they hoped would be confirmed.

use crate::db::DbError;
use crate::identity::Identity;
use crate::mail::{self, Envelope, Letter, LinkAndCode};

use super::link::{self, language};
use super::person::{self, Person};
use super::redeem::{self, Bearer, Mailed, NotRedeemed};
use super::sign_in::{self, Admitted};
use super::token::{self, CONFIRMATION_LIFETIME, NewToken, Purpose};
use crate::text::EmailAddress;

/// Mails a link and a code to the new address. Returns what the browser needs beside the code.
///
/// # Errors
/// When the database refuses.
pub async fn request(
    identity: &Identity,
    person: &Person,
    email: &EmailAddress,
) -> Result<String, DbError> {
    let mut transaction = identity.db.begin().await?;
    let token = NewToken {
        purpose: Purpose::ConfirmEmail,
        person: person.id,
        email,
        event: None,
        next: None,
        lifetime: CONFIRMATION_LIFETIME,
    };
    let write = |mailed: LinkAndCode<'_>| {
        Letter::ConfirmEmail { mailed }.write(language(Some(person), None))
    };
    let request = link::send_with_code(identity, &mut transaction, token, write).await?;
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(request)
}

/// Gives the account the address that was mailed to, notifies the old one, and signs in. All other
/// sign-ins end. The password stays only if it is confirmed where its owner is signed in.
///
/// # Errors
/// See [`NotRedeemed`].
pub async fn confirm(
    identity: &Identity,
    mailed: &Mailed,
    bearer: Bearer<'_>,
) -> Result<Admitted, NotRedeemed> {
    let (db, now) = (&identity.db, identity.clock.now());
    let key = redeem::key(identity, mailed).await?;
    let mut transaction = db.begin().await?;
    let purposes = [Purpose::ConfirmEmail];
    let token = token::redeem(db, &mut transaction, key, &purposes, now).await?;
    let token = token.ok_or(NotRedeemed::Used)?;
    bearer.may_become(token.person)?;
    let person = person::read_in(db, &mut transaction, token.person).await?;
    let email: EmailAddress = token.email.parse().map_err(|_| NotRedeemed::Used)?;
    let set = person::set_email(db, &mut transaction, person.id, &email, now).await;
    set.map_err(
        |error| {
            if error.is_unique_violation() { NotRedeemed::Taken } else { error.into() }
        },
    )?;
    if !bearer.is(person.id) {
        person::drop_password(db, &mut transaction, person.id, now).await?;
    }
    token::withdraw_all(db, &mut transaction, person.id).await?;
    if let Some(old) = person.mail_address().filter(|old| old.key() != email.key()) {
        let writing = Letter::EmailChanged.write(language(Some(&person), None));
        let envelope = Envelope { recipient: &old, writing, useful_for: None };
        mail::queue(db, &mut transaction, envelope, now, &identity.random).await?;
    }
    let admitted = redeem::admit(identity, &mut transaction, person.id, bearer).await?;
    let others = |own| own != admitted.sign_in.id;
    let ended = sign_in::end_in(identity, &mut transaction, person.id, others).await?;
    transaction.commit().await.map_err(DbError::from)?;
    sign_in::tell_ended(identity, &ended);
    identity.mail.hurry();
    Ok(admitted)
}
