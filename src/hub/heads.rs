//! The heads of channels: a lost last message leaves no gap that a position would reveal, so the
//! positions of the last changes are compared.

use std::sync::Arc;

use super::Hub;
use super::archive::{Archive as _, ArchiveError};
use crate::id::ChannelId;

/// How many channels the archive is asked about at once.
const BATCH_SIZE: usize = 500;

impl Hub {
    /// There is a change at this position: if it does not arrive soon, it is read from the archive.
    pub fn receive_head(self: &Arc<Self>, id: ChannelId, head: u64) {
        if let Some(channel) = self.open_channel(id)
            && channel.note_head(head)
        {
            self.repair(channel);
        }
    }

    /// Compares all open channels with the archive, after messages may have been missed.
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
