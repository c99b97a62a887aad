//! Makes changes of an event felt at once on the open sockets: roles, sanctions, registrations,
//! rooms and their switches.

use std::sync::Arc;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::pushes::{EventChanged, Removed, Roles, RoomChanged, Standing};
use crate::core::Core;
use crate::db::DbError;
use crate::events::{Change, EventSnapshot, EventState, Part, RoomInfo};
use crate::hub::{Lane, Member, push_frame};
use crate::id::{ChannelId, EventId, RoomId};
use crate::identity::actor;
use crate::identity::memory::confirmed;
use crate::identity::sign_in::{Ended, SignIn};
use crate::permission::{Actor, Denied, Level, Operation, Target};
use crate::protocol::CloseReason;
use crate::websocket::Frame;

/// Listens to the news of events and of sign-ins until it is told to stop.
pub async fn listen(core: Core, stop: CancellationToken) {
    let mut changes = core.events.listen();
    let mut ends = core.identity.sign_ins.listen();
    loop {
        let change = tokio::select! {
            () = stop.cancelled() => return,
            ended = ends.recv() => {
                if let Err(error) = sign_in_ended(&core, ended).await {
                    tracing::error!(%error, "whether people are still signed in is not known");
                }
                continue;
            }
            change = changes.recv() => change,
        };
        let outcome = match change {
            Ok(change) => tell(&core, &change).await,
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "changes were missed; every connection is looked at");
                look_at_everyone(&core).await
            }
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "a change could not be told to everybody");
        }
    }
}

/// Closes the sockets that were opened with a sign-in that has ended.
async fn sign_in_ended(core: &Core, ended: Result<Ended, RecvError>) -> Result<(), DbError> {
    match ended {
        Ok(ended) => {
            for member in core.hub.connections_of(ended.person) {
                if member.sign_in == ended.sign_in {
                    member.outbox.close(CloseReason::SignInEnded.into());
                }
            }
        }
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "sign-outs were missed; every connection is looked at");
            crate::identity::recheck_everybody(&core.identity).await?;
        }
        // The app that sends them holds this listener's other end.
        Err(RecvError::Closed) => {}
    }
    Ok(())
}

fn sign_in_of(member: &Member) -> SignIn {
    SignIn { id: member.sign_in, person: member.person, guest: member.guest }
}

async fn tell(core: &Core, change: &Change) -> Result<(), DbError> {
    for member in concerned(core, change).await? {
        look_at(core, &change.event, &member, change.part).await?;
    }
    match change.part {
        Part::Rooms => tell_rooms(core, &change.event).await?,
        Part::Switches(room) => {
            tell_switches(core, &change.event, room);
            return Ok(());
        }
        Part::Event => let_go(core, &change.event).await?,
        Part::Agenda => {}
        Part::Roles | Part::Sanctions | Part::Registrations => return Ok(()),
    }
    let changed = EventChanged { version: change.event.version, what: vec![change.part] };
    let frame = push_frame(None, &changed);
    for member in members_in(core, change.event.id) {
        member.outbox.push(Lane::Control, &frame);
    }
    Ok(())
}

/// The connections of the people that a change names. Where registrations have changed and nobody
/// is named, it was done beside this hub: then those of the people who are registered by now, or
/// no longer.
async fn concerned(core: &Core, change: &Change) -> Result<Vec<Arc<Member>>, DbError> {
    let event = change.event.id;
    if change.part == Part::Registrations && change.people.is_empty() {
        let registered = confirmed::all(&core.db, event).await?;
        return Ok(core.hub.connections_where(|member| {
            member.event == event && member.is_registered() != registered.contains(&member.person)
        }));
    }
    let named = change.people.iter().flat_map(|person| core.hub.connections_of(*person));
    Ok(named.filter(|member| member.event == event).collect())
}

/// Ends the connections of those whom the event's own switches shut out: guests where none are
/// allowed any more, everybody but the organizers while it is a draft. From memory: it may be
/// thousands. Registrations are none of these switches' business: somebody who is just arriving
/// does not have theirs read yet.
async fn let_go(core: &Core, event: &EventSnapshot) -> Result<(), DbError> {
    let draft = event.state == EventState::Draft;
    let least = if draft { Level::Organizer } else { Level::Guest };
    let administrators = actor::administrators(&core.identity).await?;
    for member in members_in(core, event.id) {
        let standing = actor::Standing {
            registered: member.is_registered(),
            administrator: administrators.contains(&member.person),
        };
        let actor = actor::assemble(event, member.person, member.guest, standing);
        if (draft || member.guest) && actor.level(None) < least {
            member.outbox.close(CloseReason::AccessEnded.into());
        }
    }
    Ok(())
}

/// What somebody may do has changed: their connections are told, and closed where it has ended.
async fn look_at(
    core: &Core,
    event: &EventSnapshot,
    member: &Arc<Member>,
    part: Part,
) -> Result<(), DbError> {
    let actor = actor::in_event(&core.identity, event, Some(sign_in_of(member))).await?;
    member.set_registered(actor.registered);
    member.set_administrator(actor.administrator);
    let now = core.clock.now();
    if part == Part::Sanctions {
        // Before the end, if it is one: the reason stands in it.
        let sanctions = crate::moderation::active_on(core, event, member.person).await?;
        let frame = push_frame(None, &Standing { sanctions });
        member.outbox.push(Lane::Control, &frame);
    }
    if let Err(denied) = actor.may(Operation::Connect, Target::EVENT, now) {
        let reason = match denied {
            Denied::Banned(_) => CloseReason::Banned,
            _ => CloseReason::RegistrationEnded,
        };
        member.outbox.close(reason.into());
        return Ok(());
    }
    match part {
        Part::Roles | Part::Registrations => {
            core.hub.set_appearance(
                member,
                crate::identity::appearance(&core.identity, event, member.person).await?,
            );
            let read_only = actor.level(None) < Level::Attendee;
            let roles = Roles { roles: actor.grants.clone(), read_only };
            member.outbox.push(Lane::Control, &push_frame(None, &roles));
        }
        Part::Event | Part::Rooms | Part::Switches(_) | Part::Agenda | Part::Sanctions => {}
    }
    leave_what_is_closed(core, event, member, &actor);
    Ok(())
}

/// Takes the member out of the channels that it can no longer read.
fn leave_what_is_closed(core: &Core, event: &EventSnapshot, member: &Arc<Member>, actor: &Actor) {
    let check = |channel: &ChannelId| match event.channels.get(channel) {
        Some(info) => crate::chat::may_read(event, *info, actor, core.clock.now()),
        // Direct channels belong to their people, whatever happens in the event.
        None => Ok(()),
    };
    for channel in member.followed() {
        if check(&channel).is_err() {
            core.hub.stop_following(channel, member);
        }
    }
    for channel in member.channels() {
        if let Err(refusal) = check(&channel) {
            core.hub.leave(channel, member);
            let removed = Removed { code: refusal.code, message: refusal.message };
            member.outbox.push(Lane::Control, &push_frame(Some(channel), &removed));
        }
    }
}

/// Tells a room's members how its switches stand, and takes out whom a hidden room is hidden from.
async fn tell_rooms(core: &Core, event: &EventSnapshot) -> Result<(), DbError> {
    for (id, info) in &event.channels {
        let Some(channel) = core.hub.open_channel(*id) else { continue };
        let Some(room_id) = info.room else { continue };
        let Some(room) = event.rooms.get(&room_id) else {
            for member in channel.members().iter() {
                core.hub.leave(*id, member);
                let message = "This room is closed.".to_owned();
                let removed = Removed { code: "not_found".into(), message };
                member.outbox.push(Lane::Control, &push_frame(Some(*id), &removed));
            }
            continue;
        };
        channel.push_to_members(Lane::Control, &room_frame(*id, room_id, room));
        if room.hidden {
            for member in channel.members().iter() {
                look_at(core, event, member, Part::Rooms).await?;
            }
        }
    }
    Ok(())
}

/// Tells those in a room how its switches stand.
fn tell_switches(core: &Core, event: &EventSnapshot, room: RoomId) {
    let Some(info) = event.rooms.get(&room) else { return };
    for (id, _) in event.channels.iter().filter(|(_, channel)| channel.room == Some(room)) {
        if let Some(channel) = core.hub.open_channel(*id) {
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

async fn look_at_everyone(core: &Core) -> Result<(), DbError> {
    for member in core.hub.connections_where(|_| true) {
        if let Some(event) = core.events.by_id(member.event).await? {
            look_at(core, &event, &member, Part::Sanctions).await?;
            look_at(core, &event, &member, Part::Roles).await?;
        }
    }
    Ok(())
}

fn members_in(core: &Core, event: EventId) -> Vec<Arc<Member>> {
    core.hub.connections_where(|member| member.event == event)
}
