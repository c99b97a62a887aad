//! The command line.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use plenary::app::{self, App, Listeners};
use plenary::clock::Clock;
use plenary::config::{self, Settings};
use plenary::random::Random;
use plenary::{doctor, lifecycle, log, open_files};

/// The real-time core of a virtual conference.
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the hub.
    Serve(Settings),
    /// Looks at the settings, the database, the disk and the mail server, and says what to do.
    Doctor(Settings),
}

#[tokio::main]
async fn main() -> ExitCode {
    refuse_unknown_variables();
    let outcome = match CommandLine::parse().command {
        Command::Serve(settings) => serve(settings).await,
        Command::Doctor(settings) => return examine(&settings).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plenary: {error:#}");
            ExitCode::FAILURE
        }
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

async fn serve(settings: Settings) -> anyhow::Result<()> {
    log::start(settings.log_format, &settings.log);
    let contradictions = settings.contradictions();
    anyhow::ensure!(contradictions.is_empty(), "{}", contradictions.join("; "));
    let open_files = open_files::raise();
    let listeners = Listeners::bind(&settings).await?;
    let app = App::open(settings, Clock::System, Random::System).await?;
    lifecycle::stop_on_signal(app.lifecycle.clone())?;
    tracing::info!(
        listen = %listeners.public.local_addr()?,
        admin_listen = %listeners.admin.local_addr()?,
        public_url = app.settings.public_url,
        open_files,
        "serving"
    );
    app::serve(app, listeners).await
}

async fn examine(settings: &Settings) -> ExitCode {
    let findings = doctor::examine(settings, &Clock::System).await;
    print!("{}", doctor::report(&findings));
    if doctor::is_healthy(&findings) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
