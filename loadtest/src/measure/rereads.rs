//! What was read again after a change: who was told of it, and how the reads were spread over the
//! time that was told.

use serde::{Deserialize, Serialize};

use super::account::Counts;
use super::latency::Latency;
use crate::clock::{MILLISECOND, Nanos, SECOND};

/// How long the steps are in which reads are counted.
const STEP: Nanos = 50 * MILLISECOND;
/// Over how long a time the busiest moment is looked for: the longest that fits four times into the
/// time that was told.
const WINDOWS: [Nanos; 3] = [SECOND, 250 * MILLISECOND, STEP];
/// How many steps are counted: five minutes.
const MAX_STEPS: usize = 6_000;

/// The reads after one change.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Rereads {
    /// Who are to be told, and to read.
    pub(crate) expected: u64,
    /// Who were told.
    pub(crate) told: u64,
    /// Within how many milliseconds they were told to read; the longest where nodes differ.
    pub(crate) within_ms: u64,
    /// From the moment of the change until each was told.
    pub(crate) hearing: Latency,
    /// Reads that brought what is new.
    pub(crate) done: u64,
    /// Those that did not, and changes that were not made, by why.
    pub(crate) failed: Counts,
    /// How much later than its moment a read began.
    pub(crate) late: Latency,
    /// From the moment of a read to the end of its answer.
    pub(crate) answer: Latency,
    /// How many reads began in each step after the change.
    pub(crate) begun: Vec<u64>,
}

impl Rereads {
    /// A read has begun, so long after the change.
    pub(crate) fn begin(&mut self, after: Nanos) {
        let step = usize::try_from(after / STEP).unwrap_or(MAX_STEPS).min(MAX_STEPS - 1);
        if step >= self.begun.len() {
            self.begun.resize(step + 1, 0);
        }
        self.begun[step] += 1;
    }

    /// Those of others as well.
    pub(crate) fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.told += other.told;
        self.within_ms = self.within_ms.max(other.within_ms);
        self.hearing.add(&other.hearing);
        self.done += other.done;
        for (why, count) in &other.failed {
            *self.failed.entry(why.clone()).or_default() += count;
        }
        self.late.add(&other.late);
        self.answer.add(&other.answer);
        if self.begun.len() < other.begun.len() {
            self.begun.resize(other.begun.len(), 0);
        }
        for (own, others) in self.begun.iter_mut().zip(&other.begun) {
            *own += others;
        }
    }

    /// How many do not have what is new; nothing where nobody was to read.
    pub(crate) fn unread(&self) -> Option<u64> {
        (self.expected > 0).then(|| self.expected.saturating_sub(self.done))
    }

    /// Over how long a time the busiest moment is looked for.
    pub(crate) fn window(&self) -> Nanos {
        let within = self.within_ms.saturating_mul(MILLISECOND);
        WINDOWS.into_iter().find(|window| 4 * window <= within).unwrap_or(STEP)
    }

    /// The most reads that began within any such time.
    pub(crate) fn most(&self) -> u64 {
        let steps = usize::try_from(self.window() / STEP).unwrap_or(1);
        let sums = self.begun.windows(steps.min(self.begun.len().max(1)));
        sums.map(|steps| steps.iter().sum()).max().unwrap_or(0)
    }

    /// These beside as many as there would be if all reads were spread evenly over the time that was
    /// told, which should be four such times at least. Nothing where nobody read.
    pub(crate) fn busiest(&self) -> Option<f64> {
        let all: u64 = self.begun.iter().sum();
        let within = self.within_ms.saturating_mul(MILLISECOND).max(4 * self.window());
        let even = all as f64 * self.window() as f64 / within as f64;
        (all > 0).then(|| self.most() as f64 / even)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(within_ms: u64) -> Rereads {
        Rereads { within_ms, ..Rereads::default() }
    }

    #[test]
    fn even_reads_have_no_busiest_second_and_a_rush_has_one() {
        let mut even = told(12_000);
        (0..12_000).for_each(|number| even.begin(number * MILLISECOND));
        assert_eq!((even.window(), even.most(), even.busiest()), (SECOND, 1_000, Some(1.0)));
        let mut rush = told(12_000);
        (0..12_000).for_each(|number| rush.begin(number % 1_000 * MILLISECOND));
        assert_eq!((rush.most(), rush.busiest()), (12_000, Some(12.0)));
    }

    #[test]
    fn the_busiest_second_need_not_begin_with_one() {
        let mut reads = told(4_000);
        (0..10).for_each(|number| reads.begin(1_600 * MILLISECOND + number * 90 * MILLISECOND));
        assert_eq!(reads.most(), 10);
    }

    #[test]
    fn who_is_told_no_time_at_all_rushes() {
        let mut reads = told(0);
        (0..100).for_each(|_| reads.begin(0));
        assert_eq!((reads.window(), reads.busiest()), (STEP, Some(4.0)));
        assert_eq!(told(250).busiest(), None);
    }

    #[test]
    fn parts_are_added_step_by_step() {
        let one = Rereads { expected: 3, done: 2, ..told(1_000) };
        let (mut both, mut late) = (one.clone(), one);
        both.begin(0);
        late.begin(700 * MILLISECOND);
        both.add(&late);
        assert_eq!((both.unread(), both.most(), both.window()), (Some(2), 1, 250 * MILLISECOND));
        assert_eq!(both.busiest(), Some(2.0));
        assert_eq!(Rereads::default().unread(), None, "in other scenarios");
    }
}
