//! The stored data of the people in a table.

use std::collections::HashMap;

use crate::db::{Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{PersonId, RegistrationId, TicketTypeId};
use crate::people::registration::{Answers, Status};
use crate::permission::{Grant, Role};

use super::entry::Entry;
use super::store;

/// How many people are looked up at a time.
const BATCH_SIZE: usize = 500;

/// Somebody with an account.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) person: PersonId,
    pub(super) email_key: String,
    pub(super) name: String,
    pub(super) affiliation: String,
    pub(super) languages: Vec<String>,
    pub(super) locale: Option<String>,
    /// Whether the account is solely this event's: nobody has ever signed in with it, and no other
    /// event uses it. Only then may a table change the person's profile; otherwise an organizer
    /// could take over others' accounts.
    pub(super) ours: bool,
    pub(super) registration: Option<KnownRegistration>,
}

/// Somebody's registration for the event.
#[derive(Clone, Debug)]
pub(super) struct KnownRegistration {
    pub(super) id: RegistrationId,
    pub(super) status: Status,
    pub(super) ticket_type: Option<TicketTypeId>,
    pub(super) external_id: Option<String>,
    pub(super) answers: Answers,
    pub(super) listed: bool,
}

impl Known {
    pub(super) fn is_cancelled(&self) -> bool {
        self.registration.as_ref().is_some_and(|one| one.status == Status::Cancelled)
    }
}

/// Everyone the table may refer to.
#[derive(Debug, Default)]
pub(super) struct Stored {
    known: Vec<Known>,
    by_email: HashMap<String, usize>,
    by_external_id: HashMap<String, usize>,
    roles: HashMap<PersonId, Vec<Grant>>,
}

impl Stored {
    pub(super) fn by_email(&self, key: &str) -> Option<&Known> {
        self.by_email.get(key).map(|index| &self.known[*index])
    }

    pub(super) fn by_external_id(&self, id: &str) -> Option<&Known> {
        self.by_external_id.get(id).map(|index| &self.known[*index])
    }

    /// The person's roles in the event.
    pub(super) fn roles(&self, person: PersonId) -> &[Grant] {
        self.roles.get(&person).map_or(&[], Vec::as_slice)
    }

    /// Whether the person has the role in the whole event.
    pub(super) fn has_role(&self, person: PersonId, role: Role) -> bool {
        self.roles(person).contains(&Grant { role, room: None })
    }

    fn add(&mut self, known: Known) {
        if self.by_email.contains_key(&known.email_key) {
            return;
        }
        let index = self.known.len();
        self.by_email.insert(known.email_key.clone(), index);
        let id = known.registration.as_ref().and_then(|one| one.external_id.clone());
        self.by_external_id.extend(id.map(|id| (id, index)));
        self.known.push(known);
    }
}

/// Reads everyone the entries may refer to, by address or by external id.
pub(super) async fn read(
    db: &Db,
    event: &EventSnapshot,
    entries: &[Entry],
) -> Result<Stored, DbError> {
    let mut stored = Stored { roles: event.grants.clone(), ..Stored::default() };
    for some in entries.chunks(BATCH_SIZE) {
        let emails: Vec<String> = some.iter().map(|entry| entry.email.key()).collect();
        let ids: Vec<String> = some.iter().filter_map(|entry| entry.external_id.clone()).collect();
        for (column, values) in [("p.email_key", emails), ("r.external_id", ids)] {
            for known in store::known(db, event.id, column, values).await? {
                stored.add(known);
            }
        }
    }
    Ok(stored)
}
