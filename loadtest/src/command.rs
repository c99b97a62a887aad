//! From the command line to a run, and from the run to its reports.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command as Process, ExitCode, Stdio};

use anyhow::Context as _;
use clap::ValueEnum as _;

use crate::clock::{Nanos, SECOND};
use crate::options::{Command, Limits, OutputOptions, ProtocolName, RunOptions};
use crate::protocol::Protocol;
use crate::protocol::centrifugo::Centrifugo;
use crate::protocol::floor::Floor;
use crate::protocol::nats::Nats;
use crate::protocol::nchan::Nchan;
use crate::protocol::plenary::Plenary;
use crate::protocol::socketio::SocketIo;
use crate::report::json::{self, Document};
use crate::report::{html, limits, table};
use crate::result::Run;
use crate::run::Plan;
use crate::scenario::Scenario;
use crate::scenario::conference::Conference;
use crate::scenario::fanout::Fanout;
use crate::scenario::join::Join;
use crate::scenario::presence::Presence;
use crate::scenario::slow::Slow;
use crate::scenario::soak::Soak;
use crate::scenario::storm::Storm;
use crate::scenario::talk::Pace;
use crate::stage::Stage;

/// Seconds between two messages of one sender, so that no server's rules are broken.
const BETWEEN: f64 = 2.0;

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done as asked.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Fanout(run) => play("fanout", &fanout(&run), &run),
        Command::Conference { rooms, hour, mut run } => {
            let hour = nanos(hour).max(SECOND);
            let (clients, seed) = (run.load.clients, run.generator.seed);
            let day = Conference { clients, rooms, pace: pace(&run), hour, seed };
            run.load.duration.get_or_insert(hour as f64 / SECOND as f64 * 2.5);
            play("conference", &day, &run)
        }
        Command::Storm { spread, run } => {
            let (clients, pace) = (run.load.clients, pace(&run));
            play("storm", &Storm { clients, pace, spread: nanos(spread) }, &run)
        }
        Command::Join(mut run) => {
            let load = &mut run.load;
            let all_there = load.clients as f64 / load.ramp + 2.0;
            load.duration.get_or_insert(all_there);
            let (clients, bytes, ramp) = (load.clients, load.payload, load.ramp);
            load.rate = 0.0;
            play("join", &Join { clients, bytes, ramp }, &run)
        }
        Command::Presence { churn, mut run } => {
            // The last who went come back, and are told a moment later.
            run.load.settle = run.load.settle.max(45.0);
            run.load.rate = 0.0;
            play("presence", &Presence { clients: run.load.clients, churn }, &run)
        }
        Command::Slow { stalled, run } => {
            let (clients, pace) = (run.load.clients, pace(&run));
            play("slow", &Slow { clients, pace, percent: stalled }, &run)
        }
        Command::Soak { churn, mut run } => {
            run.load.duration.get_or_insert(3_600.0);
            let (clients, pace) = (run.load.clients, pace(&run));
            play("soak", &Soak { clients, pace, churn }, &run)
        }
        Command::Floor(run) => {
            let found = on_floor("floor", &fanout(&run), &run)?;
            report(found, None, &run.measurement.output, &run.limits)
        }
        Command::Prepare { url, clients, rooms, stage } => {
            anyhow::ensure!(stage.stage.is_some(), "say with --stage into which file");
            let ready = Stage::ready(&url, &stage, rooms, clients)?;
            println!(
                "{} people and {} rooms are ready.",
                ready.secrets.len(),
                ready.channels.len()
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Merge { parts, output, limits } => {
            let parts: Vec<_> =
                parts.iter().map(|path| Document::read(path)).collect::<Result<_, _>>()?;
            let (run, floor) = json::merge(parts)?;
            report(run, floor, &output, &limits)
        }
        Command::FloorServer { listen } => crate::floor::serve(listen).map(|()| ExitCode::SUCCESS),
    }
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
fn play(name: &str, scenario: &dyn Scenario, options: &RunOptions) -> anyhow::Result<ExitCode> {
    let measurement = &options.measurement;
    anyhow::ensure!(
        scenario.suits_the_floor()
            || !(measurement.floor || options.protocol == ProtocolName::Floor),
        "the floor has one room and remembers nothing: compare with it in fanout, join or slow"
    );
    let stage = match options.protocol {
        ProtocolName::Plenary => {
            let people = options.load.clients;
            Some(Stage::ready(&options.url, &options.stage, scenario.rooms_to_make(), people)?)
        }
        _ => None,
    };
    let floor = measurement.floor.then(|| on_floor(name, scenario, options)).transpose()?;
    let protocol = || -> Box<dyn Protocol> {
        match &stage {
            Some(stage) => Box::new(Plenary::new(&stage.event, &stage.cookie, &stage.channels)),
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
        options,
        url: &options.url,
        pid: measurement.pid,
        protocol_name: protocol_name.as_ref().map_or("", |name| name.get_name()),
        protocol: &protocol,
        secrets: stage.as_ref().map_or(&[], |stage| &stage.secrets),
    };
    let run = plan.run()?;
    report(run, floor, &measurement.output, &options.limits)
}

/// Shows what was found, writes it where it is wanted, and says whether the limits hold.
fn report(
    run: Run,
    floor: Option<Run>,
    output: &OutputOptions,
    limits: &Limits,
) -> anyhow::Result<ExitCode> {
    let broken = limits::broken(limits, &run, floor.as_ref());
    let document = Document::new(run, floor, broken);
    if let Some(floor) = &document.floor {
        print!("{}", table::text(floor, None));
    }
    println!("{}", table::text(&document.run, document.floor.as_ref()));
    if let Some(path) = &output.json {
        document.write(path)?;
    }
    if let Some(path) = &output.html {
        let page = html::page(&document);
        std::fs::write(path, page)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    for sentence in &document.broken {
        println!("Limit broken: {sentence}.");
    }
    Ok(if document.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Runs a scenario at the floor: this program itself as a server, in a process of its own.
fn on_floor(name: &str, scenario: &dyn Scenario, options: &RunOptions) -> anyhow::Result<Run> {
    let server = FloorServer::start()?;
    let plan = Plan {
        name,
        scenario,
        options,
        url: &server.url,
        pid: Some(server.process.id()),
        protocol_name: "floor",
        protocol: &|| Box::new(Floor),
        secrets: &[],
    };
    plan.run()
}

/// The floor's process; it ends with this.
struct FloorServer {
    process: Child,
    url: String,
}

impl FloorServer {
    fn start() -> anyhow::Result<Self> {
        let own = std::env::current_exe().context("this program cannot find itself")?;
        let mut process = Process::new(own)
            .arg("floor-server")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // Else Ctrl-C at the terminal would end it before its clients.
            .process_group(0)
            .spawn()
            .context("the floor cannot be started")?;
        let output = process.stdout.take().context("the floor has no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default();
        let url = format!("http://{address}");
        let server = Self { process, url };
        anyhow::ensure!(line.starts_with("floor listens on"), "the floor did not start");
        Ok(server)
    }
}

impl Drop for FloorServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
