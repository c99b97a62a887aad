//! What every scenario can be told.

use std::fs::OpenOptions;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use super::values::{millis, positive, process, rate, seconds, servers};

/// What every scenario can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct RunOptions {
    /// The server's address, or those of several nodes that act as one, with commas between them:
    /// clients take turns, and who is dropped comes back at the next.
    #[arg(long, default_value = "http://127.0.0.1:8080", value_parser = servers, value_name = "URL,…")]
    pub(crate) url: String,

    /// What kind of server it is.
    #[arg(long, value_enum, default_value_t = ProtocolName::Plenary)]
    pub(crate) protocol: ProtocolName,

    #[command(flatten, next_help_heading = "Plenary")]
    pub(crate) stage: StageOptions,

    #[command(flatten, next_help_heading = "Load")]
    pub(crate) load: LoadOptions,

    #[command(flatten, next_help_heading = "Generator")]
    pub(crate) generator: GeneratorOptions,

    #[command(flatten, next_help_heading = "Measurement")]
    pub(crate) measurement: MeasurementOptions,

    #[command(flatten, next_help_heading = "Limits")]
    pub(crate) limits: Limits,
}

/// How much load there is.
#[derive(Args, Clone, Debug)]
pub(crate) struct LoadOptions {
    /// How many sockets, over all parts.
    #[arg(long, default_value_t = 1_000, value_parser = positive, value_name = "N")]
    pub(crate) clients: usize,

    /// Messages a second, in each room where something is said.
    #[arg(long, default_value_t = 10.0, value_parser = rate, value_name = "PER SECOND")]
    pub(crate) rate: f64,

    /// How many people take turns in speaking [default: two seconds for each between messages]
    #[arg(long, value_parser = positive, value_name = "N")]
    pub(crate) senders: Option<usize>,

    /// The length of a message.
    #[arg(long, default_value_t = 200, value_name = "BYTES")]
    pub(crate) payload: usize,

    /// How long to measure; hostile rounds it up to five equal parts [default: 30; conference: two
    /// and a half of its hours; soak: an hour; join: until all are there; change: ten seconds longer
    /// than everybody may take to read; totals: three times]
    #[arg(long, value_parser = seconds, value_name = "SECONDS")]
    pub(crate) duration: Option<f64>,

    /// How long it goes on before it is measured.
    #[arg(long, default_value_t = 5.0, value_parser = seconds, value_name = "SECONDS")]
    pub(crate) warm_up: f64,

    /// How long to wait at the end for what is still on its way.
    #[arg(long, default_value_t = 15.0, value_parser = seconds, value_name = "SECONDS")]
    pub(crate) settle: f64,

    /// Connections that are opened a second.
    #[arg(long, default_value_t = 1_000.0, value_parser = rate, value_name = "PER SECOND")]
    pub(crate) ramp: f64,

    /// Offer permessage-deflate.
    #[arg(long)]
    pub(crate) compress: bool,
}

/// How the load is made.
#[derive(Args, Clone, Debug)]
pub(crate) struct GeneratorOptions {
    /// Threads, each with its share of the sockets.
    #[arg(long, default_value_t = 1, value_parser = positive, value_name = "N")]
    pub(crate) threads: usize,

    /// Addresses of this machine to connect from, some 28,000 sockets each [default: towards this
    /// machine itself some of 127.0.0.0/8, one for 2,000 sockets]
    #[arg(long, value_delimiter = ',', value_name = "ADDRESS")]
    pub(crate) source: Vec<IpAddr>,

    /// Be one of several load testers that act as one, such as 1/3.
    #[arg(long, default_value = "1/1", value_name = "I/N")]
    pub(crate) part: Part,

    /// When several parts begin, in seconds since 1970: late enough for all to be connected.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) start_at: Option<f64>,

    /// The parts run on several machines, whose clocks agree.
    #[arg(long)]
    pub(crate) several_machines: bool,

    /// Where random choices begin: the same number, the same run.
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
}

/// What is measured and where it goes.
#[derive(Args, Clone, Debug)]
pub(crate) struct MeasurementOptions {
    /// The server's process, or those of its nodes, when they run on this machine: their CPU and
    /// memory are measured and added up, those of their children included.
    #[arg(long, value_delimiter = ',', value_parser = process, value_name = "PID,…")]
    pub(crate) pid: Vec<u32>,

    /// Run the floor first, in the same way, and give what everything costs as a ratio to it.
    #[arg(long)]
    pub(crate) floor: bool,

    #[command(flatten)]
    pub(crate) output: OutputOptions,
}

/// Where results go, besides the terminal.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct OutputOptions {
    /// Write everything that was measured, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Write a page with the curves.
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// The event at Plenary where it takes place.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct StageOptions {
    /// Keep the event, its rooms and the people's sign-ins in this file, and take them from it.
    #[arg(long, value_name = "FILE")]
    pub(crate) stage: Option<PathBuf>,

    /// An organizer's link to sign in (plenary person grant ADDRESS organizer --link).
    #[arg(
        long,
        env = "PLENARY_LOADTEST_ORGANIZER_LINK",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) organizer_link: Option<String>,

    /// An event to take place in [default: a new one]
    #[arg(long, value_name = "SLUG")]
    pub(crate) event: Option<String>,
}

impl RunOptions {
    /// What can be said before anything is done: whether limits can be judged at all, and whether
    /// the results can be written.
    ///
    /// # Errors
    /// A sentence about the first option that cannot work.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let (limits, measurement) = (&self.limits, &self.measurement);
        let measures_process = !measurement.pid.is_empty();
        let needs_process = [
            ("--max-cpu-per-delivery", limits.max_cpu_per_delivery.is_some()),
            ("--max-memory-slope", limits.max_memory_slope.is_some()),
            ("--max-floor-ratio", limits.max_floor_ratio.is_some()),
        ];
        for (name, given) in needs_process {
            anyhow::ensure!(!given || measures_process, "{name} needs --pid: what is measured?");
        }
        let ratio = limits.max_floor_ratio.is_some();
        anyhow::ensure!(!ratio || measurement.floor, "--max-floor-ratio needs --floor");
        for path in [&measurement.output.json, &measurement.output.html].into_iter().flatten() {
            OpenOptions::new()
                .append(true)
                .create(true)
                .open(path)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        Ok(())
    }
}

impl LoadOptions {
    /// How long to measure, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.duration.unwrap_or(30.0)
    }
}

/// What must not be exceeded, else the status is 1.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Limits {
    /// The 99th percentile of the latency, in milliseconds.
    #[arg(long, value_parser = millis, value_name = "MS")]
    pub(crate) max_p99: Option<f64>,

    /// Deliveries that did not come.
    #[arg(long, value_name = "N")]
    pub(crate) max_lost: Option<u64>,

    /// Deliveries that came more than once.
    #[arg(long, value_name = "N")]
    pub(crate) max_duplicates: Option<u64>,

    /// Requests that were refused, and connections that ended.
    #[arg(long, value_name = "N")]
    pub(crate) max_refused: Option<u64>,

    /// The server's CPU per delivery, in microseconds; needs --pid.
    #[arg(long, value_name = "US")]
    pub(crate) max_cpu_per_delivery: Option<f64>,

    /// Seconds until all dropped connections are back, in storm.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) max_back: Option<f64>,

    /// By how many milliseconds the listeners' messages may come later, in hostile.
    #[arg(long, value_parser = millis, value_name = "MS")]
    pub(crate) max_delay: Option<f64>,

    /// How many more reads there may be in the busiest second, in change, than if they were spread
    /// evenly over the time that was told, such as 1.25.
    #[arg(long, value_parser = rate, value_name = "RATIO")]
    pub(crate) max_busiest: Option<f64>,

    /// How many may not have read what is new in the end, in change.
    #[arg(long, value_name = "N")]
    pub(crate) max_unread: Option<u64>,

    /// Seconds until all sockets are shown the sum of all nodes, in totals.
    #[arg(long, value_parser = seconds, value_name = "SECONDS")]
    pub(crate) max_shown: Option<f64>,

    /// How fast the server's memory may grow, in MiB an hour; needs --pid.
    #[arg(long, value_name = "MIB/H")]
    pub(crate) max_memory_slope: Option<f64>,

    /// The server's CPU per delivery, as a ratio to the floor; needs --pid and --floor.
    #[arg(long, value_name = "RATIO")]
    pub(crate) max_floor_ratio: Option<f64>,
}

/// Kinds of servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProtocolName {
    /// Plenary.
    Plenary,
    /// The bare server of this program.
    Floor,
    /// Centrifugo's JSON protocol, clients without a token.
    Centrifugo,
    /// Socket.IO 4, with an application that answers `join` and `say`.
    Socketio,
    /// nginx with nchan, a location /room0.
    Nchan,
    /// NATS over WebSocket.
    Nats,
}

/// One of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// From 0.
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(index, count)| {
            let (index, count): (usize, usize) = (index.parse().ok()?, count.parse().ok()?);
            (1..=count).contains(&index).then(|| Self { index: index - 1, count })
        });
        parsed.ok_or_else(|| "write which of how many, such as 1/3".to_owned())
    }
}
