//! Sign-ins: a secret in a cookie, its SHA-256 in the database.
//!
//! A sign-in lasts until [`LIFETIME`] after its last use, and not beyond the setting's absolute end.
//! Lookups are mostly answered by the [`cache`]. Ending one takes effect at once, on open sockets
//! too, through [`SignIns::listen`]. The end is also recorded in the transaction that ends it
//! ([`ended_since`]), so that other nodes learn of it even if they miss the announcement.
//!
//! A sign-in by mail is [*fresh*](is_fresh) for a while: its person may then change what else
//! takes the present password.

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
pub use store::{Listed, end_everybodys, ended_since, list, no_longer_fresh};

use super::announcements::SignInsEnded;
use super::person;

/// How long a sign-in lasts after it was last used.
pub const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);
/// The same for a guest, who loses nothing by coming in again.
pub const GUEST_LIFETIME: Duration = Duration::from_secs(2 * 24 * 3_600);
/// How long somebody who has come in by mail may change the address and the password.
pub const FRESH_FOR: Duration = Duration::from_secs(15 * 60);
/// How old the stored time of use may become before it is updated.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);
/// How long the end of a sign-in stays recorded: much longer than a serving node can be without
/// the database.
const ENDS_NOTED: Duration = Duration::from_secs(24 * 3_600);
/// How many expired sign-ins are ended in one transaction.
const EXPIRED_AT_ONCE: usize = 500;
/// How many sign-ins a person may have; one more ends the least recently used.
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

/// The end of a sign-in, upon which its sockets close. Always a single one: with "all of a person",
/// a node that receives it late would also end those begun since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Whose it was.
    pub person: PersonId,
    /// Which.
    pub sign_in: SignInId,
}

/// How many ends a listener may lag behind before it has to check everything again.
const ENDS_BUFFERED: usize = 1_024;

/// The cached sign-ins, and the stream of those that end.
#[derive(Debug)]
pub struct SignIns {
    cache: cache::Cache,
    ended: broadcast::Sender<Ended>,
    found: Batcher<Hash, Option<Found>>,
    longest: Duration,
}

impl SignIns {
    /// An empty cache of sign-ins that last no longer than this.
    pub fn new(db: &Db, longest: Duration, tasks: &Tasks) -> Self {
        let db = db.clone();
        let found = Batcher::new(tasks, "identity.sign_ins", move |hashes: Vec<Hash>| {
            let db = db.clone();
            async move { store::find(&db, &hashes).await }.boxed()
        });
        let ended = broadcast::Sender::new(ENDS_BUFFERED);
        Self { cache: cache::Cache::default(), ended, found, longest }
    }

    /// Whether it is still valid.
    pub(super) fn is_valid(&self, found: &Found, now: Timestamp) -> bool {
        found.expires_at > now && found.began_at.after(self.longest) > now
    }

    /// Until when a sign-in is valid that was used now.
    fn valid_until(&self, guest: bool, began_at: Timestamp, now: Timestamp) -> Timestamp {
        let unused = if guest { GUEST_LIFETIME } else { LIFETIME };
        now.after(unused).min(began_at.after(self.longest))
    }

    /// The cached sign-in of this secret.
    pub(super) fn known(&self, hash: &Hash, now: Uptime) -> Option<SignIn> {
        self.cache.get(hash, now)
    }

    /// A number that changes with every end of sign-ins.
    pub(super) fn generation(&self) -> u64 {
        self.cache.generation()
    }

    /// The sign-ins that end from now on.
    pub fn listen(&self) -> broadcast::Receiver<Ended> {
        self.ended.subscribe()
    }

    /// Empties the cache.
    pub(super) fn forget(&self) {
        self.cache.forget(|_| true);
    }

    /// Applies the end of these sign-ins to this node. Idempotent.
    pub(crate) fn apply_ends(&self, ends: &[Ended]) {
        let ids: HashSet<SignInId> = ends.iter().map(|ended| ended.sign_in).collect();
        self.cache.forget(|sign_in| ids.contains(&sign_in.id));
        for ended in ends {
            // Not an error: there may be no sockets.
            let _ = self.ended.send(*ended);
        }
    }
}

/// The browser and address a sign-in began from, shown to its owner in their list.
#[derive(Clone, Debug)]
pub struct Client {
    /// What the browser calls itself.
    pub user_agent: String,
    /// Where it is.
    pub address: IpAddr,
}

/// The stored form of a secret.
pub type Hash = [u8; 32];

/// The stored form of this secret.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}

/// The sign-in of this secret, if it is still valid; records its use.
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

/// The sign-in that was found after `generation` was taken, if it is still valid; records its use
/// and caches it.
pub(super) async fn used(
    identity: &Identity,
    key: Hash,
    found: &Found,
    generation: u64,
) -> Result<Option<SignIn>, DbError> {
    let now = identity.clock.now();
    if !identity.sign_ins.is_valid(found, now) {
        return Ok(None);
    }
    if now.since(found.seen_at) >= SEEN_EVERY {
        let guest = found.sign_in.guest;
        let expires_at = identity.sign_ins.valid_until(guest, found.began_at, now);
        store::seen(&identity.db, found.sign_in.id, now, expires_at).await?;
    }
    identity.sign_ins.cache.put(key, found.sign_in, identity.clock.uptime(), generation);
    Ok(Some(found.sign_in))
}

/// A sign-in that has just begun.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Their sign-in.
    pub sign_in: SignIn,
    /// The cookie's secret.
    pub secret: String,
    /// Where to go now.
    pub next: Option<String>,
}

/// Somebody who is signed in now, perhaps with the sign-in that the browser had before.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Their sign-in.
    pub sign_in: SignIn,
    /// The cookie's secret; `None` if the browser keeps the one it has.
    pub secret: Option<String>,
    /// Where to go now.
    pub next: Option<String>,
}

impl From<Entered> for Admitted {
    fn from(Entered { sign_in, secret, next }: Entered) -> Self {
        Self { sign_in, secret: Some(secret), next }
    }
}

/// Begins a sign-in by password.
///
/// # Errors
/// When the database refuses.
pub async fn enter(
    identity: &Identity,
    person: PersonId,
    client: &Client,
) -> Result<Entered, DbError> {
    let mut transaction = identity.db.begin().await?;
    let who = Entering { person, guest: false, by_mail: false };
    let entered = start(identity, &mut transaction, who, client).await?;
    transaction.commit().await?;
    Ok(entered)
}

/// Creates a read-only guest and begins their sign-in.
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

/// Begins a sign-in within the transaction that authenticated the person, who has read a mail of
/// ours or is a guest.
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
    let who = Entering { person, guest, by_mail: !guest };
    start(identity, transaction, who, client).await
}

/// Who signs in, and how.
struct Entering {
    person: PersonId,
    guest: bool,
    by_mail: bool,
}

async fn start(
    identity: &Identity,
    transaction: &mut Transaction,
    Entering { person, guest, by_mail }: Entering,
    client: &Client,
) -> Result<Entered, DbError> {
    let now = identity.clock.now();
    let secret = identity.random.secret();
    let sign_in = SignIn { id: SignInId::new(now, &identity.random), person, guest };
    let expires_at = identity.sign_ins.valid_until(guest, now, now);
    let new = store::NewSignIn {
        sign_in,
        hash: hash(&secret),
        expires_at,
        fresh_until: by_mail.then(|| now.after(FRESH_FOR)),
    };
    store::insert(&identity.db, transaction, new, client, now).await?;
    // Not committed yet: this node learns of it the same way as the others.
    let own = store::own(&identity.db, transaction, person).await?;
    let surplus = own.get(MAX_PER_PERSON..).unwrap_or_default();
    store::end(&identity.db, transaction, surplus, now).await?;
    Ok(Entered { sign_in, secret, next: None })
}

/// Makes a sign-in as good as one that begins now, by mail; returns whether it is still there.
pub(super) async fn renew(
    identity: &Identity,
    transaction: &mut Transaction,
    sign_in: SignIn,
) -> Result<bool, DbError> {
    let now = identity.clock.now();
    let until = (identity.sign_ins.valid_until(sign_in.guest, now, now), now.after(FRESH_FOR));
    store::renew(&identity.db, transaction, sign_in.id, now, until).await
}

/// Whether the person has come in by mail just now.
///
/// # Errors
/// When the database does not answer.
pub async fn is_fresh(identity: &Identity, sign_in: SignInId) -> Result<bool, DbError> {
    let until = store::fresh_until(&identity.db, sign_in).await?;
    Ok(until.is_some_and(|until| until > identity.clock.now()))
}

/// Ends one sign-in of a person; returns whether it existed.
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

/// Ends all sign-ins of a person except this one.
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

/// Ends the matching sign-ins of a person and returns whether there were any.
async fn end_where(
    identity: &Identity,
    person: PersonId,
    wanted: impl Fn(SignInId) -> bool,
) -> Result<bool, DbError> {
    let mut transaction = identity.db.begin().await?;
    let ends = end_in(identity, &mut transaction, person, wanted).await?;
    transaction.commit().await?;
    tell_ended(identity, &ends);
    Ok(!ends.is_empty())
}

/// Ends the matching sign-ins of a person as part of a transaction. After the commit,
/// [`tell_ended`] makes them known.
pub(super) async fn end_in(
    identity: &Identity,
    transaction: &mut Transaction,
    person: PersonId,
    wanted: impl Fn(SignInId) -> bool,
) -> Result<Vec<Ended>, DbError> {
    let mut ends = store::own(&identity.db, transaction, person).await?;
    ends.retain(|own| wanted(own.sign_in));
    store::end(&identity.db, transaction, &ends, identity.clock.now()).await?;
    Ok(ends)
}

/// Makes it known, here and on the other nodes, that these have ended.
pub(super) fn tell_ended(identity: &Identity, ends: &[Ended]) {
    for own in ends.chunk_by(|one, other| one.person == other.person) {
        let sign_ins = own.iter().map(|ended| ended.sign_in).collect();
        identity.bus.announce(None, &SignInsEnded { person: own[0].person, sign_ins });
    }
    identity.sign_ins.apply_ends(ends);
}

/// Ends the sign-ins that have expired, so that their sockets close, and removes the records of
/// ends that every node has read.
///
/// # Errors
/// When the database refuses.
pub async fn sweep(identity: &Identity) -> Result<(), DbError> {
    let (db, now) = (&identity.db, identity.clock.now());
    let began_before = now.before(identity.sign_ins.longest);
    loop {
        let ends = store::expired(db, now, began_before, EXPIRED_AT_ONCE).await?;
        let mut transaction = db.begin().await?;
        store::end(db, &mut transaction, &ends, now).await?;
        transaction.commit().await?;
        tell_ended(identity, &ends);
        if ends.len() < EXPIRED_AT_ONCE {
            break;
        }
    }
    store::forget_ends(db, now.before(ENDS_NOTED)).await
}
