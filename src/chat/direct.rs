//! Direct channels: one for exactly these people of this event, found by who they are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dashmap::DashMap;
use sha2::{Digest as _, Sha256};

use super::store::{blocks, directs};
use crate::clock::Timestamp;
use crate::db::{Db, DbError};
use crate::events::ChannelKind;
use crate::events::channels::{self, NewDirect};
use crate::id::{ChannelId, EventId, PersonId};
use crate::permission::Operation;
use crate::random::Random;

/// The talk of two to eight people.
pub(super) const DIRECT: ChannelKind =
    ChannelKind::new("direct", Operation::DirectRead).of_people();
/// How many direct channels are remembered; with more, they are read again when needed.
const REMEMBERED: usize = 20_000;
/// How many empty direct channels of an event a person may have opened. Their connections could
/// each open one more at the same moment, but no more.
pub(super) const SILENT: u64 = 100;

/// A direct channel.
#[derive(Debug)]
pub(super) struct Direct {
    pub(super) event: EventId,
    pub(super) people: BTreeSet<PersonId>,
    blocked: AtomicBool,
}

impl Direct {
    /// Whether one of two people has blocked the other. Blocks have no effect in groups.
    pub(super) fn is_blocked(&self) -> bool {
        self.people.len() == 2 && self.blocked.load(Ordering::Relaxed)
    }
}

/// The key of the channel of exactly these people.
pub fn direct_key(event: EventId, people: &BTreeSet<PersonId>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"direct:");
    hash.update(event.0.as_bytes());
    for person in people {
        hash.update(person.0.as_bytes());
    }
    hash.finalize().to_vec()
}

/// The direct channels, with a cache.
#[derive(Debug)]
pub(super) struct Directs {
    db: Db,
    known: DashMap<ChannelId, Arc<Direct>>,
    /// Counts changes of blocks: what was read before the last one is not cached.
    generation: AtomicU64,
}

impl Directs {
    pub(super) fn new(db: Db) -> Self {
        Self { db, known: DashMap::new(), generation: AtomicU64::new(0) }
    }

    /// The direct channel of that id.
    pub(super) async fn get(&self, id: ChannelId) -> Result<Option<Arc<Direct>>, DbError> {
        let known = self.known.get(&id).map(|direct| Arc::clone(&direct));
        if known.is_some() {
            return Ok(known);
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let Some((event, people)) = directs::people(&self.db, id).await? else { return Ok(None) };
        let blocked = people.len() == 2 && self.any_block(&people).await?;
        let direct = Arc::new(Direct { event, people, blocked: AtomicBool::new(blocked) });
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(id, Arc::clone(&direct));
        // Checked after the insertion: a change of blocks either finds it or is noticed here.
        if self.generation.load(Ordering::SeqCst) != generation {
            self.known.remove(&id);
        }
        Ok(Some(direct))
    }

    /// Finds the channel of these people or creates it, hidden from all until the first message.
    /// `None` if its opener has reached the limit of empty ones.
    pub(super) async fn open(
        &self,
        event: EventId,
        people: &BTreeSet<PersonId>,
        opener: PersonId,
        now: Timestamp,
        random: &Random,
    ) -> Result<Option<ChannelId>, DbError> {
        let key = direct_key(event, people);
        let found = directs::find(&self.db, &key).await?;
        if found.is_some() {
            return Ok(found);
        }
        match self.create(event, people, opener, now, random).await {
            // Somebody else made it at the same moment.
            Err(error) if error.is_unique_violation() => directs::find(&self.db, &key).await,
            created => created,
        }
    }

    async fn create(
        &self,
        event: EventId,
        people: &BTreeSet<PersonId>,
        opener: PersonId,
        now: Timestamp,
        random: &Random,
    ) -> Result<Option<ChannelId>, DbError> {
        let id = ChannelId::new(now, random);
        let (db, mut transaction) = (&self.db, self.db.begin().await?);
        if directs::silent(db, &mut transaction, event, opener).await? >= SILENT {
            return Ok(None);
        }
        let key = direct_key(event, people);
        let new = NewDirect { id, event, kind: DIRECT, key, opener, now };
        channels::open_direct(db, &mut transaction, new).await?;
        directs::insert_people(db, &mut transaction, id, people).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    /// Whether any of these people has blocked another of them.
    pub(super) async fn any_block(&self, people: &BTreeSet<PersonId>) -> Result<bool, DbError> {
        blocks::any_among(&self.db, people).await
    }

    /// Updates the channels of two people after a block between them was made or lifted.
    pub(super) async fn refresh(&self, people: &BTreeSet<PersonId>) -> Result<(), DbError> {
        self.generation.fetch_add(1, Ordering::SeqCst);
        let blocked = self.any_block(people).await.inspect_err(|_| self.forget())?;
        for direct in &self.known {
            if direct.people == *people {
                direct.blocked.store(blocked, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Empties the cache.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known.clear();
    }
}
