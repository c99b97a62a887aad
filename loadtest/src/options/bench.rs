//! What the benchmarks can be told.

use std::path::PathBuf;

use clap::Args;

use super::run::StageOptions;
use super::values::servers;

/// What `bench` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct BenchOptions {
    /// The hub's address.
    #[arg(long, default_value = "http://127.0.0.1:8080", value_parser = servers, value_name = "URL")]
    pub(crate) url: String,

    /// The hub's process: its CPU and memory are measured.
    #[arg(long)]
    pub(crate) pid: u32,

    /// The hub's metrics, on its address for operators, such as http://127.0.0.1:8081/metrics: how
    /// often it reads its database is seen only there.
    #[arg(long, value_name = "URL")]
    pub(crate) metrics: Option<String>,

    #[command(flatten)]
    pub(crate) stage: StageOptions,

    /// Where results go: bench.json, bench.html, and for each run a JSON and a page.
    #[arg(long, default_value = "target/bench", value_name = "FOLDER")]
    pub(crate) output: PathBuf,

    /// Only these runs, by their names.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub(crate) only: Vec<String>,

    /// Everything small and short, to see whether it works. The figures mean nothing.
    #[arg(long)]
    pub(crate) trial: bool,

    #[command(flatten)]
    pub(crate) record: RecordOptions,
}

/// What `compare` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompareOptions {
    /// What runs at the servers wrote with --json, NAME.json each. NAME.idle can be what `idle` wrote,
    /// for the memory and what connections cost; NAME.about is told with it: the version in the first
    /// line, the settings in those after it.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) results: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) record: RecordOptions,
}

/// How results are kept beside the code.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct RecordOptions {
    /// What was measured, such as a commit.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub(crate) of: String,

    /// Put the table into the marked part of this document, and the curves into the folder beside
    /// it that has its name.
    #[arg(long, value_name = "FILE.md")]
    pub(crate) update: Option<PathBuf>,
}
