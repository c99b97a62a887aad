//! Rooms: identified by their guid, or else by their name.

use std::collections::{HashMap, HashSet};

use super::{Changes, Ids};
use crate::agenda::schedule::plan::PlannedRoom;
use crate::agenda::schedule::report::Renamed;
use crate::events::rooms::{self, named_key};
use crate::events::store::rooms::RoomRow;
use crate::id::RoomId;
use crate::text::name_key;

/// The ids of the planned rooms, in the plan's order.
pub(super) fn diff(
    current: &[RoomRow],
    planned: &[PlannedRoom],
    ids: Ids<'_>,
    changes: &mut Changes,
) -> Vec<RoomId> {
    let matched = matches(current, planned);
    let mut position = rooms::next_position(current);
    let mut places = Vec::with_capacity(planned.len());
    for (plan, known) in planned.iter().zip(&matched) {
        if let Some(room) = known.and_then(|place| current.get(place)) {
            update(room, plan, changes);
            places.push(room.id);
            continue;
        }
        let room = RoomRow {
            id: RoomId::new(ids.now, ids.random),
            key: key_of(plan),
            name: plan.name.clone(),
            description: plan.description.clone().unwrap_or_default(),
            capacity: plan.capacity,
            position,
            hidden: false,
            slow_mode_seconds: 0,
            locked: false,
        };
        position = position.saturating_add(1);
        places.push(room.id);
        changes.report.created.rooms += 1;
        changes.rooms_created.push(room);
    }
    let known: HashSet<_> = matched.into_iter().flatten().collect();
    let missing = current.iter().enumerate().filter(|(place, _)| !known.contains(place));
    changes.report.rooms_missing = missing.map(|(_, room)| room.name.clone()).collect();
    places
}

/// For each planned room the index of the stored one: first by guid, then by name, and never twice.
fn matches(current: &[RoomRow], planned: &[PlannedRoom]) -> Vec<Option<usize>> {
    let by_key: HashMap<&str, usize> =
        current.iter().enumerate().map(|(place, room)| (room.key.as_str(), place)).collect();
    let mut matched: Vec<Option<usize>> =
        planned.iter().map(|plan| by_key.get(key_of(plan).as_str()).copied()).collect();
    let mut taken: HashSet<usize> = matched.iter().flatten().copied().collect();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for (place, room) in current.iter().enumerate().filter(|(place, _)| !taken.contains(place)) {
        by_name.entry(name_key(&room.name)).or_insert(place);
    }
    for (plan, place) in planned.iter().zip(&mut matched).filter(|(_, place)| place.is_none()) {
        let found = by_name.get(&name_key(&plan.name)).copied();
        *place = found.filter(|found| taken.insert(*found));
    }
    matched
}

fn key_of(plan: &PlannedRoom) -> String {
    plan.guid.as_ref().map_or_else(|| named_key(&plan.name), |guid| format!("guid:{guid}"))
}

/// Fields missing in the schedule stay as they are, as the organizer may have set them.
fn update(room: &RoomRow, plan: &PlannedRoom, changes: &mut Changes) {
    let mut after = room.clone();
    after.rename(plan.name.clone());
    if plan.guid.is_some() {
        after.key = key_of(plan);
    }
    if let Some(description) = &plan.description {
        after.description.clone_from(description);
    }
    after.capacity = plan.capacity.or(after.capacity);
    if after == *room {
        return;
    }
    if after.name != room.name {
        let renamed = Renamed { before: room.name.clone(), after: after.name.clone() };
        changes.report.rooms_renamed.push(renamed);
    }
    changes.report.updated.rooms += 1;
    changes.rooms_updated.push(after);
}
