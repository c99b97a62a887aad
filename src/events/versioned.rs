//! A cache of shared answers, built once per version by the first request.
//!
//! After a change, thousands of browsers ask again at the same moment. The first request rebuilds
//! the answer, the others wait for it; the database is read once.

use std::hash::Hash;
use std::sync::Arc;

use dashmap::DashMap;
use tokio::sync::Mutex;

use crate::clock::Timestamp;

/// Something that was built from the database at one version.
#[derive(Debug)]
struct Made<T> {
    version: u64,
    /// When it expires even if the version stays.
    until: Option<Timestamp>,
    value: Arc<T>,
}

type Slot<T> = Arc<Mutex<Option<Made<T>>>>;

/// Values by key, each of the newest requested version. The keys must be existing things, so that
/// requests cannot fill the memory.
#[derive(Debug)]
pub struct Versioned<K: Eq + Hash, T> {
    slots: DashMap<K, Slot<T>>,
}

impl<K: Eq + Hash, T> Default for Versioned<K, T> {
    fn default() -> Self {
        Self { slots: DashMap::new() }
    }
}

impl<K: Eq + Hash, T> Versioned<K, T> {
    fn slot(&self, key: K) -> Slot<T> {
        // Reading first, because entry() would lock out everyone else.
        if let Some(slot) = self.slots.get(&key) {
            return Arc::clone(&slot);
        }
        Arc::clone(&self.slots.entry(key).or_default())
    }

    /// The value at this version; `make` is awaited only if there is none yet. It also returns when
    /// the value expires if the version stays.
    ///
    /// # Errors
    /// The error of `make`; nothing is cached then.
    pub async fn get<E>(
        &self,
        key: K,
        version: u64,
        now: Timestamp,
        make: impl Future<Output = Result<(T, Option<Timestamp>), E>>,
    ) -> Result<Arc<T>, E> {
        let slot = self.slot(key);
        let mut kept = slot.lock().await;
        if let Some(made) = &*kept {
            // A request may still have an older version: a newer value is fine as well.
            if made.version >= version && made.until.is_none_or(|until| until > now) {
                return Ok(Arc::clone(&made.value));
            }
        }
        let (value, until) = make.await?;
        let value = Arc::new(value);
        *kept = Some(Made { version, until, value: Arc::clone(&value) });
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    struct Maker(AtomicU32);

    impl Maker {
        async fn make(&self, until: Option<i64>) -> Result<(u32, Option<Timestamp>), ()> {
            tokio::task::yield_now().await;
            Ok((self.0.fetch_add(1, Ordering::SeqCst) + 1, until.map(Timestamp)))
        }
    }

    #[tokio::test]
    async fn a_crowd_at_a_new_version_makes_it_once() {
        let kept = Versioned::<u8, u32>::default();
        let maker = Maker(AtomicU32::new(0));
        let ask = |version| kept.get(1, version, Timestamp(0), maker.make(None));
        let (one, two, three) = tokio::join!(ask(7), ask(7), ask(7));
        assert_eq!([*one.unwrap(), *two.unwrap(), *three.unwrap()], [1, 1, 1]);
        assert_eq!(*ask(8).await.unwrap(), 2);
        assert_eq!(*ask(7).await.unwrap(), 2, "an older version is answered with the newer one");
    }

    #[tokio::test]
    async fn what_has_grown_old_is_made_again() {
        let kept = Versioned::<u8, u32>::default();
        let maker = Maker(AtomicU32::new(0));
        let ask = |now| kept.get(1, 1, Timestamp(now), maker.make(Some(100)));
        assert_eq!(*ask(0).await.unwrap(), 1);
        assert_eq!(*ask(99).await.unwrap(), 1);
        assert_eq!(*ask(100).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let kept = Versioned::<u8, u32>::default();
        let failed = kept.get(1, 1, Timestamp(0), async { Err::<(u32, _), _>("no") }).await;
        assert_eq!(failed, Err("no"));
        let maker = Maker(AtomicU32::new(0));
        assert_eq!(*kept.get(1, 1, Timestamp(0), maker.make(None)).await.unwrap(), 1);
    }
}
