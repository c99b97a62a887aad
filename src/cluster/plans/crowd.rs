//! Many members: what ticks save them, what gaps cost.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::Value;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::node::Node;
use crate::bus::faulty::{Faults, Network};
use crate::hub::plans::CHANNEL;
use crate::hub::plans::client::member;
use crate::hub::plans::log::Log;
use crate::hub::{Hub, HubLimits, Member, OutboxLimits, Tempo};
use crate::id::{ConnectionId, PersonId};
use crate::websocket::Frame;

const NODES: usize = 3;
/// How long an answer of the archive takes.
const ARCHIVE: Duration = Duration::from_millis(5);

/// Nodes, each with its share of the members.
struct Crowd {
    network: Network,
    log: Arc<Mutex<Log>>,
    nodes: Vec<Node>,
    members: Vec<Vec<Arc<Member>>>,
}

impl Crowd {
    async fn gather(nodes: usize, members: usize, limits: HubLimits) -> Self {
        let (network, log) = (Network::new(1), Arc::default());
        let start = |number| Node::start(number, &network, &log, limits, ARCHIVE);
        let nodes: Vec<Node> = (1..).take(nodes).map(start).collect();
        let mut joined: Vec<_> = nodes.iter().map(|_| Vec::new()).collect();
        for number in 0..members {
            let node = number % nodes.len();
            joined[node].push(come(&nodes[node].hub, number as u128).await);
        }
        Self { network, log, nodes, members: joined }
    }

    /// Something is said at a node. Answers with its number.
    async fn say(&self, node: usize, random: &mut StdRng) -> u64 {
        let publication = self.log.lock().commit(random);
        let seq = publication.seq;
        self.nodes[node].deliver(publication).await;
        seq
    }

    /// Waits until every node has told everything.
    async fn settle(&self) {
        let head = self.log.lock().head;
        let told = async {
            while self.nodes.iter().any(|node| !node.is_at(head)) {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), told).await.expect("all is told");
        // Who is being told is told when time goes on.
        sleep(Duration::from_millis(1)).await;
    }

    fn reads(&self) -> Vec<usize> {
        self.nodes.iter().map(|node| node.archive.reads()).collect()
    }
}

async fn come(hub: &Arc<Hub>, number: u128) -> Arc<Member> {
    let (person, connection) =
        (PersonId(Uuid::from_u128(number)), ConnectionId(Uuid::from_u128(number)));
    let member = member(person, connection, OutboxLimits::default());
    hub.connect(&member).unwrap();
    hub.join(CHANNEL, &member, None).await.unwrap();
    member
}

/// The numbers between which a push of messages leads.
fn numbers(frame: &Frame) -> (u64, u64) {
    let push: Value = serde_json::from_slice(frame.payload()).unwrap();
    assert_eq!(push["push"], "messages", "nobody has to start again: {push}");
    let number = |name: &str| push["data"][name].as_u64().unwrap();
    (number("after"), number("seq"))
}

#[tokio::test(start_paused = true)]
async fn what_falls_into_a_tick_is_told_in_one_frame_and_a_quiet_channel_tells_at_once() {
    let tick = Duration::from_millis(20);
    let tempo = Tempo { per_member: tick, longest: 3 * tick, ..Tempo::default() };
    let crowd = Crowd::gather(1, 3, HubLimits { tempo, ..HubLimits::default() }).await;
    let members = &crowd.members[0];
    let mut random = StdRng::seed_from_u64(2);
    crowd.say(0, &mut random).await;
    sleep(Duration::from_millis(1)).await;
    for member in members {
        assert_eq!(member.outbox.take().0.len(), 1, "at once");
    }
    for _ in 0..5 {
        crowd.say(0, &mut random).await;
    }
    sleep(Duration::from_millis(1)).await;
    assert!(members[0].outbox.take().0.is_empty(), "not before the tick is over");
    sleep(Duration::from_millis(61)).await;
    for member in members {
        let (frames, _) = member.outbox.take();
        assert_eq!(frames.len(), 1, "five together");
        assert_eq!(numbers(&frames[0]).1, crowd.log.lock().head);
    }
}

/// Everything is lost for a moment, again and again; the next message shows it.
#[tokio::test(start_paused = true)]
async fn a_gap_costs_one_read_on_each_node_that_has_it() {
    const GAPS: usize = 20;
    let crowd = Crowd::gather(NODES, 90, HubLimits::default()).await;
    let mut random = StdRng::seed_from_u64(3);
    crowd.say(0, &mut random).await;
    crowd.settle().await;
    assert_eq!(crowd.reads(), [0; NODES], "nothing was missing");
    for gap in 1..=GAPS {
        crowd.network.set_faults(Faults { lost: 1_000, ..Faults::default() });
        for _ in 0..random.random_range(1..4) {
            crowd.say(0, &mut random).await;
        }
        // It shows the gap to the node that says it and to the third.
        crowd.network.set_faults(Faults::default());
        crowd.say(2, &mut random).await;
        crowd.settle().await;
        assert_eq!(crowd.reads(), [0, gap, gap]);
    }
    for member in crowd.members.iter().flatten() {
        let (frames, close) = member.outbox.take();
        let ends = frames.iter().map(numbers);
        let reached = ends.fold(0, |reached, (after, seq)| {
            assert_eq!(after, reached);
            seq
        });
        assert_eq!((reached, close), (crowd.log.lock().head, None));
    }
}

/// What a member of a crowd has been told, and how long after it was said.
struct Told {
    reached: u64,
    latencies: Vec<Duration>,
}

/// One of a hundred messages between three nodes is lost, under 2,000 members and 50 messages a
/// second: nobody notices. For all five minutes set LOSSY_SECONDS=300.
#[tokio::test(start_paused = true)]
async fn one_percent_of_losses_bounces_nobody_and_delays_little() {
    let seconds = std::env::var("LOSSY_SECONDS").map_or(15, |text| text.parse().unwrap());
    let crowd = Crowd::gather(NODES, 2_000, HubLimits::default()).await;
    crowd.network.set_faults(Faults { lost: 10, ..Faults::default() });
    let mut random = StdRng::seed_from_u64(4);
    let mut told: Vec<Told> =
        (0..NODES).map(|_| Told { reached: 0, latencies: Vec::new() }).collect();
    let mut said = vec![(0, Instant::now())];
    let begin = Instant::now();
    for count in 0..seconds * 50 {
        let next = begin + Duration::from_millis(20) * count;
        while Instant::now() < next {
            sleep_until(next.min(Instant::now() + Duration::from_millis(4))).await;
            crowd.listen(&said, &mut told);
        }
        let seq = crowd.say(random.random_range(0..NODES), &mut random).await;
        said.push((seq, Instant::now()));
    }
    // The last may be among the lost. The heads that nodes tell each other show it.
    crowd.network.set_faults(Faults::default());
    crowd.say(0, &mut random).await;
    crowd.settle().await;
    crowd.listen(&said, &mut told);

    let head = crowd.log.lock().head;
    let mut latencies = Vec::new();
    for (node, told) in crowd.nodes.iter().zip(told) {
        assert_eq!(told.reached, head, "nothing is lost");
        assert_eq!(told.latencies.len(), said.len() - 1, "everything was told");
        latencies.extend(told.latencies);
        let (reads, missed) = (node.archive.reads() as u64, node.missed());
        assert!((1..=missed).contains(&reads), "{reads} reads for {missed} lost messages");
    }
    latencies.sort_unstable();
    let p99 = latencies[latencies.len() * 99 / 100];
    assert!(p99 < Duration::from_millis(300), "{p99:?}");
}

impl Crowd {
    /// Takes what has come for the members, which is the same for all of a node: time stands still
    /// while they are told.
    fn listen(&self, said: &[(u64, Instant)], told: &mut [Told]) {
        for (members, told) in self.members.iter().zip(told) {
            let (frames, _) = members[0].outbox.take();
            if frames.is_empty() {
                continue;
            }
            for member in &members[1..] {
                let (own, close) = member.outbox.take();
                assert_eq!(close, None, "nobody is bounced");
                let payloads = |frames: &[Frame]| -> Vec<*const u8> {
                    frames.iter().map(|frame| frame.payload().as_ptr()).collect()
                };
                assert_eq!(payloads(&own), payloads(&frames));
            }
            for (after, seq) in frames.iter().map(numbers) {
                assert_eq!(after, told.reached, "in order, without a gap");
                told.reached = seq;
                let known = said.partition_point(|(said, _)| *said <= after);
                let new = said[known..].iter().take_while(|(said, _)| *said <= seq);
                told.latencies.extend(new.map(|(_, at)| at.elapsed()));
            }
        }
    }
}
