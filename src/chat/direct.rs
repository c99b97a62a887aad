//! Direct channels: one for exactly these people of this event, found by who they are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dashmap::DashMap;
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Db, DbError};
use crate::id::{ChannelId, EventId, PersonId};
use crate::random::Random;

/// How many direct channels are cached; others are read again when needed.
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
        let statement = self
            .db
            .query(
                "SELECT c.event_id, d.person_id
                 FROM channels c JOIN direct_members d ON d.channel_id = c.id
                 WHERE c.id = ? AND c.kind = 'direct'",
            )
            .bind(id.bytes());
        let rows = self.db.all(statement).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let event = EventId(first.uuid("event_id")?);
        let people = rows
            .iter()
            .map(|row| row.uuid("person_id").map(PersonId))
            .collect::<Result<BTreeSet<_>, _>>()?;
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
        let found = self.find(&key).await?;
        if found.is_some() {
            return Ok(found);
        }
        match self.create(event, people, opener, now, random).await {
            // Somebody else created it at the same moment.
            Err(error) if error.is_unique_violation() => self.find(&key).await,
            created => created,
        }
    }

    async fn find(&self, key: &[u8]) -> Result<Option<ChannelId>, DbError> {
        let statement =
            self.db.query("SELECT id FROM channels WHERE channel_key = ?").bind(key.to_vec());
        self.db.one(statement).await?.map(|row| row.uuid("id").map(ChannelId)).transpose()
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
        let mut transaction = self.db.begin().await?;
        let silent = self
            .db
            .query(
                "SELECT COUNT(*) AS silent FROM channels
                 WHERE opened_by = ? AND event_id = ? AND message_count = 0",
            )
            .bind(opener.bytes())
            .bind(event.bytes());
        if silent.fetch_one(&mut *transaction).await?.count("silent")? >= SILENT {
            return Ok(None);
        }
        self.db
            .query(
                "INSERT INTO channels
                     (id, event_id, kind, channel_key, opened_by, last_seq, message_count,
                      created_at)
                 VALUES (?, ?, 'direct', ?, ?, 0, 0, ?)",
            )
            .bind(id.bytes())
            .bind(event.bytes())
            .bind(direct_key(event, people))
            .bind(opener.bytes())
            .bind(now.0)
            .execute(&mut *transaction)
            .await?;
        let text = format!(
            "INSERT INTO direct_members (channel_id, person_id, hidden) VALUES {}",
            value_groups(people.len(), 3)
        );
        let mut statement = self.db.query_built(text);
        for person in people {
            statement = statement.bind(id.bytes()).bind(person.bytes()).bind(1_i64);
        }
        statement.execute(&mut *transaction).await?;
        transaction.commit().await?;
        Ok(Some(id))
    }

    /// Whether any of these people has blocked another of them.
    pub(super) async fn any_block(&self, people: &BTreeSet<PersonId>) -> Result<bool, DbError> {
        let list = placeholders(people.len());
        let text = format!(
            "SELECT 1 AS found FROM blocks
             WHERE person_id IN ({list}) AND blocked_id IN ({list}) LIMIT 1"
        );
        let mut statement = self.db.query_built(text);
        for person in people.iter().chain(people) {
            statement = statement.bind(person.bytes());
        }
        Ok(self.db.one(statement).await?.is_some())
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
