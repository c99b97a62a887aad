//! The disk of the database server is full: messages wait for a moment and are then refused with a
//! reason, reading goes on, and when there is room again the refused messages are stored, once.

use std::time::{Duration, Instant};

use plenary::chat::{Entry, LogError};
use plenary::clock::Clock;
use plenary::db::Db;
use plenary::random::Random;
use serde_json::{Value, json};

use crate::support::conference::{Conference, message};
use crate::support::databases::Kind;
use crate::support::hub::within;
use crate::support::moments::until;
use crate::support::node::{kept, new_client_id, send};
use crate::support::own_database::OwnDatabase;
use crate::support::socket::Socket;

/// People may talk fast.
const FLAGS: [&str; 3] =
    ["--message-burst=10000", "--messages-per-second=1000", "--requests-per-minute=100000"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_mariadb_refuses_messages_and_loses_nothing() {
    the_disk_is_full(Kind::Mariadb).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_of_postgres_refuses_messages_and_loses_nothing() {
    the_disk_is_full(Kind::Postgres).await;
}

async fn the_disk_is_full(kind: Kind) {
    let Some((server, disk)) = OwnDatabase::on_small_disk(kind).await else { return };
    let camp = Conference::with_flags(server.database(), Clock::System, &FLAGS).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (here, person) = (camp.room.channel.as_str(), ada.id);
    let channel = here.parse().expect("a channel");
    let (mut ada, _) = camp.joined(&ada, here).await;
    let random = Random::seeded(1);
    let mut said = vec![say(&mut ada, message(here, "before")).await.expect("sent")];

    take_a_new_file_for_what_is_written(kind, &camp.hub.app.db).await;
    disk.fill();
    let waited = loop {
        // Not over the socket, where rate limits apply.
        let action = send(person, new_client_id(), &long_text(&random));
        let begin = Instant::now();
        match camp.hub.app.chat.log.append(Entry { channel, person, permit: None, action }).await {
            Ok(written) => said.push(written.seq),
            Err(error) => {
                assert_eq!(error, LogError::Storage);
                break begin.elapsed();
            }
        }
        assert!(said.len() < 20_000, "the disk is not full");
    };
    println!("{kind:?}: {} messages found room, the next waited {waited:?}", said.len());
    let patience = Duration::from_secs(2)..Duration::from_secs(13);
    assert!(patience.contains(&waited), "it waited {waited:?}");
    // Further ones are refused at once, except one attempt a second.
    let refused = message(here, &long_text(&random));
    let begin = Instant::now();
    for _ in 0..20 {
        let code = say(&mut ada, refused.clone()).await;
        assert_eq!(code, Err("server.storage".to_owned()));
    }
    assert!(begin.elapsed() < Duration::from_secs(20), "nobody waits: {:?}", begin.elapsed());
    let ready = camp.hub.operator().get("/readyz").await;
    assert!(ready.text.contains("does not take messages"), "{}", ready.text);

    // Reading goes on, from memory and from the database, and so does everything without the log.
    let (mut ben, joined) = camp.joined(&ben, here).await;
    assert_eq!(joined["seq"], said.len());
    let page = json!({ "channel": here, "before": 1_000_000, "limit": 10 });
    let page = ben.ask("channel.history", page).await.expect("a page");
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(said.len().min(10)));
    ben.ask("channel.typing", json!({ "channel": here })).await.expect("typing");
    ada.push_where(|push| push["data"]["typing"]["names"] == json!(["Ben"])).await;
    let (messages, last, count) = kept(&camp.hub.app.db, channel).await;
    let all = said.len() as u64;
    assert_eq!((messages.len() as u64, last, count), (all, all, all), "nothing is half there");

    disk.free();
    within(until(async || say(&mut ada, refused.clone()).await.is_ok())).await;
    assert_eq!(say(&mut ada, refused).await, Ok(all + 1), "it is there, once");
    said.push(all + 1);
    said.push(say(&mut ada, message(here, "after")).await.expect("sent"));
    let all = said.len() as u64;
    assert_eq!(said, (1..=all).collect::<Vec<_>>());
    let heard = |push: &Value| push["data"]["seq"] == all;
    ben.push_where(heard).await;
    let (messages, last, count) = kept(&camp.hub.app.db, channel).await;
    assert_eq!((messages.len() as u64, last, count), (all, all, all));
    let ready = camp.hub.operator().get("/readyz").await;
    assert_eq!(ready.text, "ready\n");
    camp.hub.stop().await;
    drop(server);
}

/// Sends a message; its position, or the refusal.
async fn say(socket: &mut Socket, message: Value) -> Result<u64, String> {
    let sent = socket.ask("message.send", message).await?;
    Ok(sent["message"]["seq"].as_u64().expect("a number"))
}

/// Nearly as long as a message can be, and incompressible.
fn long_text(random: &Random) -> String {
    (0..90).map(|_| random.secret()).collect()
}

/// PostgreSQL writes everything to its WAL first, in files of 16 MB. With a new one, it is the
/// tables that lack room; without room for the next one it would stop, as the operator's guide
/// says.
async fn take_a_new_file_for_what_is_written(kind: Kind, db: &Db) {
    if kind == Kind::Postgres {
        let switch = "SELECT CAST(pg_switch_wal() AS TEXT) AS position";
        db.all(db.query(switch)).await.expect("a new file");
        // The first write creates it.
        db.run(db.query("CHECKPOINT")).await.expect("a checkpoint");
    }
}
