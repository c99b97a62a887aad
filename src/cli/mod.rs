//! The command line: the program's own commands, a file for each, and those that the capabilities
//! have registered.
//!
//! Commands that look into the conference or change it work on the database directly, beside a hub
//! that serves or without one.

mod cluster;
mod doctor;
mod document;
mod existing;
mod restored;
mod serve;

use std::ffi::OsString;
use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, error::ErrorKind};
use futures_util::FutureExt as _;

use crate::app;
use crate::config::{self, Settings};
use crate::installation::LogReplaced;
use crate::machine;
use crate::registry::Registry;
use crate::tasks::TaskFailed;

/// The real-time core of a virtual conference.
#[derive(Debug, Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

/// The program's own commands.
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
    /// Ends a restore: clients will be told to start again instead of waiting for numbers that
    /// were given before.
    #[command(display_order = LAST)]
    Restored(restored::RestoredCommand),
}

/// Where a command stands in the help that comes after those of the capabilities.
const LAST: usize = 900;

/// Runs the program with the arguments and the environment that it was started with.
pub async fn run() -> ExitCode {
    machine::keep_files_private();
    let ended = match app::registered() {
        Ok(hub) => {
            refuse_unknown_variables(&hub);
            run_with(hub, std::env::args_os()).await
        }
        Err(error) => Err(error),
    };
    let error = match ended {
        Ok(status) => return status,
        Err(error) => error,
    };
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        usage.exit();
    }
    // Where nobody reads it, the code alone has to tell.
    let _ = writeln!(std::io::stderr(), "plenary: {error:#}");
    ExitCode::from(exit_status(&error))
}

/// Runs the command that these arguments ask for, the first of which is the program's name, with
/// what is registered here.
///
/// # Errors
/// What the command says. Where the arguments are wrong, or ask for help, a [`clap::Error`].
pub async fn run_with<T>(
    mut hub: Registry,
    arguments: impl IntoIterator<Item = T>,
) -> anyhow::Result<ExitCode>
where
    T: Into<OsString> + Clone,
{
    let line = config::without_empty_variables(line(&hub));
    let matches = line.try_get_matches_from(arguments)?;
    let commands = std::mem::take(&mut hub.commands);
    let open = |settings, may_begin| existing::open(settings, may_begin).boxed();
    if let Some(running) = commands.run(&matches, open) {
        drop(hub);
        running.await?;
        return Ok(ExitCode::SUCCESS);
    }
    match CommandLine::from_arg_matches(&matches)?.command {
        Command::Doctor(settings) => return doctor::run(&settings, &hub).await,
        Command::Document { document } => document::run(document, &hub),
        Command::Cluster(command) => command.run().await,
        Command::Restored(command) => command.run().await,
        Command::Serve(command) => {
            // It registers everything once more, on the database that it serves.
            drop(hub);
            command.run().await
        }
    }?;
    Ok(ExitCode::SUCCESS)
}

/// The whole command line.
fn line(hub: &Registry) -> clap::Command {
    hub.commands.add_to(CommandLine::command())
}

/// The exit status that an error ends the program with: one of its own where a restart mends it.
pub fn exit_status(error: &anyhow::Error) -> u8 {
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
fn refuse_unknown_variables(hub: &Registry) {
    let mut command = line(hub);
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let unknown = config::unknown_variables(&command, names);
    if let Some(name) = unknown.first() {
        let sentence =
            format!("{name} in the environment is not a setting; see plenary serve --help");
        command.error(ErrorKind::UnknownArgument, sentence).exit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::HowEnded;

    #[test]
    fn what_a_restart_mends_has_a_status_of_its_own() {
        let failed = TaskFailed { name: "chat.log_writer", how: HowEnded::Panicked };
        assert_eq!(exit_status(&failed.into()), 70);
        assert_eq!(exit_status(&LogReplaced.into()), 75);
        assert_eq!(exit_status(&anyhow::anyhow!("a wrong setting")), 1);
    }
}
