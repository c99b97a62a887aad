//! Roles for addresses of which nobody has proved yet that they are theirs: offered by mail, without
//! any effect until their owner accepts. A mistyped address thus makes nobody a moderator.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::store::invitation::{self as store, Stored};
use super::{NewGrant, Scope, commit, grant_in};
use crate::audit;
use crate::clock::Timestamp;
use crate::db::{DbError, Transaction};
use crate::events::EventSnapshot;
use crate::id::{EventId, InvitationId, PersonId, RoomId};
use crate::identity::Identity;
use crate::identity::link::language;
use crate::identity::person::{self, NewPerson, Person};
use crate::mail::{self, Envelope, Letter};
use crate::permission::{Grant, Operation, Role};
use crate::text::EmailAddress;

pub use super::store::invitation::OwnInvitation;

/// An invitation to a role, as organizers see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// The invitation, to withdraw it.
    pub id: InvitationId,
    /// The address as the asker typed it. Of one that another organizer typed only as much is told
    /// as it takes to recognize it.
    pub address: String,
    /// The role.
    pub role: Role,
    /// The only room in which it is to hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// When it was sent.
    pub created_at: Timestamp,
}

impl Invitation {
    fn shown(stored: Stored, asker: PersonId) -> Self {
        let Stored { id, email, grant, by, created_at } = stored;
        let address = if by == asker { email } else { hinted(&email) };
        Self { id, address, role: grant.role, room: grant.room, created_at }
    }
}

/// The beginning and the domain of an address.
fn hinted(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("{}…@{domain}", local.chars().take(2).collect::<String>())
}

/// Whether a role can be given to whoever has this address at once: its owner has proved that it is
/// theirs, or takes part in the event.
///
/// # Errors
/// When the database does not answer.
pub async fn owner(
    identity: &Identity,
    event: EventId,
    email: &EmailAddress,
) -> Result<Option<PersonId>, DbError> {
    let Some(person) = person::find_by_email(&identity.db, email).await? else { return Ok(None) };
    if person.email_confirmed_at.is_some() {
        return Ok(Some(person.id));
    }
    let known = crate::identity::in_event(&identity.db, event, &[person.id].into()).await?;
    Ok(Some(person.id).filter(|id| known.contains(id)))
}

/// How many invitations of an event may wait to be accepted.
const MOST_WAITING: u64 = 500;

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum NotInvited {
    /// Too many invitations of the event wait to be accepted.
    #[error("too many invitations wait to be accepted")]
    TooMany,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Offers a role to an address, by mail, unless that was done before. There is an account for the
/// address afterwards, to sign in to, which has no part in anything.
///
/// # Errors
/// See [`NotInvited`].
pub async fn invite(
    identity: &Identity,
    event: &EventSnapshot,
    email: &EmailAddress,
    grant: Grant,
    by: PersonId,
) -> Result<Invitation, NotInvited> {
    let (db, now) = (&identity.db, identity.clock.now());
    let mut transaction = db.begin().await?;
    if store::count(db, &mut transaction, event.id).await? >= MOST_WAITING {
        return Err(NotInvited::TooMany);
    }
    let new = NewPerson::by_email(email);
    person::ensure(db, &mut transaction, new, now, &identity.random).await?;
    let id = InvitationId::new(now, &identity.random);
    let new = Stored { id, email: email.as_str().to_owned(), grant, by, created_at: now };
    let stored = store::insert(db, &mut transaction, event.id, new, &email.key()).await?;
    if stored.id == id {
        note(identity, &mut transaction, event.id, grant, by, "invited").await?;
        let page = format!("{}/invitations?event={}", identity.public_url, event.slug);
        let letter = Letter::Invitation { page: &page, event: &event.title, role: grant.role };
        let writing = letter.write(language(None, Some(event)));
        let envelope = Envelope { recipient: email, writing, useful_for: None };
        mail::queue(db, &mut transaction, envelope, now, &identity.random).await?;
    }
    transaction.commit().await.map_err(DbError::from)?;
    identity.mail.hurry();
    Ok(Invitation::shown(stored, by))
}

/// The invitations that were not accepted yet, the latest first, for this organizer.
///
/// # Errors
/// When the database does not answer.
pub async fn list(
    identity: &Identity,
    event: EventId,
    asker: PersonId,
) -> Result<Vec<Invitation>, DbError> {
    let stored = store::of_event(&identity.db, event).await?;
    Ok(stored.into_iter().map(|stored| Invitation::shown(stored, asker)).collect())
}

/// Withdraws an invitation and returns whether there was one.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(
    identity: &Identity,
    event: EventId,
    id: InvitationId,
    by: PersonId,
) -> Result<bool, DbError> {
    let mut transaction = identity.db.begin().await?;
    let Some((found, stored)) = store::find(&identity.db, &mut transaction, id).await? else {
        return Ok(false);
    };
    if found != event || !store::delete(&identity.db, &mut transaction, id).await? {
        return Ok(false);
    }
    note(identity, &mut transaction, event, stored.grant, by, "withdrawn").await?;
    transaction.commit().await?;
    Ok(true)
}

/// What the person is invited to; nothing until they have proved that their address is theirs.
///
/// # Errors
/// When the database does not answer.
pub async fn of_person(
    identity: &Identity,
    person: &Person,
) -> Result<Vec<OwnInvitation>, DbError> {
    match proved_address(person) {
        Some(email) => store::of_address(&identity.db, &email.key()).await,
        None => Ok(Vec::new()),
    }
}

/// What somebody decides about an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The role is theirs from now on.
    Accept,
    /// The invitation is gone.
    Decline,
}

/// Accepts or declines one of a person's invitations; `false` if there is none of that id for them.
///
/// # Errors
/// When the database refuses.
pub async fn decide(
    identity: &Identity,
    person: &Person,
    id: InvitationId,
    decision: Decision,
) -> Result<bool, DbError> {
    let Some(email) = proved_address(person) else { return Ok(false) };
    let mut transaction = identity.db.begin().await?;
    let Some((event, stored)) = store::find(&identity.db, &mut transaction, id).await? else {
        return Ok(false);
    };
    let own = stored.email.parse::<EmailAddress>().is_ok_and(|to| to.key() == email.key());
    if !own || !store::delete(&identity.db, &mut transaction, id).await? {
        return Ok(false);
    }
    if decision == Decision::Decline {
        note(identity, &mut transaction, event, stored.grant, person.id, "declined").await?;
        transaction.commit().await?;
        return Ok(true);
    }
    let scope = Scope { event: Some(event), room: stored.grant.room };
    let new = NewGrant { person: person.id, role: stored.grant.role, scope };
    grant_in(identity, &mut transaction, new, Some(stored.by)).await?;
    commit(identity, transaction, new).await?;
    Ok(true)
}

fn proved_address(person: &Person) -> Option<EmailAddress> {
    person.email_confirmed_at.and_then(|_| person.mail_address())
}

async fn note(
    identity: &Identity,
    transaction: &mut Transaction,
    event: EventId,
    grant: Grant,
    by: PersonId,
    what: &str,
) -> Result<(), DbError> {
    let entry = audit::Entry {
        room: grant.room,
        details: json!({ what: grant.role.name() }),
        ..audit::Entry::new(Some(event), Some(by), Operation::RolesChange.rule().name)
    };
    audit::record(&identity.db, transaction, entry, identity.clock.now(), &identity.random).await
}

#[cfg(test)]
mod tests {
    use super::hinted;

    #[test]
    fn a_hint_tells_no_address() {
        assert_eq!(hinted("adalovelace@example.org"), "ad…@example.org");
        assert_eq!(hinted("a@example.org"), "a…@example.org");
    }
}
