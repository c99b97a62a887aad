//! One of the people: what they have asked, and what they have of each room.

use std::collections::VecDeque;

use crate::clock::Nanos;
use crate::measure::tracker::Tracker;
use crate::protocol::{Identity, Room};

/// How far somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Without a connection, and not about to get one.
    Away,
    /// Connecting, saying hello, joining.
    Coming,
    /// In all their rooms.
    Ready,
    /// Gone, and not to come back.
    Gone,
}

/// What an answer will be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Hello,
    Join(Room),
    CatchUp(Room),
    Publish { room: Room, number: u64, intended: Nanos },
    OpenDirect(Room),
    Other,
}

/// Somebody's place in a room.
#[derive(Clone, Debug)]
pub(super) struct Membership {
    pub(super) room: Room,
    /// What they have; nothing before they were first let in.
    pub(super) tracker: Option<Tracker>,
    /// The number from which on they are to get everything.
    pub(super) from: u64,
    /// The highest number that came with an answer rather than by itself.
    pub(super) answered: u64,
    /// Whether the server has let them in, on this connection.
    pub(super) joined: bool,
    /// Whether they have asked for what is missing.
    pub(super) asked: bool,
    /// Ranges that came by themselves while an answer was under way.
    pub(super) early: Vec<(u64, u64)>,
}

impl Membership {
    pub(super) fn new(room: Room) -> Self {
        Self {
            room,
            early: Vec::new(),
            tracker: None,
            from: 0,
            answered: 0,
            joined: false,
            asked: false,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Client {
    pub(super) identity: Identity,
    /// What the server calls them, where it says.
    pub(super) person: Option<Box<str>>,
    /// Whether they have ever stopped reading.
    pub(super) has_stalled: bool,
    pub(super) state: State,
    /// When the connection was to be opened.
    pub(super) began: Nanos,
    /// How often it was opened without getting through since it last did.
    pub(super) tries: u32,
    /// Whether this is not their first time.
    pub(super) has_been: bool,
    pub(super) next_id: u32,
    /// Requests without an answer, the oldest first.
    pub(super) asked: VecDeque<(u32, Asked)>,
    pub(super) memberships: Vec<Membership>,
    /// When something was last heard.
    pub(super) heard: Nanos,
}

impl Client {
    pub(super) fn new(identity: Identity, rooms: &[Room]) -> Self {
        Self {
            identity,
            person: None,
            has_stalled: false,
            state: State::Away,
            began: 0,
            tries: 0,
            has_been: false,
            next_id: 1,
            asked: VecDeque::new(),
            memberships: rooms.iter().copied().map(Membership::new).collect(),
            heard: 0,
        }
    }

    pub(super) fn membership(&mut self, room: Room) -> Option<&mut Membership> {
        self.memberships.iter_mut().find(|membership| membership.room == room)
    }

    /// What the answer of this number is about. Answers come in the order of the requests.
    pub(super) fn answered(&mut self, id: u32) -> Option<Asked> {
        let at = self.asked.iter().position(|(asked, _)| *asked == id)?;
        self.asked.remove(at).map(|(_, asked)| asked)
    }

    pub(super) fn is_in_all_rooms(&self) -> bool {
        self.memberships.iter().all(|membership| membership.joined)
    }
}
