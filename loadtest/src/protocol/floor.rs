//! The floor: a bare server that sends everybody what anybody says, numbered (`floor.rs` of this
//! program). A text is the message; what comes is `NUMBER TEXT`.

use super::stamp::Stamp;
use super::{Identity, Incoming, Message, Protocol, Request, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Debug)]
pub(crate) struct Floor;

impl Protocol for Floor {
    fn upgrade(&self, _: &Identity) -> Upgrade {
        Upgrade { path: "/".to_owned(), ..Upgrade::default() }
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
        let delivered = std::str::from_utf8(line).ok().and_then(|line| {
            let (number, text) = line.split_once(' ')?;
            let number = number.parse().ok().filter(|number| *number > 0)?;
            let messages = vec![Message { number, stamp: Stamp::find(text) }];
            Some(Incoming::Delivered { room: 0, after: number - 1, up_to: number, messages })
        });
        into.push(delivered.unwrap_or(Incoming::Other));
    }

    fn has_lines(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_has_its_number_and_its_mark() {
        let stamp = Stamp { number: 3, sender: 1, intended: 99 };
        let mut read = Vec::new();
        Floor.read(format!("41 {}", stamp.text(100)).as_bytes(), &mut read);
        let messages = vec![Message { number: 41, stamp: Some(stamp) }];
        assert_eq!(read, [Incoming::Delivered { room: 0, after: 40, up_to: 41, messages }]);
    }
}
