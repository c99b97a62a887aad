//! What somebody follows: the channels that they have read in, and whether they have direct ones.
//! Asked for everybody together who arrives at the same time.

use futures_util::future::FutureExt as _;

use super::reading::Pointer;
use super::store;
use crate::db::{Batcher, Db, DbError};
use crate::id::{ChannelId, EventId, PersonId};
use crate::tasks::Tasks;

/// A channel that somebody follows, and how far they have read.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) channel: ChannelId,
    pub(super) direct: bool,
    pub(super) count: u64,
    pub(super) pointer: Pointer,
    pub(super) mentions: u64,
    /// How many of the messages after the pointer are deleted.
    pub(super) deleted: u64,
}

impl Followed {
    /// How many messages are unread.
    pub(super) fn unread(&self) -> u64 {
        self.count.saturating_sub(self.pointer.ordinal).saturating_sub(self.deleted)
    }
}

/// How far somebody had read in a channel, and what came after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ReadIn {
    pub(super) pointer: Pointer,
    pub(super) mentions: u64,
    pub(super) deleted: u64,
}

/// What somebody finds on arrival.
#[derive(Clone, Debug, Default)]
pub struct Following {
    pub(super) channels: Vec<Followed>,
    /// Whether there are direct channels in their list.
    pub(super) has_directs: bool,
    /// Whether they have ever been mentioned.
    pub(super) has_mentions: bool,
}

impl Following {
    /// How far the person had read in a channel; nothing when the database has to be asked. In one
    /// where they never were, all messages there have been are new.
    pub(super) fn read_in(&self, channel: ChannelId) -> Option<ReadIn> {
        match self.channels.iter().find(|followed| followed.channel == channel) {
            Some(Followed { pointer, mentions, deleted, .. }) => {
                Some(ReadIn { pointer: *pointer, mentions: *mentions, deleted: *deleted })
            }
            None => (!self.has_mentions).then(ReadIn::default),
        }
    }
}

/// Asks what people follow in an event.
#[derive(Debug)]
pub(super) struct Followings(Batcher<(EventId, PersonId), Following>);

impl Followings {
    pub(super) fn new(db: &Db, tasks: &Tasks) -> Self {
        let db = db.clone();
        Self(Batcher::new(tasks, "chat.following", move |people| {
            let db = db.clone();
            async move { store::following::read(&db, &people).await }.boxed()
        }))
    }

    pub(super) async fn of(&self, event: EventId, person: PersonId) -> Result<Following, DbError> {
        self.0.ask((event, person)).await
    }
}
