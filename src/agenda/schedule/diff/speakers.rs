//! Speakers: identified by their key in the schedule.

use std::collections::{HashMap, HashSet};

use super::{Changes, Ids, Session, SpeakerRow};
use crate::agenda::schedule::plan::PlannedSpeaker;
use crate::id::SpeakerId;

/// The ids of the planned speakers, in the plan's order.
pub(super) fn diff(
    current: &[SpeakerRow],
    planned: &[PlannedSpeaker],
    ids: Ids<'_>,
    changes: &mut Changes,
) -> Vec<SpeakerId> {
    let known: HashMap<&str, &SpeakerRow> =
        current.iter().map(|speaker| (speaker.key.as_str(), speaker)).collect();
    let mut places = Vec::with_capacity(planned.len());
    for plan in planned {
        let known = known.get(plan.key.as_str()).copied();
        let speaker = SpeakerRow {
            id: known.map_or_else(|| SpeakerId::new(ids.now, ids.random), |speaker| speaker.id),
            key: plan.key.clone(),
            name: plan.name.clone(),
            biography: plan.biography.clone(),
            picture: plan.picture.clone(),
            person: known.and_then(|speaker| speaker.person),
        };
        places.push(speaker.id);
        match known {
            Some(known) if *known == speaker => continue,
            Some(_) => changes.report.updated.speakers += 1,
            None => changes.report.created.speakers += 1,
        }
        changes.speakers.push(speaker);
    }
    places
}

/// Removes speakers that are neither planned nor in a cancelled session.
pub(super) fn remove_unused(
    current: &[SpeakerRow],
    planned: &[SpeakerId],
    kept: &[&Session],
    changes: &mut Changes,
) {
    let held = kept.iter().flat_map(|session| session.speakers.iter().copied());
    let used: HashSet<SpeakerId> = planned.iter().copied().chain(held).collect();
    let unused = current.iter().map(|speaker| speaker.id).filter(|id| !used.contains(id));
    changes.speakers_removed = unused.collect();
    changes.report.removed.speakers = changes.speakers_removed.len();
}
