//! The database as the hub's archive.

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::any::AnyRow;

use super::message::{COLUMNS, Stored};
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::events::{EventSnapshot, Events};
use crate::hub::{Archive, ArchiveError, Item, Opened, Publication};
use crate::id::{ChannelId, EventId};

/// Reads channels from the database.
#[derive(Debug)]
pub struct DatabaseArchive {
    db: Db,
    events: Arc<Events>,
}

struct Head {
    event: Option<Arc<EventSnapshot>>,
    last_seq: u64,
    count: u64,
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

    async fn head(&self, channel: ChannelId) -> Result<Head, ArchiveError> {
        let statement = self
            .db
            .query("SELECT event_id, last_seq, message_count FROM channels WHERE id = ?")
            .bind(channel.bytes());
        let row = self.db.one(statement).await?.ok_or(ArchiveError::Missing)?;
        Ok(Head {
            event: self.events.by_id(EventId(row.uuid("event_id")?)).await?,
            last_seq: row.count("last_seq")?,
            count: row.count("message_count")?,
        })
    }

    /// At most `limit` messages that match a condition, which is never built from input.
    async fn items(
        &self,
        head: &Head,
        channel: ChannelId,
        condition: &str,
        numbers: [u64; 2],
        limit: usize,
    ) -> Result<Vec<Item>, ArchiveError> {
        let text = format!(
            "SELECT {COLUMNS} FROM messages m JOIN people p ON p.id = m.sender_id
             WHERE m.channel_id = ? AND {condition} LIMIT {limit}"
        );
        let mut statement = self.db.query_built(text).bind(channel.bytes());
        for number in numbers {
            statement = statement.bind(i64::try_from(number).unwrap_or(i64::MAX));
        }
        let rows = self.db.all(statement).await?;
        let read = |row: &AnyRow| Stored::read(row, head.event.as_deref())?.item();
        Ok(rows.iter().map(read).collect::<Result<_, DbError>>()?)
    }
}

impl Archive for DatabaseArchive {
    fn open(
        &self,
        channel: ChannelId,
        items: usize,
    ) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        async move {
            // Changes during this reading have a position above the head and are delivered by the
            // bus.
            let head = self.head(channel).await?;
            let up_to = [0, head.last_seq];
            let recent = "m.changed > ? AND m.changed <= ? ORDER BY m.changed DESC, m.seq DESC";
            let mut recent = self.items(&head, channel, recent, up_to, items + 1).await?;
            let complete = recent.len() <= items;
            recent.truncate(items);
            recent.reverse();
            let pinned = "m.changed > ? AND m.changed <= ? AND m.pinned_at IS NOT NULL \
                          AND m.deleted_at IS NULL ORDER BY m.seq";
            let kept = self.items(&head, channel, pinned, up_to, super::commit::PINNED).await?;
            Ok(Opened { head: head.last_seq, count: head.count, items: recent, complete, kept })
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
            let head = self.head(channel).await?;
            if after > head.last_seq {
                return Ok(None);
            }
            let changed = "m.changed > ? AND m.changed <= ? ORDER BY m.changed";
            let range = [after, head.last_seq];
            let mut changed = self.items(&head, channel, changed, range, items + 1).await?;
            if changed.len() > items {
                return Ok(None);
            }
            changed.sort_unstable_by_key(|item| item.seq);
            Ok(Some(Publication {
                channel,
                after,
                seq: head.last_seq,
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
        async move {
            let text = format!(
                "SELECT id, last_seq FROM channels WHERE id IN ({})",
                placeholders(channels.len())
            );
            let statement = self.db.query_built(text);
            let statement = channels.iter().fold(statement, |one, id| one.bind(id.bytes()));
            let rows = self.db.all(statement).await?;
            let read = |row: &AnyRow| Ok((ChannelId(row.uuid("id")?), row.count("last_seq")?));
            Ok(rows.iter().map(read).collect::<Result<_, DbError>>()?)
        }
        .boxed()
    }
}
