//! Checks whether all hubs of a database have the same list of Redis servers. Hubs with different
//! lists may not be connected at all, so each records its list in the database. Until an operator
//! fixes that, they work as without Redis: messages of others are read from the database.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::bus::{Bus, Servers};
use crate::clock::{Clock, Timestamp};
use crate::db::{Backend, Db, DbError};
use crate::id::NodeId;

/// How often a hub records its list, and checks for others.
const INTERVAL: Duration = Duration::from_secs(10);
/// How often while there are others.
const APART: Duration = Duration::from_secs(2);
/// How long a record counts after its hub has ended, or got another list.
const COUNTS: Duration = Duration::from_secs(30);
/// The prefix of the names of these records among the other leases.
const MARK: &str = "redis: ";

/// This node's list, and the differing ones of others.
#[derive(Debug)]
pub struct Lists {
    own: String,
    db: Db,
    bus: Bus,
    clock: Clock,
    disagreements: Mutex<Vec<String>>,
}

impl Lists {
    /// A node with this list, see [`Servers::list`].
    pub fn new(own: String, db: &Db, bus: &Bus, clock: &Clock) -> Arc<Self> {
        let (db, bus, clock) = (db.clone(), bus.clone(), clock.clone());
        Arc::new(Self { own, db, bus, clock, disagreements: Mutex::default() })
    }

    /// The result of the last comparison, a sentence for each list that differs.
    pub fn disagreements(&self) -> Vec<String> {
        self.disagreements.lock().clone()
    }

    /// Records and compares until `stop` is cancelled. A SQLite file has only one hub.
    pub async fn compare(self: Arc<Self>, stop: CancellationToken) {
        if self.db.backend() == Backend::Sqlite {
            return;
        }
        let mut wait = Duration::ZERO;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(wait) => wait = INTERVAL,
            }
            match self.look().await {
                Ok(()) if self.disagreements.lock().is_empty() => {}
                Ok(()) => {
                    self.bus.missed();
                    wait = APART;
                }
                // Others report that the database is unavailable.
                Err(error) => tracing::debug!(%error, "lists of Redis servers were not compared"),
            }
        }
    }

    async fn look(&self) -> Result<(), DbError> {
        let now = self.clock.now();
        note(&self.db, &self.own, self.bus.node(), now).await?;
        let found = sentences(&self.own, &others(&self.db, &self.own, now).await?);
        let mut known = self.disagreements.lock();
        for sentence in found.iter().filter(|sentence| !known.contains(sentence)) {
            tracing::warn!("{sentence}");
        }
        *known = found;
        Ok(())
    }
}

/// The lists of other hubs of this database that differ from this one, a sentence each.
///
/// # Errors
/// When the database refuses, or is not set up yet.
pub async fn disagreements(
    db: &Db,
    servers: &Servers,
    now: Timestamp,
) -> Result<Vec<String>, DbError> {
    let own = servers.list();
    Ok(sentences(&own, &others(db, &own, now).await?))
}

fn sentences(own: &str, others: &[String]) -> Vec<String> {
    let written = |list: &str| if list.is_empty() { "none" } else { list }.to_owned();
    let sentence = |other: &String| {
        format!(
            "Another hub of this database has another --redis: {}, here {}. They hear each other \
             only by the database, seconds late: give all hubs the same list.",
            written(other),
            written(own),
        )
    };
    others.iter().map(sentence).collect()
}

/// Whether hubs with these different lists are disconnected. If both have a single server, it may
/// be the same one under two names.
fn is_apart(one: &str, other: &str) -> bool {
    [one, other].iter().any(|list| list.is_empty() || list.contains(", "))
}

/// Records this list, and deletes expired records.
async fn note(db: &Db, list: &str, node: NodeId, now: Timestamp) -> Result<(), DbError> {
    db.forget_leases(MARK, now).await?;
    db.note_lease(&format!("{MARK}{list}"), node, now.after(COUNTS)).await
}

/// The lists that count and are not this one.
async fn others(db: &Db, own: &str, now: Timestamp) -> Result<Vec<String>, DbError> {
    let mut lists = Vec::new();
    for name in db.leases(MARK, now).await? {
        let list = name.strip_prefix(MARK).unwrap_or_default();
        if list != own && is_apart(own, list) {
            lists.push(list.to_owned());
        }
    }
    lists.sort();
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_may_have_two_names() {
        assert!(!is_apart("10.0.0.5:6379", "redis.internal:6379"));
        assert!(!is_apart("a:1,b:1/main", "b:1,a:1/main"), "Sentinels of one master");
        assert!(is_apart("a:1", "") && is_apart("a:1", "a:1, b:1"));
    }

    #[test]
    fn a_hub_without_redis_is_named_as_such() {
        let said = sentences("a:6379, b:6379", &[String::new()]);
        assert!(said.len() == 1 && said[0].contains("none, here a:6379, b:6379."), "{said:?}");
    }
}
