//! Notices unannounced changes: by a command line, or by another hub whose message was lost.
//! Every change raises its event's version, and versions are polled every few seconds, and whenever
//! messages may be missing.
//!
//! Where the sequence of announced changes is broken ([`told`](super::told)), everything that may
//! have changed is announced here, each registered part: some to those for whom they differ (roles,
//! sanctions), the rest to everybody.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Events, store};
use crate::db::DbError;
use crate::id::{EventId, PersonId};

const INTERVAL: Duration = Duration::from_secs(3);
/// How long the announcement of a committed change may take before it counts as missed. Announcing
/// everything makes every browser read again.
const ON_ITS_WAY: Duration = Duration::from_millis(200);

/// Watches until `stop` is cancelled.
pub async fn watch(events: Arc<Events>, mut gaps: watch::Receiver<u64>, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(INTERVAL) => {}
            // Without a bus it never changes, and never ends before this does.
            Ok(()) = gaps.changed() => {}
        }
        if let Err(error) = look(&events).await {
            tracing::warn!(%error, "the events' versions could not be read");
        }
    }
}

/// Notifies the listeners of what they have missed.
async fn look(events: &Events) -> Result<(), DbError> {
    let mut versions = store::versions(&events.db).await?;
    versions.sort_unstable();
    events.list_is(fingerprint(&versions));
    let is_behind = |(id, version): &(EventId, u64)| {
        events.told.get(id).is_some_and(|told| told.is_behind(*version))
    };
    versions.retain(is_behind);
    if versions.is_empty() {
        return Ok(());
    }
    tokio::time::sleep(ON_ITS_WAY).await;
    for (id, _) in versions.into_iter().filter(is_behind) {
        events.tell_all(id).await?;
    }
    Ok(())
}

fn fingerprint(versions: &[(EventId, u64)]) -> u64 {
    let mut hasher = DefaultHasher::new();
    versions.hash(&mut hasher);
    hasher.finish()
}

impl Events {
    /// Reads the event again and notifies the listeners of everything that may have changed since
    /// the last complete announcement.
    pub(crate) async fn tell_all(&self, id: EventId) -> Result<(), DbError> {
        let before = self.told.get(&id).map(|told| told.event());
        // It is not cached here.
        let Some(before) = before else { return Ok(()) };
        let Some(now) = self.reload_together(id).await? else { return Ok(()) };
        self.list_version.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.imported(id);
        self.told_of(id, &now, |told| told.add_all(&now));
        for part in self.registered().parts() {
            if let Some(people) = part.missed(&before, &now) {
                self.tell(&now, *part, people);
            }
        }
        Ok(())
    }
}

/// The people for whom something differs between two versions.
pub fn differing<T: PartialEq>(
    before: &HashMap<PersonId, T>,
    now: &HashMap<PersonId, T>,
) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = before.keys().chain(now.keys()).copied().collect();
    people.sort_unstable();
    people.dedup();
    people.retain(|person| before.get(person) != now.get(person));
    people
}
