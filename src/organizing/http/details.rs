//! The event itself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::events::store::details::{self as store, EventRow};
use crate::events::view::EventSummary;
use crate::events::{EventChange, EventState, details};
use crate::http::conditional::Document;
use crate::http::extract::{Body, InEvent, MaybeSignedIn, PublicEvent, SignedIn};
use crate::http::patch::replace;
use crate::http::problem::Problem;
use crate::id::EventId;
use crate::identity::actor;
use crate::organizing::create::create;
use crate::organizing::view::{Event, List};
use crate::organizing::{Organizing, documents};
use crate::permission::{Operation, Target};
use crate::text::{Locale, Paragraphs, Slug, TimeZoneName, Title};

/// The open events, latest first; for organizers also their drafts and closed ones.
#[utoipa::path(get, path = "/events", tag = "events", responses(
    (status = 200, body = List<EventSummary>),
))]
pub(super) async fn list_events(
    State(own): State<Organizing>,
    MaybeSignedIn(sign_in): MaybeSignedIn,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let core = &own.core;
    let person = actor::outside(&core.identity, sign_in).await?;
    person.may(Operation::EventRead, Target::EVENT, core.clock.now())?;
    let organized = match person.person {
        None => vec![],
        Some(_) if person.administrator => store::not_open(&core.db).await?,
        Some(person) if core.identity.memory.organizers.has_of_event(person).await? => {
            store::organized_by(&core.db, person).await?
        }
        Some(_) => vec![],
    };
    if organized.is_empty() {
        return Ok(documents::open_events(&own).await?.answer(&headers));
    }
    let mut items = store::open_events(&core.db).await?;
    items.extend(organized);
    items.sort_by_key(|event| std::cmp::Reverse(event.starts_at));
    Ok(Document::new(&List { items })?.answer_personal(&headers))
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

/// Creates an event; its creator becomes its organizer.
#[utoipa::path(post, path = "/events", tag = "events", request_body = NewEvent, responses(
    (status = 201, body = Event),
    (status = 409, body = Problem, description = "The slug is taken: `event.slug_taken`"),
    (status = 422, body = Problem),
))]
pub(super) async fn create_event(
    State(own): State<Organizing>,
    SignedIn(sign_in): SignedIn,
    headers: HeaderMap,
    Body(new): Body<NewEvent>,
) -> Result<Response, Problem> {
    let core = &own.core;
    let maker = actor::outside(&core.identity, Some(sign_in)).await?;
    let row = EventRow {
        id: EventId::new(core.clock.now(), &core.random),
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
    let event = create(core, &maker, row).await?;
    let answer = documents::event(&own, &event).await?.answer(&headers);
    Ok((StatusCode::CREATED, answer).into_response())
}

/// The event as everyone sees it.
#[utoipa::path(get, path = "/events/{slug}", tag = "events", params(("slug" = String, Path)),
    responses((status = 200, body = Event), (status = 404, body = Problem)),
)]
pub(super) async fn get_event(
    State(own): State<Organizing>,
    event: PublicEvent,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    event.may(Operation::EventRead)?;
    Ok(documents::event(&own, &event.event).await?.answer(&headers))
}

/// A change to an event; fields left out stay as they are.
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
    State(own): State<Organizing>,
    in_event: InEvent,
    headers: HeaderMap,
    Body(patch): Body<EventPatch>,
) -> Result<Response, Problem> {
    in_event.may(Operation::EventChange, Target::EVENT)?;
    let core = &own.core;
    let change =
        EventChange::begin(&core.changes, in_event.event.id, in_event.actor.person).await?;
    details::change(change, |event| patch.apply(event)).await?;
    let event = core.events.by_id(in_event.event.id).await?.ok_or_else(Problem::internal)?;
    Ok(documents::event(&own, &event).await?.answer(&headers))
}

impl EventPatch {
    fn apply(self, event: &mut EventRow) {
        replace(&mut event.title, self.title);
        replace(&mut event.description, self.description);
        replace(&mut event.starts_at, self.starts_at);
        replace(&mut event.ends_at, self.ends_at);
        replace(&mut event.time_zone, self.time_zone);
        replace(&mut event.locale, self.locale);
        replace(&mut event.state, self.state);
        replace(&mut event.registration_open, self.registration_open);
        replace(&mut event.guests_allowed, self.guests_allowed);
        replace(&mut event.consent_text, self.consent_text);
    }
}
