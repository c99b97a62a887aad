//! What the command line asks for, and the reports of it.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::bench;
use crate::options::{Command, Limits, OutputOptions};
use crate::play::{Played, play};
use crate::report::json::{self, Document};
use crate::report::{html, limits, table};
use crate::result::Run;
use crate::stage::Stage;

/// Does what the command line says.
///
/// # Errors
/// When it cannot be done as asked.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Play(scenario) => {
            let Played { run, floor, options } = play(*scenario)?;
            report(run, floor, &options.measurement.output, &options.limits)
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
        Command::Bench(options) => bench::run(&options),
        Command::Compare(options) => bench::compare(&options),
        Command::FloorServer { listen } => crate::floor::serve(listen).map(|()| ExitCode::SUCCESS),
    }
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
