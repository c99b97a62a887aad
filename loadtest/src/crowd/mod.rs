//! The people of one worker: they come, join their rooms, speak, listen, and come back; every
//! number they get is counted.

mod asking;
mod book;
mod client;
mod hearing;
mod joining;
mod leaving;
mod lines;
mod news;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mio::Events;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use self::asking::settle;
use self::book::Book;
use self::client::{Asked, Client, Membership};
use self::lines::Lines;
use crate::attack::{Attack, Strangers};
use crate::board::Board;
use crate::clock::{Clock, MILLISECOND, Nanos, SECOND};
use crate::engine::{Engine, Slot};
use crate::measure::account::{Account, count};
use crate::measure::series::Series;
use crate::protocol::stamp::Stamp;
use crate::protocol::{Identity, Protocol, Request, Room};
pub(crate) use client::State;
pub(crate) use news::{Heard, News};

/// The people, and the sockets they have.
pub(crate) struct Crowd {
    engine: Engine,
    events: Events,
    people: People,
}

/// All that is known of the people; the engine tells it what happens.
struct People {
    protocol: Box<dyn Protocol>,
    clients: Vec<Client>,
    books: Vec<Book>,
    lines: Lines,
    account: Account,
    series: Series,
    clock: Clock,
    /// From when to when latencies count.
    window: (Nanos, Nanos),
    board: Arc<Board>,
    random: StdRng,
    /// What is to be sent next.
    text: String,
    /// Whether further requests go with it.
    together: bool,
    /// Who is to come back, and when.
    returning: BinaryHeap<Reverse<(Nanos, Slot)>>,
    /// Clients in all their rooms, and those on their way.
    ready: usize,
    coming: usize,
    /// What the board has been told.
    told: (usize, u64, u64, u64),
    refused: u64,
    swept: Nanos,
    /// What was told that a scenario waits for; nothing while none does.
    heard: Option<Vec<Heard>>,
    /// Messages' own identifiers: never the same twice, in another run neither, else a server
    /// rightly takes a message for one that it has.
    unique: u128,
}

/// What a crowd is made of.
pub(crate) struct Members {
    pub(crate) protocol: Box<dyn Protocol>,
    pub(crate) people: Vec<(Identity, Vec<Room>)>,
    pub(crate) rooms: usize,
    pub(crate) board: Arc<Board>,
    pub(crate) clock: Clock,
    pub(crate) seed: u64,
}

impl Crowd {
    pub(crate) fn new(engine: Engine, members: Members) -> Self {
        let clients = members.people.into_iter();
        let people = People {
            protocol: members.protocol,
            clients: clients.map(|(identity, rooms)| Client::new(identity, &rooms)).collect(),
            books: (0..members.rooms).map(|_| Book::default()).collect(),
            lines: Lines::new(),
            account: Account::default(),
            series: Series::default(),
            clock: members.clock,
            window: (Nanos::MAX, Nanos::MAX),
            board: members.board,
            random: StdRng::seed_from_u64(members.seed),
            text: String::new(),
            together: false,
            returning: BinaryHeap::new(),
            ready: 0,
            coming: 0,
            told: (0, 0, 0, 0),
            refused: 0,
            swept: 0,
            heard: None,
            unique: (u128::from(Clock::Wall.now()) << 64) | (u128::from(members.seed) << 40),
        };
        Self { engine, events: Engine::events(), people }
    }

    /// Lets time pass, at most until `until`, and handles what happens.
    pub(crate) fn turn(&mut self, until: Nanos) -> io::Result<()> {
        let now = self.people.clock.now();
        let back = self.people.returning.peek().map_or(Nanos::MAX, |Reverse((due, _))| *due);
        let wait = until.min(back).min(now + SECOND).saturating_sub(now);
        let wait = Duration::from_nanos(wait);
        self.engine.turn(&mut self.events, wait, &mut self.people)?;
        let now = self.people.clock.now();
        while let Some(&Reverse((due, slot))) = self.people.returning.peek() {
            if due > now {
                break;
            }
            self.people.returning.pop();
            if self.people.clients[slot].state == State::Away {
                self.come(slot, due);
            }
        }
        if now >= self.people.swept + SECOND {
            self.people.swept = now;
            self.people.sweep(&mut self.engine, now);
        }
        self.people.tell_board();
        Ok(())
    }

    pub(crate) fn now(&self) -> Nanos {
        self.people.clock.now()
    }

    pub(crate) fn clock(&self) -> Clock {
        self.people.clock
    }

    pub(crate) fn len(&self) -> usize {
        self.people.clients.len()
    }

    pub(crate) fn ready(&self) -> usize {
        self.people.ready
    }

    pub(crate) fn coming(&self) -> usize {
        self.people.coming
    }

    pub(crate) fn state(&self, slot: Slot) -> State {
        self.people.clients[slot].state
    }

    /// Somebody's number among all clients of all parts.
    pub(crate) fn number(&self, slot: Slot) -> usize {
        self.people.clients[slot].identity.number
    }

    pub(crate) fn random(&mut self) -> &mut StdRng {
        &mut self.people.random
    }

    /// Latencies count from now on only for what is meant to be sent within these moments.
    pub(crate) fn measure(&mut self, from: Nanos, to: Nanos) {
        // A hair earlier, for the messages that are meant for the very beginning: parts agree on
        // it to some microseconds only.
        self.people.window = (from - MILLISECOND, to - MILLISECOND);
        self.people.series = Series::new(from, to - from);
    }

    /// Somebody opens a connection and joins their rooms; it was to happen at `intended`.
    pub(crate) fn come(&mut self, slot: Slot, intended: Nanos) {
        let upgrade = self.people.protocol.upgrade(&self.people.clients[slot].identity);
        let client = &mut self.people.clients[slot];
        client.state = State::Coming;
        client.began = intended;
        self.people.coming += 1;
        self.engine.open(slot, upgrade);
    }

    /// Somebody's network is gone, until `back`; they know the numbers that they have.
    pub(crate) fn drop(&mut self, slot: Slot, back: Option<Nanos>) {
        self.engine.close(slot);
        self.people.gone(slot);
        if let Some(back) = back {
            self.people.returning.push(Reverse((back, slot)));
        }
    }

    /// Somebody stops reading, or goes on. How late they are is not counted from then on.
    pub(crate) fn stall(&mut self, slot: Slot, stalled: bool) {
        self.people.clients[slot].has_stalled = true;
        self.engine.stall(slot, stalled, &mut self.people);
    }

    /// Somebody says something in a room that was to be said at the stamp's moment.
    pub(crate) fn publish(&mut self, slot: Slot, room: Room, stamp: Stamp, bytes: usize) {
        self.people.publish(&mut self.engine, slot, room, stamp, bytes);
    }

    /// Somebody goes to other rooms.
    pub(crate) fn move_to(&mut self, slot: Slot, rooms: &[Room]) {
        self.people.move_to(&mut self.engine, slot, rooms);
    }

    /// Two people of this crowd open a channel of their own; both are asked for in this order.
    pub(crate) fn open_direct(&mut self, slot: Slot, other: Slot, room: Room) {
        let Some(person) = self.people.clients[other].person.clone() else { return };
        if self.people.clients[slot].state == State::Ready {
            self.people.clients[slot].memberships.push(Membership::new(room));
            let request = Request::OpenDirect { person: &person };
            self.people.ask(&mut self.engine, slot, request, Asked::OpenDirect(room));
        }
    }

    /// The number of the newest message of a room.
    pub(crate) fn latest(&self, room: Room) -> Option<u64> {
        self.people.books.get(room as usize)?.latest()
    }

    /// How many people there are in the room, as the server said last.
    pub(crate) fn people_said(&self, room: Room) -> Option<u64> {
        self.people.books.get(room as usize)?.people
    }

    /// Everything that is counted, for what a scenario finds itself.
    pub(crate) fn account(&mut self) -> &mut Account {
        &mut self.people.account
    }

    /// How it went over time.
    pub(crate) fn series(&self) -> &Series {
        &self.people.series
    }

    /// Somebody asks for something whose answer only counts.
    pub(crate) fn ask(&mut self, slot: Slot, request: Request<'_>) {
        if self.people.clients[slot].state == State::Ready {
            self.people.ask(&mut self.engine, slot, request, Asked::Other);
        }
    }

    /// Whether everybody has everything that anybody has seen, and every answer.
    pub(crate) fn is_settled(&self) -> bool {
        let board = &self.people.board;
        let mut here = self.people.clients.iter().filter(|client| client.state != State::Gone);
        here.all(|client| {
            client.state == State::Ready
                && client.asked.is_empty()
                && client.memberships.iter().all(|membership| {
                    let missing = |tracker: &crate::measure::tracker::Tracker| {
                        tracker.missing(board.head(membership.room))
                    };
                    membership.tracker.as_ref().is_some_and(|tracker| missing(tracker) == 0)
                })
        })
    }

    /// The end: what was expected is compared with what came.
    pub(crate) fn finish(mut self) -> (Account, Series) {
        let people = &mut self.people;
        for client in &people.clients {
            for (_, asked) in &client.asked {
                people.account.unanswered += u64::from(matches!(asked, Asked::Publish { .. }));
            }
            for membership in &client.memberships {
                let head = people.board.head(membership.room);
                settle(&mut people.account, membership, head);
            }
        }
        people.account.vanished = people.books.iter().map(Book::vanished).sum();
        people.account.bytes_in = self.engine.traffic.bytes_in;
        people.account.bytes_out = self.engine.traffic.bytes_out;
        people.account.frames = self.engine.traffic.frames;
        (self.people.account, self.people.series)
    }
}
