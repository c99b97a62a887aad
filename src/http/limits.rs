//! Limits on how often one network address, or one e-mail address, may do something expensive.
//!
//! Counted in memory on each node. A whole conference may share one network address, so that limit
//! is generous and configurable; the one per e-mail address protects mailboxes from floods and
//! passwords from guessing.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::address::ClientAddress;
use super::problem::Problem;
use crate::clock::Clock;
use crate::id::PersonId;
use crate::text::EmailAddress;

/// How many keys one limit tracks; beyond that, new ones are refused until old ones expire.
const MAX_KEYS: usize = 100_000;

/// The limits of the REST edge.
#[derive(Debug)]
pub struct Limits {
    by_address: Keyed<IpAddr>,
    mails: Keyed<String>,
    passwords: Keyed<String>,
    codes: Keyed<IpAddr>,
    changes_of_account: Keyed<PersonId>,
    changes_to_mailbox: Keyed<String>,
    pictures: Keyed<PersonId>,
}

impl Limits {
    /// Allows this many requests per minute per network address; the other limits are fixed.
    pub fn new(clock: &Clock, per_address: NonZeroU32) -> Self {
        let minute = Duration::from_secs(60);
        let day = 24 * 60 * minute;
        Self {
            by_address: Keyed::new(clock, per_address, minute),
            mails: Keyed::new(clock, FIVE, 15 * minute),
            passwords: Keyed::new(clock, TEN, 10 * minute),
            codes: Keyed::new(clock, SIXTY, 60 * minute),
            changes_of_account: Keyed::new(clock, FIVE, day),
            changes_to_mailbox: Keyed::new(clock, FIVE, day),
            pictures: Keyed::new(clock, TEN, 10 * minute),
        }
    }

    /// Counts a sign-in, a registration, a mail or a guest against the network address.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn address(&self, address: ClientAddress) -> Result<(), Problem> {
        self.by_address.check(&address.limit_key())
    }

    /// Counts a requested mail against the mailbox.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn mail(&self, email: &EmailAddress) -> Result<(), Problem> {
        self.mails.check(&email.key())
    }

    /// Counts an attempt to sign in by password against the account.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn password(&self, account: &str) -> Result<(), Problem> {
        self.passwords.check(&account.to_lowercase())
    }

    /// Counts a try of a mailed code against the network address: six digits must not be guessed from
    /// one place for many mailboxes.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn code(&self, address: ClientAddress) -> Result<(), Problem> {
        self.codes.check(&address.limit_key())
    }

    /// Counts a change of an account's address against the account and against the new mailbox, which
    /// may be a stranger's: a handful each a day.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn address_change(&self, person: PersonId, email: &EmailAddress) -> Result<(), Problem> {
        self.changes_of_account.check(&person)?;
        self.changes_to_mailbox.check(&email.key())
    }

    /// Counts a picture against the person, because it keeps a core busy for a while.
    ///
    /// # Errors
    /// `rate.limited` with the time to wait.
    pub fn picture(&self, person: PersonId) -> Result<(), Problem> {
        self.pictures.check(&person)
    }

    /// Drops keys that are back at their full allowance; called regularly to bound memory.
    pub fn sweep(&self) {
        self.by_address.limiter.retain_recent();
        self.mails.limiter.retain_recent();
        self.passwords.limiter.retain_recent();
        self.codes.limiter.retain_recent();
        self.changes_of_account.limiter.retain_recent();
        self.changes_to_mailbox.limiter.retain_recent();
        self.pictures.limiter.retain_recent();
    }
}

const FIVE: NonZeroU32 = NonZeroU32::new(5).expect("not zero");
const SIXTY: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const TEN: NonZeroU32 = NonZeroU32::new(10).expect("not zero");

struct Keyed<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, DashMapStateStore<K>, LimitClock, NoOpMiddleware<Duration>>,
    clock: LimitClock,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(clock: &Clock, burst: NonZeroU32, refilled_in: Duration) -> Self {
        let clock = LimitClock(clock.clone());
        let each = refilled_in / burst.get();
        let quota = Quota::with_period(each).unwrap_or(Quota::per_second(burst)).allow_burst(burst);
        let limiter = RateLimiter::new(quota, DashMapStateStore::default(), clock.clone());
        Self { limiter, clock }
    }

    fn check(&self, key: &K) -> Result<(), Problem> {
        if self.limiter.len() >= MAX_KEYS {
            self.limiter.retain_recent();
            if self.limiter.len() >= MAX_KEYS {
                return Err(limited(Duration::from_secs(60)));
            }
        }
        self.limiter
            .check_key(key)
            .map_err(|refused| limited(refused.wait_time_from(self.clock.now())))
    }
}

impl<K: Hash + Eq + Clone> std::fmt::Debug for Keyed<K> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The keys are addresses.
        formatter.debug_struct("Keyed").field("keys", &self.limiter.len()).finish()
    }
}

/// The answer when a limit is exceeded.
pub fn limited(wait: Duration) -> Problem {
    let detail = format!(
        "Too many attempts. Please wait {} and try again.",
        match wait.as_secs().saturating_add(1) {
            1 => "a second".to_owned(),
            seconds @ 2..=90 => format!("{seconds} seconds"),
            seconds @ 91..=5_400 => format!("{} minutes", seconds.div_ceil(60)),
            seconds => format!("{} hours", seconds.div_ceil(3_600)),
        }
    );
    let problem = Problem::new("rate.limited", detail);
    let millis = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
    Problem { retry_after_ms: Some(millis.max(1)), ..problem }
}

/// The hub's clock as the limiter needs it: time since the start, which is monotonic.
#[derive(Clone, Debug)]
struct LimitClock(Clock);

impl governor::clock::Clock for LimitClock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.uptime().0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn a_mailbox_gets_a_handful_and_then_one_every_three_minutes() {
        let clock = Clock::manual(Timestamp(0));
        let limits = Limits::new(&clock, TEN);
        let email: EmailAddress = "ada@example.org".parse().unwrap();
        for _ in 0..5 {
            limits.mail(&email).unwrap();
        }
        let problem = limits.mail(&"ADA@example.org".parse().unwrap()).unwrap_err();
        assert_eq!(problem.status, 429);
        assert!((1..=180_000).contains(&problem.retry_after_ms.unwrap()));
        assert!(limits.mail(&"bob@example.org".parse().unwrap()).is_ok());
        clock.advance(Duration::from_secs(180));
        assert!(limits.mail(&email).is_ok());
        assert!(limits.mail(&email).is_err());
    }

    #[test]
    fn keys_with_their_full_allowance_are_dropped() {
        let clock = Clock::manual(Timestamp(0));
        let limits = Limits::new(&clock, TEN);
        limits.address(ClientAddress("192.0.2.1".parse().unwrap())).unwrap();
        clock.advance(Duration::from_secs(600));
        limits.sweep();
        assert_eq!(limits.by_address.limiter.len(), 0);
    }
}
