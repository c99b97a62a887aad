//! `soak`: for hours, a little of everything: talk, and connections that break and come back. What
//! counts is that the server's memory stays level.

use super::churn::Churn;
use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::protocol::Room;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Soak {
    pub(crate) clients: usize,
    pub(crate) pace: Pace,
    /// Connections that break a second.
    pub(crate) churn: f64,
}

impl Scenario for Soak {
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
        Box::new(Both { talk, churn: Churn::new(share, self.churn, stay, 5 * SECOND) })
    }
}

struct Both {
    talk: Talk,
    churn: Churn,
}

impl Act for Both {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        self.talk.act(crowd, now).min(self.churn.act(crowd, now))
    }
}
