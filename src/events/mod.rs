//! Events (conferences), and what every part of the hub must know about one at any moment.
//!
//! That knowledge is an [`EventSnapshot`]: rooms, channels, roles, and a [`Piece`] of each capability
//! that has one, read from the database in one go and replaced as a whole. Every change of it is a
//! transaction that calls [`touch`] (which raises the event's version) followed by [`Changes::tell`],
//! which tells other nodes, reads the snapshot again and rings the bell, so that rules are answered
//! from memory alone. What can change is a [`Part`] each; they and the kinds of channels are
//! [`Registered`] by who they belong to.

mod announcements;
mod change;
mod channel_kind;
pub mod details;
pub mod fields;
mod form;
mod news;
mod observer;
mod part;
mod piece;
mod registered;
pub mod rooms;
mod snapshot;
pub mod store;
pub mod ticket_types;
mod told;
mod versioned;
pub mod view;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use parking_lot::RwLock;
use tokio::sync::broadcast;
use tokio::time::timeout;

pub use announcements::announcements;
pub use change::{Changes, EventChange};
pub use channel_kind::{ChannelKind, Shown};
pub use form::RegistrationForm;
pub use news::{News, Versions};
pub use observer::Observer;
use observer::Observers;
pub use part::{Access, Differing, Part};
pub use piece::Piece;
pub use registered::{Registered, RegisteredTwice};
#[cfg(test)]
pub(crate) use snapshot::at_version;
pub use snapshot::{ChannelInfo, EventSnapshot, EventState, RoomInfo};
pub use store::{channels, hold_version, touch, version_in};
use told::Told;
pub use versioned::Versioned;
pub use watch::{differing, watch};

use crate::clock::Clock;
use crate::db::{Connection, Db, DbError, READ_TIMEOUT};
use crate::id::{EventId, PersonId};
use crate::text::Slug;

/// The news that an event has changed, after the change is committed and the snapshot replaced.
#[derive(Clone, Debug)]
pub struct Change {
    /// The event as it is now.
    pub event: Arc<EventSnapshot>,
    /// What has changed.
    pub part: Part,
    /// Whom it concerns; everyone if empty.
    pub people: Vec<PersonId>,
}

/// How many readings of an event were requested, and how many of them are done.
#[derive(Debug, Default)]
struct Reloads {
    asked: AtomicU64,
    covered: tokio::sync::Mutex<u64>,
}

/// How many changes a listener may lag behind before it has to check everything again.
const CHANGES_KEPT: usize = 1_024;

/// The events of this installation, read on demand.
#[derive(Debug)]
pub struct Events {
    db: Db,
    clock: Clock,
    by_slug: DashMap<String, EventId>,
    snapshots: DashMap<EventId, Arc<EventSnapshot>>,
    /// The versions published to listeners. Others may read newer ones.
    told: DashMap<EventId, Told>,
    reloads: DashMap<EventId, Arc<Reloads>>,
    changes: broadcast::Sender<Change>,
    list_version: AtomicU64,
    fingerprint: AtomicU64,
    observers: Observers,
    registered: RwLock<Arc<Registered>>,
}

impl Events {
    /// No events yet; they are read on first use.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self {
            db,
            clock,
            by_slug: DashMap::new(),
            snapshots: DashMap::new(),
            told: DashMap::new(),
            reloads: DashMap::new(),
            changes: broadcast::Sender::new(CHANGES_KEPT),
            list_version: AtomicU64::new(0),
            fingerprint: AtomicU64::new(0),
            observers: Observers::default(),
            registered: RwLock::default(),
        }
    }

    /// The event of that slug, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_slug(&self, slug: &str) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        let known = self.by_slug.get(slug).map(|id| *id);
        if let Some(id) = known {
            return self.by_id(id).await;
        }
        // Skips what cannot be a slug, as not every database accepts every text.
        if Slug::try_from(slug.to_owned()).is_err() {
            return Ok(None);
        }
        // Only existing events are cached, so that invalid requests cannot fill the memory.
        let Some(id) = store::id_of_slug(&self.db, slug).await? else { return Ok(None) };
        self.by_slug.insert(slug.to_owned(), id);
        self.by_id(id).await
    }

    /// The event of that id, if there is one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn by_id(&self, id: EventId) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        let known = self.snapshots.get(&id).map(|snapshot| Arc::clone(&snapshot));
        match known {
            Some(snapshot) => Ok(Some(snapshot)),
            None => self.reload(id).await,
        }
    }

    /// The event with that id at this version or a newer one, if there is one; read over this
    /// connection if necessary, so that a running transaction needs no second one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn at_least(
        &self,
        connection: &mut Connection,
        id: EventId,
        version: u64,
    ) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        match self.known(id).filter(|known| known.version >= version) {
            Some(known) => Ok(Some(known)),
            None => self.read(connection, id).await,
        }
    }

    /// The event of that id, if it has been read before.
    pub fn known(&self, id: EventId) -> Option<Arc<EventSnapshot>> {
        self.snapshots.get(&id).map(|snapshot| Arc::clone(&snapshot))
    }

    /// Applies a committed change, of this node or another: reads the event again and notifies the
    /// listeners.
    ///
    /// # Errors
    /// When the database does not answer. Listeners are then notified later.
    pub(crate) async fn hear(
        &self,
        id: EventId,
        versions: Versions,
        news: Vec<News>,
    ) -> Result<(), DbError> {
        if news.iter().any(|one| one.part.is(Part::EVENT)) {
            self.list_version.fetch_add(1, Ordering::SeqCst);
        }
        for one in &news {
            self.observers.changed(id, one.part, &one.people);
        }
        let known = self.known(id).filter(|known| known.version >= versions.version);
        let event = match known {
            Some(known) => Some(known),
            None => self.reload_together(id).await?,
        };
        let Some(event) = event else { return Ok(()) };
        self.told_of(id, &event, |told| told.add(versions, &event));
        for News { part, people } in news {
            self.tell(&event, part, people);
        }
        Ok(())
    }

    /// Makes the listeners check these people again: something has changed for them outside the
    /// event.
    pub(crate) fn remind(&self, id: EventId, part: Part, people: Vec<PersonId>) {
        self.observers.changed(id, part, &people);
        if let Some(event) = self.known(id) {
            self.tell(&event, part, people);
        }
    }

    fn tell(&self, event: &Arc<EventSnapshot>, part: Part, people: Vec<PersonId>) {
        // Not an error without listeners: a command line has no sockets.
        let _ = self.changes.send(Change { event: Arc::clone(event), part, people });
    }

    fn told_of(&self, id: EventId, event: &Arc<EventSnapshot>, note: impl FnOnce(&mut Told)) {
        note(&mut self.told.entry(id).or_insert_with(|| Told::new(event)));
    }

    /// The news from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// Raised when the list of events may have changed.
    pub fn list_version(&self) -> u64 {
        self.list_version.load(Ordering::SeqCst)
    }

    /// The events or their versions have changed, including events not cached here: their list has
    /// to be rebuilt.
    fn list_is(&self, fingerprint: u64) {
        if self.fingerprint.swap(fingerprint, Ordering::SeqCst) != fingerprint {
            self.list_version.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Reads the event again, once for all changes that were committed before the reading began:
    /// a hundred sanctions at once cost two readings, not a hundred.
    async fn reload_together(&self, id: EventId) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        let reloads = Arc::clone(&self.reloads.entry(id).or_default());
        let own = reloads.asked.fetch_add(1, Ordering::SeqCst) + 1;
        let mut covered = reloads.covered.lock().await;
        if *covered >= own {
            return Ok(self.known(id));
        }
        let asked = reloads.asked.load(Ordering::SeqCst);
        let event = self.reload(id).await?;
        *covered = asked;
        Ok(event)
    }

    async fn reload(&self, id: EventId) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        let mut reading = self.db.reading().await?;
        let read = timeout(READ_TIMEOUT, self.read(reading.connection(), id)).await;
        reading.finish(read)
    }

    async fn read(
        &self,
        connection: &mut Connection,
        id: EventId,
    ) -> Result<Option<Arc<EventSnapshot>>, DbError> {
        let (registered, now) = (self.registered(), self.clock.now());
        let read = store::snapshot(&self.db, connection, id, &registered, now).await?;
        let Some(read) = read else { return Ok(None) };
        let read = Arc::new(read);
        self.told.entry(id).or_insert_with(|| Told::new(&read));
        // Two reloads can overtake each other; the newer version stays.
        let mut kept = self.snapshots.entry(id).or_insert_with(|| Arc::clone(&read));
        if read.version >= kept.version {
            *kept = Arc::clone(&read);
        }
        Ok(Some(Arc::clone(&kept)))
    }
}
