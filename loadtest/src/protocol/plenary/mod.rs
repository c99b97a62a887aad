//! Plenary's own protocol (docs/protocol.md): JSON lines over `GET /ws`.

mod wire;

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::value::RawValue;

use self::wire::{Changes, Done, Line, Tick, Totals, answer, new_messages};
use super::{Identity, Incoming, Protocol, Request, Room, Sent};
use crate::engine::upgrade::Upgrade;

#[derive(Clone, Debug)]
pub(crate) struct Plenary {
    event: String,
    /// The name of the sign-in cookie.
    cookie: String,
    /// The rooms' channels, and which room each belongs to.
    channels: Vec<String>,
    rooms: HashMap<String, Room>,
}

impl Plenary {
    pub(crate) fn new(event: &str, cookie: &str, channels: &[String]) -> Self {
        let rooms = channels.iter().zip(0..).map(|(channel, room)| (channel.clone(), room));
        Self {
            event: event.to_owned(),
            cookie: cookie.to_owned(),
            channels: channels.to_vec(),
            rooms: rooms.collect(),
        }
    }

    fn channel(&self, room: Room) -> &str {
        self.channels.get(room as usize).map_or("", String::as_str)
    }
}

impl Protocol for Plenary {
    fn upgrade(&self, identity: &Identity) -> Upgrade {
        let cookie = identity.secret.as_ref().map(|secret| format!("{}={secret}", self.cookie));
        Upgrade { path: "/ws".to_owned(), subprotocol: Some("plenary.v1"), cookie }
    }

    fn write(&self, id: u32, _: &Identity, request: Request<'_>, out: &mut String) -> Sent {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let (operation, data) = match request {
            Request::Hello => {
                ("hello", format!(r#""event":{},"client":"plenary-loadtest""#, text(&self.event)))
            }
            Request::Join { room, after } => {
                let after = after.map(|after| format!(r#","after":{after}"#)).unwrap_or_default();
                ("channel.join", format!(r#""channel":"{}"{after}"#, self.channel(room)))
            }
            Request::Leave { room } => {
                ("channel.leave", format!(r#""channel":"{}""#, self.channel(room)))
            }
            Request::CatchUp { room, after } => {
                let channel = self.channel(room);
                ("channel.catch_up", format!(r#""channel":"{channel}","after":{after}"#))
            }
            Request::Publish { room, text: said, unique } => {
                let (channel, unique, said) = (self.channel(room), uuid(unique), text(said));
                let data = format!(r#""channel":"{channel}","client_id":"{unique}","text":{said}"#);
                ("message.send", data)
            }
            Request::React { room, number, emoji } => {
                let (channel, emoji) = (self.channel(room), text(emoji));
                let data = format!(r#""channel":"{channel}","seq":{number},"emoji":{emoji}"#);
                ("message.react", format!(r#"{data},"on":true"#))
            }
            Request::Typing { room } => {
                ("channel.typing", format!(r#""channel":"{}""#, self.channel(room)))
            }
            Request::OpenDirect { person } => {
                ("direct.open", format!(r#""people":[{}]"#, text(person)))
            }
            Request::Ping => ("ping", String::new()),
        };
        // Writing into a string cannot fail.
        let _ = write!(out, r#"{{"id":{id},"op":"{operation}","data":{{{data}}}}}"#);
        Sent::Answered(id)
    }

    fn read(&self, line: &[u8], into: &mut Vec<Incoming>) {
        let understood = serde_json::from_slice::<Line<'_>>(line).ok();
        let meaning = understood.and_then(|line| match (line.push, line.reply) {
            (Some(push), _) => self.pushed(push, line.channel, line.data),
            (None, Some(request)) => {
                Some(Incoming::Answered { request, answer: answer(line.ok, line.error)? })
            }
            _ => None,
        });
        into.push(meaning.unwrap_or(Incoming::Other));
    }

    fn has_lines(&self) -> bool {
        true
    }

    fn learn(&mut self, address: &str, room: Room) {
        let place = room as usize;
        if self.channels.len() <= place {
            self.channels.resize(place + 1, String::new());
        }
        address.clone_into(&mut self.channels[place]);
        self.rooms.insert(address.to_owned(), room);
    }
}

impl Plenary {
    fn pushed(
        &self,
        push: &str,
        channel: Option<&str>,
        data: Option<&RawValue>,
    ) -> Option<Incoming> {
        let room = channel.and_then(|channel| self.rooms.get(channel).copied());
        Some(match push {
            "messages" => {
                let changes: Done<'_> = serde_json::from_str(data?.get()).ok()?;
                let (after, up_to) = (changes.after?, changes.seq?);
                let messages = new_messages(after, &changes.messages?);
                Incoming::Delivered { room: room?, after, up_to, messages }
            }
            "reset" => Incoming::Behind { room: room? },
            "tick" => {
                let tick: Tick = serde_json::from_str(data?.get()).ok()?;
                Incoming::Totals { room, people: Some(tick.people) }
            }
            "totals" => {
                let Totals { totals } = serde_json::from_str(data?.get()).ok()?;
                Incoming::Counted { room: room?, sum: totals.load_test? }
            }
            "event" => {
                let changes: Changes<'_> = serde_json::from_str(data?.get()).ok()?;
                changes.what.contains(&"event").then_some(())?;
                Incoming::Changed { within_ms: changes.within_ms }
            }
            _ => Incoming::Other,
        })
    }
}

/// Identifiers in the form that JSON has for them.
fn uuid(unique: u128) -> String {
    let digits = format!("{unique:032x}");
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::super::stamp::Stamp;
    use super::super::{Answer, Message};
    use super::*;

    fn plenary() -> Plenary {
        Plenary::new("camp", "plenary", &["aaa".to_owned(), "bbb".to_owned()])
    }

    fn read(line: &str) -> Incoming {
        let mut read = Vec::new();
        plenary().read(line.as_bytes(), &mut read);
        read.remove(0)
    }

    fn read_answer(line: &str) -> Answer {
        let Incoming::Answered { answer, .. } = read(line) else { panic!("no answer: {line}") };
        answer
    }

    #[test]
    fn requests_are_json_with_every_name_in_its_place() {
        let requests = [
            Request::Hello,
            Request::Join { room: 1, after: Some(7) },
            Request::CatchUp { room: 0, after: 3 },
            Request::Publish { room: 0, text: "\"quoted\"", unique: 1 },
            Request::React { room: 0, number: 4, emoji: "👍" },
            Request::OpenDirect { person: "p" },
            Request::Ping,
        ];
        for request in requests {
            let mut text = String::new();
            let identity = Identity::default();
            assert_eq!(plenary().write(9, &identity, request, &mut text), Sent::Answered(9));
            let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(json["id"], 9);
            assert!(json["op"].is_string() && json["data"].is_object(), "{text}");
        }
        assert_eq!(uuid(1), "00000000-0000-0000-0000-000000000001");
    }

    #[test]
    fn a_push_tells_what_is_new_and_what_only_changed() {
        let stamp = Stamp { number: 1, sender: 2, intended: 3 };
        let line = format!(
            r#"{{"push":"messages","channel":"bbb","data":{{"after":17,"seq":19,"messages":[
            {{"seq":3,"changed":18,"text":"old"}},{{"seq":19,"changed":19,"text":"{}"}}]}}}}"#,
            stamp.text(40)
        );
        let messages = vec![Message { number: 19, stamp: Some(stamp) }];
        let delivered = Incoming::Delivered { room: 1, after: 17, up_to: 19, messages };
        assert_eq!(read(&line), delivered);
    }

    #[test]
    fn answers_are_told_apart_by_their_fields() {
        let accepted = read_answer(r#"{"reply":7,"ok":{"seq":18,"message":{"seq":18}}}"#);
        assert_eq!(accepted, Answer::Accepted(Some(18)));
        let refused = r#"{"reply":7,"error":{"code":"rate.limited","message":"Slower."}}"#;
        assert_eq!(read_answer(refused), Answer::Refused("rate.limited".to_owned()));
        let joined = r#"{"reply":1,"ok":{"state":{"id":"x"},"after":4,"seq":9,"messages":[],
            "reset":false,"more":false}}"#;
        let changes =
            Answer::Changes { after: 4, up_to: 9, messages: vec![], reset: false, more: false };
        assert_eq!(read_answer(joined), changes);
        let welcome = r#"{"reply":1,"ok":{"connection":"c","person":{"id":"p","name":"P"}}}"#;
        assert_eq!(read_answer(welcome), Answer::Welcomed("p".to_owned()));
        assert_eq!(read_answer(r#"{"reply":2,"ok":{}}"#), Answer::Done);
    }

    #[test]
    fn a_change_of_the_event_says_within_what_time_to_read_it() {
        let line = |what: &str| {
            let data = format!(r#"{{"version":7,"what":[{what}],"within_ms":12000}}"#);
            read(&format!(r#"{{"push":"event","data":{data}}}"#))
        };
        assert_eq!(line(r#""rooms","event""#), Incoming::Changed { within_ms: 12_000 });
        assert_eq!(line(r#""agenda""#), Incoming::Other, "it is not what is read");
    }

    #[test]
    fn a_sum_of_all_nodes_is_told_among_other_totals() {
        let line = |totals: &str| {
            read(&format!(r#"{{"push":"totals","channel":"bbb","data":{{"totals":{totals}}}}}"#))
        };
        let counted = Incoming::Counted { room: 1, sum: 6_003 };
        assert_eq!(line(r#"{"load_test":6003,"viewers":2}"#), counted);
        assert_eq!(line(r#"{"viewers":2}"#), Incoming::Other);
        assert_eq!(line(r#"{"load_test":null}"#), Incoming::Other, "nobody counts any more");
    }

    #[test]
    fn what_is_unknown_is_only_counted() {
        for line in ["{}", "nonsense", r#"{"push":"event","data":{"version":2}}"#] {
            assert_eq!(read(line), Incoming::Other, "{line}");
        }
        let elsewhere =
            r#"{"push":"messages","channel":"zzz","data":{"after":1,"seq":2,"messages":[]}}"#;
        assert_eq!(read(elsewhere), Incoming::Other);
    }
}
