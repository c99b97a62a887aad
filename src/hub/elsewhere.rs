//! Who of other nodes is in a channel, as those nodes tell it: edges in the order of their numbers,
//! and all of it anew where one is missing.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::member::Face;
use super::words::{Edges, There, Whole};
use crate::id::{NodeId, PersonId};

/// How many people of one node are known in a channel.
const PEOPLE: usize = 100_000;
/// How many parts all who are there may have.
const PARTS: usize = 200;
/// How many edges wait for a missing one; what comes on top is asked for.
const LATER: usize = 64;

/// What changes for a person, in order.
#[derive(Debug)]
pub(super) enum Step {
    /// They are on one more node.
    Came(PersonId, Arc<Face>),
    /// They are there and may appear differently.
    Appears(PersonId, Arc<Face>),
    /// They are on one node less.
    Left(PersonId),
}

/// The other nodes, as far as they have said something; few, so that looking through is fastest.
#[derive(Debug, Default)]
pub(super) struct Elsewhere {
    nodes: Vec<Node>,
}

impl Elsewhere {
    pub(super) fn hear_edges(&mut self, node: NodeId, edges: Edges) -> Vec<Step> {
        self.node(node).hear_edges(edges)
    }

    pub(super) fn hear_whole(&mut self, node: NodeId, whole: Whole) -> Vec<Step> {
        self.node(node).hear_whole(whole)
    }

    pub(super) fn hear_nobody(&mut self, node: NodeId, number: u64) -> Vec<Step> {
        self.node(node).hear_all(number, Vec::new())
    }

    pub(super) fn hear_same(&mut self, node: NodeId) {
        self.node(node).doubted = false;
    }

    /// The node has told edges up to this number.
    pub(super) fn hear_number(&mut self, node: NodeId, number: u64) {
        let node = self.node(node);
        node.rumoured = node.rumoured.max(number);
    }

    /// Words of every node may have been missed.
    pub(super) fn doubt(&mut self) {
        for node in &mut self.nodes {
            node.doubted = true;
        }
    }

    /// Nobody of that node is there any more.
    pub(super) fn lose(&mut self, node: NodeId) -> Vec<Step> {
        let Some(place) = self.nodes.iter().position(|known| known.id == node) else {
            return Vec::new();
        };
        self.nodes.swap_remove(place).people.into_iter().map(Step::Left).collect()
    }

    /// Which of these nodes are to be asked, and what is known of each. Who is just answering is
    /// not asked again.
    pub(super) fn questions(&mut self, nodes: &[NodeId]) -> Vec<(NodeId, u64)> {
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

    /// Whether something is missing of one of these nodes.
    pub(super) fn is_behind(&self, nodes: &[NodeId]) -> bool {
        let known = |id| self.nodes.iter().find(|node| node.id == id);
        nodes.iter().any(|id| known(*id).is_none_or(Node::is_behind))
    }

    fn node(&mut self, id: NodeId) -> &mut Node {
        let place = self.nodes.iter().position(|node| node.id == id).unwrap_or_else(|| {
            self.nodes.push(Node::new(id));
            self.nodes.len() - 1
        });
        &mut self.nodes[place]
    }
}

#[derive(Debug)]
struct Node {
    id: NodeId,
    /// All edges up to this number are in `people`, and none that the next ones do not repeat.
    /// Nothing before the node has said who is there.
    known: Option<u64>,
    /// The highest number somebody knows of.
    rumoured: u64,
    /// Something may have been missed.
    doubted: bool,
    people: HashSet<PersonId>,
    pending: Option<Box<Pending>>,
}

/// What cannot be used yet.
#[derive(Debug, Default)]
struct Pending {
    /// Edges behind a missing one.
    later: BTreeMap<u64, Edges>,
    gathering: Option<Gathering>,
}

/// All who are there, as far as the parts have come.
#[derive(Debug)]
struct Gathering {
    number: u64,
    parts: Vec<Option<Vec<There>>>,
    has_grown: bool,
}

impl Node {
    fn new(id: NodeId) -> Self {
        let (known, people, pending) = (None, HashSet::new(), None);
        Self { id, known, rumoured: 0, doubted: false, people, pending }
    }

    fn is_behind(&self) -> bool {
        let waits = self.pending.as_ref().is_some_and(|pending| !pending.later.is_empty());
        self.doubted || waits || self.known.is_none_or(|known| known < self.rumoured)
    }

    fn was_answering(&mut self) -> bool {
        let gathering = self.pending.as_mut().and_then(|pending| pending.gathering.as_mut());
        gathering.is_some_and(|gathering| std::mem::take(&mut gathering.has_grown))
    }

    fn follows(&self, edges: &Edges) -> bool {
        edges.after == 0 || self.known.is_some_and(|known| edges.after <= known)
    }

    fn hear_edges(&mut self, edges: Edges) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.known.is_some_and(|known| edges.number <= known) {
            return steps;
        }
        self.rumoured = self.rumoured.max(edges.number);
        if self.follows(&edges) {
            self.apply(edges, &mut steps);
            self.go_on(&mut steps);
        } else {
            let later = &mut self.pending.get_or_insert_default().later;
            if later.len() < LATER {
                later.insert(edges.number, edges);
            }
        }
        steps
    }

    fn hear_whole(&mut self, whole: Whole) -> Vec<Step> {
        let Whole { number, part, parts, people, .. } = whole;
        if self.known.is_some_and(|known| number <= known) || part >= parts || parts > PARTS {
            return Vec::new();
        }
        let gathering = &mut self.pending.get_or_insert_default().gathering;
        if gathering.as_ref().is_none_or(|gathering| gathering.number < number) {
            *gathering = Some(Gathering { number, parts: vec![None; parts], has_grown: false });
        }
        match gathering {
            Some(gathering) if gathering.number == number && part < gathering.parts.len() => {
                gathering.parts[part] = Some(people);
                gathering.has_grown = true;
                if gathering.parts.iter().any(Option::is_none) {
                    return Vec::new();
                }
                let people = gathering.parts.drain(..).flatten().flatten().collect();
                self.hear_all(number, people)
            }
            _ => Vec::new(),
        }
    }

    /// Up to this number, these are all.
    fn hear_all(&mut self, number: u64, people: Vec<There>) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.known.is_some_and(|known| number <= known) {
            return steps;
        }
        self.known = Some(number);
        self.doubted = false;
        self.replace(people, &mut steps);
        self.go_on(&mut steps);
        steps
    }

    /// Applies what has waited for what is known now.
    fn go_on(&mut self, steps: &mut Vec<Step>) {
        let Some(mut pending) = self.pending.take() else { return };
        while let Some(first) = pending.later.first_entry() {
            if self.known.is_some_and(|known| *first.key() <= known) {
                first.remove();
            } else if self.follows(first.get()) {
                let edges = first.remove();
                self.apply(edges, steps);
            } else {
                break;
            }
        }
        pending.gathering.take_if(|one| self.known.is_some_and(|known| one.number <= known));
        if pending.gathering.is_some() || !pending.later.is_empty() {
            self.pending = Some(pending);
        }
    }

    fn apply(&mut self, edges: Edges, steps: &mut Vec<Step>) {
        self.known = Some(edges.number);
        if edges.after == 0 {
            self.replace(edges.came, steps);
        } else {
            for (person, face) in edges.came {
                if self.people.contains(&person) {
                    steps.push(Step::Appears(person, face));
                } else if self.people.len() < PEOPLE {
                    self.people.insert(person);
                    steps.push(Step::Came(person, face));
                }
            }
        }
        let gone = edges.left.into_iter().filter(|person| self.people.remove(person));
        steps.extend(gone.map(Step::Left));
    }

    fn replace(&mut self, people: Vec<There>, steps: &mut Vec<Step>) {
        let before = std::mem::take(&mut self.people);
        for (person, face) in people {
            if self.people.len() < PEOPLE && self.people.insert(person) {
                let step = if before.contains(&person) { Step::Appears } else { Step::Came };
                steps.push(step(person, face));
            }
        }
        steps.extend(before.difference(&self.people).copied().map(Step::Left));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;
    use uuid::Uuid;

    use super::*;
    use crate::id::ChannelId;

    const NODE: NodeId = NodeId(Uuid::from_u128(1));
    const CHANNEL: ChannelId = ChannelId(Uuid::from_u128(2));

    fn there(numbers: &[u128]) -> Vec<There> {
        let face = |number: &u128| {
            let card = RawValue::from_string("{}".to_owned()).unwrap();
            let face = Face { name: number.to_string(), card, listed: true };
            (PersonId(Uuid::from_u128(*number)), Arc::new(face))
        };
        numbers.iter().map(face).collect()
    }

    fn edges(after: u64, number: u64, came: &[u128], left: &[u128]) -> Edges {
        let left = left.iter().map(|number| PersonId(Uuid::from_u128(*number))).collect();
        Edges { channel: CHANNEL, after, number, came: there(came), left }
    }

    fn part(number: u64, part: usize, people: &[u128]) -> Whole {
        Whole { channel: CHANNEL, number, part, parts: 2, people: there(people) }
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
        elsewhere.hear_edges(NODE, edges(0, 3, &[1, 2], &[]));
        elsewhere.hear_edges(NODE, edges(7, 9, &[], &[1]));
        assert_eq!(people(&elsewhere), [1, 2]);
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 3)]);
        elsewhere.hear_edges(NODE, edges(3, 7, &[3], &[]));
        assert_eq!(people(&elsewhere), [2, 3]);
        assert!(elsewhere.hear_edges(NODE, edges(0, 3, &[1, 2], &[])).is_empty());
        assert!(!elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn all_who_are_there_come_in_parts_of_one_number_and_what_came_later_counts() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.hear_whole(NODE, part(5, 0, &[1, 2]));
        assert!(elsewhere.questions(&[NODE]).is_empty(), "the answer is on its way");
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 0)], "nothing more came of it");
        elsewhere.hear_edges(NODE, edges(4, 8, &[4], &[1]));
        // A later answer is another one.
        elsewhere.hear_whole(NODE, part(6, 1, &[3]));
        elsewhere.hear_whole(NODE, part(5, 1, &[9]));
        assert_eq!(people(&elsewhere), [0; 0]);
        elsewhere.hear_whole(NODE, part(6, 0, &[1]));
        assert_eq!(people(&elsewhere), [3, 4]);
        assert!(!elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn a_channel_that_a_node_opens_again_begins_empty() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.hear_edges(NODE, edges(0, 3, &[1], &[]));
        // That the first one went was lost.
        let steps = elsewhere.hear_edges(NODE, edges(0, 12, &[2], &[]));
        assert!(matches!(steps[..], [Step::Came(..), Step::Left(_)]), "{steps:?}");
        assert_eq!(people(&elsewhere), [2]);
    }

    #[test]
    fn a_number_that_is_not_reached_and_a_doubt_are_asked_about() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.hear_nobody(NODE, 4);
        assert!(!elsewhere.is_behind(&[NODE]));
        elsewhere.hear_number(NODE, 5);
        assert_eq!(elsewhere.questions(&[NODE]), [(NODE, 4)]);
        elsewhere.hear_edges(NODE, edges(2, 5, &[1], &[]));
        assert!(!elsewhere.is_behind(&[NODE]), "what is known may be newer than what is told");
        elsewhere.doubt();
        assert!(elsewhere.is_behind(&[NODE]));
        elsewhere.hear_nobody(NODE, 5);
        assert!(elsewhere.is_behind(&[NODE]), "an old answer is none");
        elsewhere.hear_same(NODE);
        assert!(!elsewhere.is_behind(&[NODE]));
        assert_eq!(elsewhere.lose(NODE).len(), 1);
        assert!(elsewhere.is_behind(&[NODE]));
    }

    #[test]
    fn more_edges_than_may_wait_are_asked_for() {
        let mut elsewhere = Elsewhere::default();
        elsewhere.hear_nobody(NODE, 1);
        for number in 3..200 {
            elsewhere.hear_edges(NODE, edges(number - 1, number, &[number.into()], &[]));
        }
        elsewhere.hear_edges(NODE, edges(1, 2, &[], &[]));
        assert_eq!(people(&elsewhere).len(), LATER);
        assert!(elsewhere.is_behind(&[NODE]));
        elsewhere.hear_nobody(NODE, 200);
        assert!(!elsewhere.is_behind(&[NODE]));
    }
}
