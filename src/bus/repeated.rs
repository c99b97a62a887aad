//! Numbers that are repeated with the next few leases, so that a lost message without a successor
//! is noticed.

use std::collections::HashMap;

use parking_lot::Mutex;

use crate::id::ChannelId;

/// How many leases repeat a number.
const TIMES: u8 = 3;
/// How many one lease repeats; the others follow with the next.
const BATCH_SIZE: usize = 1_000;
/// How many are kept; others are noticed by a successor, or after a gap.
const MAX_KEPT: usize = 16_384;

/// The node's recent numbers, for its next leases.
#[derive(Debug, Default)]
pub(super) struct RecentNumbers {
    /// The positions of the last changes of channels.
    pub(super) heads: Repeated,
    /// The numbers of presence updates.
    pub(super) presence: Repeated,
    /// The numbers of totals.
    pub(super) totals: Repeated,
}

/// Numbers by their channels.
#[derive(Debug, Default)]
pub(super) struct Repeated(Mutex<HashMap<ChannelId, Entry>>);

#[derive(Debug)]
struct Entry {
    number: u64,
    times: u8,
}

impl Repeated {
    /// The channel is at this number now.
    pub(super) fn note(&self, channel: ChannelId, number: u64) {
        let mut channels = self.0.lock();
        if let Some(entry) = channels.get_mut(&channel) {
            *entry = Entry { number: entry.number.max(number), times: TIMES };
        } else if channels.len() < MAX_KEPT {
            channels.insert(channel, Entry { number, times: TIMES });
        }
    }

    /// The numbers for the next lease.
    pub(super) fn next(&self) -> Vec<(ChannelId, u64)> {
        let mut channels = self.0.lock();
        let mut next = Vec::new();
        for (channel, entry) in channels.iter_mut().take(BATCH_SIZE) {
            entry.times -= 1;
            next.push((*channel, entry.number));
        }
        channels.retain(|_, entry| entry.times > 0);
        next
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_number_is_repeated_a_few_times_and_each_gets_its_turn() {
        let repeated = Repeated::default();
        let channel = |number| ChannelId(Uuid::from_u128(number));
        repeated.note(channel(1), 7);
        repeated.note(channel(1), 6);
        for _ in 0..TIMES {
            assert_eq!(repeated.next(), [(channel(1), 7)]);
        }
        assert!(repeated.next().is_empty());

        for number in 0..2_500 {
            repeated.note(channel(number), 1);
        }
        let counts: Vec<usize> = (0..10).map(|_| repeated.next().len()).collect();
        assert_eq!(counts, [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 500, 500, 500, 0]);
    }
}
