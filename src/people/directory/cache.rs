//! The cache of an event's directory, read again where it is stale.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use tokio::time::Instant;

use super::due::{Due, MAX_STALE, People, State};
use super::kept::Kept;
use super::{DirectoryPerson, Position, Wanted, store};
use crate::clock::Clock;
use crate::db::{Db, DbError};
use crate::events::EventSnapshot;
use crate::http::conditional::Document;
use crate::id::PersonId;
use crate::protocol::Refusal;

/// Above this many people each page is read from the database: a directory then takes 15 MB.
const MAX_KEPT: usize = 50_000;
/// How far before the last reading changes are looked for: a change becomes visible only when it is
/// committed, and another hub's clock may be behind.
const OVERLAP: Duration = Duration::from_secs(5);
/// How many pages are cached; each has a few thousand bytes.
const MAX_PAGES: usize = 64;

type Stamp = (u64, u64);
type Pages = HashMap<(u32, Option<Position>), (Stamp, Arc<Document>)>;

/// An event's directory.
#[derive(Debug)]
pub(super) struct DirectoryCache {
    state: RwLock<State>,
    /// Held by who reads.
    turn: tokio::sync::Mutex<()>,
    /// Pages without a search, as they are sent, with the revision and the version they are of.
    pages: Mutex<Pages>,
}

impl Default for DirectoryCache {
    fn default() -> Self {
        Self {
            state: RwLock::new(State::unread()),
            turn: tokio::sync::Mutex::default(),
            pages: Mutex::default(),
        }
    }
}

impl DirectoryCache {
    /// Marks these people, or all if empty, to be read again before they are shown.
    pub(super) fn doubt(&self, people: &[PersonId]) {
        self.state.write().doubt(people);
    }

    /// Reads what has changed, once for all who wait for it.
    pub(super) async fn refresh(
        &self,
        db: &Db,
        clock: &Clock,
        event: &EventSnapshot,
    ) -> Result<(), DbError> {
        if self.state.read().due(event.version) == Due::Nothing {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        // This may find people to read again.
        for _ in 0..2 {
            let due = self.state.read().due(event.version);
            match due {
                Due::Nothing => break,
                Due::All => self.read_all(db, clock, event).await?,
                Due::Some => self.read_some(db, event).await?,
                Due::Look => self.look(db, clock, event).await,
            }
        }
        Ok(())
    }

    async fn read_all(&self, db: &Db, clock: &Clock, event: &EventSnapshot) -> Result<(), DbError> {
        let (began, doubts) = (clock.now(), self.state.read().doubts);
        let read = store::whole(db, event.id, MAX_KEPT + 1).await;
        let mut state = self.state.write();
        state.read_at = Instant::now();
        match read {
            Ok(people) => {
                state.looked_at = state.read_at;
                state.settle(doubts);
                state.all_doubted = state.all_doubted.filter(|doubt| *doubt > doubts);
                state.known_until = began;
                state.version = event.version;
                state.revision += 1;
                state.people = match people.len() {
                    0..=MAX_KEPT => People::Read(Kept::new(people)),
                    _ => People::TooMany,
                };
                Ok(())
            }
            Err(error) => go_on(&state, error),
        }
    }

    async fn read_some(&self, db: &Db, event: &EventSnapshot) -> Result<(), DbError> {
        let (doubts, people): (u64, Vec<PersonId>) = {
            let state = self.state.read();
            (state.doubts, state.doubted.keys().copied().collect())
        };
        if people.is_empty() {
            return Ok(());
        }
        // Not without the database: one of them may have opted out.
        let found = store::these(db, event.id, &people).await?;
        let mut state = self.state.write();
        state.settle(doubts);
        if let People::Read(kept) = &mut state.people {
            let changed = kept.replace(&people, found);
            let too_many = kept.len() > MAX_KEPT;
            state.revision += u64::from(changed);
            if too_many {
                state.people = People::TooMany;
            }
        }
        Ok(())
    }

    async fn look(&self, db: &Db, clock: &Clock, event: &EventSnapshot) {
        let began = clock.now();
        let since = self.state.read().known_until.before(OVERLAP);
        let changed = store::changed_since(db, event.id, since, MAX_STALE + 1).await;
        let mut state = self.state.write();
        state.looked_at = Instant::now();
        match changed {
            Ok(changed) => {
                state.known_until = began;
                if !changed.is_empty() {
                    state.doubt(&changed);
                }
            }
            Err(error) => tracing::warn!(%error, "changes of the directory are not known"),
        }
    }

    /// A page, ready to be sent; `None` if there are too many people to be cached.
    pub(super) fn page(
        &self,
        event: &EventSnapshot,
        wanted: &Wanted,
    ) -> Result<Option<Arc<Document>>, Refusal> {
        let key = (wanted.size, wanted.after.clone());
        let (stamp, found) = {
            let state = self.state.read();
            let People::Read(kept) = &state.people else { return Ok(None) };
            let stamp = (state.revision, event.version);
            if wanted.words.is_empty()
                && let Some((of, document)) = self.pages.lock().get(&key)
                && *of == stamp
            {
                return Ok(Some(Arc::clone(document)));
            }
            let found = kept.page(wanted).map(|entry| entry.person(event));
            (stamp, found.collect::<Result<Vec<_>, _>>()?)
        };
        let document = Arc::new(Document::new(&wanted.page(found))?);
        if wanted.words.is_empty() {
            let mut pages = self.pages.lock();
            if pages.len() >= MAX_PAGES {
                pages.clear();
            }
            pages.insert(key, (stamp, Arc::clone(&document)));
        }
        Ok(Some(document))
    }

    /// The person with that id, if they are in the cached directory.
    pub(super) fn find(
        &self,
        event: &EventSnapshot,
        person: PersonId,
    ) -> Result<Option<DirectoryPerson>, DbError> {
        let state = self.state.read();
        let People::Read(kept) = &state.people else { return Ok(None) };
        kept.find(person).map(|entry| entry.person(event)).transpose()
    }
}

/// Without the database, the cached state remains in use.
fn go_on(state: &State, error: DbError) -> Result<(), DbError> {
    if matches!(state.people, People::Unread) {
        return Err(error);
    }
    tracing::warn!(%error, "the directory could not be read again");
    Ok(())
}
