//! Several hubs, the people on them, and what is on its way between them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::clock::{Clock, Timestamp, Uptime};
use crate::hub::{
    Appearance, Archive, ArchiveError, Hub, HubLimits, Member, Opened, Outbox, OutboxLimits, Owner,
    PeerMessage, PeerSender, Publication, SingleNode, TotalKind,
};
use crate::id::{ChannelId, ConnectionId, EventId, NodeId, PersonId, SignInId};

const TICK: Duration = Duration::from_secs(1);

/// A kind of total that each node counts.
pub(in crate::hub) const VIEWERS: TotalKind = TotalKind::sum("viewers");
/// A kind of which the newest counts.
pub(in crate::hub) const POLL: TotalKind = TotalKind::newest("poll");

/// Nothing was ever said.
struct Silence;

impl Archive for Silence {
    fn open(&self, _: ChannelId, _: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        std::future::ready(Ok(Opened { complete: true, ..Opened::default() })).boxed()
    }

    fn after(
        &self,
        _: ChannelId,
        _: u64,
        _: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        std::future::ready(Ok(None)).boxed()
    }

    fn heads(
        &self,
        _: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        std::future::ready(Ok(Vec::new())).boxed()
    }
}

/// A word on its way, as it goes over the bus.
#[derive(Clone, Debug)]
pub(in crate::hub) struct Letter {
    from: NodeId,
    /// `None`: to all.
    to: Option<NodeId>,
    text: String,
}

/// What has been said, and the numbers that leases would tell again.
#[derive(Debug, Default)]
pub(in crate::hub) struct Post {
    pub(in crate::hub) letters: Mutex<Vec<Letter>>,
    numbers: Mutex<HashMap<(NodeId, ChannelId), u64>>,
    totals: Mutex<HashMap<(NodeId, ChannelId), u64>>,
}

struct TestSender {
    from: NodeId,
    post: Arc<Post>,
}

impl TestSender {
    pub(in crate::hub) fn post(&self, to: Option<NodeId>, word: &PeerMessage) {
        let text = serde_json::to_string(word).unwrap();
        self.post.letters.lock().push(Letter { from: self.from, to, text });
    }
}

impl PeerSender for TestSender {
    fn send_to_channel(&self, channel: ChannelId, word: PeerMessage) {
        let told = match &word {
            PeerMessage::Changes(edges) => Some((&self.post.numbers, edges.number)),
            PeerMessage::Totals(totals) => Some((&self.post.totals, totals.number)),
            _ => None,
        };
        if let Some((numbers, number)) = told {
            numbers.lock().insert((self.from, channel), number);
        }
        self.post(None, &word);
    }

    fn send_to_node(&self, node: NodeId, word: PeerMessage) {
        self.post(Some(node), &word);
    }
}

/// Several hubs and the people on them.
pub(in crate::hub) struct Nodes {
    pub(in crate::hub) clock: Clock,
    pub(in crate::hub) post: Arc<Post>,
    pub(in crate::hub) hubs: Vec<Option<(NodeId, Arc<Hub>)>>,
    /// The nodes that are gone, and since when; the others have not noticed yet.
    killed: Vec<(NodeId, Uptime)>,
    pub(in crate::hub) members: Vec<(usize, Arc<Member>)>,
    started: u128,
    connected: u128,
}

impl Nodes {
    pub(in crate::hub) fn new(count: usize) -> Self {
        let clock = Clock::manual(Timestamp(1_000_000));
        let (post, killed, members) = (Arc::default(), Vec::new(), Vec::new());
        let hubs = (0..count).map(|_| None).collect();
        let mut nodes = Self { clock, post, hubs, killed, members, started: 0, connected: 0 };
        for slot in 0..count {
            nodes.start(slot);
        }
        nodes
    }

    pub(in crate::hub) fn running(&self) -> impl Iterator<Item = &(NodeId, Arc<Hub>)> {
        self.hubs.iter().flatten()
    }

    pub(in crate::hub) fn hub(&self, slot: usize) -> &Arc<Hub> {
        &self.hubs[slot].as_ref().expect("a running hub").1
    }

    pub(in crate::hub) fn start(&mut self, slot: usize) {
        self.started += 1;
        let from = NodeId(Uuid::from_u128(self.started));
        let hub = Hub::new(
            Arc::new(Silence),
            Arc::new(SingleNode),
            self.clock.clone(),
            HubLimits::default(),
        );
        hub.register_total(VIEWERS).unwrap();
        hub.register_total(POLL).unwrap();
        hub.set_peer_sender(Arc::new(TestSender { from, post: Arc::clone(&self.post) }));
        for (node, other) in self.running() {
            other.node_came(from);
            hub.node_came(*node);
        }
        self.hubs[slot] = Some((from, hub));
    }

    pub(in crate::hub) fn kill(&mut self, slot: usize) {
        if let Some((node, _)) = self.hubs[slot].take() {
            self.killed.push((node, self.clock.uptime()));
        }
        self.members.retain(|(on, _)| *on != slot);
    }

    pub(in crate::hub) fn notice_killed(&mut self) {
        for (node, gone_at) in std::mem::take(&mut self.killed) {
            let ago = self.clock.uptime().since(gone_at);
            self.running().for_each(|(_, hub)| hub.node_lost(node, ago));
        }
    }

    pub(in crate::hub) fn connect(&mut self, slot: usize, person: u128) -> Arc<Member> {
        let person = PersonId(Uuid::from_u128(person));
        let (event, sign_in) = (EventId(Uuid::nil()), SignInId(Uuid::nil()));
        self.connected += 1;
        let connection = ConnectionId(Uuid::from_u128(self.connected));
        let owner = Owner { event, person, sign_in, guest: false };
        let card = RawValue::from_string(format!("\"{person}\"")).unwrap();
        let appearance = Appearance { name: person.to_string(), card, listed: true };
        let member =
            Member::new(connection, owner, appearance, Outbox::new(OutboxLimits::default(), None));
        self.hub(slot).connect(&member).unwrap();
        self.members.push((slot, Arc::clone(&member)));
        member
    }

    pub(in crate::hub) fn disconnect(&mut self, index: usize) {
        let (slot, member) = self.members.swap_remove(index);
        self.hub(slot).disconnect(&member);
    }

    pub(in crate::hub) fn tick(&self) {
        self.clock.advance(TICK);
        self.running().for_each(|(_, hub)| hub.tick());
    }

    pub(in crate::hub) fn deliver(&self, letter: &Letter) {
        self.running().for_each(|at| Self::deliver_at(at, letter));
    }

    /// It is lost on the way to the others.
    pub(in crate::hub) fn deliver_only(&self, slot: usize, letter: &Letter) {
        self.hubs[slot].iter().for_each(|at| Self::deliver_at(at, letter));
    }

    fn deliver_at((node, hub): &(NodeId, Arc<Hub>), letter: &Letter) {
        if *node != letter.from && letter.to.is_none_or(|to| to == *node) {
            hub.receive_from_peer(letter.from, serde_json::from_str(&letter.text).unwrap());
        }
    }

    /// Everything that is said, and what is said to that, arrives.
    pub(in crate::hub) fn deliver_all(&self) {
        loop {
            let letters = std::mem::take(&mut *self.post.letters.lock());
            if letters.is_empty() {
                return;
            }
            letters.iter().for_each(|letter| self.deliver(letter));
        }
    }

    /// The leases of all nodes arrive.
    pub(in crate::hub) fn beat(&self) {
        for ((from, channel), number) in self.post.numbers.lock().iter() {
            for (node, hub) in self.running() {
                if node != from {
                    hub.receive_presence_number(*from, *channel, *number);
                }
            }
        }
        for ((from, channel), number) in self.post.totals.lock().iter() {
            for (node, hub) in self.running() {
                if node != from {
                    hub.receive_totals_number(*from, *channel, *number);
                }
            }
        }
    }

    /// A second in which nothing goes wrong.
    pub(in crate::hub) fn second(&self) {
        self.tick();
        self.beat();
        self.deliver_all();
    }

    pub(in crate::hub) fn expected(&self, channel: ChannelId) -> BTreeSet<String> {
        let here = self.members.iter().filter(|(_, member)| member.is_in(channel));
        here.map(|(_, member)| member.person.to_string()).collect()
    }
}
