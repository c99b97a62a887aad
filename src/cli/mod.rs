//! The command line: a file for each command.
//!
//! Commands that look into the conference or change it work on the database directly, beside a hub
//! that serves or without one.

mod cluster;
mod doctor;
mod document;
mod export;
mod import;
mod import_people;
mod output;
mod person;
mod restored;
mod serve;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};

use crate::app::App;
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::events::EventSnapshot;
use crate::installation::LogReplaced;
use crate::machine;
use crate::random::Random;
use crate::tasks::TaskFailed;

/// The real-time core of a virtual conference.
#[derive(Debug, Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the hub.
    Serve(serve::ServeCommand),
    /// Looks at the settings, the database, the disk and the mail server, and says what to do.
    Doctor(Settings),
    /// Shows the nodes that serve together, as one of them knows them.
    Cluster(cluster::ClusterCommand),
    /// Prints a description of the interface.
    Document {
        /// Which one.
        document: document::Document,
    },
    /// Brings in what other programs know.
    Import(import::ImportCommand),
    /// Brings out what is here, for other programs.
    Export(export::ExportCommand),
    /// Gives people roles and links to sign in with.
    Person(person::PersonCommand),
    /// Ends a restore: clients will be told to start again instead of waiting for numbers that
    /// were given before.
    Restored(restored::RestoredCommand),
}

/// Runs the program with the arguments and the environment that it was started with.
pub async fn run() -> ExitCode {
    machine::keep_files_private();
    refuse_unknown_variables();
    match run_command(CommandLine::parse().command).await {
        Ok(status) => status,
        Err(error) => {
            // Where nobody reads it, the code alone has to tell.
            let _ = writeln!(std::io::stderr(), "plenary: {error:#}");
            ExitCode::from(status(&error))
        }
    }
}

async fn run_command(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Doctor(settings) => return doctor::run(&settings).await,
        Command::Serve(command) => command.run().await,
        Command::Cluster(command) => command.run().await,
        Command::Document { document } => document::run(document),
        Command::Import(command) => command.run().await,
        Command::Export(command) => command.run().await,
        Command::Person(command) => command.run().await,
        Command::Restored(command) => command.run().await,
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The exit status that an error ends the program with: one of its own where a restart mends it.
fn status(error: &anyhow::Error) -> u8 {
    if error.is::<TaskFailed>() {
        TaskFailed::STATUS
    } else if error.is::<LogReplaced>() {
        LogReplaced::STATUS
    } else {
        1
    }
}

/// Ends the program, like any other wrong setting, when the environment holds a variable that
/// looks like a setting and is none.
fn refuse_unknown_variables() {
    let mut command = CommandLine::command();
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let unknown = config::unknown_variables(&command, names);
    if let Some(name) = unknown.first() {
        let sentence =
            format!("{name} in the environment is not a setting; see plenary serve --help");
        command.error(ErrorKind::UnknownArgument, sentence).exit();
    }
}

/// The conference that the settings lead to, for a command that does not serve it.
async fn open(settings: Settings) -> anyhow::Result<Arc<App>> {
    App::open(settings, Clock::System, Random::System).await
}

/// The event of that slug.
async fn event(app: &App, slug: &str) -> anyhow::Result<Arc<EventSnapshot>> {
    let event = app.events.by_slug(slug).await?;
    event.ok_or_else(|| {
        anyhow::anyhow!("there is no event {slug:?} in {}", app.settings.storage.data.display())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::HowEnded;

    #[test]
    fn what_a_restart_mends_has_a_status_of_its_own() {
        let failed = TaskFailed { name: "chat.log_writer", how: HowEnded::Panicked };
        assert_eq!(status(&failed.into()), 70);
        assert_eq!(status(&LogReplaced.into()), 75);
        assert_eq!(status(&anyhow::anyhow!("a wrong setting")), 1);
    }
}
