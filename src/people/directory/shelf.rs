//! An event's directory and whether it can still be believed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use tokio::time::Instant;

use super::kept::Kept;
use super::{DirectoryPerson, Position, Wanted, store};
use crate::clock::{Clock, Timestamp};
use crate::db::{Db, DbError};
use crate::events::EventSnapshot;
use crate::http::conditional::Document;
use crate::http::problem::Problem;
use crate::id::PersonId;

/// Above so many people the database is asked for each page: a directory then takes 15 MB.
const MOST: usize = 50_000;
/// So many people are read again by themselves; for more, all are.
const MOST_DOUBTED: usize = 1_000;
/// How soon all are read again at the earliest: it costs a tenth of a second for 12,000 people.
const WHOLE_EVERY: Duration = Duration::from_secs(2);
/// How soon all are read again because the event's version is another one. What is known to concern
/// the directory does not wait for that; this is for what was told to nobody here.
const VERSION_EVERY: Duration = Duration::from_secs(10);
/// How often changes are looked for that raise no version and were made beside this hub.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// How much longer than since the last time they are looked for: a change is seen only when it is
/// committed, and another hub's clock may be behind.
const OVERLAP: Duration = Duration::from_secs(5);
/// How long a directory that was too large is taken for that.
const LARGE_FOR: Duration = Duration::from_secs(600);
/// How many pages are kept ready; each is some thousand bytes.
const MOST_PAGES: usize = 64;

#[derive(Debug, Default)]
enum People {
    #[default]
    Unread,
    Read(Kept),
    TooMany,
}

#[derive(Debug)]
struct State {
    people: People,
    /// How often somebody was doubted.
    doubts: u64,
    /// Those who may have changed since they were read, with the number of the doubt.
    doubted: HashMap<PersonId, u64>,
    /// The number of the doubt by which everybody may have changed.
    all_doubted: Option<u64>,
    /// At which version of the event, or a later one, all were read.
    version: u64,
    read_at: Instant,
    looked_at: Instant,
    /// What was changed before this time, by this hub's clock, is known.
    known_until: Timestamp,
    /// Raised when somebody comes, goes or changes.
    revision: u64,
}

/// What is to be read before the directory can be believed.
#[derive(Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    All,
    Some,
    Look,
}

impl State {
    fn due(&self, version: u64) -> Due {
        let read = self.read_at.elapsed();
        match self.people {
            People::Unread => return Due::All,
            People::TooMany if read < LARGE_FOR => return Due::Nothing,
            People::TooMany => return Due::All,
            People::Read(_) => {}
        }
        if self.all_doubted.is_some() && read >= WHOLE_EVERY
            || self.version < version && read >= VERSION_EVERY
        {
            Due::All
        } else if !self.doubted.is_empty() {
            Due::Some
        } else if self.looked_at.elapsed() >= LOOK_EVERY {
            Due::Look
        } else {
            Due::Nothing
        }
    }

    /// Nobody named means everybody.
    fn doubt(&mut self, people: &[PersonId]) {
        self.doubts += 1;
        if people.is_empty() || self.doubted.len() + people.len() > MOST_DOUBTED {
            self.all_doubted = Some(self.doubts);
            self.doubted.clear();
        } else if !matches!(self.people, People::TooMany) {
            self.doubted.extend(people.iter().map(|person| (*person, self.doubts)));
        }
    }

    /// Those who were doubted one by one before the reading began were read. Not noted earlier: a
    /// reading may be given up on its way.
    fn settle(&mut self, began: u64) {
        self.doubted.retain(|_, doubt| *doubt > began);
    }
}

type Stamp = (u64, u64);
type Pages = HashMap<(u32, Option<Position>), (Stamp, Arc<Document>)>;

/// An event's directory.
#[derive(Debug)]
pub(super) struct Shelf {
    state: RwLock<State>,
    /// Held by who reads.
    turn: tokio::sync::Mutex<()>,
    /// Pages without a search, as they are sent, with the revision and the version they are of.
    pages: Mutex<Pages>,
}

impl Default for Shelf {
    fn default() -> Self {
        let now = Instant::now();
        let state = State {
            people: People::Unread,
            doubts: 0,
            doubted: HashMap::new(),
            all_doubted: None,
            version: 0,
            read_at: now,
            looked_at: now,
            known_until: Timestamp(0),
            revision: 0,
        };
        Self {
            state: RwLock::new(state),
            turn: tokio::sync::Mutex::default(),
            pages: Mutex::default(),
        }
    }
}

impl Shelf {
    /// These people, or all when nobody is named, are to be read again before they are shown.
    pub(super) fn doubt(&self, people: &[PersonId]) {
        self.state.write().doubt(people);
    }

    /// Reads what has changed, once for everybody who waits for it.
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
        // Looking may find whom to read again.
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
        let read = store::whole(db, event.id, MOST + 1).await;
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
                    0..=MOST => People::Read(Kept::new(people)),
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
        // Not without the database: perhaps one of them does not want to be found any more.
        let found = store::these(db, event.id, &people).await?;
        let mut state = self.state.write();
        state.settle(doubts);
        if let People::Read(kept) = &mut state.people {
            let changed = kept.replace(&people, found);
            let too_many = kept.len() > MOST;
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
        let changed = store::changed_since(db, event.id, since, MOST_DOUBTED + 1).await;
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

    /// A page, ready to be sent; nothing when there are too many people to be kept.
    pub(super) fn page(
        &self,
        event: &EventSnapshot,
        wanted: &Wanted,
    ) -> Result<Option<Arc<Document>>, Problem> {
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
            if pages.len() >= MOST_PAGES {
                pages.clear();
            }
            pages.insert(key, (stamp, Arc::clone(&document)));
        }
        Ok(Some(document))
    }

    /// The person of that id, if they are known to be in the directory.
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

/// Without the database, what was read goes on being shown.
fn go_on(state: &State, error: DbError) -> Result<(), DbError> {
    if matches!(state.people, People::Unread) {
        return Err(error);
    }
    tracing::warn!(%error, "the directory could not be read again");
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;
    use uuid::Uuid;

    use super::*;

    fn person(number: usize) -> PersonId {
        PersonId(Uuid::from_u128(number as u128))
    }

    fn read_at(version: u64) -> State {
        let Shelf { state, .. } = Shelf::default();
        State { people: People::Read(Kept::default()), version, ..state.into_inner() }
    }

    #[tokio::test(start_paused = true)]
    async fn some_are_read_again_at_once_and_all_after_a_while() {
        let mut state = read_at(7);
        assert_eq!(state.due(7), Due::Nothing);
        state.doubt(&[person(1)]);
        assert_eq!(state.due(7), Due::Some);
        state.doubt(&[]);
        assert_eq!(state.due(7), Due::Nothing, "all were read a moment ago");
        state.doubt(&[person(2)]);
        assert_eq!(state.due(7), Due::Some, "what is done here is seen here at once");
        advance(WHOLE_EVERY).await;
        assert_eq!(state.due(7), Due::All);
    }

    #[tokio::test(start_paused = true)]
    async fn a_crowd_of_doubts_is_one_reading() {
        let mut state = read_at(7);
        for number in 0..=MOST_DOUBTED {
            state.doubt(&[person(number)]);
        }
        assert!(state.doubted.is_empty());
        advance(WHOLE_EVERY).await;
        assert_eq!(state.due(7), Due::All);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_told_to_nobody_is_looked_for() {
        let state = read_at(7);
        assert_eq!(state.due(8), Due::Nothing);
        advance(LOOK_EVERY).await;
        assert_eq!(state.due(8), Due::Look);
        advance(VERSION_EVERY).await;
        assert_eq!((state.due(7), state.due(8)), (Due::Look, Due::All));
    }

    #[tokio::test]
    async fn a_doubt_that_came_during_a_reading_stays() {
        let mut state = read_at(7);
        state.doubt(&[person(1)]);
        let began = state.doubts;
        state.doubt(&[person(2)]);
        state.settle(began);
        assert_eq!(state.doubted.keys().collect::<Vec<_>>(), [&person(2)]);
    }
}
