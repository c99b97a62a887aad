//! What one receiver has of one room: numbers, each to come once and in order.

/// What the arrival of a range of numbers says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arrival {
    /// Numbers that are new.
    pub(crate) new: u64,
    /// Numbers that were passed over and are missing now.
    pub(crate) skipped: u64,
    /// Numbers of earlier holes, come late.
    pub(crate) late: u64,
    /// Numbers that were there already.
    pub(crate) again: u64,
}

/// The numbers that have come: all up to the newest, but for what is missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tracker {
    newest: u64,
    /// Holes as (after, up to), ascending; empty while all is well, and then without memory.
    missing: Vec<(u64, u64)>,
}

/// How many holes one receiver may have; beyond, the last two become one.
const MAX_GAPS: usize = 4_096;

impl Tracker {
    /// One that has everything up to this number and counts what comes from there.
    pub(crate) fn starting_at(number: u64) -> Self {
        Self { newest: number, missing: Vec::new() }
    }

    /// The number up to which it has everything.
    pub(crate) fn complete(&self) -> u64 {
        self.missing.first().map_or(self.newest, |(after, _)| *after)
    }

    /// The highest number it has seen.
    pub(crate) fn newest(&self) -> u64 {
        self.newest
    }

    /// How many numbers are missing, if there are so many.
    pub(crate) fn missing(&self, head: u64) -> u64 {
        let holes: u64 = self.missing.iter().map(|(after, up_to)| up_to - after).sum();
        holes + head.saturating_sub(self.newest)
    }

    /// The numbers after `after`, up to `up_to`, have come.
    pub(crate) fn arrive(&mut self, after: u64, up_to: u64) -> Arrival {
        let mut arrival = Arrival::default();
        if after > self.newest {
            arrival.skipped = after - self.newest;
            self.miss(self.newest, after);
            self.newest = after;
        }
        if up_to > self.newest {
            arrival.new = up_to - self.newest.max(after);
        }
        let old = up_to.min(self.newest);
        if after < old {
            arrival.late = self.fill(after, old);
            arrival.again = old - after - arrival.late;
        }
        self.newest = self.newest.max(up_to);
        arrival
    }

    /// Everything up to this number need no longer come: the server has said so. How much of it
    /// had not.
    pub(crate) fn forgive(&mut self, up_to: u64) -> u64 {
        let arrival = self.arrive(0, up_to);
        arrival.new + arrival.late
    }

    fn miss(&mut self, after: u64, up_to: u64) {
        let full = self.missing.len() >= MAX_GAPS;
        match self.missing.last_mut() {
            Some(last) if full => last.1 = up_to,
            _ => self.missing.push((after, up_to)),
        }
    }

    /// Takes a range out of what is missing: how much of it was.
    fn fill(&mut self, after: u64, up_to: u64) -> u64 {
        if self.missing.is_empty() {
            return 0;
        }
        let mut filled = 0;
        let mut left = Vec::new();
        for (from, to) in std::mem::take(&mut self.missing) {
            let (low, high) = (from.max(after), to.min(up_to));
            if low >= high {
                left.push((from, to));
                continue;
            }
            filled += high - low;
            if from < low {
                left.push((from, low));
            }
            if high < to {
                left.push((high, to));
            }
        }
        self.missing = left;
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(new: u64, skipped: u64, late: u64, again: u64) -> Arrival {
        Arrival { new, skipped, late, again }
    }

    #[test]
    fn one_after_the_other_is_new() {
        let mut tracker = Tracker::starting_at(10);
        assert_eq!(tracker.arrive(10, 11), arrival(1, 0, 0, 0));
        assert_eq!(tracker.arrive(11, 14), arrival(3, 0, 0, 0));
        assert_eq!((tracker.complete(), tracker.missing(14), tracker.missing(16)), (14, 0, 2));
    }

    #[test]
    fn a_hole_is_seen_and_seen_to_be_filled() {
        let mut tracker = Tracker::starting_at(0);
        assert_eq!(tracker.arrive(4, 5), arrival(1, 4, 0, 0));
        assert_eq!((tracker.complete(), tracker.missing(5)), (0, 4));
        assert_eq!(tracker.arrive(1, 2), arrival(0, 0, 1, 0));
        assert_eq!((tracker.complete(), tracker.missing(5)), (0, 3));
        assert_eq!(tracker.arrive(0, 5), arrival(0, 0, 3, 2));
        assert_eq!((tracker.complete(), tracker.missing(5)), (5, 0));
    }

    #[test]
    fn what_comes_twice_is_counted() {
        let mut tracker = Tracker::starting_at(3);
        tracker.arrive(3, 8);
        assert_eq!(tracker.arrive(5, 7), arrival(0, 0, 0, 2));
        assert_eq!(tracker.arrive(7, 9), arrival(1, 0, 0, 1), "it overlaps");
        assert_eq!(tracker.missing(9), 0);
    }

    #[test]
    fn what_the_server_takes_back_is_not_missing() {
        let mut tracker = Tracker::starting_at(0);
        tracker.arrive(2, 3);
        assert_eq!(tracker.forgive(10), 9, "1 and 2, and 4 to 10");
        assert_eq!((tracker.complete(), tracker.missing(10)), (10, 0));
    }

    #[test]
    fn any_order_ends_whole() {
        let mut tracker = Tracker::starting_at(0);
        let mut sum = Arrival::default();
        for number in [3, 1, 2, 6, 5, 4, 4] {
            let arrival = tracker.arrive(number - 1, number);
            sum.new += arrival.new;
            sum.late += arrival.late;
            sum.again += arrival.again;
        }
        assert_eq!((sum.new + sum.late, sum.again), (6, 1));
        assert_eq!((tracker.complete(), tracker.missing(6)), (6, 0));
    }

    #[test]
    fn holes_without_end_do_not_grow_without_end() {
        let mut tracker = Tracker::starting_at(0);
        for number in 1..20_000 {
            tracker.arrive(number * 2 - 1, number * 2);
        }
        assert!(tracker.missing.len() <= MAX_GAPS);
    }
}
