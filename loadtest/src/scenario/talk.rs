//! Messages at a steady rate in one room, on a schedule that does not wait for the server: what is
//! late is late from the moment it was meant for.

use super::{Act, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::{Crowd, State};
use crate::engine::Slot;
use crate::protocol::Room;
use crate::protocol::stamp::Stamp;

/// How much is said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Messages per second in the room, from all shares together.
    pub(crate) rate: f64,
    /// How many people take turns, over all shares.
    pub(crate) senders: usize,
    /// The length of a text.
    pub(crate) bytes: usize,
}

#[derive(Debug)]
pub(crate) struct Talk {
    room: Room,
    pace: Pace,
    share: Share,
    /// Who of this share's clients may speak.
    speakers: Vec<Slot>,
    /// How many messages of the room were due so far, this share's or not.
    said: u64,
}

impl Talk {
    pub(crate) fn new(room: Room, pace: Pace, share: Share, speakers: Vec<Slot>) -> Self {
        let speakers = speakers.into_iter().take(pace.senders.div_ceil(share.total)).collect();
        Self { room, pace, share, speakers, said: share.index as u64 }
    }

    /// Others speak from now on.
    pub(crate) fn hand_over(&mut self, speakers: Vec<Slot>) {
        self.speakers = speakers;
    }

    fn due(&self) -> Nanos {
        let offset = self.said as f64 / self.pace.rate * SECOND as f64;
        self.share.start.saturating_add(offset as Nanos)
    }

    /// Whose turn it is: the next who is connected.
    fn speaker(&self, crowd: &Crowd) -> Option<Slot> {
        let count = self.speakers.len();
        let turn = usize::try_from(self.said).unwrap_or(0) / self.share.total;
        let mut in_turn = (0..count).map(|step| self.speakers[(turn + step) % count]);
        in_turn.find(|slot| crowd.state(*slot) == State::Ready)
    }
}

impl Act for Talk {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        loop {
            let due = self.due();
            if due >= self.share.to || self.pace.rate <= 0.0 {
                return Nanos::MAX;
            }
            if due > now {
                return due;
            }
            let slot = self.speaker(crowd).or(self.speakers.first().copied());
            if let Some(slot) = slot {
                let sender = crowd.number(slot) as u64;
                let stamp = Stamp { number: self.said + 1, sender, intended: due };
                crowd.publish(slot, self.room, stamp, self.pace.bytes);
            }
            self.said += self.share.total as u64;
        }
    }
}
