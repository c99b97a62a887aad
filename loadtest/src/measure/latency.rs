//! How late something was, from the moment it was meant to be sent.

use hdrhistogram::Histogram;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::clock::Nanos;

/// Anything later than a minute counts as a minute.
const HIGHEST_MICROS: u64 = 60_000_000;

/// Latencies in microseconds, to three significant digits.
#[derive(Clone, Debug)]
pub(crate) struct Latency(Histogram<u64>);

/// Percentiles of the curve and the table.
pub(crate) const PERCENTILES: [f64; 6] = [50.0, 90.0, 99.0, 99.9, 99.99, 100.0];

impl Default for Latency {
    fn default() -> Self {
        // The bounds are constants that the library takes.
        let bounded = Histogram::new_with_bounds(1, HIGHEST_MICROS, 3);
        Self(bounded.unwrap_or_else(|_| unreachable!("bounds that a histogram can have")))
    }
}

impl Latency {
    /// To two digits only, where there are many of them.
    pub(crate) fn coarse() -> Self {
        let bounded = Histogram::new_with_bounds(1, HIGHEST_MICROS, 2);
        bounded.map(Self).unwrap_or_default()
    }

    pub(crate) fn record(&mut self, latency: Nanos) {
        self.0.saturating_record((latency / 1_000).max(1));
    }

    pub(crate) fn add(&mut self, other: &Self) {
        // Fails only for values beyond the bounds, which both share.
        let _ = self.0.add(&other.0);
    }

    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// In milliseconds; nothing where nothing was recorded.
    pub(crate) fn percentile(&self, percentile: f64) -> Option<f64> {
        (!self.0.is_empty())
            .then(|| self.0.value_at_percentile(percentile).min(self.0.max()) as f64 / 1_000.0)
    }
}

/// As pairs of microseconds and how often, so that it can be merged exactly.
impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let recorded = self.0.iter_recorded();
        serializer.collect_seq(
            recorded.map(|step| (step.value_iterated_to(), step.count_since_last_iteration())),
        )
    }
}

impl<'de> Deserialize<'de> for Latency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut latency = Self::default();
        for (micros, count) in Vec::<(u64, u64)>::deserialize(deserializer)? {
            latency.0.saturating_record_n(micros, count);
        }
        Ok(latency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_survive_being_written_and_merged() {
        let mut fast = Latency::default();
        for millis in 1..=99 {
            fast.record(millis * 1_000_000);
        }
        let mut slow = Latency::default();
        slow.record(5_000_000_000);
        let text = serde_json::to_string(&slow).expect("writes");
        fast.add(&serde_json::from_str(&text).expect("reads"));
        assert_eq!(fast.count(), 100);
        let near = |percentile: f64, millis: f64| {
            let value = fast.percentile(percentile).expect("recorded");
            assert!((value / millis - 1.0).abs() < 0.002, "p{percentile} is {value}");
        };
        near(50.0, 50.0);
        near(99.0, 99.0);
        near(100.0, 5_000.0);
    }

    #[test]
    fn nothing_has_no_percentile_and_an_age_is_a_minute() {
        let mut latency = Latency::default();
        assert_eq!(latency.percentile(99.0), None);
        latency.record(u64::MAX);
        let minute = latency.percentile(50.0).expect("recorded");
        assert!((minute / 60_000.0 - 1.0).abs() < 0.002, "{minute}");
    }
}
