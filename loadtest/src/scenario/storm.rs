//! `storm`: all connections break at once, in the middle of the talk, and come back with the
//! numbers they have. Only those who speak stay, so that there is something to catch up with.

use rand::Rng as _;

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::engine::Slot;
use crate::protocol::Room;
use crate::result::Finding;

/// How long it took until all were back, in seconds.
pub(crate) const BACK: &str = "all_back_s";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Storm {
    pub(crate) clients: usize,
    pub(crate) pace: Pace,
    /// Over how long a time they come back.
    pub(crate) spread: Nanos,
}

impl Scenario for Storm {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let own = share.clients(self.clients);
        let stay = self.pace.senders.div_ceil(share.total).min(own);
        let talk = Talk::new(0, self.pace, share, (0..stay).collect());
        let at = share.from + (share.to - share.from) / 4;
        Box::new(Breaking { talk, stay, at, spread: self.spread, broken: false, back: None })
    }
}

struct Breaking {
    talk: Talk,
    /// How many do not break.
    stay: Slot,
    at: Nanos,
    spread: Nanos,
    broken: bool,
    /// How long it took until all were back.
    back: Option<Nanos>,
}

impl Act for Breaking {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let next = self.talk.act(crowd, now);
        if !self.broken && now >= self.at {
            self.broken = true;
            for slot in self.stay..crowd.len() {
                let wait = crowd.random().random_range(0..=self.spread);
                crowd.drop(slot, Some(now + wait));
            }
        } else if self.broken && self.back.is_none() && crowd.ready() == crowd.len() {
            self.back = Some(now.saturating_sub(self.at));
        }
        next.min(if self.broken { now + SECOND / 100 } else { self.at })
    }

    fn findings(&self, crowd: &mut Crowd) -> Vec<Finding> {
        let dropped = crowd.len() - self.stay;
        let Some(back) = self.back else {
            let sentence =
                format!("Of {dropped} dropped connections not all were back at the end.");
            return vec![Finding::new(BACK, f64::MAX, sentence)];
        };
        let seconds = back as f64 / SECOND as f64;
        let sentence = format!(
            "{dropped} dropped connections were all back and caught up after {seconds:.2} s."
        );
        vec![Finding::new(BACK, seconds, sentence)]
    }
}
