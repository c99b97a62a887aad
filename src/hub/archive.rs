//! Access to what is no longer in memory.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use metrics::counter;

use super::counted::ARCHIVE_READS;
use super::publication::{Opened, Publication};
use crate::id::ChannelId;
use crate::protocol::Refusal;

/// Where a channel's changes can be read again: the database behind the hub.
pub trait Archive: Send + Sync {
    /// The channel's present state, with at most `items` of its most recently changed items.
    fn open(&self, channel: ChannelId, items: usize)
    -> BoxFuture<'_, Result<Opened, ArchiveError>>;

    /// Everything that changed after `after`, as one publication that ends at the channel's head.
    /// `None` if more than `items` items have changed, so that the reader must start afresh.
    fn after(
        &self,
        channel: ChannelId,
        after: u64,
        items: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>>;

    /// The positions of the last changes of these channels; unknown channels are omitted.
    fn heads(
        &self,
        channels: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>>;
}

/// Why the archive did not answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ArchiveError {
    /// There is no such channel.
    #[error("there is no such channel")]
    Missing,
    /// The database did not answer.
    #[error("the archive did not answer: {0}")]
    Unavailable(String),
}

impl From<ArchiveError> for Refusal {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Missing => Self::not_found("channel"),
            ArchiveError::Unavailable(_) => {
                tracing::error!(%error, "a channel could not be read");
                let message = "The channel could not be read. Please try again.";
                Self::new("server.storage", message).retry_after(2_000)
            }
        }
    }
}

/// An archive whose reads are counted.
pub(super) struct Counted(pub(super) Arc<dyn Archive>);

impl Archive for Counted {
    fn open(
        &self,
        channel: ChannelId,
        items: usize,
    ) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        counter!(ARCHIVE_READS).increment(1);
        self.0.open(channel, items)
    }

    fn after(
        &self,
        channel: ChannelId,
        after: u64,
        items: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        counter!(ARCHIVE_READS).increment(1);
        self.0.after(channel, after, items)
    }

    fn heads(
        &self,
        channels: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        self.0.heads(channels)
    }
}
