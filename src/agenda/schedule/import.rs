//! Importing a document into an event: parse, compare, apply, report.

use std::collections::HashSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::json;

use super::diff::{Changes, Ids, diff, guid_of};
use super::notes::{Faults, Warning};
use super::parse::{Options, parse};
use super::plan::Plan;
use super::report::{ImportReport, ImportedEvent};
use super::{apply, current};
use crate::agenda::{AGENDA, SessionState};
use crate::audit::Entry;
use crate::core::Core;
use crate::db::DbError;
use crate::events::rooms::check_count;
use crate::events::store::details::{self, EventRow};
use crate::events::{EventChange, EventSnapshot, EventState, Part};
use crate::id::{EventId, PersonId};
use crate::permission::Operation;
use crate::text::{Slug, TimeZoneName, Title};

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The document cannot be used.
    #[error("the schedule cannot be used: {} {}", .0.count(), if .0.count() == 1 { "error" } else { "errors" })]
    Document(Faults),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The parser panicked, which is a bug.
    #[error("the schedule could not be read")]
    Reader,
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Even if that cancels all existing sessions.
    pub replace: bool,
    /// Leave out sessions with an error, instead of refusing the document.
    pub skip_broken: bool,
    /// The time zone of the place, whatever the document says.
    pub time_zone: Option<TimeZoneName>,
}

impl How {
    fn options(&self, event_zone: Option<TimeZoneName>, language: String) -> Options {
        let Self { skip_broken, time_zone, .. } = self.clone();
        Options { time_zone, event_zone, language, skip_broken }
    }
}

/// The language to choose where a text is given in several and no event says another.
const LANGUAGE: &str = "en";

/// Imports into an event that exists.
///
/// # Errors
/// When the document cannot be used or the database does not answer. Nothing has changed then.
pub async fn into_event(
    core: &Core,
    event: &EventSnapshot,
    actor: Option<PersonId>,
    document: Bytes,
    how: How,
) -> Result<ImportReport, ImportError> {
    let language = details::read(&core.db, event.id).await?.map(|row| row.locale);
    let zone = TimeZoneName::try_from(event.time_zone.clone()).ok();
    let options = how.options(zone, language.unwrap_or_else(|| LANGUAGE.to_owned()));
    let (plan, warnings) = read(document, options).await?;
    let mut change = EventChange::begin(&core.changes, event.id, actor).await?;
    let row = details::read_in(&core.db, &mut change).await?.ok_or(ImportError::Reader)?;
    let header = ImportedEvent {
        slug: row.slug.clone(),
        title: row.title.clone(),
        created: false,
        time_zone: row.time_zone.clone(),
        schedule_version: plan.version.clone(),
    };
    let mut warnings = warnings;
    warnings.extend(disagreements(&plan, &row));
    finish(change, core, &plan, header, warnings, how).await
}

/// Creates an event with that slug, as a draft, from the document.
///
/// # Errors
/// As [`into_event`]; also when an event of that slug exists.
pub async fn as_new_event(
    core: &Core,
    slug: &Slug,
    document: Bytes,
    how: How,
) -> Result<ImportReport, ImportError> {
    let (plan, mut warnings) = read(document, how.options(None, LANGUAGE.to_owned())).await?;
    let row = new_event(core, slug, &plan, &mut warnings)?;
    let header = ImportedEvent {
        slug: row.slug.clone(),
        title: row.title.clone(),
        created: true,
        time_zone: row.time_zone.clone(),
        schedule_version: plan.version.clone(),
    };
    let mut transaction = core.db.begin().await?;
    let now = core.clock.now();
    details::insert(&core.db, &mut transaction, &row, now, &core.random).await?;
    let change = EventChange::within(&core.changes, transaction, row.id, None);
    finish(change, core, &plan, header, warnings, how).await
}

/// Parses off the serving threads, as a large document takes a while.
async fn read(document: Bytes, options: Options) -> Result<(Plan, Vec<Warning>), ImportError> {
    let parsed = tokio::task::spawn_blocking(move || parse(&document, &options)).await;
    parsed.map_err(|_| ImportError::Reader)?.map_err(ImportError::Document)
}

fn new_event(
    core: &Core,
    slug: &Slug,
    plan: &Plan,
    warnings: &mut Vec<Warning>,
) -> Result<EventRow, ImportError> {
    let title = plan.title.clone().and_then(|title| Title::try_from(title).ok());
    let title = title.map_or_else(
        || {
            let message = "The schedule does not say its title; give it one.".to_owned();
            warnings.push(Warning { place: "the event".to_owned(), message });
            Title::try_from(slug.to_string()).map_err(|_| ImportError::Reader)
        },
        Ok,
    )?;
    Ok(EventRow {
        id: EventId::new(core.clock.now(), &core.random),
        slug: slug.to_string(),
        title: title.into(),
        description: String::new(),
        starts_at: plan.starts_at,
        ends_at: plan.ends_at,
        time_zone: plan.time_zone.to_string(),
        locale: LANGUAGE.to_owned(),
        state: EventState::Draft,
        registration_open: false,
        guests_allowed: false,
        consent_text: String::new(),
        consent_version: 1,
    })
}

/// Where the event differs from the schedule. It was created or changed by hand, so it stays as it
/// is.
fn disagreements(plan: &Plan, event: &EventRow) -> Vec<Warning> {
    let mut warnings = vec![];
    let mut warn = |message: String| {
        warnings.push(Warning { place: "the event".to_owned(), message });
    };
    if let Some(title) = plan.title.as_ref().filter(|title| **title != event.title) {
        warn(format!("Its title stays “{}”; the schedule says “{title}”.", event.title));
    }
    if plan.time_zone.as_str() != event.time_zone {
        let (ours, theirs) = (&event.time_zone, &plan.time_zone);
        warn(format!("Its time zone stays {ours}; the schedule's is {theirs}."));
    }
    let outside = plan
        .sessions
        .iter()
        .filter(|session| session.starts_at < event.starts_at || session.ends_at > event.ends_at);
    match outside.count() {
        0 => {}
        1 => warn("One session is outside of its dates; change them if that is right.".to_owned()),
        count => {
            warn(format!(
                "{count} sessions are outside of its dates; change them if that is right."
            ));
        }
    }
    warnings
}

async fn finish(
    mut change: EventChange<'_>,
    core: &Core,
    plan: &Plan,
    event: ImportedEvent,
    warnings: Vec<Warning>,
    how: How,
) -> Result<ImportReport, ImportError> {
    let stored = current::read(&core.db, &mut change).await?;
    check(&stored, plan, &how)?;
    let ids = Ids { now: change.now, random: &core.random };
    let mut changes = diff(&stored, plan, ids);
    let created = event.created;
    changes.report.event = event;
    changes.report.dry_run = how.dry_run;
    changes.report.warnings = warnings;
    changes.report.left_out(&plan.left_out.faults);
    check_count(stored.rooms.len() + changes.rooms_created.len())
        .map_err(|refusal| ImportError::Document(Faults::of_document(None, refusal.message)))?;
    if how.dry_run || (changes.is_empty() && !created) {
        // Dropping the change rolls back everything, including the raised version.
        return Ok(changes.report);
    }
    apply::apply(&core.db, &mut change, &changes).await?;
    details::set_schedule_version(&core.db, &mut change, plan.version.clone()).await?;
    record(&mut change, &changes).await?;
    let parts: &[Part] =
        if created { &[Part::EVENT, Part::ROOMS, AGENDA] } else { &[Part::ROOMS, AGENDA] };
    change.commit(parts).await?;
    Ok(changes.report)
}

/// A schedule without any of the existing sessions would cancel all of them. It is far more likely
/// empty by mistake, or that of another conference.
fn check(stored: &current::Current, plan: &Plan, how: &How) -> Result<(), ImportError> {
    let planned: HashSet<&str> = plan.guids().collect();
    let scheduled = stored.sessions.iter().filter(|one| one.state == SessionState::Scheduled);
    let count = scheduled.clone().count();
    if how.replace
        || count == 0
        || scheduled.clone().any(|one| planned.contains(guid_of(&one.guid)))
    {
        return Ok(());
    }
    let message = format!(
        "None of the event's {count} sessions is in it; importing it would cancel them all. If that \
         is meant, say so with --replace, or replace=true over REST."
    );
    Err(ImportError::Document(Faults::of_document(None, message)))
}

async fn record(change: &mut EventChange<'_>, changes: &Changes) -> Result<(), DbError> {
    let ImportReport { event, created, updated, removed, cancelled_count, .. } = &changes.report;
    let entry = Entry {
        details: json!({
            "schedule_version": event.schedule_version, "created": created, "updated": updated,
            "removed": removed, "cancelled": cancelled_count,
        }),
        ..change.entry(Operation::ImportSchedule.rule().name)
    };
    change.record(entry).await
}

/// Imports into the event with that slug, which is created if there is none.
///
/// # Errors
/// As [`into_event`].
pub async fn by_slug(
    core: &Core,
    slug: &Slug,
    document: Bytes,
    how: How,
) -> Result<ImportReport, ImportError> {
    let event: Option<Arc<EventSnapshot>> = core.events.by_slug(slug.as_str()).await?;
    match event {
        Some(event) => into_event(core, &event, None, document, how).await,
        None => as_new_event(core, slug, document, how).await,
    }
}
