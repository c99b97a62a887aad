//! What must be known of a person who opens a socket, asked for everybody together who does so at
//! the same time.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::FutureExt as _;
use sqlx::any::AnyRow;

use super::appearance::face_of;
use super::sign_in::SignIn;
use crate::clock::{Clock, Timestamp};
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, Together};
use crate::events::EventSnapshot;
use crate::hub::Face;
use crate::id::{EventId, PersonId};
use crate::permission::Actor;

/// A person as they arrive in an event.
#[derive(Clone, Debug)]
pub struct Arrival {
    row: Row,
    sign_in: SignIn,
}

#[derive(Clone, Debug)]
struct Row {
    face: FaceRow,
    registered: bool,
    founder: bool,
    signed_in: bool,
}

/// What a face is made of.
#[derive(Clone, Debug)]
pub(super) struct FaceRow {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) picture: Option<String>,
    pub(super) affiliation: String,
    pub(super) guest: bool,
    /// Whether their registration, if they have one, stands in the directory.
    pub(super) listed: bool,
}

impl FaceRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, DbError> {
        Ok(Self {
            person: PersonId(row.uuid("id")?),
            name: row.text("name")?,
            picture: row.optional_text("picture")?,
            affiliation: row.text("affiliation")?,
            guest: row.text("kind")? == "guest",
            listed: row.optional_number("listed")?.is_none_or(|listed| listed != 0),
        })
    }
}

impl Arrival {
    /// Whether the sign-in still counts.
    pub fn is_signed_in(&self) -> bool {
        self.row.signed_in
    }

    /// What they are in the event, for the permission function.
    pub fn actor(&self, event: &EventSnapshot) -> Actor {
        Actor {
            person: Some(self.sign_in.person),
            guest: self.sign_in.guest && event.guests_allowed,
            registered: self.row.registered,
            founder: self.row.founder,
            grants: event.grants_of(self.sign_in.person),
            restrictions: event.restrictions_of(self.sign_in.person),
        }
    }

    /// How they appear to others.
    ///
    /// # Errors
    /// When their card cannot be encoded, which is a fault of the program.
    pub fn face(&self, event: &EventSnapshot) -> Result<Face, DbError> {
        face_of(&self.row.face, event)
    }
}

/// Asks for those who arrive.
#[derive(Debug)]
pub struct Arrivals(Together<(EventId, SignIn), Option<Arrival>>);

impl Arrivals {
    /// Asks this database.
    pub fn new(db: &Db, clock: &Clock) -> Self {
        let (db, clock) = (db.clone(), clock.clone());
        Self(Together::new(move |arriving| {
            let (db, now) = (db.clone(), clock.now());
            async move { read(&db, &arriving, now).await }.boxed()
        }))
    }

    /// The person of this sign-in in this event; nothing when they are gone.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(&self, event: EventId, sign_in: SignIn) -> Result<Option<Arrival>, DbError> {
        self.0.ask((event, sign_in)).await
    }
}

async fn read(
    db: &Db,
    arriving: &[(EventId, SignIn)],
    now: Timestamp,
) -> Result<Vec<Option<Arrival>>, DbError> {
    let mut by_event: BTreeMap<EventId, Vec<SignIn>> = BTreeMap::new();
    for (event, sign_in) in arriving {
        by_event.entry(*event).or_default().push(*sign_in);
    }
    let mut found = HashMap::new();
    for (event, sign_ins) in by_event {
        // The sign-in is a part of the row, so that one who came in twice is read twice.
        let text = format!(
            "SELECT s.id AS sign_in, s.expires_at, p.id, p.name, p.picture, p.affiliation, p.kind,
                    r.status, r.listed,
                    (SELECT COUNT(*) FROM role_grants g WHERE g.person_id = p.id
                         AND g.event_id IS NULL AND g.role = 'organizer') AS founder
             FROM sign_ins s JOIN people p ON p.id = s.person_id
             LEFT JOIN registrations r ON r.person_id = p.id AND r.event_id = ?
             WHERE s.id IN ({})",
            placeholders(sign_ins.len())
        );
        let mut statement = db.query_built(text).bind(event.bytes());
        for sign_in in &sign_ins {
            statement = statement.bind(sign_in.id.bytes());
        }
        for row in db.all(statement).await? {
            let read = Row {
                face: FaceRow::read(&row)?,
                registered: row.optional_text("status")?.as_deref() == Some("confirmed"),
                founder: row.count("founder")? > 0,
                signed_in: row.time("expires_at")? > now,
            };
            found.insert((event, row.uuid("sign_in")?), read);
        }
    }
    let arrival = |(event, sign_in): &(EventId, SignIn)| {
        let row = found.get(&(*event, sign_in.id.0))?.clone();
        Some(Arrival { row, sign_in: *sign_in })
    };
    Ok(arriving.iter().map(arrival).collect())
}
