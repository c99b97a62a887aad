//! This node's own totals, of channels that need not be in memory here.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::kind::{Counts, TotalError, TotalParts, Versioned};
use crate::clock::Uptime;
use crate::id::ChannelId;

/// How many channels a node can have its own totals in.
const MAX_CHANNELS: usize = 16_384;
/// How long a newest value is kept if the channel is not in memory: until the leases have revealed
/// it to nodes that missed it.
const KEPT: Duration = Duration::from_secs(15);

/// This node's own, by channel.
#[derive(Debug, Default)]
pub(super) struct OwnTotals(HashMap<ChannelId, Own>);

#[derive(Debug, Default)]
struct Own {
    sums: BTreeMap<String, Counts>,
    newest: BTreeMap<String, (Versioned, Uptime)>,
    /// Whether it has to be sent to other nodes.
    untold: bool,
}

impl Own {
    fn parts(&self) -> TotalParts {
        let newest = self.newest.iter().map(|(name, (value, _))| (name.clone(), value.clone()));
        TotalParts { sums: self.sums.clone(), newest: newest.collect() }
    }
}

impl OwnTotals {
    /// False if it was already set.
    pub(super) fn set_sum(
        &mut self,
        id: ChannelId,
        name: &str,
        counts: Counts,
    ) -> Result<bool, TotalError> {
        let own = self.entry(id)?;
        if own.sums.get(name) == Some(&counts) {
            return Ok(false);
        }
        own.sums.insert(name.to_owned(), counts);
        own.untold = true;
        Ok(true)
    }

    /// False if there was none.
    pub(super) fn clear_sum(&mut self, id: ChannelId, name: &str) -> bool {
        let own = self.0.get_mut(&id);
        let cleared = own.and_then(|own| own.sums.remove(name).map(|_| own.untold = true));
        cleared.is_some()
    }

    pub(super) fn set_newest(
        &mut self,
        id: ChannelId,
        name: &str,
        value: Versioned,
        now: Uptime,
    ) -> Result<(), TotalError> {
        let own = self.entry(id)?;
        if own.newest.get(name).is_none_or(|(known, _)| known.version <= value.version) {
            own.newest.insert(name.to_owned(), (value, now));
            own.untold = true;
        }
        Ok(())
    }

    pub(super) fn parts(&self, id: ChannelId) -> TotalParts {
        self.0.get(&id).map(Own::parts).unwrap_or_default()
    }

    /// What to send to other nodes about a channel, if anything.
    pub(super) fn take_untold(&mut self, id: ChannelId) -> Option<TotalParts> {
        let own = self.0.get_mut(&id)?;
        std::mem::take(&mut own.untold).then(|| own.parts())
    }

    /// Drops what is no longer needed. True while something is kept temporarily.
    pub(super) fn expire(&mut self, id: ChannelId, now: Uptime) -> bool {
        let Some(own) = self.0.get_mut(&id) else { return false };
        own.newest.retain(|_, (_, set_at)| now.since(*set_at) < KEPT);
        if own.sums.is_empty() && own.newest.is_empty() && !own.untold {
            self.0.remove(&id);
            return false;
        }
        !own.newest.is_empty()
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn entry(&mut self, id: ChannelId) -> Result<&mut Own, TotalError> {
        if !self.0.contains_key(&id) && self.0.len() >= MAX_CHANNELS {
            return Err(TotalError::Channels);
        }
        Ok(self.0.entry(id).or_default())
    }
}
