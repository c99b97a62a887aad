//! Administrators, who organize the whole installation: no event's version tells of them.

use super::actor;
use super::announcements::Administrators;
use crate::core::Core;
use crate::db::DbError;
use crate::events::Part;

/// Who they are has changed: their connections feel it, on every node.
pub(super) async fn changed(core: &Core) -> Result<(), DbError> {
    core.bus.announce(None, &Administrators);
    look_now(core).await
}

/// Looks for connections of those who have become administrators or are none any more, after it was heard
/// that somebody has.
///
/// # Errors
/// When the database does not answer.
pub async fn look_now(core: &Core) -> Result<(), DbError> {
    core.events.people.organizers.doubt();
    look(core).await
}

/// The same while nobody has said so.
///
/// # Errors
/// When the database does not answer.
pub async fn look(core: &Core) -> Result<(), DbError> {
    let administrators = actor::administrators(core).await?;
    let turned = |member: &crate::hub::Member| {
        member.is_administrator() != administrators.contains(&member.person)
    };
    for member in core.hub.connections_where(turned) {
        core.events.remind(member.event, Part::Roles, vec![member.person]);
    }
    Ok(())
}
