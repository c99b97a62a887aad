//! Who was mentioned where.

use crate::db::dialect::value_groups;
use crate::db::{Columns, Connection, Db, DbError, signed};
use crate::id::{ChannelId, PersonId};

/// Writes that people were mentioned in a channel's messages, at least one.
pub(in crate::chat) async fn insert(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    mentions: &[(PersonId, u64)],
) -> Result<(), DbError> {
    let text = format!(
        "INSERT INTO mentions (person_id, channel_id, seq) VALUES {}{}",
        value_groups(mentions.len(), 3),
        db.backend().or_keep("person_id, channel_id, seq")
    );
    let mut statement = db.query_built(text);
    for (person, seq) in mentions {
        statement = statement.bind(person.bytes()).bind(channel.bytes()).bind(signed(*seq));
    }
    statement.execute(transaction).await?;
    Ok(())
}

/// How many messages after a number mention a person.
pub(in crate::chat) async fn after(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    seq: u64,
) -> Result<u64, DbError> {
    let statement = db
        .query(
            "SELECT COUNT(*) AS mentions FROM mentions
             WHERE person_id = ? AND channel_id = ? AND seq > ?",
        )
        .bind(person.bytes())
        .bind(channel.bytes())
        .bind(signed(seq));
    db.one(statement).await?.map_or(Ok(0), |row| row.count("mentions"))
}
