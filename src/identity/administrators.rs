//! Administrators, who organize the whole installation. No event's version covers a change of them.

use super::actor;
use super::announcements::Administrators;
use crate::db::DbError;
use crate::identity::{Identity, ROLES};

/// Applies a change of the administrators to open connections, on every node.
pub(super) async fn changed(identity: &Identity) -> Result<(), DbError> {
    identity.bus.announce(None, &Administrators);
    recheck_now(identity).await
}

/// Rechecks which connections belong to administrators, after an announcement that they changed.
///
/// # Errors
/// When the database does not answer.
pub async fn recheck_now(identity: &Identity) -> Result<(), DbError> {
    identity.memory.organizers.invalidate();
    recheck(identity).await
}

/// The same without an announcement.
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
