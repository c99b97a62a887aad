//! The main thread's part of a run: phases, progress, the server's process, Ctrl-C.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use signal_hook::consts::SIGINT;
use signal_hook::flag::{register, register_conditional_shutdown};

use crate::board::Board;
use crate::clock::{Clock, Nanos, SECOND};
use crate::measure::process::{Usage, usage};
use crate::measure::series::Series;
use crate::progress::Progress;
use crate::result::{Run, Sample, ServerUse, Setup};
use crate::run::Plan;

/// How often the server and the progress are looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// How long all clients together may take beyond what the ramp says.
const PATIENCE: f64 = 60.0;

/// The main thread's part: phases, progress, the server's process.
pub(crate) struct Watch<'a> {
    plan: &'a Plan<'a>,
    board: &'a Board,
    clock: Clock,
    /// Somebody wants to see what was measured so far.
    interrupted: Arc<AtomicBool>,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(plan: &'a Plan<'a>, board: &'a Board, clock: Clock) -> anyhow::Result<Self> {
        Ok(Self { plan, board, clock, interrupted: interruption()? })
    }

    fn usage(&self) -> anyhow::Result<Usage> {
        self.plan.pids.iter().map(|pid| usage(*pid)).sum()
    }

    pub(crate) fn see<T>(&self, workers: &[ScopedJoinHandle<'_, T>]) -> anyhow::Result<Run> {
        let before = self.usage()?;
        let mut progress = Progress::new();
        let start = self.gather(workers, &mut progress)?;
        let connected = self.usage()?;
        self.board.start.store(start, Ordering::Relaxed);
        let load = &self.plan.options.load;
        let from = start + (load.warm_up * SECOND as f64) as Nanos;
        let to = from + (load.seconds() * SECOND as f64) as Nanos;
        self.wait(from, from, workers, &mut progress, "warming up")?;
        let (measured, began) = (self.usage()?, self.clock.now());
        let step = Series::new(from, to - from).step;
        let mut samples = Vec::new();
        let mut last = (measured, began);
        let mut next = from + step;
        while next <= to && self.board.end() == Nanos::MAX {
            self.wait(next, to, workers, &mut progress, "measuring")?;
            let (now, at) = (self.usage()?, self.clock.now());
            let cores = (now.cpu - last.0.cpu) as f64 / (at - last.1).max(1) as f64;
            let at_seconds = at.saturating_sub(from) as f64 / SECOND as f64;
            samples.push(Sample { at: at_seconds, cores, memory: now.memory });
            last = (now, at);
            next += step;
        }
        self.wait(to, to, workers, &mut progress, "measuring")?;
        let (end, ended) = (self.usage()?, self.clock.now());
        self.wait(Nanos::MAX, Nanos::MAX, workers, &mut progress, "waiting for the last")?;
        progress.clear();
        let early = self.plan.scenario.early(load.clients);
        // Where the scenario is the coming itself, that is what connections cost.
        let (first, last, came) = match load.clients.saturating_sub(early) {
            0 => (before, connected, load.clients),
            later => (measured, end, later),
        };
        let server = (!self.plan.pids.is_empty()).then_some(ServerUse {
            connecting: last.cpu - first.cpu,
            connected: came as u64,
            measured: end.cpu - measured.cpu,
            elapsed: ended - began,
            memory_before: first.memory,
            memory_connected: last.memory,
            memory_end: end.memory,
            samples,
        });
        let duration = to.min(self.board.end()).saturating_sub(from) as f64 / SECOND as f64;
        let setup = Setup { duration, ..Setup::default() };
        Ok(Run { server, setup, ..Run::default() })
    }

    /// Waits for everybody to be there; says when the scenario begins.
    fn gather<T>(
        &self,
        workers: &[ScopedJoinHandle<'_, T>],
        progress: &mut Progress,
    ) -> anyhow::Result<Nanos> {
        let options = self.plan.options;
        let part = options.generator.part;
        let early = self.plan.scenario.early(options.load.clients).min(options.load.clients);
        let own = (early + part.count - 1 - part.index) / part.count;
        let given = options.generator.start_at.map(|wall| self.clock.at_wall(wall));
        let seconds = options.load.clients as f64 / options.load.ramp + PATIENCE;
        let patience = self.clock.now() + (seconds * SECOND as f64) as Nanos;
        loop {
            let (ready, now) = (self.board.ready.load(Ordering::Relaxed), self.clock.now());
            progress.connecting(now, ready, own);
            if ready >= own {
                let start = given.unwrap_or(now + SECOND / 10);
                anyhow::ensure!(
                    start >= now,
                    "the others have begun before all of this part's clients were connected: give \
                     all parts a later --start-at"
                );
                return Ok(start);
            }
            let away = self.board.turned_away.load(Ordering::Relaxed);
            anyhow::ensure!(away == 0, "{away} of {own} clients were turned away");
            anyhow::ensure!(
                now < patience,
                "only {ready} of {own} clients got into their rooms within {seconds:.0} s; look at \
                 the server's log, or give a slower --ramp"
            );
            anyhow::ensure!(
                !workers.iter().any(ScopedJoinHandle::is_finished),
                "a worker has ended"
            );
            thread::sleep(GLANCE / 10);
        }
    }

    /// Waits until a moment, or until all workers are done; what is being done goes on to its end.
    fn wait<T>(
        &self,
        until: Nanos,
        end: Nanos,
        workers: &[ScopedJoinHandle<'_, T>],
        progress: &mut Progress,
        doing: &str,
    ) -> anyhow::Result<()> {
        loop {
            let now = self.clock.now();
            if now >= until || workers.iter().all(ScopedJoinHandle::is_finished) {
                return Ok(());
            }
            if self.interrupted.swap(false, Ordering::Relaxed) {
                anyhow::ensure!(
                    doing == "measuring",
                    "interrupted before there was anything to show"
                );
                self.board.end.store(now, Ordering::Relaxed);
                return Ok(());
            }
            progress.playing(now, doing, end, self.board);
            thread::sleep(Duration::from_nanos(until - now).min(GLANCE));
        }
    }
}

/// The first Ctrl-C ends the run early, the second the program.
fn interruption() -> anyhow::Result<Arc<AtomicBool>> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let seen = Arc::new(AtomicBool::new(false));
    register_conditional_shutdown(SIGINT, 130, Arc::clone(&seen))?;
    register(SIGINT, seen)?;
    register(SIGINT, Arc::clone(&interrupted))?;
    Ok(interrupted)
}
