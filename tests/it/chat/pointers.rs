//! How far people have read.

use plenary::clock::Clock;
use plenary::db::Columns as _;
use plenary::id::PersonId;
use uuid::Uuid;

use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(what_is_known_of_those_whose_account_is_gone_is_removed);

async fn what_is_known_of_those_whose_account_is_gone_is_removed(database: TestDatabase) {
    let camp = Conference::with(database, Clock::System).await;
    let ada = camp.attendee("Ada").await.id;
    let gone = (1..=600).map(|number| PersonId(Uuid::from_u128(number)));
    let db = &camp.hub.app.db;
    let mut transaction = db.begin().await.expect("begin");
    for person in gone.chain([ada]) {
        let insert = db
            .query(
                "INSERT INTO read_pointers (person_id, channel_id, seq, ordinal, updated_at)
                 VALUES (?, ?, 1, 1, 0)",
            )
            .bind(person.bytes())
            .bind(ada.bytes());
        insert.execute(&mut *transaction).await.expect("an insert");
    }
    transaction.commit().await.expect("commit");
    camp.hub.app.upkeep.sweep().await.expect("a sweep");
    let left = db.all(db.query("SELECT person_id FROM read_pointers")).await.expect("the rest");
    let left: Vec<_> = left.iter().map(|row| row.uuid("person_id").expect("an id")).collect();
    assert_eq!(left, [ada.0]);
}
