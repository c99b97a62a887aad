//! NATS over its WebSocket listener: the protocol of lines, one subject, no answers.

use std::fmt::Write as _;

use super::nchan::delivered;
use super::{Identity, Incoming, Protocol, Request, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Debug)]
pub(crate) struct Nats;

impl Protocol for Nats {
    fn upgrade(&self, _: &Identity) -> Upgrade {
        Upgrade { path: "/".to_owned(), ..Upgrade::default() }
    }

    fn write(&self, _: u32, _: &Identity, request: Request<'_>, out: &mut String) -> Sent {
        // Writing into a string cannot fail.
        let _ = match request {
            Request::Hello => {
                write!(out, "CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\n")
            }
            Request::Join { .. } => write!(out, "SUB room0 1\r\n"),
            Request::Publish { text, .. } => write!(out, "PUB room0 {}\r\n{text}\r\n", text.len()),
            _ => return Sent::Unknown,
        };
        Sent::Unanswered
    }

    fn read(&self, line: &[u8], into: &mut Vec<Incoming>) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        into.push(match line {
            b"PING" => Incoming::Echo("PONG\r\n"),
            // The line before says to whom and how long; there is only one subject.
            [b'~', ..] => delivered(line).unwrap_or(Incoming::Other),
            _ => Incoming::Other,
        });
    }

    fn has_lines(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::stamp::Stamp;
    use super::*;

    #[test]
    fn a_frame_of_lines_is_a_message() {
        let text = Stamp { number: 2, sender: 1, intended: 3 }.text(50);
        let frame = format!("MSG room0 1 {}\r\n{text}\r\nPING\r\n", text.len());
        let mut read = Vec::new();
        frame.lines().for_each(|line| Nats.read(line.as_bytes(), &mut read));
        assert!(matches!(read[1], Incoming::Delivered { room: 0, after: 1, up_to: 2, .. }));
        assert_eq!((&read[0], &read[2]), (&Incoming::Other, &Incoming::Echo("PONG\r\n")));
    }
}
