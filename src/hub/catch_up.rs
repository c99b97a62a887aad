//! Catching up: what has changed in a channel since a number, from memory or, further back, from the
//! archive; or that the reader must start again.

use super::Hub;
use super::archive::{Archive as _, ArchiveError};
use super::channel::{Channel, State};
use super::items::Items;
use super::publication::{Item, Opened, Publication};
use super::recent::{Recent, RecentLimits};
use crate::id::ChannelId;

/// How many bytes of changed items a reader may catch up with; with more it starts again.
const CATCH_UP_BYTES: usize = 512 * 1024;
/// How many changed items a reader may catch up with; with more it starts again.
pub const CATCH_UP_ITEMS: usize = 500;

/// Changes for one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatchUp {
    /// The number after which these changes come.
    pub after: u64,
    /// The number they reach.
    pub seq: u64,
    /// The items, by their numbers.
    pub items: Items,
    /// Whether the reader must forget what it has and start again with these.
    pub reset: bool,
    /// Whether there are older items, when the reader starts.
    pub more: bool,
}

impl CatchUp {
    pub(super) fn of(publication: &Publication) -> Self {
        Self {
            after: publication.after,
            seq: publication.seq,
            items: publication.items.clone().into(),
            reset: false,
            more: false,
        }
    }

    /// The newest items of a channel, for a reader that must start again.
    pub(super) fn start_again(opened: Opened) -> Self {
        let mut recent = Recent::new(RecentLimits::default());
        recent.load(opened.items, opened.complete);
        let (items, more) = recent.newest();
        Self { after: 0, seq: opened.head, items, reset: true, more }
    }
}

/// What somebody gets who joins.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The changes.
    pub changes: CatchUp,
    /// How many messages the channel has had.
    pub count: u64,
    /// How many people are there.
    pub people: usize,
    /// What is part of the channel's state however old it is.
    pub kept: Vec<Item>,
}

impl Hub {
    /// What has changed in an open channel since a number.
    ///
    /// # Errors
    /// When the archive does not answer.
    pub async fn catch_up(&self, id: ChannelId, after: u64) -> Result<CatchUp, ArchiveError> {
        let recent = self.open_channel(id).and_then(|channel| channel.catch_up(after));
        match recent {
            Some(changes) => Ok(changes),
            None => self.catch_up_from_archive(id, after).await,
        }
    }

    /// Who has been away for longer than the channel's memory reaches is given what the archive has.
    pub(super) async fn complete(
        &self,
        channel: &Channel,
        after: Option<u64>,
        mut joined: Joined,
    ) -> Result<Joined, ArchiveError> {
        if let (Some(after), true) = (after, joined.changes.reset) {
            let changes = self.catch_up_from_archive(channel.id, after).await?;
            if !changes.reset {
                joined.changes = changes;
            }
        }
        Ok(joined)
    }

    async fn catch_up_from_archive(
        &self,
        id: ChannelId,
        after: u64,
    ) -> Result<CatchUp, ArchiveError> {
        match self.archive.after(id, after, CATCH_UP_ITEMS).await? {
            Some(changes) if changes.bytes() <= CATCH_UP_BYTES => Ok(CatchUp::of(&changes)),
            _ => {
                let opened = self.archive.open(id, self.limits.recent.items).await?;
                Ok(CatchUp::start_again(opened))
            }
        }
    }
}

impl Channel {
    fn catch_up(&self, after: u64) -> Option<CatchUp> {
        let state = self.state.lock();
        if !state.open || after > state.sequencer.head() {
            return None;
        }
        let items = state.recent.after(after).filter(|items| items.len() <= CATCH_UP_ITEMS)?;
        let seq = state.sequencer.head();
        Some(CatchUp { after, seq, items: items.into(), reset: false, more: false })
    }
}

impl State {
    /// Up to the number that the members have been told: what waits to be handed out reaches the
    /// new one, too.
    pub(super) fn changes_for(&mut self, after: Option<u64>) -> CatchUp {
        let told = self.told;
        let is_told = |item: &Item| item.changed <= told;
        let known = after
            .filter(|after| *after <= self.sequencer.head())
            .and_then(|after| self.recent.after(after).map(|items| (after, items)));
        if let Some((after, mut items)) = known {
            items.retain(is_told);
            if items.len() <= CATCH_UP_ITEMS {
                let seq = told.max(after);
                return CatchUp { after, seq, items: items.into(), reset: false, more: false };
            }
        }
        let (mut items, more) = self.recent.newest();
        if !items.iter().all(is_told) {
            let told: Vec<Item> = items.iter().filter(|item| is_told(item)).cloned().collect();
            items = told.into();
        }
        CatchUp { after: 0, seq: told, items, reset: after.is_some(), more }
    }
}
