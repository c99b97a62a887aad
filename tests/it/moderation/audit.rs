//! The audit log over REST.

use plenary::permission::Role;
use serde_json::{Value, json};

use super::{a_minute, standing_still};
use crate::support::client::Client;
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};

const AUDIT: &str = "/api/v1/events/camp/audit";

async fn lines(client: &Client, query: &str) -> Vec<Value> {
    let page = client.get(&format!("{AUDIT}{query}")).await.ok();
    page["items"].as_array().expect("lines").clone()
}

fn actions(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["action"].as_str().expect("an action")).collect()
}

on_each_database!(moderation_is_recorded);

async fn moderation_is_recorded(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let here = camp.room.channel.as_str();
    let (mut ada_socket, _) = camp.joined(&ada, here).await;
    let mut socket = camp.joined(&mia, here).await.0;
    ada_socket.ask("message.send", message(here, "rude")).await.expect("sent");
    // The log is sorted by its identifiers, which contain the time.
    let clock = &camp.hub.app.clock;
    let tick = || clock.advance(std::time::Duration::from_millis(2));
    tick();
    let delete = json!({ "channel": here, "seq": 1, "reason": "Insult" });
    socket.ask("message.delete", delete).await.expect("deleted");
    tick();
    let order = json!({ "person": ada.id, "room": camp.room.id, "seconds": 60, "reason": "Calm" });
    let imposed = socket.ask("moderation.time_out", order).await.expect("timed out");
    tick();
    let id = imposed["sanction"]["id"].clone();
    socket.ask("moderation.lift", json!({ "sanction": id })).await.expect("lifted");
    tick();
    let ban = json!({ "person": ada.id, "reason": "Enough" });
    socket.ask("moderation.ban", ban).await.expect("banned");

    let all = lines(&mia.client, &format!("?person={}", mia.id)).await;
    assert_eq!(
        actions(&all)[..4],
        ["moderation.ban", "moderation.lift", "moderation.time_out", "message.delete"]
    );
    let ban = &all[0];
    assert_eq!((&ban["actor"]["name"], &ban["person"]["name"]), (&json!("Mia"), &json!("Ada")));
    assert_eq!((&ban["details"]["reason"], ban.get("room")), (&json!("Enough"), None));
    let time_out = &all[2];
    assert_eq!((&time_out["room"], &time_out["details"]["sanction"]), (&json!(camp.room.id), &id));
    let delete = &all[3];
    assert_eq!((&delete["channel"], &delete["seq"]), (&json!(here), &json!(1)));
    assert_eq!(delete["details"]["reason"], "Insult");
    assert!(!delete.to_string().contains("rude"), "no text of a message");

    let bans = lines(&mia.client, "?action=moderation.ban").await;
    assert_eq!(actions(&bans), ["moderation.ban"]);
    let of_ada = lines(&mia.client, &format!("?person={}&action=moderation.lift", ada.id)).await;
    assert_eq!(actions(&of_ada), ["moderation.lift"]);

    let mut read = Vec::new();
    let mut query = "?limit=2".to_owned();
    loop {
        let page = mia.client.get(&format!("{AUDIT}{query}")).await.ok();
        read.extend(page["items"].as_array().expect("lines").clone());
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=2&cursor={next}");
    }
    assert_eq!(read, lines(&mia.client, "").await);
}

#[tokio::test]
async fn a_moderator_of_a_room_sees_only_its_lines() {
    let camp = Conference::start().await;
    let (rob, ada, mia) =
        (camp.attendee("Rob").await, camp.attendee("Ada").await, camp.moderator("Mia").await);
    camp.hub.grant(camp.event, rob.id, Role::Moderator, Some(camp.room.id)).await;
    let mut mia = camp.socket(&mia).await;
    mia.ask("moderation.time_out", a_minute(ada.id)).await.expect("timed out");
    for room in [camp.room.id, camp.other_room.id] {
        let lock = json!({ "room": room, "locked": true });
        mia.ask("moderation.lock", lock).await.expect("locked");
    }
    let seen = lines(&rob.client, "").await;
    assert!(seen.iter().all(|line| line["room"] == json!(camp.room.id)), "{seen:?}");
    assert!(actions(&seen).contains(&"moderation.lock"));
    assert!(actions(&seen).contains(&"room.change"));
}

#[tokio::test]
async fn others_do_not_see_it() {
    let camp = Conference::start().await;
    let (ada, stranger) = (camp.attendee("Ada").await, camp.hub.person("Stranger").await);
    for (client, status, code) in [
        (&camp.hub.client(), 401, "sign_in.required"),
        (&stranger.client, 403, "permission.denied"),
        (&ada.client, 403, "permission.denied"),
    ] {
        let refused = client.get(AUDIT).await;
        assert_eq!((refused.status.as_u16(), refused.code().as_str()), (status, code));
    }
    for (query, field) in [
        ("?action=nonsense", "action"),
        ("?action=%00", "action"),
        ("?person=me", "person"),
        ("?limit=0", "limit"),
        ("?limit=many", "limit"),
        ("?cursor=x", "cursor"),
        ("?x=1", "x"),
    ] {
        let refused = camp.organizer.client.get(&format!("{AUDIT}{query}")).await;
        assert_eq!(
            (refused.status.as_u16(), refused.code().as_str()),
            (422, "request.invalid"),
            "{query}"
        );
        assert_eq!(refused.json()["field"], field, "{}", refused.text);
    }
}
