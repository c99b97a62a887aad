//! `storm`: all connections break at once, in the middle of the talk, and come back with the
//! numbers they have. Only those who speak stay, so that there is something to catch up with.

use rand::Rng as _;

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::engine::Slot;
use crate::protocol::Room;
use crate::result::Findings;

/// How long it took until all were back, in seconds; endless if they were not.
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

    fn findings(&self, _: &mut Crowd) -> Findings {
        let seconds = self.back.map_or(f64::MAX, |back| back as f64 / SECOND as f64);
        Findings::from([(BACK.to_owned(), seconds)])
    }
}
