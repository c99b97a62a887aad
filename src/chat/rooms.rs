//! Pushes changes of a room's switches to the members of its channel.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use crate::events::{EventSnapshot, Part};
use crate::hub::{Hub, Lane};
use crate::id::RoomId;
use crate::protocol::{Push, push_frame};
use crate::socket::Changed;

/// How a room's switches stand now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoomChanged {
    pub(super) room: RoomId,
    pub(super) name: String,
    pub(super) slow_mode_seconds: u32,
    pub(super) locked: bool,
}

impl Push for RoomChanged {
    const NAME: &'static str = "room";
}

/// Pushes the switches of rooms that may have changed to their members.
pub(super) fn changed(hub: &Arc<Hub>, changed: &Changed) {
    match changed.part {
        None => tell(hub, &changed.event, None),
        Some(part) if part.is(Part::ROOMS) => tell(hub, &changed.event, None),
        Some(part) if part.is(Part::SWITCHES) => {
            tell(hub, &changed.event, part.object().map(RoomId));
        }
        Some(_) => {}
    }
}

/// Pushes to the members of this room; of every room if none is given.
fn tell(hub: &Hub, event: &EventSnapshot, only: Option<RoomId>) {
    for (id, info) in &event.channels {
        let Some(room_id) = info.room().filter(|room| only.is_none_or(|only| only == *room)) else {
            continue;
        };
        let (Some(channel), Some(room)) = (hub.open_channel(*id), event.rooms.get(&room_id)) else {
            continue;
        };
        let changed = RoomChanged {
            room: room_id,
            name: room.name.clone(),
            slow_mode_seconds: room.slow_mode_seconds,
            locked: room.locked,
        };
        channel.push_to_members(Lane::Control, &push_frame(Some(*id), &changed));
    }
}
