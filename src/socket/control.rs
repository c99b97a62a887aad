//! Makes changes of an event felt at once on the open sockets.
//!
//! First the capabilities tell those concerned what it means to them. Then what memory knows is
//! enforced, so that a database that fails keeps nobody reading who is banned; what has to be read
//! comes last. When something could not be read, everyone is checked again until it can.

mod retry;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use retry::Retry;

use super::pushes::{EventChanged, Removed, Roles};
use super::sockets::{Changed, Sockets};
use crate::core::Core;
use crate::db::DbError;
use crate::events::{Access, Change, EventSnapshot, EventState};
use crate::hub::{Lane, Member};
use crate::id::{ChannelId, EventId};
use crate::identity::memory::all_registered;
use crate::identity::sign_in::Ended;
use crate::identity::{self, actor};
use crate::permission::{Actor, Denied, Level, Operation, Target};
use crate::protocol::{CloseReason, push_frame};

/// How long what is enforced from memory waits for what people are to be told before.
const TELLING: Duration = Duration::from_secs(1);

/// Within how many milliseconds everybody reads what has changed: a thousand of them a second, but
/// nobody waits for longer than the second number.
const WITHIN: (u64, u64) = (250, 15_000);

/// Listens to the news of events and of sign-ins until it is told to stop.
pub async fn listen(sockets: Arc<Sockets>, stop: CancellationToken) {
    let core = &sockets.core;
    let mut changes = core.events.listen();
    let mut ends = core.identity.sign_ins.listen();
    let mut retry = Retry::default();
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            ended = ends.recv() => sign_in_ended(&sockets, ended).await,
            change = changes.recv() => match change {
                Ok(change) => tell(&sockets, change).await,
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "changes were missed; every connection is checked");
                    check_everyone(&sockets).await
                }
                Err(RecvError::Closed) => return,
            },
            () = retry.due() => {
                let outcome = check_everyone(&sockets).await;
                retry.tried(outcome.is_ok());
                outcome
            }
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "a change is not enforced everywhere yet; trying again");
            retry.again();
        }
    }
}

/// Closes the sockets that were opened with a sign-in that has ended.
async fn sign_in_ended(sockets: &Sockets, ended: Result<Ended, RecvError>) -> Result<(), DbError> {
    match ended {
        Ok(ended) => {
            for member in sockets.core.hub.connections_of(ended.person) {
                if member.sign_in == ended.sign_in {
                    member.outbox.close(CloseReason::SignInEnded.into());
                }
            }
            Ok(())
        }
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "sign-outs were missed; every connection is checked");
            check_everyone(sockets).await
        }
        // The core that sends them holds this listener's other end.
        Err(RecvError::Closed) => Ok(()),
    }
}

async fn tell(sockets: &Sockets, change: Change) -> Result<(), DbError> {
    let core = &sockets.core;
    let members = concerned(core, &change).await;
    let Change { event, part, .. } = change;
    let outcome = match members {
        Ok(members) => {
            let changed = Changed { event: Arc::clone(&event), part: Some(part), members };
            enforce(sockets, changed).await
        }
        Err(error) => Err(error),
    };
    if part.decides() == Access::OfEverybody {
        close_shut_out(core, &event);
        for member in members_in(core, event.id) {
            let actor = actor_of(&event, &member);
            leave_what_is_closed(sockets, &event, &member, &actor);
            // The event was closed, or is open again.
            if member.was_told_otherwise(event.is_read_only_for(&actor)) {
                tell_roles(&event, &member, &actor);
            }
        }
    }
    if !part.is_public() {
        return outcome;
    }
    let members = members_in(core, event.id);
    let within_ms = u64::try_from(members.len()).unwrap_or(u64::MAX).clamp(WITHIN.0, WITHIN.1);
    let changed = EventChanged { version: event.version, what: vec![part], within_ms };
    let frame = push_frame(None, &changed);
    for member in members {
        member.outbox.push(Lane::Control, &frame);
    }
    outcome
}

/// Has the capabilities tell those concerned what a change means, and ends what they may not do any
/// more: from memory, also when the database does not say what they are to be told.
async fn enforce(sockets: &Sockets, changed: Changed) -> Result<(), DbError> {
    let told = tokio::time::timeout(TELLING, sockets.changed(&changed)).await;
    let told = told.unwrap_or(Err(DbError::TimedOut));
    let Changed { event, part, members } = changed;
    let now = sockets.core.clock.now();
    for member in &members {
        let actor = actor_of(&event, member);
        match actor.may(Operation::Connect, Target::EVENT, now) {
            Err(Denied::Banned(_)) => member.outbox.close(CloseReason::Banned.into()),
            Ok(()) => leave_what_is_closed(sockets, &event, member, &actor),
            // Whether they still take part has to be read.
            Err(_) => {}
        }
    }
    if part.is_none_or(|part| part.decides() == Access::ToBeRead) {
        return told.and(check_access(sockets, &event, &members).await);
    }
    told
}

/// The connections of the people that a change names. Where registrations have changed and nobody
/// is named, it was done beside this hub: then those of the people who are registered by now, or
/// no longer.
async fn concerned(core: &Core, change: &Change) -> Result<Vec<Arc<Member>>, DbError> {
    let event = change.event.id;
    if change.part.is(identity::REGISTRATIONS) && change.people.is_empty() {
        let registered = all_registered(&core.db, event).await?;
        return Ok(core.hub.connections_where(|member| {
            member.event == event && member.is_registered() != registered.contains(&member.person)
        }));
    }
    let named = change.people.iter().flat_map(|person| core.hub.connections_of(*person));
    Ok(named.filter(|member| member.event == event).collect())
}

/// Ends the connections of those whom the event's own switches shut out: guests where none are
/// allowed any more, everybody but the organizers while it is a draft. Registrations are none of
/// these switches' business: somebody who is just arriving does not have theirs read yet.
fn close_shut_out(core: &Core, event: &EventSnapshot) {
    let draft = event.state == EventState::Draft;
    let least = if draft { Level::Organizer } else { Level::Guest };
    for member in members_in(core, event.id) {
        if (draft || member.guest) && actor_of(event, &member).level(None) < least {
            member.outbox.close(CloseReason::AccessEnded.into());
        }
    }
}

/// What somebody is in the event, as far as memory knows.
fn actor_of(event: &EventSnapshot, member: &Member) -> Actor {
    let standing = actor::Standing {
        registered: member.is_registered(),
        administrator: member.is_administrator(),
    };
    actor::assemble(event, member.person, member.guest, standing)
}

/// Reads what people are in the event, tells them, and ends the connections of those who are
/// nothing in it any more.
async fn check_access(
    sockets: &Sockets,
    event: &EventSnapshot,
    members: &[Arc<Member>],
) -> Result<(), DbError> {
    let core = &sockets.core;
    for some in members.chunks(identity::BATCH_SIZE) {
        for (member, arrival) in identity::read_again(&core.identity, some).await? {
            let actor = arrival.actor(event);
            member.set_registered(actor.registered);
            member.set_administrator(actor.administrator);
            if let Err(denied) = actor.may(Operation::Connect, Target::EVENT, core.clock.now()) {
                let reason = match denied {
                    Denied::Banned(_) => CloseReason::Banned,
                    _ => CloseReason::RegistrationEnded,
                };
                member.outbox.close(reason.into());
                continue;
            }
            core.hub.set_appearance(member, arrival.appearance(event)?);
            tell_roles(event, member, &actor);
            leave_what_is_closed(sockets, event, member, &actor);
        }
    }
    Ok(())
}

/// Tells a person their roles, and whether they can only read.
pub(super) fn tell_roles(event: &EventSnapshot, member: &Member, actor: &Actor) {
    let read_only = event.is_read_only_for(actor);
    member.told_read_only(read_only);
    let roles = Roles { roles: actor.grants.clone(), read_only };
    member.outbox.push(Lane::Control, &push_frame(None, &roles));
}

/// Checks every connection as if everything had changed, whatever fails for some.
async fn check_everyone(sockets: &Sockets) -> Result<(), DbError> {
    let core = &sockets.core;
    identity::invalidate_arriving(&core.identity);
    let mut by_event: HashMap<EventId, Vec<Arc<Member>>> = HashMap::new();
    for member in core.hub.connections_where(|_| true) {
        by_event.entry(member.event).or_default().push(member);
    }
    let mut outcome = Ok(());
    for (event, members) in by_event {
        let checked = async {
            let Some(event) = core.events.by_id(event).await? else { return Ok(()) };
            enforce(sockets, Changed { event, part: None, members }).await
        };
        outcome = outcome.and(checked.await);
    }
    outcome
}

/// Takes the member out of the channels that it can no longer read.
fn leave_what_is_closed(
    sockets: &Sockets,
    event: &EventSnapshot,
    member: &Arc<Member>,
    actor: &Actor,
) {
    let hub = &sockets.core.hub;
    let check = |channel: &ChannelId| match event.channels.get(channel) {
        Some(info) => sockets.may_read(event, *info, actor),
        // Direct channels belong to their people, whatever happens in the event.
        None => Ok(()),
    };
    for channel in member.followed() {
        if check(&channel).is_err() {
            hub.stop_following(channel, member);
        }
    }
    for channel in member.channels() {
        if let Err(refusal) = check(&channel) {
            hub.leave(channel, member);
            let removed = Removed { code: refusal.code, message: refusal.message };
            member.outbox.push(Lane::Control, &push_frame(Some(channel), &removed));
        }
    }
}

fn members_in(core: &Core, event: EventId) -> Vec<Arc<Member>> {
    core.hub.connections_where(|member| member.event == event)
}
