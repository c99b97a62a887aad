//! The cache of sign-ins.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;

use super::{Hash, SignIn};
use crate::clock::Uptime;

/// How long a cached sign-in stays valid. One that ends is dropped at once, by the announcement of
/// it, or within seconds if that was missed.
const LIFETIME: Duration = Duration::from_secs(30);
/// How many are cached; others are read from the database each time.
const MAX_KEPT: usize = 20_000;

/// A bounded cache by the secret's hash.
#[derive(Debug, Default)]
pub(super) struct Cache {
    known: DashMap<Hash, (SignIn, Uptime)>,
    generation: AtomicU64,
}

impl Cache {
    pub(super) fn get(&self, key: &Hash, now: Uptime) -> Option<SignIn> {
        let (sign_in, until) = self.known.get(key).map(|entry| *entry)?;
        (until > now).then_some(sign_in)
    }

    /// A number that changes with every sign-out; see [`Cache::put`].
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(Ordering::SeqCst)
    }

    /// Keeps what was read after `generation` was taken, unless somebody signed out since: the
    /// value may be stale.
    pub(super) fn put(&self, key: Hash, sign_in: SignIn, now: Uptime, generation: u64) {
        if self.known.len() >= MAX_KEPT {
            self.known.retain(|_, (_, until)| *until > now);
        }
        if self.known.len() < MAX_KEPT {
            self.known.insert(key, (sign_in, now.after(LIFETIME)));
        }
        // Checked after the insertion: a sign-out either finds the entry or is noticed here.
        if self.generation() != generation {
            self.known.remove(&key);
        }
    }

    /// Forgets those that have ended.
    pub(super) fn forget(&self, ended: impl Fn(&SignIn) -> bool) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.known.retain(|_, (sign_in, _)| !ended(sign_in));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{PersonId, SignInId};
    use uuid::Uuid;

    fn sign_in() -> SignIn {
        let person = PersonId(Uuid::from_u128(1));
        SignIn { id: SignInId(Uuid::from_u128(2)), person, guest: false }
    }

    #[test]
    fn a_sign_in_is_cached_for_half_a_minute() {
        let cache = Cache::default();
        cache.put([1; 32], sign_in(), Uptime::default(), cache.generation());
        assert_eq!(cache.get(&[1; 32], Uptime(Duration::from_millis(29_999))), Some(sign_in()));
        assert_eq!(cache.get(&[1; 32], Uptime(LIFETIME)), None);
    }

    #[test]
    fn a_sign_out_takes_effect_at_once() {
        let cache = Cache::default();
        cache.put([1; 32], sign_in(), Uptime::default(), cache.generation());
        cache.forget(|known| *known == sign_in());
        assert_eq!(cache.get(&[1; 32], Uptime::default()), None);
    }

    #[test]
    fn what_was_read_before_a_sign_out_is_not_kept() {
        let cache = Cache::default();
        let generation = cache.generation();
        cache.forget(|_| true);
        cache.put([1; 32], sign_in(), Uptime::default(), generation);
        assert_eq!(cache.get(&[1; 32], Uptime::default()), None);
    }
}
