//! How to talk to a server: one small file for each kind, so that the same scenarios can be driven
//! at Plenary and at what one might use instead.

pub(crate) mod centrifugo;
pub(crate) mod floor;
pub(crate) mod nats;
pub(crate) mod nchan;
pub(crate) mod plenary;
pub(crate) mod socketio;
pub(crate) mod stamp;

use self::stamp::Stamp;
use crate::engine::upgrade::Upgrade;

/// A room of the scenario, by its place in the list.
pub(crate) type Room = u32;

/// Somebody who takes part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    /// Their number among all clients of all parts.
    pub(crate) number: usize,
    /// The secret of their sign-in, where there are sign-ins.
    pub(crate) secret: Option<String>,
}

/// A message as a receiver sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Its number in the room: the server's, or where it gives none, the one of the stamp.
    pub(crate) number: u64,
    /// What this program wrote into it.
    pub(crate) stamp: Option<Stamp>,
}

/// What a server says, in words that all protocols share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Incoming {
    /// The client may go on: rooms can be joined now.
    Welcome,
    /// Everything of the room after `after`, up to `up_to`; the messages among it.
    Delivered { room: Room, after: u64, up_to: u64, messages: Vec<Message> },
    /// The answer to a request.
    Answered { request: u32, answer: Answer },
    /// The client has missed something and must ask for it.
    Behind { room: Room },
    /// How many are in the room.
    Totals { room: Option<Room>, people: Option<u64> },
    /// The event itself has changed: it is to be read again within so many milliseconds.
    Changed { within_ms: u64 },
    /// What all nodes count in the room together.
    Counted { room: Room, sum: u64 },
    /// A text to be sent back at once.
    Echo(&'static str),
    /// Anything else.
    Other,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is done.
    Done,
    /// The server knows the person, by this name.
    Welcomed(String),
    /// The message has this number, if the server tells.
    Accepted(Option<u64>),
    /// The client has everything of the room after `after`, up to `up_to`; with `reset`, it does
    /// without what was before. `more` has to be asked for.
    Changes { after: u64, up_to: u64, messages: Vec<Message>, reset: bool, more: bool },
    /// A room that was opened, by its address.
    Opened(String),
    /// It is not, and why: the server's code.
    Refused(String),
}

/// Something that a client asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Request<'a> {
    /// The first thing that is said.
    Hello,
    /// To be in a room, from after this number on if it has been there.
    Join { room: Room, after: Option<u64> },
    /// To be in it no longer.
    Leave { room: Room },
    /// What is missing after this number.
    CatchUp { room: Room, after: u64 },
    /// To say something, with an identifier of one's own.
    Publish { room: Room, text: &'a str, unique: u128 },
    /// To react to the message of this number.
    React { room: Room, number: u64, emoji: &'a str },
    /// To be seen typing.
    Typing { room: Room },
    /// A conversation with one other person.
    OpenDirect { person: &'a str },
    /// To hear from the server.
    Ping,
}

/// Whether and how a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// An answer with this number will come.
    Answered(u32),
    /// It counts as done.
    Unanswered,
    /// The protocol has no such thing.
    Unknown,
}

/// One way to talk.
pub(crate) trait Protocol: Send {
    /// How a person's connection is opened.
    fn upgrade(&self, identity: &Identity) -> Upgrade;

    /// Writes a request, with the number by which its answer is known, behind what the text holds.
    fn write(&self, id: u32, identity: &Identity, request: Request<'_>, out: &mut String) -> Sent;

    /// Reads one line that came. Lines that are alike are read once, however many get them.
    fn read(&self, line: &[u8], into: &mut Vec<Incoming>);

    /// Whether several may stand in one frame, a line each.
    fn has_lines(&self) -> bool;

    /// Learns the address of a room that was opened meanwhile.
    fn learn(&mut self, _address: &str, _room: Room) {}
}
