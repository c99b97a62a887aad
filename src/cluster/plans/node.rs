//! A node in the plans: a hub, its bus, its transport, its archive.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use crate::bus::faulty::{Faulty, Network};
use crate::bus::{Bus, Delivery, Link, Subscriptions, Topic, Transport};
use crate::clock::{Clock, Timestamp};
use crate::cluster::{Nodes, keep_heads};
use crate::hub::plans::log::{Log, TestArchive};
use crate::hub::plans::{CHANNEL, EVENT};
use crate::hub::{Archive, Hub, HubLimits, Interest, Publication};
use crate::id::NodeId;
use crate::tasks::Tasks;

/// One of several.
pub(super) struct Node {
    pub(super) hub: Arc<Hub>,
    pub(super) transport: Arc<Faulty>,
    pub(super) archive: Arc<TestArchive>,
    pub(super) bus: Bus,
    pub(super) nodes: Arc<Nodes>,
    /// It stands still until a plan moves it.
    pub(super) clock: Clock,
    _heads: AbortOnDropHandle<()>,
}

impl Node {
    /// A node of this number in the network, which reads this log.
    pub(super) fn start(
        number: u128,
        network: &Network,
        log: &Arc<Mutex<Log>>,
        limits: HubLimits,
        delay: Duration,
    ) -> Self {
        let archive = TestArchive::new(log, delay);
        let mut transport = None;
        let link = Link::with(|inbox| {
            let joined = network.join(inbox);
            transport = Some(Arc::clone(&joined));
            joined as Arc<dyn Transport>
        });
        let topics = Subscriptions::new(link.transport.clone());
        let interest = Arc::clone(&topics) as Arc<dyn Interest>;
        let clock = Clock::manual(Timestamp(0));
        let own = Arc::clone(&archive) as Arc<dyn Archive>;
        let hub = Hub::new(own, interest, clock.clone(), limits);
        let nodes = Nodes::new(&hub);
        let node = NodeId(Uuid::from_u128(number));
        let leases = Arc::<Nodes>::clone(&nodes);
        let bus = Bus::start(node, &hub, link, &topics, leases, &Tasks::default());
        let heads = tokio::spawn(keep_heads(Arc::clone(&hub), bus.clone()));
        let transport = transport.expect("it was created");
        Self { hub, transport, archive, bus, nodes, clock, _heads: AbortOnDropHandle::new(heads) }
    }

    /// Rings for what was committed here.
    pub(super) async fn deliver(&self, publication: Publication) {
        self.bus.deliver(Delivery::Changes(EVENT, Arc::new(publication))).await;
    }

    /// How many changes the network did not bring here.
    pub(super) fn missed(&self) -> u64 {
        self.transport.missed(Topic::Channel(CHANNEL))
    }

    /// Whether the hub, if it has the channel at all, has told its members everything.
    pub(super) fn is_at(&self, head: u64) -> bool {
        let channel = self.hub.open_channel(CHANNEL);
        channel.is_none_or(|channel| channel.head() == head && !channel.has_news())
    }
}
