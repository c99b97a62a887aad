//! `fanout`: one room, and everybody in it hears what is said.

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::protocol::Room;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fanout {
    pub(crate) clients: usize,
    pub(crate) pace: Pace,
}

impl Scenario for Fanout {
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
        Box::new(Talk::new(0, self.pace, share, (0..own).collect()))
    }
}
