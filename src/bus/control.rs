//! What nodes tell each other about what they keep in memory: not what it is now, but that it is to
//! be looked at again.

use serde::{Deserialize, Serialize};

use crate::id::{ChannelId, EventId, PersonId, RoomId, SignInId};

/// Something that nodes keep has changed in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// An event: its rooms, roles, sanctions, registrations, itself.
    Event {
        /// Which.
        event: EventId,
        /// The version before.
        after: u64,
        /// The version since.
        version: u64,
        /// What has changed; when it is too much to say, all is to be looked at.
        news: Option<Vec<EventNews>>,
    },
    /// Sign-ins of a person have ended.
    SignInsEnded {
        /// Whose.
        person: PersonId,
        /// Which.
        sign_ins: Vec<SignInId>,
    },
    /// A person appears differently.
    Face {
        /// Who.
        person: PersonId,
    },
    /// One of two people has blocked the other, or lifted it.
    Block {
        /// The two.
        people: [PersonId; 2],
    },
    /// Somebody has become an organizer of the installation, or is none any more.
    Founders,
    /// A person has read all of a channel: what else they have open shows nothing unread.
    Read {
        /// Whose channel it is.
        event: EventId,
        /// Who.
        person: PersonId,
        /// What.
        channel: ChannelId,
        /// The number of the last change.
        seq: u64,
        /// The how-manieth message is the last.
        ordinal: u64,
    },
}

/// What has changed in an event, and for whom; for everybody when nobody is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventNews {
    /// What.
    pub part: EventPart,
    /// For whom.
    pub people: Vec<PersonId>,
}

/// A part of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventPart {
    /// The event itself.
    Event,
    /// Its rooms.
    Rooms,
    /// Slow mode or the lock of a room.
    Switches(RoomId),
    /// Its agenda.
    Agenda,
    /// Somebody's roles.
    Roles,
    /// Somebody's sanctions.
    Sanctions,
    /// Somebody's registration.
    Registrations,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// What nodes of other versions must still understand.
    #[test]
    fn messages_look_like_this() {
        let id = Uuid::from_u128(1);
        let news = EventNews { part: EventPart::Switches(RoomId(id)), people: vec![] };
        let switched =
            Control::Event { event: EventId(id), after: 3, version: 4, news: Some(vec![news]) };
        let person = PersonId(id);
        for (control, text) in [
            (
                switched,
                r#"{"event":{"event":"ID","after":3,"version":4,"news":[{"part":{"switches":"ID"},"people":[]}]}}"#,
            ),
            (
                Control::SignInsEnded { person, sign_ins: vec![SignInId(id)] },
                r#"{"sign_ins_ended":{"person":"ID","sign_ins":["ID"]}}"#,
            ),
            (Control::Face { person }, r#"{"face":{"person":"ID"}}"#),
            (Control::Block { people: [person; 2] }, r#"{"block":{"people":["ID","ID"]}}"#),
            (Control::Founders, r#""founders""#),
            (
                Control::Read {
                    event: EventId(id),
                    person,
                    channel: ChannelId(id),
                    seq: 7,
                    ordinal: 5,
                },
                r#"{"read":{"event":"ID","person":"ID","channel":"ID","seq":7,"ordinal":5}}"#,
            ),
        ] {
            let text = text.replace("ID", &id.to_string());
            assert_eq!(serde_json::to_string(&control).unwrap(), text);
            assert_eq!(serde_json::from_str::<Control>(&text).unwrap(), control);
        }
    }
}
