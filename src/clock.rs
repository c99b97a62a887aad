//! The time, passed in: everything that records or compares a time takes a [`Clock`], so that a
//! test can stand still or jump.
//!
//! There are two kinds of time, not to be confused. A [`Timestamp`] says when something happened,
//! to people, other nodes and the database. Durations on this node are measured by its [`Uptime`].

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A moment, in milliseconds since 1970-01-01T00:00:00 UTC, in the database and on the wire.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = i64, example = 1_700_000_000_000_i64)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment moved forward, saturating at the end of time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(millis))
    }

    /// This moment moved back, saturating at the beginning of time.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        let millis = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self(self.0.saturating_sub(millis))
    }

    /// The time from `earlier` to this moment; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// A moment by a node's own monotonic clock: how long the process has run. It is never set, and so
/// measures durations on a node. It means nothing to other nodes, or after a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uptime(pub Duration);

impl Uptime {
    /// This moment moved forward.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }

    /// This moment moved back, to the start of the process at most.
    #[must_use]
    pub fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(duration))
    }

    /// The time from `earlier` to this moment; zero if `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// The source of the present time.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock, which others may set.
    #[default]
    System,
    /// A hub's: it is independent of changes to the machine's clock, and set only by the hub.
    Even(Arc<Even>),
    /// The machine's clock, off by this many milliseconds, for tests of several hubs.
    Wrong(Arc<AtomicI64>),
    /// A clock that stands still until a test moves it.
    Manual(Arc<Hands>),
}

/// A monotonic clock with an adjustable start.
#[derive(Debug)]
pub struct Even {
    machine: Clock,
    /// The time when the process was started, in milliseconds.
    start: AtomicI64,
}

/// The hands of a stopped clock: the time and the uptime, in milliseconds.
#[derive(Debug)]
pub struct Hands {
    time: AtomicI64,
    uptime: AtomicU64,
}

impl Clock {
    /// A clock that stands at `start` until it is advanced.
    pub fn manual(start: Timestamp) -> Self {
        let (time, uptime) = (AtomicI64::new(start.0), AtomicU64::new(0));
        Self::Manual(Arc::new(Hands { time, uptime }))
    }

    /// A clock that starts with this one's time and runs evenly from then on. A manual clock stays
    /// what it is.
    #[must_use]
    pub fn even(self) -> Self {
        match self {
            Self::System | Self::Wrong(_) => {
                let start = AtomicI64::new(self.now().before(self.uptime().0).0);
                Self::Even(Arc::new(Even { machine: self, start }))
            }
            Self::Even(_) | Self::Manual(_) => self,
        }
    }

    /// The present time.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(system_millis()),
            Self::Even(even) => Timestamp(even.start.load(Ordering::SeqCst)).after(self.uptime().0),
            Self::Wrong(by) => Timestamp(system_millis() + by.load(Ordering::SeqCst)),
            Self::Manual(hands) => Timestamp(hands.time.load(Ordering::SeqCst)),
        }
    }

    /// How long the process has run.
    pub fn uptime(&self) -> Uptime {
        match self {
            Self::System | Self::Even(_) | Self::Wrong(_) => Uptime(START.elapsed()),
            Self::Manual(hands) => {
                Uptime(Duration::from_millis(hands.uptime.load(Ordering::SeqCst)))
            }
        }
    }

    /// The machine's time, if this is an even clock.
    pub fn machine(&self) -> Option<Timestamp> {
        match self {
            Self::Even(even) => Some(even.machine.now()),
            Self::System | Self::Wrong(_) | Self::Manual(_) => None,
        }
    }

    /// Sets an even clock; has no effect on others.
    pub fn set(&self, now: Timestamp) {
        if let Self::Even(even) = self {
            even.start.store(now.before(self.uptime().0).0, Ordering::SeqCst);
        }
    }

    /// Advances a manual clock; has no effect on others.
    pub fn advance(&self, by: Duration) {
        if let Self::Manual(hands) = self {
            let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
            hands.uptime.fetch_add(millis, Ordering::SeqCst);
            hands.time.fetch_add(i64::try_from(millis).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// When the process was started, approximately.
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_millis() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    #[test]
    fn an_even_clock_does_not_jump_with_the_machines() {
        let wrong = Arc::new(AtomicI64::new(0));
        let clock = Clock::Wrong(Arc::clone(&wrong)).even();
        let before = clock.now();
        for by in [HOUR, -HOUR] {
            wrong.store(by, Ordering::SeqCst);
            assert!(clock.now() >= before);
            assert!(clock.now().since(before) < Duration::from_secs(60));
            let machine = clock.machine().unwrap();
            assert!(machine.0.abs_diff(clock.now().0 + by) < 60_000);
        }
        clock.set(before.after(Duration::from_secs(3_600)));
        assert!(clock.now().since(before) >= Duration::from_secs(3_600));
    }

    #[test]
    fn a_manual_clock_stands_still_until_it_is_advanced_and_is_not_set() {
        let clock = Clock::manual(Timestamp(5)).even();
        clock.set(Timestamp(9));
        assert_eq!((clock.now(), clock.uptime()), (Timestamp(5), Uptime::default()));
        clock.advance(Duration::from_millis(2));
        assert_eq!((clock.now(), clock.uptime()), (Timestamp(7), Uptime(Duration::from_millis(2))));
    }
}
