//! `join`: people come at a steady rate into a room in which fifty messages wait for each.

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::protocol::Room;
use crate::worker::MAX_COMING;

/// How many messages are said before anybody comes.
const HISTORY: f64 = 50.0;

/// How many are there to say them, so that nobody speaks too often.
const SPEAKERS: usize = 60;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Join {
    pub(crate) clients: usize,
    pub(crate) bytes: usize,
    /// Who come a second.
    pub(crate) ramp: f64,
}

impl Scenario for Join {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn early(&self, all: usize) -> usize {
        SPEAKERS.min(all)
    }

    fn suits_the_floor(&self) -> bool {
        true
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let early = share.clients(self.early(self.clients));
        let warm_up = (share.from - share.start) as f64 / SECOND as f64;
        let rate = HISTORY / warm_up.max(0.1);
        let pace = Pace { rate, senders: SPEAKERS, bytes: self.bytes };
        let before = Share { to: share.from, ..share };
        let talk = Talk::new(0, pace, before, (0..early).collect());
        let rate = self.ramp / share.total as f64;
        Box::new(Coming { talk, from: share.from, rate, early, next: early })
    }
}

struct Coming {
    talk: Talk,
    from: Nanos,
    rate: f64,
    early: usize,
    next: usize,
}

impl Act for Coming {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let talk = self.talk.act(crowd, now);
        while self.next < crowd.len() && crowd.coming() < MAX_COMING {
            let offset = (self.next - self.early) as f64 / self.rate * SECOND as f64;
            let due = self.from + offset as Nanos;
            if due > now {
                return due.min(talk);
            }
            crowd.come(self.next, due);
            self.next += 1;
        }
        talk
    }
}
