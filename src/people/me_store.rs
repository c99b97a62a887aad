//! The events in which somebody has a part, out of the database.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::me::OwnEvent;
use crate::db::{Columns, Db, DbError};
use crate::events::EventState;
use crate::id::{EventId, PersonId, RoomId};
use crate::permission::{Grant, Role};

/// The events for which the person has a registration, however it stands.
pub(super) async fn registered(
    db: &Db,
    person: PersonId,
) -> Result<HashMap<EventId, OwnEvent>, DbError> {
    let statement = db
        .query(
            "SELECT e.id, e.slug, e.title, e.state, e.starts_at, e.ends_at, r.status, r.held_for
             FROM registrations r JOIN events e ON e.id = r.event_id WHERE r.person_id = ?",
        )
        .bind(person.bytes());
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let registration_status = Some(row.text("status")?);
            let held = row.optional_uuid("held_for")?.is_some();
            let own = OwnEvent { registration_status, held, ..own_event(row)? };
            Ok((EventId(row.uuid("id")?), own))
        })
        .collect()
}

/// The person's roles, each with its event.
pub(super) async fn granted(
    db: &Db,
    person: PersonId,
) -> Result<Vec<(EventId, OwnEvent, Grant)>, DbError> {
    let statement = db
        .query(
            "SELECT e.id, e.slug, e.title, e.state, e.starts_at, e.ends_at, g.role, g.room_id
             FROM role_grants g JOIN events e ON e.id = g.event_id WHERE g.person_id = ?",
        )
        .bind(person.bytes());
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let role = row.text("role")?;
            let role = Role::from_name(&role)
                .ok_or_else(|| DbError::Value(format!("there is no role {role:?}")))?;
            let room = row.optional_uuid("room_id")?.map(RoomId);
            Ok((EventId(row.uuid("id")?), own_event(row)?, Grant { role, room }))
        })
        .collect()
}

fn own_event(row: &AnyRow) -> Result<OwnEvent, DbError> {
    let state = row.text("state")?;
    Ok(OwnEvent {
        slug: row.text("slug")?,
        title: row.text("title")?,
        state: EventState::from_name(&state)
            .ok_or_else(|| DbError::Value(format!("there is no event state {state:?}")))?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        roles: Vec::new(),
        registration_status: None,
        held: false,
    })
}
