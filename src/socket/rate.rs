//! Token buckets: so much at once, so much per second.

use std::hash::Hash;

use dashmap::DashMap;

use crate::clock::Timestamp;

/// A bucket of tokens that fills again by itself.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// How many tokens it holds, in thousandths.
    capacity: i64,
    /// How many tokens it gains each second.
    per_second: i64,
    tokens: i64,
    filled_at: Timestamp,
}

impl Bucket {
    /// A full bucket of `burst` tokens that gains `per_second`.
    pub fn new(burst: u32, per_second: u32, now: Timestamp) -> Self {
        let capacity = i64::from(burst) * 1_000;
        Self { capacity, per_second: i64::from(per_second), tokens: capacity, filled_at: now }
    }

    /// Whether it is, or would be by now, as full as it gets: then it can be forgotten.
    fn is_full(&self, now: Timestamp) -> bool {
        let elapsed = now.0.saturating_sub(self.filled_at.0).max(0);
        self.tokens.saturating_add(elapsed.saturating_mul(self.per_second)) >= self.capacity
    }

    /// Takes a token, or says in how many milliseconds there is one.
    ///
    /// # Errors
    /// The time to wait.
    pub fn take(&mut self, now: Timestamp) -> Result<(), u64> {
        // A clock that jumps back gives nothing and takes nothing.
        let elapsed = now.0.saturating_sub(self.filled_at.0).max(0);
        let gained = elapsed.saturating_mul(self.per_second);
        self.tokens = self.tokens.saturating_add(gained).min(self.capacity);
        self.filled_at = now;
        if self.tokens >= 1_000 {
            self.tokens -= 1_000;
            return Ok(());
        }
        let missing = u64::try_from(1_000 - self.tokens).unwrap_or(1_000);
        Err(missing.div_ceil(u64::try_from(self.per_second.max(1)).unwrap_or(1)))
    }
}

/// How many buckets are kept before the full ones are forgotten.
const KEPT: usize = 10_000;

/// A bucket for each of many.
#[derive(Debug)]
pub struct Buckets<K: Eq + Hash> {
    buckets: DashMap<K, Bucket>,
}

impl<K: Eq + Hash> Default for Buckets<K> {
    fn default() -> Self {
        Self { buckets: DashMap::new() }
    }
}

impl<K: Eq + Hash> Buckets<K> {
    /// Takes a token of this one's bucket, which is `full` at first.
    ///
    /// # Errors
    /// In how many milliseconds there is one.
    pub fn take(&self, key: K, full: impl FnOnce() -> Bucket, now: Timestamp) -> Result<(), u64> {
        if self.buckets.len() > KEPT {
            self.buckets.retain(|_, bucket| !bucket.is_full(now));
        }
        self.buckets.entry(key).or_insert_with(full).take(now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_and_then_so_much_per_second() {
        let now = Timestamp(1_000);
        let mut bucket = Bucket::new(2, 4, now);
        assert_eq!([bucket.take(now), bucket.take(now)], [Ok(()), Ok(())]);
        assert_eq!(bucket.take(now), Err(250));
        assert_eq!(bucket.take(now.after(Duration::from_millis(250))), Ok(()));
        assert_eq!(bucket.take(now.before(Duration::from_secs(9))), Err(250));
    }
}
