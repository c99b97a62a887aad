//! `plenary import people`, `plenary export people` and `plenary person …`.

mod export;
mod import;
mod person;

use crate::registry::{Group, Registry};

/// Roles and links to sign in with, for the first organizer and for emergencies.
const PERSON: Group =
    Group { name: "person", about: "Gives people roles and links to sign in with" };

/// Adds them to the command line.
pub(super) fn register(hub: &mut Registry) {
    hub.command(Group::IMPORT, import::import);
    hub.command(Group::EXPORT, export::export);
    hub.beginning_command(PERSON, person::grant);
    hub.command(PERSON, person::revoke);
    hub.command(PERSON, person::list);
    hub.command(PERSON, person::link);
}
