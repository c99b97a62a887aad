//! Token buckets: a burst at once, and then a rate per second. By uptime, which is monotonic.

use std::collections::HashMap;
use std::hash::Hash;

use parking_lot::Mutex;

use crate::clock::Uptime;

/// A token in a bucket's units: at one token a second a bucket gains one unit a millisecond.
const TOKEN: u64 = 1_000;

/// A bucket of tokens that refills over time.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// How many tokens it holds, in thousandths.
    capacity: u64,
    /// How many tokens it gains each second.
    per_second: u64,
    tokens: u64,
    /// In milliseconds of uptime.
    filled_at: u64,
}

impl Bucket {
    /// A full bucket of `burst` tokens that gains `per_second`.
    pub fn new(burst: u32, per_second: u32, now: Uptime) -> Self {
        let capacity = u64::from(burst.max(1)) * TOKEN;
        let per_second = u64::from(per_second.max(1));
        Self { capacity, per_second, tokens: capacity, filled_at: millis(now) }
    }

    /// Takes a token, or returns in how many milliseconds there is one.
    ///
    /// # Errors
    /// The time to wait.
    pub fn take(&mut self, now: Uptime) -> Result<(), u64> {
        let now = millis(now);
        let gained = now.saturating_sub(self.filled_at).saturating_mul(self.per_second);
        self.tokens = self.tokens.saturating_add(gained).min(self.capacity);
        self.filled_at = self.filled_at.max(now);
        match self.tokens.checked_sub(TOKEN) {
            Some(left) => {
                self.tokens = left;
                Ok(())
            }
            None => Err((TOKEN - self.tokens).div_ceil(self.per_second)),
        }
    }
}

fn millis(uptime: Uptime) -> u64 {
    u64::try_from(uptime.0.as_millis()).unwrap_or(u64::MAX)
}

/// How many buckets a generation keeps. With more, the oldest are dropped before they are full;
/// that takes more people than a hub has sockets.
const KEPT: usize = 100_000;

/// A bucket per key, all of one size.
#[derive(Debug)]
pub struct Buckets<K> {
    full: Bucket,
    /// How many milliseconds an empty bucket takes to fill.
    fills_in: u64,
    generations: Mutex<Generations<K>>,
}

/// The buckets by when they were last used. One that is unused for as long as it takes to fill is
/// equal to a new one. So the older generation is dropped as a whole, and no message pays for
/// scanning the others' buckets.
#[derive(Debug)]
struct Generations<K> {
    /// Used since `began`.
    young: HashMap<K, Bucket>,
    /// Used before, and for at least as long as a bucket takes to fill.
    old: HashMap<K, Bucket>,
    /// In milliseconds of uptime.
    began: u64,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Buckets of `burst` tokens that gain `per_second`.
    pub fn new(burst: u32, per_second: u32) -> Self {
        let full = Bucket::new(burst, per_second, Uptime::default());
        let generations = Generations { young: HashMap::new(), old: HashMap::new(), began: 0 };
        let fills_in = full.capacity.div_ceil(full.per_second);
        Self { full, fills_in, generations: Mutex::new(generations) }
    }

    /// Takes a token from this key's bucket, which is full at first.
    ///
    /// # Errors
    /// In how many milliseconds there is one.
    pub fn take(&self, key: K, now: Uptime) -> Result<(), u64> {
        let mut generations = self.generations.lock();
        generations.age(millis(now), self.fills_in);
        let Generations { young, old, .. } = &mut *generations;
        let full = || Bucket { filled_at: millis(now), ..self.full };
        let before = old.remove(&key);
        young.entry(key).or_insert_with(|| before.unwrap_or_else(full)).take(now)
    }
}

impl<K> Generations<K> {
    fn age(&mut self, now: u64, fills_in: u64) {
        let age = now.saturating_sub(self.began);
        if age < fills_in && self.young.len() < KEPT {
            return;
        }
        self.old = std::mem::take(&mut self.young);
        if age >= 2 * fills_in {
            self.old = HashMap::new();
        }
        self.began = now;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(millis: u64) -> Uptime {
        Uptime(Duration::from_millis(millis))
    }

    #[test]
    fn a_burst_passes_and_then_the_rate_per_second() {
        let mut bucket = Bucket::new(2, 4, at(1_000));
        assert_eq!([bucket.take(at(1_000)), bucket.take(at(1_000))], [Ok(()), Ok(())]);
        assert_eq!(bucket.take(at(1_000)), Err(250));
        assert_eq!(bucket.take(at(1_250)), Ok(()));
        assert_eq!(bucket.take(at(1_000)), Err(250), "of two cores, the later may come first");
        assert_eq!(bucket.take(at(1_499)), Err(1));
    }

    #[test]
    fn fractions_of_a_millisecond_add_up() {
        let mut bucket = Bucket::new(1, 1, at(0));
        bucket.take(at(0)).expect("the first");
        let micros = |micros| Uptime(Duration::from_micros(micros));
        assert!((0..2_500).all(|step| bucket.take(micros(step * 400)).is_err()));
        assert_eq!(bucket.take(micros(1_000_000)), Ok(()));
    }

    #[test]
    fn a_bucket_is_dropped_when_it_is_full_and_not_before() {
        let buckets = Buckets::new(2, 1);
        for time in [100, 100, 1_100, 2_100, 3_100] {
            assert_eq!(buckets.take("fast", at(time)), Ok(()));
        }
        // Two seconds later it would be full; a generation has ended meanwhile.
        assert_eq!(buckets.take("fast", at(3_200)), Err(900));
        assert_eq!(buckets.take("other", at(4_050)), Ok(()));
        assert_eq!(buckets.take("fast", at(4_060)), Err(40));
        assert_eq!(buckets.take("fast", at(4_110)), Ok(()));
        assert_eq!(buckets.take("fast", at(4_110)), Err(990));
        assert_eq!(buckets.take("other", at(9_000)), Ok(()));
        let generations = buckets.generations.lock();
        assert_eq!((generations.young.len(), generations.old.len()), (1, 0));
    }

    #[test]
    fn a_crowd_that_sends_fast_costs_each_message_the_same_and_little_memory() {
        let buckets = Buckets::new(2, 1);
        let begin = std::time::Instant::now();
        for key in 0..500_000 {
            buckets.take(key, at(1_000)).expect("a new bucket");
        }
        // Scanning all of them for each message took 11 seconds for 20,000.
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
        let generations = buckets.generations.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * KEPT);
    }
}
