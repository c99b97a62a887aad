//! A person's view of their own account.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::me_store;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::db::DbError;
use crate::events::EventState;
use crate::id::{EventId, PersonId};
use crate::permission::{Grant, Level, Role};

use crate::identity::actor;
use crate::identity::person::{self, Person};
use crate::identity::sign_in::SignIn;

/// How many events the list holds, the latest first.
const MAX_EVENTS: usize = 200;

/// A person's own account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person.
    pub id: PersonId,
    /// Whether this is an account or a read-only guest.
    pub kind: Kind,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the person has proved that the address is theirs.
    pub email_confirmed: bool,
    /// Whether they can sign in by password.
    pub has_password: bool,
    /// What others see.
    pub profile: Profile,
    /// The language in which they want to be spoken to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The events they have a part in, the latest first.
    pub events: Vec<OwnEvent>,
    /// Whether they may create events.
    pub may_create_events: bool,
    /// Where to go now, after a mailed link that was asked for there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Who has signed in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountKind)]
pub enum Kind {
    /// Somebody with an account.
    Person,
    /// A read-only guest.
    Guest,
}

/// What others see of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Profile {
    /// The name they go by.
    pub name: String,
    /// Where they work or study.
    pub affiliation: String,
    /// What they say about themselves.
    pub about: String,
    /// The languages they speak.
    pub languages: Vec<String>,
    /// The address of the picture, within this site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// An event in which somebody has a part.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnEvent {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// Where it stands.
    pub state: EventState,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// The person's roles in it.
    pub roles: Vec<Grant>,
    /// Where the person's registration stands, if there is one: pending, confirmed or cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<super::registration::Status>)]
    pub registration_status: Option<String>,
    /// Whether the registration waits for the moderators.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

impl From<&Person> for Profile {
    fn from(person: &Person) -> Self {
        Self {
            name: person.name.clone(),
            affiliation: person.affiliation.clone(),
            about: person.about.clone(),
            languages: person.languages.clone(),
            picture: person.picture_path(),
        }
    }
}

/// The account behind a sign-in; `None` if it is gone.
///
/// # Errors
/// When the database does not answer.
pub async fn read(core: &Core, sign_in: SignIn) -> Result<Option<Me>, DbError> {
    let Some(person) = person::find(&core.db, sign_in.person).await? else { return Ok(None) };
    let actor = actor::outside(&core.identity, Some(sign_in)).await?;
    let events = events(core, person.id).await?;
    Ok(Some(Me {
        id: person.id,
        kind: if person.guest { Kind::Guest } else { Kind::Person },
        email_confirmed: person.email_confirmed_at.is_some(),
        has_password: person.password_hash.is_some(),
        profile: Profile::from(&person),
        email: person.email,
        locale: person.locale.map(String::from),
        events,
        may_create_events: actor.level(None) >= Level::Administrator,
        next: None,
    }))
}

async fn events(core: &Core, person: PersonId) -> Result<Vec<OwnEvent>, DbError> {
    let mut found: HashMap<EventId, OwnEvent> = me_store::registered(&core.db, person).await?;
    for (id, event, grant) in me_store::granted(&core.db, person).await? {
        found.entry(id).or_insert(event).roles.push(grant);
    }
    let mut events: Vec<OwnEvent> = found
        .into_values()
        // A draft exists for its organizers only.
        .filter(|event| {
            event.state != EventState::Draft
                || event
                    .roles
                    .iter()
                    .any(|grant| grant.role == Role::Organizer && grant.room.is_none())
        })
        .collect();
    events.sort_by(|one, other| (other.starts_at, &other.slug).cmp(&(one.starts_at, &one.slug)));
    events.truncate(MAX_EVENTS);
    Ok(events)
}
