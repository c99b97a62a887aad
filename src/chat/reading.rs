//! Read pointers: how far people have read, kept in memory and written to the database once a
//! second in a batch. A crash loses at most the last second of reading, never a message.
//!
//! People are notified once of a new message in a channel that they had read to the end, and not
//! again until they read.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::FutureExt as _;
use parking_lot::Mutex;
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

use super::store::pointers;
use crate::clock::Clock;
use crate::db::{Batcher, Db, DbError};
pub(crate) use crate::hub::Pointer;
use crate::id::{ChannelId, PersonId};
use crate::tasks::Tasks;

/// How often pointers are written.
const INTERVAL: Duration = Duration::from_secs(1);

/// The pointers of people, by channel.
pub(super) type Pointers = HashMap<PersonId, HashMap<ChannelId, Pointer>>;

/// The pointers that moved a moment ago: at most one per connected person, channel and second.
#[derive(Debug, Default)]
struct Moved {
    /// What is not written yet.
    unwritten: Pointers,
    /// What was written last, or is just being written.
    written: Pointers,
}

impl Moved {
    fn get(&self, person: PersonId, channel: ChannelId) -> Option<Pointer> {
        let of = |pointers: &Pointers| pointers.get(&person)?.get(&channel).copied();
        of(&self.unwritten).or_else(|| of(&self.written))
    }

    fn of_person(&self, person: PersonId) -> Option<HashMap<ChannelId, Pointer>> {
        let mut own = self.written.get(&person).cloned().unwrap_or_default();
        own.extend(self.unwritten.get(&person).into_iter().flatten());
        (!own.is_empty()).then_some(own)
    }
}

#[derive(Debug, Default)]
struct Shared {
    moved: Mutex<Moved>,
    stop: Notify,
}

impl Shared {
    fn moved(&self, person: PersonId, channel: ChannelId) -> Option<Pointer> {
        self.moved.lock().get(person, channel)
    }
}

/// The pointers and their writer.
#[derive(Debug)]
pub(crate) struct Reading {
    db: Db,
    clock: Clock,
    shared: Arc<Shared>,
    written: Batcher<(PersonId, ChannelId), Pointer>,
    writer: Mutex<Option<AbortOnDropHandle<()>>>,
}

impl Reading {
    pub(super) fn start(db: Db, clock: Clock, tasks: &Tasks) -> Self {
        let shared = Arc::new(Shared::default());
        let write = write_regularly(db.clone(), clock.clone(), Arc::clone(&shared));
        let writer = AbortOnDropHandle::new(tasks.spawn("chat.read_pointer_writer", write));
        let own = db.clone();
        let written =
            Batcher::new(tasks, "chat.read_pointers", move |places: Vec<(PersonId, ChannelId)>| {
                let db = own.clone();
                async move { pointers::read(&db, &places).await }.boxed()
            });
        Self { db, clock, shared, written, writer: Mutex::new(Some(writer)) }
    }

    /// Moves a pointer forward and returns its present position; it never moves back.
    pub(crate) async fn advance(
        &self,
        person: PersonId,
        channel: ChannelId,
        to: Pointer,
    ) -> Result<Pointer, DbError> {
        let stands = self.get(person, channel).await?;
        Ok(self.advance_from(person, channel, stands.max(to)))
    }

    /// Moves a pointer to at least this position, and returns its present one.
    pub(super) fn advance_from(
        &self,
        person: PersonId,
        channel: ChannelId,
        at_least: Pointer,
    ) -> Pointer {
        let mut moved = self.shared.moved.lock();
        let now = moved.get(person, channel).unwrap_or_default().max(at_least);
        moved.unwritten.entry(person).or_default().insert(channel, now);
        now
    }

    /// A pointer's position.
    pub(crate) async fn get(
        &self,
        person: PersonId,
        channel: ChannelId,
    ) -> Result<Pointer, DbError> {
        match self.shared.moved(person, channel) {
            Some(pointer) => Ok(pointer),
            None => self.written.ask((person, channel)).await,
        }
    }

    /// The position of a pointer that moved within the last second.
    pub(super) fn moved(&self, person: PersonId, channel: ChannelId) -> Option<Pointer> {
        self.shared.moved(person, channel)
    }

    /// Writes a person's pending pointers, so that queries find them. Mostly there are none.
    pub(crate) async fn write_now(&self, person: PersonId) -> Result<(), DbError> {
        let own = self.shared.moved.lock().of_person(person);
        match own {
            Some(own) => {
                let own = HashMap::from([(person, own)]);
                pointers::write(&self.db, &own, self.clock.now()).await
            }
            None => Ok(()),
        }
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
        let stopped = tokio::time::timeout(INTERVAL, shared.stop.notified()).await.is_ok();
        let written = {
            let mut moved = shared.moved.lock();
            moved.written = std::mem::take(&mut moved.unwritten);
            moved.written.clone()
        };
        if let Err(error) = pointers::write(&db, &written, clock.now()).await {
            tracing::warn!(%error, "read pointers could not be written and are kept");
            let mut moved = shared.moved.lock();
            for (person, own) in std::mem::take(&mut moved.written) {
                let known = moved.unwritten.entry(person).or_default();
                for (channel, pointer) in own {
                    let kept = known.entry(channel).or_insert(pointer);
                    *kept = (*kept).max(pointer);
                }
            }
        }
        if stopped {
            return;
        }
    }
}
