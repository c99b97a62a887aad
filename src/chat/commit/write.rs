//! Writes what has changed, in a few statements.

use std::collections::BTreeSet;

use super::{Work, signed};
use crate::audit;
use crate::chat::log::Writer;
use crate::chat::message::Stored;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Connection, Db, DbError, to_json};
use crate::id::{ChannelId, PersonId};

impl Work {
    /// Writes everything that the entries have changed.
    pub(super) async fn write(
        &mut self,
        writer: &Writer,
        transaction: &mut Connection,
    ) -> Result<(), DbError> {
        let db = &writer.db;
        if self.head == self.before {
            return Ok(());
        }
        self.insert_new(db, transaction).await?;
        self.write_reactions(db, transaction).await?;
        for seq in self.changed.iter().filter(|seq| !self.new.contains(seq)) {
            let Some(message) = self.messages.get(seq) else { continue };
            update(db, transaction, self.channel, message).await?;
        }
        self.insert_mentions(db, transaction).await?;
        for entry in self.audit.drain(..) {
            audit::record(db, transaction, entry, self.now, &writer.random).await?;
        }
        db.query(
            "UPDATE channels SET last_seq = ?, message_count = ?, last_message_at = ? WHERE id = ?",
        )
        .bind(signed(self.head))
        .bind(signed(self.count))
        .bind(self.now.0)
        .bind(self.channel.bytes())
        .execute(&mut *transaction)
        .await?;
        if self.direct && !self.new.is_empty() {
            db.query("UPDATE direct_members SET hidden = 0 WHERE channel_id = ? AND hidden = 1")
                .bind(self.channel.bytes())
                .execute(&mut *transaction)
                .await?;
        }
        Ok(())
    }

    async fn insert_new(&self, db: &Db, transaction: &mut Connection) -> Result<(), DbError> {
        let new: Vec<&Stored> = self.new.iter().filter_map(|seq| self.messages.get(seq)).collect();
        // SQLite takes 32,766 values at once; a group never comes near it.
        if new.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO messages (channel_id, seq, changed, ordinal, sender_id, client_id, body,
                reply_to, mentions, reactions, sent_at, edited_at, deleted_at, deleted_by, pinned_at)
             VALUES {}",
            value_groups(new.len(), 15)
        );
        let mut statement = db.query_built(text);
        for message in new {
            statement = statement
                .bind(self.channel.bytes())
                .bind(signed(message.seq))
                .bind(signed(message.changed))
                .bind(signed(message.ordinal))
                .bind(message.sender.id.bytes())
                .bind(message.client_id.bytes())
                .bind(message.body.clone())
                .bind(message.reply_to.map(signed))
                .bind(list(&message.mentions, message.mentions.is_empty())?)
                .bind(list(&message.reactions, message.reactions.is_empty())?)
                .bind(message.sent_at.0)
                .bind(message.edited_at.map(|at| at.0))
                .bind(message.deleted_at.map(|at| at.0))
                .bind(message.deleted_by.map(PersonId::bytes))
                .bind(message.pinned_at.map(|at| at.0));
        }
        statement.execute(&mut *transaction).await?;
        Ok(())
    }

    async fn write_reactions(
        &mut self,
        db: &Db,
        transaction: &mut Connection,
    ) -> Result<(), DbError> {
        if self.reactions.is_empty() {
            return Ok(());
        }
        let keep = db.backend().or_keep("channel_id, seq, person_id, emoji");
        for ((seq, person, emoji), on) in &self.reactions {
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
                .bind(self.channel.bytes())
                .bind(signed(*seq))
                .bind(person.bytes())
                .bind(emoji.as_str().to_owned())
                .execute(&mut *transaction)
                .await?;
        }
        let numbers: BTreeSet<u64> = self.reactions.keys().map(|(seq, _, _)| *seq).collect();
        let text = format!(
            "SELECT seq, emoji, COUNT(*) AS people FROM message_reactions
             WHERE channel_id = ? AND seq IN ({}) GROUP BY seq, emoji",
            placeholders(numbers.len())
        );
        let mut statement = db.query_built(text).bind(self.channel.bytes());
        for seq in &numbers {
            statement = statement.bind(signed(*seq));
            if let Some(message) = self.messages.get_mut(seq) {
                message.reactions.clear();
            }
        }
        for row in statement.fetch_all(&mut *transaction).await? {
            if let Some(message) = self.messages.get_mut(&row.count("seq")?) {
                message.reactions.insert(row.text("emoji")?, row.count("people")?);
            }
        }
        Ok(())
    }

    async fn insert_mentions(&self, db: &Db, transaction: &mut Connection) -> Result<(), DbError> {
        if self.mentions.is_empty() {
            return Ok(());
        }
        let text = format!(
            "INSERT INTO mentions (person_id, channel_id, seq) VALUES {}{}",
            value_groups(self.mentions.len(), 3),
            db.backend().or_keep("person_id, channel_id, seq")
        );
        let mut statement = db.query_built(text);
        for (person, seq) in &self.mentions {
            statement =
                statement.bind(person.bytes()).bind(self.channel.bytes()).bind(signed(*seq));
        }
        statement.execute(&mut *transaction).await?;
        Ok(())
    }
}

async fn update(
    db: &Db,
    transaction: &mut Connection,
    channel: ChannelId,
    message: &Stored,
) -> Result<(), DbError> {
    db.query(
        "UPDATE messages SET changed = ?, body = ?, reactions = ?, edited_at = ?, deleted_at = ?,
            deleted_by = ?, pinned_at = ?
         WHERE channel_id = ? AND seq = ?",
    )
    .bind(signed(message.changed))
    .bind(message.body.clone())
    .bind(list(&message.reactions, message.reactions.is_empty())?)
    .bind(message.edited_at.map(|at| at.0))
    .bind(message.deleted_at.map(|at| at.0))
    .bind(message.deleted_by.map(PersonId::bytes))
    .bind(message.pinned_at.map(|at| at.0))
    .bind(channel.bytes())
    .bind(signed(message.seq))
    .execute(&mut *transaction)
    .await?;
    Ok(())
}

fn list<T: serde::Serialize>(value: &T, empty: bool) -> Result<Option<String>, DbError> {
    (!empty).then(|| to_json(value)).transpose()
}
