//! The agenda: sessions, their tracks, rooms and speakers, and who wants to see which.
//!
//! It comes from outside, as a schedule that is imported ([`schedule`]) as often as it changes;
//! everybody reads it, as one document that is kept in memory.

mod command;
pub mod http;
mod pictures;
mod pictures_store;
pub mod schedule;
mod store;
pub mod view;

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::FromRef;
use jiff::Timestamp as Moment;
use tokio::sync::Semaphore;

use crate::core::Core;
use crate::events::{EventSnapshot, Part, Versioned};
use crate::http::conditional::Document;
use crate::id::{EventId, SessionId};
use crate::protocol::Refusal;
use crate::registry::{Group, Registry};
use crate::text::TimeZoneName;

pub use store::set_person_of_speaker;

/// The agenda has changed.
pub const AGENDA: Part = Part::new("agenda").public();

/// Where a session stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// It takes place.
    Scheduled,
    /// It was announced and does not take place.
    Cancelled,
}

impl SessionState {
    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Scheduled, Self::Cancelled].into_iter().find(|state| state.name() == name)
    }
}

/// The agendas of this node's events; cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub struct Agenda {
    core: Core,
    #[from_ref(skip)]
    agendas: Arc<Agendas>,
}

/// The agendas that have been read, in memory.
#[derive(Debug)]
struct Agendas {
    documents: Versioned<EventId, AgendaDocument>,
    /// Serializes imports over REST.
    import_turn: Semaphore,
}

/// Registers the agenda.
pub fn register(hub: &mut Registry, core: &Core) {
    let agendas = Agendas { documents: Versioned::default(), import_turn: Semaphore::new(1) };
    hub.part(AGENDA);
    hub.routes(http::router(), Agenda { core: core.clone(), agendas: Arc::new(agendas) });
    hub.beginning_command(Group::IMPORT, command::import);
    let changed = Arc::<pictures::Changed>::default();
    core.events.observe(Arc::<pictures::Changed>::clone(&changed));
    let own = core.clone();
    hub.task("agenda.pictures", async move |_| pictures::run(own, changed).await);
    let own = core.clone();
    hub.sweep(move || {
        let core = own.clone();
        async move { pictures::sweep(&core).await }
    });
}

/// The shared agenda.
#[derive(Debug)]
pub struct AgendaDocument {
    /// The answer.
    pub document: Document,
    /// The sessions in it.
    pub sessions: HashSet<SessionId>,
}

impl Agenda {
    /// The agenda of an event at its present version.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of_event(&self, event: &EventSnapshot) -> Result<Arc<AgendaDocument>, Refusal> {
        let (db, clock) = (&self.core.db, &self.core.clock);
        let make = async {
            let agenda = without_hidden_rooms(store::agenda(db, event).await?, event);
            let sessions = agenda.sessions.iter().map(|session| session.id).collect();
            let document = Document::new(&agenda)?;
            Ok::<_, Refusal>((AgendaDocument { document, sessions }, None))
        };
        self.agendas.documents.get(event.id, event.version, clock.now(), make).await
    }
}

/// The public agenda, without sessions in hidden rooms.
fn without_hidden_rooms(mut agenda: view::Agenda, event: &EventSnapshot) -> view::Agenda {
    let hidden = |room| event.rooms.get(&room).is_some_and(|room| room.hidden);
    agenda.sessions.retain(|session| !session.room.is_some_and(hidden));
    let rooms: HashSet<_> = agenda.sessions.iter().filter_map(|session| session.room).collect();
    agenda.rooms.retain(|room| rooms.contains(&room.id));
    let tracks: HashSet<_> = agenda.sessions.iter().filter_map(|session| session.track).collect();
    agenda.tracks.retain(|track| tracks.contains(&track.id));
    let speakers: HashSet<_> =
        agenda.sessions.iter().flat_map(|session| session.speakers.iter().copied()).collect();
    agenda.speakers.retain(|speaker| speakers.contains(&speaker.id));
    agenda.days = days(&agenda);
    agenda
}

/// The days on which sessions begin, in the event's time zone, as `2019-08-21`.
fn days(agenda: &view::Agenda) -> Vec<String> {
    let zone = TimeZoneName::try_from(agenda.time_zone.clone()).map(|name| name.zone());
    let zone = zone.unwrap_or(jiff::tz::TimeZone::UTC);
    let begins = agenda.sessions.iter().map(|session| session.starts_at);
    let mut days: Vec<_> = begins
        .filter_map(|time| Moment::from_millisecond(time.0).ok())
        .map(|moment| moment.to_zoned(zone.clone()).date().to_string())
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}
