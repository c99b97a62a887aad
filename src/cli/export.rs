//! `plenary export`: what is here, for others' programs.

use std::io::{ErrorKind, Write as _};
use std::pin::pin;

use clap::{Args, Subcommand};
use futures_util::TryStreamExt as _;

use crate::config::Settings;
use crate::events::RegistrationForm;
use crate::people::transfer;

/// What to export.
#[derive(Args, Debug)]
pub(super) struct ExportCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Prints everybody's registration as a table of comma-separated values (CSV), which an import
    /// understands.
    People {
        /// The event's slug.
        #[arg(long, value_name = "SLUG")]
        event: String,
        #[command(flatten, next_help_heading = "Settings")]
        settings: Settings,
    },
}

impl ExportCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let What::People { event, settings } = self.what;
        let app = super::open(settings).await?;
        let event = super::event(&app, &event).await?;
        let form = RegistrationForm::read(&app.db, event.id).await?;
        let mut pieces = pin!(transfer::export((*app).clone(), event, form));
        let mut output = std::io::stdout().lock();
        while let Some(piece) = pieces.try_next().await? {
            match output.write_all(&piece) {
                // Whoever reads has seen enough.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
                written => written?,
            }
        }
        Ok(output.flush()?)
    }
}
