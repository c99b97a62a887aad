//! What Plenary promises to cost, measured: a list of runs, and budgets that are judged by them. The
//! runs are command lines that a person could type.

mod budgets;
mod counter;
mod curves;
mod machine;
mod pages;
mod peers;
mod promises;
mod record;
mod row;
mod runs;

use std::fs;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use self::budgets::finished;
use self::counter::{ARCHIVE_READS, counter};
pub(crate) use self::peers::compare;
use self::runs::{Results, chosen};
use crate::measure::process::usage;
use crate::options::BenchOptions;
use crate::play::Played;
use crate::report::html;
use crate::report::json::Document;
use crate::stage::Stage;

/// How long the server may take to come to rest between two runs.
const REST: Duration = Duration::from_secs(20);

/// How long it must rest, and with what part of a processor at most.
const GLANCE: Duration = Duration::from_millis(500);
const RESTING: f64 = 0.05;

/// Measures all budgets.
///
/// # Errors
/// When nothing can be measured; a run that fails only leaves its budgets unmeasured.
pub(crate) fn run(options: &BenchOptions) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    anyhow::ensure!(
        !options.trial || options.record.update.is_none(),
        "the figures of a trial mean nothing; they are not for keeping"
    );
    let chosen = chosen(options)?;
    let folder = &options.output;
    fs::create_dir_all(folder).with_context(|| format!("{} is missing", folder.display()))?;
    let (rooms, people) = chosen.stage();
    Stage::ready(&options.url, &options.stage, rooms, people)?;
    let mut results = Results::default();
    let count = chosen.runs.len();
    for (index, one) in chosen.runs.iter().enumerate() {
        eprintln!("\n{} of {count}: {}", index + 1, one.command());
        let turn = |_| {
            rest(options.pid);
            watched(options, || one.play(options))
        };
        let turns: anyhow::Result<Vec<Played>> = (0..one.turns()).map(turn).collect();
        if let Err(error) = &turns {
            eprintln!("{} could not be run: {error:#}", one.name);
        }
        results.add(one, turns);
        if let Some(played) = results.get(one.name) {
            keep(options, one.name, played)?;
        }
        finished(one.name, &chosen, &results).iter().for_each(|row| println!("{row}"));
    }
    let bench = pages::Bench::new(&chosen, &results, options, began.elapsed());
    print!("\n{}", bench.text());
    bench.write(folder)?;
    if let Some(document) = &options.record.update {
        let drawings = curves::all(&results);
        let drawn = record::draw(document, &drawings)?;
        record::put(document, "bench", &(bench.markdown() + &drawn))?;
    }
    Ok(if options.trial || bench.is_kept() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Plays, and finds out how often the hub has read its database meanwhile, where it can be asked.
fn watched(
    options: &BenchOptions,
    play: impl FnOnce() -> anyhow::Result<Played>,
) -> anyhow::Result<Played> {
    let reads = || options.metrics.as_deref().map(|url| counter(url, ARCHIVE_READS)).transpose();
    let before = reads()?;
    let mut played = play()?;
    if let (Some(before), Some(after)) = (before, reads()?) {
        played.run.findings.insert(ARCHIVE_READS.to_owned(), after - before);
    }
    Ok(played)
}

/// Waits until the server has done with what the run before left behind.
fn rest(pid: u32) {
    let until = Instant::now() + REST;
    while Instant::now() < until {
        let Ok(before) = usage(pid) else { return };
        thread::sleep(GLANCE);
        let Ok(after) = usage(pid) else { return };
        if (after.cpu - before.cpu) as f64 <= RESTING * GLANCE.as_nanos() as f64 {
            return;
        }
    }
}

/// Everything of one run, for whoever wants to look closer.
fn keep(options: &BenchOptions, name: &str, played: &Played) -> anyhow::Result<()> {
    let document = Document::new(played.run.clone(), played.floor.clone(), Vec::new());
    document.write(&options.output.join(format!("{name}.json")))?;
    let page = options.output.join(format!("{name}.html"));
    fs::write(&page, html::page(&document))
        .with_context(|| format!("{} cannot be written", page.display()))
}
