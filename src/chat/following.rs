//! What somebody follows: the channels that they have read in, and whether they have direct ones.
//! Asked for everybody together who arrives at the same time.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::future::FutureExt as _;

use crate::db::dialect::placeholders;
use crate::db::{Columns, Db, DbError, Together};
use crate::events::ChannelKind;
use crate::id::{ChannelId, EventId, PersonId};

/// A channel that somebody follows, and how far they have read.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) channel: ChannelId,
    pub(super) direct: bool,
    pub(super) count: u64,
    pub(super) ordinal: u64,
    pub(super) mentions: u64,
}

/// What somebody finds on arrival.
#[derive(Clone, Debug, Default)]
pub(super) struct Following {
    pub(super) channels: Vec<Followed>,
    /// Whether there are direct channels in their list.
    pub(super) has_directs: bool,
}

/// Asks what people follow in an event.
#[derive(Debug)]
pub(super) struct Followings(Together<(EventId, PersonId), Following>);

impl Followings {
    pub(super) fn new(db: &Db) -> Self {
        let db = db.clone();
        Self(Together::new(move |people| {
            let db = db.clone();
            async move { read(&db, &people).await }.boxed()
        }))
    }

    pub(super) async fn of(&self, event: EventId, person: PersonId) -> Result<Following, DbError> {
        self.0.ask((event, person)).await
    }
}

async fn read(db: &Db, asked: &[(EventId, PersonId)]) -> Result<Vec<Following>, DbError> {
    let mut by_event: BTreeMap<EventId, Vec<PersonId>> = BTreeMap::new();
    for (event, person) in asked {
        by_event.entry(*event).or_default().push(*person);
    }
    let mut found: HashMap<(EventId, PersonId), Following> = HashMap::new();
    for (event, people) in by_event {
        for (person, followed) in followed(db, event, &people).await? {
            found.entry((event, person)).or_default().channels.push(followed);
        }
        for person in with_directs(db, event, &people).await? {
            found.entry((event, person)).or_default().has_directs = true;
        }
    }
    Ok(asked.iter().map(|one| found.get(one).cloned().unwrap_or_default()).collect())
}

async fn followed(
    db: &Db,
    event: EventId,
    people: &[PersonId],
) -> Result<Vec<(PersonId, Followed)>, DbError> {
    let text = format!(
        "SELECT r.person_id, c.id, c.kind, c.message_count, r.ordinal,
                (SELECT COUNT(*) FROM mentions m WHERE m.person_id = r.person_id
                     AND m.channel_id = r.channel_id AND m.seq > r.seq) AS mentions
         FROM read_pointers r JOIN channels c ON c.id = r.channel_id
         WHERE c.event_id = ? AND r.person_id IN ({})",
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(event.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    let rows = db.all(statement).await?;
    rows.iter()
        .map(|row| {
            let followed = Followed {
                channel: ChannelId(row.uuid("id")?),
                direct: row.text("kind")? == ChannelKind::Direct.name(),
                count: row.count("message_count")?,
                ordinal: row.count("ordinal")?,
                mentions: row.count("mentions")?,
            };
            Ok((PersonId(row.uuid("person_id")?), followed))
        })
        .collect()
}

async fn with_directs(
    db: &Db,
    event: EventId,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, DbError> {
    let text = format!(
        "SELECT DISTINCT d.person_id FROM direct_members d JOIN channels c ON c.id = d.channel_id
         WHERE c.event_id = ? AND d.hidden = 0 AND d.person_id IN ({})",
        placeholders(people.len())
    );
    let statement = db.query_built(text).bind(event.bytes());
    let statement = people.iter().fold(statement, |one, person| one.bind(person.bytes()));
    db.all(statement).await?.iter().map(|row| row.uuid("person_id").map(PersonId)).collect()
}
