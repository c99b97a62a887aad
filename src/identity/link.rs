//! Signing in by a mailed link.

use crate::db::{DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::identity::Identity;
use crate::mail::{self, Envelope, Language, Letter, Writing};
use crate::text::Locale;

use super::person::{self, Person};
use super::sign_in::{self, Client, Entered};
use super::token::{self, LINK_LIFETIME, NewToken, Purpose};
use crate::text::{EmailAddress, LocalPath};

/// Mails a link to sign in with, or, where the address is unknown, says so in a mail. Both take
/// the same time: only the mailbox learns whether there is an account.
///
/// # Errors
/// When the database refuses.
pub async fn request(
    identity: &Identity,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> Result<(), DbError> {
    let person = person::find_by_email(&identity.db, email).await?;
    let mut transaction = identity.db.begin().await?;
    match &person {
        Some(person) => {
            let token = sign_in_token(person.id, email, event, next);
            let write = |link: &str| {
                let letter = Letter::SignIn { link, event: event.map(|e| e.title.as_str()) };
                letter.write(language(Some(person), event))
            };
            send(identity, &mut transaction, token, write).await?;
        }
        None => tell_unknown(identity, &mut transaction, email, event).await?,
    }
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(())
}

/// Mails an address that has no account.
///
/// # Errors
/// When the database refuses.
pub async fn tell_unknown(
    identity: &Identity,
    transaction: &mut Transaction,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
) -> Result<(), DbError> {
    let page = event_page(identity, event);
    let writing = Letter::Unknown { page: &page }.write(language(None, event));
    let envelope = Envelope { recipient: email, writing, useful_for: Some(LINK_LIFETIME) };
    mail::queue(&identity.db, transaction, envelope, identity.clock.now(), &identity.random).await
}

/// Issues a token and queues a mail with its link; `write` writes the letter around the link. The
/// mail is sent after the commit.
///
/// # Errors
/// When the database refuses.
pub async fn send(
    identity: &Identity,
    transaction: &mut Transaction,
    token: NewToken<'_>,
    write: impl FnOnce(&str) -> Writing,
) -> Result<(), DbError> {
    let now = identity.clock.now();
    let (purpose, recipient, lifetime) = (token.purpose, token.email, token.lifetime);
    let secret = token::issue(&identity.db, transaction, token, now, &identity.random).await?;
    let writing = write(&purpose.link(&identity.public_url, &secret));
    let envelope = Envelope { recipient, writing, useful_for: Some(lifetime) };
    mail::queue(&identity.db, transaction, envelope, now, &identity.random).await
}

/// A sign-in link, valid once and for half an hour.
///
/// # Errors
/// When the database refuses.
pub async fn issue(
    identity: &Identity,
    transaction: &mut Transaction,
    person: PersonId,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> Result<String, DbError> {
    let token = sign_in_token(person, email, event, next);
    let secret =
        token::issue(&identity.db, transaction, token, identity.clock.now(), &identity.random)
            .await?;
    Ok(Purpose::SignIn.link(&identity.public_url, &secret))
}

/// A sign-in token, valid for half an hour.
pub fn sign_in_token<'a>(
    person: PersonId,
    email: &'a EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> NewToken<'a> {
    let event = event.map(|event| event.id);
    NewToken { purpose: Purpose::SignIn, person, email, event, next, lifetime: LINK_LIFETIME }
}

/// Signs in with a mailed link's token, as part of a transaction; `None` if it was used or has
/// expired. This proves that the mailbox is theirs, so the address is confirmed. Also returns the
/// event the link was requested for, where a registration may be waiting for that proof.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    identity: &Identity,
    transaction: &mut Transaction,
    secret: &str,
    client: &Client,
) -> Result<Option<(Entered, Option<EventId>)>, DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    let token = token::redeem(db, transaction, secret, Purpose::SignIn, now).await?;
    let Some(token) = token else { return Ok(None) };
    person::confirm_email(db, transaction, token.person, now).await?;
    let entered = sign_in::begin(identity, transaction, token.person, false, client).await?;
    Ok(Some((Entered { next: token.next, ..entered }, token.event)))
}

/// The language to write to somebody in: their own choice, or else the event's.
pub fn language(person: Option<&Person>, event: Option<&EventSnapshot>) -> Language {
    let own = person.and_then(|person| person.locale.clone());
    let event = event.and_then(|event| Locale::try_from(event.locale.clone()).ok());
    Language::of(own.iter().chain(&event))
}

/// The address of the event's page, or of the site.
pub fn event_page(identity: &Identity, event: Option<&EventSnapshot>) -> String {
    let url = &identity.public_url;
    event.map_or_else(|| format!("{url}/"), |event| format!("{url}/e/{}", event.slug))
}
