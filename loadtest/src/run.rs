//! A run from the first connection to the last delivery: starts the workers, watches the server's
//! process, shows progress, and puts together what was counted.

use std::net::ToSocketAddrs as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, ScopedJoinHandle};

use anyhow::Context as _;

use crate::board::Board;
use crate::clock::{Clock, Nanos, SECOND, wall_seconds};
use crate::engine::{self, Target, raise_file_limit, sources};
use crate::measure::account::Account;
use crate::options::RunOptions;
use crate::protocol::{Identity, Protocol};
use crate::report::table::names;
use crate::result::{ONE_PART, Run, Setup};
use crate::scenario::Scenario;
use crate::watch::Watch;
use crate::worker::{Counted, Job, Times};

/// What is run.
pub(crate) struct Plan<'a> {
    pub(crate) name: &'a str,
    pub(crate) scenario: &'a dyn Scenario,
    pub(crate) options: &'a RunOptions,
    /// The server's address, as `http://HOST:PORT`, or those of its nodes with commas between.
    pub(crate) url: &'a str,
    pub(crate) pids: &'a [u32],
    pub(crate) protocol_name: &'a str,
    pub(crate) protocol: &'a dyn Fn() -> Box<dyn Protocol>,
    /// The secrets of the clients' sign-ins, by their number; none where nobody signs in.
    pub(crate) secrets: &'a [String],
}

/// The node that is asked for everything but sockets.
pub(crate) fn first_node(urls: &str) -> &str {
    urls.split(',').next().unwrap_or(urls)
}

/// Where a server is.
fn target(url: &str) -> anyhow::Result<Target> {
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
    let address = address.with_context(|| format!("{url} has no address"))?;
    Ok(Target { address, host })
}

impl Plan<'_> {
    /// Runs it.
    ///
    /// # Errors
    /// When it cannot be run as asked; what a server does wrong is counted instead.
    pub(crate) fn run(&self) -> anyhow::Result<Run> {
        let options = self.options;
        let generator = &options.generator;
        let targets: Vec<Target> = self.url.split(',').map(target).collect::<Result<_, _>>()?;
        let first = targets.first().context("--url names no server")?.address;
        let part = generator.part;
        let own = options.load.clients.div_ceil(part.count);
        let sockets = own + self.scenario.strangers();
        let file_limit = raise_file_limit(sockets)?;
        let second = Clock::Wall.now() / SECOND;
        let sources = sources(&generator.source, first, sockets, part.index, second);
        let clock = if generator.several_machines { Clock::Wall } else { Clock::Machine };
        let board = Arc::new(Board::new(self.scenario.rooms()));
        let setup = self.setup(file_limit, sources.len());
        let engine = engine::Settings {
            targets: targets.into(),
            sources,
            compress: options.load.compress,
            seed: generator.seed,
        };
        let jobs: Vec<Job<'_>> =
            (0..generator.threads).map(|thread| self.job(thread, &engine, &board, clock)).collect();
        let watch = Watch::new(self, &board, clock)?;
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
