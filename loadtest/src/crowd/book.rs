//! Which message has which number: the same for everybody, and none twice.

use std::collections::HashMap;

use crate::protocol::Message;

/// What this worker knows of one room's messages.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Numbers of the room, and the stamp that came under each.
    stamps: HashMap<u64, u64>,
    /// Stamps, and the number under which each came.
    numbers: HashMap<u64, u64>,
    /// What the server has acknowledged of our own: number and stamp.
    accepted: Vec<(u64, u64)>,
    /// How many people there are, as the server said last.
    pub(super) people: Option<u64>,
    latest: Option<u64>,
}

impl Book {
    /// Writes down a message; false when it is not what it was, or has come under another number.
    pub(super) fn write(&mut self, message: &Message) -> bool {
        let Some(stamp) = message.stamp else { return true };
        self.latest = self.latest.max(Some(message.number));
        let known = *self.stamps.entry(message.number).or_insert(stamp.number);
        let number = *self.numbers.entry(stamp.number).or_insert(message.number);
        known == stamp.number && number == message.number
    }

    /// The number of the newest message.
    pub(super) fn latest(&self) -> Option<u64> {
        self.latest
    }

    pub(super) fn accept(&mut self, number: u64, stamp: u64) {
        self.accepted.push((number, stamp));
    }

    /// How many acknowledged messages nobody here has got under the number they were promised.
    pub(super) fn vanished(&self) -> u64 {
        let missing = |(number, stamp): &&(u64, u64)| self.stamps.get(number) != Some(stamp);
        self.accepted.iter().filter(missing).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::stamp::Stamp;

    fn message(number: u64, stamp: u64) -> Message {
        Message { number, stamp: Some(Stamp { number: stamp, sender: 0, intended: 0 }) }
    }

    #[test]
    fn a_number_has_one_message_and_a_message_one_number() {
        let mut book = Book::default();
        assert!(book.write(&message(5, 1)) && book.write(&message(5, 1)));
        assert!(!book.write(&message(5, 2)), "another text under the same number");
        assert!(!book.write(&message(6, 1)), "the same text under another number");
        assert!(book.write(&Message { number: 7, stamp: None }), "somebody else's");
    }

    #[test]
    fn what_was_acknowledged_has_to_be_seen() {
        let mut book = Book::default();
        book.accept(5, 1);
        book.accept(6, 2);
        assert_eq!(book.vanished(), 2);
        book.write(&message(5, 1));
        book.write(&message(6, 9));
        assert_eq!(book.vanished(), 1, "under its number there is another");
    }
}
