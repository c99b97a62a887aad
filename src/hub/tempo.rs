//! How often a channel's changes are sent: at once while it is quiet, otherwise in ticks that
//! lengthen with the number of members, so that one write carries several messages.
//!
//! One fan-out of a channel at a time keeps the order. What arrives meanwhile is pending and sent
//! together, as one change. A new member gets what the members have been sent, without what is
//! pending, so that no change reaches it twice.

use std::time::Duration;

/// The length of ticks.
#[derive(Clone, Copy, Debug)]
pub struct Tempo {
    /// For each member.
    pub per_member: Duration,
    /// Below it there is no tick: it would be unnoticeable, and save little.
    pub shortest: Duration,
    /// The maximum.
    pub longest: Duration,
    /// For each member, between two totals: the more people, the less one more matters.
    pub totals_per_member: Duration,
    /// The maximum between two totals.
    pub longest_totals: Duration,
}

impl Default for Tempo {
    /// Writing to a socket takes 5 to 6 µs: four times that leaves the machine three quarters of
    /// its time for everything else. People perceive a tenth of a second as instant.
    fn default() -> Self {
        Self {
            per_member: Duration::from_micros(25),
            shortest: Duration::from_millis(5),
            longest: Duration::from_millis(100),
            totals_per_member: Duration::from_millis(1),
            longest_totals: Duration::from_secs(5),
        }
    }
}

impl Tempo {
    /// The minimum time between two fan-outs to this many members.
    pub(super) fn tick(&self, members: usize) -> Duration {
        let members = u32::try_from(members).unwrap_or(u32::MAX);
        let tick = self.per_member.saturating_mul(members).min(self.longest);
        if tick < self.shortest { Duration::ZERO } else { tick }
    }

    /// The minimum time between two totals for this many members, beyond the second between ticks.
    pub(super) fn totals(&self, members: usize) -> Duration {
        let members = u32::try_from(members).unwrap_or(u32::MAX);
        let totals = self.totals_per_member.saturating_mul(members).min(self.longest_totals);
        if totals < Duration::from_secs(1) { Duration::ZERO } else { totals }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_lengthen_with_the_crowd_and_never_beyond_a_tenth_of_a_second() {
        let tick = |members| Tempo::default().tick(members).as_millis();
        let totals = |members| Tempo::default().totals(members).as_millis();
        assert_eq!([10, 999, 3_000, 12_000].map(totals), [0, 0, 3_000, 5_000]);
        assert_eq!([10, 199, 200, 2_000, 4_000, 12_000].map(tick), [0, 0, 5, 50, 100, 100]);
    }
}
