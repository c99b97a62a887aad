//! What the people hear, and what they make of it.

use std::cmp::Reverse;
use std::sync::atomic::Ordering;

use memchr::memchr_iter;
use rand::Rng as _;

use super::client::Asked;
use super::{News, People, count};
use crate::clock::{MILLISECOND, Nanos};
use crate::engine::{Engine, Handler, Slot};
use crate::protocol::{Answer, Incoming, Message, Request, Room, Sent};

/// How long somebody waits before they come back, doubled with each try in vain.
const FIRST_WAIT: Nanos = 500 * MILLISECOND;
const LONGEST_WAIT: Nanos = 20_000 * MILLISECOND;

/// How much somebody keeps that came before an answer.
const MAX_EARLY: usize = 1_024;

impl Handler for People {
    fn opened(&mut self, engine: &mut Engine, slot: Slot) {
        self.account.connections += 1;
        let client = &mut self.clients[slot];
        client.next_id = 1;
        client.heard = client.began;
        if self.protocol.has_lines() {
            // Requests may follow each other unanswered, as the clients do it.
            return self.ask_together(engine, slot, |people, engine| {
                people.ask(engine, slot, Request::Hello, Asked::Hello);
                people.join_all(engine, slot);
            });
        }
        if self.ask(engine, slot, Request::Hello, Asked::Hello) == Sent::Unknown {
            self.join_all(engine, slot);
        }
    }

    fn message(&mut self, engine: &mut Engine, slot: Slot, payload: &[u8]) {
        let now = self.clock.now();
        self.clients[slot].heard = now;
        if let Some(moment) = self.series.at(now) {
            moment.bytes_in += payload.len() as u64;
        }
        let before = self.account.received;
        if self.protocol.has_lines() {
            for line in lines(payload) {
                self.line(engine, slot, line, now);
            }
        } else {
            self.line(engine, slot, payload, now);
        }
        self.account.bringing += u64::from(self.account.received > before);
    }

    fn closed(&mut self, _: &mut Engine, slot: Slot, why: &str) {
        count(&mut self.account.ended, why);
        self.refused += 1;
        self.gone(slot);
        let client = &mut self.clients[slot];
        // 4200 to 4299: not to come back by oneself.
        if why.starts_with("close 42") {
            self.board.turned_away.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let most = (FIRST_WAIT << client.tries.min(16)).min(LONGEST_WAIT);
        client.tries += 1;
        let wait = self.random.random_range(0..=most);
        self.returning.push(Reverse((self.clock.now() + wait, slot)));
    }
}

/// The lines of a frame that say something.
fn lines(payload: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr_iter(b'\n', payload).chain([payload.len()]);
    let mut start = 0;
    let line = move |end| &payload[std::mem::replace(&mut start, end + 1)..end];
    ends.map(line).filter(|line| !line.is_empty())
}

impl People {
    fn line(&mut self, engine: &mut Engine, slot: Slot, line: &[u8], now: Nanos) {
        let reading = self.lines.read(line, self.protocol.as_ref());
        for incoming in reading.meaning.iter() {
            match incoming {
                Incoming::Delivered { room, after, up_to, messages } => {
                    if reading.first {
                        self.write_down(*room, *up_to, messages);
                    }
                    self.delivered(engine, slot, *room, (*after, *up_to), messages, now);
                }
                Incoming::Answered { request, answer } => {
                    if let Some(asked) = self.clients[slot].answered(*request) {
                        self.answered(engine, slot, asked, answer, now);
                    }
                }
                Incoming::Welcome => self.join_all(engine, slot),
                Incoming::Behind { room } => self.catch_up(engine, slot, *room),
                Incoming::Totals { room, people } => {
                    self.account.totals += 1;
                    let book = room.and_then(|room| self.books.get_mut(room as usize));
                    if let Some(book) = book {
                        book.people = *people;
                    }
                }
                Incoming::Changed { within_ms } => {
                    let within = within_ms.saturating_mul(MILLISECOND);
                    self.hear(slot, now, News::Changed { within });
                }
                // Nodes count in the first room only.
                Incoming::Counted { room: 0, sum } => self.hear(slot, now, News::Counted(*sum)),
                Incoming::Counted { .. } => self.account.others += 1,
                Incoming::Echo(text) => engine.send(slot, text),
                Incoming::Other => self.account.others += 1,
            }
        }
    }

    /// A line is read for the first time: is everything under its own number?
    fn write_down(&mut self, room: Room, up_to: u64, messages: &[Message]) {
        self.board.seen(room, up_to);
        let Some(book) = self.books.get_mut(room as usize) else { return };
        for message in messages {
            self.account.altered += u64::from(!book.write(message));
        }
    }

    fn delivered(
        &mut self,
        engine: &mut Engine,
        slot: Slot,
        room: Room,
        (after, up_to): (u64, u64),
        messages: &[Message],
        now: Nanos,
    ) {
        let Some(membership) = self.clients[slot].membership(room) else { return };
        // What comes before an answer that is under way goes behind it.
        if membership.asked && membership.early.len() < MAX_EARLY {
            return membership.early.push((after, up_to));
        }
        let Some(tracker) = &mut membership.tracker else { return };
        let arrival = tracker.arrive(after, up_to);
        let behind = arrival.skipped > 0 && !membership.asked;
        let new = self.account.arrive(arrival, up_to <= membership.answered);
        if behind {
            self.catch_up(engine, slot, room);
        }
        if let Some(moment) = self.series.at(now) {
            moment.received += new;
        }
        // Whoever did not read is late by their own doing.
        if new == 0 || self.clients[slot].has_stalled {
            return;
        }
        for stamp in messages.iter().filter_map(|message| message.stamp) {
            if (self.window.0..self.window.1).contains(&stamp.intended) {
                let latency = now.saturating_sub(stamp.intended);
                self.account.delivery.record(latency);
                if let Some(moment) = self.series.at(stamp.intended) {
                    moment.latency.record(latency);
                }
            }
        }
    }

    fn answered(
        &mut self,
        engine: &mut Engine,
        slot: Slot,
        asked: Asked,
        answer: &Answer,
        now: Nanos,
    ) {
        match (asked, answer) {
            (_, Answer::Refused(code)) => self.refused(engine, slot, asked, code),
            (Asked::Hello, _) => {
                if let Answer::Welcomed(person) = answer {
                    self.clients[slot].person = Some(person.as_str().into());
                }
                self.join_all(engine, slot);
            }
            (Asked::Join(room) | Asked::CatchUp(room), Answer::Changes { .. }) => {
                self.changes(engine, slot, room, answer);
            }
            (Asked::Join(room), _) => {
                let head = self.board.head(room);
                self.let_in(slot, room, head);
            }
            (Asked::Publish { room, number, intended }, Answer::Accepted(promised)) => {
                self.account.accepted += 1;
                if (self.window.0..self.window.1).contains(&intended) {
                    self.account.acknowledgement.record(now.saturating_sub(intended));
                }
                if let Some(promised) = *promised {
                    self.board.seen(room, promised);
                    if let Some(book) = self.books.get_mut(room as usize) {
                        book.accept(promised, number);
                    }
                }
            }
            (Asked::OpenDirect(room), Answer::Opened(address)) => {
                self.protocol.learn(address, room);
                self.join(engine, slot, room);
            }
            _ => {}
        }
        self.is_ready_now(slot, now);
    }

    fn refused(&mut self, engine: &mut Engine, slot: Slot, asked: Asked, code: &str) {
        count(&mut self.account.refused, code);
        self.refused += 1;
        match asked {
            // Without it there is nothing to stay for.
            Asked::Hello => {
                engine.close(slot);
                self.gone(slot);
                self.board.turned_away.fetch_add(1, Ordering::Relaxed);
            }
            Asked::CatchUp(room) | Asked::Join(room) => {
                if let Some(membership) = self.clients[slot].membership(room) {
                    membership.asked = false;
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_line_by_line() {
        let of = |text: &'static str| lines(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(of("a\nbc"), [b"a".as_slice(), b"bc"]);
        assert_eq!(of("\na\n\nb\n"), [b"a", b"b"]);
        assert!(of("").is_empty());
    }
}
