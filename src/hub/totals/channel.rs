//! The totals of one channel in memory: those of other nodes, and what is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::value::{RawValue, to_raw_value};

use super::kind::TotalParts;
use crate::hub::pushes::Totals;
use crate::id::ChannelId;
use crate::id::NodeId;
use crate::protocol::push_frame;
use crate::websocket::Frame;

type Shown = BTreeMap<String, Arc<RawValue>>;

/// The known totals of a channel, and those sent to its members.
#[derive(Debug, Default)]
pub(in crate::hub) struct ChannelTotals {
    /// The other nodes that have sent anything.
    nodes: Vec<NodeTotals>,
    /// The newest values, from any node.
    known: TotalParts,
    shown: Shown,
    changed: bool,
    /// The cached frame for new members, until something changes.
    welcome: Option<Frame>,
}

#[derive(Debug)]
struct NodeTotals {
    id: NodeId,
    /// The number of the last message; `None` before the first.
    known: Option<u64>,
    /// The highest known number.
    announced: u64,
    /// Something may have been missed.
    stale: bool,
    counted: TotalParts,
}

impl NodeTotals {
    fn is_behind(&self) -> bool {
        self.stale || self.known.is_none_or(|known| known < self.announced)
    }
}

impl ChannelTotals {
    /// Something was set on this node.
    pub(super) fn change(&mut self) {
        self.changed = true;
    }

    /// Another node's totals; the highest number counts.
    pub(in crate::hub) fn receive(&mut self, id: NodeId, number: u64, parts: TotalParts) {
        let TotalParts { sums, newest } = parts;
        self.changed |= self.known.merge_newest(&newest);
        let node = self.node(id);
        if node.known.is_some_and(|known| number <= known) {
            return;
        }
        node.known = Some(number);
        node.stale = false;
        let changed = node.counted.sums != sums;
        node.counted.sums = sums;
        self.changed |= changed;
    }

    /// The node has sent a message with this number. If that was lost, all nodes are asked: the
    /// newest value may no longer be kept where it was set.
    pub(super) fn receive_number(&mut self, id: NodeId, number: u64) {
        let node = self.node(id);
        node.announced = node.announced.max(number);
        if node.is_behind() {
            self.invalidate();
        }
    }

    /// Messages of every node may have been missed.
    pub(in crate::hub) fn invalidate(&mut self) {
        self.nodes.iter_mut().for_each(|node| node.stale = true);
    }

    /// The node is gone, and its counts with it. The newest values it set may have reached only
    /// some of the others, so they are asked.
    pub(in crate::hub) fn lose(&mut self, id: NodeId) {
        let before = self.nodes.len();
        self.nodes.retain(|node| node.id != id);
        self.changed |= self.nodes.len() < before;
        self.invalidate();
    }

    /// Which of these nodes something is missing from.
    pub(in crate::hub) fn behind(&self, nodes: &[NodeId]) -> impl Iterator<Item = NodeId> {
        let known = |id: &NodeId| self.nodes.iter().find(|node| node.id == *id);
        nodes.iter().copied().filter(move |id| known(id).is_none_or(NodeTotals::is_behind))
    }

    /// This node's answer to others: its own counts, and the newest values it knows.
    pub(super) fn answer(&self, mut own: TotalParts) -> TotalParts {
        own.merge_newest(&self.known.newest);
        own
    }

    /// What has changed since the last tick; `null` if there is nothing any more.
    pub(super) fn take_changes(&mut self, own: &TotalParts) -> Shown {
        if !std::mem::take(&mut self.changed) {
            return Shown::new();
        }
        let combined = self.combine(own);
        let before = std::mem::replace(&mut self.shown, combined);
        self.welcome = None;
        let mut changes = self.shown.clone();
        changes.retain(|name, json| before.get(name).is_none_or(|was| was.get() != json.get()));
        let gone = before.into_keys().filter(|name| !self.shown.contains_key(name));
        changes.extend(gone.map(|name| (name, RawValue::NULL.to_owned().into())));
        changes
    }

    /// The frame for a new member, if there is anything.
    pub(in crate::hub) fn welcome(&mut self, id: ChannelId) -> Option<Frame> {
        if self.shown.is_empty() {
            return None;
        }
        let shown = &self.shown;
        let frame = || push_frame(Some(id), &Totals { totals: shown.clone() });
        Some(self.welcome.get_or_insert_with(frame).clone())
    }

    #[cfg(test)]
    pub(super) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// The combined totals that all nodes show.
    fn combine(&mut self, own: &TotalParts) -> Shown {
        self.known.merge_newest(&own.newest);
        let mut all = TotalParts { sums: own.sums.clone(), newest: BTreeMap::new() };
        self.nodes.iter().for_each(|node| all.add_sums(&node.counted.sums));
        let json = |counts| to_raw_value(counts).ok().map(Arc::from);
        let sums = all.sums.iter().filter_map(|(name, sum)| Some((name.clone(), json(sum)?)));
        let newest = self.known.newest.iter().filter(|(_, value)| value.json.get() != "null");
        sums.chain(newest.map(|(name, value)| (name.clone(), Arc::clone(&value.json)))).collect()
    }

    fn node(&mut self, id: NodeId) -> &mut NodeTotals {
        let place = self.nodes.iter().position(|node| node.id == id).unwrap_or_else(|| {
            let counted = TotalParts::default();
            self.nodes.push(NodeTotals { id, known: None, announced: 0, stale: false, counted });
            self.nodes.len() - 1
        });
        &mut self.nodes[place]
    }
}
