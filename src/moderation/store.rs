//! Sanctions and the switches of rooms in the database.

use std::collections::{BTreeSet, HashMap};

use sqlx::any::AnyRow;

use super::{PastSanction, Sanction};
use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError, Statement};
use crate::events::{EventChange, EventSnapshot};
use crate::id::{EventId, PersonId, RoomId, SanctionId};
use crate::identity::card::cards;
use crate::permission::{Restriction, SanctionKind};
use crate::protocol::Card;

const COLUMNS: &str = "id, person_id, kind, room_id, reason, created_by, created_at, expires_at, \
                       lifted_at, lifted_by";

/// A sanction as it is stored.
struct Row {
    id: SanctionId,
    person: PersonId,
    kind: SanctionKind,
    room: Option<RoomId>,
    reason: String,
    by: Option<PersonId>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    lifted_at: Option<Timestamp>,
    lifted_by: Option<PersonId>,
}

impl Row {
    fn read(row: &AnyRow) -> Result<Self, DbError> {
        let kind = row.text("kind")?;
        Ok(Self {
            id: SanctionId(row.uuid("id")?),
            person: PersonId(row.uuid("person_id")?),
            kind: SanctionKind::from_name(&kind).ok_or(DbError::Value(kind))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
            reason: row.text("reason")?,
            by: row.optional_uuid("created_by")?.map(PersonId),
            created_at: row.time("created_at")?,
            expires_at: row.optional_time("expires_at")?,
            lifted_at: row.optional_time("lifted_at")?,
            lifted_by: row.optional_uuid("lifted_by")?.map(PersonId),
        })
    }

    /// The sanction as shown to moderators; `None` if its person is gone, which cannot happen.
    fn past(self, cards: &HashMap<PersonId, Card>, now: Timestamp) -> Option<PastSanction> {
        let card = |person: Option<PersonId>| cards.get(&person?).cloned();
        let expired = self.expires_at.is_some_and(|until| until <= now);
        Some(PastSanction {
            active: self.lifted_at.is_none() && !expired,
            lifted_at: self.lifted_at,
            lifted_by: card(self.lifted_by),
            sanction: Sanction {
                id: self.id,
                kind: self.kind,
                person: card(Some(self.person))?,
                room: self.room,
                reason: self.reason,
                created_at: self.created_at,
                expires_at: self.expires_at,
                by: card(self.by),
            },
        })
    }
}

async fn read(
    db: &Db,
    event: &EventSnapshot,
    statement: Statement,
    now: Timestamp,
) -> Result<Vec<PastSanction>, DbError> {
    let rows = db.all(statement).await?;
    let rows = rows.iter().map(Row::read).collect::<Result<Vec<_>, _>>()?;
    let people: BTreeSet<PersonId> =
        rows.iter().flat_map(|row| [Some(row.person), row.by, row.lifted_by]).flatten().collect();
    let cards = cards(db, event, &people).await?;
    Ok(rows.into_iter().filter_map(|row| row.past(&cards, now)).collect())
}

/// The sanctions in force on these people, at least one, oldest first, without who imposed them.
pub(super) async fn active_on(
    db: &Db,
    event: &EventSnapshot,
    people: &[PersonId],
    now: Timestamp,
) -> Result<Vec<Sanction>, DbError> {
    let text = format!(
        "SELECT {COLUMNS} FROM sanctions
         WHERE event_id = ? AND person_id IN ({}) AND lifted_at IS NULL
           AND (expires_at IS NULL OR expires_at > ?)
         ORDER BY id",
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(event.id.bytes());
    let statement = people.iter().fold(statement, |statement, one| statement.bind(one.bytes()));
    let statement = statement.bind(now.0);
    let found = read(db, event, statement, now).await?;
    Ok(found.into_iter().map(|past| Sanction { by: None, ..past.sanction }).collect())
}

/// Which sanctions a moderator wants to see, newest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// Those on this person, including past ones; without a person only active ones.
    pub(super) person: Option<PersonId>,
    /// Those of this room.
    pub(super) room: Option<RoomId>,
    /// Those before this one.
    pub(super) before: Option<SanctionId>,
    /// The maximum number.
    pub(super) limit: usize,
}

/// A page of sanctions for a moderator.
pub(super) async fn page(
    db: &Db,
    event: &EventSnapshot,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Vec<PastSanction>, DbError> {
    let mut text = format!("SELECT {COLUMNS} FROM sanctions WHERE event_id = ?");
    text += match wanted.person {
        Some(_) => " AND person_id = ?",
        None => " AND lifted_at IS NULL AND (expires_at IS NULL OR expires_at > ?)",
    };
    if wanted.room.is_some() {
        text += " AND room_id = ?";
    }
    if wanted.before.is_some() {
        text += " AND id < ?";
    }
    text += &format!(" ORDER BY id DESC LIMIT {}", wanted.limit);
    let mut statement = db.query_built(text).bind(event.id.bytes());
    statement = match wanted.person {
        Some(person) => statement.bind(person.bytes()),
        None => statement.bind(now.0),
    };
    if let Some(room) = wanted.room {
        statement = statement.bind(room.bytes());
    }
    if let Some(before) = wanted.before {
        statement = statement.bind(before.bytes());
    }
    read(db, event, statement, now).await
}

/// A sanction of this event.
pub(super) async fn find(
    db: &Db,
    event: &EventSnapshot,
    id: SanctionId,
    now: Timestamp,
) -> Result<Option<Sanction>, DbError> {
    let text = format!("SELECT {COLUMNS} FROM sanctions WHERE event_id = ? AND id = ?");
    let statement = db.query_built(text).bind(event.id.bytes()).bind(id.bytes());
    let found = read(db, event, statement, now).await?.into_iter().next();
    Ok(found.map(|past| past.sanction))
}

/// Ends an active sanction of the same kind, person and scope as this one. Returns whether there
/// was one.
pub(super) async fn end_same(
    db: &Db,
    change: &mut EventChange<'_>,
    sanction: &Sanction,
) -> Result<bool, DbError> {
    let place = if sanction.room.is_some() { "room_id = ?" } else { "room_id IS NULL" };
    let text = format!(
        "UPDATE sanctions SET lifted_at = ?, lifted_by = ?
         WHERE event_id = ? AND person_id = ? AND kind = ? AND lifted_at IS NULL
           AND (expires_at IS NULL OR expires_at > ?) AND {place}"
    );
    let mut statement = db
        .query_built(text)
        .bind(change.now.0)
        .bind(change.actor.map(PersonId::bytes))
        .bind(change.event.bytes())
        .bind(sanction.person.id.bytes())
        .bind(sanction.kind.name())
        .bind(change.now.0);
    if let Some(room) = sanction.room {
        statement = statement.bind(room.bytes());
    }
    Ok(statement.execute(&mut *change.transaction).await?.rows_affected() > 0)
}

/// Stores a new sanction.
pub(super) async fn insert(
    db: &Db,
    change: &mut EventChange<'_>,
    sanction: &Sanction,
) -> Result<(), DbError> {
    db.query(
        "INSERT INTO sanctions (id, event_id, room_id, person_id, kind, reason, created_by,
                                created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(sanction.id.bytes())
    .bind(change.event.bytes())
    .bind(sanction.room.map(RoomId::bytes))
    .bind(sanction.person.id.bytes())
    .bind(sanction.kind.name())
    .bind(sanction.reason.clone())
    .bind(change.actor.map(PersonId::bytes))
    .bind(sanction.created_at.0)
    .bind(sanction.expires_at.map(|until| until.0))
    .execute(&mut *change.transaction)
    .await?;
    Ok(())
}

/// Ends an active sanction. Returns whether it was active.
pub(super) async fn lift(
    db: &Db,
    change: &mut EventChange<'_>,
    id: SanctionId,
) -> Result<bool, DbError> {
    let lifted = db
        .query(
            "UPDATE sanctions SET lifted_at = ?, lifted_by = ?
             WHERE id = ? AND event_id = ? AND lifted_at IS NULL
               AND (expires_at IS NULL OR expires_at > ?)",
        )
        .bind(change.now.0)
        .bind(change.actor.map(PersonId::bytes))
        .bind(id.bytes())
        .bind(change.event.bytes())
        .bind(change.now.0)
        .execute(&mut *change.transaction)
        .await?;
    Ok(lifted.rows_affected() > 0)
}

/// What of the sanctions in force decides, by whom they are on.
pub(super) async fn in_force(
    db: &Db,
    connection: &mut Connection,
    event: EventId,
    now: Timestamp,
) -> Result<HashMap<PersonId, Vec<Restriction>>, DbError> {
    let statement = db
        .query(
            "SELECT person_id, kind, room_id, expires_at FROM sanctions
             WHERE event_id = ? AND lifted_at IS NULL AND (expires_at IS NULL OR expires_at > ?)",
        )
        .bind(event.bytes())
        .bind(now.0);
    let mut by_person: HashMap<PersonId, Vec<Restriction>> = HashMap::new();
    for row in statement.fetch_all(&mut *connection).await? {
        let kind = row.text("kind")?;
        let restriction = Restriction {
            kind: SanctionKind::from_name(&kind).ok_or(DbError::Value(kind))?,
            room: row.optional_uuid("room_id")?.map(RoomId),
            until: row.optional_time("expires_at")?,
        };
        by_person.entry(PersonId(row.uuid("person_id")?)).or_default().push(restriction);
    }
    Ok(by_person)
}
