//! Reading an event's snapshot.

use std::collections::HashMap;

use sqlx::any::AnyRow;

use super::snapshot::{ChannelInfo, ChannelKind, EventSnapshot, EventState, RoomInfo};
use crate::db::{Columns, Db, DbError, Transaction};
use crate::id::{ChannelId, EventId, PersonId, RoomId};
use crate::permission::{Grant, Restriction, Role, SanctionKind};

/// Raises the event's version, inside the transaction that changes something of it.
///
/// # Errors
/// When the database refuses.
pub async fn touch(db: &Db, transaction: &mut Transaction, id: EventId) -> Result<(), DbError> {
    db.query("UPDATE events SET version = version + 1 WHERE id = ?")
        .bind(id.bytes())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub(super) async fn id_of_slug(db: &Db, slug: &str) -> Result<Option<EventId>, DbError> {
    let row =
        db.one(db.query("SELECT id FROM events WHERE slug = ?").bind(slug.to_owned())).await?;
    row.map(|row| row.uuid("id").map(EventId)).transpose()
}

pub(super) async fn snapshot(db: &Db, id: EventId) -> Result<Option<EventSnapshot>, DbError> {
    // The version is read first: what is read after it is at least as new, never older.
    let event = db
        .one(
            db.query(
                "SELECT slug, title, starts_at, ends_at, time_zone, state, registration_open,
                        guests_allowed, version
                 FROM events WHERE id = ?",
            )
            .bind(id.bytes()),
        )
        .await?;
    let Some(event) = event else { return Ok(None) };
    let state = event.text("state")?;
    Ok(Some(EventSnapshot {
        id,
        slug: event.text("slug")?,
        title: event.text("title")?,
        starts_at: event.time("starts_at")?,
        ends_at: event.time("ends_at")?,
        time_zone: event.text("time_zone")?,
        state: EventState::from_name(&state).ok_or_else(|| unknown("event state", &state))?,
        registration_open: event.flag("registration_open")?,
        guests_allowed: event.flag("guests_allowed")?,
        version: event.count("version")?,
        rooms: rooms(db, id).await?,
        channels: channels(db, id).await?,
        grants: grants(db, id).await?,
        restrictions: restrictions(db, id).await?,
    }))
}

async fn rooms(db: &Db, id: EventId) -> Result<HashMap<RoomId, RoomInfo>, DbError> {
    let rows = db
        .all(
            db.query(
                "SELECT id, name, hidden, slow_mode_seconds, locked
                 FROM rooms WHERE event_id = ? AND deleted_at IS NULL",
            )
            .bind(id.bytes()),
        )
        .await?;
    rows.iter()
        .map(|row| {
            let info = RoomInfo {
                name: row.text("name")?,
                hidden: row.flag("hidden")?,
                slow_mode_seconds: u32::try_from(row.count("slow_mode_seconds")?)
                    .unwrap_or(u32::MAX),
                locked: row.flag("locked")?,
            };
            Ok((RoomId(row.uuid("id")?), info))
        })
        .collect()
}

async fn channels(db: &Db, id: EventId) -> Result<HashMap<ChannelId, ChannelInfo>, DbError> {
    let rows = db
        .all(
            db.query(
                "SELECT id, kind, room_id FROM channels WHERE event_id = ? AND kind <> 'direct'",
            )
            .bind(id.bytes()),
        )
        .await?;
    rows.iter()
        .map(|row| {
            let kind = row.text("kind")?;
            let info = ChannelInfo {
                kind: ChannelKind::from_name(&kind)
                    .ok_or_else(|| unknown("channel kind", &kind))?,
                room: row.optional_uuid("room_id")?.map(RoomId),
            };
            Ok((ChannelId(row.uuid("id")?), info))
        })
        .collect()
}

async fn grants(db: &Db, id: EventId) -> Result<HashMap<PersonId, Vec<Grant>>, DbError> {
    let rows = db
        .all(
            db.query("SELECT person_id, role, room_id FROM role_grants WHERE event_id = ?")
                .bind(id.bytes()),
        )
        .await?;
    collect(&rows, |row| {
        let role = row.text("role")?;
        Ok(Grant {
            role: Role::from_name(&role).ok_or_else(|| unknown("role", &role))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
        })
    })
}

async fn restrictions(
    db: &Db,
    id: EventId,
) -> Result<HashMap<PersonId, Vec<Restriction>>, DbError> {
    let rows = db
        .all(
            db.query(
                "SELECT person_id, kind, room_id, expires_at FROM sanctions
                 WHERE event_id = ? AND lifted_at IS NULL",
            )
            .bind(id.bytes()),
        )
        .await?;
    collect(&rows, |row| {
        let kind = row.text("kind")?;
        Ok(Restriction {
            kind: SanctionKind::from_name(&kind).ok_or_else(|| unknown("sanction", &kind))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
            until: row.optional_time("expires_at")?,
        })
    })
}

fn collect<T>(
    rows: &[AnyRow],
    read: impl Fn(&AnyRow) -> Result<T, DbError>,
) -> Result<HashMap<PersonId, Vec<T>>, DbError> {
    let mut by_person: HashMap<PersonId, Vec<T>> = HashMap::new();
    for row in rows {
        by_person.entry(PersonId(row.uuid("person_id")?)).or_default().push(read(row)?);
    }
    Ok(by_person)
}

fn unknown(what: &str, name: &str) -> DbError {
    DbError::Value(format!("the {what} {name:?} is not known to this version"))
}
