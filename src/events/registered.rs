//! What capabilities add to what an event is: parts that change, kinds of channels, pieces of its
//! snapshot.

use std::collections::HashSet;
use std::sync::Arc;

use parking_lot::Mutex;

use super::piece::PieceKind;
use super::{ChannelKind, Events, Part, Piece};

/// Everything that was registered, beginning with what every event has.
#[derive(Debug)]
pub struct Registered {
    parts: Vec<Part>,
    kinds: Vec<ChannelKind>,
    pieces: Vec<PieceKind>,
    /// The kinds of channels that were missed, each to be logged once.
    missed: Mutex<HashSet<String>>,
}

/// Two things have the same name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {name:?} is registered twice")]
pub struct RegisteredTwice {
    what: &'static str,
    name: &'static str,
}

impl Default for Registered {
    fn default() -> Self {
        Self {
            parts: vec![Part::EVENT, Part::ROOMS, Part::SWITCHES],
            kinds: vec![ChannelKind::ROOM, ChannelKind::STAFF, ChannelKind::ANNOUNCEMENTS],
            pieces: Vec::new(),
            missed: Mutex::default(),
        }
    }
}

impl Registered {
    /// Adds a part that changes.
    pub fn part(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// Adds a kind of channels.
    pub fn channel_kind(&mut self, kind: ChannelKind) {
        self.kinds.push(kind);
    }

    /// Adds a piece to every snapshot.
    pub fn piece<T: Piece>(&mut self) {
        self.pieces.push(PieceKind::of::<T>());
    }

    /// The parts, in the order in which they were registered.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The kinds of channels, in the order in which they were registered.
    pub fn channel_kinds(&self) -> &[ChannelKind] {
        &self.kinds
    }

    /// The part of that name.
    pub(super) fn part_named(&self, name: &str) -> Option<Part> {
        self.parts.iter().copied().find(|part| part.name() == name)
    }

    /// The kind of channels of that name. One of a capability that was taken out is logged.
    pub fn channel_kind_named(&self, name: &str) -> Option<ChannelKind> {
        let found = self.kinds.iter().copied().find(|kind| kind.name() == name);
        if found.is_none() && self.missed.lock().insert(name.to_owned()) {
            tracing::warn!(kind = name, "channels of a kind that nothing here knows are left out");
        }
        found
    }

    pub(super) fn pieces(&self) -> Arc<[PieceKind]> {
        self.pieces.as_slice().into()
    }

    fn check(&self) -> Result<(), RegisteredTwice> {
        let mut names = HashSet::new();
        let parts = self.parts.iter().map(|part| ("part", part.name()));
        let kinds = self.kinds.iter().map(|kind| ("kind of channels", kind.name()));
        for (what, name) in parts.chain(kinds) {
            if !names.insert((what, name)) {
                return Err(RegisteredTwice { what, name });
            }
        }
        Ok(())
    }
}

impl Events {
    /// Opens the events to what the capabilities have registered, before any is read.
    ///
    /// # Errors
    /// When two of them use the same name.
    pub fn register(&self, registered: Registered) -> Result<(), RegisteredTwice> {
        registered.check()?;
        *self.registered.write() = Arc::new(registered);
        Ok(())
    }

    /// What the capabilities have registered.
    pub fn registered(&self) -> Arc<Registered> {
        Arc::clone(&self.registered.read())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Operation;

    #[test]
    fn names_are_used_once() {
        let mut registered = Registered::default();
        registered.part(Part::new("booths"));
        registered.channel_kind(ChannelKind::new("booths", Operation::ChannelRead));
        assert_eq!(registered.check(), Ok(()), "a part and a kind may share one");
        registered.part(Part::new("rooms"));
        assert_eq!(registered.check(), Err(RegisteredTwice { what: "part", name: "rooms" }));
    }

    #[test]
    fn a_kind_that_was_taken_out_is_left_out_and_logged_once() {
        let registered = Registered::default();
        assert_eq!(registered.channel_kind_named("staff"), Some(ChannelKind::STAFF));
        for _ in 0..2 {
            assert_eq!(registered.channel_kind_named("booth"), None);
        }
        assert_eq!(registered.missed.lock().len(), 1);
    }
}
