//! The other nodes, by their leases. Whether one is gone is decided by this node's own monotonic
//! clock, and only while this node receives its own leases.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::lease::About;
use crate::id::NodeId;

/// How often leases are renewed.
pub(super) const BEAT: Duration = Duration::from_millis(1_500);
/// How long a lease is valid.
const LEASE: Duration = Duration::from_secs(6);
/// How long a node can be without its own leases before it considers itself deaf.
const ECHO: Duration = Duration::from_secs(4);
/// How long a deaf node keeps its last state of the others.
const BELIEF: Duration = Duration::from_secs(60);
/// How long nodes that are gone stay listed, for operators.
const REMEMBERED: Duration = Duration::from_secs(600);
/// The maximum number of other nodes.
const NODES: usize = 256;

/// The state of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// People can be sent there.
    Serving,
    /// It is draining.
    Stopping,
    /// It has said goodbye.
    Left,
    /// Its lease has expired.
    Lost,
}

/// Another node.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) about: About,
    pub(super) state: State,
    /// When its last lease was received, not counting time in which nothing was received at all.
    pub(super) heard: Instant,
    beat: u64,
}

impl Peer {
    pub(super) fn is_there(&self) -> bool {
        matches!(self.state, State::Serving | State::Stopping)
    }
}

/// The effect of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewal {
    /// The node is new.
    New,
    /// It is known already.
    Again,
    /// A later one was received already, or its goodbye.
    Late,
}

#[derive(Debug)]
pub(super) struct Peers {
    known: HashMap<NodeId, Peer>,
    checked: Instant,
    /// When this node received its own lease.
    echoed: Instant,
    deaf_for: Duration,
}

impl Peers {
    pub(super) fn new(now: Instant) -> Self {
        Self { known: HashMap::new(), checked: now, echoed: now, deaf_for: Duration::ZERO }
    }

    pub(super) fn receive_lease(
        &mut self,
        node: NodeId,
        beat: u64,
        about: About,
        now: Instant,
    ) -> Renewal {
        let state = if about.stopping { State::Stopping } else { State::Serving };
        let peer = Peer { about, state, heard: now, beat };
        let has_room = self.known.len() < NODES;
        match self.known.get_mut(&node) {
            Some(known) if known.state == State::Left || known.beat >= beat => Renewal::Late,
            Some(known) => {
                let before = std::mem::replace(known, peer);
                if before.is_there() { Renewal::Again } else { Renewal::New }
            }
            None if has_room => {
                self.known.insert(node, peer);
                Renewal::New
            }
            None => Renewal::Late,
        }
    }

    /// True if the node was known.
    pub(super) fn receive_goodbye(&mut self, node: NodeId) -> bool {
        let Some(peer) = self.known.get_mut(&node) else { return false };
        let was_there = peer.is_there();
        peer.state = State::Left;
        was_there
    }

    /// This node has received its own lease.
    pub(super) fn receive_echo(&mut self, now: Instant) {
        self.echoed = now;
    }

    /// Finds nodes whose lease has expired, and how long ago it was renewed.
    pub(super) fn check(&mut self, now: Instant) -> Vec<(NodeId, Duration)> {
        let elapsed = now - self.checked;
        self.checked = now;
        // Without the bus, or after being frozen, it is not the others who are silent.
        let is_deaf = now - self.echoed > ECHO;
        let believes = is_deaf && self.deaf_for < BELIEF;
        self.deaf_for = if is_deaf { self.deaf_for + elapsed } else { Duration::ZERO };
        let mut lost = Vec::new();
        for (node, peer) in &mut self.known {
            if believes && peer.is_there() {
                peer.heard = now.min(peer.heard + elapsed);
            } else if peer.is_there() && now - peer.heard >= LEASE {
                peer.state = State::Lost;
                lost.push((*node, now - peer.heard));
            }
        }
        self.known.retain(|_, peer| peer.is_there() || now - peer.heard < REMEMBERED);
        lost
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (&NodeId, &Peer)> {
        self.known.iter()
    }

    pub(super) fn there(&self) -> impl Iterator<Item = &Peer> {
        self.known.values().filter(|peer| peer.is_there())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NODE: NodeId = NodeId(Uuid::from_u128(1));

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn a_node_is_lost_six_seconds_after_its_last_lease_and_may_come_back() {
        let begin = Instant::now();
        let mut peers = Peers::new(begin);
        let lease = |peers: &mut Peers, beat, at| {
            peers.receive_lease(NODE, beat, About::default(), begin + seconds(at))
        };
        assert_eq!(lease(&mut peers, 1, 0.0), Renewal::New);
        assert_eq!(lease(&mut peers, 2, 1.5), Renewal::Again);
        assert_eq!(lease(&mut peers, 1, 1.6), Renewal::Late);
        for at in [3.0, 4.5, 6.0, 7.4] {
            peers.receive_echo(begin + seconds(at));
            assert!(peers.check(begin + seconds(at)).is_empty());
        }
        assert_eq!(peers.check(begin + seconds(7.5)), [(NODE, LEASE)]);
        assert!(peers.check(begin + seconds(9.0)).is_empty(), "once");
        assert_eq!(lease(&mut peers, 9, 10.0), Renewal::New);
        assert!(peers.receive_goodbye(NODE));
        assert_eq!(lease(&mut peers, 10, 10.0), Renewal::Late, "after the goodbye");
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_hear_itself_does_not_take_others_for_lost() {
        let begin = Instant::now();
        let mut peers = Peers::new(begin);
        peers.receive_lease(NODE, 1, About::default(), begin);
        let mut at = 0.0;
        while at < 50.0 {
            at += 1.5;
            assert!(peers.check(begin + seconds(at)).is_empty(), "after {at} seconds");
        }
        // It receives again, and so does the other one.
        peers.receive_echo(begin + seconds(at));
        assert!(peers.check(begin + seconds(at + 1.0)).is_empty());
        peers.receive_lease(NODE, 2, About::default(), begin + seconds(at + 1.0));

        // It is frozen for half a minute.
        let woken = begin + seconds(at + 31.0);
        assert!(peers.check(woken).is_empty());
        for beats in 0..4 {
            peers.receive_echo(woken + BEAT * beats);
            assert!(peers.check(woken + BEAT * beats).is_empty(), "after {beats} beats");
        }
        assert_eq!(peers.check(woken + LEASE), [(NODE, LEASE)], "that one is gone indeed");
    }
}
