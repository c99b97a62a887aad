//! What happens to somebody's roles when their registration ends.

use serde::Serialize;
use utoipa::ToSchema;

use super::{NewGrant, Scope, revoke_in, store};
use crate::db::{DbError, Transaction};
use crate::id::{EventId, PersonId};
use crate::identity::Identity;
use crate::permission::{Grant, Level};

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
    let mut roles = RolesAfterwards::default();
    for grant in store::of_person(&identity.db, transaction, event, person).await? {
        if grant.role.level() > Level::Attendee {
            roles.kept.push(grant);
            continue;
        }
        let scope = Scope { event: Some(event), room: grant.room };
        let old = NewGrant { person, role: grant.role, scope };
        revoke_in(identity, transaction, old, by).await?;
        roles.taken.push(grant);
    }
    Ok(roles)
}
