//! Identifiers, each a type of its own, so that a room's id cannot be passed for a channel's.
//!
//! All are version 7 UUIDs (RFC 9562): text on the wire, 16 bytes in the database.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::random::Random;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier, made at `now`.
            pub fn new(now: Timestamp, random: &Random) -> Self {
                Self(random.uuid(now))
            }

            /// The 16 bytes as stored in the database.
            pub fn bytes(self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }

            /// Reads the database's 16 bytes.
            ///
            /// # Errors
            /// When there are not exactly 16 of them.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, uuid::Error> {
                Uuid::from_slice(bytes).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )*};
}

identifiers! {
    /// An installation: a database and the nodes that serve it.
    InstallationId,
    /// A log, to which all channels' positions belong. A restore begins a new one.
    LogId,
    /// A running hub; new with each start.
    NodeId,
    /// An event: one conference.
    EventId,
    /// A person, the same in every event.
    PersonId,
    /// A person's registration for an event.
    RegistrationId,
    /// A kind of ticket that an event offers.
    TicketTypeId,
    /// A question of an event's registration form.
    FieldId,
    /// A role granted to a person.
    GrantId,
    /// An invitation to a role.
    InvitationId,
    /// A room of an event.
    RoomId,
    /// A channel: a numbered sequence of messages.
    ChannelId,
    /// A message's identifier chosen by its sender; makes sending idempotent.
    ClientMessageId,
    /// A session of the agenda.
    SessionId,
    /// A track of the agenda.
    TrackId,
    /// A speaker of the agenda.
    SpeakerId,
    /// One sign-in: a person on one browser.
    SignInId,
    /// One open socket.
    ConnectionId,
    /// A time-out or a ban.
    SanctionId,
    /// A line of the audit log.
    AuditId,
    /// A mail in the outbox.
    MailId,
    /// A token that was mailed.
    MailTokenId,
}
