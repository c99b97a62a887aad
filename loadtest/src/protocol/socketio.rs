//! Socket.IO 4 over WebSocket alone (Engine.IO 4). The server's application is a few lines: it
//! answers `join` (room) and `say` (room, text), and says `said` (room, text) to the room.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::stamp::Stamp;
use super::{Answer, Identity, Incoming, Message, Protocol, Request, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Debug)]
pub(crate) struct SocketIo;

impl Protocol for SocketIo {
    fn upgrade(&self, _: &Identity) -> Upgrade {
        let path = "/socket.io/?EIO=4&transport=websocket".to_owned();
        Upgrade { path, ..Upgrade::default() }
    }

    fn write(&self, id: u32, _: &Identity, request: Request<'_>, out: &mut String) -> Sent {
        // Writing into a string cannot fail.
        let _ = match request {
            // The server speaks first.
            Request::Hello => return Sent::Unanswered,
            Request::Join { room, .. } => write!(out, r#"42{id}["join","room{room}"]"#),
            Request::Publish { room, text, .. } => {
                let text = serde_json::Value::from(text);
                write!(out, r#"42{id}["say","room{room}",{text}]"#)
            }
            _ => return Sent::Unknown,
        };
        Sent::Answered(id)
    }

    fn read(&self, line: &[u8], into: &mut Vec<Incoming>) {
        let text = std::str::from_utf8(line).unwrap_or_default();
        into.push(match text.as_bytes() {
            // Engine.IO is open: on to the namespace.
            [b'0', ..] => Incoming::Echo("40"),
            [b'2'] => Incoming::Echo("3"),
            [b'4', b'0', ..] => Incoming::Welcome,
            [b'4', b'2', ..] => said(&text[2..]).unwrap_or(Incoming::Other),
            [b'4', b'3', ..] => acknowledged(&text[2..]).unwrap_or(Incoming::Other),
            _ => Incoming::Other,
        });
    }

    fn has_lines(&self) -> bool {
        false
    }
}

fn said(event: &str) -> Option<Incoming> {
    let (name, room, text): (Cow<'_, str>, Cow<'_, str>, Cow<'_, str>) =
        serde_json::from_str(event).ok()?;
    let room = room.strip_prefix("room")?.parse().ok().filter(|_| name == "said")?;
    let stamp = Stamp::find(&text)?;
    let messages = vec![Message { number: stamp.number, stamp: Some(stamp) }];
    let after = stamp.number.checked_sub(1)?;
    Some(Incoming::Delivered { room, after, up_to: stamp.number, messages })
}

fn acknowledged(packet: &str) -> Option<Incoming> {
    let request = packet.split('[').next()?.parse().ok()?;
    Some(Incoming::Answered { request, answer: Answer::Accepted(None) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Incoming {
        let mut read = Vec::new();
        SocketIo.read(line.as_bytes(), &mut read);
        read.remove(0)
    }

    #[test]
    fn the_handshake_goes_back_and_forth() {
        assert_eq!(read(r#"0{"sid":"x","pingInterval":25000}"#), Incoming::Echo("40"));
        assert_eq!(read(r#"40{"sid":"y"}"#), Incoming::Welcome);
        assert_eq!(read("2"), Incoming::Echo("3"));
    }

    #[test]
    fn what_is_said_is_counted_by_its_stamp() {
        let stamp = Stamp { number: 6, sender: 1, intended: 2 };
        let line = format!(r#"42["said","room2","{}"]"#, stamp.text(60));
        let messages = vec![Message { number: 6, stamp: Some(stamp) }];
        assert_eq!(read(&line), Incoming::Delivered { room: 2, after: 5, up_to: 6, messages });
        let answered = Incoming::Answered { request: 12, answer: Answer::Accepted(None) };
        assert_eq!(read("4312[]"), answered);
        assert_eq!(read(r#"42["other"]"#), Incoming::Other);
    }
}
