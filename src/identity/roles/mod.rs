//! Roles: what people may do beyond taking part, in an event, in one of its rooms, or (organizers
//! of the installation) everywhere. Every change is recorded in the audit log.

mod afterwards;
pub mod invitation;
mod store;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::audit;
use crate::db::{DbError, Transaction};
use crate::events::{self, EventSnapshot, News, Versions};
use crate::id::{EventId, GrantId, PersonId, RoomId};
use crate::identity::administrators;
use crate::identity::{Identity, ROLES};
use crate::permission::{Operation, Role};

pub use afterwards::{RolesAfterwards, end_with_registration};
pub use store::{GrantView, OverviewLine, list, overview};

/// Where a role applies: everywhere without an event, in the whole event without a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The event.
    pub event: Option<EventId>,
    /// The room.
    pub room: Option<RoomId>,
}

/// A role for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub role: Role,
    /// Where.
    pub scope: Scope,
}

impl NewGrant {
    /// What makes a grant unique. A UNIQUE constraint on the columns cannot: NULLs are never equal.
    pub(super) fn key(&self) -> Vec<u8> {
        let part = |id: Option<uuid::Uuid>| id.unwrap_or_default().into_bytes();
        Sha256::new()
            .chain_update(part(self.scope.event.map(|event| event.0)))
            .chain_update(part(Some(self.person.0)))
            .chain_update(part(self.scope.room.map(|room| room.0)))
            .chain_update(self.role.name())
            .finalize()
            .to_vec()
    }
}

/// Gives somebody a role and returns the grant's id and whether it is new.
///
/// # Errors
/// When the database refuses.
pub async fn grant(
    identity: &Identity,
    new: NewGrant,
    by: Option<PersonId>,
) -> Result<(GrantId, bool), DbError> {
    let mut transaction = identity.db.begin().await?;
    let granted = grant_in(identity, &mut transaction, new, by).await?;
    if granted.1 {
        commit(identity, transaction, new).await?;
    }
    Ok(granted)
}

/// The same as part of a transaction. After the commit the caller has to publish the event's
/// change.
///
/// # Errors
/// When the database refuses.
pub async fn grant_in(
    identity: &Identity,
    transaction: &mut Transaction,
    new: NewGrant,
    by: Option<PersonId>,
) -> Result<(GrantId, bool), DbError> {
    let now = identity.clock.now();
    let id = GrantId::new(now, &identity.random);
    store::insert(&identity.db, transaction, (id, new), by, now).await?;
    let found = store::id_of(&identity.db, transaction, new).await?;
    if found == id {
        note(identity, transaction, new, by, "granted").await?;
    }
    Ok((found, found == id))
}

/// Revokes somebody's role and returns whether they had it.
///
/// # Errors
/// When the database refuses.
pub async fn revoke(
    identity: &Identity,
    old: NewGrant,
    by: Option<PersonId>,
) -> Result<bool, DbError> {
    let mut transaction = identity.db.begin().await?;
    let revoked = revoke_in(identity, &mut transaction, old, by).await?;
    if revoked {
        commit(identity, transaction, old).await?;
    }
    Ok(revoked)
}

/// Locks the event's row, so that revocations within one event run one after the other.
async fn revoke_in(
    identity: &Identity,
    transaction: &mut Transaction,
    old: NewGrant,
    by: Option<PersonId>,
) -> Result<bool, DbError> {
    note(identity, transaction, old, by, "revoked").await?;
    store::delete(&identity.db, transaction, old).await
}

async fn note(
    identity: &Identity,
    transaction: &mut Transaction,
    grant: NewGrant,
    by: Option<PersonId>,
    what: &str,
) -> Result<(), DbError> {
    let entry = audit::Entry {
        room: grant.scope.room,
        person: Some(grant.person),
        details: json!({ what: grant.role.name() }),
        ..audit::Entry::new(grant.scope.event, by, Operation::RolesChange.rule().name)
    };
    audit::record(&identity.db, transaction, entry, identity.clock.now(), &identity.random).await?;
    match grant.scope.event {
        Some(event) => events::touch(&identity.db, transaction, event).await,
        None => Ok(()),
    }
}

/// Commits the change of one grant and publishes that somebody's roles have changed.
async fn commit(
    identity: &Identity,
    mut transaction: Transaction,
    grant: NewGrant,
) -> Result<(), DbError> {
    let Some(event) = grant.scope.event else {
        transaction.commit().await?;
        return administrators::changed(identity).await;
    };
    let version = events::version_in(&identity.db, &mut transaction, event).await?;
    transaction.commit().await?;
    let news = News { part: ROLES, people: vec![grant.person] };
    let versions = Versions::one(version);
    identity.changes.tell(event, versions, vec![news]).await;
    Ok(())
}

/// Why a role was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum NotRevoked {
    /// There is no such grant in the event.
    #[error("there is no such grant")]
    Unknown,
    /// Nobody else could run the event.
    #[error("it is the event's last organizer")]
    LastOrganizer,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Revokes a role, unless the event would be left without an organizer.
///
/// # Errors
/// See [`NotRevoked`].
pub async fn revoke_by_id(
    identity: &Identity,
    event: &EventSnapshot,
    id: GrantId,
    by: PersonId,
) -> Result<(), NotRevoked> {
    let grants = store::list(&identity.db, event, Some(id)).await?;
    let found = grants.first().ok_or(NotRevoked::Unknown)?;
    let scope = Scope { event: Some(event.id), room: found.room };
    let old = NewGrant { person: found.person.id, role: found.role, scope };
    let mut transaction = identity.db.begin().await?;
    if !revoke_in(identity, &mut transaction, old, Some(by)).await? {
        return Err(NotRevoked::Unknown);
    }
    if !store::has_organizer(&identity.db, &mut transaction, event.id).await? {
        return Err(NotRevoked::LastOrganizer);
    }
    Ok(commit(identity, transaction, old).await?)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_grant_has_its_own_key() {
        let id = Uuid::from_u128;
        let grant = |event: u128, room: Option<u128>, role| NewGrant {
            person: PersonId(id(9)),
            role,
            scope: Scope { event: Some(EventId(id(event))), room: room.map(|r| RoomId(id(r))) },
        };
        let keys = [
            grant(1, None, Role::Moderator).key(),
            grant(2, None, Role::Moderator).key(),
            grant(1, Some(1), Role::Moderator).key(),
            grant(1, None, Role::Organizer).key(),
        ];
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
        assert_eq!(grant(1, None, Role::Moderator).key(), keys[0]);
    }
}
