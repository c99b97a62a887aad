//! Read pointers: how far somebody has read, kept in memory and written to the database once a
//! second for everybody together. A crash forgets at most the last second of reading, never a
//! message.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::commit::signed;
use crate::clock::Clock;
use crate::db::dialect::value_groups;
use crate::db::{Columns, Db, DbError};
use crate::id::{ChannelId, PersonId};

/// How often pointers are written.
const EVERY: Duration = Duration::from_secs(1);
/// How many pointers one statement writes.
const CHUNK: usize = 200;

/// How far somebody has read in a channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pointer {
    /// The number of the last change seen.
    pub(crate) seq: u64,
    /// The how-manieth message that was.
    pub(crate) ordinal: u64,
}

type Pointers = HashMap<(PersonId, ChannelId), Pointer>;

#[derive(Debug, Default)]
struct Shared {
    /// What is not written yet. At most one entry per connected person and channel and second.
    unwritten: Mutex<Pointers>,
    stop: Notify,
}

/// The pointers' way to the database.
#[derive(Debug)]
pub(crate) struct Reading {
    db: Db,
    clock: Clock,
    shared: Arc<Shared>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Reading {
    pub(super) fn start(db: Db, clock: Clock) -> Self {
        let shared = Arc::new(Shared::default());
        let writer = tokio::spawn(write_regularly(db.clone(), clock.clone(), Arc::clone(&shared)));
        Self { db, clock, shared, writer: Mutex::new(Some(writer)) }
    }

    /// Moves a pointer forward and answers where it stands now; it never moves back.
    pub(crate) async fn advance(
        &self,
        person: PersonId,
        channel: ChannelId,
        to: Pointer,
    ) -> Result<Pointer, DbError> {
        let now = self.get(person, channel).await?.max(to);
        let mut unwritten = self.shared.unwritten.lock();
        let kept = unwritten.entry((person, channel)).or_insert(now);
        *kept = (*kept).max(now);
        Ok(*kept)
    }

    /// Where a pointer stands.
    pub(crate) async fn get(
        &self,
        person: PersonId,
        channel: ChannelId,
    ) -> Result<Pointer, DbError> {
        let unwritten = self.shared.unwritten.lock().get(&(person, channel)).copied();
        if let Some(pointer) = unwritten {
            return Ok(pointer);
        }
        let statement = self
            .db
            .query("SELECT seq, ordinal FROM read_pointers WHERE person_id = ? AND channel_id = ?")
            .bind(person.bytes())
            .bind(channel.bytes());
        let Some(row) = self.db.one(statement).await? else { return Ok(Pointer::default()) };
        Ok(Pointer { seq: row.count("seq")?, ordinal: row.count("ordinal")? })
    }

    /// Writes what is not written yet of a person, so that a query finds it. Mostly there is
    /// nothing.
    pub(crate) async fn write_now(&self, person: PersonId) -> Result<(), DbError> {
        let own: Pointers = {
            let unwritten = self.shared.unwritten.lock();
            let own = unwritten.iter().filter(|((whose, _), _)| *whose == person);
            own.map(|(key, pointer)| (*key, *pointer)).collect()
        };
        write(&self.db, &self.clock, &own).await
    }

    pub(super) async fn drain(&self) {
        self.shared.stop.notify_one();
        let writer = self.writer.lock().take();
        if let Some(writer) = writer
            && let Err(error) = writer.await
        {
            tracing::error!(%error, "the writer of read pointers ended early");
        }
    }
}

async fn write_regularly(db: Db, clock: Clock, shared: Arc<Shared>) {
    loop {
        let stopped = tokio::time::timeout(EVERY, shared.stop.notified()).await.is_ok();
        let pointers = std::mem::take(&mut *shared.unwritten.lock());
        if let Err(error) = write(&db, &clock, &pointers).await {
            tracing::warn!(%error, "read pointers could not be written and are kept");
            let mut unwritten = shared.unwritten.lock();
            for (key, pointer) in pointers {
                let kept = unwritten.entry(key).or_insert(pointer);
                *kept = (*kept).max(pointer);
            }
        }
        if stopped {
            return;
        }
    }
}

async fn write(db: &Db, clock: &Clock, pointers: &Pointers) -> Result<(), DbError> {
    // In one order on every node, so that two of them never wait for each other.
    let mut pointers: Vec<_> = pointers.iter().collect();
    pointers.sort_unstable_by_key(|(key, _)| **key);
    let update = db.backend().or_update("person_id, channel_id", &["seq", "ordinal", "updated_at"]);
    for chunk in pointers.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO read_pointers (person_id, channel_id, seq, ordinal, updated_at)
             VALUES {}{update}",
            value_groups(chunk.len(), 5)
        );
        let mut statement = db.query_built(text);
        for ((person, channel), pointer) in chunk {
            statement = statement
                .bind(person.bytes())
                .bind(channel.bytes())
                .bind(signed(pointer.seq))
                .bind(signed(pointer.ordinal))
                .bind(clock.now().0);
        }
        db.run(statement).await?;
    }
    Ok(())
}
