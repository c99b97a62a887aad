//! The people of other nodes in a channel, and which nodes something is missing from.

use super::node::{Node, Step};
use crate::hub::peers::{PresenceChanges, PresenceSnapshot};
use crate::id::NodeId;

/// The other nodes that have sent anything; few, so that a linear search is fastest.
#[derive(Debug, Default)]
pub(in crate::hub) struct Elsewhere {
    nodes: Vec<Node>,
}

impl Elsewhere {
    pub(super) fn receive_changes(&mut self, node: NodeId, edges: PresenceChanges) -> Vec<Step> {
        self.node(node).receive_changes(edges)
    }

    pub(super) fn receive_snapshot(&mut self, node: NodeId, whole: PresenceSnapshot) -> Vec<Step> {
        self.node(node).receive_snapshot(whole)
    }

    pub(super) fn receive_nobody(&mut self, node: NodeId, number: u64) -> Vec<Step> {
        self.node(node).receive_all(number, Vec::new())
    }

    pub(in crate::hub) fn receive_unchanged(&mut self, node: NodeId) {
        self.node(node).stale = false;
    }

    /// The node has sent edges up to this number.
    pub(in crate::hub) fn receive_number(&mut self, node: NodeId, number: u64) {
        let node = self.node(node);
        node.announced = node.announced.max(number);
    }

    /// Messages of every node may have been missed.
    pub(in crate::hub) fn invalidate(&mut self) {
        for node in &mut self.nodes {
            node.stale = true;
        }
    }

    /// Nobody of that node is there any longer.
    pub(super) fn lose(&mut self, node: NodeId) -> Vec<Step> {
        let Some(place) = self.nodes.iter().position(|known| known.id == node) else {
            return Vec::new();
        };
        self.nodes.swap_remove(place).people.into_iter().map(Step::Left).collect()
    }

    /// Which of these nodes to ask, and what is known of each. A node that is just answering is not
    /// asked again.
    pub(in crate::hub) fn questions(&mut self, nodes: &[NodeId]) -> Vec<(NodeId, u64)> {
        let mut questions = Vec::new();
        for id in nodes {
            let Some(node) = self.nodes.iter_mut().find(|node| node.id == *id) else {
                questions.push((*id, 0));
                continue;
            };
            if node.is_behind() && !node.was_answering() {
                questions.push((*id, node.known.unwrap_or(0)));
            }
        }
        questions
    }

    /// Whether something is missing from one of these nodes.
    pub(in crate::hub) fn is_behind(&self, nodes: &[NodeId]) -> bool {
        let known = |id| self.nodes.iter().find(|node| node.id == id);
        nodes.iter().any(|id| known(*id).is_none_or(Node::is_behind))
    }

    /// Up to which number the node's people are known.
    pub(in crate::hub) fn known(&self, id: NodeId) -> u64 {
        let node = self.nodes.iter().find(|node| node.id == id);
        node.and_then(|node| node.known).unwrap_or(0)
    }

    fn node(&mut self, id: NodeId) -> &mut Node {
        let place = self.nodes.iter().position(|node| node.id == id).unwrap_or_else(|| {
            self.nodes.push(Node::new(id));
            self.nodes.len() - 1
        });
        &mut self.nodes[place]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::super::node::LATER;
    use super::*;
    use crate::hub::peers::PersonAppearance;
    use crate::hub::{Appearance, TotalParts};
    use crate::id::{ChannelId, PersonId};

    const NODE: NodeId = NodeId(Uuid::from_u128(1));
    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(2));

    fn there(numbers: &[u128]) -> Vec<PersonAppearance> {
        let appearance = |number: &u128| {
            let card = RawValue::from_string("{}".to_owned()).unwrap();
            let appearance = Appearance { name: number.to_string(), card, listed: true };
            (PersonId(Uuid::from_u128(*number)), Arc::new(appearance))
        };
        numbers.iter().map(appearance).collect()
    }

    fn edges(after: u64, number: u64, came: &[u128], left: &[u128]) -> PresenceChanges {
        let left = left.iter().map(|number| PersonId(Uuid::from_u128(*number))).collect();
        PresenceChanges { channel: CHANNEL, after, number, came: there(came), left }
    }

    fn part(number: u64, part: usize, people: &[u128]) -> PresenceSnapshot {
        PresenceSnapshot {
            channel: CHANNEL,
            number,
            part,
            parts: 2,
            people: there(people),
            totals: TotalParts::default(),
        }
    }

    fn people(elsewhere: &Elsewhere) -> Vec<u128> {
        let people = elsewhere.nodes.iter().flat_map(|node| &node.people);
        let mut people: Vec<u128> = people.map(|person| person.0.as_u128()).collect();
        people.sort_unstable();
        people
    }

    #[test]
    fn edges_out_of_order_wait_and_those_known_are_passed_over() {
        let mut elsewhere = Elsewhere::default();
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 0)], "nobody has said anything");
        elsewhere.receive_changes(NODE, edges(0, 3, &[1, 2], &[]));
        elsewhere.receive_changes(NODE, edges(7, 9, &[], &[1]));
        assert_eq!(people(&elsewhere), [1, 2]);
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 3)]);
        elsewhere.receive_changes(NODE, edges(3, 7, &[3], &[]));
        assert_eq!(people(&elsewhere), [2, 3]);
        assert!(elsewhere.receive_changes(NODE, edges(0, 3, &[1, 2], &[])).is_empty());
        assert!(!elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn all_who_are_there_come_in_parts_of_one_number_and_what_came_later_counts() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.receive_snapshot(NODE, part(5, 0, &[1, 2]));
        assert!(elsewhere.questions(&[NODE]).is_empty(), "the answer is on its way");
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 0)], "nothing more came of it");
        elsewhere.receive_changes(NODE, edges(4, 8, &[4], &[1]));
        // A later answer replaces this one.
        elsewhere.receive_snapshot(NODE, part(6, 1, &[3]));
        elsewhere.receive_snapshot(NODE, part(5, 1, &[9]));
        assert_eq!(people(&elsewhere), [0; 0]);
        elsewhere.receive_snapshot(NODE, part(6, 0, &[1]));
        assert_eq!(people(&elsewhere), [3, 4]);
        assert!(!elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn a_channel_that_a_node_opens_again_begins_empty() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.receive_changes(NODE, edges(0, 3, &[1], &[]));
        // The first one's departure was lost.
        let steps = elsewhere.receive_changes(NODE, edges(0, 12, &[2], &[]));
        assert!(matches!(steps[..], [Step::Came(..), Step::Left(_)]), "{steps:?}");
        assert_eq!(people(&elsewhere), [2]);
    }

    #[test]
    fn a_number_that_is_not_reached_and_a_doubt_are_asked_about() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.receive_nobody(NODE, 4);
        assert!(!elsewhere.is_behind(&[NODE]));
        elsewhere.receive_number(NODE, 5);
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 4)]);
        elsewhere.receive_changes(NODE, edges(2, 5, &[1], &[]));
        assert!(!elsewhere.is_behind(&[NODE]), "what is known may be newer than what is told");
        elsewhere.invalidate();
        assert!(elsewhere.is_behind(&[NODE]));
        elsewhere.receive_nobody(NODE, 5);
        assert!(elsewhere.is_behind(&[NODE]), "an old answer is none");
        elsewhere.receive_unchanged(NODE);
        assert!(!elsewhere.is_behind(&[NODE]));
        assert_eq!(elsewhere.lose(NODE).len(), 1);
        assert!(elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn more_edges_than_may_wait_are_asked_for() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.receive_nobody(NODE, 1);
        for number in 3..200 {
            elsewhere.receive_changes(NODE, edges(number - 1, number, &[number.into()], &[]));
        }
        elsewhere.receive_changes(NODE, edges(1, 2, &[], &[]));
        assert_eq!(people(&elsewhere).len(), LATER);
        assert!(elsewhere.is_behind(&[NODE]));
        elsewhere.receive_nobody(NODE, 200);
        assert!(!elsewhere.is_behind(&[NODE]));
    }
}
