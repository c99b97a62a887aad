//! Totals of any capability: votes, reactions, viewers, members of a call. A capability registers a
//! [`TotalKind`] and sets its value in a channel; changes are sent to the members with the tick,
//! all kinds in one frame, and all nodes show the same.
//!
//! A *sum* is owned by the nodes: each sends its own count, and a node that is gone takes its part
//! with it. A *newest* value belongs to the channel: it has a version, the highest wins, and it
//! stays as long as some node has the channel in memory; it comes from the database, and is set
//! again when it changes.
//!
//! Nodes send each other their totals of a channel with a tick, with a number. Lost messages are
//! revealed by the numbers that leases repeat, a gap makes all of them stale, and an opening
//! channel asks; what is missing is asked for, together with presence
//! ([`peers`](super::peers)).

mod channel;
mod kind;
mod own;
#[cfg(test)]
mod plans;

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use serde_json::value::RawValue;

pub(super) use channel::ChannelTotals;
pub use kind::{Counts, TotalError, TotalKind, TotalKinds, TotalParts, Versioned};
use kind::{MAX_KINDS, Rule, check_counts, check_value};
use own::OwnTotals;

use super::Hub;
use super::channel::{Channel, State};
use super::peers::{NodeTotals, PeerMessage};
use crate::clock::Uptime;
use crate::id::{ChannelId, NodeId};

/// The kinds, and this node's own totals.
#[derive(Debug, Default)]
pub(super) struct HubTotals {
    kinds: RwLock<Vec<TotalKind>>,
    own: Mutex<OwnTotals>,
}

impl Hub {
    /// Adds a kind of total, at the start.
    ///
    /// # Errors
    /// When the name is in use, or there are too many.
    pub fn register_total(&self, kind: TotalKind) -> Result<(), TotalError> {
        let mut kinds = self.totals.kinds.write();
        if kinds.len() >= MAX_KINDS || kinds.iter().any(|known| known.name == kind.name) {
            return Err(TotalError::Kinds);
        }
        kinds.push(kind);
        Ok(())
    }

    /// Sets this node's count in a channel, whether or not it is in memory here.
    ///
    /// # Errors
    /// When it exceeds a limit, or the kind is not a registered sum.
    pub fn set_sum(
        &self,
        channel: ChannelId,
        kind: TotalKind,
        counts: impl Into<Counts>,
    ) -> Result<(), TotalError> {
        self.check(kind, Rule::Sum)?;
        let counts = counts.into();
        check_counts(&counts)?;
        if self.totals.own.lock().set_sum(channel, kind.name, counts)? {
            self.totals_changed(channel);
        }
        Ok(())
    }

    /// Removes this node's count in the channel.
    pub fn clear_sum(&self, channel: ChannelId, kind: TotalKind) {
        if self.totals.own.lock().clear_sum(channel, kind.name) {
            self.totals_changed(channel);
        }
    }

    /// Sets a value with its version; one that is older than the known one is ignored. `null` is
    /// not shown.
    ///
    /// # Errors
    /// When it is too large, or the kind is not a registered newest value.
    pub fn set_newest(
        &self,
        channel: ChannelId,
        kind: TotalKind,
        version: u64,
        json: Box<RawValue>,
    ) -> Result<(), TotalError> {
        self.check(kind, Rule::Newest)?;
        let value = Versioned { version, json: json.into() };
        check_value(&value)?;
        let now = self.clock.uptime();
        self.totals.own.lock().set_newest(channel, kind.name, value, now)?;
        self.totals_changed(channel);
        Ok(())
    }

    /// The node has sent totals of the channel up to this number.
    pub fn receive_totals_number(&self, node: NodeId, channel: ChannelId, number: u64) {
        if self.peers.knows(node) {
            self.change_state(channel, |state| state.totals.receive_number(node, number));
        }
    }

    fn check(&self, kind: TotalKind, rule: Rule) -> Result<(), TotalError> {
        let is_registered = kind.rule == rule && self.totals.kinds.read().contains(&kind);
        if is_registered { Ok(()) } else { Err(TotalError::Unknown) }
    }

    fn totals_changed(&self, id: ChannelId) {
        if let Some(channel) = self.open_channel(id) {
            channel.state.lock().totals.change();
        }
        self.ticks(id);
    }

    /// Another node's totals, as far as this one knows the kinds.
    pub(super) fn known_totals(&self, parts: TotalParts) -> TotalParts {
        if parts.is_empty() { parts } else { parts.known(&self.totals.kinds.read()) }
    }

    /// This node's answer to others about a channel.
    pub(super) fn totals_answer(&self, id: ChannelId) -> TotalParts {
        let own = self.totals.own.lock().parts(id);
        match self.open_channel(id) {
            Some(channel) => channel.state.lock().totals.answer(own),
            None => own,
        }
    }

    /// Sends this node's totals of a channel to other nodes.
    pub(super) fn send_totals(&self, channel: ChannelId, now: Uptime) {
        let (untold, waits) = {
            let mut own = self.totals.own.lock();
            (own.take_untold(channel), own.expire(channel, now))
        };
        if let (Some(parts), Some(sender)) = (untold, self.peers.sender()) {
            let number = self.peers.number();
            sender.send_to_channel(
                channel,
                PeerMessage::Totals(NodeTotals { channel, number, parts }),
            );
        }
        if waits {
            self.ticks(channel);
        }
    }

    /// The totals of an opening channel are sent to its members as to new ones.
    pub(super) fn settle_totals(&self, channel: &Channel) {
        let mut state = channel.state.lock();
        state.totals.change();
        drop(self.changed_totals(channel.id, &mut state));
    }

    /// Combines the totals of a changed channel; returns what to send to members.
    pub(super) fn changed_totals(&self, id: ChannelId, state: &mut State) -> TotalChanges {
        let own = self.totals.own.lock().parts(id);
        let totals = state.totals.take_changes(&own);
        let kinds = self.totals.kinds.read();
        let told = kinds.iter().enumerate().filter(|(_, kind)| totals.contains_key(kind.name));
        let told = told.map(|(index, _)| TotalKinds::of(index));
        TotalChanges { kinds: told.fold(TotalKinds::NONE, TotalKinds::and), totals }
    }
}

/// What to send to the members of a channel.
#[derive(Debug)]
pub(super) struct TotalChanges {
    pub(super) kinds: TotalKinds,
    pub(super) totals: BTreeMap<String, Arc<RawValue>>,
}
