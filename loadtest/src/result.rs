//! What a run has found: the one form that the table, the JSON and the page are made from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Nanos;
use crate::measure::account::Account;
use crate::measure::series::Series;

/// What a scenario looks for, beside what is always counted, by its name and unit.
pub(crate) type Findings = BTreeMap<String, f64>;

/// Everything of one run, or of several parts of one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) setup: Setup,
    pub(crate) account: Account,
    pub(crate) series: Series,
    /// What the server's process used; nothing without its number.
    pub(crate) server: Option<ServerUse>,
    pub(crate) generator: GeneratorUse,
    /// What the scenario has found.
    pub(crate) findings: Findings,
    /// What else there is to say, a sentence each.
    pub(crate) notes: Vec<String>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Setup {
    pub(crate) scenario: String,
    pub(crate) protocol: String,
    pub(crate) target: String,
    /// Seconds since 1970.
    pub(crate) began: f64,
    pub(crate) clients: usize,
    pub(crate) rooms: usize,
    pub(crate) rate: f64,
    pub(crate) payload: usize,
    /// Seconds.
    pub(crate) duration: f64,
    pub(crate) warm_up: f64,
    pub(crate) ramp: f64,
    pub(crate) compress: bool,
    pub(crate) threads: usize,
    pub(crate) parts: usize,
    pub(crate) file_limit: u64,
    pub(crate) sources: usize,
}

/// What the server's process used.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ServerUse {
    /// Processor time while connections came in, and how many did.
    pub(crate) connecting: Nanos,
    pub(crate) connected: u64,
    /// Processor time while it was measured, and how long that was.
    pub(crate) measured: Nanos,
    pub(crate) elapsed: Nanos,
    /// Bytes before the first connection, with all connections, and at the end.
    pub(crate) memory_before: u64,
    pub(crate) memory_connected: u64,
    pub(crate) memory_end: u64,
    /// Over time, in the series' step.
    pub(crate) samples: Vec<Sample>,
}

/// The server at one moment.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sample {
    /// Seconds since the measuring began.
    pub(crate) at: f64,
    /// Processors in use since the sample before.
    pub(crate) cores: f64,
    /// Bytes.
    pub(crate) memory: u64,
}

/// What this program used itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct GeneratorUse {
    /// Processor time of all workers while it was measured, and how long that was.
    pub(crate) busy: Nanos,
    pub(crate) elapsed: Nanos,
    /// The share of its time that the busiest worker worked.
    pub(crate) busiest: f64,
    /// The share of its time that a worker at most waited for a processor.
    pub(crate) waited: f64,
}

/// What stands under the figures of one of several parts.
pub(crate) const ONE_PART: &str = "These are the figures of one part; `merge` puts them together.";

impl Run {
    /// Adds what another part of the same run has found.
    pub(crate) fn add(&mut self, other: Self) {
        self.account.add(&other.account);
        self.series.add(&other.series);
        if self.server.is_none() {
            self.server = other.server;
        }
        let (own, others) = (&mut self.generator, &other.generator);
        own.busy += others.busy;
        own.busiest = own.busiest.max(others.busiest);
        own.waited = own.waited.max(others.waited);
        self.setup.sources += other.setup.sources;
        self.find(&other.findings);
        for note in other.notes {
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
    }

    /// Bytes over TCP for each delivery, everything included.
    pub(crate) fn bytes_per_delivery(&self) -> f64 {
        self.account.bytes_in as f64 / self.account.received.max(1) as f64
    }

    /// Takes in what a worker has found: of several, the worst counts.
    pub(crate) fn find(&mut self, found: &Findings) {
        for (name, value) in found {
            let worst = self.findings.entry(name.clone()).or_insert(*value);
            *worst = worst.max(*value);
        }
    }

    /// Deliveries while it was measured.
    pub(crate) fn measured_deliveries(&self) -> u64 {
        let length = (self.setup.duration * 1e9) as u64;
        let whole = length.checked_div(self.series.step).unwrap_or(0).max(1);
        let moments = self.series.moments.iter().take(usize::try_from(whole).unwrap_or(usize::MAX));
        moments.map(|moment| moment.received).sum()
    }

    /// Deliveries a second while it was measured.
    pub(crate) fn throughput(&self) -> f64 {
        self.measured_deliveries() as f64 / self.setup.duration.max(0.001)
    }

    /// The server's CPU for each delivery, in microseconds.
    pub(crate) fn cpu_per_delivery(&self) -> Option<f64> {
        let server = self.server.as_ref()?;
        per(server.measured, self.measured_deliveries())
    }

    /// The server's CPU for each connection until it is in its rooms, in microseconds.
    pub(crate) fn cpu_per_connection(&self) -> Option<f64> {
        let server = self.server.as_ref()?;
        per(server.connecting, server.connected)
    }

    /// The server's memory for each connection, in bytes.
    pub(crate) fn memory_per_connection(&self) -> Option<f64> {
        let server = self.server.as_ref()?;
        let more = server.memory_connected as f64 - server.memory_before as f64;
        (server.connected > 0).then(|| more / server.connected as f64)
    }

    /// The server's memory for each connection after a while, in bytes: what it needed only while
    /// they came is no longer in it.
    pub(crate) fn memory_per_idle_connection(&self) -> Option<f64> {
        let server = self.server.as_ref()?;
        let more = server.memory_end as f64 - server.memory_before as f64;
        (server.connected > 0).then(|| more / server.connected as f64)
    }

    /// The server's CPU for each connection in each second, in microseconds.
    pub(crate) fn cpu_per_connection_second(&self) -> Option<f64> {
        let server = self.server.as_ref()?;
        let seconds = server.elapsed as f64 / 1e9;
        per(server.measured, self.setup.clients as u64).map(|cpu| cpu / seconds.max(0.001))
    }

    /// How fast the server's memory grew while it was measured, in bytes an hour: the slope of
    /// the line through all samples.
    pub(crate) fn memory_slope(&self) -> Option<f64> {
        let samples = &self.server.as_ref()?.samples;
        let count = samples.len() as f64;
        if samples.len() < 3 {
            return None;
        }
        let mean_at = samples.iter().map(|sample| sample.at).sum::<f64>() / count;
        let mean = samples.iter().map(|sample| sample.memory as f64).sum::<f64>() / count;
        let both = |sample: &Sample| (sample.at - mean_at) * (sample.memory as f64 - mean);
        let rise: f64 = samples.iter().map(both).sum();
        let spread: f64 = samples.iter().map(|sample| (sample.at - mean_at).powi(2)).sum();
        (spread > 0.0).then(|| rise / spread * 3_600.0)
    }

    /// This program's own CPU for each delivery, in microseconds.
    pub(crate) fn own_cpu_per_delivery(&self) -> Option<f64> {
        per(self.generator.busy, self.measured_deliveries())
    }

    /// Why the figures may be this program's rather than the server's.
    pub(crate) fn bottleneck(&self) -> Option<String> {
        let generator = &self.generator;
        let lag = self.account.lag.percentile(99.0).unwrap_or(0.0);
        if generator.busiest > 0.9 {
            let percent = generator.busiest * 100.0;
            return Some(format!(
                "the load tester used {percent:.0} % of its core: give it more --threads or parts"
            ));
        }
        if generator.waited > 0.2 {
            let percent = generator.waited * 100.0;
            return Some(format!(
                "the load tester waited {percent:.0} % of the time for a processor: the machine is full"
            ));
        }
        let read_late = self.account.rereads.late.percentile(99.0).unwrap_or(0.0);
        if read_late > 100.0 {
            return Some(format!("it read late: 1 % of the reads by more than {read_late:.0} ms"));
        }
        (lag > 10.0).then(|| format!("it sent late: 1 % of messages by more than {lag:.0} ms"))
    }
}

fn per(cpu: Nanos, count: u64) -> Option<f64> {
    (count > 0).then(|| cpu as f64 / 1_000.0 / count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_with(samples: &[(f64, u64)]) -> Run {
        let samples = samples.iter();
        let samples = samples.map(|&(at, memory)| Sample { at, cores: 0.0, memory }).collect();
        Run { server: Some(ServerUse { samples, ..ServerUse::default() }), ..Run::default() }
    }

    #[test]
    fn memory_that_grows_has_a_slope() {
        let grown = run_with(&[(0.0, 1_000), (1.0, 1_010), (2.0, 1_020)]).memory_slope();
        assert!((grown.expect("a slope") - 36_000.0).abs() < 0.01);
        let level = run_with(&[(0.0, 1_000), (1.0, 1_000), (2.0, 1_000)]).memory_slope();
        assert_eq!(level, Some(0.0));
        assert_eq!(run_with(&[(0.0, 1)]).memory_slope(), None);
    }

    #[test]
    fn a_busy_or_late_load_tester_says_so() {
        let mut run = Run::default();
        assert_eq!(run.bottleneck(), None);
        run.generator.busiest = 0.95;
        assert!(run.bottleneck().expect("too busy").contains("95 %"));
        run.generator.busiest = 0.1;
        run.account.lag.record(50_000_000);
        assert!(run.bottleneck().expect("late").contains("late"));
    }
}
