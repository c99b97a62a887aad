//! Stopping in good order: readiness off, nothing new let in, whoever is connected sent away at
//! different moments and told when to come back, what was accepted committed.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::random::Random;

/// The exit status after a second signal: stopped before everything was in order.
const STOPPED_AT_ONCE: i32 = 1;

/// How far the hub is on its way out; cheap to clone, every part holds one.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    stopping: CancellationToken,
    connections: TaskTracker,
    drain: Duration,
}

/// How one connection is sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// How long it goes on as before.
    pub after: Duration,
    /// When it may come back, counted from its end.
    pub come_back_after: Duration,
}

impl Lifecycle {
    /// A hub that runs, and that will spread the good-byes over `drain` once it is told to stop.
    pub fn new(drain: Duration) -> Self {
        Self { stopping: CancellationToken::new(), connections: TaskTracker::new(), drain }
    }

    /// Begins the orderly stop. Doing so again changes nothing.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Whether the orderly stop has begun: nothing new is let in.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits until the orderly stop begins.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// Where every connection's task is registered, so that the stop waits for it.
    pub fn connections(&self) -> &TaskTracker {
        &self.connections
    }

    /// Waits until the stop has begun and every connection has said good-bye, a little longer than
    /// the drain at most. Answers how many were left then.
    pub async fn drained(&self) -> usize {
        self.stopping().await;
        self.connections.close();
        let limit = self.drain + Duration::from_secs(5);
        // A connection that does not end in time is cut when the process ends; what it was told
        // is committed already.
        let _ = tokio::time::timeout(limit, self.connections.wait()).await;
        self.connections.len()
    }

    /// A moment within the drain at which one connection is closed, and when it may come back: not
    /// before all are gone, and not all at once.
    pub fn farewell(&self, random: &Random) -> Farewell {
        let spread = u64::try_from(self.drain.as_millis()).unwrap_or(u64::MAX);
        let after = Duration::from_millis(random.below(spread));
        let jitter = Duration::from_millis(1_000 + random.below(spread.max(1_000)));
        Farewell { after, come_back_after: self.drain - after + jitter }
    }
}

/// Begins the orderly stop at the first SIGTERM or SIGINT; ends the process at the second.
///
/// # Errors
/// When the system does not let the process listen to its signals.
pub fn stop_on_signal(lifecycle: Lifecycle) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            }
        };
        let name = next().await;
        lifecycle.stop();
        tracing::info!(signal = name, "stopping in good order; a second signal stops at once");
        let name = next().await;
        tracing::warn!(signal = name, "stopping at once");
        std::process::exit(STOPPED_AT_ONCE);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAIN: Duration = Duration::from_secs(10);

    #[test]
    fn farewells_are_spread_and_nobody_comes_back_before_all_are_gone() {
        let lifecycle = Lifecycle::new(DRAIN);
        let random = Random::seeded(1);
        let farewells: Vec<Farewell> = (0..1_000).map(|_| lifecycle.farewell(&random)).collect();
        for farewell in &farewells {
            assert!(farewell.after < DRAIN);
            assert!(farewell.after + farewell.come_back_after > DRAIN);
        }
        for second in 0..10 {
            let there = |farewell: &&Farewell| farewell.after.as_secs() == second;
            assert!(farewells.iter().filter(there).count() > 50, "second {second}");
        }
    }

    #[test]
    fn without_a_drain_everyone_goes_now_and_comes_back_a_little_later() {
        let farewell = Lifecycle::new(Duration::ZERO).farewell(&Random::seeded(2));
        assert_eq!(farewell.after, Duration::ZERO);
        assert!((1_000..2_000).contains(&farewell.come_back_after.as_millis()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_stop_waits_for_connections_but_not_for_ever() {
        let lifecycle = Lifecycle::new(DRAIN);
        let inside = lifecycle.clone();
        lifecycle.connections().spawn(async move {
            inside.stopping().await;
            tokio::time::sleep(Duration::from_secs(3)).await;
        });
        let begin = tokio::time::Instant::now();
        lifecycle.stop();
        assert_eq!(lifecycle.drained().await, 0);
        assert_eq!(begin.elapsed().as_secs(), 3);

        let lifecycle = Lifecycle::new(DRAIN);
        lifecycle.connections().spawn(std::future::pending::<()>());
        lifecycle.stop();
        assert_eq!(lifecycle.drained().await, 1);
    }
}
