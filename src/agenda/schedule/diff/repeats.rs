//! Repetitions: several sessions with the same guid.
//!
//! The first is stored under the guid, the others under the guid with a number. Which is which is found
//! out by what stays of them, title, room and time: the order in which they stand in a schedule
//! changes as soon as one is moved.

use std::collections::{HashMap, HashSet};

use super::Session;
use crate::agenda::SessionState;
use crate::agenda::schedule::plan::PlannedSession;
use crate::id::RoomId;

/// What parts a guid from the number of the repetition.
const NUMBERED: &str = " ×";

/// A planned session, as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Matched<'a> {
    /// What is stored of it.
    pub(super) known: Option<&'a Session>,
    /// The guid under which it is stored.
    pub(super) guid: String,
}

/// The guid in the schedule of a session that is stored under this one.
pub fn guid_of(stored: &str) -> &str {
    let numbered = stored.rsplit_once(NUMBERED).filter(|(_, number)| number.parse::<u32>().is_ok());
    numbered.map_or(stored, |(guid, _)| guid)
}

/// For each planned session the stored one that it is, in the plan's order.
pub(super) fn matches<'a>(
    current: &'a [Session],
    planned: &[PlannedSession],
    rooms: &[RoomId],
) -> Vec<Matched<'a>> {
    let mut stored: HashMap<&str, Vec<&Session>> = HashMap::new();
    for session in current {
        stored.entry(guid_of(&session.guid)).or_default().push(session);
    }
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, plan) in planned.iter().enumerate() {
        groups.entry(plan.guid.as_str()).or_default().push(place);
    }
    let mut known: Vec<Option<&Session>> = vec![None; planned.len()];
    let mut guids: Vec<String> = vec![String::new(); planned.len()];
    for (guid, places) in &groups {
        let mut free = stored.remove(guid).unwrap_or_default();
        free.sort_by_key(|session| (session.state != SessionState::Scheduled, session.starts_at));
        let taken: HashSet<String> = free.iter().map(|session| session.guid.clone()).collect();
        pair(planned, places, &mut free, rooms, &mut known);
        let numbered = (2_u32..).map(|number| format!("{guid}{NUMBERED}{number}"));
        let names = std::iter::once((*guid).to_owned()).chain(numbered);
        let mut unused = names.filter(|name| !taken.contains(name));
        for place in places {
            let guid = known[*place].map(|session| session.guid.clone());
            guids[*place] = guid.or_else(|| unused.next()).unwrap_or_default();
        }
    }
    known.into_iter().zip(guids).map(|(known, guid)| Matched { known, guid }).collect()
}

/// Whether a planned and a stored session may be the same if these are: title, room, and time.
type Alike = fn(bool, bool, bool) -> bool;

const ALIKE: [Alike; 5] = [
    |title, room, time| title && room && time,
    |title, _, time| title && time,
    |_, room, time| room && time,
    |title, room, _| title && room,
    |title, _, _| title,
];

/// Pairs planned with stored sessions, the most alike first.
fn pair<'a>(
    planned: &[PlannedSession],
    places: &[usize],
    free: &mut Vec<&'a Session>,
    rooms: &[RoomId],
    known: &mut [Option<&'a Session>],
) {
    // A guid that stands for one session means that one, whatever has changed.
    let single: Alike = |_, _, _| true;
    let single = (places.len() == 1 || free.len() == 1).then_some(single);
    for alike in ALIKE.into_iter().chain(single) {
        for place in places {
            let (Some(plan), true) = (planned.get(*place), known[*place].is_none()) else {
                continue;
            };
            let room = plan.room.and_then(|room| rooms.get(room).copied());
            let found = free.iter().position(|session| {
                let (title, time) =
                    (session.title == plan.title, session.starts_at == plan.starts_at);
                alike(title, session.room == room, time)
            });
            known[*place] = found.map(|found| free.remove(found));
        }
    }
}
