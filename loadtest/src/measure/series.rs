//! How it went over time.

use serde::{Deserialize, Serialize};

use super::latency::Latency;
use crate::clock::{Nanos, SECOND};

/// How many points a curve has at most.
const POINTS: u64 = 240;

/// One point in time, of the length of the series' step.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Moment {
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) bytes_in: u64,
    pub(crate) latency: Latency,
}

impl Default for Moment {
    fn default() -> Self {
        Self { sent: 0, received: 0, bytes_in: 0, latency: Latency::coarse() }
    }
}

/// Moments, one behind the other.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Series {
    /// Nanoseconds that a moment lasts.
    pub(crate) step: Nanos,
    #[serde(skip)]
    start: Nanos,
    pub(crate) moments: Vec<Moment>,
}

impl Series {
    /// One of so many seconds from a moment on.
    pub(crate) fn new(start: Nanos, length: Nanos) -> Self {
        let step = length.div_ceil(POINTS).next_multiple_of(SECOND).max(SECOND);
        Self { step, start, moments: Vec::new() }
    }

    /// The moment to count in; nothing before the start.
    pub(crate) fn at(&mut self, now: Nanos) -> Option<&mut Moment> {
        let index = now.checked_sub(self.start)?.checked_div(self.step)?;
        let index = usize::try_from(index).ok().filter(|index| *index < 4 * POINTS as usize)?;
        if index >= self.moments.len() {
            self.moments.resize_with(index + 1, Moment::default);
        }
        self.moments.get_mut(index)
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.step = self.step.max(other.step);
        if self.moments.len() < other.moments.len() {
            self.moments.resize_with(other.moments.len(), Moment::default);
        }
        for (own, others) in self.moments.iter_mut().zip(&other.moments) {
            own.sent += others.sent;
            own.received += others.received;
            own.bytes_in += others.bytes_in;
            own.latency.add(&others.latency);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_have_no_more_points_than_short_ones() {
        assert_eq!(Series::new(0, 30 * SECOND).step, SECOND);
        assert_eq!(Series::new(0, 3_600 * SECOND).step, 15 * SECOND);
    }

    #[test]
    fn moments_are_found_by_time() {
        let mut series = Series::new(5 * SECOND, 10 * SECOND);
        assert!(series.at(4 * SECOND).is_none());
        series.at(7 * SECOND).expect("the third").received += 2;
        let other = series.clone();
        series.add(&other);
        assert_eq!(series.moments.len(), 3);
        assert_eq!(series.moments[2].received, 4);
    }
}
