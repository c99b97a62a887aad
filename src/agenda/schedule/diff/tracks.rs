//! Tracks: identified by their name.

use std::collections::{HashMap, HashSet};

use super::{Changes, Ids, Session, TrackRow};
use crate::agenda::schedule::plan::PlannedTrack;
use crate::id::TrackId;

/// The ids of the planned tracks, in the plan's order.
pub(super) fn diff(
    current: &[TrackRow],
    planned: &[PlannedTrack],
    ids: Ids<'_>,
    changes: &mut Changes,
) -> Vec<TrackId> {
    let known: HashMap<&str, &TrackRow> =
        current.iter().map(|track| (track.name.as_str(), track)).collect();
    let mut places = Vec::with_capacity(planned.len());
    for (position, plan) in (0_u32..).zip(planned) {
        let known = known.get(plan.name.as_str()).copied();
        let track = TrackRow {
            id: known.map_or_else(|| TrackId::new(ids.now, ids.random), |track| track.id),
            name: plan.name.clone(),
            color: plan.color.clone(),
            position,
        };
        places.push(track.id);
        match known {
            Some(known) if *known == track => continue,
            // A change of only its position is not worth reporting.
            Some(known) if known.color == track.color => {}
            Some(_) => changes.report.updated.tracks += 1,
            None => changes.report.created.tracks += 1,
        }
        changes.tracks.push(track);
    }
    places
}

/// Removes tracks that are neither planned nor used by a cancelled session.
pub(super) fn remove_unused(
    current: &[TrackRow],
    planned: &[TrackId],
    kept: &[&Session],
    changes: &mut Changes,
) {
    let used: HashSet<TrackId> =
        planned.iter().copied().chain(kept.iter().filter_map(|session| session.track)).collect();
    let unused = current.iter().map(|track| track.id).filter(|id| !used.contains(id));
    changes.tracks_removed = unused.collect();
    changes.report.removed.tracks = changes.tracks_removed.len();
}
