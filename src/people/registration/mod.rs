//! Registrations for an event.
//!
//! People who are signed in are registered at once. A stranger's registration is `pending` and
//! holds its seat until the mailed link is used; unused, it lapses after a day. The stranger's
//! browser gets the same answer whether the address is known or not.

mod cancel;
mod change;
mod form;
mod held;
mod letters;
mod proof;
mod request;
mod seats;
mod store;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Timestamp;
use crate::db::DbError;
use crate::id::{RegistrationId, TicketTypeId};

pub use cancel::{NotReinstated, admit, cancel, reinstate, turn_away};
pub use change::change;
pub use form::{Answer, Answers, check_answers, check_given};
pub(in crate::people) use held::hold_banned;
pub use proof::redeem;
pub use request::{Accepted, Request, Stranger, ask_again, check, held_by, of_person, of_stranger};
pub use store::{HeldRegistration, ListQuery, Listed, find, held, list, of, sweep};

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RegistrationStatus)]
pub enum Status {
    /// It waits for the proof of the address.
    Pending,
    /// The person takes part.
    Confirmed,
    /// The person no longer takes part.
    Cancelled,
}

impl Status {
    /// The name in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The status of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Confirmed, Self::Cancelled]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A person's registration for an event.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// Where it stands.
    pub status: Status,
    /// The kind of ticket, if the event has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_type: Option<TicketTypeId>,
    /// The answers to the form's questions, by their keys.
    #[schema(value_type = std::collections::BTreeMap<String, Answer>)]
    pub answers: Answers,
    /// Whether others find the person in the directory.
    pub listed: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it waits for the moderators. Until they have decided it lets nobody in, as if it were
    /// cancelled.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

/// Why somebody was not registered.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The event takes no registrations now.
    #[error("Registration for this event is closed.")]
    Closed,
    /// The ticket is not sold now.
    #[error("This ticket is not on sale right now.")]
    NotOnSale,
    /// All are taken.
    #[error("This ticket is sold out.")]
    SoldOut,
    /// The person is registered already.
    #[error("You are already registered.")]
    Already,
    /// The moderators have not decided yet whether the person may take part.
    #[error("Your registration waits for the moderators, who decide whether you can take part.")]
    Held,
    /// The organizers cancelled the person's registration.
    #[error("The organizers have cancelled your registration. Please write to them.")]
    Cancelled,
    /// Values that were filled in do not fit, or are missing.
    #[error("{}", sentences(.0))]
    Fields(Vec<WrongField>),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// A value that was filled in and does not fit, or is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongField {
    /// Which.
    pub field: String,
    /// Why not: a sentence for people.
    pub why: String,
}

impl WrongField {
    fn new(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}

fn sentences(wrong: &[WrongField]) -> String {
    wrong.iter().map(|wrong| wrong.why.as_str()).collect::<Vec<_>>().join(" ")
}
