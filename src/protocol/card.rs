//! Who a person is, as others see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::id::PersonId;
use crate::permission::{Grant, Role};

/// The mark beside a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Badge {
    /// A read-only guest.
    Guest,
    /// A speaker.
    Speaker,
    /// An exhibitor.
    Exhibitor,
    /// A moderator.
    Moderator,
    /// An organizer.
    Organizer,
}

impl Badge {
    /// The badge for the highest of these roles, whatever their scope.
    pub fn of(grants: &[Grant]) -> Option<Self> {
        match grants.iter().map(|grant| grant.role).max()? {
            Role::Attendee => None,
            Role::Speaker => Some(Self::Speaker),
            Role::Exhibitor => Some(Self::Exhibitor),
            Role::Moderator => Some(Self::Moderator),
            Role::Organizer => Some(Self::Organizer),
        }
    }
}

/// A person in brief, as shown beside a message or in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// The person.
    pub id: PersonId,
    /// The name they go by.
    pub name: String,
    /// The letters as which the name is easily read, if they are not its own: without accents, and
    /// with those of other scripts as the ones that they look like. People whose names read the same
    /// need to be told apart where they stand together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<String>,
    /// The address of their picture, a square of up to 128 pixels; with `?size=large`, of up to 512.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Where they work or study.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub affiliation: Option<String>,
    /// Their part in the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub badge: Option<Badge>,
}
