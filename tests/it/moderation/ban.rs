//! Bans.

use std::time::Duration;

use plenary::id::SanctionId;
use serde_json::json;

use super::{for_good, standing_still, told};
use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::socket::Socket;

on_each_database!(
    a_banned_person_is_out_until_the_ban_is_lifted,
    messages_in_flight_when_the_ban_came_are_not_committed
);

async fn a_banned_person_is_out_until_the_ban_is_lifted(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (mut first, _) = camp.joined(&ada, &camp.room.channel).await;
    let mut second = camp.socket(&ada).await;
    let mut moderator = camp.socket(&mia).await;
    let rooms = "/api/v1/events/camp/rooms";
    assert_eq!(ada.client.get(rooms).await.status, 200);

    let imposed = moderator.ask("moderation.ban", for_good(ada.id)).await.expect("banned");
    for socket in [&mut first, &mut second] {
        let standing = told(socket).await;
        assert_eq!((&standing[0]["kind"], &standing[0]["reason"]), (&json!("ban"), &json!("Spam")));
        assert!(standing[0].get("expires_at").is_none() && standing[0].get("by").is_none());
        assert_eq!(socket.ended().await, (4_202, "moderation.banned".to_owned()));
    }
    assert_eq!(camp.hub.app.hub.connections_of(ada.id).len(), 0);
    let refused = ada.client.get(rooms).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (403, "moderation.banned"));

    let mut socket =
        Socket::open(camp.address(), ada.client.cookie.as_deref()).await.expect("open");
    let refused = socket.reply("hello", json!({ "event": "camp" })).await["error"].clone();
    assert_eq!(refused["code"], "moderation.banned");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("Spam")), "{refused}");
    assert_eq!(socket.ended().await.0, 4_202);

    let camp = camp.restart().await;
    assert_eq!(ada.client.get(rooms).await.code(), "moderation.banned", "it survives a restart");
    let mut moderator = camp.socket(&mia).await;
    let lift = json!({ "sanction": imposed["sanction"]["id"] });
    moderator.ask("moderation.lift", lift).await.expect("lifted");
    let (mut ada, _) = camp.joined(&ada, &camp.room.channel).await;
    ada.ask("message.send", message(&camp.room.channel, "back")).await.expect("sent");
}

/// A ban by another node is in the database before this node knows it, for a message that has
/// passed the rules in memory and waits for the log.
async fn messages_in_flight_when_the_ban_came_are_not_committed(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (mut socket, _) = camp.joined(&ada, &camp.room.channel).await;
    let (mut other, _) = camp.joined(&mia, &camp.room.channel).await;
    socket.ask("message.send", message(&camp.room.channel, "before")).await.expect("sent");

    let app = &camp.hub.app;
    let mut transaction = app.db.begin().await.expect("a transaction");
    plenary::events::touch(&app.db, &mut transaction, camp.event).await.expect("a new version");
    let now = app.clock.now();
    app.db
        .query(
            "INSERT INTO sanctions (id, event_id, person_id, kind, reason, created_at)
             VALUES (?, ?, ?, 'ban', 'Spam', ?)",
        )
        .bind(SanctionId::new(now, &app.random).bytes())
        .bind(camp.event.bytes())
        .bind(ada.id.bytes())
        .bind(now.0)
        .execute(&mut *transaction)
        .await
        .expect("a ban");
    transaction.commit().await.expect("committed");

    let sent = socket.ask("message.send", message(&camp.room.channel, "after")).await;
    assert_eq!(sent, Err("moderation.banned".to_owned()));
    let heard = other.ask("message.send", message(&camp.room.channel, "calm")).await;
    assert_eq!(heard.expect("sent")["seq"], 2, "nothing came between");
}

#[tokio::test]
async fn a_ban_with_an_end_ends() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let order = json!({ "person": ada.id, "seconds": 3_600, "reason": "Loud" });
    camp.socket(&mia).await.ask("moderation.ban", order).await.expect("banned");
    let mut socket =
        Socket::open(camp.address(), ada.client.cookie.as_deref()).await.expect("open");
    let refused = socket.reply("hello", json!({ "event": "camp" })).await["error"].clone();
    assert_eq!(refused["until"], 1_800_003_600_000_i64);
    assert_eq!(refused["reason"], "Loud");
    camp.hub.app.clock.advance(Duration::from_secs(3_600));
    camp.joined(&ada, &camp.room.channel).await;
}

#[tokio::test]
async fn a_ban_from_a_room_closes_only_that_room() {
    let camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (here, there) = (camp.room.channel.as_str(), camp.other_room.channel.as_str());
    let person = ada.id;
    let (mut socket, _) = camp.joined(&ada, here).await;
    socket.ask("channel.join", json!({ "channel": there })).await.expect("joined");
    socket.ask("channel.read", json!({ "channel": here, "seq": 0 })).await.expect("read");
    let mut mia = camp.joined(&mia, here).await.0;

    let order = json!({ "person": person, "room": camp.room.id, "reason": "Here you go too far" });
    let imposed = mia.ask("moderation.ban", order).await.expect("banned");
    assert_eq!(told(&mut socket).await[0]["reason"], "Here you go too far");
    let removed = socket.push("removed").await;
    assert_eq!(
        (&removed["channel"], &removed["data"]["code"]),
        (&json!(here), &json!("moderation.banned"))
    );
    let mut mention = message(here, "unheard");
    mention["mentions"] = json!([person]);
    mia.ask("message.send", mention).await.expect("sent");
    mia.ask("message.send", message(there, "heard")).await.expect("sent");
    let heard = socket.push_where(|push| push["push"] != "tick").await;
    assert_eq!((&heard["push"], &heard["channel"]), (&json!("messages"), &json!(there)), "{heard}");
    for operation in ["channel.join", "channel.typing", "channel.people"] {
        let refused = socket.ask(operation, json!({ "channel": here })).await;
        assert_eq!(refused, Err("moderation.banned".to_owned()), "{operation}");
    }
    let welcome = camp.greeted(&ada).await.1;
    assert!(!welcome["unread"].to_string().contains(here), "{welcome}");

    let lift = json!({ "sanction": imposed["sanction"]["id"] });
    mia.ask("moderation.lift", lift).await.expect("lifted");
    assert!(told(&mut socket).await.is_empty());
    socket.ask("channel.join", json!({ "channel": here })).await.expect("back");
}

#[tokio::test]
async fn somebody_whose_registration_is_gone_can_still_be_banned() {
    let camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let db = &camp.hub.app.db;
    db.run(
        db.query("UPDATE registrations SET status = 'cancelled' WHERE person_id = ?")
            .bind(ada.id.bytes()),
    )
    .await
    .expect("cancelled");
    camp.socket(&mia).await.ask("moderation.ban", for_good(ada.id)).await.expect("banned");
    camp.hub.grant(camp.event, ada.id, plenary::permission::Role::Speaker, None).await;
    assert_eq!(ada.client.get("/api/v1/events/camp/rooms").await.code(), "moderation.banned");
}

#[tokio::test]
async fn a_ban_says_until_when_it_holds_over_rest_as_over_the_socket() {
    let camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let order = json!({ "person": ada.id, "reason": "Until tomorrow", "seconds": 86_400 });
    let imposed = camp.socket(&mia).await.ask("moderation.ban", order).await.expect("banned");
    let until = &imposed["sanction"]["expires_at"];
    assert!(until.is_i64(), "{imposed}");
    let refused = ada.client.get("/api/v1/events/camp/rooms").await;
    assert_eq!((refused.status.as_u16(), &refused.json()["until"]), (403, until));
}
