//! How far people have read.

use std::collections::{BTreeSet, HashMap};

use crate::chat::reading::{Pointer, Pointers};
use crate::clock::Timestamp;
use crate::db::dialect::{placeholders, value_groups};
use crate::db::{Columns, Db, DbError, signed};
use crate::id::{ChannelId, PersonId};

/// How many pointers one statement writes.
const CHUNK: usize = 200;
/// How many deleted people's pointers one statement removes.
const GONE: usize = 500;

/// These pointers as stored in the database, in their order.
pub(in crate::chat) async fn read(
    db: &Db,
    places: &[(PersonId, ChannelId)],
) -> Result<Vec<Pointer>, DbError> {
    let channels: BTreeSet<ChannelId> = places.iter().map(|(_, channel)| *channel).collect();
    // Some rows more than asked for, where people are in different channels: every database can
    // answer it from the table's key.
    let text = format!(
        "SELECT person_id, channel_id, seq, ordinal FROM read_pointers
         WHERE person_id IN ({}) AND channel_id IN ({})",
        placeholders(places.len()),
        placeholders(channels.len())
    );
    let mut statement = db.query_built(text);
    for (person, _) in places {
        statement = statement.bind(person.bytes());
    }
    for channel in channels {
        statement = statement.bind(channel.bytes());
    }
    let mut found = HashMap::new();
    for row in db.all(statement).await? {
        let place = (PersonId(row.uuid("person_id")?), ChannelId(row.uuid("channel_id")?));
        let pointer = Pointer { seq: row.count("seq")?, ordinal: row.count("ordinal")? };
        found.insert(place, pointer);
    }
    Ok(places.iter().map(|place| found.get(place).copied().unwrap_or_default()).collect())
}

/// Writes these pointers; none moves back.
pub(in crate::chat) async fn write(
    db: &Db,
    pointers: &Pointers,
    now: Timestamp,
) -> Result<(), DbError> {
    // In one order on every node, so that two of them never wait for each other.
    let of = |(person, own): (&PersonId, &HashMap<ChannelId, Pointer>)| -> Vec<_> {
        own.iter().map(|(channel, pointer)| ((*person, *channel), *pointer)).collect()
    };
    let mut pointers: Vec<_> = pointers.iter().flat_map(of).collect();
    pointers.sort_unstable_by_key(|(place, _)| *place);
    // Another node may have written a later one: whoever moved there has read more since.
    let key = "person_id, channel_id";
    let update = db.backend().or_advance("read_pointers", key, "seq", &["ordinal", "updated_at"]);
    for chunk in pointers.chunks(CHUNK) {
        let text = format!(
            "INSERT INTO read_pointers (person_id, channel_id, seq, ordinal, updated_at)
             VALUES {}{update}",
            value_groups(chunk.len(), 5)
        );
        let mut statement = db.query_built(text);
        for ((person, channel), pointer) in chunk {
            statement = statement
                .bind(person.bytes())
                .bind(channel.bytes())
                .bind(signed(pointer.seq))
                .bind(signed(pointer.ordinal))
                .bind(now.0);
        }
        db.run(statement).await?;
    }
    Ok(())
}

/// Removes the pointers of deleted accounts.
pub(in crate::chat) async fn sweep(db: &Db) -> Result<(), DbError> {
    loop {
        // Looked for by a statement of its own: SQLite has one connection that writes, and messages
        // must not wait until the whole table has been read.
        let gone = db.query_built(format!(
            "SELECT DISTINCT r.person_id FROM read_pointers r
             WHERE NOT EXISTS (SELECT 1 FROM people p WHERE p.id = r.person_id) LIMIT {GONE}"
        ));
        let gone = db.all(gone).await?;
        if gone.is_empty() {
            return Ok(());
        }
        let text =
            format!("DELETE FROM read_pointers WHERE person_id IN ({})", placeholders(gone.len()));
        let mut statement = db.query_built(text);
        for row in &gone {
            statement = statement.bind(PersonId(row.uuid("person_id")?).bytes());
        }
        db.run(statement).await?;
    }
}
