//! `slow`: in the second half, some of those who listen stop reading. What does that do to the
//! others? In the end they go on, and must get everything or be told what they have missed.

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::Nanos;
use crate::crowd::Crowd;
use crate::engine::Slot;
use crate::measure::latency::Latency;
use crate::measure::series::Moment;
use crate::protocol::Room;
use crate::result::Findings;

/// The 99th percentile of those who read on, in the first half and in the second.
pub(crate) const BEFORE: &str = "others_p99_before_ms";
pub(crate) const STALLED: &str = "others_p99_stalled_ms";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub(crate) clients: usize,
    pub(crate) pace: Pace,
    /// How many of a hundred stop reading.
    pub(crate) percent: f64,
}

impl Scenario for Slow {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn suits_the_floor(&self) -> bool {
        true
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let own = share.clients(self.clients);
        let reading = own - (own as f64 * self.percent / 100.0).round() as usize;
        let talk = Talk::new(0, self.pace, share, (0..reading).collect());
        let stalling = reading..own;
        let at = share.from + (share.to - share.from) / 2;
        Box::new(Stalling { talk, stalling: stalling.collect(), at, stalled: false })
    }
}

struct Stalling {
    talk: Talk,
    stalling: Vec<Slot>,
    at: Nanos,
    stalled: bool,
}

impl Act for Stalling {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        if !self.stalled && now >= self.at {
            self.stalled = true;
            for &slot in &self.stalling {
                crowd.stall(slot, true);
            }
        }
        let next = self.talk.act(crowd, now);
        if self.stalled { next } else { next.min(self.at) }
    }

    fn end(&mut self, crowd: &mut Crowd) {
        for &slot in &self.stalling {
            crowd.stall(slot, false);
        }
    }

    fn findings(&self, crowd: &mut Crowd) -> Findings {
        let moments = &crowd.series().moments;
        let (before, stalled) = moments.split_at(moments.len() / 2);
        let p99 = |moments: &[Moment]| {
            let mut all = Latency::coarse();
            moments.iter().for_each(|moment| all.add(&moment.latency));
            all.percentile(99.0)
        };
        let both = [(BEFORE, p99(before)), (STALLED, p99(stalled))];
        let both = both.into_iter().filter_map(|(name, p99)| Some((name.to_owned(), p99?)));
        both.collect()
    }
}
