//! The shared parts of the hub, assembled once and handed to every capability.

use std::ops::Deref;
use std::sync::Arc;

use crate::bus::{Bus, Link, Redis, Servers, Subscriptions};
use crate::clock::Clock;
use crate::cluster::{self, Cluster};
use crate::config::Settings;
use crate::cpu_pool::CpuPool;
use crate::db::Db;
use crate::events::{Changes, EventSnapshot, Events};
use crate::hub::{Archive, Hub, HubLimits};
use crate::id::{InstallationId, LogId, NodeId};
use crate::identity::{self, Identity};
use crate::installation::{self, Installation, LogWatch};
use crate::lifecycle::Lifecycle;
use crate::mail::Mail;
use crate::metrics::Metrics;
use crate::random::Random;
use crate::tasks::Tasks;

/// The core of one node; cheap to clone.
#[derive(Clone, Debug)]
pub struct Core(Arc<Parts>);

/// What the core consists of.
#[derive(Debug)]
pub struct Parts {
    /// The settings it was started with.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// Randomness.
    pub random: Random,
    /// The database.
    pub db: Db,
    /// Which installation this is, and which log all numbers belong to.
    pub installation: Installation,
    /// The supervised tasks.
    pub tasks: Tasks,
    /// Where what keeps a core busy for long is done.
    pub cpu_pool: CpuPool,
    /// The state of the hub's stop.
    pub lifecycle: Lifecycle,
    /// The metrics.
    pub metrics: Metrics,
    /// The events and their snapshots.
    pub events: Arc<Events>,
    /// Publishes changes to events.
    pub changes: Changes,
    /// The channels, their members and presence.
    pub hub: Arc<Hub>,
    /// The bus to the other nodes.
    pub bus: Bus,
    /// The nodes of the cluster.
    pub cluster: Arc<Cluster>,
    /// Compares whether all nodes are configured with the same Redis servers.
    pub redis_lists: Arc<cluster::Lists>,
    /// Outgoing mail.
    pub mail: Arc<Mail>,
    /// Accounts, sign-ins and roles.
    pub identity: Arc<Identity>,
}

impl Deref for Core {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl AsRef<Identity> for Core {
    fn as_ref(&self) -> &Identity {
        &self.identity
    }
}

/// Creates the archive the hub reads channels from; provided by the capability that writes them.
pub type MakeArchive = fn(&Db, &Arc<Events>) -> Arc<dyn Archive>;

impl Core {
    /// Connects to the database, brings it up to date and puts the parts together. Without a
    /// `link` to the other nodes it uses the settings' one.
    ///
    /// # Errors
    /// When a setting cannot be used or the database cannot be reached.
    pub async fn open(
        settings: Settings,
        clock: Clock,
        random: Random,
        link: Option<Link>,
        archive: MakeArchive,
    ) -> anyhow::Result<Self> {
        let tasks = Tasks::default();
        let servers = Servers::parse(&settings.redis.urls, settings.redis.authority.as_deref())?;
        settings.storage.make_data_folder()?;
        // What is counted before would be lost.
        let metrics = Metrics::start();
        let db =
            Db::connect(&settings.storage.database_url(), settings.limits.database_connections)
                .await?;
        db.migrate().await?;
        let redis_list = servers.list();
        let clock = clock.even();
        installation::set_clock(&db, &clock).await?;
        let installation =
            Installation::open(&db, &settings.storage.log_mark(), &clock, &random).await?;
        let link = link.unwrap_or_else(|| {
            let probe = NodeId::new(clock.now(), &random);
            reach(servers, &installation, probe, &random, &tasks)
        });
        let base = Base { settings, clock, random, db, installation, metrics, tasks };
        Self::assemble(base, link, redis_list, archive)
    }

    /// A core without a database, for code that only describes the program. Call it within a
    /// runtime.
    ///
    /// # Errors
    /// When the default settings cannot be used.
    pub fn unconnected(archive: MakeArchive) -> anyhow::Result<Self> {
        let (clock, random) = (Clock::System, Random::System);
        let id = random.uuid(clock.now());
        let base = Base {
            settings: Settings::defaults()?,
            db: Db::unconnected()?,
            installation: Installation { id: InstallationId(id), log: LogId(id) },
            metrics: Metrics::start(),
            tasks: Tasks::default(),
            clock,
            random,
        };
        Self::assemble(base, Link::alone(), String::new(), archive)
    }

    /// The event of that slug, for a command.
    ///
    /// # Errors
    /// That there is none, or that the database does not answer.
    pub async fn event(&self, slug: &str) -> anyhow::Result<Arc<EventSnapshot>> {
        let event = self.events.by_slug(slug).await?;
        event.ok_or_else(|| {
            anyhow::anyhow!(
                "there is no event {slug:?} in {}",
                self.settings.storage.data.display()
            )
        })
    }

    /// What watches whether the log is still the same.
    pub fn log_watch(&self) -> LogWatch {
        LogWatch {
            log: self.installation.log,
            mark: self.settings.storage.log_mark(),
            db: self.db.clone(),
            clock: self.clock.clone(),
            random: self.random.clone(),
            lifecycle: self.lifecycle.clone(),
        }
    }

    fn assemble(
        base: Base,
        link: Link,
        redis_list: String,
        archive: MakeArchive,
    ) -> anyhow::Result<Self> {
        let Base { settings, clock, random, db, installation, metrics, tasks } = base;
        let events = Arc::new(Events::new(db.clone(), clock.clone()));
        let topics = Subscriptions::new(link.transport.clone());
        let interest = Arc::<Subscriptions>::clone(&topics);
        let limits = HubLimits::default();
        let hub = Hub::new(archive(&db, &events), interest, clock.clone(), limits);
        let node = NodeId::new(clock.now(), &random);
        let nodes = cluster::Nodes::new(&hub);
        let leases = Arc::<cluster::Nodes>::clone(&nodes);
        let bus = Bus::start(node, &hub, link, &topics, leases, &tasks);
        let lifecycle = Lifecycle::new(settings.stopping.drain(), tasks.stopping().clone());
        let cluster = Cluster::new(nodes, &hub, &bus, &lifecycle, &settings.addresses.public_url);
        let redis_lists = cluster::Lists::new(redis_list, &db, &bus, &clock);
        let mail = Mail::open(&settings, &db, &clock, &random)?;
        let changes = Changes {
            db: db.clone(),
            clock: clock.clone(),
            random: random.clone(),
            events: Arc::clone(&events),
            bus: bus.clone(),
        };
        let cpu_pool = CpuPool::of_machine();
        let identity = Identity::new(
            &identity::Base {
                db: &db,
                clock: &clock,
                random: &random,
                cpu_pool: &cpu_pool,
                events: &events,
                changes: &changes,
                hub: &hub,
                bus: &bus,
                mail: &mail,
                public_url: &settings.addresses.public_url,
                longest_sign_in: settings.sign_ins.longest(),
            },
            &tasks,
        );
        Ok(Self(Arc::new(Parts {
            settings,
            clock,
            random,
            db,
            installation,
            tasks,
            cpu_pool,
            lifecycle,
            metrics,
            events,
            changes,
            hub,
            bus,
            cluster,
            redis_lists,
            mail,
            identity,
        })))
    }
}

/// What the other parts are made from.
struct Base {
    settings: Settings,
    clock: Clock,
    random: Random,
    db: Db,
    installation: Installation,
    metrics: Metrics,
    tasks: Tasks,
}

/// The link to the other nodes over these servers. A hub also serves while Redis is unavailable.
fn reach(
    servers: Servers,
    installation: &Installation,
    probe: NodeId,
    random: &Random,
    tasks: &Tasks,
) -> Link {
    if servers.is_empty() {
        return Link::alone();
    }
    // Separates installations that share a Redis.
    let prefix = format!("plenary:{}", installation.id);
    Link::with(|inbox| Redis::start(servers, &prefix, probe, inbox, random, tasks))
}
