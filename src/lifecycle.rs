//! The graceful stop: readiness off, nothing new accepted, connections closed spread over time and
//! told when to reconnect, accepted work committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::random::Random;
use crate::tasks::Tasks;

/// The exit status after a second signal: stopped before the graceful stop was complete.
const STOPPED_AT_ONCE: i32 = 1;

/// The state of the hub's stop; cheap to clone, every part holds one.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    stopping: CancellationToken,
    connections: TaskTracker,
    drain: Drain,
    others_serve: Arc<AtomicBool>,
}

/// How long the stop may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drain {
    /// How long connections stay open at first, so that load balancers notice the missing
    /// readiness.
    pub notice: Duration,
    /// Over how long connections are closed then.
    pub spread: Duration,
}

/// When one connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlannedClose {
    /// How long it stays open.
    pub after: Duration,
    /// How long it takes from then until all connections are closed.
    all_gone: Duration,
}

impl Lifecycle {
    /// A running hub that drains like this once `stopping` is cancelled, by whomever.
    pub fn new(drain: Drain, stopping: CancellationToken) -> Self {
        Self { stopping, connections: TaskTracker::new(), drain, others_serve: Arc::default() }
    }

    /// Sets whether other nodes serve that are not stopping: then clients may reconnect to them at
    /// once.
    pub fn set_others_serve(&self, others_serve: bool) {
        self.others_serve.store(others_serve, Ordering::Relaxed);
    }

    /// Begins the graceful stop. Idempotent.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Whether the graceful stop has begun: nothing new is accepted.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Waits until the graceful stop begins.
    pub async fn stopping(&self) {
        self.stopping.cancelled().await;
    }

    /// The tracker of all connections' tasks, for which the stop waits.
    pub fn connections(&self) -> &TaskTracker {
        &self.connections
    }

    /// Waits until the stop has begun and every connection has ended, at most a little longer than
    /// the drain. Returns how many were left then.
    pub async fn drained(&self) -> usize {
        self.stopping().await;
        self.connections.close();
        let limit = self.drain.notice + self.drain.spread + Duration::from_secs(5);
        // A connection that does not end in time is cut when the process ends; what it was
        // answered is committed already.
        let _ = tokio::time::timeout(limit, self.connections.wait()).await;
        self.connections.len()
    }

    /// When to close each of this many connections: evenly over the drain, so that they reach other
    /// nodes one after the other.
    pub fn planned_closes(&self, count: usize) -> Vec<PlannedClose> {
        let Drain { notice, spread } = self.drain;
        let step = spread / u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let planned = |number| {
            let within = step * number;
            PlannedClose { after: notice + within, all_gone: spread.saturating_sub(within) }
        };
        (0..).take(count).map(planned).collect()
    }

    /// After what delay the client of a connection closed now may reconnect. Ask only then: whether
    /// others serve can still change during the notice.
    pub fn reconnect_delay_after(&self, planned: PlannedClose, random: &Random) -> Duration {
        self.delay_until(planned.all_gone, random)
    }

    /// After what delay a client that is rejected now may reconnect.
    pub fn reconnect_delay(&self, random: &Random) -> Duration {
        self.delay_until(self.drain.notice + self.drain.spread, random)
    }

    /// Almost none if another node serves. Otherwise clients reconnect after all are gone, spread
    /// out.
    fn delay_until(&self, all_gone: Duration, random: &Random) -> Duration {
        if self.others_serve.load(Ordering::Relaxed) {
            return Duration::from_millis(100 + random.below(400));
        }
        let spread = u64::try_from(self.drain.spread.as_millis()).unwrap_or(u64::MAX);
        all_gone + Duration::from_millis(1_000 + random.below(spread.max(1_000)))
    }
}

/// Begins the graceful stop at the first SIGTERM or SIGINT; ends the process at the second.
///
/// # Errors
/// When the system does not let the process listen to its signals.
pub fn stop_on_signal(lifecycle: Lifecycle, tasks: &Tasks) -> std::io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tasks.spawn("signals", async move {
        let mut next = async || {
            tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            }
        };
        let name = next().await;
        lifecycle.stop();
        tracing::info!(signal = name, "stopping gracefully; a second signal stops at once");
        let name = next().await;
        tracing::warn!(signal = name, "stopping at once");
        std::process::exit(STOPPED_AT_ONCE);
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPREAD: Duration = Duration::from_secs(10);
    const DRAIN: Drain = Drain { notice: Duration::from_secs(5), spread: SPREAD };

    fn running(drain: Drain) -> Lifecycle {
        Lifecycle::new(drain, CancellationToken::new())
    }

    #[test]
    fn closes_are_spread_evenly_and_nobody_reconnects_before_all_are_gone() {
        let lifecycle = running(DRAIN);
        let (planned_closes, random) = (lifecycle.planned_closes(1_000), Random::seeded(1));
        for planned in &planned_closes {
            assert!((DRAIN.notice..DRAIN.notice + SPREAD).contains(&planned.after));
            let reconnect_delay = lifecycle.reconnect_delay_after(*planned, &random);
            assert!(planned.after + reconnect_delay > DRAIN.notice + SPREAD);
        }
        for second in 5..15 {
            let there = |planned: &&PlannedClose| planned.after.as_secs() == second;
            assert_eq!(planned_closes.iter().filter(there).count(), 100, "second {second}");
        }
        assert!(lifecycle.reconnect_delay(&Random::seeded(1)) > DRAIN.notice + SPREAD);
    }

    #[test]
    fn where_others_serve_everyone_reconnects_at_once() {
        let (lifecycle, random) = (running(DRAIN), Random::seeded(3));
        let planned_closes = lifecycle.planned_closes(1_000);
        let longest = || {
            let reconnect_delay =
                |planned: &PlannedClose| lifecycle.reconnect_delay_after(*planned, &random);
            planned_closes.iter().map(reconnect_delay).max().unwrap()
        };
        // Whether others serve may change after the stop has begun, both ways.
        lifecycle.set_others_serve(true);
        assert!(longest() < Duration::from_millis(500));
        assert!(lifecycle.reconnect_delay(&random) < Duration::from_millis(500));
        lifecycle.set_others_serve(false);
        assert!(longest() > SPREAD);
    }

    #[test]
    fn without_a_drain_everyone_leaves_now_and_reconnects_a_little_later() {
        let (lifecycle, random) = (running(Drain::default()), Random::seeded(2));
        for planned in lifecycle.planned_closes(3) {
            assert_eq!(planned.after, Duration::ZERO);
            let reconnect_delay = lifecycle.reconnect_delay_after(planned, &random);
            assert!((1_000..2_000).contains(&reconnect_delay.as_millis()));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_stop_waits_for_connections_but_not_for_ever() {
        let lifecycle = running(DRAIN);
        let inside = lifecycle.clone();
        lifecycle.connections().spawn(async move {
            inside.stopping().await;
            tokio::time::sleep(Duration::from_secs(3)).await;
        });
        let begin = tokio::time::Instant::now();
        lifecycle.stop();
        assert_eq!(lifecycle.drained().await, 0);
        assert_eq!(begin.elapsed().as_secs(), 3);

        let lifecycle = running(DRAIN);
        lifecycle.connections().spawn(std::future::pending::<()>());
        lifecycle.stop();
        assert_eq!(lifecycle.drained().await, 1);
    }
}
