//! Handles the messages of a connection. It runs in the connection's reader, so it never blocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use redis::aio::{AsyncPushSender, SendError};
use redis::{PushInfo, PushKind, Value};
use tokio_util::sync::CancellationToken;

use super::line::Line;
use super::names::Names;
use crate::bus::inbox::Inbox;
use crate::bus::topic::Topic;

/// The health of a connection according to its messages.
#[derive(Debug, Default)]
pub(super) struct Heard {
    messages: AtomicU64,
    ended: CancellationToken,
}

impl Heard {
    /// How many messages so far, of any topic.
    pub(super) fn messages(&self) -> u64 {
        self.messages.load(Ordering::Relaxed)
    }

    /// Waits until the connection no longer receives everything.
    pub(super) async fn ended(&self) {
        self.ended.cancelled().await;
    }
}

/// Puts the messages of one connection into the node's inbox.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) heard: Arc<Heard>,
    pub(super) line: Arc<Line>,
    pub(super) names: Names,
    /// The topic of probes.
    pub(super) probe: Topic,
    pub(super) inbox: Inbox,
}

impl AsyncPushSender for Reader {
    fn send(&self, push: PushInfo) -> Result<(), SendError> {
        match push.kind {
            PushKind::Message | PushKind::SMessage => self.message(push.data),
            PushKind::Disconnection => self.heard.ended.cancel(),
            // Part of a cluster has moved to another server, with its messages.
            PushKind::SUnsubscribe if self.is_wanted(&push.data) => self.heard.ended.cancel(),
            _ => {}
        }
        Ok(())
    }
}

impl Reader {
    fn message(&self, data: Vec<Value>) {
        self.heard.messages.fetch_add(1, Ordering::Relaxed);
        let mut data = data.into_iter();
        let (Some(Value::BulkString(channel)), Some(Value::BulkString(text))) =
            (data.next(), data.next())
        else {
            return;
        };
        if let Some(topic) = self.names.topic(&channel)
            && topic != self.probe
            && let Ok(text) = String::from_utf8(text)
        {
            self.inbox.put(topic, text);
        }
    }

    fn is_wanted(&self, data: &[Value]) -> bool {
        let Some(Value::BulkString(channel)) = data.first() else { return false };
        self.names.topic(channel).is_some_and(|topic| self.line.wants(topic))
    }
}
