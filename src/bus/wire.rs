//! Messages between nodes, as JSON text. Unknown messages are dropped and counted, so that nodes of
//! two versions can serve together.

use std::fmt;
use std::sync::Arc;

use metrics::counter;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::announcement::Announced;
use super::counted::DROPPED;
use crate::hub::{Item, Notice, PeerMessage, Publication};
use crate::id::{ChannelId, EventId, NodeId, PersonId};

/// A message with its sender.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    /// The sending node. A node drops its own messages.
    pub(super) node: NodeId,
    pub(super) message: Message,
}

/// A message between nodes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// Committed changes of a channel.
    Changes(Changes),
    /// There is a new message in a channel, for its followers.
    #[serde(rename = "said")]
    Notice(Notice),
    /// A frame for a person's connections in an event.
    Person { event: EventId, person: PersonId, frame: String },
    /// Cached state has changed.
    Control(Announced),
    /// The node's lease.
    Lease(Box<RawValue>),
    /// The node has stopped.
    Bye,
    /// Presence and totals.
    Presence(PeerMessage),
}

/// An encoded [`Publication`].
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Changes {
    channel: ChannelId,
    after: u64,
    seq: u64,
    count: u64,
    items: Vec<Changed>,
    mentions: Vec<PersonId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Changed {
    seq: u64,
    changed: u64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    kept: bool,
    json: Box<RawValue>,
}

impl Envelope {
    pub(super) fn encode(&self) -> Option<Arc<str>> {
        // Cannot fail: maps have text keys, and numbers are integers.
        serde_json::to_string(self).ok().map(Into::into)
    }

    pub(super) fn decode(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

/// Counts something from another node that this version cannot read, `what`.
pub(crate) fn pass_over(why: &dyn fmt::Display, what: &str) {
    tracing::debug!(%why, what, "a message of another node is skipped");
    counter!(DROPPED, "why" => "unknown").increment(1);
}

impl From<&Publication> for Changes {
    fn from(publication: &Publication) -> Self {
        let changed = |item: &Item| Changed {
            seq: item.seq,
            changed: item.changed,
            kept: item.kept,
            json: (*item.json).to_owned(),
        };
        Self {
            channel: publication.channel,
            after: publication.after,
            seq: publication.seq,
            count: publication.count,
            items: publication.items.iter().map(changed).collect(),
            mentions: publication.mentions.clone(),
        }
    }
}

impl From<Changes> for Publication {
    fn from(changes: Changes) -> Self {
        let item = |one: Changed| Item {
            seq: one.seq,
            changed: one.changed,
            kept: one.kept,
            json: Arc::from(one.json),
        };
        Self {
            channel: changes.channel,
            after: changes.after,
            seq: changes.seq,
            count: changes.count,
            items: changes.items.into_iter().map(item).collect(),
            mentions: changes.mentions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_publication_arrives_as_it_was_sent() {
        let json = RawValue::from_string(r#"{"text":"Ça va?  \n"}"#.to_owned()).unwrap();
        let item = Item { seq: 7, changed: 9, kept: true, json: json.into() };
        let publication = Publication {
            channel: ChannelId(Uuid::from_u128(1)),
            after: 6,
            seq: 9,
            count: 4,
            items: vec![item],
            mentions: vec![PersonId(Uuid::from_u128(2))],
        };
        let node = NodeId(Uuid::from_u128(3));
        let sent = Envelope { node, message: Message::Changes((&publication).into()) };
        let read = Envelope::decode(&sent.encode().unwrap()).unwrap();
        assert_eq!(read.node, node);
        let Message::Changes(changes) = read.message else { panic!("{read:?}") };
        assert_eq!(Publication::from(changes), publication);
    }

    #[test]
    fn what_is_not_known_cannot_be_read_and_does_no_harm() {
        let node = Uuid::nil();
        for text in [
            "",
            "{}",
            &format!(r#"{{"node":"{node}","message":{{"later":1}}}}"#),
            &format!(r#"{{"node":"{node}","message":{{"changes":{{"channel":"x"}}}}}}"#),
        ] {
            assert!(Envelope::decode(text).is_err(), "{text}");
        }
        let more = format!(
            r#"{{"node":"{node}","message":{{"said":{{"channel":"{node}","seq":1,"count":1,"mentions":[],"more":1}}}}}}"#
        );
        assert!(Envelope::decode(&more).is_ok(), "a field that came later is skipped");
    }
}
