//! What happens to somebody's roles when their registration ends.

use serde::Serialize;
use utoipa::ToSchema;

use super::{NewGrant, Scope, revoke_in};
use crate::db::{Columns, DbError, Transaction};
use crate::id::{EventId, PersonId, RoomId};
use crate::identity::Identity;
use crate::permission::{Grant, Level, Role};

/// What ending somebody's registration does to their roles in the event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RolesAfterwards {
    /// Those that were taken with it, because they do no more than let in.
    pub taken: Vec<Grant>,
    /// Those that still let the person in. Where they are not to come in at all, take these, too.
    pub kept: Vec<Grant>,
}

/// Revokes the roles in an event that grant no more than entry, as part of the transaction that
/// ends the registration. After the commit the caller has to publish the event's change.
///
/// # Errors
/// When the database refuses.
pub async fn end_with_registration(
    identity: &Identity,
    transaction: &mut Transaction,
    (event, person): (EventId, PersonId),
    by: Option<PersonId>,
) -> Result<RolesAfterwards, DbError> {
    let rows = identity
        .db
        .query(
            "SELECT role, room_id FROM role_grants WHERE event_id = ? AND person_id = ?
             ORDER BY created_at, id",
        )
        .bind(event.bytes())
        .bind(person.bytes())
        .fetch_all(&mut **transaction)
        .await?;
    let mut roles = RolesAfterwards::default();
    for row in &rows {
        let name = row.text("role")?;
        let role = Role::from_name(&name).ok_or_else(|| DbError::Value(name))?;
        let room = row.optional_uuid("room_id")?.map(RoomId);
        if role.level() > Level::Attendee {
            roles.kept.push(Grant { role, room });
            continue;
        }
        let scope = Scope { event: Some(event), room };
        revoke_in(identity, transaction, NewGrant { person, role, scope }, by).await?;
        roles.taken.push(Grant { role, room });
    }
    Ok(roles)
}
