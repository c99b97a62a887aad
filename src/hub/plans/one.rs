//! One hub, at which whatever rings is played by hand.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};

use super::client::Client;
use super::log::TestArchive;
use super::{CHANNEL, Plan, play_plan, until};
use crate::clock::{Clock, Timestamp};
use crate::hub::{Archive, Channel, Hub, HubLimits, Publication, RecentLimits, SingleNode, Tempo};

const CLIENTS: usize = 4;
const STEPS: usize = 120;

struct OneHub {
    random: StdRng,
    archive: Arc<TestArchive>,
    hub: Arc<Hub>,
    ticks: bool,
    clients: Vec<Client>,
    /// What has been committed and has not rung yet.
    ringing: Vec<Arc<Publication>>,
}

impl OneHub {
    fn new_hub(archive: &Arc<TestArchive>, ticks: bool) -> Arc<Hub> {
        // Little memory, so that the archive is needed.
        let recent = RecentLimits { items: 12, bytes: 4_000, newest: 50 };
        let tick = Duration::from_millis(if ticks { 20 } else { 0 });
        let tempo = Tempo { per_member: tick, longest: 3 * tick, ..Tempo::default() };
        let limits = HubLimits { recent, tempo, ..HubLimits::default() };
        let clock = Clock::manual(Timestamp(0));
        Hub::new(Arc::clone(archive) as Arc<dyn Archive>, Arc::new(SingleNode), clock, limits)
    }

    /// The bus hands on what it has, faulty: some of it lost, doubled or late.
    async fn deliver(&mut self) {
        self.ringing.shuffle(&mut self.random);
        for publication in std::mem::take(&mut self.ringing) {
            match self.random.random_range(0..10) {
                0 => {}
                1 => self.ringing.push(publication),
                2 => {
                    self.hub.deliver(&publication).await;
                    self.hub.deliver(&publication).await;
                }
                _ => self.hub.deliver(&publication).await,
            }
        }
    }

    /// The hub loses all it had in memory.
    fn restart(&mut self) {
        for client in &mut self.clients {
            client.go(&self.hub);
        }
        self.ringing.clear();
        self.hub = Self::new_hub(&self.archive, self.ticks);
    }
}

impl Plan for OneHub {
    fn new(seed: u64) -> Self {
        let archive = Arc::new(TestArchive::default());
        let mut random = StdRng::seed_from_u64(seed);
        // A channel that tells everything at once, or one that gathers what falls into a tick.
        let ticks = random.random_bool(0.5);
        let hub = Self::new_hub(&archive, ticks);
        let clients = (0..CLIENTS).map(Client::new).collect();
        Self { random, archive, hub, ticks, clients, ringing: Vec::new() }
    }

    async fn step(&mut self) {
        let index = self.random.random_range(0..CLIENTS);
        match self.random.random_range(0..100) {
            0..40 => {
                let publication = self.archive.log.lock().commit(&mut self.random);
                self.ringing.push(Arc::new(publication));
            }
            40..65 => self.deliver().await,
            65..85 => self.clients[index].read(&self.hub).await,
            85..90 => self.clients[index].go(&self.hub),
            90..95 if self.clients[index].member.is_none() => {
                self.clients[index].come(&self.hub, &mut self.random).await;
            }
            95..97 => {
                let failing = self.random.random_bool(0.5);
                self.archive.failing.store(failing, Ordering::Relaxed);
            }
            97 => self.restart(),
            _ => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }

    /// The faults end, one more message is said, and everybody reads.
    async fn settle(&mut self) {
        self.archive.failing.store(false, Ordering::Relaxed);
        for index in 0..CLIENTS {
            if self.clients[index].member.is_none() {
                self.clients[index].come(&self.hub, &mut self.random).await;
            }
        }
        let last = self.archive.log.lock().commit(&mut self.random);
        self.hub.deliver(&Arc::new(last)).await;
        let head = self.archive.log.lock().head;
        let is_whole = |channel: Arc<Channel>| channel.head() >= head && !channel.has_news();
        until(|| self.hub.open_channel(CHANNEL).is_some_and(is_whole)).await;
        for client in &mut self.clients {
            client.read(&self.hub).await;
        }
    }

    fn check(&self, seed: u64) {
        let log = self.archive.log.lock();
        self.clients.iter().for_each(|client| client.check(&log, seed));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_each_client_applied_equals_a_fresh_snapshot(seed in any::<u64>()) {
        play_plan::<OneHub>(seed, STEPS);
    }
}
