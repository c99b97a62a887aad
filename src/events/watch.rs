//! Notices what others changed in the database: a command line beside the hub, another hub. Every
//! change raises its event's version, and the versions are looked at every few seconds.

use std::collections::HashMap;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{EventSnapshot, Events, Part, store};
use crate::db::DbError;
use crate::id::PersonId;

const EVERY: Duration = Duration::from_secs(3);

/// Watches until it is told to stop.
pub async fn watch(events: &Events, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(error) = look(events).await {
            tracing::warn!(%error, "the events' versions could not be read");
        }
    }
}

/// Reads again what has another version than the one that was told, and tells the listeners.
async fn look(events: &Events) -> Result<(), DbError> {
    let versions = store::versions(&events.db).await?;
    events.count_events(versions.len());
    for (id, version) in versions {
        let Some(before) = events.told(id).filter(|told| told.version < version) else {
            continue;
        };
        // Nobody is named: whose registrations have changed is for the listeners to find out.
        for part in [Part::Event, Part::Rooms, Part::Agenda, Part::Registrations] {
            events.changed(id, part, Vec::new()).await?;
        }
        let Some(now) = events.known(id) else { continue };
        for (part, people) in [
            (Part::Roles, differing(&before, &now, |event| &event.grants)),
            (Part::Sanctions, differing(&before, &now, |event| &event.restrictions)),
        ] {
            if !people.is_empty() {
                events.changed(id, part, people).await?;
            }
        }
    }
    Ok(())
}

/// The people for whom something differs between two versions.
fn differing<'a, T: PartialEq + 'a>(
    before: &'a EventSnapshot,
    now: &'a EventSnapshot,
    of: impl Fn(&'a EventSnapshot) -> &'a HashMap<PersonId, T>,
) -> Vec<PersonId> {
    let (before, now) = (of(before), of(now));
    let mut people: Vec<PersonId> = before.keys().chain(now.keys()).copied().collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| before.get(person) != now.get(person));
    people
}
