//! Reading the audit log.

use serde_json::Value;
use sqlx::any::AnyRow;

use crate::clock::Timestamp;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::id::{AuditId, ChannelId, EventId, PersonId, RoomId};
use crate::permission::Operation;

/// A line as it is stored.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) id: AuditId,
    pub(super) at: Timestamp,
    pub(super) actor: Option<PersonId>,
    pub(super) action: String,
    pub(super) room: Option<RoomId>,
    pub(super) person: Option<PersonId>,
    pub(super) channel: Option<ChannelId>,
    pub(super) seq: Option<u64>,
    pub(super) details: Value,
}

impl Line {
    fn read(row: &AnyRow) -> Result<Self, DbError> {
        Ok(Self {
            id: AuditId(row.uuid("id")?),
            at: row.time("created_at")?,
            actor: row.optional_uuid("actor_id")?.map(PersonId),
            action: row.text("action")?,
            room: row.optional_uuid("room_id")?.map(RoomId),
            person: row.optional_uuid("person_id")?.map(PersonId),
            channel: row.optional_uuid("channel_id")?.map(ChannelId),
            seq: row.optional_number("seq")?.and_then(|seq| u64::try_from(seq).ok()),
            details: row.json("details")?,
        })
    }
}

/// How many former names are told.
const MOST_NAMES: i64 = 20;

/// The names that a person had in the event before, the latest first.
pub(super) async fn former_names(
    db: &Db,
    event: EventId,
    person: PersonId,
) -> Result<Vec<String>, DbError> {
    let statement = db
        .query(
            "SELECT details FROM audit_log WHERE event_id = ? AND action = ? AND person_id = ?
             ORDER BY id DESC LIMIT ?",
        )
        .bind(event.bytes())
        .bind(Operation::AccountChange.rule().name)
        .bind(person.bytes())
        .bind(MOST_NAMES);
    let mut names = Vec::new();
    for row in db.all(statement).await? {
        let details: Value = row.json("details")?;
        names.extend(details["before"].as_str().map(str::to_owned));
    }
    Ok(names)
}

/// Which lines, newest first.
#[derive(Debug)]
pub(super) struct Filter {
    /// Only those of these rooms.
    pub(super) rooms: Option<Vec<RoomId>>,
    /// Only those of this action.
    pub(super) action: Option<String>,
    /// Those of or about this person.
    pub(super) person: Option<PersonId>,
    /// Those before this one.
    pub(super) before: Option<AuditId>,
    /// The maximum number.
    pub(super) limit: u32,
}

/// A page of an event's lines.
pub(super) async fn page(db: &Db, event: EventId, filter: Filter) -> Result<Vec<Line>, DbError> {
    let mut text = String::from(
        "SELECT id, actor_id, action, room_id, person_id, channel_id, seq, details, created_at
         FROM audit_log WHERE event_id = ?",
    );
    if let Some(rooms) = &filter.rooms {
        text += &format!(" AND room_id IN ({})", placeholders(rooms.len()));
    }
    if filter.action.is_some() {
        text += " AND action = ?";
    }
    if filter.person.is_some() {
        text += " AND (actor_id = ? OR person_id = ?)";
    }
    if filter.before.is_some() {
        text += " AND id < ?";
    }
    text += &format!(" ORDER BY id DESC LIMIT {}", filter.limit);
    let mut statement = db.query_built(text).bind(event.bytes());
    for room in filter.rooms.into_iter().flatten() {
        statement = statement.bind(room.bytes());
    }
    if let Some(action) = filter.action {
        statement = statement.bind(action);
    }
    if let Some(person) = filter.person {
        statement = statement.bind(person.bytes()).bind(person.bytes());
    }
    if let Some(before) = filter.before {
        statement = statement.bind(before.bytes());
    }
    db.all(statement).await?.iter().map(Line::read).collect()
}
