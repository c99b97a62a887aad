//! Who runs the installation or one of its events: few people, but needed with every request.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::RwLock;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::store;
use crate::db::{Db, DbError};
use crate::id::PersonId;

/// How long they stay valid, and so how late a grant is noticed that was made outside this hub
/// without an announcement.
const LIFETIME: Duration = Duration::from_secs(5);

#[derive(Debug)]
struct Known {
    administrators: HashSet<PersonId>,
    /// Those who run at least one event.
    of_events: HashSet<PersonId>,
    generation: u64,
    read_at: Instant,
}

/// Who runs the installation or one of its events. Bounded by the number of such grants, each of
/// which was given by hand.
#[derive(Debug)]
pub struct Organizers {
    db: Db,
    known: RwLock<Option<Known>>,
    generation: AtomicU64,
    turn: Mutex<()>,
}

impl Organizers {
    pub(super) fn new(db: &Db) -> Self {
        Self {
            db: db.clone(),
            known: RwLock::default(),
            generation: AtomicU64::new(0),
            turn: Mutex::default(),
        }
    }

    /// Whether this person organizes the whole installation.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_administrator(&self, person: PersonId) -> Result<bool, DbError> {
        self.look(|known| known.administrators.contains(&person)).await
    }

    /// Everybody who organizes the whole installation.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn administrators(&self) -> Result<HashSet<PersonId>, DbError> {
        self.look(|known| known.administrators.clone()).await
    }

    /// Whether this person organizes any event.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn has_of_event(&self, person: PersonId) -> Result<bool, DbError> {
        self.look(|known| known.of_events.contains(&person)).await
    }

    /// Invalidates the cache: somebody was given or lost such a role.
    pub(crate) fn invalidate(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    async fn look<T>(&self, answer: impl Fn(&Known) -> T) -> Result<T, DbError> {
        if let Some(known) = self.known.read().as_ref().filter(|known| self.is_good(known)) {
            return Ok(answer(known));
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.known.read().as_ref().filter(|known| self.is_good(known)) {
            return Ok(answer(known));
        }
        let generation = self.generation.load(Ordering::SeqCst);
        let (administrators, of_events) = match store::organizers(&self.db).await {
            Ok(read) => read,
            Err(error) => return self.without_database(generation, error, answer),
        };
        let known = Known { administrators, of_events, generation, read_at: Instant::now() };
        let answered = answer(&known);
        *self.known.write() = Some(known);
        Ok(answered)
    }

    /// Extends the cached answer, unless it has been invalidated.
    fn without_database<T>(
        &self,
        generation: u64,
        error: DbError,
        answer: impl Fn(&Known) -> T,
    ) -> Result<T, DbError> {
        let mut known = self.known.write();
        let Some(known) = known.as_mut().filter(|known| known.generation == generation) else {
            return Err(error);
        };
        tracing::warn!(%error, "could not refresh the list of organizers; the cached one remains in use");
        known.read_at = Instant::now();
        Ok(answer(known))
    }

    fn is_good(&self, known: &Known) -> bool {
        known.generation == self.generation.load(Ordering::SeqCst)
            && known.read_at.elapsed() < LIFETIME
    }
}
