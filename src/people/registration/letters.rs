//! What is mailed to strangers who register.

use super::Refused;
use crate::core::Core;
use crate::db::Transaction;
use crate::events::EventSnapshot;
use crate::identity::link::{self, language, sign_in_token};
use crate::identity::person::Person;
use crate::identity::token::{CONFIRMATION_LIFETIME, LINK_LIFETIME, NewToken, Purpose};
use crate::mail::{self, Envelope, Letter};
use crate::text::EmailAddress;

/// Mails a link to confirm a registration with.
pub(super) async fn ask_to_confirm(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    email: &EmailAddress,
) -> Result<(), Refused> {
    let token = NewToken {
        purpose: Purpose::SignIn,
        person: person.id,
        email,
        event: Some(event.id),
        next: format!("/e/{}/lobby", event.slug).parse().ok(),
        lifetime: CONFIRMATION_LIFETIME,
    };
    let write = |link: &str| {
        let letter = Letter::Registration { link, event: &event.title };
        letter.write(language(Some(person), Some(event)))
    };
    Ok(link::send(&core.identity, transaction, token, write).await?)
}

/// Mails that there is a registration already.
pub(super) async fn tell_registered(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    email: &EmailAddress,
) -> Result<(), Refused> {
    let token = sign_in_token(person.id, email, Some(event), None);
    let write = |link: &str| {
        let letter = Letter::RegisteredAlready { link, event: &event.title };
        letter.write(language(Some(person), Some(event)))
    };
    Ok(link::send(&core.identity, transaction, token, write).await?)
}

/// Mails why there is nothing to confirm.
pub(super) async fn tell(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    recipient: &EmailAddress,
    letter: Letter<'_>,
) -> Result<(), Refused> {
    let writing = letter.write(language(Some(person), Some(event)));
    let envelope = Envelope { recipient, writing, useful_for: Some(LINK_LIFETIME) };
    Ok(mail::queue(&core.db, transaction, envelope, core.clock.now(), &core.random).await?)
}
