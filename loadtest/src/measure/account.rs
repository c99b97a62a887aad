//! The sums of a run: every receiver × number, and what became of every message and connection.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::latency::Latency;
use super::rereads::Rereads;
use super::tracker::Arrival;

/// How often something happened, by its name.
pub(crate) type Counts = BTreeMap<String, u64>;

/// How many names are told apart; a server cannot fill our memory with new ones.
const MAX_NAMES: usize = 200;

/// Counts one more.
pub(crate) fn count(counts: &mut Counts, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count += 1;
    } else {
        let name = if counts.len() < MAX_NAMES { name } else { "others" };
        *counts.entry(name.to_owned()).or_default() += 1;
    }
}

/// Everything that is counted from the first connection to the last delivery.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Account {
    /// Messages that were sent.
    pub(crate) sent: u64,
    /// Those that the server has acknowledged; none where the protocol has no answers.
    pub(crate) accepted: u64,
    /// Refusals, by their code.
    pub(crate) refused: Counts,
    /// Sent and never answered.
    pub(crate) unanswered: u64,
    /// Receiver × number: what should have come.
    pub(crate) expected: u64,
    /// What came, each number once.
    pub(crate) received: u64,
    /// What did not come, although its receiver was there.
    pub(crate) lost: u64,
    /// Numbers that were passed over when they should have come; some came later.
    pub(crate) skipped: u64,
    /// Those that came later: out of order, or by catching up.
    pub(crate) late: u64,
    /// Those that came more than once.
    pub(crate) duplicates: u64,
    /// Those that came by themselves, and with an answer.
    pub(crate) overlaps: u64,
    /// Messages whose text was not what was sent under this number.
    pub(crate) altered: u64,
    /// Acknowledged messages that nobody got.
    pub(crate) vanished: u64,
    /// Numbers that the server told a receiver to do without.
    pub(crate) told: u64,
    /// How often receivers had to ask for what they had missed.
    pub(crate) catch_ups: u64,
    /// Connections that were opened.
    pub(crate) connections: u64,
    /// Connections that failed or were ended by the server, by how.
    pub(crate) ended: Counts,
    /// Totals (presence, typing) that came.
    pub(crate) totals: u64,
    /// What came besides.
    pub(crate) others: u64,
    /// Bytes over TCP, from the server.
    pub(crate) bytes_in: u64,
    /// Bytes over TCP, to the server.
    pub(crate) bytes_out: u64,
    /// WebSocket frames that came.
    pub(crate) frames: u64,
    /// Those of them that brought something of what was expected; one can bring several.
    pub(crate) bringing: u64,
    /// From the intended moment of sending to each receiver, warm-up excluded.
    pub(crate) delivery: Latency,
    /// From the intended moment of sending to the server's acknowledgement, warm-up excluded.
    pub(crate) acknowledgement: Latency,
    /// Totals that were wrong in the end.
    pub(crate) wrong_totals: u64,
    /// From the first packet of a connection until it is in its rooms.
    pub(crate) connect: Latency,
    /// From coming back until everything missed is there.
    pub(crate) comeback: Latency,
    /// How much later than intended this program sent.
    pub(crate) lag: Latency,
    /// What was read again after a change.
    #[serde(default)]
    pub(crate) rereads: Rereads,
    /// From the moment at which nodes were to count until a socket was told the sum.
    #[serde(default)]
    pub(crate) shown: Latency,
}

impl Account {
    /// Counts what came by itself and says how much of it is new to the receiver. What an answer
    /// has brought before may come again: both were under way at the same time.
    pub(crate) fn arrive(&mut self, arrival: Arrival, answered: bool) -> u64 {
        let again = if answered { &mut self.overlaps } else { &mut self.duplicates };
        *again += arrival.again;
        self.skipped += arrival.skipped;
        self.late += arrival.late;
        self.received += arrival.new + arrival.late;
        arrival.new + arrival.late
    }

    /// The sum of two.
    pub(crate) fn add(&mut self, other: &Self) {
        for (own, others) in [
            (&mut self.sent, other.sent),
            (&mut self.accepted, other.accepted),
            (&mut self.unanswered, other.unanswered),
            (&mut self.expected, other.expected),
            (&mut self.received, other.received),
            (&mut self.lost, other.lost),
            (&mut self.skipped, other.skipped),
            (&mut self.late, other.late),
            (&mut self.duplicates, other.duplicates),
            (&mut self.overlaps, other.overlaps),
            (&mut self.altered, other.altered),
            (&mut self.vanished, other.vanished),
            (&mut self.told, other.told),
            (&mut self.catch_ups, other.catch_ups),
            (&mut self.connections, other.connections),
            (&mut self.totals, other.totals),
            (&mut self.wrong_totals, other.wrong_totals),
            (&mut self.others, other.others),
            (&mut self.bytes_in, other.bytes_in),
            (&mut self.bytes_out, other.bytes_out),
            (&mut self.frames, other.frames),
            (&mut self.bringing, other.bringing),
        ] {
            *own += others;
        }
        for (own, others) in [(&mut self.refused, &other.refused), (&mut self.ended, &other.ended)]
        {
            for (name, count) in others {
                *own.entry(name.clone()).or_default() += count;
            }
        }
        self.delivery.add(&other.delivery);
        self.acknowledgement.add(&other.acknowledgement);
        self.connect.add(&other.connect);
        self.comeback.add(&other.comeback);
        self.lag.add(&other.lag);
        self.rereads.add(&other.rereads);
        self.shown.add(&other.shown);
    }

    /// How many deliveries came in each frame that brought any.
    pub(crate) fn together(&self) -> f64 {
        self.received as f64 / self.bringing.max(1) as f64
    }

    /// How many refusals there were.
    pub(crate) fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    /// How many connections ended that should not have.
    pub(crate) fn endings(&self) -> u64 {
        self.ended.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tracker::Tracker;
    use super::*;

    #[test]
    fn holes_duplicates_and_disorder_are_told_apart() {
        let (mut account, mut receiver) = (Account::default(), Tracker::default());
        for number in [1, 2, 5, 4, 5, 6] {
            account.arrive(receiver.arrive(number - 1, number), false);
        }
        let lost = receiver.missing(7);
        assert_eq!((account.received, account.duplicates), (5, 1));
        assert_eq!((account.skipped, account.late), (2, 1), "3 and 4 were passed over, 4 came");
        assert_eq!(lost, 2, "3 and 7 never came");
    }

    #[test]
    fn sums_are_of_everything() {
        let mut one = Account { sent: 1, received: 10, ..Account::default() };
        count(&mut one.refused, "rate.limited");
        one.delivery.record(1_000_000);
        let mut both = one.clone();
        both.add(&one);
        assert_eq!((both.sent, both.received, both.refusals()), (2, 20, 2));
        assert_eq!(both.delivery.count(), 2);
    }

    #[test]
    fn names_have_a_bound() {
        let mut counts = Counts::new();
        for number in 0..10_000 {
            count(&mut counts, &number.to_string());
        }
        assert_eq!(counts.len(), MAX_NAMES + 1);
        assert_eq!(counts.values().sum::<u64>(), 10_000);
    }
}
