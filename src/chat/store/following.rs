//! What people follow.

use std::collections::{BTreeMap, HashMap};

use sqlx::any::AnyRow;

use super::unread;
use crate::chat::direct::DIRECT;
use crate::chat::following::{Followed, Following};
use crate::chat::reading::Pointer;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError};
use crate::id::{ChannelId, EventId, PersonId};

/// What each of these people finds, in their order.
pub(in crate::chat) async fn read(
    db: &Db,
    asked: &[(EventId, PersonId)],
) -> Result<Vec<Following>, DbError> {
    let mut by_event: BTreeMap<EventId, Vec<PersonId>> = BTreeMap::new();
    for (event, person) in asked {
        by_event.entry(*event).or_default().push(*person);
    }
    let mut found: HashMap<(EventId, PersonId), Following> = HashMap::new();
    for (event, people) in by_event {
        for row in rows(db, event, &people).await? {
            let person = PersonId(row.uuid("person")?);
            let following = found.entry((event, person)).or_default();
            following.has_directs = row.count("directs")? > 0;
            following.has_mentions = row.count("mentioned")? > 0;
            following.channels.extend(followed(&row)?);
        }
    }
    Ok(asked.iter().map(|one| found.get(one).cloned().unwrap_or_default()).collect())
}

/// One row for each channel in which these people have read. Each row also says whether the person
/// has mentions, or direct channels in their list; those who have only these get a row without a
/// channel. Most newcomers have none of this, and no row.
async fn rows(db: &Db, event: EventId, people: &[PersonId]) -> Result<Vec<AnyRow>, DbError> {
    let text = format!(
        "SELECT * FROM (
             SELECT p.id AS person, c.id AS channel_id, c.kind, c.message_count, r.seq, r.ordinal,
                {} AS mentions, {} AS deleted,
                (SELECT COUNT(*) FROM direct_members d JOIN channels own ON own.id = d.channel_id
                 WHERE d.person_id = p.id AND d.hidden = 0 AND own.event_id = ?) AS directs,
                (SELECT COUNT(*) FROM mentions m WHERE m.person_id = p.id) AS mentioned
         FROM people p
         LEFT JOIN read_pointers r ON r.person_id = p.id
         LEFT JOIN channels c ON c.id = r.channel_id AND c.event_id = ?
         WHERE p.id IN ({})) f
         WHERE f.channel_id IS NOT NULL OR f.directs > 0 OR f.mentioned > 0",
        unread::mentions("p.id", "c.id", "r.seq"),
        unread::deleted("c.id", "r.seq"),
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(event.bytes()).bind(event.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    db.all(statement).await
}

fn followed(row: &AnyRow) -> Result<Option<Followed>, DbError> {
    let Some(channel) = row.optional_uuid("channel_id")? else { return Ok(None) };
    Ok(Some(Followed {
        channel: ChannelId(channel),
        direct: row.text("kind")? == DIRECT.name(),
        count: row.count("message_count")?,
        pointer: Pointer { seq: row.count("seq")?, ordinal: row.count("ordinal")? },
        mentions: row.count("mentions")?,
        deleted: row.count("deleted")?,
    }))
}
