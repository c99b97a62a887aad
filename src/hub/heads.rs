//! The heads of channels: a lost last message leaves no hole that a number would reveal, so the
//! numbers of the last changes are compared, whoever says them.

use std::sync::Arc;

use super::Hub;
use super::archive::{Archive as _, ArchiveError};
use crate::id::ChannelId;

/// Of how many channels the archive is asked at once.
const BATCH_SIZE: usize = 500;

impl Hub {
    /// Somebody knows of a change with this number: if it is not here soon, it is read from the
    /// archive.
    pub fn receive_head(self: &Arc<Self>, id: ChannelId, head: u64) {
        if let Some(channel) = self.open_channel(id)
            && channel.learn_of(head)
        {
            self.repair(channel);
        }
    }

    /// Compares all open channels with the archive: something may have been missed.
    ///
    /// # Errors
    /// When the archive does not answer.
    pub async fn compare_heads(self: &Arc<Self>) -> Result<(), ArchiveError> {
        let open: Vec<ChannelId> = self.channels.iter().map(|entry| *entry.key()).collect();
        for some in open.chunks(BATCH_SIZE) {
            for (id, head) in self.archive.heads(some.to_vec()).await? {
                self.receive_head(id, head);
            }
        }
        Ok(())
    }
}
