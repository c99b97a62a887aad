//! Gaps in a channel: they may close by themselves, or are filled from the archive, with one read
//! for the node, whatever the number of members.

use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use tokio::sync::Semaphore;

use super::Hub;
use super::archive::Archive;
use super::catch_up::CATCH_UP_ITEMS;
use super::channel::{Channel, State};
use super::counted::REPAIRS as REPAIRED;
use super::outbox::Lane;
use super::publication::Opened;
use super::pushes::Reset;
use crate::protocol::push_frame;

/// How many channels are repaired at once.
pub(super) const REPAIRS: usize = 4;
/// How long a gap may take to close by itself before the archive is asked.
const HOLE_TIMEOUT: Duration = Duration::from_millis(30);
/// How long to wait before the archive is asked again after a failure.
const ARCHIVE_RETRY: Duration = Duration::from_secs(1);

impl Hub {
    /// Repairs a channel's gap, in a separate task.
    pub(super) fn repair(self: &Arc<Self>, channel: Arc<Channel>) {
        let hub = Arc::clone(self);
        tokio::spawn(async move { channel.repair(&hub.archive, &hub.repairs).await });
    }
}

impl Channel {
    /// There is a change at this position. True if it is not here and not being repaired yet: the
    /// caller must do so.
    pub(super) fn note_head(&self, head: u64) -> bool {
        let mut state = self.state.lock();
        state.announced = state.announced.max(head);
        state.begins_repair()
    }

    /// Whether there is a gap that is not being repaired yet: the caller must do so.
    pub(super) fn begins_repair(&self) -> bool {
        self.state.lock().begins_repair()
    }

    /// Fills the gap from the archive: one read for the node, whatever the number of members.
    async fn repair(self: &Arc<Self>, archive: &dyn Archive, turns: &Semaphore) {
        let _repairing = Repairing(self);
        loop {
            tokio::time::sleep(HOLE_TIMEOUT).await;
            // Fails only when the semaphore is closed, which never happens.
            let turn = turns.acquire().await;
            let Some(head) = self.gap() else { return };
            let read = archive.after(self.id, head, CATCH_UP_ITEMS).await;
            drop(turn);
            match read {
                Ok(Some(publication)) => {
                    counter!(REPAIRED).increment(1);
                    self.offer(&Arc::new(publication));
                    self.believe_archive();
                }
                Ok(None) => {
                    if let Ok(opened) = archive.open(self.id, CATCH_UP_ITEMS).await {
                        counter!(REPAIRED).increment(1);
                        self.start_again(opened);
                        self.believe_archive();
                    }
                }
                Err(error) => {
                    tracing::warn!(channel = %self.id, %error, "a gap could not be repaired yet");
                    tokio::time::sleep(ARCHIVE_RETRY).await;
                }
            }
        }
    }

    /// The position before the gap; without one, or without members, the repair is over.
    fn gap(&self) -> Option<u64> {
        let mut state = self.state.lock();
        let needed = state.has_gap();
        state.repairing = needed;
        needed.then(|| state.sequencer.head())
    }

    /// A change that the archive does not have is not a gap.
    fn believe_archive(&self) {
        self.state.lock().announced = 0;
    }

    /// So much is missing that all members have to start afresh.
    fn start_again(&self, opened: Opened) {
        self.open(opened);
        let frame = push_frame(Some(self.id), &Reset { reason: "channel.gap" });
        self.push_to_members(Lane::Durable(self.id), &frame);
    }
}

/// Held by the repairing task: after a panic, another may repair.
struct Repairing<'a>(&'a Channel);

impl Drop for Repairing<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.state.lock().repairing = false;
        }
    }
}

impl State {
    fn has_gap(&self) -> bool {
        let behind = self.announced > self.sequencer.head();
        // Before it is open, everything is a gap, which opening fills.
        self.open && !self.closed && (behind || self.sequencer.has_gap())
    }

    pub(super) fn begins_repair(&mut self) -> bool {
        self.has_gap() && !std::mem::replace(&mut self.repairing, true)
    }
}
