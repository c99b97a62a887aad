//! Signing in by mail: a link, and a code for another device.

use crate::db::{DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::identity::Identity;
use crate::mail::{self, Envelope, Language, Letter, LinkAndCode, Writing};
use crate::text::Locale;

use super::code;
use super::person::{self, Person};
use super::redeem::{self, Bearer, NotRedeemed};
use super::sign_in::{Admitted, Ended};
use super::token::{self, Key, LINK_LIFETIME, NewToken, Purpose};
use crate::text::{EmailAddress, LocalPath};

/// Mails a link and a code to sign in with, or, where the address is unknown, says so in a mail.
/// Both take the same time: only the mailbox learns whether there is an account. Returns what the
/// browser needs beside the code.
///
/// # Errors
/// When the database refuses.
pub async fn request(
    identity: &Identity,
    email: &EmailAddress,
    event: Option<&EventSnapshot>,
    next: Option<LocalPath>,
) -> Result<String, DbError> {
    let person = person::find_by_email(&identity.db, email).await?;
    let mut transaction = identity.db.begin().await?;
    let request = match &person {
        Some(person) => {
            let token = sign_in_token(person.id, email, event, next);
            let write = |mailed: LinkAndCode<'_>| {
                let letter = Letter::SignIn { mailed, event: event.map(|e| e.title.as_str()) };
                letter.write(language(Some(person), event))
            };
            send_with_code(identity, &mut transaction, token, write).await?
        }
        None => {
            tell_unknown(identity, &mut transaction, email, event).await?;
            code::useless_request(identity, &mut transaction, email).await?
        }
    };
    transaction.commit().await?;
    identity.mail.hurry();
    Ok(request)
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
    let (purpose, event, recipient) = (token.purpose, token.event, token.email);
    let lifetime = token.lifetime;
    let issued = token::issue(&identity.db, transaction, token, now, &identity.random).await?;
    let writing = write(&purpose.link(&identity.public_url, event, &issued.secret));
    let envelope = Envelope { recipient, writing, useful_for: Some(lifetime) };
    mail::queue(&identity.db, transaction, envelope, now, &identity.random).await
}

/// The same with a code beside the link. Returns what the browser needs beside the code.
///
/// # Errors
/// When the database refuses.
pub async fn send_with_code(
    identity: &Identity,
    transaction: &mut Transaction,
    token: NewToken<'_>,
    write: impl FnOnce(LinkAndCode<'_>) -> Writing,
) -> Result<String, DbError> {
    let now = identity.clock.now();
    let (purpose, event, recipient) = (token.purpose, token.event, token.email);
    let lifetime = token.lifetime;
    let issued = token::issue(&identity.db, transaction, token, now, &identity.random).await?;
    let code = code::issue(identity, transaction, recipient, Some(issued.id)).await?;
    let link = purpose.link(&identity.public_url, event, &issued.secret);
    let writing = write(LinkAndCode { link: &link, code: &code.code });
    let envelope = Envelope { recipient, writing, useful_for: Some(lifetime) };
    mail::queue(&identity.db, transaction, envelope, now, &identity.random).await?;
    Ok(code.request)
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
    let issued =
        token::issue(&identity.db, transaction, token, identity.clock.now(), &identity.random)
            .await?;
    Ok(Purpose::SignIn.link(&identity.public_url, event, &issued.secret))
}

/// A sign-in token, valid for half an hour.
pub fn sign_in_token<'a>(
    person: PersonId,
    email: &'a EmailAddress,
    event: Option<&'a EventSnapshot>,
    next: Option<LocalPath>,
) -> NewToken<'a> {
    NewToken { purpose: Purpose::SignIn, person, email, event, next, lifetime: LINK_LIFETIME }
}

/// What a redeemed mail has done so far, as part of a transaction.
#[derive(Debug)]
pub struct Redeemed {
    /// Who is signed in.
    pub admitted: Admitted,
    /// The event in which a waiting registration is confirmed by it.
    pub confirms: Option<EventId>,
    /// The sign-ins that ended; see [`Redeemed::tell`].
    ended: Vec<Ended>,
}

impl Redeemed {
    /// Makes known, after the commit, which sign-ins have ended.
    pub fn tell(&self, identity: &Identity) {
        super::sign_in::tell_ended(identity, &self.ended);
    }
}

/// Signs in with what was mailed, as part of a transaction. This proves that the mailbox is theirs,
/// so the address is confirmed.
///
/// A link shows the waiting registration that it confirms before it is used. A code is typed without
/// seeing any, so it confirms one only if it was mailed for it: somebody else may have made one with
/// this address.
///
/// # Errors
/// See [`NotRedeemed`]; nothing has changed then, when the transaction is dropped.
pub async fn redeem(
    identity: &Identity,
    transaction: &mut Transaction,
    key: Key,
    bearer: Bearer<'_>,
) -> Result<Redeemed, NotRedeemed> {
    let (db, now) = (&identity.db, identity.clock.now());
    let purposes = [Purpose::SignIn, Purpose::Register];
    let token = token::redeem(db, transaction, key, &purposes, now).await?;
    let token = token.ok_or(NotRedeemed::Used)?;
    bearer.may_become(token.person)?;
    let person = redeem::account(identity, transaction, &token).await?;
    let ended = redeem::prove_mailbox(identity, transaction, &person).await?;
    let admitted = redeem::admit(identity, transaction, person.id, bearer).await?;
    let shown = token.purpose == Purpose::Register || matches!(key, Key::Secret(_));
    Ok(Redeemed {
        admitted: Admitted { next: token.next, ..admitted },
        confirms: token.event.filter(|_| shown),
        ended,
    })
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
