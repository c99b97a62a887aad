//! Signing in by a link that is mailed.

use crate::core::Core;
use crate::db::{DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::PersonId;
use crate::mail::{self, Envelope, Language, Letter, Writing};
use crate::text::Locale;

use super::person::{self, Person};
use super::registration;
use super::sign_in::{self, Client, Entered};
use super::text::{EmailAddress, LocalPath};
use super::token::{self, LINK_LIFETIME, NewToken, Purpose};

/// Mails a link to sign in with, or, where the address is unknown, says so in a mail. Both take
/// the same time: only the mailbox learns whether there is an account.
///
/// # Errors
/// When the database refuses.
pub async fn request(
    core: &Core,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> Result<(), DbError> {
    let person = person::find_by_email(&core.db, email).await?;
    let mut transaction = core.db.begin().await?;
    match &person {
        Some(person) => {
            let token = sign_in_token(person.id, email, event, next);
            let write = |link: &str| {
                let letter = Letter::SignIn { link, event: event.map(|e| e.title.as_str()) };
                letter.write(language(Some(person), event))
            };
            send(core, &mut transaction, token, write).await?;
        }
        None => tell_unknown(core, &mut transaction, email, event).await?,
    }
    transaction.commit().await?;
    core.mail.hurry();
    Ok(())
}

/// A mail to an address that nobody has.
pub(super) async fn tell_unknown(
    core: &Core,
    transaction: &mut Transaction,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
) -> Result<(), DbError> {
    let page = event_page(core, event);
    let writing = Letter::Unknown { page: &page }.write(language(None, event));
    let envelope = Envelope { recipient: email, writing, useful_for: Some(LINK_LIFETIME) };
    mail::queue(&core.db, transaction, envelope, core.clock.now(), &core.random).await
}

/// Makes a token and mails the link with it; `write` makes a letter of the link. The mail is sent
/// after the commit.
///
/// # Errors
/// When the database refuses.
pub(super) async fn send(
    core: &Core,
    transaction: &mut Transaction,
    token: NewToken<'_>,
    write: impl FnOnce(&str) -> Writing,
) -> Result<(), DbError> {
    let now = core.clock.now();
    let (purpose, recipient, lifetime) = (token.purpose, token.email, token.lifetime);
    let secret = token::issue(&core.db, transaction, token, now, &core.random).await?;
    let writing = write(&purpose.link(&core.settings.public_url, &secret));
    let envelope = Envelope { recipient, writing, useful_for: Some(lifetime) };
    mail::queue(&core.db, transaction, envelope, now, &core.random).await
}

/// A link to sign in with, good for half an hour and once.
///
/// # Errors
/// When the database refuses.
pub async fn issue(
    core: &Core,
    transaction: &mut Transaction,
    person: PersonId,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> Result<String, DbError> {
    let token = sign_in_token(person, email, event, next);
    let secret = token::issue(&core.db, transaction, token, core.clock.now(), &core.random).await?;
    Ok(Purpose::SignIn.link(&core.settings.public_url, &secret))
}

/// A token to sign in with, good for half an hour.
pub(super) fn sign_in_token<'a>(
    person: PersonId,
    email: &'a EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> NewToken<'a> {
    let event = event.map(|event| event.id);
    NewToken { purpose: Purpose::SignIn, person, email, event, next, lifetime: LINK_LIFETIME }
}

/// Signs in with a mailed link's token; nothing when it was used or has expired. Whatever waited
/// for the proof that the mailbox is theirs takes effect: the address counts as confirmed, and so
/// does the registration.
///
/// # Errors
/// When the database refuses.
pub async fn redeem(
    core: &Core,
    secret: &str,
    client: &Client,
) -> Result<Option<Entered>, DbError> {
    let now = core.clock.now();
    let mut transaction = core.db.begin().await?;
    let token = token::redeem(&core.db, &mut transaction, secret, Purpose::SignIn, now).await?;
    let Some(token) = token else { return Ok(None) };
    person::confirm_email(&core.db, &mut transaction, token.person, now).await?;
    if let Some(event) = token.event {
        registration::confirm(&core.db, &mut transaction, event, token.person, now).await?;
    }
    let entered = sign_in::begin(core, &mut transaction, token.person, false, client).await?;
    transaction.commit().await?;
    if let Some(event) = token.event {
        core.events.people.joined(event, token.person);
    }
    Ok(Some(Entered { next: token.next, ..entered }))
}

/// The language in which to write to somebody: their own choice before that of the event.
pub(super) fn language(person: Option<&Person>, event: Option<&EventSnapshot>) -> Language {
    let own = person.and_then(|person| person.locale.clone());
    let event = event.and_then(|event| Locale::try_from(event.locale.clone()).ok());
    Language::of(own.iter().chain(&event))
}

/// The address of the event's page, or of the site.
pub(super) fn event_page(core: &Core, event: Option<&EventSnapshot>) -> String {
    let url = &core.settings.public_url;
    event.map_or_else(|| format!("{url}/"), |event| format!("{url}/e/{}", event.slug))
}
