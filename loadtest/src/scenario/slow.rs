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
use crate::result::Finding;

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
        let talk = Talk::new(0, self.pace, share, (0..own).collect());
        let stalling = (own as f64 * self.percent / 100.0).round() as usize;
        // The last ones: the first speak.
        let stalling = own.saturating_sub(stalling)..own;
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

    fn findings(&self, crowd: &mut Crowd) -> Vec<Finding> {
        let moments = &crowd.series().moments;
        let (before, after) = moments.split_at(moments.len() / 2);
        let p99 = |moments: &[Moment]| {
            let mut all = Latency::coarse();
            moments.iter().for_each(|moment| all.add(&moment.latency));
            all.percentile(99.0)
        };
        let (Some(before), Some(after)) = (p99(before), p99(after)) else { return Vec::new() };
        let count = self.stalling.len();
        let change = (after / before - 1.0) * 100.0;
        let sentence = format!(
            "With {count} readers stalled, the others' p99 went from {before:.1} ms to {after:.1} ms ({change:+.0} %)."
        );
        vec![
            Finding::new("others_p99_before_ms", before, String::new()),
            Finding::new("others_p99_stalled_ms", after, sentence),
        ]
    }
}
