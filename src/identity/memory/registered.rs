//! Who takes part in which event.
//!
//! Only that somebody does is believed; who is not known to is asked for, together with others, so
//! that a new registration counts at once although it is told to nobody.

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

/// How many are kept for each event, about a megabyte; others are asked for each time.
const MOST: usize = 50_000;
/// How soon an event's people are read again because its version has changed. It bounds how long a
/// cancellation that was told to nobody here goes unnoticed once the version is known.
const AGAIN_AFTER: Duration = Duration::from_secs(2);

/// Who is known to take part in an event.
#[derive(Default)]
struct Known {
    people: HashSet<PersonId>,
    /// At which version of the event, or a later one, they were read, and when.
    read: Option<(u64, Instant)>,
    /// How often somebody was doubted: what was read before that may be overtaken.
    doubts: u64,
}

#[derive(Default)]
struct Slot {
    known: RwLock<Known>,
    turn: Mutex<()>,
}

impl Slot {
    fn is_old(&self, version: u64) -> bool {
        let read = self.known.read().read;
        read.is_none_or(|(at, when)| at < version && when.elapsed() >= AGAIN_AFTER)
    }

    fn doubt(&self, people: &[PersonId]) {
        let mut known = self.known.write();
        known.doubts += 1;
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
        let doubts = {
            let known = slot.known.read();
            if known.people.contains(&person) {
                return Ok(true);
            }
            known.doubts
        };
        let registered = self.asked.ask((event.id, person)).await?;
        if registered {
            let mut known = slot.known.write();
            if known.doubts == doubts && known.people.len() < MOST {
                known.people.insert(person);
            }
        }
        Ok(registered)
    }

    /// Reads who takes part, once for everybody who waits for it.
    async fn read(&self, event: &EventSnapshot, slot: &Slot) -> Result<(), DbError> {
        let _turn = slot.turn.lock().await;
        if !slot.is_old(event.version) {
            return Ok(());
        }
        let doubts = slot.known.read().doubts;
        let people = store::some_registered(&self.db, event.id, MOST).await;
        let mut known = slot.known.write();
        match people {
            Ok(people) if known.doubts == doubts => {
                known.people = people;
                known.read = Some((event.version, Instant::now()));
            }
            // Overtaken by a change: whoever asks next reads again.
            Ok(_) => {}
            Err(error) => {
                let Some((_, when)) = known.read.as_mut() else { return Err(error) };
                *when = Instant::now();
                tracing::warn!(%error, "who takes part could not be read again");
            }
        }
        Ok(())
    }

    /// These people, or all when nobody is named, are to be asked for again.
    pub(super) fn doubt(&self, event: EventId, people: &[PersonId]) {
        let slot = self.slots.get(&event).map(|slot| Arc::clone(&slot));
        if let Some(slot) = slot {
            slot.doubt(people);
        }
    }

    pub(super) fn doubt_everything(&self) {
        for slot in &self.slots {
            slot.doubt(&[]);
        }
    }

    /// Only events that exist have one.
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
