//! Administrators, who organize the whole installation: no event's version tells of them.

use super::actor;
use super::announcements::Administrators;
use crate::app::App;
use crate::db::DbError;
use crate::events::Part;

/// Who they are has changed: their connections feel it, on every node.
pub(super) async fn changed(app: &App) -> Result<(), DbError> {
    app.bus.announce(None, &Administrators);
    look_now(app).await
}

/// Looks for connections of those who have become administrators or are none any more, after it was heard
/// that somebody has.
///
/// # Errors
/// When the database does not answer.
pub async fn look_now(app: &App) -> Result<(), DbError> {
    app.events.people.organizers.doubt();
    look(app).await
}

/// The same while nobody has said so.
///
/// # Errors
/// When the database does not answer.
pub async fn look(app: &App) -> Result<(), DbError> {
    let administrators = actor::administrators(app).await?;
    let turned = |member: &crate::hub::Member| {
        member.is_administrator() != administrators.contains(&member.person)
    };
    for member in app.hub.connections_where(turned) {
        app.events.remind(member.event, Part::Roles, vec![member.person]);
    }
    Ok(())
}
