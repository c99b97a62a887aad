//! The log's entries, their answers, and its errors.

use super::commit;
use super::message::Message;
use super::permit::Permit;
use super::text::{Emoji, MessageText};
use crate::id::{ChannelId, ClientMessageId, PersonId};
use crate::protocol::{Card, Refusal};

/// Something to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where.
    pub channel: ChannelId,
    /// By whom.
    pub person: PersonId,
    /// What allows it; nothing when the hub itself writes.
    pub permit: Option<Permit>,
    /// What.
    pub action: Action,
}

/// What is to be written.
#[derive(Clone, Debug)]
pub enum Action {
    /// A new message. Sent again with the same client id it gets the first answer.
    Send {
        /// The sender as others see them.
        sender: Card,
        /// The sender's identifier for it.
        client_id: ClientMessageId,
        /// What it says.
        text: MessageText,
        /// The message it answers.
        reply_to: Option<u64>,
        /// The people it mentions.
        mentions: Vec<PersonId>,
    },
    /// Another text for a message of one's own.
    Edit {
        /// The message.
        seq: u64,
        /// The new text.
        text: MessageText,
        /// The people it mentions; those it mentioned before when not said.
        mentions: Option<Vec<PersonId>>,
    },
    /// Hides the message.
    Delete {
        /// The message.
        seq: u64,
        /// Why, when it is somebody else's: then it is recorded in the audit log.
        reason: Option<String>,
    },
    /// Shows a deleted message again.
    Restore {
        /// The message.
        seq: u64,
    },
    /// Pins or unpins a message.
    Pin {
        /// The message.
        seq: u64,
        /// Pinned or not.
        on: bool,
    },
    /// A reaction is put or taken back.
    React {
        /// The message.
        seq: u64,
        /// With what.
        emoji: Emoji,
        /// Put or taken back.
        on: bool,
    },
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The number of the change.
    pub seq: u64,
    /// The message after it.
    pub message: Message,
}

/// Why something was not written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// Too much is waiting already.
    #[error("The hub is busy. Please try again in a moment.")]
    Busy,
    /// The hub is shutting down.
    #[error("The hub is restarting. Your message is kept and sent again.")]
    Draining,
    /// The database did not commit it.
    #[error("The message could not be stored. Please try again.")]
    Storage,
    /// There is no such channel or message.
    #[error("There is no such message.")]
    NotFound,
    /// The message that it answers does not exist.
    #[error("There is no such message to answer.")]
    NothingToAnswer,
    /// The message is deleted.
    #[error("This message has been deleted.")]
    Deleted,
    /// The author took it back, which is theirs to decide.
    #[error("Its author has deleted this message; only what moderators deleted can be restored.")]
    DeletedByAuthor,
    /// The message is too old to be edited.
    #[error("A message can be edited for 24 hours only.")]
    EditExpired,
    /// The message has as many different reactions as one may have.
    #[error(
        "This message has {} different reactions; that is the most it can have.",
        commit::REACTIONS
    )]
    TooManyReactions,
    /// The channel has as many pinned messages as one may have.
    #[error("A channel can have {} pinned messages. Unpin one first.", commit::PINNED)]
    TooManyPinned,
    /// It was allowed when requested, but no longer is.
    #[error("{}", .0.message)]
    Refused(Refusal),
}

impl From<LogError> for Refusal {
    fn from(error: LogError) -> Self {
        let (code, retry) = match &error {
            LogError::Refused(refusal) => return refusal.clone(),
            LogError::Busy => ("server.busy", Some(1_000)),
            LogError::Draining => ("server.draining", Some(2_000)),
            LogError::Storage => ("server.storage", Some(2_000)),
            LogError::NotFound | LogError::NothingToAnswer => ("not_found", None),
            LogError::Deleted | LogError::DeletedByAuthor => ("chat.deleted", None),
            LogError::EditExpired => ("chat.edit_expired", None),
            LogError::TooManyReactions => ("chat.too_many_reactions", None),
            LogError::TooManyPinned => ("chat.too_many_pinned", None),
        };
        let field = (error == LogError::NothingToAnswer).then(|| "reply_to".to_owned());
        Self { retry_after_ms: retry, field, ..Self::new(code, error.to_string()) }
    }
}
