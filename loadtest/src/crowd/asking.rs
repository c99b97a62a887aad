//! What the people do: they speak, go to other rooms, and are gone.

use std::sync::atomic::Ordering;

use super::People;
use super::client::{Asked, Membership, State};
use crate::clock::{Nanos, SECOND};
use crate::engine::{Engine, Slot};
use crate::measure::account::{Account, count};
use crate::protocol::stamp::Stamp;
use crate::protocol::{Request, Room, Sent};

/// After how much silence a client asks whether the server is there.
const PING_AFTER: Nanos = 30 * SECOND;

impl People {
    /// Sends a request; whether an answer will come.
    pub(super) fn ask(
        &mut self,
        engine: &mut Engine,
        slot: Slot,
        request: Request<'_>,
        asked: Asked,
    ) -> Sent {
        let client = &mut self.clients[slot];
        let id = client.next_id;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        let sent = self.protocol.write(id, &client.identity, request, &mut self.text);
        if !self.together && !self.text.is_empty() {
            engine.send(slot, &self.text);
            self.text.clear();
        }
        if let Sent::Answered(id) = sent {
            client.next_id = client.next_id.wrapping_add(1).max(1);
            client.asked.push_back((id, asked));
        }
        sent
    }

    /// Lets several requests of one client go in one frame, a line each.
    pub(super) fn ask_together(
        &mut self,
        engine: &mut Engine,
        slot: Slot,
        ask: impl FnOnce(&mut Self, &mut Engine),
    ) {
        self.together = true;
        ask(self, engine);
        self.together = false;
        engine.send(slot, &self.text);
        self.text.clear();
    }

    pub(super) fn publish(
        &mut self,
        engine: &mut Engine,
        slot: Slot,
        room: Room,
        stamp: Stamp,
        bytes: usize,
    ) {
        if self.clients[slot].state != State::Ready {
            return count(&mut self.account.refused, "the sender was not connected");
        }
        let now = self.clock.now();
        let in_window = (self.window.0..self.window.1).contains(&stamp.intended);
        if in_window {
            self.account.lag.record(now.saturating_sub(stamp.intended));
        }
        let text = stamp.text(bytes);
        self.unique += 1;
        let request = Request::Publish { room, text: &text, unique: self.unique };
        let asked = Asked::Publish { room, number: stamp.number, intended: stamp.intended };
        self.ask(engine, slot, request, asked);
        self.account.sent += 1;
        if let Some(moment) = self.series.at(now) {
            moment.sent += 1;
        }
    }

    /// The connection is gone.
    pub(super) fn gone(&mut self, slot: Slot) {
        let client = &mut self.clients[slot];
        match client.state {
            State::Away | State::Gone => {}
            State::Coming => self.coming -= 1,
            State::Ready => self.ready -= 1,
        }
        client.state = State::Away;
        for (_, asked) in client.asked.drain(..) {
            self.account.unanswered += u64::from(matches!(asked, Asked::Publish { .. }));
        }
        for membership in &mut client.memberships {
            membership.joined = false;
            membership.asked = false;
            membership.early = Vec::new();
        }
    }

    pub(super) fn move_to(&mut self, engine: &mut Engine, slot: Slot, rooms: &[Room]) {
        if self.clients[slot].state != State::Ready {
            return;
        }
        let mut old = std::mem::take(&mut self.clients[slot].memberships);
        old.retain(|membership| {
            let stays = rooms.contains(&membership.room);
            if !stays {
                settle(&mut self.account, membership, 0);
                self.ask(engine, slot, Request::Leave { room: membership.room }, Asked::Other);
            }
            stays
        });
        self.clients[slot].memberships = old;
        for &room in rooms {
            if self.clients[slot].membership(room).is_none() {
                self.clients[slot].memberships.push(Membership::new(room));
                self.join(engine, slot, room);
            }
        }
    }

    /// Once a second: who has heard nothing for long asks whether the server is there.
    pub(super) fn sweep(&mut self, engine: &mut Engine, now: Nanos) {
        for slot in 0..self.clients.len() {
            let client = &mut self.clients[slot];
            if client.state == State::Ready && now >= client.heard + PING_AFTER {
                client.heard = now;
                self.ask(engine, slot, Request::Ping, Asked::Other);
            }
        }
    }

    pub(super) fn tell_board(&mut self) {
        let now = (self.ready, self.account.sent, self.account.received, self.refused);
        let before = std::mem::replace(&mut self.told, now);
        let board = &self.board;
        if now.0 >= before.0 {
            board.ready.fetch_add(now.0 - before.0, Ordering::Relaxed);
        } else {
            board.ready.fetch_sub(before.0 - now.0, Ordering::Relaxed);
        }
        board.sent.fetch_add(now.1 - before.1, Ordering::Relaxed);
        board.received.fetch_add(now.2 - before.2, Ordering::Relaxed);
        board.refused.fetch_add(now.3 - before.3, Ordering::Relaxed);
    }
}

/// Somebody's account with a room is closed.
pub(super) fn settle(account: &mut Account, membership: &Membership, head: u64) {
    if let Some(tracker) = &membership.tracker {
        let head = head.max(tracker.newest());
        account.expected += head - membership.from;
        account.lost += tracker.missing(head);
    }
}
