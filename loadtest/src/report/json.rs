//! Everything that was measured, for programs: to be merged, compared and kept.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use crate::result::Run;

/// What stands in a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Document {
    /// What wrote it.
    pub(crate) written_by: String,
    /// The figures that people look for, in the units of their names.
    pub(crate) summary: Summary,
    pub(crate) run: Run,
    /// The floor in the same way, where that was asked for.
    pub(crate) floor: Option<Run>,
    /// Limits that do not hold, a sentence each.
    pub(crate) broken: Vec<String>,
}

/// The figures that people look for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) deliveries_per_second: f64,
    pub(crate) p50_ms: Option<f64>,
    pub(crate) p99_ms: Option<f64>,
    pub(crate) max_ms: Option<f64>,
    pub(crate) cpu_per_delivery_us: Option<f64>,
    pub(crate) cpu_per_connection_us: Option<f64>,
    pub(crate) memory_per_connection_bytes: Option<f64>,
    pub(crate) memory_slope_bytes_per_hour: Option<f64>,
    pub(crate) floor_ratio: Option<f64>,
    pub(crate) bytes_per_delivery: f64,
    pub(crate) own_cpu_per_delivery_us: Option<f64>,
    pub(crate) bottleneck: Option<String>,
}

impl Document {
    pub(crate) fn new(run: Run, floor: Option<Run>, broken: Vec<String>) -> Self {
        let latency = &run.account.delivery;
        let summary = Summary {
            deliveries_per_second: run.throughput(),
            p50_ms: latency.percentile(50.0),
            p99_ms: latency.percentile(99.0),
            max_ms: latency.percentile(100.0),
            cpu_per_delivery_us: run.cpu_per_delivery(),
            cpu_per_connection_us: run.cpu_per_connection(),
            memory_per_connection_bytes: run.memory_per_connection(),
            memory_slope_bytes_per_hour: run.memory_slope(),
            floor_ratio: super::limits::floor_ratio(&run, floor.as_ref()),
            bytes_per_delivery: run.bytes_per_delivery(),
            own_cpu_per_delivery_us: run.own_cpu_per_delivery(),
            bottleneck: run.bottleneck(),
        };
        let written_by = concat!("plenary-loadtest ", env!("CARGO_PKG_VERSION")).to_owned();
        Self { written_by, summary, run, floor, broken }
    }

    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path);
        let text = text.with_context(|| format!("{} cannot be read", path.display()))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} was not written by this load tester", path.display()))
    }

    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string(self)?;
        fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// One result of several parts.
///
/// # Errors
/// When they are not parts of one run.
pub(crate) fn merge(parts: Vec<Document>) -> anyhow::Result<(Run, Option<Run>)> {
    let mut parts = parts.into_iter();
    let first = parts.next().context("no parts")?;
    let (mut run, mut floor) = (first.run, first.floor);
    let mut count = 1;
    for part in parts {
        let (own, other) = (&run.setup, &part.run.setup);
        anyhow::ensure!(
            (&own.scenario, own.clients, own.parts)
                == (&other.scenario, other.clients, other.parts),
            "these are not parts of one run: {} of {} clients in {} parts, and {} of {} in {}",
            own.scenario,
            own.clients,
            own.parts,
            other.scenario,
            other.clients,
            other.parts
        );
        run.add(part.run);
        floor = floor.or(part.floor);
        count += 1;
    }
    if count == run.setup.parts {
        run.notes.retain(|note| note != crate::result::ONE_PART);
    }
    Ok((run, floor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(received: u64, parts: usize) -> Document {
        let mut run = Run::default();
        run.setup.parts = parts;
        run.account.received = received;
        run.account.delivery.record(received * 1_000_000);
        run.notes.push(crate::result::ONE_PART.to_owned());
        let text = serde_json::to_string(&Document::new(run, None, Vec::new())).expect("JSON");
        serde_json::from_str(&text).expect("reads what it writes")
    }

    #[test]
    fn parts_become_one() {
        let (run, _) = merge(vec![part(10, 2), part(30, 2)]).expect("two parts");
        assert_eq!((run.account.received, run.account.delivery.count()), (40, 2));
        assert!(run.notes.is_empty(), "nothing is missing");
        let (run, _) = merge(vec![part(10, 2)]).expect("one part");
        assert_eq!(run.notes.len(), 1, "the other is missing");
    }

    #[test]
    fn parts_of_different_runs_are_refused() {
        assert!(merge(vec![part(10, 2), part(30, 3)]).is_err());
    }
}
