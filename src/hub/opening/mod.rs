//! Opening a channel and joining it. The first join reads the channel from the archive, and all
//! others wait for that.
//!
//! An opening that fails or is cancelled half-way leaves nothing behind: the channel is closed
//! before anyone can join it, so that there is never a member on an object that is not the one in
//! the map. Becoming a member is the last step of joining; it neither awaits nor fails, so that a
//! join that is refused or cancelled adds no member.

#[cfg(test)]
pub(super) mod tests;

use std::sync::Arc;

use super::archive::{Archive as _, ArchiveError};
use super::catch_up::Joined;
use super::channel::Channel;
use super::member::Member;
use super::{Hub, State};
use crate::id::ChannelId;

/// Why a channel was not opened.
enum NotOpened {
    /// It was closed before it was open: another object replaces it.
    Closed,
    /// The archive did not answer.
    Failed(ArchiveError),
}

/// A channel that is being opened. Dropped before it is [`done`](Self::done), it undoes the
/// opening.
struct Opening<'a> {
    hub: &'a Hub,
    channel: &'a Arc<Channel>,
    done: bool,
}

impl Opening<'_> {
    /// The channel is open. If nobody joins it after all, a tick closes it.
    fn done(mut self) {
        self.done = true;
        self.hub.ticks(self.channel.id);
    }

    /// Those who wait for the same opening fail with it, instead of each asking the archive again.
    fn fail(&self, error: &ArchiveError) {
        self.channel.state.lock().failed = Some(error.clone());
    }
}

impl Drop for Opening<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let Self { hub, channel, .. } = self;
        channel.state.lock().closed = true;
        hub.channels.remove_if(&channel.id, |_, known| Arc::ptr_eq(known, channel));
        hub.interest.channel_closed(channel.id);
    }
}

impl Hub {
    /// Adds the member to the channel and returns the channel's state. With `after` the answer
    /// contains the changes since then, or says that the reader must start afresh.
    ///
    /// It can be cancelled at any point: then the member is not in the channel, unless it was
    /// before.
    ///
    /// # Errors
    /// When the channel cannot be read from the archive.
    pub async fn join(
        self: &Arc<Self>,
        id: ChannelId,
        member: &Arc<Member>,
        after: Option<u64>,
    ) -> Result<Joined, ArchiveError> {
        let mut archived = None;
        loop {
            let channel = self.channel(id).await?;
            if archived.is_none() {
                archived = self.changes_beyond_memory(&channel, after).await?;
            }
            // The last member may have left meanwhile, and the channel with them: then it is read
            // again.
            let Some(joined) = channel.join(member, after, archived.as_ref()) else { continue };
            self.ticks(id);
            channel.tell_totals_to(member);
            if !member.add_channel(id) {
                // The connection has ended while it joined.
                self.leave_channel(id, member);
            }
            return Ok(joined);
        }
    }

    /// The channel, open.
    async fn channel(self: &Arc<Self>, id: ChannelId) -> Result<Arc<Channel>, ArchiveError> {
        loop {
            let channel = Arc::clone(&self.channels.entry(id).or_insert_with(|| {
                let presence = self.peers.presence();
                Channel::new(id, self.limits.recent, self.limits.tempo, presence)
            }));
            match channel.opened.get_or_try_init(|| self.open(&channel)).await {
                Ok(()) => return Ok(channel),
                Err(NotOpened::Closed) => {}
                Err(NotOpened::Failed(error)) => return Err(error),
            }
        }
    }

    async fn open(self: &Arc<Self>, channel: &Arc<Channel>) -> Result<(), NotOpened> {
        channel.state.lock().check_openable()?;
        let heard = self.interest.channel_opens(channel.id);
        let opening = Opening { hub: self, channel, done: false };
        heard.await;
        let others_answered = self.ask_on_opening(channel);
        let read = self.archive.open(channel.id, self.limits.recent.items).await;
        let opened = read.inspect_err(|error| opening.fail(error)).map_err(NotOpened::Failed)?;
        channel.open(opened);
        if channel.begins_repair() {
            self.repair(Arc::clone(channel));
        }
        others_answered.await;
        self.settle_totals(channel);
        opening.done();
        Ok(())
    }
}

impl State {
    fn check_openable(&self) -> Result<(), NotOpened> {
        match &self.failed {
            Some(error) => Err(NotOpened::Failed(error.clone())),
            None if self.closed => Err(NotOpened::Closed),
            None => Ok(()),
        }
    }
}
