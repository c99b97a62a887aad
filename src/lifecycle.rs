//! Stopping in good order: readiness off, nothing new let in, whoever is connected sent away at
//! different moments and told when to come back, what was accepted committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::random::Random;
use crate::tasks::Tasks;

/// The exit status after a second signal: stopped before everything was in order.
const STOPPED_AT_ONCE: i32 = 1;

/// How far the hub is on its way out; cheap to clone, every part holds one.
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
    /// How long nobody is sent away, so that load balancers notice that nothing new is let in.
    pub notice: Duration,
    /// Over how long everybody is sent away then.
    pub spread: Duration,
}

/// How one connection is sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// How long it goes on as before.
    pub after: Duration,
    /// How long it takes from then until all are gone.
    all_gone: Duration,
}

impl Lifecycle {
    /// A hub that runs, and that will spread the good-byes like this once it is told to stop,
    /// which is when the token is cancelled, whoever does that.
    pub fn new(drain: Drain, stopping: CancellationToken) -> Self {
        Self { stopping, connections: TaskTracker::new(), drain, others_serve: Arc::default() }
    }

    /// Whether other nodes serve that are not stopping: then whoever is sent away may come back at
    /// once, to one of them.
    pub fn set_others_serve(&self, others_serve: bool) {
        self.others_serve.store(others_serve, Ordering::Relaxed);
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
        let limit = self.drain.notice + self.drain.spread + Duration::from_secs(5);
        // A connection that does not end in time is cut when the process ends; what it was told
        // is committed already.
        let _ = tokio::time::timeout(limit, self.connections.wait()).await;
        self.connections.len()
    }

    /// When each of so many connections is closed: evenly over the drain, so that other nodes get
    /// them one after the other.
    pub fn farewells(&self, count: usize) -> Vec<Farewell> {
        let Drain { notice, spread } = self.drain;
        let step = spread / u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let farewell = |number| {
            let within = step * number;
            Farewell { after: notice + within, all_gone: spread.saturating_sub(within) }
        };
        (0..).take(count).map(farewell).collect()
    }

    /// When somebody may come back who is sent away now, counted from their end. Not to be asked
    /// before: whether others serve is found out, and changes, also during the notice.
    pub fn come_back_from(&self, farewell: Farewell, random: &Random) -> Duration {
        self.come_back_after(farewell.all_gone, random)
    }

    /// When somebody may come back who is turned away now.
    pub fn come_back(&self, random: &Random) -> Duration {
        self.come_back_after(self.drain.notice + self.drain.spread, random)
    }

    /// To another node at once. Without one not before all are gone, which takes so long from then,
    /// and not all at once.
    fn come_back_after(&self, all_gone: Duration, random: &Random) -> Duration {
        if self.others_serve.load(Ordering::Relaxed) {
            return Duration::from_millis(100 + random.below(400));
        }
        let spread = u64::try_from(self.drain.spread.as_millis()).unwrap_or(u64::MAX);
        all_gone + Duration::from_millis(1_000 + random.below(spread.max(1_000)))
    }
}

/// Begins the orderly stop at the first SIGTERM or SIGINT; ends the process at the second.
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

    const SPREAD: Duration = Duration::from_secs(10);
    const DRAIN: Drain = Drain { notice: Duration::from_secs(5), spread: SPREAD };

    fn running(drain: Drain) -> Lifecycle {
        Lifecycle::new(drain, CancellationToken::new())
    }

    #[test]
    fn farewells_are_spread_evenly_and_nobody_comes_back_before_all_are_gone() {
        let lifecycle = running(DRAIN);
        let (farewells, random) = (lifecycle.farewells(1_000), Random::seeded(1));
        for farewell in &farewells {
            assert!((DRAIN.notice..DRAIN.notice + SPREAD).contains(&farewell.after));
            let come_back = lifecycle.come_back_from(*farewell, &random);
            assert!(farewell.after + come_back > DRAIN.notice + SPREAD);
        }
        for second in 5..15 {
            let there = |farewell: &&Farewell| farewell.after.as_secs() == second;
            assert_eq!(farewells.iter().filter(there).count(), 100, "second {second}");
        }
        assert!(lifecycle.come_back(&Random::seeded(1)) > DRAIN.notice + SPREAD);
    }

    #[test]
    fn where_others_serve_everybody_comes_back_at_once() {
        let (lifecycle, random) = (running(DRAIN), Random::seeded(3));
        let farewells = lifecycle.farewells(1_000);
        let longest = || {
            let come_back = |farewell: &Farewell| lifecycle.come_back_from(*farewell, &random);
            farewells.iter().map(come_back).max().unwrap()
        };
        // That the others are there may be found out after the stop has begun, and that they are not.
        lifecycle.set_others_serve(true);
        assert!(longest() < Duration::from_millis(500));
        assert!(lifecycle.come_back(&random) < Duration::from_millis(500));
        lifecycle.set_others_serve(false);
        assert!(longest() > SPREAD);
    }

    #[test]
    fn without_a_drain_everyone_goes_now_and_comes_back_a_little_later() {
        let (lifecycle, random) = (running(Drain::default()), Random::seeded(2));
        for farewell in lifecycle.farewells(3) {
            assert_eq!(farewell.after, Duration::ZERO);
            let come_back = lifecycle.come_back_from(farewell, &random);
            assert!((1_000..2_000).contains(&come_back.as_millis()));
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
