//! The rules of an event itself.

use std::time::Duration;

use serde_json::{Value, json};

use super::store::details::{self, EventRow};
use super::{EventChange, Part};
use crate::audit::Entry;
use crate::clock::Timestamp;
use crate::db::DbError;
use crate::permission::Operation;
use crate::protocol::Refusal;

/// The maximum duration of an event.
const MAX_LENGTH: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// 2200-01-01, the latest date.
const LATEST: Timestamp = Timestamp(7_258_118_400_000);

/// Whether an event may take place then.
///
/// # Errors
/// Why it may not.
pub fn check_times(event: &EventRow) -> Result<(), Refusal> {
    if event.starts_at.0 < 0 || event.ends_at > LATEST {
        let message = "An event takes place between 1970 and 2200.";
        return Err(Refusal::invalid("starts_at", message));
    }
    if event.ends_at <= event.starts_at {
        return Err(Refusal::invalid("ends_at", "An event must end after it begins."));
    }
    if event.ends_at.since(event.starts_at) > MAX_LENGTH {
        return Err(Refusal::invalid("ends_at", "An event can last 400 days at most."));
    }
    Ok(())
}

/// What a new event's row was refused for.
pub fn not_stored(error: DbError) -> Refusal {
    if error.is_unique_violation() {
        let message = "Another event already has this name in its address. Choose a different \
                       one.";
        return Refusal::new("event.slug_taken", message).about("slug");
    }
    error.into()
}

/// Changes the event as `patch` does.
///
/// # Errors
/// When it cannot be so, or when the database refuses.
pub async fn change(
    mut change: EventChange<'_>,
    patch: impl FnOnce(&mut EventRow),
) -> Result<(), Refusal> {
    let before = details::read_in(change.db(), &mut change).await?;
    let before = before.ok_or_else(|| Refusal::not_found("event"))?;
    let mut after = before.clone();
    patch(&mut after);
    if after.consent_text != before.consent_text {
        after.consent_version += 1;
    }
    check_times(&after)?;
    if after == before {
        return Ok(());
    }
    details::update(change.db(), &mut change, &after).await?;
    let entry = Entry {
        details: difference(&before, &after),
        ..change.entry(Operation::EventChange.rule().name)
    };
    change.record(entry).await?;
    Ok(change.commit(&[Part::EVENT]).await?)
}

/// A change's details for the audit log: the names of what changed, and the event's state.
fn difference(before: &EventRow, after: &EventRow) -> Value {
    let changed = [
        ("title", before.title != after.title),
        ("description", before.description != after.description),
        ("starts_at", before.starts_at != after.starts_at),
        ("ends_at", before.ends_at != after.ends_at),
        ("time_zone", before.time_zone != after.time_zone),
        ("locale", before.locale != after.locale),
        ("state", before.state != after.state),
        ("registration_open", before.registration_open != after.registration_open),
        ("guests_allowed", before.guests_allowed != after.guests_allowed),
        ("consent_text", before.consent_text != after.consent_text),
    ];
    let names: Vec<_> =
        changed.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect();
    json!({ "changed": names, "state": after.state })
}
