//! Makes changes of an event felt at once on the open sockets: roles, sanctions, registrations,
//! rooms and their switches.
//!
//! What memory knows is enforced first, so that a database that fails keeps nobody reading who is
//! banned. When something could not be read, everyone is checked again until it can.

mod retry;
mod rooms;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use retry::Retry;
use rooms::{tell_rooms, tell_switches};

use super::pushes::{EventChanged, Removed, Roles, Standing};
use crate::app::App;
use crate::db::DbError;
use crate::events::{Change, EventSnapshot, EventState, Part};
use crate::hub::{Lane, Member, push_frame};
use crate::id::{ChannelId, EventId};
use crate::people::registration;
use crate::people::sign_in::Ended;
use crate::permission::{Actor, Denied, Level, Operation, Target};
use crate::protocol::CloseReason;

/// How long the end of a banned person's connections waits for what they are to be told.
const REASON: Duration = Duration::from_secs(1);

/// Listens to the news of events and of sign-ins until it is told to stop.
pub async fn listen(app: Arc<App>, stop: CancellationToken) {
    let mut changes = app.events.listen();
    let mut ends = app.people.sign_ins.listen();
    let mut retry = Retry::default();
    loop {
        let outcome = tokio::select! {
            () = stop.cancelled() => return,
            ended = ends.recv() => sign_in_ended(&app, ended).await,
            change = changes.recv() => match change {
                Ok(change) => tell(&app, &change).await,
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "changes were missed; every connection is checked");
                    check_everyone(&app).await
                }
                Err(RecvError::Closed) => return,
            },
            () = retry.due() => {
                let outcome = check_everyone(&app).await;
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
async fn sign_in_ended(app: &App, ended: Result<Ended, RecvError>) -> Result<(), DbError> {
    match ended {
        Ok(ended) => {
            for member in app.hub.connections_of(ended.person) {
                if member.sign_in == ended.sign_in {
                    member.outbox.close(CloseReason::SignInEnded.into());
                }
            }
            Ok(())
        }
        Err(RecvError::Lagged(missed)) => {
            tracing::warn!(missed, "sign-outs were missed; every connection is checked");
            check_everyone(app).await
        }
        // The app that sends them holds this listener's other end.
        Err(RecvError::Closed) => Ok(()),
    }
}

async fn tell(app: &App, change: &Change) -> Result<(), DbError> {
    let outcome = match concerned(app, change).await {
        Ok(members) => check(app, &change.event, &members, change.part).await,
        Err(error) => Err(error),
    };
    match change.part {
        Part::Rooms => tell_rooms(app, &change.event),
        Part::Switches(room) => {
            tell_switches(app, &change.event, room);
            return outcome;
        }
        Part::Event => let_go(app, &change.event),
        Part::Agenda => {}
        Part::Roles | Part::Sanctions | Part::Registrations => return outcome,
    }
    let changed = EventChanged { version: change.event.version, what: vec![change.part] };
    let frame = push_frame(None, &changed);
    for member in members_in(app, change.event.id) {
        member.outbox.push(Lane::Control, &frame);
    }
    outcome
}

/// The connections of the people that a change names. Where registrations have changed and nobody
/// is named, it was done beside this hub: then those of the people who are registered by now, or
/// no longer.
async fn concerned(app: &App, change: &Change) -> Result<Vec<Arc<Member>>, DbError> {
    let event = change.event.id;
    if change.part == Part::Registrations && change.people.is_empty() {
        let registered = registration::confirmed(&app.db, event).await?;
        return Ok(app.hub.connections_where(|member| {
            member.event == event && member.is_registered() != registered.contains(&member.person)
        }));
    }
    let named = change.people.iter().flat_map(|person| app.hub.connections_of(*person));
    Ok(named.filter(|member| member.event == event).collect())
}

/// Ends the connections of those whom the event's own switches shut out: guests where none are
/// allowed any more, everybody but the organizers while it is a draft. Registrations are none of
/// these switches' business: somebody who is just arriving does not have theirs read yet.
fn let_go(app: &App, event: &EventSnapshot) {
    let draft = event.state == EventState::Draft;
    let least = if draft { Level::Organizer } else { Level::Guest };
    for member in members_in(app, event.id) {
        if (draft || member.guest) && actor_of(event, &member).level(None) < least {
            member.outbox.close(CloseReason::AccessEnded.into());
        }
    }
}

/// What somebody is in the event, as far as memory knows.
fn actor_of(event: &EventSnapshot, member: &Member) -> Actor {
    Actor {
        person: Some(member.person),
        guest: member.guest && event.guests_allowed,
        registered: member.is_registered(),
        administrator: member.is_administrator(),
        grants: event.grants_of(member.person),
        restrictions: event.restrictions_of(member.person),
    }
}

/// What people may do has changed: their connections are told, and closed where it has ended.
async fn check(
    app: &App,
    event: &EventSnapshot,
    members: &[Arc<Member>],
    part: Part,
) -> Result<(), DbError> {
    match part {
        Part::Sanctions => enforce_sanctions(app, event, members).await,
        Part::Roles | Part::Registrations => check_access(app, event, members).await,
        Part::Event | Part::Rooms | Part::Switches(_) | Part::Agenda => {
            for member in members {
                leave_what_is_closed(app, event, member, &actor_of(event, member));
            }
            Ok(())
        }
    }
}

/// Tells people how they stand, and ends the connections of those who are banned: from memory, and
/// also when the database does not say why.
async fn enforce_sanctions(
    app: &App,
    event: &EventSnapshot,
    members: &[Arc<Member>],
) -> Result<(), DbError> {
    let people = members.iter().map(|member| member.person).collect();
    let reasons = crate::moderation::active_on_each(app, event, people);
    let reasons = tokio::time::timeout(REASON, reasons).await;
    let reasons = reasons.unwrap_or(Err(DbError::TimedOut));
    let now = app.clock.now();
    for member in members {
        // Before the end, if it is one: the reason stands in it.
        if let Ok(reasons) = &reasons {
            let sanctions = reasons.get(&member.person).cloned().unwrap_or_default();
            member.outbox.push(Lane::Control, &push_frame(None, &Standing { sanctions }));
        }
        let actor = actor_of(event, member);
        match actor.may(Operation::Connect, Target::EVENT, now) {
            Err(Denied::Banned(_)) => member.outbox.close(CloseReason::Banned.into()),
            _ => leave_what_is_closed(app, event, member, &actor),
        }
    }
    reasons.map(drop)
}

/// Reads what people are in the event, tells them, and ends the connections of those who are
/// nothing in it any more.
async fn check_access(
    app: &App,
    event: &EventSnapshot,
    members: &[Arc<Member>],
) -> Result<(), DbError> {
    for some in members.chunks(crate::people::BATCH_SIZE) {
        for (member, arrival) in crate::people::read_again(app, some).await? {
            let actor = arrival.actor(event);
            member.set_registered(actor.registered);
            member.set_administrator(actor.administrator);
            if let Err(denied) = actor.may(Operation::Connect, Target::EVENT, app.clock.now()) {
                let reason = match denied {
                    Denied::Banned(_) => CloseReason::Banned,
                    _ => CloseReason::RegistrationEnded,
                };
                member.outbox.close(reason.into());
                continue;
            }
            app.hub.set_appearance(member, arrival.appearance(event)?);
            let read_only = actor.level(None) < Level::Attendee;
            let roles = Roles { roles: actor.grants.clone(), read_only };
            member.outbox.push(Lane::Control, &push_frame(None, &roles));
            leave_what_is_closed(app, event, member, &actor);
        }
    }
    Ok(())
}

/// Checks every connection as if everything had changed, whatever fails for some.
async fn check_everyone(app: &App) -> Result<(), DbError> {
    crate::people::doubt_arriving(app);
    let mut by_event: HashMap<EventId, Vec<Arc<Member>>> = HashMap::new();
    for member in app.hub.connections_where(|_| true) {
        by_event.entry(member.event).or_default().push(member);
    }
    let mut outcome = Ok(());
    for (event, members) in by_event {
        let checked = async {
            let Some(event) = app.events.by_id(event).await? else { return Ok(()) };
            let enforced = enforce_sanctions(app, &event, &members).await;
            enforced.and(check_access(app, &event, &members).await)
        };
        outcome = outcome.and(checked.await);
    }
    outcome
}

/// Takes the member out of the channels that it can no longer read.
fn leave_what_is_closed(app: &App, event: &EventSnapshot, member: &Arc<Member>, actor: &Actor) {
    let check = |channel: &ChannelId| match event.channels.get(channel) {
        Some(info) => crate::chat::may_read(event, *info, actor, app.clock.now()),
        // Direct channels belong to their people, whatever happens in the event.
        None => Ok(()),
    };
    for channel in member.followed() {
        if check(&channel).is_err() {
            app.hub.stop_following(channel, member);
        }
    }
    for channel in member.channels() {
        if let Err(refusal) = check(&channel) {
            app.hub.leave(channel, member);
            let removed = Removed { code: refusal.code, message: refusal.message };
            member.outbox.push(Lane::Control, &push_frame(Some(channel), &removed));
        }
    }
}

fn members_in(app: &App, event: EventId) -> Vec<Arc<Member>> {
    app.hub.connections_where(|member| member.event == event)
}
