//! Registrations in the database.

use std::time::Duration;

use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::{Columns, Db, DbError, Transaction, to_json};
use crate::id::{EventId, PersonId, RegistrationId, TicketTypeId};

use super::form::Answers;
use super::request::{Accepted, Standing};
use super::seats::{release_seat, take_seat};
use super::{Refused, Registration, Status};

mod held;
mod list;

pub use held::{HeldRegistration, held};
pub(super) use held::{addresses, banned, hold};
pub use list::{ListQuery, Listed, list};

/// How long a registration waits for its confirmation.
const PENDING_FOR: Duration = Duration::from_secs(24 * 3_600);
/// How many lapsed registrations are removed at once.
const LAPSED_AT_ONCE: i64 = 500;

const COLUMNS: &str =
    "id, person_id, status, ticket_type_id, answers, listed, created_at, cancelled_by, held_for";

/// A registration with the parts hidden from its owner.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The owner's view.
    pub registration: Registration,
    /// Whose it is.
    pub person: PersonId,
    cancelled_by: Option<PersonId>,
}

impl Stored {
    fn read(row: &AnyRow) -> Result<Self, DbError> {
        Ok(Self {
            registration: registration(row)?,
            person: PersonId(row.uuid("person_id")?),
            cancelled_by: row.optional_uuid("cancelled_by")?.map(PersonId),
        })
    }

    pub(super) fn standing(&self) -> Standing {
        match self.registration.status {
            Status::Cancelled if self.registration.held => Standing::Held,
            Status::Confirmed => Standing::Confirmed,
            Status::Cancelled if self.cancelled_by != Some(self.person) => {
                Standing::CancelledByOthers
            }
            Status::Cancelled | Status::Pending => Standing::Renewable,
        }
    }
}

fn registration(row: &AnyRow) -> Result<Registration, DbError> {
    let status = row.text("status")?;
    Ok(Registration {
        id: RegistrationId(row.uuid("id")?),
        status: Status::from_name(&status)
            .ok_or_else(|| DbError::Value(format!("there is no registration status {status:?}")))?,
        ticket_type: row.optional_uuid("ticket_type_id")?.map(TicketTypeId),
        answers: row.json("answers")?,
        listed: row.flag("listed")?,
        created_at: row.time("created_at")?,
        held: status == Status::Cancelled.name() && row.optional_uuid("held_for")?.is_some(),
    })
}

/// The person's registration for the event, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn of(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Option<Registration>, DbError> {
    Ok(stored(db, event, person).await?.map(|stored| stored.registration))
}

/// The same with the parts hidden from its owner.
pub(super) async fn stored(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Option<Stored>, DbError> {
    let text = format!("SELECT {COLUMNS} FROM registrations WHERE event_id = ? AND person_id = ?");
    let statement = db.query_built(text).bind(event.bytes()).bind(person.bytes());
    db.one(statement).await?.as_ref().map(Stored::read).transpose()
}

/// The event's registration of that id, if there is one.
///
/// # Errors
/// When the database does not answer.
pub async fn find(db: &Db, event: EventId, id: RegistrationId) -> Result<Option<Stored>, DbError> {
    let text = format!("SELECT {COLUMNS} FROM registrations WHERE event_id = ? AND id = ?");
    let statement = db.query_built(text).bind(event.bytes()).bind(id.bytes());
    db.one(statement).await?.as_ref().map(Stored::read).transpose()
}

/// The person's registration, locked until the transaction ends.
pub(super) async fn lock(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
) -> Result<Option<Stored>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM registrations WHERE event_id = ? AND person_id = ?{}",
        db.backend().for_update()
    );
    let statement = db.query_built(text).bind(event.bytes()).bind(person.bytes());
    let row = statement.fetch_optional(&mut **transaction).await?;
    row.as_ref().map(Stored::read).transpose()
}

/// How a registration is stored.
#[derive(Clone, Copy, Debug)]
pub(super) enum Placed {
    /// It waits for the proof of the address.
    Pending,
    /// The person takes part.
    Confirmed,
    /// It waits for the moderators, because this banned person has the same mailbox.
    Held(PersonId),
}

/// Creates the registration, or replaces the previous one, with a seat of its ticket type unless it is held.
pub(super) async fn put(
    core: &Core,
    transaction: &mut Transaction,
    (event, person): (EventId, PersonId),
    before: Option<&Stored>,
    accepted: &Accepted,
    placed: Placed,
) -> Result<Registration, Refused> {
    let (db, now) = (&core.db, core.clock.now());
    if let Some(before) = before.filter(|before| before.registration.status != Status::Cancelled) {
        release_seat(db, transaction, before.registration.ticket_type).await?;
    }
    let (status, held_for) = match placed {
        Placed::Pending => (Status::Pending, None),
        Placed::Confirmed => (Status::Confirmed, None),
        Placed::Held(banned) => (Status::Cancelled, Some(banned)),
    };
    if held_for.is_none() && !take_seat(db, transaction, event, accepted.ticket_type).await? {
        return Err(Refused::SoldOut);
    }
    let registration = Registration {
        id: before.map_or_else(
            || RegistrationId::new(now, &core.random),
            |before| before.registration.id,
        ),
        status,
        ticket_type: accepted.ticket_type,
        answers: accepted.answers.clone(),
        listed: accepted.listed,
        created_at: before.map_or(now, |before| before.registration.created_at),
        held: held_for.is_some(),
    };
    let values = "status = ?, ticket_type_id = ?, answers = ?, listed = ?, consent_at = ?,
                  consent_version = ?, cancelled_by = NULL, held_for = ?, updated_at = ?";
    let text = match before {
        Some(_) => format!("UPDATE registrations SET {values} WHERE id = ?"),
        None => "INSERT INTO registrations
                     (status, ticket_type_id, answers, listed, consent_at, consent_version,
                      held_for, updated_at, id, event_id, person_id, created_at)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            .to_owned(),
    };
    let version = accepted.consent_version.map(|v| i64::try_from(v).unwrap_or(i64::MAX));
    let statement = db
        .query_built(text)
        .bind(status.name())
        .bind(registration.ticket_type.map(TicketTypeId::bytes))
        .bind(to_json(&registration.answers)?)
        .bind(i64::from(registration.listed))
        .bind(version.map(|_| now.0))
        .bind(version)
        .bind(held_for.map(PersonId::bytes))
        .bind(now.0)
        .bind(registration.id.bytes());
    let statement = match before {
        Some(_) => statement,
        None => statement.bind(event.bytes()).bind(person.bytes()).bind(now.0),
    };
    statement.execute(&mut **transaction).await.map_err(DbError::from)?;
    Ok(registration)
}

/// Confirms the person's pending registration, if there is one.
pub(super) async fn confirm(
    db: &Db,
    transaction: &mut Transaction,
    event: EventId,
    person: PersonId,
    now: Timestamp,
) -> Result<(), DbError> {
    db.query(
        "UPDATE registrations SET status = 'confirmed', updated_at = ?
         WHERE event_id = ? AND person_id = ? AND status = 'pending'",
    )
    .bind(now.0)
    .bind(event.bytes())
    .bind(person.bytes())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Changes what the person may change: the answers, and whether they are listed.
pub(super) async fn change(
    db: &Db,
    id: RegistrationId,
    answers: &Answers,
    listed: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let statement = db
        .query("UPDATE registrations SET answers = ?, listed = ?, updated_at = ? WHERE id = ?")
        .bind(to_json(answers)?)
        .bind(i64::from(listed))
        .bind(now.0)
        .bind(id.bytes());
    db.run(statement).await?;
    Ok(())
}

/// Moves a registration from one status to another and returns whether it was in the first.
pub(super) async fn set_status(
    db: &Db,
    transaction: &mut Transaction,
    id: RegistrationId,
    (from, to): (Status, Status),
    cancelled_by: Option<PersonId>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let changed = db
        .query(
            "UPDATE registrations SET status = ?, cancelled_by = ?, held_for = NULL, updated_at = ?
             WHERE id = ? AND status = ?",
        )
        .bind(to.name())
        .bind(cancelled_by.map(PersonId::bytes))
        .bind(now.0)
        .bind(id.bytes())
        .bind(from.name())
        .execute(&mut **transaction)
        .await?;
    Ok(changed.rows_affected() > 0)
}

/// Removes registrations that nobody confirmed in time; their seats are free again.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    let statement = db
        .query(
            "SELECT id, ticket_type_id FROM registrations
             WHERE status = 'pending' AND updated_at <= ? LIMIT ?",
        )
        .bind(now.before(PENDING_FOR).0)
        .bind(LAPSED_AT_ONCE);
    for row in db.all(statement).await? {
        let mut transaction = db.begin().await?;
        // It may have been confirmed in the meantime.
        let deleted = db
            .query("DELETE FROM registrations WHERE id = ? AND status = 'pending'")
            .bind(row.uuid("id")?.as_bytes().to_vec())
            .execute(&mut *transaction)
            .await?;
        if deleted.rows_affected() > 0 {
            let ticket = row.optional_uuid("ticket_type_id")?.map(TicketTypeId);
            release_seat(db, &mut transaction, ticket).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
