//! Keeps one server connected: connects, subscribes to everything, publishes, notices when the
//! connection is no longer usable, and starts over.

use std::sync::Arc;
use std::time::Duration;

use metrics::counter;
use redis::RedisError;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use super::address::Server;
use super::connect::Connection;
use super::line::{Change, Line};
use super::names::Names;
use super::reader::{Heard, Reader};
use super::state::States;
use crate::bus::counted::PUBLISHED;
use crate::bus::topic::Topic;
use crate::random::Random;

/// The interval of checks whether anything was received.
const LOOK: Duration = Duration::from_secs(1);
/// After this many checks without a message, a probe is published.
const QUIET: u32 = 3;
/// After this many, the probe should have arrived: the connection is up, but deaf.
const DEAF: u32 = 6;
/// The delay after the first failure, and its maximum; doubled after each.
const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);
/// A connection that lasted this long does not count as a failure.
const HOLDS: Duration = Duration::from_secs(5);

/// Why a connection is not usable.
#[derive(Debug, thiserror::Error)]
enum Away {
    #[error("{0}")]
    Refused(#[from] RedisError),
    #[error("the connection has ended")]
    Ended,
    #[error("the connection is up, but does not hear what is published")]
    Deaf,
}

/// All that belongs to one server.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) index: usize,
    pub(super) server: Server,
    pub(super) line: Arc<Line>,
    pub(super) names: Names,
    pub(super) probe: Topic,
    pub(super) states: Arc<States>,
    pub(super) random: Random,
}

impl Keeper {
    pub(super) async fn keep(self) {
        let (mut wait, mut told) = (SHORTEST, None);
        loop {
            let mut opened = None;
            let away = self.one_connection(&mut opened).await;
            self.line.close();
            self.states.lost(self.index);
            let name = &self.server.name;
            let why = away.to_string();
            if opened.is_some() || told.as_ref() != Some(&why) {
                tracing::warn!(redis = name, error = why, "other hubs are not heard; trying again");
            }
            told = Some(why);
            if opened.is_some_and(|at: Instant| at.elapsed() >= HOLDS) {
                wait = SHORTEST;
            }
            let jitter = self.random.below(wait.as_micros().try_into().unwrap_or(0)) / 2;
            sleep(wait / 2 + Duration::from_micros(jitter)).await;
            wait = LONGEST.min(2 * wait);
        }
    }

    /// Connects and uses the connection to its end.
    async fn one_connection(&self, opened: &mut Option<Instant>) -> Away {
        let heard = Arc::new(Heard::default());
        let reader = Reader {
            heard: Arc::clone(&heard),
            line: Arc::clone(&self.line),
            names: self.names.clone(),
            probe: self.probe,
            inbox: self.states.inbox.clone(),
        };
        let use_it = async {
            let connection = self.server.connect(reader).await?;
            let mut topics = self.line.open();
            topics.push(self.probe);
            connection.subscribe(&self.names, &topics).await?;
            *opened = Some(Instant::now());
            self.states.opened(self.index);
            tracing::info!(redis = self.server.name, topics = topics.len(), "other hubs are heard");
            self.use_connection(&connection, &heard).await
        };
        match use_it.await {
            Ok(never) => match never {},
            Err(away) => away,
        }
    }

    async fn use_connection(
        &self,
        connection: &Connection,
        heard: &Heard,
    ) -> Result<std::convert::Infallible, Away> {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut quiet, mut before) = (0, heard.messages());
        loop {
            tokio::select! {
                biased;
                () = heard.ended() => return Err(Away::Ended),
                _ = look.tick() => {
                    let messages = heard.messages();
                    quiet = if messages == before { quiet + 1 } else { 0 };
                    before = messages;
                    self.probe(connection, quiet).await?;
                }
                () = self.line.news() => self.work(connection).await?,
            }
        }
    }

    /// A connection may be up but receive nothing. Only silence reveals that, and silence may also
    /// mean that nothing was published.
    async fn probe(&self, connection: &Connection, quiet: u32) -> Result<(), Away> {
        match quiet {
            QUIET => {
                connection.publish(&self.names, &[(self.probe, "heard?".into())]).await?;
                connection.ping().await?;
            }
            DEAF.. => return Err(Away::Deaf),
            _ => {}
        }
        Ok(())
    }

    async fn work(&self, connection: &Connection) -> Result<(), Away> {
        while let Some(change) = self.line.next_change() {
            match change {
                Change::Subscribe(topics, waiting) => {
                    connection.subscribe(&self.names, &topics).await?;
                    drop(waiting);
                }
                Change::Unsubscribe(topics) => {
                    connection.unsubscribe(&self.names, &topics).await?;
                }
            }
        }
        let messages = self.line.next_messages();
        if !messages.is_empty() {
            connection.publish(&self.names, &messages).await?;
            counter!(PUBLISHED).increment(messages.len() as u64);
            self.line.sent();
        }
        Ok(())
    }
}
