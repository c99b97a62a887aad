//! Registrations that wait for the moderators.
//!
//! Whoever is banned may come again by another spelling of the same address. That is not refused, as
//! two people may share a mailbox, but it lets nobody in until a moderator has decided.

use std::collections::HashMap;

use serde_json::json;

use super::seats::release_seat;
use super::{Status, store};
use crate::audit::{self, Entry};
use crate::core::Core;
use crate::db::{DbError, Transaction};
use crate::events::EventChange;
use crate::id::{EventId, PersonId};
use crate::identity::person;
use crate::permission::Operation;
use crate::text::EmailAddress;

/// Somebody else who is banned from the event and whose mailbox this address leads to as well.
pub(super) async fn banned_owner(
    core: &Core,
    event: EventId,
    person: PersonId,
    email: Option<&EmailAddress>,
) -> Result<Option<PersonId>, DbError> {
    let Some(mailbox) = email.map(EmailAddress::mailbox) else { return Ok(None) };
    let banned = store::banned(&core.db, event, core.clock.now()).await?;
    let same =
        |(other, email): &(PersonId, EmailAddress)| *other != person && email.mailbox() == mailbox;
    Ok(banned.into_iter().find(same).map(|(other, _)| other))
}

/// Confirms the person's pending registration, if there is one, or holds it for the moderators.
pub(super) async fn confirm(
    core: &Core,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
) -> Result<(), DbError> {
    let email = person::read_in(&core.db, transaction, person).await?.mail_address();
    let Some(banned) = banned_owner(core, event, person, email.as_ref()).await? else {
        return store::confirm(&core.db, transaction, event, person, core.clock.now()).await;
    };
    let waiting = store::lock(&core.db, transaction, event, person).await?;
    let waiting = waiting.map(|stored| stored.registration);
    let Some(waiting) = waiting.filter(|one| one.status == Status::Pending) else { return Ok(()) };
    store::hold(&core.db, transaction, waiting.id, banned, core.clock.now()).await?;
    release_seat(&core.db, transaction, waiting.ticket_type).await?;
    note(core, transaction, event, person).await
}

/// Holds those of these people, who have just been registered by others, whose mailbox is that of
/// somebody banned.
pub(in crate::people) async fn hold_banned(
    core: &Core,
    change: &mut EventChange<'_>,
    people: Vec<PersonId>,
) -> Result<(), DbError> {
    let (db, event, now) = (&core.db, change.event, change.now);
    let banned = store::banned(db, event, now).await?;
    if banned.is_empty() {
        return Ok(());
    }
    let mailboxes: HashMap<String, PersonId> =
        banned.iter().map(|(person, email)| (email.mailbox(), *person)).collect();
    for (person, email) in store::addresses(db, &mut change.transaction, &people).await? {
        let same = mailboxes.get(&email.mailbox()).filter(|other| **other != person);
        let Some(other) = same else { continue };
        let stored = store::lock(db, &mut change.transaction, event, person).await?;
        let stored = stored.map(|stored| stored.registration);
        let Some(made) = stored.filter(|made| made.status == Status::Confirmed) else { continue };
        store::hold(db, &mut change.transaction, made.id, *other, now).await?;
        release_seat(db, &mut change.transaction, made.ticket_type).await?;
        note(core, &mut change.transaction, event, person).await?;
    }
    Ok(())
}

/// Notes in the audit log that a registration is held.
pub(super) async fn note(
    core: &Core,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
) -> Result<(), DbError> {
    let entry = Entry {
        person: Some(person),
        details: json!({ "held": true }),
        ..Entry::new(Some(event), Some(person), Operation::Register.rule().name)
    };
    audit::record(&core.db, transaction, entry, core.clock.now(), &core.random).await
}
