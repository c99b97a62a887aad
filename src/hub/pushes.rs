//! The hub's own pushes.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::id::PersonId;
use crate::protocol::Push;

/// A channel's presence, if it has changed since the last tick. At most one per second and
/// channel. A tick that is not read in time is replaced by the next.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tick {
    /// How many people are there.
    pub people: usize,
    /// Who came, in channels of at most 50 people: a hint; `people` is authoritative.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<crate::protocol::Card>)]
    pub joined: Vec<Box<RawValue>>,
    /// Who left, in channels of at most 50 people.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<PersonId>,
    /// Who is typing.
    pub typing: TypingPeople,
}

/// Who is typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TypingPeople {
    /// The names of the first three.
    pub names: Vec<String>,
    /// How many more there are.
    pub more: usize,
}

/// A channel's other totals: of the kinds that have changed since the last tick, or of all on
/// joining. It comes in one frame with the `tick`, and is replaced likewise.
#[derive(Debug, Serialize, ToSchema)]
pub struct Totals {
    /// By kind; `null` if there is nothing to show any more.
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub totals: BTreeMap<String, Arc<RawValue>>,
}

/// There is a new message in a channel that the person had read completely. Sent once, until they
/// read again; when deletions or edits have changed what is unread for them; and, when they have
/// read, to their other connections.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unread {
    /// The position up to which messages are counted.
    pub seq: u64,
    /// How many messages are unread.
    pub unread: u64,
    /// How many of them mention the person.
    pub mentions: usize,
}

/// Changes were dropped because the connection could not keep up, or because too many were
/// missed: catch up from your number.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reset {
    /// `connection.slow` or `channel.gap`.
    pub reason: &'static str,
}

impl Push for Tick {
    const NAME: &'static str = "tick";
}

impl Push for Totals {
    const NAME: &'static str = "totals";
}

impl Push for Unread {
    const NAME: &'static str = "unread";
}

impl Push for Reset {
    const NAME: &'static str = "reset";
}
