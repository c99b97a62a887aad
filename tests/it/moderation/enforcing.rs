//! Bans and cancellations are enforced on open sockets even if the database fails meanwhile.

use plenary::db::Statement;
use plenary::events::{News, Part, Versions};
use plenary::id::SanctionId;
use plenary::identity::REGISTRATIONS;
use plenary::moderation::SANCTIONS;
use serde_json::json;

use crate::support::conference::Conference;
use crate::support::hub::within;
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

/// A conference with two people in its room.
async fn two() -> (Conference, [TestPerson; 2], [Socket; 2]) {
    let camp = Conference::start().await;
    let people = [camp.attendee("Ada").await, camp.attendee("Bob").await];
    let channel = &camp.room.channel;
    let sockets =
        [camp.joined(&people[0], channel).await.0, camp.joined(&people[1], channel).await.0];
    (camp, people, sockets)
}

async fn run(camp: &Conference, statement: Statement) {
    camp.hub.app.db.run(statement).await.expect("a statement");
}

/// Makes queries about people fail from now on, or succeed again.
async fn rename_column(camp: &Conference, from: &str, to: &str) {
    let text = format!("ALTER TABLE people RENAME COLUMN {from} TO {to}");
    run(camp, camp.hub.app.db.query_built(text)).await;
}

/// Announces a change that is in the database.
async fn tell(camp: &Conference, part: Part, people: &[TestPerson; 2]) {
    let app = &camp.hub.app;
    let raise = app.db.query("UPDATE events SET version = version + 1 WHERE id = ?");
    run(camp, raise.bind(camp.event.bytes())).await;
    let event = app.events.by_slug("camp").await.expect("an answer").expect("the event");
    let people = people.iter().map(|person| person.id).collect();
    let versions = Versions::one(event.version + 1);
    app.changes.tell(camp.event, versions, vec![News { part, people }]).await;
}

/// Waits until a query about these connections has failed.
async fn asked(camp: &Conference, sockets: &mut [Socket; 2]) {
    let before = camp.hub.app.db.statements();
    within(async {
        while camp.hub.app.db.statements() == before {
            tokio::task::yield_now().await;
        }
    })
    .await;
    for socket in sockets {
        socket.ask("ping", json!({})).await.expect("still open");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ban_closes_every_socket_although_the_database_does_not_say_why() {
    let (camp, people, sockets) = two().await;
    let app = &camp.hub.app;
    for person in &people {
        let insert = app.db.query(
            "INSERT INTO sanctions (id, event_id, person_id, kind, reason, created_at)
             VALUES (?, ?, ?, 'ban', 'Spam', ?)",
        );
        let id = SanctionId::new(app.clock.now(), &app.random);
        let insert = insert.bind(id.bytes()).bind(camp.event.bytes());
        run(&camp, insert.bind(person.id.bytes()).bind(app.clock.now().0)).await;
    }
    rename_column(&camp, "affiliation", "away").await;
    tell(&camp, SANCTIONS, &people).await;
    for mut socket in sockets {
        assert_eq!(socket.ended().await, (4_202, "moderation.banned".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancellation_is_enforced_when_the_database_answers_again() {
    let (camp, people, mut sockets) = two().await;
    let cancel = "UPDATE registrations SET status = 'cancelled' WHERE event_id = ?";
    run(&camp, camp.hub.app.db.query(cancel).bind(camp.event.bytes())).await;
    rename_column(&camp, "affiliation", "away").await;
    tell(&camp, REGISTRATIONS, &people).await;
    asked(&camp, &mut sockets).await;
    rename_column(&camp, "away", "affiliation").await;
    for mut socket in sockets {
        assert_eq!(socket.ended().await, (4_201, "registration.ended".to_owned()));
    }
}
