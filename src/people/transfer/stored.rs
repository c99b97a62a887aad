//! The stored data of the people in a table.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{PersonId, RegistrationId, TicketTypeId};
use crate::people::registration::{Answers, Status};
use crate::permission::{Grant, Role};

use super::entry::Entry;

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
            for row in lookup(db, event, column, values).await? {
                stored.add(known(&row)?);
            }
        }
    }
    Ok(stored)
}

async fn lookup(
    db: &Db,
    event: &EventSnapshot,
    column: &str,
    values: Vec<String>,
) -> Result<Vec<AnyRow>, DbError> {
    if values.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT p.id, p.email_key, p.name, p.affiliation, p.languages, p.locale,
                p.email_confirmed_at, p.password_hash,
                (SELECT COUNT(*) FROM registrations o
                 WHERE o.person_id = p.id AND o.event_id <> ?) AS elsewhere,
                (SELECT COUNT(*) FROM role_grants g
                 WHERE g.person_id = p.id AND (g.event_id IS NULL OR g.event_id <> ?)) AS granted,
                r.id AS registration_id, r.status, r.ticket_type_id, r.external_id, r.answers,
                r.listed
         FROM people p LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
         WHERE p.email_key IS NOT NULL AND {column} IN ({})",
        placeholders(values.len())
    );
    let event = event.id.bytes();
    let mut statement = db.query_built(text).bind(event.clone()).bind(event.clone()).bind(event);
    for value in values {
        statement = statement.bind(value);
    }
    db.all(statement).await
}

fn known(row: &AnyRow) -> Result<Known, DbError> {
    let signed_in = row.optional_time("email_confirmed_at")?.is_some()
        || row.optional_text("password_hash")?.is_some();
    let elsewhere = row.number("elsewhere")? + row.number("granted")?;
    Ok(Known {
        person: PersonId(row.uuid("id")?),
        email_key: row.text("email_key")?,
        name: row.text("name")?,
        affiliation: row.text("affiliation")?,
        languages: row.json("languages")?,
        locale: row.optional_text("locale")?,
        ours: !signed_in && elsewhere == 0,
        registration: known_registration(row)?,
    })
}

fn known_registration(row: &AnyRow) -> Result<Option<KnownRegistration>, DbError> {
    let Some(id) = row.optional_uuid("registration_id")? else { return Ok(None) };
    let status = row.text("status")?;
    Ok(Some(KnownRegistration {
        id: RegistrationId(id),
        status: Status::from_name(&status)
            .ok_or_else(|| DbError::Value(format!("there is no registration status {status:?}")))?,
        ticket_type: row.optional_uuid("ticket_type_id")?.map(TicketTypeId),
        external_id: row.optional_text("external_id")?,
        answers: row.json("answers")?,
        listed: row.flag("listed")?,
    }))
}
