//! A moderator's view of one person.

use std::time::Duration;

use serde_json::json;

use super::{a_minute, for_good, standing_still};
use crate::support::conference::message;
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(a_history_shows_past_and_present_sanctions);

async fn a_history_shows_past_and_present_sanctions(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let mut mia = camp.socket(&mia).await;
    let ask = json!({ "person": ada.id });
    let empty = mia.ask("moderation.history", ask.clone()).await.expect("a page");
    assert_eq!((&empty["sanctions"], &empty["may_moderate"]), (&json!([]), &json!(true)));
    assert_eq!(empty["person"]["name"], "Ada");

    let clock = &camp.hub.app.clock;
    mia.ask("moderation.time_out", a_minute(ada.id)).await.expect("timed out");
    clock.advance(Duration::from_secs(61));
    let lifted = mia.ask("moderation.time_out", a_minute(ada.id)).await.expect("timed out");
    clock.advance(Duration::from_secs(1));
    let lift = json!({ "sanction": lifted["sanction"]["id"] });
    mia.ask("moderation.lift", lift).await.expect("lifted");
    clock.advance(Duration::from_secs(1));
    mia.ask("moderation.ban", for_good(ada.id)).await.expect("banned");

    let page = mia.ask("moderation.history", ask).await.expect("a page");
    let told: Vec<_> = page["sanctions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["kind"].clone(), one["active"].clone(), one["lifted_by"]["name"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("ban"), json!(true), json!(null)),
            (json!("time_out"), json!(false), json!("Mia")),
            (json!("time_out"), json!(false), json!(null)),
        ]
    );
    assert_eq!(page["sanctions"][1]["lifted_at"], 1_800_000_062_000_i64);
    assert!(page.get("next").is_none());
}

on_each_database!(somebodys_recent_messages_are_deleted_at_once);

async fn somebodys_recent_messages_are_deleted_at_once(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let mia = camp.moderator("Mia").await;
    let here = camp.room.channel.as_str();
    let ada_id = ada.id;
    let (mut ada, _) = camp.joined(&ada, here).await;
    let (mut ben, _) = camp.joined(&ben, here).await;
    let mut mia = camp.joined(&mia, here).await.0;
    let clock = &camp.hub.app.clock;
    ada.ask("message.send", message(here, "long ago")).await.expect("sent");
    clock.advance(Duration::from_secs(600));
    for text in ["spam", "spam", "spam"] {
        ada.ask("message.send", message(here, text)).await.expect("sent");
    }
    ben.ask("message.send", message(here, "something else")).await.expect("sent");

    let order = json!({ "channel": here, "person": ada_id, "minutes": 5, "reason": "Spam" });
    let refused = ben.ask("moderation.delete_recent", order.clone()).await;
    assert_eq!(refused, Err("permission.denied".to_owned()));
    let done = mia.ask("moderation.delete_recent", order.clone()).await.expect("deleted");
    let deleted = json!({ "deleted": 3, "messages": [4, 3, 2], "more": false });
    assert_eq!(done, deleted);
    let again = mia.ask("moderation.delete_recent", order).await.expect("nothing left");
    assert_eq!(again["deleted"], 0);

    ben.push_where(|push| push["push"] == "messages" && push["data"]["seq"] == 8).await;
    let page = json!({ "channel": here, "before": 100, "limit": 10 });
    let page = ben.ask("channel.history", page).await.expect("history");
    let shown: Vec<_> = page["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["text"].clone())
        .collect();
    assert_eq!(
        shown,
        [json!("long ago"), json!(null), json!(null), json!(null), json!("something else"),]
    );
    let audit = camp.organizer.client.get("/api/v1/events/camp/audit?action=message.delete").await;
    assert_eq!(audit.ok()["items"].as_array().map(Vec::len), Some(3));

    let undo = json!({ "channel": here, "messages": done["messages"] });
    let refused = ben.ask("moderation.restore", undo.clone()).await;
    assert_eq!(refused, Err("permission.denied".to_owned()));
    assert_eq!(mia.ask("moderation.restore", undo).await, Ok(json!({ "restored": 3 })));
    let page = json!({ "channel": here, "before": 100, "limit": 10 });
    let page = ben.ask("channel.history", page).await.expect("history");
    assert_eq!(page["messages"][1]["text"], "spam", "they are back");
    let many: Vec<u64> = (1..=501).collect();
    let refused = mia.reply("moderation.restore", json!({ "channel": here, "messages": many }));
    assert_eq!(refused.await["error"]["field"], "messages");
}

#[tokio::test]
async fn what_an_author_deleted_stays_deleted() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let here = camp.room.channel.as_str();
    let (mut ada, mut mia) = (camp.socket(&ada).await, camp.socket(&mia).await);
    ada.ask("message.send", message(here, "a slip")).await.expect("sent");
    let one = json!({ "channel": here, "seq": 1 });
    ada.ask("message.delete", one.clone()).await.expect("deleted");
    assert_eq!(mia.ask("message.restore", one).await, Err("chat.deleted".to_owned()));
}
