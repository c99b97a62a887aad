//! The handlers of other nodes' announcements, each registered by its capability: for one that
//! arrives, after a gap in which some may have been missed, and regularly, for changes that no
//! version covers.
//!
//! An announcement says what to read again, never the new state: one that is lost, duplicated or
//! late does no harm that the next read does not repair. An unregistered name belongs to a later
//! version; it is counted and ignored.
//!
//! A *gap* is any moment at which messages may have been missed: a reconnect, a full queue, too
//! many announcements at once, or one that could not be handled because the database did not
//! answer.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use serde_json::value::RawValue;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::Bus;
use super::announcement::{Announced, Announcement};
use super::wire::pass_over;
use crate::db::DbError;

/// The interval of polling what no version covers.
const INTERVAL: Duration = Duration::from_secs(3);
/// The minimum interval between full checks, as an unstable link causes many gaps. Also the
/// interval of retries while the database does not answer.
const REST: Duration = Duration::from_secs(1);

type Doing = BoxFuture<'static, Result<(), DbError>>;
type Handler<C> = Box<dyn Fn(C, &RawValue) -> Result<Doing, serde_json::Error> + Send + Sync>;
type Check<C> = Box<dyn Fn(C) -> Doing + Send + Sync>;

/// A node's handlers of others' announcements. `C` is their context.
pub struct Announcements<C> {
    handlers: BTreeMap<&'static str, Handler<C>>,
    after_gap: Vec<Check<C>>,
    meanwhile: Vec<Check<C>>,
}

impl<C> Default for Announcements<C> {
    fn default() -> Self {
        Self { handlers: BTreeMap::new(), after_gap: Vec::new(), meanwhile: Vec::new() }
    }
}

impl<C> fmt::Debug for Announcements<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.handlers.keys()).finish()
    }
}

impl<C: Clone + Send + Sync + 'static> Announcements<C> {
    /// Registers the handler of an announcement, which takes the same path as a change of this
    /// node. If it fails, the announcement counts as missed.
    pub fn handle<A, F, O>(&mut self, handler: F)
    where
        A: Announcement,
        F: Fn(C, A) -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), DbError>> + Send + 'static,
    {
        let handle: Handler<C> = Box::new(move |context, payload| {
            Ok(handler(context, serde_json::from_str(payload.get())?).boxed())
        });
        self.handlers.insert(A::NAME, handle);
    }

    /// Registers a handler of gaps, for everything that may have been missed. It is retried until
    /// it succeeds.
    pub fn after_gap<F, O>(&mut self, handler: F)
    where
        F: Fn(C) -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), DbError>> + Send + 'static,
    {
        self.after_gap.push(Box::new(move |context| handler(context).boxed()));
    }

    /// Registers a check that runs every three seconds while there is no gap.
    pub fn meanwhile<F, O>(&mut self, handler: F)
    where
        F: Fn(C) -> O + Send + Sync + 'static,
        O: Future<Output = Result<(), DbError>> + Send + 'static,
    {
        self.meanwhile.push(Box::new(move |context| handler(context).boxed()));
    }

    /// Handles the announcements and gaps of this bus, until `stop` is cancelled.
    pub async fn run(self, context: C, bus: Bus, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.listen(&context, &bus) => {}
            () = self.recheck_forever(&context, &bus) => {}
        }
    }

    async fn listen(&self, context: &C, bus: &Bus) {
        let mut heard = bus.announced();
        loop {
            match heard.recv().await {
                Ok(announced) => {
                    if let Err(error) = self.receive(context, &announced).await {
                        tracing::warn!(%error, "a change of another node could not be handled");
                        bus.missed();
                    }
                }
                Err(RecvError::Lagged(missed)) => {
                    tracing::warn!(missed, "changes of other nodes were missed");
                    bus.missed();
                }
                Err(RecvError::Closed) => return,
            }
        }
    }

    async fn receive(&self, context: &C, announced: &Announced) -> Result<(), DbError> {
        let Announced { name, payload } = announced;
        let Some(handle) = self.handlers.get(name.as_str()) else {
            pass_over(&"nothing is known of it", name);
            return Ok(());
        };
        match handle(context.clone(), payload) {
            Ok(doing) => doing.await,
            Err(error) => {
                pass_over(&error, name);
                Ok(())
            }
        }
    }

    async fn recheck_forever(&self, context: &C, bus: &Bus) {
        let mut gaps = bus.gaps();
        loop {
            tokio::select! {
                Ok(()) = gaps.changed() => {
                    while !all(&self.after_gap, context).await {
                        tokio::time::sleep(REST).await;
                    }
                    tokio::time::sleep(REST).await;
                }
                () = tokio::time::sleep(INTERVAL) => drop(all(&self.meanwhile, context).await),
            }
        }
    }
}

/// Runs all of these, even if some fail; true if all have succeeded.
async fn all<C: Clone>(looks: &[Check<C>], context: &C) -> bool {
    let mut succeeded = true;
    for look in looks {
        if let Err(error) = look(context.clone()).await {
            tracing::warn!(%error, "could not check what other nodes may have changed; retrying");
            succeeded = false;
        }
    }
    succeeded
}

#[cfg(test)]
mod tests {
    use parking_lot::Mutex;
    use serde::{Deserialize, Serialize};
    use std::sync::Arc;

    use super::*;

    type Noted = Mutex<Vec<u32>>;

    #[derive(Serialize, Deserialize)]
    struct Moved {
        to: u32,
    }

    impl Announcement for Moved {
        const NAME: &'static str = "moved";
    }

    fn failed() -> DbError {
        DbError::Value("the database is away".to_owned())
    }

    #[tokio::test]
    async fn what_is_registered_is_handled_and_all_else_passed_over() {
        let mut announcements = Announcements::default();
        announcements.handle(async |noted: Arc<Noted>, moved: Moved| {
            noted.lock().push(moved.to);
            if moved.to == 0 { Err(failed()) } else { Ok(()) }
        });
        let noted = Arc::<Noted>::default();
        for (text, succeeds) in [
            (r#"{"moved":{"to":7}}"#, true),
            (r#"{"moved":{"to":0}}"#, false),
            (r#"{"moved":"away"}"#, true),
            (r#"{"closed":{"to":7}}"#, true),
            (r#""closed""#, true),
        ] {
            let announced = serde_json::from_str(text).unwrap();
            assert_eq!(announcements.receive(&noted, &announced).await.is_ok(), succeeds, "{text}");
        }
        assert_eq!(*noted.lock(), [7, 0]);
    }

    #[tokio::test]
    async fn each_looks_again_although_another_has_failed() {
        let mut announcements = Announcements::default();
        announcements.after_gap(async |noted: Arc<Noted>| {
            noted.lock().push(1);
            if noted.lock().len() < 3 { Err(failed()) } else { Ok(()) }
        });
        announcements.after_gap(async |noted: Arc<Noted>| {
            noted.lock().push(2);
            Ok(())
        });
        let noted = Arc::<Noted>::default();
        assert!(!all(&announcements.after_gap, &noted).await);
        assert!(all(&announcements.after_gap, &noted).await);
        assert_eq!(*noted.lock(), [1, 2, 1, 2]);
    }
}
