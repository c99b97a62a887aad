//! What must be known about a person who opens a socket, read in one batch for all who do so at the
//! same time.
//!
//! It is read before the hub knows the connection. If anything changed in the meantime that such a
//! connection would have been notified of, it is read again.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::FutureExt as _;

use super::actor::{self, Standing};
use super::appearance::appearance_of;
use super::appearance_store::AppearanceRow;
use super::arrival_store;
use super::sign_in::{self, Found, SignIn};
use crate::clock::Timestamp;
use crate::db::{Batcher, Db, DbError};
use crate::events::EventSnapshot;
use crate::hub::Appearance;
use crate::id::{EventId, SignInId};
use crate::identity::Identity;
use crate::permission::Actor;
use crate::tasks::Tasks;

/// How the person who arrives is identified.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// By the secret of their cookie.
    Secret(sign_in::Hash),
    /// By a cached sign-in.
    SignIn(SignInId),
}

impl Who {
    /// The owner of this cookie.
    pub fn of_cookie(identity: &Identity, secret: &str) -> Self {
        let hash = sign_in::hash(secret);
        let known = identity.sign_ins.known(&hash, identity.clock.uptime());
        known.map_or(Self::Secret(hash), |sign_in| Self::SignIn(sign_in.id))
    }
}

/// A person who arrives in an event.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The sign-in that they come with.
    pub sign_in: SignIn,
    pub(super) found: Found,
    pub(super) appearance: AppearanceRow,
    pub(super) registered: bool,
    pub(super) administrator: bool,
}

impl Arrival {
    /// The actor they are in the event, for the permission function.
    pub fn actor(&self, event: &EventSnapshot) -> Actor {
        let SignIn { person, guest, .. } = self.sign_in;
        let standing = Standing { registered: self.registered, administrator: self.administrator };
        actor::assemble(event, person, guest, standing)
    }

    /// Whether their sign-in is still valid.
    pub(super) fn is_valid(&self, identity: &Identity, now: Timestamp) -> bool {
        identity.sign_ins.is_valid(&self.found, now)
    }

    /// How they appear to others.
    ///
    /// # Errors
    /// When their card cannot be encoded, which is a bug.
    pub fn appearance(&self, event: &EventSnapshot) -> Result<Appearance, DbError> {
        appearance_of(&self.appearance, event)
    }
}

/// Looks up those who arrive, in batches.
#[derive(Debug)]
pub struct Arrivals {
    together: Batcher<(EventId, Who), Option<Arrival>>,
    /// Counts changes of appearance.
    appearances: AtomicU64,
}

/// The versions of everything that can change during an arrival, at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeStamp {
    event: u64,
    sign_ins: u64,
    appearances: u64,
}

impl ChangeStamp {
    /// The versions now, with the event in this version.
    pub fn now(identity: &Identity, event: &EventSnapshot) -> Self {
        let appearances = identity.arrivals.appearances.load(Ordering::SeqCst);
        Self { event: event.version, sign_ins: identity.sign_ins.generation(), appearances }
    }
}

impl Arrivals {
    /// Reads from this database.
    pub fn new(db: &Db, tasks: &Tasks) -> Self {
        let db = db.clone();
        let together = Batcher::new(tasks, "identity.arrivals", move |arriving| {
            let db = db.clone();
            async move { read(&db, &arriving).await }.boxed()
        });
        Self { together, appearances: AtomicU64::new(0) }
    }

    /// Notes that somebody's appearance changed.
    pub(super) fn overtake(&self) {
        self.appearances.fetch_add(1, Ordering::SeqCst);
    }
}

/// Who arrives in an event; `None` if they are not signed in, or no longer.
///
/// # Errors
/// When the database does not answer.
pub async fn arrive(
    identity: &Identity,
    event: EventId,
    who: Who,
) -> Result<Option<Arrival>, DbError> {
    let generation = identity.sign_ins.generation();
    let arrival = identity.arrivals.together.ask((event, who)).await?;
    let Some(arrival) = arrival else { return Ok(None) };
    let is_valid = match who {
        Who::Secret(hash) => {
            sign_in::used(identity, hash, &arrival.found, generation).await?.is_some()
        }
        Who::SignIn(_) => arrival.is_valid(identity, identity.clock.now()),
    };
    Ok(Some(arrival).filter(|_| is_valid))
}

pub(super) async fn read(
    db: &Db,
    arriving: &[(EventId, Who)],
) -> Result<Vec<Option<Arrival>>, DbError> {
    let mut asked: BTreeMap<(EventId, &str), Vec<Vec<u8>>> = BTreeMap::new();
    for (event, who) in arriving {
        let (column, key) = match who {
            Who::Secret(hash) => ("s.token_hash", hash.to_vec()),
            Who::SignIn(id) => ("s.id", id.bytes()),
        };
        asked.entry((*event, column)).or_default().push(key);
    }
    let mut by_hash = HashMap::new();
    let mut by_id = HashMap::new();
    for ((event, column), keys) in asked {
        for (hash, arrival) in arrival_store::find(db, event, column, keys).await? {
            by_id.insert((event, arrival.sign_in.id.0), arrival.clone());
            by_hash.insert((event, hash), arrival);
        }
    }
    let arrival = |(event, who): &(EventId, Who)| match who {
        Who::Secret(hash) => by_hash.get(&(*event, hash.to_vec())).cloned(),
        Who::SignIn(id) => by_id.get(&(*event, id.0)).cloned(),
    };
    Ok(arriving.iter().map(arrival).collect())
}
