//! The effect of cancelling a row's registration on its person's roles, and the notes about it.

use super::entry::Entry;
use super::notes::Notes;
use crate::permission::{Grant, Level, Role};

/// The roles that the row grants: none that only grants entry if it is cancelled.
pub(super) fn given(entry: &Entry, cancelled: bool, notes: &mut Notes) -> Vec<Role> {
    let (refused, given): (Vec<Role>, Vec<Role>) =
        entry.roles.iter().partition(|role| cancelled && role.level() == Level::Attendee);
    for role in refused {
        let odd = format!("The registration is cancelled: nobody becomes {} by it.", role.name());
        notes.warning(Some(entry.row), odd);
    }
    given
}

/// Notes which of the person's roles end with the registration, and which still grant entry.
/// Returns whether any ends.
pub(super) fn say(row: usize, roles: &[Grant], notes: &mut Notes) -> bool {
    let (taken, kept): (Vec<&Grant>, Vec<&Grant>) =
        roles.iter().partition(|grant| grant.role.level() == Level::Attendee);
    for grant in &taken {
        let role = grant.role.name();
        notes.warning(Some(row), format!("With the registration ends the role of {role}."));
    }
    for grant in kept {
        let role = grant.role.name();
        let odd = format!(
            "They are still let in as {role}. If they are not to be, take that role away, too."
        );
        notes.warning(Some(row), odd);
    }
    !taken.is_empty()
}
