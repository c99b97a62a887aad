//! Catching up: the changes of a channel since a position, from memory or, further back, from the
//! archive; or the instruction to start afresh.

use std::collections::BTreeMap;

use super::Hub;
use super::archive::{Archive as _, ArchiveError};
use super::channel::{Channel, State};
use super::items::Items;
use super::publication::{Item, Opened, Publication};
use super::recent::{Recent, RecentLimits};
use crate::id::ChannelId;

/// How many bytes of changed items a reader may catch up with; beyond that it starts afresh.
const CATCH_UP_BYTES: usize = 512 * 1024;
/// How many changed items a reader may catch up with; beyond that it starts afresh.
pub const CATCH_UP_ITEMS: usize = 500;

/// Changes for one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatchUp {
    /// The position after which these changes come.
    pub after: u64,
    /// The position they reach.
    pub seq: u64,
    /// The items, by their positions.
    pub items: Items,
    /// Whether the reader must discard what it has and start afresh with these.
    pub reset: bool,
    /// Whether there are older items, if the reader starts afresh.
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

    /// The changes since then, up to `seq`: the newest state of each item.
    fn followed_by(&self, seq: u64, later: Vec<Item>) -> Self {
        let all = self.items.iter().cloned().chain(later);
        let items: BTreeMap<u64, Item> = all.map(|item| (item.seq, item)).collect();
        let items = items.into_values().collect::<Vec<_>>().into();
        Self { seq: seq.max(self.seq), items, ..self.clone() }
    }

    /// The newest items of a channel, for a reader that must start afresh.
    pub(super) fn start_again(opened: Opened) -> Self {
        let mut recent = Recent::new(RecentLimits::default());
        recent.load(opened.items, opened.complete);
        let (items, more) = recent.newest();
        Self { after: 0, seq: opened.head, items, reset: true, more }
    }
}

/// The answer to a join.
#[derive(Clone, Debug)]
pub struct Joined {
    /// The changes.
    pub changes: CatchUp,
    /// How many messages the channel has had.
    pub count: u64,
    /// How many people are there.
    pub people: usize,
    /// The items that are part of the channel's state however old they are.
    pub kept: Vec<Item>,
}

impl Hub {
    /// The changes of an open channel since a position.
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

    /// The archive's changes after a position that the channel's memory does not reach back to;
    /// `None` if memory has them, or if they are so many that the reader must start afresh.
    pub(super) async fn changes_beyond_memory(
        &self,
        channel: &Channel,
        after: Option<u64>,
    ) -> Result<Option<CatchUp>, ArchiveError> {
        let beyond = after.filter(|after| channel.state.lock().told_after(*after).is_none());
        let Some(after) = beyond else { return Ok(None) };
        self.changes_in_archive(channel.id, after).await
    }

    async fn changes_in_archive(
        &self,
        id: ChannelId,
        after: u64,
    ) -> Result<Option<CatchUp>, ArchiveError> {
        let changes = self.archive.after(id, after, CATCH_UP_ITEMS).await?;
        let changes = changes.filter(|changes| changes.bytes() <= CATCH_UP_BYTES);
        Ok(changes.map(|changes| CatchUp::of(&changes)))
    }

    async fn catch_up_from_archive(
        &self,
        id: ChannelId,
        after: u64,
    ) -> Result<CatchUp, ArchiveError> {
        if let Some(changes) = self.changes_in_archive(id, after).await? {
            return Ok(changes);
        }
        let opened = self.archive.open(id, self.limits.recent.items).await?;
        Ok(CatchUp::start_again(opened))
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
    /// Up to the position that members have been sent: pending publications will reach the new
    /// member, too.
    pub(super) fn changes_for(
        &mut self,
        after: Option<u64>,
        archived: Option<&CatchUp>,
    ) -> CatchUp {
        let begin = archived.map(|archived| archived.seq).or(after);
        let later = begin.and_then(|begin| self.told_after(begin));
        match (archived, begin, later) {
            (Some(archived), _, Some(later)) => archived.followed_by(self.told, later),
            (Some(archived), ..) if archived.seq >= self.told => archived.clone(),
            (None, Some(after), Some(items)) => {
                let seq = self.told.max(after);
                CatchUp { after, seq, items: items.into(), reset: false, more: false }
            }
            _ => self.start(after.is_some()),
        }
    }

    /// The newest items, for a reader that starts afresh.
    fn start(&mut self, reset: bool) -> CatchUp {
        let told = self.told;
        let (mut items, more) = self.recent.newest();
        if !items.iter().all(|item| item.changed <= told) {
            let told = items.iter().filter(|item| item.changed <= told).cloned();
            items = told.collect::<Vec<Item>>().into();
        }
        CatchUp { after: 0, seq: told, items, reset, more }
    }

    /// The changes after a position that members have been sent; `None` if they are too many, or
    /// not all in memory.
    fn told_after(&self, after: u64) -> Option<Vec<Item>> {
        if after > self.sequencer.head() {
            return None;
        }
        let mut items = self.recent.after(after)?;
        items.retain(|item| item.changed <= self.told);
        (items.len() <= CATCH_UP_ITEMS).then_some(items)
    }
}
