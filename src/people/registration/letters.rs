//! What is mailed to strangers who register. Each answers what the browser needs beside the code.

use super::Refused;
use crate::core::Core;
use crate::db::Transaction;
use crate::events::EventSnapshot;
use crate::identity::code;
use crate::identity::link::{self, language, sign_in_token};
use crate::identity::person::Person;
use crate::identity::token::{CONFIRMATION_LIFETIME, LINK_LIFETIME, NewToken, Purpose};
use crate::mail::{self, Envelope, Letter, LinkAndCode};
use crate::text::{EmailAddress, LocalPath};

fn lobby(event: &EventSnapshot) -> Option<LocalPath> {
    format!("/e/{}/lobby", event.slug).parse().ok()
}

/// Mails a link and a code to confirm a registration with.
pub(super) async fn ask_to_confirm(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    email: &EmailAddress,
) -> Result<String, Refused> {
    let token = NewToken {
        purpose: Purpose::Register,
        person: person.id,
        email,
        event: Some(event),
        next: lobby(event),
        lifetime: CONFIRMATION_LIFETIME,
    };
    let write = |mailed: LinkAndCode<'_>| {
        let letter = Letter::Registration { mailed, event: &event.title };
        letter.write(language(Some(person), Some(event)))
    };
    Ok(link::send_with_code(&core.identity, transaction, token, write).await?)
}

/// Mails that there is a registration already.
pub(super) async fn tell_registered(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    email: &EmailAddress,
) -> Result<String, Refused> {
    let token = sign_in_token(person.id, email, Some(event), lobby(event));
    let write = |mailed: LinkAndCode<'_>| {
        let letter = Letter::RegisteredAlready { mailed, event: &event.title };
        letter.write(language(Some(person), Some(event)))
    };
    Ok(link::send_with_code(&core.identity, transaction, token, write).await?)
}

/// Mails why there is nothing to confirm.
pub(super) async fn tell(
    core: &Core,
    transaction: &mut Transaction,
    event: &EventSnapshot,
    person: &Person,
    recipient: &EmailAddress,
    letter: Letter<'_>,
) -> Result<String, Refused> {
    let writing = letter.write(language(Some(person), Some(event)));
    let envelope = Envelope { recipient, writing, useful_for: Some(LINK_LIFETIME) };
    mail::queue(&core.db, transaction, envelope, core.clock.now(), &core.random).await?;
    Ok(code::useless_request(&core.identity, transaction, recipient).await?)
}
