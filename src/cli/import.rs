//! `plenary import`: what others' programs know, into an event.

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::import_people::PeopleImport;
use super::output::print;
use crate::agenda::schedule::import::{self, How, ImportError};
use crate::agenda::schedule::source;
use crate::config::Settings;
use crate::text::Slug;

/// What to import.
#[derive(Args, Debug)]
pub(super) struct ImportCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Imports a schedule.json, as frab and pretalx publish it, into an event.
    ///
    /// Rooms, tracks, sessions and speakers that are new are created; what is different is changed;
    /// sessions that are no longer in it are cancelled. A schedule with an error changes nothing.
    Schedule(ScheduleImport),
    /// Imports people from a table of comma-separated values (CSV), and registers them.
    ///
    /// Who is not registered is; what is different is changed; everybody else is left alone. People
    /// are known again by an external id or by their address. A table with an error changes nothing.
    People(PeopleImport),
}

#[derive(Args, Debug)]
struct ScheduleImport {
    /// The schedule.json: a file, or an http:// or https:// address.
    #[arg(value_name = "FILE-or-URL")]
    source: String,
    /// The event's slug. A new one makes an event, a draft that only organizers see.
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    event: Slug,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Also when all sessions that are there would be cancelled, as with another conference's schedule.
    #[arg(long)]
    replace: bool,
    #[command(flatten, next_help_heading = "Settings")]
    settings: Settings,
}

fn slug(text: &str) -> Result<Slug, String> {
    Slug::try_from(text.to_owned()).map_err(|error| error.to_string())
}

impl ImportCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Schedule(schedule) => schedule.run().await,
            What::People(people) => people.run().await,
        }
    }
}

impl ScheduleImport {
    async fn run(self) -> anyhow::Result<()> {
        let place = self.source.clone();
        let document = tokio::task::spawn_blocking(move || source::read(&place)).await??;
        let app = super::open(self.settings).await?;
        let how = How { dry_run: self.dry_run, replace: self.replace };
        match import::by_slug(&app, &self.event, document, how).await {
            Ok(report) => {
                print(&report.text())?;
                if report.event.created && !report.dry_run {
                    let slug = &self.event;
                    print(&format!(
                        "  next: plenary person grant E-MAIL organizer --event {slug}\n"
                    ))?;
                }
                Ok(())
            }
            Err(ImportError::Document(faults)) => bail!(
                "{} is no schedule that can be imported; nothing was changed:\n{}",
                self.source,
                faults.text().trim_end()
            ),
            Err(error) => Err(error).context("nothing was changed"),
        }
    }
}
