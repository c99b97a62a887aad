//! The database as the hub's archive.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};

use super::store::channels::{self, Head};
use super::store::messages::{self, Wanted};
use crate::db::{Db, DbError};
use crate::events::{EventSnapshot, Events};
use crate::hub::{Archive, ArchiveError, Opened, Publication};
use crate::id::ChannelId;

/// Reads channels from the database.
#[derive(Debug)]
pub struct DatabaseArchive {
    db: Db,
    events: Arc<Events>,
}

impl From<DbError> for ArchiveError {
    fn from(error: DbError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl DatabaseArchive {
    /// An archive over this database; badges come from the events.
    pub fn new(db: Db, events: Arc<Events>) -> Self {
        Self { db, events }
    }

    /// How far the channel has come, and its event.
    async fn head(
        &self,
        channel: ChannelId,
    ) -> Result<(Head, Option<Arc<EventSnapshot>>), ArchiveError> {
        let head = channels::head(&self.db, channel).await?.ok_or(ArchiveError::Missing)?;
        Ok((head, self.events.by_id(head.event).await?))
    }
}

impl Archive for DatabaseArchive {
    fn open(
        &self,
        channel: ChannelId,
        items: usize,
    ) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        async move {
            // What changes while this is read has a position above the head and
            // is announced separately.
            let (head, event) = self.head(channel).await?;
            let (event, up_to) = (event.as_deref(), [0, head.seq]);
            let read =
                |wanted, limit| messages::items(&self.db, event, channel, wanted, up_to, limit);
            let mut recent = read(Wanted::Newest, items + 1).await?;
            let complete = recent.len() <= items;
            recent.truncate(items);
            recent.reverse();
            let kept = read(Wanted::Pinned, super::commit::PINNED).await?;
            Ok(Opened { head: head.seq, count: head.count, items: recent, complete, kept })
        }
        .boxed()
    }

    fn after(
        &self,
        channel: ChannelId,
        after: u64,
        items: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        async move {
            let (head, event) = self.head(channel).await?;
            if after > head.seq {
                return Ok(None);
            }
            let (event, range) = (event.as_deref(), [after, head.seq]);
            let (wanted, limit) = (Wanted::Oldest, items + 1);
            let mut changed =
                messages::items(&self.db, event, channel, wanted, range, limit).await?;
            if changed.len() > items {
                return Ok(None);
            }
            changed.sort_unstable_by_key(|item| item.seq);
            Ok(Some(Publication {
                channel,
                after,
                seq: head.seq,
                count: head.count,
                items: changed,
                mentions: Vec::new(),
            }))
        }
        .boxed()
    }

    fn heads(
        &self,
        channels: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        async move { Ok(channels::heads(&self.db, &channels).await?) }.boxed()
    }
}
