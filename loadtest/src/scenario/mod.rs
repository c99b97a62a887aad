//! What the people do. A scenario knows rooms and people; sockets, protocols and counting are
//! elsewhere.

pub(crate) mod change;
pub(crate) mod churn;
pub(crate) mod conference;
pub(crate) mod fanout;
pub(crate) mod hostile;
pub(crate) mod join;
pub(crate) mod presence;
pub(crate) mod publish;
pub(crate) mod slow;
pub(crate) mod soak;
pub(crate) mod storm;
pub(crate) mod talk;
pub(crate) mod totals;

use crate::clock::Nanos;
use crate::crowd::Crowd;
use crate::protocol::Room;
use crate::result::Findings;

/// The part of a scenario that one worker plays, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    /// Which of the shares, from 0.
    pub(crate) index: usize,
    /// How many shares there are, over all workers of all parts.
    pub(crate) total: usize,
    /// When the scenario begins.
    pub(crate) start: Nanos,
    /// From when on it is measured.
    pub(crate) from: Nanos,
    /// When it ends.
    pub(crate) to: Nanos,
}

impl Share {
    /// How many of all clients are this share's: every `total`th.
    pub(crate) fn clients(&self, all: usize) -> usize {
        (all + self.total - 1 - self.index) / self.total
    }
}

/// What is to be played.
pub(crate) trait Scenario: Sync {
    /// How many rooms it needs, those of two people included.
    fn rooms(&self) -> usize;

    /// How many rooms must be there before; the others are opened on the way.
    fn rooms_to_make(&self) -> usize {
        self.rooms()
    }

    /// In which rooms a client is when it begins.
    fn rooms_of(&self, client: usize) -> Vec<Room>;

    /// Whether it can be played at the floor, which has one room and remembers nothing.
    fn suits_the_floor(&self) -> bool {
        false
    }

    /// How many clients are there before it begins; the scenario brings the others in itself.
    fn early(&self, all: usize) -> usize {
        all
    }

    /// How many sockets are open at once, at most, beyond those of the clients.
    fn strangers(&self) -> usize {
        0
    }

    /// One worker's part.
    fn begin(&self, share: Share) -> Box<dyn Act>;
}

/// A worker's part of a scenario.
pub(crate) trait Act {
    /// Does what is due, and says when something will be next.
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos;

    /// The time is over; what is on its way may still come.
    fn end(&mut self, _crowd: &mut Crowd) {}

    /// Whether everything has come that this scenario waits for, besides messages.
    fn is_settled(&self, _crowd: &Crowd) -> bool {
        true
    }

    /// What else was found, once all is over.
    fn findings(&self, _crowd: &mut Crowd) -> Findings {
        Findings::new()
    }
}
