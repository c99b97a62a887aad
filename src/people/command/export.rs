//! `plenary export people`.

use std::pin::pin;

use clap::Parser;
use futures_util::TryStreamExt as _;

use crate::config::Settings;
use crate::events::RegistrationForm;
use crate::output::print_piece;
use crate::people::transfer;
use crate::registry::Open;

/// Prints everybody's registration as a table of comma-separated values (CSV), which an import
/// understands.
#[derive(Debug, Parser)]
#[command(name = "people")]
pub(super) struct PeopleExport {
    /// The event's slug.
    #[arg(long, value_name = "SLUG")]
    event: String,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

/// Exports them.
pub(super) async fn export(command: PeopleExport, open: Open) -> anyhow::Result<()> {
    let core = open(command.settings).await?;
    let event = core.event(&command.event).await?;
    let form = RegistrationForm::read(&core.db, event.id).await?;
    let mut pieces = pin!(transfer::export(core, event, form));
    while let Some(piece) = pieces.try_next().await? {
        if !print_piece(&piece)? {
            break;
        }
    }
    Ok(())
}
