//! Rooms.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::documents;
use crate::audit::Entry;
use crate::core::Core;
use crate::events::store::rooms::{self, RoomRow};
use crate::events::view::{Room, Rooms};
use crate::events::{EventChange, MAX_ROOMS, Part, SLOWEST_SECONDS, named_key};
use crate::http::conditional::Document;
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::{nullable, replace};
use crate::http::problem::Problem;
use crate::id::RoomId;
use crate::permission::{Level, Operation, Target};
use crate::text::{Paragraphs, ShortName, name_key};

/// The rooms that the person may know of, in order.
#[utoipa::path(get, path = "/events/{slug}/rooms", tag = "rooms", params(("slug" = String, Path)),
    responses((status = 200, body = Rooms), (status = 401, body = Problem)),
)]
pub(super) async fn list_rooms(
    State(core): State<Core>,
    in_event: InEvent,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    in_event.may(Operation::RoomsRead, Target::EVENT)?;
    let rooms = documents::rooms(&core, &in_event.event).await?;
    let level = |room: &Room| in_event.actor.level(Some(room.id));
    if !rooms.all.iter().any(|room| level(room) >= Level::Moderator) {
        return Ok(rooms.public.answer(&headers));
    }
    let visible = rooms.all.iter().filter(|room| !room.hidden || level(room) >= Level::Organizer);
    let items = visible
        .map(|room| {
            let staff = room.staff_channel.filter(|_| level(room) >= Level::Moderator);
            Room { staff_channel: staff, ..room.clone() }
        })
        .collect();
    let view = Rooms { items, announcements: rooms.announcements };
    Ok(Document::new(&view)?.answer(&headers))
}

/// A new room.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoom {
    name: ShortName,
    #[serde(default)]
    description: Paragraphs,
    capacity: Option<u32>,
    /// Its place in the list; last when not said.
    position: Option<u32>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    #[schema(maximum = 3600)]
    slow_mode_seconds: u32,
    #[serde(default)]
    locked: bool,
}

/// Makes a room, with the channels for its talk and its staff.
#[utoipa::path(post, path = "/events/{slug}/rooms", tag = "rooms",
    params(("slug" = String, Path)), request_body = NewRoom,
    responses(
        (status = 201, body = Room),
        (status = 409, body = Problem, description = "`room.name_taken` or `room.too_many`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn create_room(
    State(core): State<Core>,
    in_event: InEvent,
    Body(new): Body<NewRoom>,
) -> Result<(StatusCode, Json<Room>), Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = rooms::read_in(&core.db, &mut change).await?;
    if present.len() >= MAX_ROOMS {
        let detail = format!("An event has at most {MAX_ROOMS} rooms.");
        return Err(Problem::new("room.too_many", detail));
    }
    let last = present.iter().map(|room| room.position.saturating_add(1)).max().unwrap_or(0);
    let room = RoomRow {
        id: RoomId::new(change.now, &core.random),
        key: named_key(new.name.as_str()),
        name: new.name.into(),
        description: new.description.into(),
        capacity: new.capacity,
        position: new.position.unwrap_or(last),
        hidden: new.hidden,
        slow_mode_seconds: new.slow_mode_seconds,
        locked: new.locked,
    };
    check(&room, &present)?;
    rooms::insert(&core.db, &mut change, std::slice::from_ref(&room), &core.random).await?;
    record(&mut change, &room, "created").await?;
    change.commit(&[Part::Rooms]).await?;
    Ok((StatusCode::CREATED, Json(made(&core, &in_event, room.id).await?)))
}

/// What is to change of a room; what is not sent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RoomPatch {
    name: Option<ShortName>,
    description: Option<Paragraphs>,
    /// `null` for no limit.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<u32>)]
    capacity: Option<Option<u32>>,
    position: Option<u32>,
    hidden: Option<bool>,
    #[schema(maximum = 3600)]
    slow_mode_seconds: Option<u32>,
    locked: Option<bool>,
}

/// Changes a room.
#[utoipa::path(patch, path = "/events/{slug}/rooms/{id}", tag = "rooms",
    params(("slug" = String, Path), ("id" = RoomId, Path)), request_body = RoomPatch,
    responses(
        (status = 200, body = Room),
        (status = 404, body = Problem),
        (status = 409, body = Problem, description = "`room.name_taken`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn change_room(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RoomId>,
    Body(patch): Body<RoomPatch>,
) -> Result<Json<Room>, Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = rooms::read_in(&core.db, &mut change).await?;
    let before = present.iter().find(|room| room.id == id);
    let before = before.ok_or_else(|| Problem::not_found("room"))?;
    let after = patched(before.clone(), patch);
    check(&after, &present)?;
    if after != *before {
        rooms::update(&core.db, &mut change, &after).await?;
        record(&mut change, &after, "changed").await?;
        change.commit(&[Part::Rooms]).await?;
    }
    Ok(Json(made(&core, &in_event, id).await?))
}

fn patched(mut room: RoomRow, patch: RoomPatch) -> RoomRow {
    if let Some(name) = patch.name {
        // A room that a schedule named by a key of its own keeps it.
        if room.key == named_key(&room.name) {
            room.key = named_key(name.as_str());
        }
        room.name = name.into();
    }
    replace(&mut room.description, patch.description);
    replace(&mut room.capacity, patch.capacity);
    replace(&mut room.position, patch.position);
    replace(&mut room.hidden, patch.hidden);
    replace(&mut room.slow_mode_seconds, patch.slow_mode_seconds);
    replace(&mut room.locked, patch.locked);
    room
}

/// Takes a room away, for everybody and at once. Its sessions stay, without a room.
#[utoipa::path(delete, path = "/events/{slug}/rooms/{id}", tag = "rooms",
    params(("slug" = String, Path), ("id" = RoomId, Path)),
    responses((status = 204), (status = 404, body = Problem)),
)]
pub(super) async fn delete_room(
    State(core): State<Core>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RoomId>,
) -> Result<StatusCode, Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let mut change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let present = rooms::read_in(&core.db, &mut change).await?;
    let room = present.iter().find(|room| room.id == id);
    let room = room.ok_or_else(|| Problem::not_found("room"))?;
    rooms::delete(&core.db, &mut change, id).await?;
    record(&mut change, room, "deleted").await?;
    change.commit(&[Part::Rooms, Part::Agenda]).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(room: &RoomRow, present: &[RoomRow]) -> Result<(), Problem> {
    if room.slow_mode_seconds > SLOWEST_SECONDS {
        let detail = format!("Slow mode is at most {SLOWEST_SECONDS} seconds.");
        return Err(Problem::invalid("slow_mode_seconds", detail));
    }
    let key = name_key(&room.name);
    let same = |other: &RoomRow| {
        other.id != room.id && (name_key(&other.name) == key || other.key == room.key)
    };
    if present.iter().any(same) {
        let problem = Problem::new("room.name_taken", "Another room has this name.");
        return Err(Problem { field: Some("name".to_owned()), ..problem });
    }
    Ok(())
}

async fn record(change: &mut EventChange<'_>, room: &RoomRow, what: &str) -> Result<(), Problem> {
    let entry = Entry {
        room: Some(room.id),
        details: json!({
            "what": what, "name": room.name, "hidden": room.hidden,
            "slow_mode_seconds": room.slow_mode_seconds, "locked": room.locked,
        }),
        ..change.entry(Operation::RoomChange.rule().name)
    };
    Ok(change.record(entry).await?)
}

/// The room as its organizer sees it after the change.
async fn made(core: &Core, in_event: &InEvent, id: RoomId) -> Result<Room, Problem> {
    let event = core.events.by_id(in_event.event.id).await?.ok_or_else(Problem::internal)?;
    let rooms = documents::rooms(core, &event).await?;
    let room = rooms.all.iter().find(|room| room.id == id).cloned();
    room.ok_or_else(|| Problem::not_found("room"))
}
