//! Applies other nodes' messages about their people to a channel's presence.

use std::sync::Arc;

use super::Presence;
use super::elsewhere::Elsewhere;
use super::node::Step;
use crate::clock::Uptime;
use crate::hub::Appearance;
use crate::hub::peers::{PresenceChanges, PresenceSnapshot};
use crate::id::{NodeId, PersonId};

impl Presence {
    /// Another node's people have come and left.
    pub(in crate::hub) fn receive_changes(
        &mut self,
        node: NodeId,
        edges: PresenceChanges,
        now: Uptime,
    ) {
        let steps = self.elsewhere.receive_changes(node, edges);
        self.apply(steps, now);
    }

    /// All people of another node, or a part of them.
    pub(in crate::hub) fn receive_snapshot(
        &mut self,
        node: NodeId,
        whole: PresenceSnapshot,
        now: Uptime,
    ) {
        let steps = self.elsewhere.receive_snapshot(node, whole);
        self.apply(steps, now);
    }

    /// Nobody of another node is there.
    pub(in crate::hub) fn receive_nobody(&mut self, node: NodeId, number: u64, now: Uptime) {
        let steps = self.elsewhere.receive_nobody(node, number);
        self.apply(steps, now);
    }

    /// Another node's people have left, at that time.
    pub(in crate::hub) fn lose(&mut self, node: NodeId, gone_at: Uptime) {
        let steps = self.elsewhere.lose(node);
        self.apply(steps, gone_at);
    }

    /// The known people of other nodes, and what is missing.
    pub(in crate::hub) fn elsewhere(&mut self) -> &mut Elsewhere {
        &mut self.elsewhere
    }

    fn apply(&mut self, steps: Vec<Step>, now: Uptime) {
        for step in steps {
            match step {
                Step::Came(person, appearance) => {
                    let present = self.enter(person, &appearance);
                    present.elsewhere += 1;
                    self.appear_elsewhere(person, &appearance);
                }
                Step::Appears(person, appearance) => self.appear_elsewhere(person, &appearance),
                Step::Left(person) => {
                    if let Some(present) = self.people.get_mut(&person) {
                        present.elsewhere = present.elsewhere.saturating_sub(1);
                    }
                    self.begin_grace(person, now);
                }
            }
        }
    }

    fn appear_elsewhere(&mut self, person: PersonId, appearance: &Arc<Appearance>) {
        if self.people.get(&person).is_some_and(|present| present.connections == 0) {
            self.appear(person, appearance);
        }
    }
}
