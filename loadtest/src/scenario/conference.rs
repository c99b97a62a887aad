//! `conference`: a day of a conference, faster. Rooms of very different sizes, in which one in a
//! hundred speaks and the others listen; they type, react, write to each other in private, and on
//! the hour most go to another room.

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::{Crowd, State};
use crate::engine::Slot;
use crate::protocol::stamp::Stamp;
use crate::protocol::{Request, Room};

/// One of so many speaks.
const SPEAKER_AMONG: usize = 100;

/// Of a hundred people, so many have a conversation in private.
const PRIVATE_PERCENT: usize = 2;

/// Seconds between two messages of a private conversation.
const PRIVATE_PAUSE: u64 = 20;

/// Of a hundred people, so many change rooms on the hour.
const MOVING_PERCENT: u64 = 70;

/// The part of an hour within which they do.
const MOVING_PART: u64 = 20;

const EMOJI: [&str; 4] = ["👍", "❤️", "😂", "🎉"];

#[derive(Clone, Copy, Debug)]
pub(crate) struct Conference {
    pub(crate) clients: usize,
    pub(crate) rooms: usize,
    /// Messages a second in the largest room, those in the others in proportion to their size.
    pub(crate) pace: Pace,
    /// How long an hour is.
    pub(crate) hour: Nanos,
    pub(crate) seed: u64,
}

impl Conference {
    /// Where somebody is in an hour: the n-th room has a share of 1/n.
    fn room_of(&self, client: usize, hour: u64) -> Room {
        let mut random = StdRng::seed_from_u64(self.seed ^ ((client as u64) << 20) ^ (hour << 1));
        // Who does not move is where they were the hour before.
        if hour > 0 && random.random_range(0..100) >= MOVING_PERCENT {
            return self.room_of(client, hour - 1);
        }
        let weights: f64 = (1..=self.rooms).map(|rank| 1.0 / rank as f64).sum();
        let mut at = random.random_range(0.0..weights);
        let found = (1..=self.rooms).position(|rank| {
            at -= 1.0 / rank as f64;
            at <= 0.0
        });
        u32::try_from(found.unwrap_or(0)).unwrap_or(0)
    }

    fn private(&self) -> usize {
        self.clients * PRIVATE_PERCENT / 200
    }

    fn speaks(client: usize) -> bool {
        client.is_multiple_of(SPEAKER_AMONG)
    }
}

impl Scenario for Conference {
    fn rooms(&self) -> usize {
        self.rooms + self.private()
    }

    fn rooms_to_make(&self) -> usize {
        self.rooms
    }

    fn rooms_of(&self, client: usize) -> Vec<Room> {
        vec![self.room_of(client, 0)]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let rooms = 0..u32::try_from(self.rooms).unwrap_or(1);
        let talks = rooms.map(|room| {
            let rate = self.pace.rate / f64::from(room + 1);
            Talk::new(room, Pace { rate, ..self.pace }, share, Vec::new())
        });
        let own = share.clients(self.clients);
        let first = self.rooms + share.index;
        let places = (first..self.rooms()).step_by(share.total);
        // Pairs of neighbours, the last ones: the first speak.
        let pairs = places.enumerate().filter_map(|(index, room)| {
            let one = own.checked_sub(2 * index + 2)?;
            Some(Pair { one, room: u32::try_from(room).ok()?, said: 0, opened: false })
        });
        let mut day = Day {
            conference: *self,
            share,
            talks: talks.collect(),
            pairs: pairs.collect(),
            hour: 0,
            moving: own,
            reacted: 0,
        };
        day.seat(own);
        Box::new(day)
    }
}

/// Two who write to each other.
struct Pair {
    one: Slot,
    room: Room,
    said: u64,
    opened: bool,
}

struct Day {
    conference: Conference,
    share: Share,
    talks: Vec<Talk>,
    pairs: Vec<Pair>,
    hour: u64,
    /// The next who may move in this hour.
    moving: Slot,
    reacted: u64,
}

impl Day {
    fn room_of(&self, slot: Slot) -> Room {
        self.conference.room_of(slot * self.share.total + self.share.index, self.hour)
    }

    /// Who speaks where in this hour.
    fn seat(&mut self, own: usize) {
        let mut speakers = vec![Vec::new(); self.talks.len()];
        let number = |slot: Slot| slot * self.share.total + self.share.index;
        for slot in (0..own).filter(|slot| Conference::speaks(number(*slot))) {
            speakers[self.room_of(slot) as usize].push(slot);
        }
        for (talk, speakers) in self.talks.iter_mut().zip(speakers) {
            talk.hand_over(speakers);
        }
    }

    /// Most go to another room within the first minutes of the hour.
    fn move_on(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let length = self.conference.hour;
        let hour = (now - self.share.start) / length;
        if hour > self.hour {
            (self.hour, self.moving) = (hour, 0);
            self.seat(crowd.len());
        }
        let began = self.share.start + self.hour * length;
        let passed = (now - began) as f64 / (length / MOVING_PART) as f64;
        let until = ((crowd.len() as f64 * passed) as usize).min(crowd.len());
        while self.moving < until {
            let slot = self.moving;
            let private = self.pairs.iter().find(|pair| slot == pair.one || slot == pair.one + 1);
            let mut rooms = vec![self.room_of(slot)];
            rooms.extend(private.filter(|pair| pair.opened).map(|pair| pair.room));
            crowd.move_to(slot, &rooms);
            self.moving += 1;
        }
        if self.moving < crowd.len() { now + SECOND / 50 } else { began + length }
    }

    /// As many reactions as messages, from whoever is there, to what was said last.
    fn react(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let rate = self.conference.pace.rate / self.share.total as f64;
        loop {
            let offset = (self.reacted as f64 / rate * SECOND as f64) as Nanos;
            let due = self.share.start + offset;
            if due > now {
                return due;
            }
            self.reacted += 1;
            let all = crowd.len();
            let slot = crowd.random().random_range(0..all);
            let emoji = EMOJI[crowd.random().random_range(0..EMOJI.len())];
            let room = self.room_of(slot);
            if !self.has_moved(slot) {
                continue;
            }
            crowd.ask(slot, Request::Typing { room });
            if let Some(number) = crowd.latest(room) {
                crowd.ask(slot, Request::React { room, number, emoji });
            }
        }
    }

    /// Whether somebody is where they are to be in this hour.
    fn has_moved(&self, slot: Slot) -> bool {
        slot < self.moving
    }

    fn write_in_private(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let pause = PRIVATE_PAUSE * SECOND;
        let count = self.pairs.len().max(1) as u64;
        let mut next = Nanos::MAX;
        for (index, pair) in (0..).zip(&mut self.pairs) {
            let due = self.share.start + pause * index / count + pause * pair.said;
            if due > now {
                next = next.min(due);
                continue;
            }
            let both = [pair.one, pair.one + 1];
            if both.iter().any(|slot| crowd.state(*slot) != State::Ready) {
                pair.said += 1;
                continue;
            }
            if pair.opened {
                let slot = both[(pair.said % 2) as usize];
                let sender = crowd.number(slot) as u64;
                let stamp = Stamp { number: pair.said, sender, intended: due };
                crowd.publish(slot, pair.room, stamp, self.conference.pace.bytes);
            } else {
                pair.opened = true;
                crowd.open_direct(both[0], both[1], pair.room);
                crowd.open_direct(both[1], both[0], pair.room);
            }
            pair.said += 1;
        }
        next
    }
}

impl Act for Day {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        let now = now.max(self.share.start);
        let mut next = self.move_on(crowd, now);
        for talk in &mut self.talks {
            next = next.min(talk.act(crowd, now));
        }
        next.min(self.react(crowd, now)).min(self.write_in_private(crowd, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conference() -> Conference {
        let pace = Pace { rate: 1.0, senders: 1, bytes: 100 };
        Conference { clients: 4_000, rooms: 10, pace, hour: SECOND, seed: 1 }
    }

    #[test]
    fn rooms_are_of_very_different_sizes() {
        let mut sizes = vec![0; 10];
        for client in 0..4_000 {
            sizes[conference().room_of(client, 0) as usize] += 1;
        }
        assert!(sizes[0] > 8 * sizes[9], "{sizes:?}");
        assert!(sizes.iter().all(|size| *size > 0), "{sizes:?}");
    }

    #[test]
    fn on_the_hour_most_move_and_some_stay() {
        let stays =
            |client: &usize| conference().room_of(*client, 0) == conference().room_of(*client, 1);
        let stay = (0..4_000).filter(stays).count();
        // Three tenths stay, and some choose the same room again.
        assert!((1_200..2_400).contains(&stay), "{stay}");
    }
}
