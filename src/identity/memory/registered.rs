//! Who takes part in which event.
//!
//! Only positive answers are cached. Everyone else is looked up, in batches, so that a new
//! registration counts at once without an announcement.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use futures_util::future::FutureExt as _;
use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::store;
use crate::db::{Batcher, Db, DbError};
use crate::events::EventSnapshot;
use crate::id::{EventId, PersonId};
use crate::tasks::Tasks;

/// How many people are cached for each event, about a megabyte; others are looked up each time.
const MAX_KEPT: usize = 50_000;
/// The minimum interval between readings of an event's people when its version has changed. It
/// bounds how long an unannounced cancellation goes unnoticed once the version is known.
const REREAD_AFTER: Duration = Duration::from_secs(2);

/// Who is known to take part in an event.
#[derive(Default)]
struct Known {
    people: HashSet<PersonId>,
    /// The event's version when they were read (at least), and the time.
    read: Option<(u64, Instant)>,
    /// Counts invalidations: what was read before the last one may be stale.
    generation: u64,
}

#[derive(Default)]
struct Slot {
    known: RwLock<Known>,
    turn: Mutex<()>,
}

impl Slot {
    fn is_old(&self, version: u64) -> bool {
        let read = self.known.read().read;
        read.is_none_or(|(at, when)| at < version && when.elapsed() >= REREAD_AFTER)
    }

    fn invalidate(&self, people: &[PersonId]) {
        let mut known = self.known.write();
        known.generation += 1;
        if people.is_empty() {
            known.people.clear();
            known.read = None;
        }
        for person in people {
            known.people.remove(person);
        }
    }
}

/// Who takes part, by event.
pub struct Registered {
    db: Db,
    slots: DashMap<EventId, Arc<Slot>>,
    asked: Batcher<(EventId, PersonId), bool>,
}

impl fmt::Debug for Registered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Registered").finish_non_exhaustive()
    }
}

impl Registered {
    pub(super) fn new(db: &Db, tasks: &Tasks) -> Self {
        let asking = db.clone();
        let asked = Batcher::new(
            tasks,
            "identity.registered",
            move |questions: Vec<(EventId, PersonId)>| {
                let db = asking.clone();
                async move { ask(&db, &questions).await }.boxed()
            },
        );
        Self { db: db.clone(), slots: DashMap::new(), asked }
    }

    /// Whether this person has a confirmed registration for the event.
    ///
    /// # Errors
    /// When it is not known and the database does not answer.
    pub async fn has(&self, event: &EventSnapshot, person: PersonId) -> Result<bool, DbError> {
        let slot = self.slot(event.id);
        if slot.is_old(event.version) {
            self.read(event, &slot).await?;
        }
        let generation = {
            let known = slot.known.read();
            if known.people.contains(&person) {
                return Ok(true);
            }
            known.generation
        };
        let registered = self.asked.ask((event.id, person)).await?;
        if registered {
            let mut known = slot.known.write();
            if known.generation == generation && known.people.len() < MAX_KEPT {
                known.people.insert(person);
            }
        }
        Ok(registered)
    }

    /// Reads who takes part, once for all callers waiting for it.
    async fn read(&self, event: &EventSnapshot, slot: &Slot) -> Result<(), DbError> {
        let _turn = slot.turn.lock().await;
        if !slot.is_old(event.version) {
            return Ok(());
        }
        let generation = slot.known.read().generation;
        let people = store::some_registered(&self.db, event.id, MAX_KEPT).await;
        let mut known = slot.known.write();
        match people {
            Ok(people) if known.generation == generation => {
                known.people = people;
                known.read = Some((event.version, Instant::now()));
            }
            // Invalidated meanwhile: the next caller reads again.
            Ok(_) => {}
            Err(error) => {
                let Some((_, when)) = known.read.as_mut() else { return Err(error) };
                *when = Instant::now();
                tracing::warn!(%error, "could not refresh who takes part; the cached list remains in use");
            }
        }
        Ok(())
    }

    /// Invalidates these people, or everyone if the list is empty.
    pub(super) fn invalidate(&self, event: EventId, people: &[PersonId]) {
        let slot = self.slots.get(&event).map(|slot| Arc::clone(&slot));
        if let Some(slot) = slot {
            slot.invalidate(people);
        }
    }

    pub(super) fn invalidate_all(&self) {
        for slot in &self.slots {
            slot.invalidate(&[]);
        }
    }

    /// The event's slot. Only called for events that exist.
    fn slot(&self, event: EventId) -> Arc<Slot> {
        if let Some(slot) = self.slots.get(&event) {
            return Arc::clone(&slot);
        }
        Arc::clone(&self.slots.entry(event).or_default())
    }
}

async fn ask(db: &Db, questions: &[(EventId, PersonId)]) -> Result<Vec<bool>, DbError> {
    let mut asked: BTreeMap<EventId, Vec<PersonId>> = BTreeMap::new();
    for (event, person) in questions {
        asked.entry(*event).or_default().push(*person);
    }
    let mut found = HashSet::new();
    for (event, people) in asked {
        let confirmed = store::registered_of(db, event, &people).await?;
        found.extend(confirmed.into_iter().map(|person| (event, person)));
    }
    Ok(questions.iter().map(|question| found.contains(question)).collect())
}
