//! Time-outs.

use std::time::Duration;

use plenary::moderation::Restrictions;
use serde_json::json;

use super::{a_minute, standing_still, told};
use crate::support::conference::{Conference, message, open_direct};
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(a_time_out_takes_effect_at_once_and_ends_by_itself);

async fn a_time_out_takes_effect_at_once_and_ends_by_itself(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let (other, direct_to) = (camp.room.channel.clone(), camp.attendee("Ben").await);
    let person = ada.id;
    let (mut ada, _) = camp.joined(&ada, &other).await;
    let mut mia = camp.socket(&mia).await;
    ada.ask("message.send", message(&other, "before")).await.expect("sent");
    let direct = open_direct(&mut ada, direct_to.id).await;

    let imposed = mia.ask("moderation.time_out", a_minute(person)).await.expect("timed out");
    let sanction = &imposed["sanction"];
    assert_eq!((&sanction["kind"], &sanction["reason"]), (&json!("time_out"), &json!("Cool down")));
    assert_eq!(
        (&sanction["person"]["name"], &sanction["by"]["name"]),
        (&json!("Ada"), &json!("Mia"))
    );
    let heard = told(&mut ada).await;
    assert_eq!(heard.len(), 1);
    assert_eq!(
        (&heard[0]["id"], &heard[0]["expires_at"]),
        (&sanction["id"], &json!(1_800_000_060_000_i64))
    );
    assert!(heard[0].get("by").is_none(), "who did it is for moderators alone");

    for (operation, data) in [
        ("message.send", message(&other, "now")),
        ("message.send", message(&direct, "now")),
        ("message.edit", json!({ "channel": other, "seq": 1, "text": "now" })),
        ("message.react", json!({ "channel": other, "seq": 1, "emoji": "👍", "on": true })),
        ("channel.typing", json!({ "channel": other })),
    ] {
        let refused = ada.reply(operation, data).await["error"].clone();
        assert_eq!(refused["code"], "moderation.timed_out", "{operation}");
        assert_eq!(refused["until"], 1_800_000_060_000_i64, "{operation}");
    }
    let page = json!({ "channel": other, "before": 100, "limit": 10 });
    assert_eq!(
        ada.ask("channel.history", page).await.expect("reading goes on")["messages"][0]["seq"],
        1
    );
    mia.ask("message.send", message(&other, "listen")).await.expect("sent");
    assert_eq!(ada.push("messages").await["data"]["seq"], 2);

    camp.hub.app.clock.advance(Duration::from_secs(59));
    assert!(ada.ask("message.send", message(&other, "now")).await.is_err());
    camp.hub.app.clock.advance(Duration::from_secs(1));
    ada.ask("message.send", message(&other, "after")).await.expect("by itself");
}

#[tokio::test]
async fn a_time_out_in_one_room_does_not_affect_the_others() {
    let camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let person = ada.id;
    let (mut ada, mut mia) = (camp.socket(&ada).await, camp.socket(&mia).await);
    let order = json!({ "person": person, "room": camp.room.id, "seconds": 60, "reason": "" });
    mia.ask("moderation.time_out", order).await.expect("timed out");
    assert_eq!(told(&mut ada).await[0]["room"], json!(camp.room.id));
    let here = ada.ask("message.send", message(&camp.room.channel, "here")).await;
    assert_eq!(here, Err("moderation.timed_out".to_owned()));
    ada.ask("message.send", message(&camp.other_room.channel, "there")).await.expect("sent");
}

#[tokio::test]
async fn moderators_see_in_the_list_of_people_who_is_timed_out() {
    let camp = standing_still(TestDatabase::sqlite()).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let here = camp.room.channel.as_str();
    let (mut ada_socket, _) = camp.joined(&ada, here).await;
    let (mut mia, _) = camp.joined(&mia, here).await;
    let order = json!({ "person": ada.id, "room": camp.room.id, "seconds": 60, "reason": "" });
    mia.ask("moderation.time_out", order).await.expect("timed out");
    let people = json!({ "channel": here });
    let seen = mia.ask("channel.people", people.clone()).await.expect("people");
    assert_eq!(seen["timed_out"], json!([ada.id]));
    let seen = ada_socket.ask("channel.people", people.clone()).await.expect("people");
    assert!(seen.get("timed_out").is_none(), "it is not for others: {seen}");
    camp.hub.app.clock.advance(Duration::from_secs(60));
    let seen = mia.ask("channel.people", people).await.expect("people");
    assert!(seen.get("timed_out").is_none(), "{seen}");
}

on_each_database!(the_moderators_last_decision_counts);

async fn the_moderators_last_decision_counts(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let person = ada.id;
    let (mut ada, mut mia) = (camp.socket(&ada).await, camp.socket(&mia).await);
    let order = |seconds| json!({ "person": person, "seconds": seconds, "reason": "" });
    for (seconds, until) in [(60, 60_000_i64), (3_600, 3_600_000), (10, 10_000)] {
        mia.ask("moderation.time_out", order(seconds)).await.expect("timed out");
        let standing = told(&mut ada).await;
        assert_eq!(standing.len(), 1, "one in the place of the other");
        assert_eq!(standing[0]["expires_at"], 1_800_000_000_000_i64 + until);
    }
    let active = mia.ask("moderation.sanctions", json!({})).await.expect("a list");
    assert_eq!(active["sanctions"].as_array().map(Vec::len), Some(1));
    let id = active["sanctions"][0]["id"].clone();

    mia.ask("moderation.lift", json!({ "sanction": id })).await.expect("lifted");
    assert!(told(&mut ada).await.is_empty());
    ada.ask("message.send", message(&camp.room.channel, "thanks")).await.expect("sent");
    mia.ask("moderation.lift", json!({ "sanction": id })).await.expect("over already");
    let active = mia.ask("moderation.sanctions", json!({})).await.expect("a list");
    assert_eq!(active["sanctions"], json!([]));
}

on_each_database!(sanctions_survive_a_restart_and_leave_no_trace_once_over);

async fn sanctions_survive_a_restart_and_leave_no_trace_once_over(database: TestDatabase) {
    let camp = standing_still(database).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    camp.socket(&mia).await.ask("moderation.time_out", a_minute(ada.id)).await.expect("timed out");

    let camp = camp.restart().await;
    let (mut socket, welcome) = camp.greeted(&ada).await;
    assert_eq!(welcome["standing"][0]["reason"], "Cool down");
    assert!(welcome["standing"][0].get("by").is_none());
    let refused = socket.ask("message.send", message(&camp.room.channel, "now")).await;
    assert_eq!(refused, Err("moderation.timed_out".to_owned()));

    let app = &camp.hub.app;
    app.clock.advance(Duration::from_secs(60));
    let ben = camp.attendee("Ben").await;
    camp.socket(&mia).await.ask("moderation.time_out", a_minute(ben.id)).await.expect("timed out");
    let event = app.events.known(camp.event).expect("the snapshot");
    assert_eq!(Restrictions::people(&event).collect::<Vec<_>>(), [ben.id], "Ada's is over");
    assert_eq!(camp.greeted(&ada).await.1["standing"], json!([]));
}

#[tokio::test]
async fn many_time_outs_at_once_all_take_effect() {
    let camp = Conference::start().await;
    let mia = camp.moderator("Mia").await;
    let mut people = Vec::new();
    for number in 0..24 {
        people.push(camp.attendee(&format!("Person {number}")).await.id);
    }
    let mut moderators = Vec::new();
    for chunk in people.chunks(6) {
        moderators.push((camp.socket(&mia).await, chunk.to_vec()));
    }
    let orders = moderators.into_iter().map(|(mut socket, people)| {
        tokio::spawn(async move {
            for person in people {
                socket.ask("moderation.time_out", a_minute(person)).await.expect("timed out");
            }
        })
    });
    for order in orders.collect::<Vec<_>>() {
        order.await.expect("all of them");
    }
    let event = camp.hub.app.events.known(camp.event).expect("the snapshot");
    assert!(people.iter().all(|person| Restrictions::on(&event, *person).len() == 1));
}

#[tokio::test]
async fn invalid_requests_are_refused_and_change_nothing() {
    let camp = Conference::start().await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let stranger = camp.hub.person("Stranger").await;
    let mut mia = camp.socket(&mia).await;
    let before = camp.hub.app.events.known(camp.event).expect("the snapshot").version;
    let nobody = "018f0000-0000-7000-8000-000000000000";
    for (operation, data, code) in [
        ("time_out", json!({ "person": ada.id, "seconds": 9, "reason": "" }), "request.invalid"),
        (
            "time_out",
            json!({ "person": ada.id, "seconds": 2_592_001, "reason": "" }),
            "request.invalid",
        ),
        ("time_out", json!({ "person": ada.id, "seconds": -1, "reason": "" }), "request.invalid"),
        ("time_out", json!({ "person": ada.id, "seconds": 60 }), "request.invalid"),
        (
            "time_out",
            json!({ "person": ada.id, "seconds": 60, "reason": "x".repeat(301) }),
            "request.invalid",
        ),
        (
            "time_out",
            json!({ "person": ada.id, "seconds": 60, "reason": "", "x": 1 }),
            "request.unknown_field",
        ),
        ("time_out", json!({ "person": nobody, "seconds": 60, "reason": "" }), "not_found"),
        ("time_out", json!({ "person": stranger.id, "seconds": 60, "reason": "" }), "not_found"),
        ("ban", json!({ "person": ada.id, "room": nobody, "reason": "" }), "not_found"),
        ("ban", json!({ "person": ada.id, "seconds": 59, "reason": "" }), "request.invalid"),
        (
            "ban",
            json!({ "person": ada.id, "seconds": 31_536_001, "reason": "" }),
            "request.invalid",
        ),
        ("lift", json!({ "sanction": nobody }), "not_found"),
        ("slow_mode", json!({ "room": camp.room.id, "seconds": 3_601 }), "request.invalid"),
        ("slow_mode", json!({ "room": nobody, "seconds": 1 }), "not_found"),
        ("lock", json!({ "room": nobody, "locked": true }), "not_found"),
        ("lock", json!({ "room": camp.room.id, "locked": 1 }), "request.invalid"),
        ("history", json!({ "person": nobody }), "not_found"),
        (
            "delete_recent",
            json!({ "channel": camp.room.channel, "person": ada.id, "minutes": 0 }),
            "request.invalid",
        ),
        (
            "delete_recent",
            json!({ "channel": camp.room.channel, "person": ada.id, "minutes": 1_441 }),
            "request.invalid",
        ),
    ] {
        let refused = mia.ask(&format!("moderation.{operation}"), data.clone()).await;
        assert_eq!(refused, Err(code.to_owned()), "{operation} {data}");
    }
    let after = camp.hub.app.events.by_id(camp.event).await.expect("an answer").expect("the event");
    assert_eq!((after.version, Restrictions::people(&after).count()), (before, 0));
}
