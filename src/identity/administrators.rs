//! Administrators, who organize the whole installation: no event's version tells of them.

use super::actor;
use super::announcements::Administrators;
use crate::db::DbError;
use crate::identity::{Identity, ROLES};

/// Who they are has changed: their connections feel it, on every node.
pub(super) async fn changed(identity: &Identity) -> Result<(), DbError> {
    identity.bus.announce(None, &Administrators);
    recheck_now(identity).await
}

/// Rechecks which connections belong to administrators, after it was heard that somebody has become
/// one or is none any more.
///
/// # Errors
/// When the database does not answer.
pub async fn recheck_now(identity: &Identity) -> Result<(), DbError> {
    identity.memory.organizers.doubt();
    recheck(identity).await
}

/// The same while nobody has said so.
///
/// # Errors
/// When the database does not answer.
pub async fn recheck(identity: &Identity) -> Result<(), DbError> {
    let administrators = actor::administrators(identity).await?;
    let turned = |member: &crate::hub::Member| {
        member.is_administrator() != administrators.contains(&member.person)
    };
    for member in identity.hub.connections_where(turned) {
        identity.events.remind(member.event, ROLES, vec![member.person]);
    }
    Ok(())
}
