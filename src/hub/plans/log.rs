//! The log, as the database would have it, and the archive that every node reads it by.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use parking_lot::Mutex;
use rand::Rng as _;
use rand::rngs::StdRng;
use serde_json::json;
use serde_json::value::RawValue;
use tokio::time::sleep;

use super::CHANNEL;
use crate::hub::{Archive, ArchiveError, Item, Opened, Publication};
use crate::id::ChannelId;

/// The log, as the database would have it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pub(crate) head: u64,
    count: u64,
    pub(crate) items: BTreeMap<u64, Item>,
}

impl Log {
    /// Commits a few changes as one group.
    pub(crate) fn commit(&mut self, random: &mut StdRng) -> Publication {
        let after = self.head;
        let mut touched = BTreeMap::new();
        for _ in 0..random.random_range(1..=3) {
            self.head += 1;
            let seq = if self.items.is_empty() || random.random_bool(0.7) {
                self.count += 1;
                self.head
            } else {
                *self.items.keys().nth(random.random_range(0..self.items.len())).unwrap()
            };
            let json = json!({ "seq": seq, "changed": self.head, "text": random.random::<u32>() });
            let json = RawValue::from_string(json.to_string()).unwrap().into();
            let item = Item { seq, changed: self.head, kept: false, json };
            self.items.insert(seq, item.clone());
            touched.insert(seq, item);
        }
        let items = touched.into_values().collect();
        let (seq, count) = (self.head, self.count);
        Publication { channel: CHANNEL, after, seq, count, items, mentions: Vec::new() }
    }
}

/// The log as one hub's archive, counting how often it is read.
#[derive(Debug, Default)]
pub(crate) struct TestArchive {
    pub(crate) log: Arc<Mutex<Log>>,
    /// Whether it does not answer.
    pub(crate) failing: AtomicBool,
    /// How long an answer takes.
    delay: Duration,
    repairs: AtomicUsize,
}

impl TestArchive {
    /// An archive of this log whose answers take so long.
    pub(crate) fn new(log: &Arc<Mutex<Log>>, delay: Duration) -> Arc<Self> {
        Arc::new(Self { log: Arc::clone(log), delay, ..Self::default() })
    }

    /// How often it was asked for what came after a number.
    pub(crate) fn reads(&self) -> usize {
        self.repairs.load(Ordering::Relaxed)
    }

    async fn wait(&self) -> Result<(), ArchiveError> {
        if !self.delay.is_zero() {
            sleep(self.delay).await;
        }
        if self.failing.load(Ordering::Relaxed) {
            return Err(ArchiveError::Unavailable("for a while".to_owned()));
        }
        Ok(())
    }
}

impl Archive for TestArchive {
    fn open(&self, _: ChannelId, items: usize) -> BoxFuture<'_, Result<Opened, ArchiveError>> {
        async move {
            self.wait().await?;
            let log = self.log.lock();
            let mut recent: Vec<Item> = log.items.values().cloned().collect();
            recent.sort_unstable_by_key(|item| (item.changed, item.seq));
            let older = recent.len().saturating_sub(items);
            let (head, count) = (log.head, log.count);
            let items = recent.split_off(older);
            Ok(Opened { head, count, items, complete: older == 0, kept: Vec::new() })
        }
        .boxed()
    }

    fn after(
        &self,
        channel: ChannelId,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Option<Publication>, ArchiveError>> {
        async move {
            self.repairs.fetch_add(1, Ordering::Relaxed);
            self.wait().await?;
            let log = self.log.lock();
            let changed = log.items.values().filter(|item| item.changed > after);
            let items: Vec<Item> = changed.cloned().collect();
            if after > log.head || items.len() > most {
                return Ok(None);
            }
            let (seq, count) = (log.head, log.count);
            Ok(Some(Publication { channel, after, seq, count, items, mentions: Vec::new() }))
        }
        .boxed()
    }

    fn heads(
        &self,
        channels: Vec<ChannelId>,
    ) -> BoxFuture<'_, Result<Vec<(ChannelId, u64)>, ArchiveError>> {
        async move {
            self.wait().await?;
            let head = self.log.lock().head;
            Ok(channels.into_iter().map(|channel| (channel, head)).collect())
        }
        .boxed()
    }
}
