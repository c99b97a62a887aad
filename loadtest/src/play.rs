//! From the words of a scenario's command to what was found.

use std::sync::Arc;

use anyhow::Context as _;
use clap::ValueEnum as _;

use crate::clock::{Nanos, SECOND};
use crate::floor::FloorServer;
use crate::options::{HostileOptions, Play, ProtocolName, RunOptions};
use crate::protocol::Protocol;
use crate::protocol::centrifugo::Centrifugo;
use crate::protocol::floor::Floor;
use crate::protocol::nats::Nats;
use crate::protocol::nchan::Nchan;
use crate::protocol::plenary::Plenary;
use crate::protocol::socketio::SocketIo;
use crate::result::Run;
use crate::run::{Plan, first_node};
use crate::scenario::Scenario;
use crate::scenario::change::Change;
use crate::scenario::conference::Conference;
use crate::scenario::fanout::Fanout;
use crate::scenario::hostile::{Hostile, PARTS};
use crate::scenario::join::Join;
use crate::scenario::presence::Presence;
use crate::scenario::publish::Publish;
use crate::scenario::slow::Slow;
use crate::scenario::soak::Soak;
use crate::scenario::storm::Storm;
use crate::scenario::talk::Pace;
use crate::scenario::totals::Totals;
use crate::stage::Stage;

/// Seconds between two messages of one sender, so that no server's rules are broken.
const BETWEEN: f64 = 2.0;

/// What was found, and what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Played {
    pub(crate) run: Run,
    /// The same at the floor, where that was asked for.
    pub(crate) floor: Option<Run>,
    pub(crate) options: RunOptions,
}

/// Plays a scenario.
///
/// # Errors
/// When it cannot be played as asked; what a server does wrong is counted instead.
pub(crate) fn play(scenario: Play) -> anyhow::Result<Played> {
    match scenario {
        Play::Fanout(run) => at("fanout", &fanout(&run), run),
        Play::Conference { rooms, hour, mut run } => {
            let hour = nanos(hour).max(SECOND);
            let (clients, seed) = (run.load.clients, run.generator.seed);
            let day = Conference { clients, rooms, pace: pace(&run), hour, seed };
            run.load.duration.get_or_insert(hour as f64 / SECOND as f64 * 2.5);
            at("conference", &day, run)
        }
        Play::Storm { spread, run } => {
            let (clients, pace) = (run.load.clients, pace(&run));
            at("storm", &Storm { clients, pace, spread: nanos(spread) }, run)
        }
        Play::Join(mut run) => {
            let load = &mut run.load;
            let all_there = load.clients as f64 / load.ramp + 2.0;
            load.duration.get_or_insert(all_there);
            let (clients, bytes, ramp) = (load.clients, load.payload, load.ramp);
            load.rate = 0.0;
            at("join", &Join { clients, bytes, ramp }, run)
        }
        Play::Idle(mut run) => {
            run.load.rate = 0.0;
            at("idle", &fanout(&run), run)
        }
        Play::Publish { rooms, run } => {
            let (clients, rate, bytes) = (run.load.clients, run.load.rate, run.load.payload);
            at("publish", &Publish { clients, rooms, rate, bytes }, run)
        }
        Play::Presence { churn, mut run } => {
            // The last who went come back, and are told a moment later.
            run.load.settle = run.load.settle.max(45.0);
            run.load.rate = 0.0;
            at("presence", &Presence { clients: run.load.clients, churn }, run)
        }
        Play::Change(run) => change(run),
        Play::Totals { every, run } => totals(every, run),
        Play::Slow { stalled, run } => {
            let (clients, pace) = (run.load.clients, pace(&run));
            at("slow", &Slow { clients, pace, percent: stalled }, run)
        }
        Play::Hostile(options) => {
            let HostileOptions { crowd, flood, slow_heads, half_open, mut run } = options;
            let (listeners, pace) = (run.load.clients, pace(&run));
            run.load.clients += crowd;
            let parts = PARTS.len() as f64;
            run.load.duration = Some((run.load.seconds() / parts).ceil().max(1.0) * parts);
            at("hostile", &Hostile { listeners, crowd, pace, flood, slow_heads, half_open }, run)
        }
        Play::Soak { churn, mut run } => {
            run.load.duration.get_or_insert(3_600.0);
            let (clients, pace) = (run.load.clients, pace(&run));
            at("soak", &Soak { clients, pace, churn }, run)
        }
        Play::Floor(run) => {
            let found = at_floor("floor", &fanout(&run), &run)?;
            Ok(Played { run: found, floor: None, options: run })
        }
    }
}

/// Within how many seconds so many clients are told to read what has changed, at least and at most.
const TOLD: (f64, f64) = (0.25, 15.0);

/// How long it is measured before and after the reads, together.
const AROUND: f64 = 10.0;

fn change(mut run: RunOptions) -> anyhow::Result<Played> {
    // A millisecond for each.
    let told = (run.load.clients as f64 / 1_000.0).clamp(TOLD.0, TOLD.1);
    let seconds = *run.load.duration.get_or_insert(told + AROUND);
    anyhow::ensure!(
        seconds >= told + 1.0,
        "--duration is too short: {} clients may take {told} s to read, and a second more is needed",
        run.load.clients
    );
    let stage = at_plenary(&run)?;
    let change = Change {
        clients: run.load.clients,
        pace: pace(&run),
        lead: nanos((seconds - told) / 2.0),
        seed: run.generator.seed,
        stage: Arc::new(stage.clone()),
        urls: nodes(&run.url),
    };
    at_stage("change", &change, Some(stage), run)
}

/// How often the nodes are given numbers, without `--duration`.
const TIMES: f64 = 3.0;

fn totals(every: f64, mut run: RunOptions) -> anyhow::Result<Played> {
    let seconds = *run.load.duration.get_or_insert(TIMES * every);
    anyhow::ensure!(seconds >= every, "--duration is shorter than --every: nothing is counted");
    run.load.rate = 0.0;
    let stage = at_plenary(&run)?;
    let totals = Totals {
        clients: run.load.clients,
        every: nanos(every),
        stage: Arc::new(stage.clone()),
        urls: nodes(&run.url),
    };
    at_stage("totals", &totals, Some(stage), run)
}

/// The stage of a scenario with one room that also asks over REST.
fn at_plenary(run: &RunOptions) -> anyhow::Result<Stage> {
    run.check()?;
    suits_the_floor(false, run)?;
    let stage = stage(1, run)?;
    stage.context("only Plenary can do this: leave --protocol out")
}

fn nodes(urls: &str) -> Vec<String> {
    urls.split(',').map(str::to_owned).collect()
}

fn nanos(seconds: f64) -> Nanos {
    (seconds * SECOND as f64) as Nanos
}

fn pace(options: &RunOptions) -> Pace {
    let load = &options.load;
    let senders = load.senders.unwrap_or((load.rate * BETWEEN).ceil() as usize);
    Pace { rate: load.rate, senders: senders.clamp(1, load.clients), bytes: load.payload }
}

fn fanout(options: &RunOptions) -> Fanout {
    Fanout { clients: options.load.clients, pace: pace(options) }
}

/// Plays a scenario at the server of the options, and before that at the floor if that is wanted.
fn at(name: &str, scenario: &dyn Scenario, options: RunOptions) -> anyhow::Result<Played> {
    options.check()?;
    suits_the_floor(scenario.suits_the_floor(), &options)?;
    let stage = stage(scenario.rooms_to_make(), &options)?;
    at_stage(name, scenario, stage, options)
}

/// Refuses the floor where a scenario cannot be played at it.
fn suits_the_floor(suits: bool, options: &RunOptions) -> anyhow::Result<()> {
    anyhow::ensure!(
        suits || !(options.measurement.floor || options.protocol == ProtocolName::Floor),
        "the floor has one room and remembers nothing: compare with it in fanout, idle, join or slow"
    );
    Ok(())
}

/// The event at Plenary where it takes place; none at other servers.
fn stage(rooms: usize, options: &RunOptions) -> anyhow::Result<Option<Stage>> {
    let stage = || {
        let (url, people) = (first_node(&options.url), options.load.clients);
        Stage::ready(url, &options.stage, rooms, people)
    };
    (options.protocol == ProtocolName::Plenary).then(stage).transpose()
}

/// The same where everything is ready.
fn at_stage(
    name: &str,
    scenario: &dyn Scenario,
    stage: Option<Stage>,
    options: RunOptions,
) -> anyhow::Result<Played> {
    let measurement = &options.measurement;
    let rooms = scenario.rooms_to_make();
    let floor = measurement.floor.then(|| at_floor(name, scenario, &options)).transpose()?;
    let protocol = || -> Box<dyn Protocol> {
        match &stage {
            Some(stage) => {
                let channels = &stage.channels[..rooms.min(stage.channels.len())];
                Box::new(Plenary::new(&stage.event, &stage.cookie, channels))
            }
            None => match options.protocol {
                ProtocolName::Centrifugo => Box::new(Centrifugo::default()),
                ProtocolName::Socketio => Box::new(SocketIo),
                ProtocolName::Nchan => Box::new(Nchan),
                ProtocolName::Nats => Box::new(Nats),
                ProtocolName::Floor | ProtocolName::Plenary => Box::new(Floor),
            },
        }
    };
    let protocol_name = options.protocol.to_possible_value();
    let plan = Plan {
        name,
        scenario,
        options: &options,
        url: &options.url,
        pids: &measurement.pid,
        protocol_name: protocol_name.as_ref().map_or("", |name| name.get_name()),
        protocol: &protocol,
        secrets: stage.as_ref().map_or(&[], |stage| &stage.secrets),
    };
    let run = plan.run()?;
    Ok(Played { run, floor, options })
}

/// Plays a scenario at the floor: this program itself as a server, in a process of its own.
fn at_floor(name: &str, scenario: &dyn Scenario, options: &RunOptions) -> anyhow::Result<Run> {
    let server = FloorServer::start()?;
    let plan = Plan {
        name,
        scenario,
        options,
        url: &server.url,
        pids: &[server.process.id()],
        protocol_name: "floor",
        protocol: &|| Box::new(Floor),
        secrets: &[],
    };
    plan.run()
}
