//! A conference to look at: made up, taking place around now, so that something is always on.
//!
//! `plenary serve --sample` makes it when the database is empty, through the same doors as
//! anything else: the schedule is imported, people register, messages go through the log.

mod data;
mod people;
mod schedule;
mod talk;

use anyhow::Context as _;

use crate::agenda::schedule::import::{self, How};
use crate::app::App;
use crate::db::{DbError, Transaction};
use crate::events::store::details;
use crate::events::store::fields;
use crate::events::store::ticket_types::{self, TicketTypeRow};
use crate::events::view::{Field, FieldKind};
use crate::events::{EventChange, EventSnapshot, EventState, Part};
use crate::id::{FieldId, TicketTypeId};
use crate::identity::{link, person};
use crate::text::Slug;
use data::Conference;

/// The event's name in addresses.
const SLUG: &str = "sample";

/// Links to sign in with, each good once and for half an hour, by what they let one be.
pub type SignInLinks = Vec<(&'static str, String)>;

/// Makes the sample conference when there is no event yet, and links to sign in to it; nothing
/// when the database holds something else.
///
/// # Errors
/// When the database does not answer.
pub async fn prepare(app: &App) -> anyhow::Result<Option<SignInLinks>> {
    if !details::any(&app.db).await? {
        make(app).await.context("the sample conference could not be made")?;
    }
    let Some(event) = app.events.by_slug(SLUG).await? else { return Ok(None) };
    let links = sign_in_links(app, &event).await?;
    Ok(Some(links).filter(|links| !links.is_empty()))
}

async fn make(app: &App) -> anyhow::Result<()> {
    let conference = Conference::read()?;
    let slug = Slug::try_from(SLUG.to_owned())?;
    let document = schedule::document(&conference, app.clock.now())?;
    import::as_new_event(app, &slug, document, How::default()).await?;
    let event = event(app).await?;
    open(app, &event, &conference).await?;
    let event = self::event(app).await?;
    let people = people::make(app, &event, &conference).await?;
    let event = self::event(app).await?;
    talk::say(app, &event, &conference, &people).await
}

async fn event(app: &App) -> anyhow::Result<std::sync::Arc<EventSnapshot>> {
    app.events.by_slug(SLUG).await?.context("the event is gone")
}

/// Opens the event, with what an organizer would set up by hand.
async fn open(app: &App, event: &EventSnapshot, conference: &Conference) -> anyhow::Result<()> {
    let mut change = EventChange::begin(&app.changes, event.id, None).await?;
    let row = details::read_in(&app.db, &mut change).await?.context("the event is gone")?;
    let row = details::EventRow {
        description: conference.description.clone(),
        consent_text: conference.consent_text.clone(),
        state: EventState::Open,
        registration_open: true,
        guests_allowed: true,
        ..row
    };
    details::update(&app.db, &mut change, &row).await?;
    for (position, (name, description, quota, hidden)) in (0..).zip([
        ("Online", "All talks, all rooms, from wherever you are.", None, false),
        ("Supporter", "The same, and it pays for somebody else's ticket.", Some(200), false),
        ("Speaker", "For those who give a talk.", Some(40), true),
    ]) {
        let ticket_type = TicketTypeRow {
            id: TicketTypeId::new(change.now, &app.random),
            name: name.to_owned(),
            description: description.to_owned(),
            quota,
            taken: 0,
            sales_from: None,
            sales_until: None,
            hidden,
            position,
        };
        ticket_types::insert(&app.db, &mut change, &ticket_type).await?;
    }
    for (position, (key, label, kind, options)) in (0..).zip([
        ("heard", "How did you hear of us?", FieldKind::Choice, &HEARD[..]),
        ("question", "A question you bring with you", FieldKind::LongText, &[]),
        ("soup", "I would like soup", FieldKind::Checkbox, &[]),
    ]) {
        let field = Field {
            id: FieldId::new(change.now, &app.random),
            key: key.to_owned(),
            label: label.to_owned(),
            kind,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            required: false,
            position,
        };
        fields::insert(&app.db, &mut change, &field).await?;
    }
    change.commit(&[Part::EVENT]).await?;
    Ok(())
}

const HEARD: [&str; 4] = ["From a friend", "On the web", "At another conference", "By accident"];

/// For each of the three people, where they are still who they were.
async fn sign_in_links(app: &App, event: &EventSnapshot) -> anyhow::Result<SignInLinks> {
    let mut links = vec![];
    for (role, email) in [
        ("organizer", "organizer@example.org"),
        ("moderator", "moderator@example.org"),
        ("attendee", "attendee@example.org"),
    ] {
        let email = email.parse()?;
        let Some(person) = person::find_by_email(&app.db, &email).await? else { continue };
        let next = format!("/e/{SLUG}").parse()?;
        let mut transaction: Transaction = app.db.begin().await?;
        let issued = link::issue(
            &app.identity,
            &mut transaction,
            person.id,
            &email,
            Some(event),
            Some(next),
        );
        let link = issued.await?;
        transaction.commit().await.map_err(DbError::from)?;
        links.push((role, link));
    }
    Ok(links)
}
