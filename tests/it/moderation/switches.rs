//! Slow mode and the lock.

use std::time::Duration;

use serde_json::json;

use super::standing_still;
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(a_switch_takes_effect_in_its_room_at_once);

async fn a_switch_takes_effect_in_its_room_at_once(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let mia = camp.moderator("Mia").await;
    let here = camp.room.channel.as_str();
    let (mut ada, _) = camp.joined(&ada, here).await;
    let (mut ben, _) = camp.joined(&ben, &camp.other_room.channel).await;
    let mut mia = camp.joined(&mia, here).await.0;

    let lock = |locked| json!({ "room": camp.room.id, "locked": locked });
    mia.ask("moderation.lock", lock(true)).await.expect("locked");
    let push = ada.push("room").await;
    assert_eq!(push["channel"], here);
    assert_eq!(
        push["data"],
        json!({
            "room": camp.room.id, "name": "Main hall", "slow_mode_seconds": 0, "locked": true,
        })
    );
    let refused = ada.ask("message.send", message(here, "hello")).await;
    assert_eq!(refused, Err("chat.locked".to_owned()));
    mia.ask("message.send", message(here, "moderators go on")).await.expect("sent");
    let rooms = camp.organizer.client.get("/api/v1/events/camp/rooms").await.ok();
    assert_eq!(rooms["items"][0]["locked"], true);

    mia.ask("moderation.lock", lock(false)).await.expect("unlocked");
    let sent = message(here, "before the lock");
    let first = ada.ask("message.send", sent.clone()).await.expect("sent");
    mia.ask("moderation.lock", lock(true)).await.expect("locked");
    let repeated = ada.ask("message.send", sent).await;
    assert_eq!(repeated, Ok(first), "a repetition gets the first answer");
    mia.ask("moderation.lock", lock(false)).await.expect("unlocked");
    mia.ask("moderation.lock", lock(false)).await.expect("unlocked already");
    let slow = json!({ "room": camp.room.id, "seconds": 30 });
    mia.ask("moderation.slow_mode", slow).await.expect("slow mode");
    assert_eq!(
        ada.push_where(|push| push["data"]["slow_mode_seconds"] == 30).await["push"],
        "room"
    );
    let turn = message(here, "my turn");
    let first = ada.ask("message.send", turn.clone()).await.expect("sent");
    assert_eq!(ada.ask("message.send", turn).await, Ok(first), "it has taken the turn itself");
    let refused = ada.reply("message.send", message(here, "again")).await["error"].clone();
    assert_eq!(refused["code"], "chat.slow_mode");
    assert!(refused["retry_after_ms"].as_u64().is_some_and(|wait| wait > 20_000), "{refused}");
    for text in ["moderators", "are not slowed"] {
        mia.ask("message.send", message(here, text)).await.expect("sent");
    }
    let others = ben.pushes_so_far().await;
    assert!(others.iter().all(|push| push["push"] == "tick"), "another room: {others:?}");

    let audit = camp.organizer.client.get("/api/v1/events/camp/audit").await.ok();
    let lines = audit["items"].as_array().expect("lines");
    let switches: Vec<_> = lines
        .iter()
        .filter(|line| line["actor"]["name"] == "Mia")
        .map(|line| (line["action"].clone(), line["details"].clone()))
        .collect();
    assert_eq!(
        switches,
        [
            (json!("moderation.slow_mode"), json!({ "seconds": 30 })),
            (json!("moderation.lock"), json!({ "locked": false })),
            (json!("moderation.lock"), json!({ "locked": true })),
            (json!("moderation.lock"), json!({ "locked": false })),
            (json!("moderation.lock"), json!({ "locked": true })),
        ]
    );
}

#[tokio::test]
async fn slow_mode_counts_edits_too() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let here = camp.room.channel.as_str();
    let mut mia = camp.joined(&mia, here).await.0;
    let mut ada = camp.joined(&ada, here).await.0;
    ada.ask("message.send", message(here, "earlier")).await.expect("sent");
    let slow = json!({ "room": camp.room.id, "seconds": 60 });
    mia.ask("moderation.slow_mode", slow).await.expect("slow mode");
    ada.ask("message.send", message(here, "helo")).await.expect("sent");

    let edit = |seq: u64, text: &str| json!({ "channel": here, "seq": seq, "text": text });
    ada.ask("message.edit", edit(2, "hello")).await.expect("a typing mistake");
    ada.ask("message.edit", edit(2, "hello")).await.expect("nothing is changed");
    for (seq, text) in [(2, "and another thing"), (1, "here as well")] {
        let refused = ada.reply("message.edit", edit(seq, text)).await["error"].clone();
        assert_eq!(refused["code"], "chat.slow_mode");
        assert_eq!(refused["retry_after_ms"], 60_000, "{refused}");
    }
    camp.hub.app.clock.advance(Duration::from_secs(60));
    ada.ask("message.edit", edit(1, "here as well")).await.expect("its turn");
    let refused = ada.ask("message.send", message(here, "again")).await;
    assert_eq!(refused, Err("chat.slow_mode".to_owned()));
}
