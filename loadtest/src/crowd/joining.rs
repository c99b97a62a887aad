//! Coming into rooms, at first and again, and catching up with what was missed.

use super::People;
use super::client::{Asked, State};
use crate::clock::Nanos;
use crate::engine::{Engine, Slot};
use crate::measure::tracker::Tracker;
use crate::protocol::{Answer, Request, Room, Sent};

impl People {
    /// The answer to joining or catching up.
    pub(super) fn changes(&mut self, engine: &mut Engine, slot: Slot, room: Room, answer: &Answer) {
        let Answer::Changes { after, up_to, reset, more, .. } = *answer else { return };
        self.board.seen(room, up_to);
        let Some(membership) = self.clients[slot].membership(room) else { return };
        membership.asked = false;
        membership.answered = up_to;
        if let Some(tracker) = &mut membership.tracker {
            membership.joined = true;
            if reset {
                let told = tracker.forgive(up_to);
                self.account.told += told;
                membership.from += told;
            } else {
                let arrival = tracker.arrive(after, up_to);
                self.account.arrive(arrival, true);
            }
        } else {
            self.let_in(slot, room, up_to);
        }
        self.catch_early(engine, slot, room, more);
    }

    /// What came before an answer is put behind it; if that leaves a hole, it is asked for.
    fn catch_early(&mut self, engine: &mut Engine, slot: Slot, room: Room, more: bool) {
        let Some(membership) = self.clients[slot].membership(room) else { return };
        let early = std::mem::take(&mut membership.early);
        let Some(tracker) = &mut membership.tracker else { return };
        let mut behind = more;
        for (after, up_to) in early {
            let arrival = tracker.arrive(after, up_to);
            behind |= arrival.skipped > 0;
            let new = self.account.arrive(arrival, up_to <= membership.answered);
            let now = self.clock.now();
            if let Some(moment) = self.series.at(now) {
                moment.received += new;
            }
        }
        if behind {
            self.catch_up(engine, slot, room);
        }
    }

    /// Somebody is in a room, and has everything up to this number.
    pub(super) fn let_in(&mut self, slot: Slot, room: Room, up_to: u64) {
        let Some(membership) = self.clients[slot].membership(room) else { return };
        (membership.joined, membership.asked) = (true, false);
        if membership.tracker.is_none() {
            membership.tracker = Some(Tracker::starting_at(up_to));
            membership.from = up_to;
        }
    }

    pub(super) fn catch_up(&mut self, engine: &mut Engine, slot: Slot, room: Room) {
        let Some(membership) = self.clients[slot].membership(room) else { return };
        let Some(tracker) = membership.tracker.as_ref().filter(|_| !membership.asked) else {
            return;
        };
        let after = tracker.complete();
        membership.asked = true;
        self.account.catch_ups += 1;
        let sent = self.ask(engine, slot, Request::CatchUp { room, after }, Asked::CatchUp(room));
        // Where one cannot ask, what is missing stays missing.
        if !matches!(sent, Sent::Answered(_))
            && let Some(membership) = self.clients[slot].membership(room)
        {
            membership.asked = false;
        }
    }

    /// The server has said welcome: on to the rooms.
    pub(super) fn join_all(&mut self, engine: &mut Engine, slot: Slot) {
        let waiting = self.clients[slot].memberships.iter();
        let waiting: Vec<Room> =
            waiting.filter(|one| !one.joined && !one.asked).map(|one| one.room).collect();
        for room in waiting {
            self.join(engine, slot, room);
        }
        let now = self.clock.now();
        self.is_ready_now(slot, now);
    }

    pub(super) fn join(&mut self, engine: &mut Engine, slot: Slot, room: Room) {
        let Some(membership) = self.clients[slot].membership(room) else { return };
        membership.asked = true;
        let after = membership.tracker.as_ref().map(Tracker::complete);
        let sent = self.ask(engine, slot, Request::Join { room, after }, Asked::Join(room));
        // Where nobody answers, being there is being in.
        if !matches!(sent, Sent::Answered(_)) {
            let head = self.board.head(room);
            self.let_in(slot, room, head);
        }
    }

    pub(super) fn is_ready_now(&mut self, slot: Slot, now: Nanos) {
        let client = &mut self.clients[slot];
        if client.state != State::Coming || !client.is_in_all_rooms() {
            return;
        }
        client.state = State::Ready;
        client.tries = 0;
        let took = now.saturating_sub(client.began);
        if std::mem::replace(&mut client.has_been, true) {
            self.account.comeback.record(took);
        } else {
            self.account.connect.record(took);
        }
        self.coming -= 1;
        self.ready += 1;
    }
}
