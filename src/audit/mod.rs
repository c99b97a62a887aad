//! The audit log: who did what to whom, written in the transaction that does it, never changed.

mod store;

use serde_json::Value;

use crate::id::{ChannelId, EventId, PersonId, RoomId};

pub use store::record;

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The event it happened in; none for what concerns the whole installation.
    pub event: Option<EventId>,
    /// Who did it; nobody when it was the command line.
    pub actor: Option<PersonId>,
    /// What was done, by the name that the permission table has for it.
    pub action: &'static str,
    /// The room concerned.
    pub room: Option<RoomId>,
    /// The person concerned.
    pub person: Option<PersonId>,
    /// The channel concerned.
    pub channel: Option<ChannelId>,
    /// The message concerned, by its number in the channel.
    pub seq: Option<u64>,
    /// What else is worth knowing; never a secret or the text of a message.
    pub details: Value,
}

impl Entry {
    /// A line that says what was done in which event and by whom, and nothing else yet.
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
