//! The command line.

use clap::{Parser, Subcommand};
use plenary::app::{self, App};
use plenary::clock::Clock;
use plenary::config::Settings;
use plenary::random::Random;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match CommandLine::parse().command {
        Command::Serve(settings) => {
            let listener = TcpListener::bind(settings.listen).await?;
            let app = App::open(settings, Clock::System, Random::System).await?;
            app::serve(app, listener, CancellationToken::new()).await
        }
    }
}
