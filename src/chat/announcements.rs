//! The announcements between nodes about chat besides messages, and what is invalidated when some
//! may have been missed.
//!
//! A full room that reads the same message does not load every node: `read` is announced at most
//! 200 times a second per node, after the first 500; the next message corrects what was omitted. A
//! block is checked in memory: messages sent on another node at the very moment of blocking can
//! still arrive. Bans, roles and locks are exact, because the log checks the event's version as it
//! commits.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Chat;
use super::reading::Pointer;
use super::recount::Recount;
use super::seen::{Elsewhere, read_elsewhere};
use crate::bus::{Announcement, Announcements, LinkState};
use crate::core::Core;
use crate::id::{ChannelId, EventId, PersonId};

/// One of two people has blocked the other, or lifted it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Block {
    pub(super) people: [PersonId; 2],
}

impl Announcement for Block {
    const NAME: &'static str = "block";
}

/// A person has read all of a channel: their other connections show nothing unread.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Read {
    /// Whose channel it is.
    pub(super) event: EventId,
    pub(super) person: PersonId,
    pub(super) channel: ChannelId,
    /// The number of the last change.
    pub(super) seq: u64,
    /// The position of the last message read, not counting changes.
    pub(super) ordinal: u64,
}

impl Announcement for Read {
    const NAME: &'static str = "read";
}

/// Registers the handlers of chat's announcements.
pub(super) fn announcements(announcements: &mut Announcements<Core>, chat: &Arc<Chat>) {
    let own = Arc::clone(chat);
    announcements.handle(move |_, block: Block| {
        let chat = Arc::clone(&own);
        async move { chat.hear_of_block(block.people).await }
    });
    announcements.handle(async |core: Core, read: Read| {
        let Read { event, person, channel, seq, ordinal } = read;
        let elsewhere = Elsewhere { event, person, channel, at: Pointer { seq, ordinal } };
        read_elsewhere(&core, &elsewhere);
        Ok(())
    });
    let own = Arc::clone(chat);
    announcements.handle(move |_, recount: Recount| {
        own.recounts.add(recount);
        std::future::ready(Ok(()))
    });
    let own = Arc::clone(chat);
    announcements.after_gap(move |_| {
        own.forget();
        std::future::ready(Ok(()))
    });
    let own = Arc::clone(chat);
    announcements.meanwhile(move |core: Core| {
        if matches!(core.bus.link_state(), LinkState::Lost(_)) {
            // Without announcements, what is read is cached only for a moment.
            own.forget();
        }
        std::future::ready(Ok(()))
    });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// Nodes of other versions must still understand these.
    #[test]
    fn they_look_like_this() {
        let id = Uuid::from_u128(1);
        let (event, person, channel) = (EventId(id), PersonId(id), ChannelId(id));
        let block = Block { people: [person; 2] };
        let text = r#"{"people":["ID","ID"]}"#.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&block).unwrap(), text);
        assert_eq!(serde_json::from_str::<Block>(&text).unwrap(), block);
        let read = Read { event, person, channel, seq: 7, ordinal: 5 };
        let text = r#"{"event":"ID","person":"ID","channel":"ID","seq":7,"ordinal":5}"#;
        let text = text.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert_eq!(serde_json::from_str::<Read>(&text).unwrap(), read);
        let recount = Recount { channel, mentioned: [person].into() };
        let text = r#"{"channel":"ID","mentioned":["ID"]}"#.replace("ID", &id.to_string());
        assert_eq!(serde_json::to_string(&recount).unwrap(), text);
        assert_eq!(serde_json::from_str::<Recount>(&text).unwrap(), recount);
    }
}
