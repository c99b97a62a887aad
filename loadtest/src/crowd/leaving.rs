//! Those who leave for good, and those who were never let in.

use mio::net::TcpStream;

use super::asking::settle;
use super::client::State;
use super::{Attack, Crowd, Identity, Slot, Strangers};

impl Crowd {
    /// Somebody's network is gone, and they will not be back: what they were to get ends here. The
    /// socket is the caller's to end.
    pub(crate) fn dismiss(&mut self, slot: Slot) -> Option<TcpStream> {
        let stream = self.engine.take(slot);
        let people = &mut self.people;
        people.gone(slot);
        let client = &mut people.clients[slot];
        client.state = State::Gone;
        for membership in std::mem::take(&mut client.memberships) {
            settle(&mut people.account, &membership, 0);
        }
        stream
    }

    /// Lets strangers attack the server that these people are at.
    pub(crate) fn attack(&self, attacks: Vec<Attack>) -> Strangers {
        let people = &self.people;
        let upgrade = people.protocol.upgrade(&Identity::default());
        Strangers::start(self.engine.place(&upgrade), people.clock, attacks)
    }
}
