//! Centrifugo's JSON protocol over `GET /connection/websocket`: commands and replies a line each,
//! an empty object as the server's ping.
//!
//! The server must let clients in without a token, and let them subscribe and publish. Where a
//! namespace has history, publications have offsets, and who comes back is told what they missed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::stamp::Stamp;
use super::{Answer, Identity, Incoming, Message, Protocol, Request, Room, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Debug, Default)]
pub(crate) struct Centrifugo {
    /// Of each room, the epoch of its stream: a place in a stream is good in its epoch only. An
    /// answer does not name its room, so what was asked last is kept by the request's number.
    epochs: RefCell<HashMap<Room, String>>,
    joining: RefCell<HashMap<u32, Room>>,
}

impl Protocol for Centrifugo {
    fn upgrade(&self, _: &Identity) -> Upgrade {
        Upgrade { path: "/connection/websocket".to_owned(), ..Upgrade::default() }
    }

    fn write(&self, id: u32, _: &Identity, request: Request<'_>, out: &mut String) -> Sent {
        // Writing into a string cannot fail.
        let _ = match request {
            Request::Hello => write!(out, r#"{{"id":{id},"connect":{{}}}}"#),
            Request::Join { room, after } => {
                // All clients join in the same order, so that a number means the same room.
                self.joining.borrow_mut().insert(id, room);
                let epochs = self.epochs.borrow();
                let recover = after.zip(epochs.get(&room)).map(|(after, epoch)| {
                    let epoch = serde_json::Value::from(epoch.as_str());
                    format!(r#","recover":true,"offset":{after},"epoch":{epoch}"#)
                });
                let recover = recover.unwrap_or_default();
                write!(out, r#"{{"id":{id},"subscribe":{{"channel":"room{room}"{recover}}}}}"#)
            }
            Request::Leave { room } => {
                write!(out, r#"{{"id":{id},"unsubscribe":{{"channel":"room{room}"}}}}"#)
            }
            Request::Publish { room, text, .. } => {
                let text = serde_json::Value::from(text);
                let publish = format!(r#"{{"channel":"room{room}","data":{{"text":{text}}}}}"#);
                write!(out, r#"{{"id":{id},"publish":{publish}}}"#)
            }
            _ => return Sent::Unknown,
        };
        Sent::Answered(id)
    }

    fn read(&self, line: &[u8], into: &mut Vec<Incoming>) {
        if line == b"{}" {
            return into.push(Incoming::Echo("{}"));
        }
        let understood = serde_json::from_slice::<Line<'_>>(line).ok();
        into.push(understood.and_then(|line| self.understand(line)).unwrap_or(Incoming::Other));
    }

    fn has_lines(&self) -> bool {
        true
    }
}

impl Centrifugo {
    fn understand(&self, line: Line<'_>) -> Option<Incoming> {
        if let Some(push) = line.push {
            let publication = push.publication?;
            let message = publication.message()?;
            let (after, up_to) = (message.number.checked_sub(1)?, message.number);
            let messages = vec![message];
            return Some(Incoming::Delivered { room: room(push.channel)?, after, up_to, messages });
        }
        let request = line.id?;
        let answer = match (line.error, line.subscribe) {
            (Some(error), _) => Answer::Refused(format!("error {}", error.code)),
            (None, Some(subscribed)) => {
                if let (Some(epoch), Some(room)) =
                    (&subscribed.epoch, self.joining.borrow().get(&request))
                {
                    self.epochs.borrow_mut().insert(*room, epoch.clone().into_owned());
                }
                subscribed.answer()
            }
            (None, None) if line.publish.is_some() => Answer::Accepted(None),
            _ => Answer::Done,
        };
        Some(Incoming::Answered { request, answer })
    }
}

fn room(channel: &str) -> Option<Room> {
    channel.strip_prefix("room")?.parse().ok()
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Option<u32>,
    #[serde(borrow, default)]
    push: Option<Push<'a>>,
    #[serde(borrow, default)]
    subscribe: Option<Subscribed<'a>>,
    #[serde(default)]
    publish: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Push<'a> {
    #[serde(borrow)]
    channel: &'a str,
    #[serde(borrow, default, rename = "pub")]
    publication: Option<Publication<'a>>,
}

#[derive(Deserialize)]
struct Publication<'a> {
    #[serde(borrow)]
    data: Data<'a>,
    #[serde(default)]
    offset: Option<u64>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

impl Publication<'_> {
    fn message(&self) -> Option<Message> {
        let stamp = Stamp::find(&self.data.text);
        let number = self.offset.or(stamp.map(|stamp| stamp.number))?;
        Some(Message { number, stamp })
    }
}

#[derive(Deserialize)]
struct Subscribed<'a> {
    #[serde(default)]
    offset: Option<u64>,
    #[serde(borrow, default)]
    epoch: Option<Cow<'a, str>>,
    #[serde(default)]
    was_recovering: bool,
    #[serde(default)]
    recovered: bool,
    #[serde(borrow, default)]
    publications: Vec<Publication<'a>>,
}

impl Subscribed<'_> {
    /// Without history there is nothing that could be told.
    fn answer(&self) -> Answer {
        if self.epoch.is_none() {
            return Answer::Done;
        }
        let messages: Vec<Message> =
            self.publications.iter().filter_map(Publication::message).collect();
        // The offset of an answer can be that before the publications that it brings.
        let place = self.offset.unwrap_or(0);
        let up_to = messages.last().map_or(place, |last| last.number.max(place));
        let after = messages.first().map_or(place, |first| first.number.saturating_sub(1));
        let reset = self.was_recovering && !self.recovered;
        Answer::Changes { after, up_to, messages, reset, more: false }
    }
}

#[derive(Deserialize)]
struct Refusal {
    code: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Incoming {
        let mut read = Vec::new();
        Centrifugo::default().read(line.as_bytes(), &mut read);
        read.remove(0)
    }

    #[test]
    fn a_publication_has_its_offset_or_its_stamps_number() {
        let stamp = Stamp { number: 4, sender: 1, intended: 2 };
        for (offset, number) in [(r#","offset":9"#, 9), ("", 4)] {
            let text = stamp.text(30);
            let line = format!(
                r#"{{"push":{{"channel":"room3","pub":{{"data":{{"text":"{text}"}}{offset}}}}}}}"#
            );
            let messages = vec![Message { number, stamp: Some(stamp) }];
            let (after, up_to) = (number - 1, number);
            assert_eq!(read(&line), Incoming::Delivered { room: 3, after, up_to, messages });
        }
    }

    #[test]
    fn answers_and_pings_are_understood() {
        assert_eq!(read("{}"), Incoming::Echo("{}"));
        let answered = |answer| Incoming::Answered { request: 2, answer };
        assert_eq!(read(r#"{"id":2,"publish":{}}"#), answered(Answer::Accepted(None)));
        let refused = r#"{"id":2,"error":{"code":103,"message":"permission denied"}}"#;
        assert_eq!(read(refused), answered(Answer::Refused("error 103".to_owned())));
        assert_eq!(read(r#"{"id":2,"subscribe":{}}"#), answered(Answer::Done));
        let recovering = r#"{"id":2,"subscribe":{"recoverable":true,"epoch":"x","offset":7,
            "was_recovering":true}}"#;
        let Incoming::Answered { answer: Answer::Changes { up_to: 7, reset, .. }, .. } =
            read(recovering)
        else {
            panic!("not an answer with a place");
        };
        assert!(reset, "it could not be recovered");
    }

    #[test]
    fn what_was_missed_stands_behind_its_place() {
        let publication = |offset: u64| {
            let text = Stamp { number: offset, sender: 1, intended: 2 }.text(20);
            format!(r#"{{"data":{{"text":"{text}"}},"offset":{offset}}}"#)
        };
        let line = format!(
            r#"{{"id":2,"subscribe":{{"epoch":"x","offset":7,"was_recovering":true,
            "recovered":true,"publications":[{},{}]}}}}"#,
            publication(8),
            publication(9)
        );
        let Incoming::Answered { answer: Answer::Changes { after, up_to, reset, .. }, .. } =
            read(&line)
        else {
            panic!("not an answer with a place");
        };
        assert_eq!((after, up_to, reset), (7, 9, false));
    }
}
