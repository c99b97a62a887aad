//! What is counted, for Prometheus: the process' one collection, and how whoever counts describes what
//! they count, in a `counted.rs` beside it. Labels have few values, never a room, a person or an
//! address, so that the number of series does not grow with a conference.

use std::path::Path;
use std::sync::OnceLock;
use std::time::Duration;

use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::machine;

const RESIDENT: &str = "process_resident_memory_bytes";
const OPEN_FILES: &str = "process_open_fds";
const MAX_FILES: &str = "process_max_fds";
const FREE_SPACE: &str = "plenary_data_free_bytes";

/// What the machine says.
const OWN: &[Metric] = &[
    Metric::gauge(RESIDENT, "Memory in use, in bytes."),
    Metric::gauge(OPEN_FILES, "Open files and sockets."),
    Metric::gauge(MAX_FILES, "How many files and sockets may be open."),
    Metric::gauge(FREE_SPACE, "Free space where the data folder is, in bytes."),
];

/// Something that is counted, as operators are told of it.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    name: &'static str,
    kind: Kind,
    text: &'static str,
    begin: Begin,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// From when on a counter is shown.
#[derive(Clone, Copy, Debug)]
enum Begin {
    WithTheFirst,
    AtZero,
    AtZeroBy(&'static str, &'static [&'static str]),
}

impl Metric {
    /// What only grows. The name ends in `_total`.
    pub const fn counter(name: &'static str, text: &'static str) -> Self {
        Self::new(name, Kind::Counter, text)
    }

    /// What goes up and down.
    pub const fn gauge(name: &'static str, text: &'static str) -> Self {
        Self::new(name, Kind::Gauge, text)
    }

    /// How what is measured is distributed: seconds where the name ends in `_seconds`, numbers of
    /// things otherwise.
    pub const fn histogram(name: &'static str, text: &'static str) -> Self {
        Self::new(name, Kind::Histogram, text)
    }

    const fn new(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Self { name, kind, text, begin: Begin::WithTheFirst }
    }

    /// The same counter, shown from the beginning: an alarm on its growth needs it to be there
    /// before it grows for the first time.
    #[must_use]
    pub const fn from_zero(mut self) -> Self {
        self.begin = Begin::AtZero;
        self
    }

    /// The same, with each of these values of its label.
    #[must_use]
    pub const fn from_zero_by(
        mut self,
        label: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        self.begin = Begin::AtZeroBy(label, values);
        self
    }

    fn describe(self) {
        let Self { name, kind, text, begin } = self;
        match kind {
            Kind::Counter => describe_counter!(name, text),
            Kind::Gauge => describe_gauge!(name, text),
            Kind::Histogram => describe_histogram!(name, text),
        }
        match begin {
            Begin::WithTheFirst => {}
            Begin::AtZero => counter!(name).absolute(0),
            Begin::AtZeroBy(label, values) => {
                for value in values {
                    counter!(name, label => *value).absolute(0);
                }
            }
        }
    }
}

/// Upper bounds for histograms of seconds: half a millisecond to ten seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Upper bounds for histograms of counts.
const COUNTS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The process' one collection of metrics.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count; further calls give the same collection.
    pub fn start() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(install).clone())
    }

    /// Tells operators of these, and begins them. What was counted before stays.
    pub fn describe(&self, metrics: &[Metric]) {
        metrics.iter().copied().for_each(Metric::describe);
    }

    /// Everything counted so far and what the machine says now, in the Prometheus text format.
    pub fn render(&self, data: &Path) -> String {
        look_at_machine(data);
        self.0.render()
    }

    /// Folds recent measurements of histograms together, for ever: without it they would pile up
    /// when nobody asks for the metrics.
    pub async fn keep_small(self) {
        let mut tick = tokio::time::interval(Duration::from_secs(10));
        loop {
            tick.tick().await;
            self.0.run_upkeep();
        }
    }
}

/// Where the machine does not tell, the value stays away.
#[expect(clippy::cast_precision_loss, reason = "bytes and files stay far below 2⁵²")]
fn look_at_machine(data: &Path) {
    gauge!(MAX_FILES).set(machine::open_files_limit() as f64);
    if let Some(bytes) = machine::resident_memory() {
        gauge!(RESIDENT).set(bytes as f64);
    }
    if let Ok(files) = machine::open_files() {
        gauge!(OPEN_FILES).set(files as f64);
    }
    if let Ok(bytes) = machine::free_space(data) {
        gauge!(FREE_SPACE).set(bytes as f64);
    }
}

fn install() -> PrometheusHandle {
    // Fails only for an empty list of bounds.
    let recorder = builder().unwrap_or_default().build_recorder();
    let handle = recorder.handle();
    // Fails only when a program around this library counts for itself; then its counts count.
    let _ = metrics::set_global_recorder(recorder);
    OWN.iter().copied().for_each(Metric::describe);
    handle
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let seconds = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets(&COUNTS)?.set_buckets_for_metric(seconds, &SECONDS)
}
