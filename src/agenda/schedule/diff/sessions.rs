//! Sessions: identified by their guid, and repetitions by what stays of them.

use std::collections::{HashMap, HashSet};

use super::repeats::{self, Matched, guid_of};
use super::{Changes, Current, Ids, Session};
use crate::agenda::SessionState;
use crate::agenda::schedule::plan::{Plan, PlannedSession};
use crate::agenda::schedule::report::{Difference, SessionBrief, SessionChange};
use crate::id::{RoomId, SessionId, SpeakerId, TrackId};

/// The ids that the plan refers to, in the plan's order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'a> {
    /// Of the rooms.
    pub(super) rooms: &'a [RoomId],
    /// Of the tracks.
    pub(super) tracks: &'a [TrackId],
    /// Of the speakers.
    pub(super) speakers: &'a [SpeakerId],
}

/// Compares, and returns the stored sessions that are not in the schedule.
pub(super) fn diff<'a>(
    current: &'a Current,
    plan: &Plan,
    places: Places<'_>,
    ids: Ids<'_>,
    changes: &mut Changes,
) -> Vec<&'a Session> {
    let names = room_names(current, changes);
    let matched = repeats::matches(&current.sessions, &plan.sessions, places.rooms);
    let known: HashSet<SessionId> = matched.iter().filter_map(|one| Some(one.known?.id)).collect();
    for (plan, Matched { known: before, guid }) in plan.sessions.iter().zip(matched) {
        let id = before.map_or_else(|| SessionId::new(ids.now, ids.random), |session| session.id);
        let after = Session { guid, ..row(id, plan, places) };
        let Some(before) = before else {
            changes.report.created.sessions += 1;
            changes.speakers_changed.insert(id);
            changes.sessions.push(after);
            continue;
        };
        let what = differences(before, &after);
        if what.is_empty() {
            changes.report.unchanged += 1;
            continue;
        }
        if what.contains(&Difference::Speakers) {
            changes.speakers_changed.insert(id);
        }
        changes.report.session_changed(SessionChange {
            guid: after.guid.clone(),
            title: after.title.clone(),
            what,
            before: brief(before, &names),
            after: brief(&after, &names),
        });
        changes.sessions.push(after);
    }
    let missing = current.sessions.iter().filter(|session| !known.contains(&session.id));
    let missing: Vec<_> = missing.collect();
    // What was left out because of an error is still planned: it stays as it is.
    let left_out = |session: &&&Session| plan.left_out.guids.contains(guid_of(&session.guid));
    let gone = missing.iter().filter(|session| !left_out(session));
    for session in gone.filter(|session| session.state == SessionState::Scheduled) {
        changes.report.session_cancelled(brief(session, &names));
        let cancelled = Session { state: SessionState::Cancelled, ..(*session).clone() };
        changes.sessions.push(cancelled);
    }
    missing
}

/// The rooms' names: the previous ones, unless the room is new.
fn room_names(current: &Current, changes: &Changes) -> HashMap<RoomId, String> {
    let all = current.rooms.iter().chain(&changes.rooms_created);
    all.map(|room| (room.id, room.name.clone())).collect()
}

fn row(id: SessionId, plan: &PlannedSession, places: Places<'_>) -> Session {
    Session {
        id,
        guid: String::new(),
        title: plan.title.clone(),
        subtitle: plan.subtitle.clone(),
        summary: plan.summary.clone(),
        description: plan.description.clone(),
        language: plan.language.clone(),
        kind: plan.kind.clone(),
        track: plan.track.and_then(|place| places.tracks.get(place).copied()),
        room: plan.room.and_then(|place| places.rooms.get(place).copied()),
        starts_at: plan.starts_at,
        ends_at: plan.ends_at,
        state: SessionState::Scheduled,
        url: plan.url.clone(),
        speakers: plan
            .speakers
            .iter()
            .filter_map(|place| places.speakers.get(*place).copied())
            .collect(),
    }
}

fn differences(before: &Session, after: &Session) -> Vec<Difference> {
    let text = before.subtitle != after.subtitle
        || before.summary != after.summary
        || before.description != after.description;
    let details =
        before.language != after.language || before.kind != after.kind || before.url != after.url;
    [
        (Difference::Reinstated, before.state != after.state),
        (Difference::Renamed, before.title != after.title),
        (Difference::Moved, before.room != after.room),
        (
            Difference::Retimed,
            (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at),
        ),
        (Difference::Speakers, before.speakers != after.speakers),
        (Difference::Track, before.track != after.track),
        (Difference::Text, text),
        (Difference::Details, details),
    ]
    .into_iter()
    .filter_map(|(difference, differs)| differs.then_some(difference))
    .collect()
}

fn brief(session: &Session, names: &HashMap<RoomId, String>) -> SessionBrief {
    SessionBrief {
        guid: session.guid.clone(),
        title: session.title.clone(),
        room: session.room.and_then(|room| names.get(&room).cloned()),
        starts_at: session.starts_at,
        ends_at: session.ends_at,
    }
}
