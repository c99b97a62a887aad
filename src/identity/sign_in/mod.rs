//! Who is signed in: a secret in a cookie, its SHA-256 in the database.
//!
//! A sign-in lasts as long as it is used, and [`LIFETIME`] beyond. Looking one up costs a read of
//! memory most of the time ([`cache`]); ending one takes effect at once, on open sockets too, by
//! the news of [`SignIns::listen`]. That a sign-in has ended is noted in the transaction that ends
//! it ([`ended_since`]), so that other nodes learn of it whatever else they miss.

mod cache;
mod cookie;
mod store;

use std::collections::HashSet;
use std::net::IpAddr;
use std::time::Duration;

use futures_util::future::FutureExt as _;
use sha2::{Digest as _, Sha256};
use tokio::sync::broadcast;

use crate::clock::{Timestamp, Uptime};
use crate::db::{Batcher, Db, DbError, Transaction};
use crate::id::{PersonId, SignInId};
use crate::identity::Identity;
use crate::tasks::Tasks;

pub use cookie::{cookie, cookie_name, no_cookie};
pub(super) use store::{COLUMNS, Found};
pub use store::{Listed, end_everybodys, ended_since, list};

use super::announcements::SignInsEnded;
use super::person;

/// How long a sign-in lasts after it was last used.
pub const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);
/// The same for a guest, who loses nothing by coming in again.
pub const GUEST_LIFETIME: Duration = Duration::from_secs(2 * 24 * 3_600);
/// How old the noted time of use may become before it is written again.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);
/// How long it is noted that a sign-in has ended: much longer than a node that serves people goes
/// without the database.
const ENDS_NOTED: Duration = Duration::from_secs(24 * 3_600);
/// How many sign-ins a person may have; beginning one more ends the one not used for longest.
const MAX_PER_PERSON: usize = 30;

/// A valid sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The sign-in itself.
    pub id: SignInId,
    /// Whose it is.
    pub person: PersonId,
    /// Whether that person is a read-only guest.
    pub guest: bool,
}

/// The news that a sign-in has ended, so that sockets that were opened with it close. Always one by
/// one: of "all of a person", a node that hears of it late would take those begun since for ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose it was.
    pub person: PersonId,
    /// Which.
    pub sign_in: SignInId,
}

/// How many ends a listener may be behind before it has to look at everything again.
const ENDS_KEPT: usize = 1_024;

/// The sign-ins that are in memory, and the news of those that end.
#[derive(Debug)]
pub struct SignIns {
    cache: cache::Cache,
    ended: broadcast::Sender<Ended>,
    found: Batcher<Hash, Option<Found>>,
}

impl SignIns {
    /// Nobody is known yet.
    pub fn new(db: &Db, tasks: &Tasks) -> Self {
        let db = db.clone();
        let found = Batcher::new(tasks, "identity.sign_ins", move |hashes: Vec<Hash>| {
            let db = db.clone();
            async move { store::find(&db, &hashes).await }.boxed()
        });
        Self { cache: cache::Cache::default(), ended: broadcast::Sender::new(ENDS_KEPT), found }
    }

    /// The sign-in of this secret, if it was looked up a moment ago.
    pub(super) fn known(&self, hash: &Hash, now: Uptime) -> Option<SignIn> {
        self.cache.get(hash, now)
    }

    /// A number that changes with every end of sign-ins.
    pub(super) fn generation(&self) -> u64 {
        self.cache.generation()
    }

    /// The news of sign-ins that end, from now on.
    pub fn listen(&self) -> broadcast::Receiver<Ended> {
        self.ended.subscribe()
    }

    /// Forgets who was looked up a moment ago; they are looked up again.
    pub(super) fn forget(&self) {
        self.cache.forget(|_| true);
    }

    /// Makes it felt on this node that these have ended. To hear of it twice does no harm.
    pub(crate) fn hear(&self, ends: &[Ended]) {
        let ids: HashSet<SignInId> = ends.iter().map(|ended| ended.sign_in).collect();
        self.cache.forget(|sign_in| ids.contains(&sign_in.id));
        for ended in ends {
            // Nobody listening is no error: there may be no sockets.
            let _ = self.ended.send(*ended);
        }
    }
}

/// The browser and the network that a sign-in is begun from, for the list of own sign-ins.
#[derive(Clone, Debug)]
pub struct Client {
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where it is.
    pub address: IpAddr,
}

/// What is stored of a secret.
pub type Hash = [u8; 32];

/// What is stored of this secret.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The sign-in that this secret belongs to, if it is still valid; notes that it was used.
///
/// # Errors
/// When the database does not answer.
pub async fn find(identity: &Identity, secret: &str) -> Result<Option<SignIn>, DbError> {
    let key = hash(secret);
    let sign_ins = &identity.sign_ins;
    if let Some(sign_in) = sign_ins.known(&key, identity.clock.uptime()) {
        return Ok(Some(sign_in));
    }
    let generation = sign_ins.generation();
    let Some(found) = sign_ins.found.ask(key).await? else { return Ok(None) };
    used(identity, key, &found, generation).await
}

/// The sign-in that was found after `generation` was taken, if it is still valid; notes that it was
/// used, and keeps it for the next time.
pub(super) async fn used(
    identity: &Identity,
    key: Hash,
    found: &Found,
    generation: u64,
) -> Result<Option<SignIn>, DbError> {
    let now = identity.clock.now();
    if found.expires_at <= now {
        return Ok(None);
    }
    if now.since(found.seen_at) >= SEEN_EVERY {
        let expires_at = now.after(lifetime(found.sign_in.guest));
        store::seen(&identity.db, found.sign_in.id, now, expires_at).await?;
    }
    identity.sign_ins.cache.put(key, found.sign_in, identity.clock.uptime(), generation);
    Ok(Some(found.sign_in))
}

fn lifetime(guest: bool) -> Duration {
    if guest { GUEST_LIFETIME } else { LIFETIME }
}

/// Somebody who has come in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Their sign-in.
    pub sign_in: SignIn,
    /// The cookie's secret.
    pub secret: String,
    /// Where to go now.
    pub next: Option<String>,
}

/// Begins a sign-in.
///
/// # Errors
/// When the database refuses.
pub async fn enter(
    identity: &Identity,
    person: PersonId,
    client: &Client,
) -> Result<Entered, DbError> {
    let mut transaction = identity.db.begin().await?;
    let entered = begin(identity, &mut transaction, person, false, client).await?;
    transaction.commit().await?;
    Ok(entered)
}

/// Makes a read-only guest and begins their sign-in.
///
/// # Errors
/// When the database refuses.
pub async fn enter_as_guest(identity: &Identity, client: &Client) -> Result<Entered, DbError> {
    let mut transaction = identity.db.begin().await?;
    let now = identity.clock.now();
    let guest = person::create_guest(&identity.db, &mut transaction, now, &identity.random).await?;
    let entered = begin(identity, &mut transaction, guest, true, client).await?;
    transaction.commit().await?;
    Ok(entered)
}

/// Begins a sign-in within the transaction that found out who it is.
///
/// # Errors
/// When the database refuses.
pub async fn begin(
    identity: &Identity,
    transaction: &mut Transaction,
    person: PersonId,
    guest: bool,
    client: &Client,
) -> Result<Entered, DbError> {
    let now = identity.clock.now();
    let secret = identity.random.secret();
    let sign_in = SignIn { id: SignInId::new(now, &identity.random), person, guest };
    let expires_at = now.after(lifetime(guest));
    store::insert(&identity.db, transaction, sign_in, &hash(&secret), client, now, expires_at)
        .await?;
    // It is not committed yet: this node hears of it with the others.
    let own = store::own(&identity.db, transaction, person).await?;
    let surplus = own.get(MAX_PER_PERSON..).unwrap_or_default();
    store::end(&identity.db, transaction, surplus, now).await?;
    Ok(Entered { sign_in, secret, next: None })
}

/// Ends one sign-in of a person; tells whether there was such a one.
///
/// # Errors
/// When the database refuses.
pub async fn end(
    identity: &Identity,
    person: PersonId,
    sign_in: SignInId,
) -> Result<bool, DbError> {
    end_where(identity, person, |own| own == sign_in).await
}

/// Ends every sign-in of a person, but for the one that is excepted.
///
/// # Errors
/// When the database refuses.
pub async fn end_all(
    identity: &Identity,
    person: PersonId,
    except: Option<SignInId>,
) -> Result<(), DbError> {
    end_where(identity, person, |own| Some(own) != except).await?;
    Ok(())
}

/// Ends those of a person's sign-ins and tells whether there were any.
async fn end_where(
    identity: &Identity,
    person: PersonId,
    wanted: impl Fn(SignInId) -> bool,
) -> Result<bool, DbError> {
    let mut transaction = identity.db.begin().await?;
    let mut ends = store::own(&identity.db, &mut transaction, person).await?;
    ends.retain(|own| wanted(own.sign_in));
    store::end(&identity.db, &mut transaction, &ends, identity.clock.now()).await?;
    transaction.commit().await?;
    let sign_ins = ends.iter().map(|ended| ended.sign_in).collect();
    identity.bus.announce(None, &SignInsEnded { person, sign_ins });
    identity.sign_ins.hear(&ends);
    Ok(!ends.is_empty())
}

/// Removes the sign-ins that have expired, and the notes of ends that every node has read.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(db: &Db, now: Timestamp) -> Result<(), DbError> {
    store::delete_expired(db, now).await?;
    store::forget_ends(db, now.before(ENDS_NOTED)).await
}
