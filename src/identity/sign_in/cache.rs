//! The sign-ins that were looked up a moment ago.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;

use super::{Hash, SignIn};
use crate::clock::Uptime;

/// How long a sign-in is believed without asking the database. One that ends is forgotten at once, by
/// what nodes tell each other, and within seconds where that is not heard.
const BELIEVED_FOR: Duration = Duration::from_secs(30);
/// How many are kept; beyond that the database is asked.
const MOST: usize = 20_000;

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
    /// reading may have been overtaken by that.
    pub(super) fn put(&self, key: Hash, sign_in: SignIn, now: Uptime, generation: u64) {
        if self.known.len() >= MOST {
            self.known.retain(|_, (_, until)| *until > now);
        }
        if self.known.len() < MOST {
            self.known.insert(key, (sign_in, now.after(BELIEVED_FOR)));
        }
        // Asked after the insertion: a sign-out either finds the entry or is noticed here.
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
    fn what_was_read_is_believed_for_half_a_minute() {
        let cache = Cache::default();
        cache.put([1; 32], sign_in(), Uptime::default(), cache.generation());
        assert_eq!(cache.get(&[1; 32], Uptime(Duration::from_millis(29_999))), Some(sign_in()));
        assert_eq!(cache.get(&[1; 32], Uptime(BELIEVED_FOR)), None);
    }

    #[test]
    fn a_sign_out_is_known_at_once() {
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
