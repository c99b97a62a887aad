//! nginx with nchan: a location `/room0` with `nchan_pubsub websocket` gives everybody what
//! anybody sends, as it is. There are no numbers and no answers, and one connection is one room.

use super::stamp::Stamp;
use super::{Identity, Incoming, Message, Protocol, Request, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Debug)]
pub(crate) struct Nchan;

impl Protocol for Nchan {
    fn upgrade(&self, _: &Identity) -> Upgrade {
        Upgrade { path: "/room0".to_owned(), ..Upgrade::default() }
    }

    fn write(&self, _: u32, _: &Identity, request: Request<'_>, out: &mut String) -> Sent {
        match request {
            Request::Publish { text, .. } => {
                out.push_str(text);
                Sent::Unanswered
            }
            _ => Sent::Unknown,
        }
    }

    fn read(&self, line: &[u8], into: &mut Vec<Incoming>) {
        into.push(delivered(line).unwrap_or(Incoming::Other));
    }

    fn has_lines(&self) -> bool {
        false
    }
}

/// A text that is a message and nothing else, counted by its stamp.
pub(super) fn delivered(text: &[u8]) -> Option<Incoming> {
    let stamp = Stamp::find(std::str::from_utf8(text).ok()?)?;
    let messages = vec![Message { number: stamp.number, stamp: Some(stamp) }];
    let after = stamp.number.checked_sub(1)?;
    Some(Incoming::Delivered { room: 0, after, up_to: stamp.number, messages })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_as_it_was_sent() {
        let stamp = Stamp { number: 2, sender: 1, intended: 3 };
        let mut read = Vec::new();
        Nchan.read(stamp.text(50).as_bytes(), &mut read);
        Nchan.read(b"queued messages: 1", &mut read);
        let messages = vec![Message { number: 2, stamp: Some(stamp) }];
        let delivered = Incoming::Delivered { room: 0, after: 1, up_to: 2, messages };
        assert_eq!(read, [delivered, Incoming::Other]);
    }
}
