//! A run from the first connection to the last delivery: starts the workers, watches the server's
//! process, shows progress, and puts together what was counted.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};
use std::time::Duration;

use anyhow::Context as _;
use signal_hook::consts::SIGINT;
use signal_hook::flag::{register, register_conditional_shutdown};

use crate::board::Board;
use crate::clock::{Clock, Nanos, SECOND, wall_seconds};
use crate::engine::{self, raise_file_limit, sources};
use crate::measure::account::Account;
use crate::measure::process::{Usage, usage};
use crate::measure::series::Series;
use crate::options::RunOptions;
use crate::progress::Progress;
use crate::protocol::{Identity, Protocol};
use crate::report::table::names;
use crate::result::{ONE_PART, Run, Sample, ServerUse, Setup};
use crate::scenario::Scenario;
use crate::worker::{Counted, Job, Times};

/// How often the server and the progress are looked at.
const GLANCE: Duration = Duration::from_millis(100);

/// How long all clients together may take beyond what the ramp says.
const PATIENCE: f64 = 60.0;

/// What is run.
pub(crate) struct Plan<'a> {
    pub(crate) name: &'a str,
    pub(crate) scenario: &'a dyn Scenario,
    pub(crate) options: &'a RunOptions,
    /// The server's address, as `http://HOST:PORT`.
    pub(crate) url: &'a str,
    pub(crate) pid: Option<u32>,
    pub(crate) protocol_name: &'a str,
    pub(crate) protocol: &'a dyn Fn() -> Box<dyn Protocol>,
    /// The secrets of the clients' sign-ins, by their number; none where nobody signs in.
    pub(crate) secrets: &'a [String],
}

/// Where a server is: what to connect to and what to call it.
pub(crate) fn target(url: &str) -> anyhow::Result<(SocketAddr, String)> {
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("ws://"));
    let host = host.with_context(|| {
        format!(
            "{url} does not begin with http://: the load tester speaks no TLS; give it the \
                 server's own address, behind the proxy"
        )
    })?;
    let host = host.split('/').next().unwrap_or(host).to_owned();
    let with_port = if host.contains(':') { host.clone() } else { format!("{host}:80") };
    let address =
        with_port.to_socket_addrs().with_context(|| format!("{url} is not known"))?.next();
    Ok((address.with_context(|| format!("{url} has no address"))?, host))
}

impl Plan<'_> {
    /// Runs it.
    ///
    /// # Errors
    /// When it cannot be run as asked; what a server does wrong is counted instead.
    pub(crate) fn run(&self) -> anyhow::Result<Run> {
        let options = self.options;
        let generator = &options.generator;
        let (target, host) = target(self.url)?;
        let part = generator.part;
        let own = options.load.clients.div_ceil(part.count);
        let file_limit = raise_file_limit(own)?;
        let sources = sources(&generator.source, target, own, part.index);
        let clock = if generator.several_machines { Clock::Wall } else { Clock::Machine };
        let board = Arc::new(Board::new(self.scenario.rooms()));
        let setup = self.setup(file_limit, sources.len());
        let engine = engine::Settings {
            target,
            host,
            sources,
            compress: options.load.compress,
            seed: generator.seed,
        };
        let jobs: Vec<Job<'_>> =
            (0..generator.threads).map(|thread| self.job(thread, &engine, &board, clock)).collect();
        let watch = Watch { plan: self, board: &board, clock, interrupted: interruption()? };
        thread::scope(|scope| {
            let workers: Vec<_> = jobs.into_iter().map(|job| scope.spawn(|| job.run())).collect();
            let watched = watch.see(&workers);
            board.stop.fetch_or(watched.is_err(), Ordering::Relaxed);
            let counted: Vec<_> = workers.into_iter().map(join).collect();
            let mut run = watched.with_context(|| why(&counted))?;
            run.setup = Setup { duration: run.setup.duration, ..setup };
            for counted in counted {
                add(&mut run, &counted?);
            }
            if part.count > 1 {
                run.notes.push(ONE_PART.to_owned());
            }
            Ok(run)
        })
    }

    fn job(
        &self,
        thread: usize,
        engine: &engine::Settings,
        board: &Arc<Board>,
        clock: Clock,
    ) -> Job<'_> {
        let (load, generator) = (&self.options.load, &self.options.generator);
        let part = generator.part;
        let (index, total) =
            (part.index * generator.threads + thread, part.count * generator.threads);
        let numbers = (index..load.clients).step_by(total);
        let identities =
            numbers.map(|number| Identity { number, secret: self.secrets.get(number).cloned() });
        let nanos = |seconds: f64| (seconds * SECOND as f64) as Nanos;
        let seed = generator.seed.wrapping_mul(1_000_003).wrapping_add(index as u64);
        Job {
            scenario: self.scenario,
            protocol: (self.protocol)(),
            engine: engine::Settings { seed, ..engine.clone() },
            identities: identities.collect(),
            clients: load.clients,
            index,
            total,
            board: Arc::clone(board),
            clock,
            times: Times {
                ramp: load.ramp,
                warm_up: nanos(load.warm_up),
                duration: nanos(load.seconds()),
                settle: nanos(load.settle),
            },
        }
    }

    fn setup(&self, file_limit: u64, sources: usize) -> Setup {
        let (load, generator) = (&self.options.load, &self.options.generator);
        Setup {
            scenario: self.name.to_owned(),
            protocol: self.protocol_name.to_owned(),
            target: self.url.to_owned(),
            began: wall_seconds(),
            clients: load.clients,
            rooms: self.scenario.rooms(),
            rate: load.rate,
            payload: load.payload,
            duration: load.seconds(),
            warm_up: load.warm_up,
            ramp: load.ramp,
            compress: load.compress,
            threads: generator.threads,
            parts: generator.part.count,
            file_limit,
            sources,
        }
    }
}

/// What the server has said to those who did not get in.
fn why(counted: &[anyhow::Result<Counted>]) -> String {
    let mut all = Account::default();
    counted.iter().flatten().for_each(|counted| all.add(&counted.account));
    let said = [names(&all.refused), names(&all.ended)].join(" ");
    match said.trim() {
        "" => "it did not come to a measurement".to_owned(),
        said => format!("the server refused or ended: {said}"),
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

fn join(worker: ScopedJoinHandle<'_, anyhow::Result<Counted>>) -> anyhow::Result<Counted> {
    worker.join().unwrap_or_else(|_| anyhow::bail!("a worker has panicked; this is a bug"))
}

fn add(run: &mut Run, counted: &Counted) {
    let elapsed = (run.setup.duration * SECOND as f64).max(1.0);
    run.account.add(&counted.account);
    run.series.add(&counted.series);
    run.find(&counted.findings);
    let generator = &mut run.generator;
    generator.busy += counted.busy;
    generator.elapsed = elapsed as Nanos;
    generator.busiest = generator.busiest.max(counted.busy as f64 / elapsed);
    generator.waited = generator.waited.max(counted.waited as f64 / elapsed);
}

/// The main thread's part: phases, progress, the server's process.
struct Watch<'a> {
    plan: &'a Plan<'a>,
    board: &'a Board,
    clock: Clock,
    /// Somebody wants to see what was measured so far.
    interrupted: Arc<AtomicBool>,
}

impl Watch<'_> {
    fn usage(&self) -> anyhow::Result<Usage> {
        self.plan.pid.map_or(Ok(Usage::default()), usage)
    }

    fn see<T>(&self, workers: &[ScopedJoinHandle<'_, T>]) -> anyhow::Result<Run> {
        let before = self.usage()?;
        let mut progress = Progress::new();
        let start = self.gather(workers, &mut progress)?;
        let connected = self.usage()?;
        self.board.start.store(start, Ordering::Relaxed);
        let load = &self.plan.options.load;
        let from = start + (load.warm_up * SECOND as f64) as Nanos;
        let to = from + (load.seconds() * SECOND as f64) as Nanos;
        self.wait(from, workers, &mut progress, "warming up")?;
        let (measured, began) = (self.usage()?, self.clock.now());
        let step = Series::new(from, to - from).step;
        let mut samples = Vec::new();
        let mut last = (measured, began);
        let mut next = from + step;
        while next <= to && self.board.end() == Nanos::MAX {
            self.wait(next, workers, &mut progress, "measuring")?;
            let (now, at) = (self.usage()?, self.clock.now());
            let cores = (now.cpu - last.0.cpu) as f64 / (at - last.1).max(1) as f64;
            let at_seconds = at.saturating_sub(from) as f64 / SECOND as f64;
            samples.push(Sample { at: at_seconds, cores, memory: now.memory });
            last = (now, at);
            next += step;
        }
        self.wait(to, workers, &mut progress, "measuring")?;
        let (end, ended) = (self.usage()?, self.clock.now());
        self.wait(Nanos::MAX, workers, &mut progress, "waiting for the last")?;
        progress.clear();
        let early = self.plan.scenario.early(load.clients);
        // Where the scenario is the coming itself, that is what connections cost.
        let (first, last, came) = match load.clients.saturating_sub(early) {
            0 => (before, connected, load.clients),
            later => (measured, end, later),
        };
        let server = self.plan.pid.map(|_| ServerUse {
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

    /// Waits until a moment, or until all workers are done.
    fn wait<T>(
        &self,
        until: Nanos,
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
            progress.playing(now, doing, until, self.board);
            thread::sleep(Duration::from_nanos(until - now).min(GLANCE));
        }
    }
}
