//! The event itself.

use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::documents;
use crate::audit::Entry;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::store::details::{self, EventRow};
use crate::events::view::{Event, EventSummary, List};
use crate::events::{EventChange, EventState, Part};
use crate::http::conditional::Document;
use crate::http::extract::{Body, InEvent, MaybeSignedIn, PublicEvent, SignedIn};
use crate::http::patch::replace;
use crate::http::problem::Problem;
use crate::id::EventId;
use crate::identity::actor;
use crate::identity::roles::{self, NewGrant, Scope};
use crate::permission::{Operation, Role, Target};
use crate::text::{Locale, Paragraphs, Slug, TimeZoneName, Title};

/// An event is a conference, not a century.
const LONGEST: Duration = Duration::from_secs(400 * 24 * 60 * 60);
/// 2200-01-01, the end of all calendars here.
const LATEST: Timestamp = Timestamp(7_258_118_400_000);

/// The open events, the latest first; for organizers also their drafts and what is over.
#[utoipa::path(get, path = "/events", tag = "events", responses(
    (status = 200, body = List<EventSummary>),
))]
pub(super) async fn list_events(
    State(core): State<Core>,
    MaybeSignedIn(sign_in): MaybeSignedIn,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let person = actor::outside(&core.identity, sign_in).await?;
    person.may(Operation::EventRead, Target::EVENT, core.clock.now())?;
    let organized = match person.person {
        None => vec![],
        Some(_) if person.administrator => details::not_open(&core.db).await?,
        Some(person) if core.identity.memory.organizers.has_of_event(person).await? => {
            details::organized_by(&core.db, person).await?
        }
        Some(_) => vec![],
    };
    if organized.is_empty() {
        return Ok(documents::open_events(&core).await?.answer(&headers));
    }
    let mut items = details::open_events(&core.db).await?;
    items.extend(organized);
    items.sort_by_key(|event| std::cmp::Reverse(event.starts_at));
    Ok(Document::new(&List { items })?.answer(&headers))
}

/// A new event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewEvent {
    slug: Slug,
    title: Title,
    #[serde(default)]
    description: Paragraphs,
    starts_at: Timestamp,
    ends_at: Timestamp,
    time_zone: TimeZoneName,
    #[serde(default)]
    locale: Locale,
    #[serde(default)]
    state: EventState,
    #[serde(default)]
    registration_open: bool,
    #[serde(default)]
    guests_allowed: bool,
    #[serde(default)]
    consent_text: Paragraphs,
}

/// Makes an event; its maker becomes its organizer.
#[utoipa::path(post, path = "/events", tag = "events", request_body = NewEvent, responses(
    (status = 201, body = Event),
    (status = 409, body = Problem, description = "The slug is taken: `event.slug_taken`"),
    (status = 422, body = Problem),
))]
pub(super) async fn create_event(
    State(core): State<Core>,
    SignedIn(sign_in): SignedIn,
    headers: HeaderMap,
    Body(new): Body<NewEvent>,
) -> Result<Response, Problem> {
    let maker = actor::outside(&core.identity, Some(sign_in)).await?;
    let now = core.clock.now();
    maker.may(Operation::EventCreate, Target::EVENT, now)?;
    let row = EventRow {
        id: EventId::new(now, &core.random),
        slug: new.slug.into(),
        title: new.title.into(),
        description: new.description.into(),
        starts_at: new.starts_at,
        ends_at: new.ends_at,
        time_zone: new.time_zone.into(),
        locale: new.locale.into(),
        state: new.state,
        registration_open: new.registration_open,
        guests_allowed: new.guests_allowed,
        consent_text: new.consent_text.into(),
        consent_version: 1,
    };
    check_times(&row)?;

    let mut transaction = core.db.begin().await?;
    details::insert(&core.db, &mut transaction, &row, now, &core.random).await.map_err(taken)?;
    let scope = Scope { event: Some(row.id), room: None };
    let organizer = NewGrant { person: sign_in.person, role: Role::Organizer, scope };
    roles::grant_in(&core.identity, &mut transaction, organizer, Some(sign_in.person)).await?;
    let mut change = EventChange::within(&core, transaction, row.id, Some(sign_in.person));
    let entry = Entry {
        details: json!({ "slug": row.slug, "title": row.title }),
        ..change.entry(Operation::EventCreate.rule().name)
    };
    change.record(entry).await?;
    change.commit(&[Part::Event]).await?;

    let event = core.events.by_id(row.id).await?.ok_or_else(Problem::internal)?;
    let answer = documents::event(&core, &event).await?.answer(&headers);
    Ok((StatusCode::CREATED, answer).into_response())
}

fn taken(error: DbError) -> Problem {
    if error.is_unique_violation() {
        let problem = Problem::conflict(
            "event.slug_taken",
            "Another event has this name in its address. Choose another.",
        );
        return Problem { field: Some("slug".to_owned()), ..problem };
    }
    error.into()
}

fn check_times(event: &EventRow) -> Result<(), Problem> {
    if event.starts_at.0 < 0 || event.ends_at > LATEST {
        return Err(Problem::invalid("starts_at", "An event takes place between 1970 and 2200."));
    }
    if event.ends_at <= event.starts_at {
        return Err(Problem::invalid("ends_at", "An event ends after it has begun."));
    }
    if event.ends_at.since(event.starts_at) > LONGEST {
        return Err(Problem::invalid("ends_at", "An event lasts at most 400 days."));
    }
    Ok(())
}

/// The event as everybody sees it.
#[utoipa::path(get, path = "/events/{slug}", tag = "events", params(("slug" = String, Path)),
    responses((status = 200, body = Event), (status = 404, body = Problem)),
)]
pub(super) async fn get_event(
    State(core): State<Core>,
    event: PublicEvent,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    event.may(Operation::EventRead)?;
    Ok(documents::event(&core, &event.event).await?.answer(&headers))
}

/// What is to change of an event; what is not sent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EventPatch {
    title: Option<Title>,
    description: Option<Paragraphs>,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
    time_zone: Option<TimeZoneName>,
    locale: Option<Locale>,
    state: Option<EventState>,
    registration_open: Option<bool>,
    guests_allowed: Option<bool>,
    consent_text: Option<Paragraphs>,
}

/// Changes the event.
#[utoipa::path(patch, path = "/events/{slug}", tag = "events", params(("slug" = String, Path)),
    request_body = EventPatch,
    responses((status = 200, body = Event), (status = 422, body = Problem)),
)]
pub(super) async fn change_event(
    State(core): State<Core>,
    in_event: InEvent,
    headers: HeaderMap,
    Body(patch): Body<EventPatch>,
) -> Result<Response, Problem> {
    in_event.may(Operation::EventChange, Target::EVENT)?;
    let mut change = EventChange::begin(&core, in_event.event.id, in_event.actor.person).await?;
    let before = details::read_in(&core.db, &mut change).await?;
    let before = before.ok_or_else(|| Problem::not_found("event"))?;
    let after = patched(before.clone(), patch);
    check_times(&after)?;
    if after != before {
        details::update(&core.db, &mut change, &after).await?;
        let entry = Entry {
            details: difference(&before, &after),
            ..change.entry(Operation::EventChange.rule().name)
        };
        change.record(entry).await?;
        change.commit(&[Part::Event]).await?;
    }
    let event = core.events.by_id(in_event.event.id).await?.ok_or_else(Problem::internal)?;
    Ok(documents::event(&core, &event).await?.answer(&headers))
}

fn patched(mut event: EventRow, patch: EventPatch) -> EventRow {
    replace(&mut event.title, patch.title);
    replace(&mut event.description, patch.description);
    replace(&mut event.starts_at, patch.starts_at);
    replace(&mut event.ends_at, patch.ends_at);
    replace(&mut event.time_zone, patch.time_zone);
    replace(&mut event.locale, patch.locale);
    replace(&mut event.state, patch.state);
    replace(&mut event.registration_open, patch.registration_open);
    replace(&mut event.guests_allowed, patch.guests_allowed);
    if let Some(text) = patch.consent_text.filter(|text| text.as_str() != event.consent_text) {
        event.consent_text = text.into();
        event.consent_version += 1;
    }
    event
}

/// What the audit log keeps of a change: the names of what changed, and where the event stands.
fn difference(before: &EventRow, after: &EventRow) -> serde_json::Value {
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
