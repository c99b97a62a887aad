//! `plenary import schedule`.

use anyhow::{Context as _, bail};
use clap::Parser;

use super::schedule::import::{self, How, ImportError};
use super::schedule::source;
use crate::config::Settings;
use crate::output::print;
use crate::registry::Open;
use crate::text::{Slug, TimeZoneName};

/// Imports a schedule into an event: a schedule.json or schedule.xml, as frab, pretalx and FOSDEM publish
/// them, or what pretalx's REST API answers.
///
/// Rooms, tracks, sessions and speakers that are new are created; what is different is changed;
/// sessions that are no longer in it are cancelled. A schedule with an error changes nothing.
#[derive(Debug, Parser)]
#[command(name = "schedule")]
pub(super) struct ScheduleImport {
    /// The schedule: a file, or an http:// or https:// address. Of an API, all pages are fetched.
    #[arg(value_name = "FILE-or-URL")]
    source: String,
    /// The event's slug. A new one makes an event, a draft that only organizers see.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: Slug,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Even if that cancels all existing sessions, as with another conference's schedule.
    #[arg(long)]
    replace: bool,
    /// Leave out sessions with an error, and list them; those that are stored stay as they are.
    #[arg(long)]
    skip_broken: bool,
    /// The time zone of the place, whatever the schedule says, like Europe/Berlin.
    #[arg(long, value_name = "ZONE", value_parser = time_zone)]
    time_zone: Option<TimeZoneName>,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

fn slug(text: &str) -> Result<Slug, String> {
    Slug::try_from(text.to_owned()).map_err(|error| error.to_string())
}

fn time_zone(text: &str) -> Result<TimeZoneName, String> {
    TimeZoneName::try_from(text.to_owned()).map_err(|error| error.to_string())
}

/// Imports it.
pub(super) async fn import(command: ScheduleImport, open: Open) -> anyhow::Result<()> {
    let ScheduleImport { source: place, event, settings, .. } = command;
    let ScheduleImport { dry_run, replace, skip_broken, time_zone, .. } = command;
    let from = place.clone();
    let document = tokio::task::spawn_blocking(move || source::read(&from)).await??;
    let core = open(settings).await?;
    let how = How { dry_run, replace, skip_broken, time_zone };
    match import::by_slug(&core, &event, document, how).await {
        Ok(report) => {
            print(&report.text())?;
            if report.event.created && !report.dry_run {
                print(&format!("  next: plenary person grant E-MAIL organizer --event {event}\n"))?;
            }
            Ok(())
        }
        Err(ImportError::Document(faults)) => bail!(
            "{place} is no schedule that can be imported; nothing was changed:\n{}",
            faults.text().trim_end()
        ),
        Err(error) => Err(error).context("nothing was changed"),
    }
}
