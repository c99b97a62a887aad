//! Rooms.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::agenda::AGENDA;
use crate::core::Core;
use crate::events::EventChange;
use crate::events::rooms::{self, named_key};
use crate::events::store::rooms::RoomRow;
use crate::events::view::Room;
use crate::http::conditional::Document;
use crate::http::extract::{Body, IdInPath, InEvent};
use crate::http::patch::{nullable, replace};
use crate::http::problem::Problem;
use crate::id::RoomId;
use crate::organizing::view::Rooms;
use crate::organizing::{Organizing, documents};
use crate::permission::{Level, Operation, Target};
use crate::text::{Paragraphs, ShortName};

/// The rooms that the person may see, in order.
#[utoipa::path(get, path = "/events/{slug}/rooms", tag = "rooms", params(("slug" = String, Path)),
    responses((status = 200, body = Rooms), (status = 401, body = Problem)),
)]
pub(super) async fn list_rooms(
    State(own): State<Organizing>,
    in_event: InEvent,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    in_event.may(Operation::RoomsRead, Target::EVENT)?;
    let rooms = documents::rooms(&own, &in_event.event).await?;
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
    Ok(Document::new(&view)?.answer_personal(&headers))
}

/// A new room.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoom {
    name: ShortName,
    #[serde(default)]
    description: Paragraphs,
    capacity: Option<u32>,
    /// Its position in the list; last if left out.
    position: Option<u32>,
    #[serde(default)]
    hidden: bool,
    #[serde(default)]
    #[schema(maximum = 3600)]
    slow_mode_seconds: u32,
    #[serde(default)]
    locked: bool,
}

/// Creates a room, with the channels for its chat and its staff.
#[utoipa::path(post, path = "/events/{slug}/rooms", tag = "rooms",
    params(("slug" = String, Path)), request_body = NewRoom,
    responses(
        (status = 201, body = Room),
        (status = 409, body = Problem, description = "`room.name_taken` or `room.too_many`"),
        (status = 422, body = Problem),
    ),
)]
pub(super) async fn create_room(
    State(own): State<Organizing>,
    in_event: InEvent,
    Body(new): Body<NewRoom>,
) -> Result<(StatusCode, Json<Room>), Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let core = &own.core;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    let id = rooms::create(change, |id, last| new.row(id, last)).await?;
    Ok((StatusCode::CREATED, Json(made(&own, &in_event, id).await?)))
}

impl NewRoom {
    fn row(self, id: RoomId, last: u32) -> RoomRow {
        RoomRow {
            id,
            key: named_key(self.name.as_str()),
            name: self.name.into(),
            description: self.description.into(),
            capacity: self.capacity,
            position: self.position.unwrap_or(last),
            hidden: self.hidden,
            slow_mode_seconds: self.slow_mode_seconds,
            locked: self.locked,
        }
    }
}

/// A change to a room; fields left out stay as they are.
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
    State(own): State<Organizing>,
    in_event: InEvent,
    IdInPath(id): IdInPath<RoomId>,
    Body(patch): Body<RoomPatch>,
) -> Result<Json<Room>, Problem> {
    in_event.may(Operation::RoomChange, Target::EVENT)?;
    let core = &own.core;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    rooms::change(change, id, |room| patch.apply(room)).await?;
    Ok(Json(made(&own, &in_event, id).await?))
}

impl RoomPatch {
    fn apply(self, room: &mut RoomRow) {
        if let Some(name) = self.name {
            room.rename(name.into());
        }
        replace(&mut room.description, self.description);
        replace(&mut room.capacity, self.capacity);
        replace(&mut room.position, self.position);
        replace(&mut room.hidden, self.hidden);
        replace(&mut room.slow_mode_seconds, self.slow_mode_seconds);
        replace(&mut room.locked, self.locked);
    }
}

/// Removes a room, for everyone and at once. Its sessions stay, without a room.
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
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    rooms::delete(change, id, &[AGENDA]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The room as its organizer sees it after the change.
async fn made(own: &Organizing, in_event: &InEvent, id: RoomId) -> Result<Room, Problem> {
    let found = own.core.events.by_id(in_event.event.id).await?;
    let event = found.ok_or_else(Problem::internal)?;
    let rooms = documents::rooms(own, &event).await?;
    let room = rooms.all.iter().find(|room| room.id == id).cloned();
    room.ok_or_else(|| Problem::not_found("room"))
}
