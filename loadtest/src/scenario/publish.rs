//! `publish`: many rooms with few people, all of whom speak. What counts is how soon a message is
//! acknowledged, and so on disk where the server keeps it there.

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::protocol::Room;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Publish {
    pub(crate) clients: usize,
    pub(crate) rooms: usize,
    /// Messages a second in all rooms together.
    pub(crate) rate: f64,
    pub(crate) bytes: usize,
}

impl Publish {
    fn room_of(&self, client: usize) -> Room {
        u32::try_from(client % self.rooms).unwrap_or(0)
    }

    /// The talk of one room. The rooms begin one after the other, so that together they are as
    /// steady as each of them.
    fn talk(&self, room: Room, share: Share) -> Talk {
        let wait = f64::from(room) / self.rate * SECOND as f64;
        let later = Share { start: share.start + wait as Nanos, ..share };
        let number = |slot: usize| slot * share.total + share.index;
        let own = 0..share.clients(self.clients);
        let members = own.filter(|slot| self.room_of(number(*slot)) == room).collect();
        let rate = self.rate / self.rooms as f64;
        Talk::new(room, Pace { rate, senders: self.clients, bytes: self.bytes }, later, members)
    }
}

impl Scenario for Publish {
    fn rooms(&self) -> usize {
        self.rooms
    }

    fn rooms_of(&self, client: usize) -> Vec<Room> {
        vec![self.room_of(client)]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let rooms = 0..u32::try_from(self.rooms).unwrap_or(1);
        Box::new(Talks(rooms.map(|room| self.talk(room, share)).collect()))
    }
}

struct Talks(Vec<Talk>);

impl Act for Talks {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        self.0.iter_mut().map(|talk| talk.act(crowd, now)).min().unwrap_or(Nanos::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_room_and_all_rooms_are_of_a_size() {
        let publish = Publish { clients: 1_000, rooms: 100, rate: 1_000.0, bytes: 100 };
        let mut sizes = vec![0; 100];
        for client in 0..1_000 {
            sizes[publish.rooms_of(client)[0] as usize] += 1;
        }
        assert!(sizes.iter().all(|size| *size == 10), "{sizes:?}");
    }
}
