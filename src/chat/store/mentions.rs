//! Who was mentioned where.

use crate::db::dialect::value_groups;
use crate::db::{Connection, Db, DbError, signed};
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

/// Removes what was written of people who are mentioned no more, at least one.
pub(in crate::chat) async fn remove(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    mentions: &[(PersonId, u64)],
) -> Result<(), DbError> {
    for (person, seq) in mentions {
        db.query("DELETE FROM mentions WHERE person_id = ? AND channel_id = ? AND seq = ?")
            .bind(person.bytes())
            .bind(channel.bytes())
            .bind(signed(*seq))
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}
