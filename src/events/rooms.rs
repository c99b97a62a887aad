//! The rules of an event's rooms, for organizers and imports alike.

use serde_json::json;

use super::store::rooms::{self, RoomRow};
use super::{EventChange, Part};
use crate::audit::Entry;
use crate::db::DbError;
use crate::id::RoomId;
use crate::permission::Operation;
use crate::protocol::Refusal;
use crate::text::name_key;

/// The maximum number of rooms of an event.
pub const MAX_ROOMS: usize = 1_000;
/// The maximum interval of slow mode.
pub const SLOWEST_SECONDS: u32 = 3_600;

/// The key of a room that is identified only by its name.
pub fn named_key(name: &str) -> String {
    format!("name:{}", name_key(name))
}

impl RoomRow {
    /// Renames it. A room with its own key from a schedule keeps that.
    pub fn rename(&mut self, name: String) {
        if self.key == named_key(&self.name) {
            self.key = named_key(&name);
        }
        self.name = name;
    }
}

/// The position after all others.
pub fn next_position(present: &[RoomRow]) -> u32 {
    present.iter().map(|room| room.position.saturating_add(1)).max().unwrap_or(0)
}

/// Whether an event may have this number of rooms.
///
/// # Errors
/// When it is too many.
pub fn check_count(count: usize) -> Result<(), Refusal> {
    if count <= MAX_ROOMS {
        return Ok(());
    }
    let message = format!("An event has at most {MAX_ROOMS} rooms.");
    Err(Refusal::new("room.too_many", message))
}

/// Whether slow mode may have this interval.
///
/// # Errors
/// When it is too long; the refusal names this field.
pub fn check_slow_mode(seconds: u32, field: &str) -> Result<(), Refusal> {
    if seconds <= SLOWEST_SECONDS {
        return Ok(());
    }
    let message = format!("Slow mode is at most {SLOWEST_SECONDS} seconds.");
    Err(Refusal::invalid(field, message))
}

fn check(room: &RoomRow, present: &[RoomRow]) -> Result<(), Refusal> {
    check_slow_mode(room.slow_mode_seconds, "slow_mode_seconds")?;
    let key = name_key(&room.name);
    let same = |other: &RoomRow| {
        other.id != room.id && (name_key(&other.name) == key || other.key == room.key)
    };
    if present.iter().any(same) {
        return Err(Refusal::new("room.name_taken", "Another room has this name.").about("name"));
    }
    Ok(())
}

/// Makes a room, with the channels for its talk and its staff. `make` is given its id and the place
/// after all others.
///
/// # Errors
/// When there are too many, when its name is taken, or when the database refuses.
pub async fn create(
    mut change: EventChange<'_>,
    make: impl FnOnce(RoomId, u32) -> RoomRow,
) -> Result<RoomId, Refusal> {
    let present = rooms::read_in(change.db(), &mut change).await?;
    check_count(present.len() + 1)?;
    let id = RoomId::new(change.now, change.random());
    let room = make(id, next_position(&present));
    check(&room, &present)?;
    rooms::insert(change.db(), &mut change, std::slice::from_ref(&room)).await?;
    record(&mut change, &room, "created").await?;
    change.commit(&[Part::ROOMS]).await?;
    Ok(id)
}

/// Changes a room as `patch` does.
///
/// # Errors
/// When there is no such room, when its new name is taken, or when the database refuses.
pub async fn change(
    mut change: EventChange<'_>,
    id: RoomId,
    patch: impl FnOnce(&mut RoomRow),
) -> Result<(), Refusal> {
    let present = rooms::read_in(change.db(), &mut change).await?;
    let before = present.iter().find(|room| room.id == id);
    let before = before.ok_or_else(|| Refusal::not_found("room"))?;
    let mut after = before.clone();
    patch(&mut after);
    check(&after, &present)?;
    if after != *before {
        rooms::update(change.db(), &mut change, &after).await?;
        record(&mut change, &after, "changed").await?;
        change.commit(&[Part::ROOMS]).await?;
    }
    Ok(())
}

/// Deletes a room. `shown_in` are other parts that show rooms and change with it.
///
/// # Errors
/// When there is no such room, or when the database refuses.
pub async fn delete(
    mut change: EventChange<'_>,
    id: RoomId,
    shown_in: &[Part],
) -> Result<(), Refusal> {
    let present = rooms::read_in(change.db(), &mut change).await?;
    let room = present.iter().find(|room| room.id == id);
    let room = room.ok_or_else(|| Refusal::not_found("room"))?;
    rooms::delete(change.db(), &mut change, id).await?;
    record(&mut change, room, "deleted").await?;
    change.commit(&[&[Part::ROOMS], shown_in].concat()).await?;
    Ok(())
}

async fn record(change: &mut EventChange<'_>, room: &RoomRow, what: &str) -> Result<(), DbError> {
    let entry = Entry {
        room: Some(room.id),
        details: json!({
            "what": what, "name": room.name, "hidden": room.hidden,
            "slow_mode_seconds": room.slow_mode_seconds, "locked": room.locked,
        }),
        ..change.entry(Operation::RoomChange.rule().name)
    };
    change.record(entry).await
}
