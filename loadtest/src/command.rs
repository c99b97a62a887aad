//! From the command line to a run, and from the run to its reports.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command as Process, ExitCode, Stdio};

use anyhow::Context as _;

use crate::options::{Command, ProtocolName, RunOptions};
use crate::protocol::Protocol;
use crate::protocol::floor::Floor;
use crate::report::{limits, table};
use crate::result::Run;
use crate::run::Plan;
use crate::scenario::Scenario;
use crate::scenario::fanout::Fanout;
use crate::scenario::talk::Pace;

/// Seconds between two messages of one sender, so that no server's rules are broken.
const BETWEEN: f64 = 2.0;

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done as asked.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Fanout(options) => play("fanout", &fanout(&options), &options),
        Command::Floor(options) => {
            let run = on_floor("floor", &fanout(&options), &options)?;
            report(&run, None, &options)
        }
        Command::FloorServer { listen } => crate::floor::serve(listen).map(|()| ExitCode::SUCCESS),
    }
}

fn pace(options: &RunOptions) -> Pace {
    let load = &options.load;
    let senders = load.senders.unwrap_or((load.rate * BETWEEN).ceil() as usize);
    Pace { rate: load.rate, senders: senders.clamp(1, load.clients), bytes: load.payload }
}

fn fanout(options: &RunOptions) -> Fanout {
    Fanout { clients: options.load.clients, pace: pace(options) }
}

fn play(name: &str, scenario: &dyn Scenario, options: &RunOptions) -> anyhow::Result<ExitCode> {
    let floor = options.measurement.floor.then(|| on_floor(name, scenario, options)).transpose()?;
    let plan = Plan {
        name,
        scenario,
        options,
        url: &options.url,
        pid: options.measurement.pid,
        protocol_name: "floor",
        protocol: &|| protocol(options.protocol),
        secrets: &[],
    };
    let run = plan.run()?;
    report(&run, floor.as_ref(), options)
}

fn protocol(name: ProtocolName) -> Box<dyn Protocol> {
    match name {
        ProtocolName::Floor => Box::new(Floor),
    }
}

fn report(run: &Run, floor: Option<&Run>, options: &RunOptions) -> anyhow::Result<ExitCode> {
    if let Some(floor) = floor {
        print!("{}", table::text(floor, None));
    }
    println!("{}", table::text(run, floor));
    let broken = limits::broken(&options.limits, run, floor);
    for sentence in &broken {
        println!("Limit broken: {sentence}.");
    }
    Ok(if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
