//! The audit log: who did what to whom, written in the transaction that does it, never changed.

mod store;

use serde_json::Value;

use crate::id::{ChannelId, EventId, PersonId, RoomId};

pub use store::record;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event it happened in; `None` for the whole installation.
    pub event: Option<EventId>,
    /// Who did it; `None` for the command line.
    pub actor: Option<PersonId>,
    /// The operation, by its name in the permission table.
    pub action: &'static str,
    /// The room concerned.
    pub room: Option<RoomId>,
    /// The person concerned.
    pub person: Option<PersonId>,
    /// The channel concerned.
    pub channel: Option<ChannelId>,
    /// The message concerned, by its position in the channel.
    pub seq: Option<u64>,
    /// Further details; never a secret or the text of a message.
    pub details: Value,
}

impl Entry {
    /// A line with only the event, the actor and the operation.
    pub fn new(event: Option<EventId>, actor: Option<PersonId>, action: &'static str) -> Self {
        Self {
            event,
            actor,
            action,
            room: None,
            person: None,
            channel: None,
            seq: None,
            details: Value::Object(serde_json::Map::new()),
        }
    }
}
