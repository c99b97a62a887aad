//! Changes of a channel.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::id::{ChannelId, PersonId};

/// An item of a channel (a message) in its present state, always whole.
#[derive(Clone, Debug)]
pub struct Item {
    /// The position at which it was added to the channel.
    pub seq: u64,
    /// The position of its last change.
    pub changed: u64,
    /// Whether it is part of the channel's state however old it is (a pinned message).
    pub kept: bool,
    /// Its JSON, shared by all its recipients.
    pub json: Arc<RawValue>,
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        let own = (self.seq, self.changed, self.kept, self.json.get());
        own == (other.seq, other.changed, other.kept, other.json.get())
    }
}

impl Eq for Item {}

/// "The changes after `after`, to `seq`, have happened, and these items now look like this."
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The channel.
    pub channel: ChannelId,
    /// The position before the first of these changes.
    pub after: u64,
    /// The position of the last of these changes.
    pub seq: u64,
    /// How many messages the channel has had by then, not counting changes.
    pub count: u64,
    /// The changed items, each once, in the order of their positions.
    pub items: Vec<Item>,
    /// The people mentioned in new messages.
    pub mentions: Vec<PersonId>,
}

impl Publication {
    /// How many bytes of JSON the items have.
    pub(super) fn bytes(&self) -> usize {
        self.items.iter().map(|item| item.json.get().len()).sum()
    }

    /// The notice for followers; `None` if only old items changed.
    pub fn notice(&self) -> Option<Notice> {
        self.items.iter().any(|item| item.seq > self.after).then(|| Notice {
            channel: self.channel,
            seq: self.seq,
            count: self.count,
            mentions: self.mentions.clone(),
        })
    }
}

/// The notice of a new message in a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The channel.
    pub channel: ChannelId,
    /// The position of its last change.
    pub seq: u64,
    /// How many messages it has had by then.
    pub count: u64,
    /// The people mentioned in it.
    pub mentions: Vec<PersonId>,
}

/// A channel as the archive knows it.
#[derive(Clone, Debug, Default)]
pub struct Opened {
    /// The position of its last change.
    pub head: u64,
    /// How many messages it has had.
    pub count: u64,
    /// The most recently changed items, in the order of their change.
    pub items: Vec<Item>,
    /// Whether `items` are all there are.
    pub complete: bool,
    /// The items that are part of its state however old they are.
    pub kept: Vec<Item>,
}
