//! A message as it is kept and as it is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::db::DbError;
use crate::hub::Item;
use crate::id::{ClientMessageId, PersonId};
use crate::protocol::Card;

/// Who deleted a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Deleted {
    /// Its author.
    Author,
    /// A moderator.
    Moderator,
}

/// A message, whole, as it looks after the change `changed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its number in the channel.
    pub seq: u64,
    /// The number of its last change.
    pub changed: u64,
    /// Its position among the channel's messages, changes not counted.
    pub ordinal: u64,
    /// Who sent it.
    pub sender: Card,
    /// The sender's own identifier for it.
    pub client_id: ClientMessageId,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What it says; nothing once it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The number of the message it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<u64>,
    /// The people it mentions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// How many people reacted with what.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reactions: BTreeMap<String, u64>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Who deleted it, once it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted: Option<Deleted>,
    /// When it was pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned_at: Option<Timestamp>,
}

/// A message as stored in the database, including its text after deletion.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) seq: u64,
    pub(super) changed: u64,
    pub(super) ordinal: u64,
    pub(super) sender: Card,
    pub(super) client_id: ClientMessageId,
    pub(super) body: String,
    pub(super) reply_to: Option<u64>,
    pub(super) mentions: Vec<PersonId>,
    pub(super) reactions: BTreeMap<String, u64>,
    pub(super) sent_at: Timestamp,
    pub(super) edited_at: Option<Timestamp>,
    pub(super) deleted_at: Option<Timestamp>,
    pub(super) deleted_by: Option<PersonId>,
    pub(super) pinned_at: Option<Timestamp>,
}

impl Stored {
    /// The message as others may see it.
    pub(super) fn message(&self) -> Message {
        let deleted = self.deleted_at.map(|_| {
            let by_author = self.deleted_by == Some(self.sender.id);
            if by_author { Deleted::Author } else { Deleted::Moderator }
        });
        let shown = deleted.is_none();
        Message {
            seq: self.seq,
            changed: self.changed,
            ordinal: self.ordinal,
            sender: self.sender.clone(),
            client_id: self.client_id,
            sent_at: self.sent_at,
            text: shown.then(|| self.body.clone()),
            reply_to: self.reply_to,
            mentions: if shown { self.mentions.clone() } else { Vec::new() },
            reactions: if shown { self.reactions.clone() } else { BTreeMap::new() },
            edited_at: self.edited_at.filter(|_| shown),
            deleted,
            pinned_at: self.pinned_at.filter(|_| shown),
        }
    }

    /// The encoded message as an item of the hub.
    pub(super) fn item(&self) -> Result<Item, DbError> {
        let message = self.message();
        let json = to_raw_value(&message).map_err(|error| DbError::Value(error.to_string()))?;
        Ok(Item {
            seq: message.seq,
            changed: message.changed,
            kept: message.pinned_at.is_some(),
            json: json.into(),
        })
    }
}
