//! Who reacted to what, with what.

use std::collections::{BTreeMap, BTreeSet};

use crate::chat::text::Emoji;
use crate::db::dialect::placeholders;
use crate::db::{Columns, Connection, Db, DbError, signed};
use crate::id::{ChannelId, PersonId};

/// With what a person reacted to the messages of a range.
pub(in crate::chat) async fn own(
    db: &Db,
    channel: ChannelId,
    person: PersonId,
    from: u64,
    to: u64,
) -> Result<BTreeMap<u64, Vec<String>>, DbError> {
    let statement = db
        .query(
            "SELECT seq, emoji FROM message_reactions
             WHERE channel_id = ? AND seq >= ? AND seq <= ? AND person_id = ? ORDER BY seq, emoji",
        )
        .bind(channel.bytes())
        .bind(signed(from))
        .bind(signed(to))
        .bind(person.bytes());
    let mut own: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for row in db.all(statement).await? {
        own.entry(row.count("seq")?).or_default().push(row.text("emoji")?);
    }
    Ok(own)
}

/// Puts reactions or takes them back.
pub(in crate::chat) async fn write(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    reactions: &BTreeMap<(u64, PersonId, Emoji), bool>,
) -> Result<(), DbError> {
    let keep = db.backend().or_keep("channel_id, seq, person_id, emoji");
    for ((seq, person, emoji), on) in reactions {
        let text = if *on {
            format!(
                "INSERT INTO message_reactions (channel_id, seq, person_id, emoji)
                 VALUES (?, ?, ?, ?){keep}"
            )
        } else {
            "DELETE FROM message_reactions
             WHERE channel_id = ? AND seq = ? AND person_id = ? AND emoji = ?"
                .to_owned()
        };
        db.query_built(text)
            .bind(channel.bytes())
            .bind(signed(*seq))
            .bind(person.bytes())
            .bind(emoji.as_str().to_owned())
            .execute(&mut *transaction)
            .await?;
    }
    Ok(())
}

/// How many people reacted with an emoji to a message.
#[derive(Debug)]
pub(in crate::chat) struct Count {
    pub(in crate::chat) seq: u64,
    pub(in crate::chat) emoji: String,
    pub(in crate::chat) people: u64,
}

/// Counts the reactions to these messages, at least one.
pub(in crate::chat) async fn count(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    numbers: &BTreeSet<u64>,
) -> Result<Vec<Count>, DbError> {
    let text = format!(
        "SELECT seq, emoji, COUNT(*) AS people FROM message_reactions
         WHERE channel_id = ? AND seq IN ({}) GROUP BY seq, emoji",
        placeholders(numbers.len())
    );
    let statement = db.query_built(text).bind(channel.bytes());
    let statement = numbers.iter().fold(statement, |one, seq| one.bind(signed(*seq)));
    let rows = statement.fetch_all(transaction).await?;
    let read = |row: &sqlx::any::AnyRow| {
        let (seq, people) = (row.count("seq")?, row.count("people")?);
        Ok(Count { seq, emoji: row.text("emoji")?, people })
    };
    rows.iter().map(read).collect()
}
