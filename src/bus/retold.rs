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
const REMEMBERED: usize = 16_384;

/// The node's recent numbers, for its next leases.
#[derive(Debug, Default)]
pub(super) struct Lately {
    /// The positions of the last changes of channels.
    pub(super) heads: Retold,
    /// The numbers of presence updates.
    pub(super) presence: Retold,
    /// The numbers of totals.
    pub(super) totals: Retold,
}

/// Numbers by their channels.
#[derive(Debug, Default)]
pub(super) struct Retold(Mutex<HashMap<ChannelId, Told>>);

#[derive(Debug)]
struct Told {
    number: u64,
    times: u8,
}

impl Retold {
    /// The channel is at this number now.
    pub(super) fn note(&self, channel: ChannelId, number: u64) {
        let mut channels = self.0.lock();
        if let Some(told) = channels.get_mut(&channel) {
            *told = Told { number: told.number.max(number), times: TIMES };
        } else if channels.len() < REMEMBERED {
            channels.insert(channel, Told { number, times: TIMES });
        }
    }

    /// The numbers for the next lease.
    pub(super) fn next(&self) -> Vec<(ChannelId, u64)> {
        let mut channels = self.0.lock();
        let mut next = Vec::new();
        for (channel, told) in channels.iter_mut().take(BATCH_SIZE) {
            told.times -= 1;
            next.push((*channel, told.number));
        }
        channels.retain(|_, told| told.times > 0);
        next
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_number_is_told_a_few_times_and_each_gets_its_turn() {
        let retold = Retold::default();
        let channel = |number| ChannelId(Uuid::from_u128(number));
        retold.note(channel(1), 7);
        retold.note(channel(1), 6);
        for _ in 0..TIMES {
            assert_eq!(retold.next(), [(channel(1), 7)]);
        }
        assert!(retold.next().is_empty());

        for number in 0..2_500 {
            retold.note(channel(number), 1);
        }
        let told: Vec<usize> = (0..10).map(|_| retold.next().len()).collect();
        assert_eq!(told, [1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 500, 500, 500, 0]);
    }
}
