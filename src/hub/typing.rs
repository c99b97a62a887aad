//! Who is typing in a channel, here and on other nodes, for the ticks.

use std::time::Duration;

use super::peers::NodeTyping;
use super::pushes::TypingPeople;
use crate::clock::Uptime;
use crate::id::{ChannelId, NodeId, PersonId};

/// How long a typing notice lasts.
const LASTS: Duration = Duration::from_secs(6);
/// How many people are tracked; beyond that only "and others" is shown anyway.
const REMEMBERED: usize = 32;
/// How many are named.
const NAMED: usize = 3;
/// How many other nodes are tracked.
const NODES: usize = 64;
/// After how long unchanged state is sent to other nodes again.
const TOLD_AGAIN: Duration = Duration::from_secs(3);

#[derive(Debug, Default)]
pub(super) struct Typing {
    people: Vec<(PersonId, String, Uptime)>,
    elsewhere: Vec<Elsewhere>,
    changed: bool,
    /// Whether it has to be sent to other nodes.
    untold: bool,
    told_at: Option<Uptime>,
}

/// Who is typing on another node.
#[derive(Debug)]
struct Elsewhere {
    node: NodeId,
    number: u64,
    names: Vec<String>,
    more: usize,
    until: Uptime,
}

impl Typing {
    pub(super) fn start(&mut self, person: PersonId, name: &str, now: Uptime) {
        let until = now.after(LASTS);
        if let Some(known) = self.people.iter_mut().find(|(id, _, _)| *id == person) {
            known.2 = until;
        } else if self.people.len() < REMEMBERED {
            self.people.push((person, name.to_owned(), until));
            self.changed = true;
            self.untold = true;
        }
    }

    pub(super) fn stop(&mut self, person: PersonId) {
        self.keep(|(id, ..)| *id != person);
    }

    /// Who is typing on another node; the newest counts.
    pub(super) fn receive(&mut self, node: NodeId, there: NodeTyping, now: Uptime) {
        let NodeTyping { number, mut names, more, .. } = there;
        names.truncate(NAMED);
        let until = now.after(LASTS);
        let heard = Elsewhere { node, number, names, more, until };
        if let Some(known) = self.elsewhere.iter_mut().find(|one| one.node == node) {
            if known.number < number {
                self.changed |= known.names != heard.names || known.more != heard.more;
                *known = heard;
            }
        } else if self.elsewhere.len() < NODES {
            self.changed |= !heard.names.is_empty();
            self.elsewhere.push(heard);
        }
    }

    /// What to send to other nodes: changes, and regularly what lasts.
    pub(super) fn own(
        &mut self,
        channel: ChannelId,
        now: Uptime,
        number: impl Fn() -> u64,
    ) -> Option<NodeTyping> {
        self.let_go(now);
        let lasts = !self.people.is_empty()
            && self.told_at.is_none_or(|told_at| now.since(told_at) >= TOLD_AGAIN);
        if !std::mem::take(&mut self.untold) && !lasts {
            return None;
        }
        self.told_at = Some(now);
        let names = self.people.iter().take(NAMED).map(|(_, name, _)| name.clone()).collect();
        let more = self.people.len().saturating_sub(NAMED);
        Some(NodeTyping { channel, number: number(), names, more })
    }

    /// Removes people who have stopped; true if anything has changed since the last tick.
    pub(super) fn tick(&mut self, now: Uptime) -> bool {
        self.let_go(now);
        std::mem::take(&mut self.changed)
    }

    /// Who is typing.
    pub(super) fn people(&self) -> TypingPeople {
        let elsewhere = self.elsewhere.iter().flat_map(|one| &one.names);
        let names: Vec<String> = self
            .people
            .iter()
            .map(|(_, name, _)| name)
            .chain(elsewhere)
            .take(NAMED)
            .cloned()
            .collect();
        let more: usize = self.elsewhere.iter().map(|one| one.names.len() + one.more).sum();
        TypingPeople { more: (self.people.len() + more).saturating_sub(names.len()), names }
    }

    pub(super) fn is_waiting(&self) -> bool {
        !self.people.is_empty() || !self.elsewhere.is_empty()
    }

    fn let_go(&mut self, now: Uptime) {
        self.keep(|(.., until)| *until > now);
        self.changed |= self.elsewhere.iter().any(|one| one.until <= now && !one.names.is_empty());
        self.elsewhere.retain(|one| one.until > now);
    }

    fn keep(&mut self, kept: impl Fn(&(PersonId, String, Uptime)) -> bool) {
        let before = self.people.len();
        self.people.retain(kept);
        let changed = self.people.len() < before;
        self.changed |= changed;
        self.untold |= changed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_is_told_when_it_begins_and_when_it_ends() {
        let mut typing = Typing::default();
        let (ada, now) = (PersonId(uuid::Uuid::from_u128(1)), Uptime::default());
        typing.start(ada, "Ada", now);
        assert!(typing.tick(now));
        assert_eq!(typing.people().names, ["Ada"]);
        typing.start(ada, "Ada", now.after(LASTS / 2));
        assert!(!typing.tick(now.after(LASTS)));
        assert!(typing.tick(now.after(LASTS * 2)));
        assert!(typing.people().names.is_empty());
        assert!(!typing.is_waiting());
    }

    #[test]
    fn who_types_on_other_nodes_is_told_too_and_told_to_them_while_it_lasts() {
        let (mut here, mut there) = (Typing::default(), Typing::default());
        let node = NodeId(uuid::Uuid::from_u128(9));
        let channel = ChannelId(uuid::Uuid::nil());
        let now = Uptime::default();
        for (number, name) in [(1, "Ada"), (2, "Ben"), (3, "Cleo"), (4, "Dan")] {
            here.start(PersonId(uuid::Uuid::from_u128(number)), name, now);
        }
        let first = here.own(channel, now, || 1).expect("news");
        assert!(here.own(channel, now, || 2).is_none());
        let again = here.own(channel, now.after(TOLD_AGAIN), || 3).expect("it lasts");

        there.start(PersonId(uuid::Uuid::from_u128(5)), "Eve", now);
        there.receive(node, again, now);
        there.receive(node, NodeTyping { names: Vec::new(), more: 0, ..first }, now);
        assert!(there.tick(now));
        let people = there.people();
        assert_eq!((people.names.join(" "), people.more), ("Eve Ada Ben".to_owned(), 2));
        assert!(there.tick(now.after(LASTS)), "what is not told again ends");
        assert!(!there.is_waiting());
        let ended = here.own(channel, now.after(LASTS), || 4).expect("the end");
        assert!(ended.names.is_empty());
    }
}
