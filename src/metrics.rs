//! What is counted, for Prometheus. Every name once, here, in words; labels have few values, never
//! a room, a person or an address, so that the number of series does not grow with a conference.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Requests answered, by method, route and class of status ("2xx").
pub const HTTP_REQUESTS: &str = "plenary_http_requests_total";
/// How long the answers took, in seconds, by route.
pub const HTTP_SECONDS: &str = "plenary_http_request_seconds";
const RESIDENT: &str = "process_resident_memory_bytes";
const OPEN_FILES: &str = "process_open_fds";

/// Upper bounds for histograms of seconds: half a millisecond to ten seconds.
const SECONDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The process' one collection of metrics.
#[derive(Clone, Debug)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// Begins to count; further calls give the same collection.
    pub fn start() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        Self(HANDLE.get_or_init(install).clone())
    }

    /// Everything counted so far, in the Prometheus text format.
    pub fn render(&self) -> String {
        describe_process();
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

/// Reads what the system knows of this process; where it does not tell, the value stays away.
fn describe_process() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    if let Some(kibibytes) = kibibytes {
        gauge!(RESIDENT).set(kibibytes * 1024.0);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        gauge!(OPEN_FILES).set(u32::try_from(files.count()).unwrap_or(u32::MAX));
    }
}

fn install() -> PrometheusHandle {
    // Fails only for an empty list of bounds.
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets(&SECONDS).unwrap_or_else(|_| PrometheusBuilder::new());
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    // Fails only when a program around this library counts for itself; then its counts count.
    let _ = metrics::set_global_recorder(recorder);
    describe_counter!(HTTP_REQUESTS, "Requests answered.");
    describe_histogram!(HTTP_SECONDS, "How long answers took, in seconds.");
    describe_gauge!(RESIDENT, "Memory in use, in bytes.");
    describe_gauge!(OPEN_FILES, "Open files and sockets.");
    handle
}
