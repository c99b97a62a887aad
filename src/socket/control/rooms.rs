//! What those in a room are told when it changes.

use super::{actor_of, leave_what_is_closed};
use crate::app::App;
use crate::events::{EventSnapshot, RoomInfo};
use crate::hub::{Lane, push_frame};
use crate::id::{ChannelId, RoomId};
use crate::socket::pushes::{Removed, RoomChanged};
use crate::websocket::Frame;

/// Tells a room's members how its switches stand, and takes out whom a hidden room is hidden from.
pub(super) fn tell_rooms(app: &App, event: &EventSnapshot) {
    for (id, info) in &event.channels {
        let Some(channel) = app.hub.open_channel(*id) else { continue };
        let Some(room_id) = info.room else { continue };
        let Some(room) = event.rooms.get(&room_id) else {
            for member in channel.members().iter() {
                app.hub.leave(*id, member);
                let message = "This room is closed.".to_owned();
                let removed = Removed { code: "not_found".into(), message };
                member.outbox.push(Lane::Control, &push_frame(Some(*id), &removed));
            }
            continue;
        };
        channel.push_to_members(Lane::Control, &room_frame(*id, room_id, room));
        if room.hidden {
            for member in channel.members().iter() {
                leave_what_is_closed(app, event, member, &actor_of(event, member));
            }
        }
    }
}

/// Tells those in a room how its switches stand.
pub(super) fn tell_switches(app: &App, event: &EventSnapshot, room: RoomId) {
    let Some(info) = event.rooms.get(&room) else { return };
    for (id, _) in event.channels.iter().filter(|(_, channel)| channel.room == Some(room)) {
        if let Some(channel) = app.hub.open_channel(*id) {
            channel.push_to_members(Lane::Control, &room_frame(*id, room, info));
        }
    }
}

fn room_frame(channel: ChannelId, id: RoomId, room: &RoomInfo) -> Frame {
    let changed = RoomChanged {
        room: id,
        name: room.name.clone(),
        slow_mode_seconds: room.slow_mode_seconds,
        locked: room.locked,
    };
    push_frame(Some(channel), &changed)
}
