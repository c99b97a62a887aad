//! Speakers' pictures: schedules say at which address they are, the hub fetches each once and serves
//! it. One node does so for all, a few at a time, whenever an agenda has changed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::{AGENDA, pictures_store as store};
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::{EventChange, Observer, Part};
use crate::id::{EventId, PersonId};
use crate::pictures::{self, Picture};
use store::Wanted;

/// How long a node keeps the task.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// When to look without having been told to: for what failed before, and what a lost node leaves.
const INTERVAL: Duration = Duration::from_secs(60);
/// How many are fetched before they are shown, and for how long: each time, everybody's page asks for
/// the agenda again.
const TOGETHER: u32 = 100;
const TOGETHER_FOR: Duration = Duration::from_secs(60);
/// When to try again after each failure; after the last one it is left.
const RETRIES: [Duration; 3] =
    [Duration::from_secs(60), Duration::from_secs(15 * 60), Duration::from_secs(4 * 3_600)];

/// Told when an agenda has changed.
#[derive(Debug, Default)]
pub(super) struct Changed(Notify);

impl Observer for Changed {
    fn changed(&self, _: EventId, part: Part, _: &[PersonId]) {
        if part.is(AGENDA) {
            self.0.notify_one();
        }
    }

    fn joined(&self, _: EventId, _: PersonId) {}

    fn imported(&self, _: EventId) {
        self.0.notify_one();
    }
}

/// Fetches what is missing, until it is dropped.
pub(super) async fn run(core: Core, changed: Arc<Changed>) {
    loop {
        match fetch_some(&core).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "speakers' pictures are fetched later"),
        }
        // Whether told or not.
        let _ = tokio::time::timeout(INTERVAL, changed.0.notified()).await;
    }
}

/// Fetches some of those that are due, and returns whether there may be more.
async fn fetch_some(core: &Core) -> Result<bool, DbError> {
    let due = store::due(&core.db, core.clock.now(), TOGETHER).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let node = core.bus.node();
    if !core.db.lease("agenda.pictures", node, core.clock.now(), LEASE).await? {
        return Ok(false);
    }
    let begin = Instant::now();
    let mut fetched: BTreeMap<EventId, Vec<(Wanted, Picture)>> = BTreeMap::new();
    for wanted in due {
        match pictures::fetch(core, &wanted.source).await {
            Ok(picture) => fetched.entry(wanted.event).or_default().push((wanted, picture)),
            Err(error) => {
                tracing::info!(speaker = %wanted.speaker, %error, "a speaker's picture was not fetched");
                let tried = usize::try_from(wanted.tries).unwrap_or(usize::MAX);
                let again = RETRIES.get(tried).map(|delay| core.clock.now().after(*delay));
                fail(core, &wanted, again).await?;
            }
        }
        if begin.elapsed() > TOGETHER_FOR {
            break;
        }
    }
    for (event, fetched) in fetched {
        show(core, event, fetched).await?;
    }
    Ok(true)
}

/// Notes that there is no picture. The one from another address is no longer shown either.
async fn fail(core: &Core, wanted: &Wanted, again: Option<Timestamp>) -> Result<(), DbError> {
    let mut transaction = core.db.begin().await?;
    store::failed(&core.db, &mut transaction, wanted, again).await?;
    if let Some(before) = &wanted.before {
        pictures::remove(core, &mut transaction, before).await?;
    }
    Ok(transaction.commit().await?)
}

/// Shows these pictures in the event's agenda, in place of those until now.
async fn show(core: &Core, event: EventId, fetched: Vec<(Wanted, Picture)>) -> Result<(), DbError> {
    let mut change = EventChange::begin(&core.changes, event, None).await?;
    for (wanted, picture) in fetched {
        let name = pictures::keep(core, &mut change.transaction, picture).await?;
        store::fetched(&core.db, &mut change, &wanted, &name).await?;
        if let Some(before) = &wanted.before {
            pictures::remove(core, &mut change.transaction, before).await?;
        }
    }
    change.commit(&[AGENDA]).await
}

/// Removes the pictures of speakers who are no longer there.
pub(super) async fn sweep(core: &Core) -> Result<(), DbError> {
    let mut transaction = core.db.begin().await?;
    for (speaker, name) in store::orphaned(&core.db, &mut transaction).await? {
        store::forget(&core.db, &mut transaction, speaker).await?;
        if let Some(name) = name {
            pictures::remove(core, &mut transaction, &name).await?;
        }
    }
    Ok(transaction.commit().await?)
}
