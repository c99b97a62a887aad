//! Messages in a room.

use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(people_talk_in_a_room, a_deleted_message_is_nowhere);

async fn people_talk_in_a_room(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let room = &camp.room.channel;
    let (mut ada, joined) = camp.joined(&ada, room).await;
    assert_eq!(
        (joined["seq"].as_u64(), joined["messages"].as_array().map(Vec::len)),
        (Some(0), Some(0))
    );
    let (mut ben, _) = camp.joined(&ben, room).await;

    let sent = ada.ask("message.send", message(room, "Hello, *world* 👋")).await.expect("sent");
    assert_eq!(sent["message"]["seq"], 1);
    let heard = ben.push("messages").await;
    assert_eq!(heard["channel"], json!(room));
    assert_eq!((&heard["data"]["after"], &heard["data"]["seq"]), (&json!(0), &json!(1)));
    assert_eq!(heard["data"]["messages"][0], sent["message"]);
    assert_eq!(heard["data"]["messages"][0]["sender"]["name"], "Ada");

    let mut answer = message(room, "Hello, Ada");
    answer["reply_to"] = json!(1);
    let answered = ben.ask("message.send", answer).await.expect("answered");
    assert_eq!(answered["message"]["reply_to"], 1);

    let edit = json!({ "channel": room, "seq": 1, "text": "Hello, everybody" });
    assert_eq!(ada.ask("message.edit", edit.clone()).await.expect("edited")["seq"], 3);
    assert_eq!(ben.ask("message.edit", edit).await, Err("permission.denied".to_owned()));
    let changed = ben.push_where(|push| push["data"]["seq"] == 3).await;
    assert_eq!(changed["data"]["messages"][0]["text"], "Hello, everybody");
    assert_eq!(changed["data"]["messages"][0]["changed"], 3);
    assert!(changed["data"]["messages"][0]["edited_at"].is_number());

    let like = json!({ "channel": room, "seq": 2, "emoji": "👍", "on": true });
    ada.ask("message.react", like).await.expect("a reaction");
    let reacted = ben.push_where(|push| push["data"]["seq"] == 4).await;
    assert_eq!(reacted["data"]["messages"][0]["reactions"], json!({ "👍": 1 }));
    let page = json!({ "channel": room, "before": 100, "limit": 10 });
    let page = ada.ask("channel.history", page).await.expect("history");
    assert_eq!(page["own_reactions"], json!({ "2": ["👍"] }));
    assert_eq!(page["messages"][1]["ordinal"], 2);
    assert_eq!(page["more"], false);
}

async fn a_deleted_message_is_nowhere(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, mia) = (camp.attendee("Ada").await, camp.moderator("Mia").await);
    let room = &camp.room.channel;
    let (mut ada, _) = camp.joined(&ada, room).await;
    let (mut mia, _) = camp.joined(&mia, room).await;
    ada.ask("message.send", message(room, "something rude")).await.expect("sent");
    let one = json!({ "channel": room, "seq": 1 });
    mia.ask("message.pin", json!({ "channel": room, "seq": 1, "on": true })).await.expect("pinned");
    mia.ask("message.delete", one.clone()).await.expect("deleted");

    let ben = camp.attendee("Ben").await;
    let (mut ben, joined) = camp.joined(&ben, room).await;
    let seen = [
        joined.clone(),
        ben.ask("channel.history", json!({ "channel": room, "before": 9, "limit": 9 }))
            .await
            .expect("history"),
        ben.ask("channel.catch_up", json!({ "channel": room, "after": 0 })).await.expect("changes"),
    ];
    for seen in seen {
        assert!(!seen.to_string().contains("rude"), "{seen}");
        assert_eq!(seen["messages"][0]["deleted"], "moderator");
    }
    assert_eq!(joined["state"]["pinned"], json!([]));
    assert_eq!(ben.ask("message.restore", one.clone()).await, Err("permission.denied".to_owned()));

    mia.ask("message.restore", one).await.expect("restored");
    let restored = ben.push("messages").await;
    assert_eq!(restored["data"]["messages"][0]["text"], "something rude");
}

#[tokio::test]
async fn a_message_sent_again_gets_the_first_answer() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let room = &camp.room.channel;
    let (mut ada, _) = camp.joined(&ada, room).await;
    let once = message(room, "once");
    let first = ada.ask("message.send", once.clone()).await.expect("sent");
    let again = ada.ask("message.send", once).await.expect("answered");
    assert_eq!(first, again);
    let joined = ada.ask("channel.join", json!({ "channel": room, "after": 0 })).await;
    assert_eq!(joined.expect("a channel")["state"]["count"], 1);
}

#[tokio::test]
async fn only_existing_messages_can_be_replied_to() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let room = &camp.room.channel;
    let (mut ada, _) = camp.joined(&ada, room).await;
    ada.ask("message.send", message(room, "one")).await.expect("sent");
    let like = json!({ "channel": room, "seq": 1, "emoji": "👍", "on": true });
    ada.ask("message.react", like).await.expect("a reaction takes the number 2");
    for nothing in [0, 2, 9_999] {
        let mut answer = message(room, "Exactly!");
        answer["reply_to"] = json!(nothing);
        let refused = ada.reply("message.send", answer).await;
        let error = &refused["error"];
        assert_eq!((&error["code"], &error["field"]), (&json!("not_found"), &json!("reply_to")));
        assert_eq!(error["message"], "There is no such message to answer.");
    }
    let next = ada.ask("message.send", message(room, "two")).await.expect("sent");
    assert_eq!((&next["seq"], &next["message"]["ordinal"]), (&json!(3), &json!(2)));
}

#[tokio::test]
async fn a_storm_of_reactions_is_pushed_as_totals() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let ada = camp.attendee("Ada").await;
    let (mut ada, _) = camp.joined(&ada, room).await;
    ada.ask("message.send", message(room, "Who likes it?")).await.expect("sent");
    let mut crowd = Vec::new();
    for number in 0..20 {
        let person = camp.attendee(&format!("Person {number}")).await;
        crowd.push(camp.joined(&person, room).await.0);
    }
    let like = json!({ "channel": room, "seq": 1, "emoji": "🎉", "on": true });
    for socket in &mut crowd {
        socket.send_request("message.react", like.clone()).await;
    }
    let is_total = |push: &serde_json::Value| push["data"]["messages"][0]["reactions"]["🎉"] == 20;
    let last = ada.push_where(is_total).await;
    let changes = last["data"]["seq"].as_u64().expect("a number") - 1;
    assert!(changes <= 5, "20 reactions took {changes} numbers");
}

#[tokio::test]
async fn a_client_catches_up_from_its_position() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada, _) = camp.joined(&ada, room).await;
    for number in 1..=5 {
        ada.ask("message.send", message(room, &format!("number {number}"))).await.expect("sent");
    }
    let (mut ben, joined) = camp.joined(&ben, room).await;
    assert_eq!(joined["messages"].as_array().map(Vec::len), Some(5));
    let after = json!({ "channel": room, "after": 3 });
    let missed = ben.ask("channel.join", after).await.expect("a channel");
    assert_eq!(missed["reset"], false);
    let texts: Vec<_> = missed["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|one| one["text"].clone())
        .collect();
    assert_eq!(texts, ["number 4", "number 5"]);
    let beyond = json!({ "channel": room, "after": 99 });
    let beyond = ben.ask("channel.catch_up", beyond).await.expect("an answer");
    assert_eq!(beyond["reset"], true, "a number that was never given is told");
}

#[tokio::test]
async fn unread_is_pushed_once_until_the_person_reads() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada_socket, _) = camp.joined(&ada, room).await;
    ada_socket.ask("message.send", message(room, "one")).await.expect("sent");

    let (mut reader, joined) = camp.joined(&ben, room).await;
    assert_eq!(joined["state"]["read"]["unread"], 1);
    let read = reader.ask("channel.read", json!({ "channel": room, "seq": 1 })).await;
    assert_eq!(read.expect("read")["unread"], 0);
    reader.ask("channel.leave", json!({ "channel": room })).await.expect("left");
    for number in 2..=4 {
        ada_socket.ask("message.send", message(room, &number.to_string())).await.expect("sent");
    }
    let told = reader.push("unread").await;
    assert_eq!((&told["channel"], &told["data"]["unread"]), (&json!(room), &json!(1)));
    let more = reader.pushes_so_far().await;
    assert!(more.iter().all(|push| push["push"] != "unread"), "{more:?}");

    let (_, welcome) = camp.greeted(&ben).await;
    assert_eq!(welcome["unread"], json!([{ "channel": room, "unread": 3, "mentions": 0 }]));
    reader.ask("channel.read", json!({ "channel": room, "seq": 4 })).await.expect("read");
    let (_, welcome) = camp.greeted(&ben).await;
    assert_eq!(welcome["unread"], json!([]));
}

#[tokio::test]
async fn a_read_pointer_cannot_be_ahead_of_the_channel() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada, mut reader) = (camp.socket(&ada).await, camp.socket(&ben).await);
    let far = json!({ "channel": room, "seq": 1_000_000_000 });
    let up_to = |seq: u64| json!({ "seq": seq, "unread": 0, "mentions": 0 });

    ada.ask("message.send", message(room, "one")).await.expect("sent");
    let read = reader.ask("channel.read", far.clone()).await.expect("read");
    assert_eq!(read, up_to(1), "while nobody is in the room");
    let (mut reader, _) = camp.joined(&ben, room).await;
    ada.ask("message.send", message(room, "two")).await.expect("sent");
    reader.push_where(|push| push["data"]["seq"] == 2).await;
    let read = reader.ask("channel.read", far).await.expect("read");
    assert_eq!(read, up_to(2), "while somebody is");

    ada.ask("message.send", message(room, "three")).await.expect("sent");
    reader.push_where(|push| push["data"]["seq"] == 3).await;
    let read = reader.ask("channel.read", json!({ "channel": room, "seq": 3 })).await;
    assert_eq!(read.expect("read"), up_to(3));
    let (_, welcome) = camp.greeted(&ben).await;
    assert_eq!(welcome["unread"], json!([]));
}

#[tokio::test]
async fn a_sender_has_read_the_channel_and_is_notified_of_later_messages() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada_socket, _) = camp.joined(&ada, room).await;
    let (mut writer, _) = camp.joined(&ben, room).await;
    let mut elsewhere = camp.socket(&ben).await;
    ada_socket.ask("message.send", message(room, "one")).await.expect("sent");
    writer.ask("message.send", message(room, "two")).await.expect("sent");
    let told = elsewhere.push("unread").await;
    let nothing = json!({ "seq": 2, "unread": 0, "mentions": 0 });
    assert_eq!(told["data"], nothing, "one's other device knows that one has read");

    writer.ask("channel.leave", json!({ "channel": room })).await.expect("left");
    ada_socket.ask("message.send", message(room, "three")).await.expect("sent");
    let told = writer.push("unread").await;
    assert_eq!(told["data"], json!({ "seq": 3, "unread": 1, "mentions": 0 }));
}

#[tokio::test]
async fn a_mention_reaches_the_person_who_may_read_it() {
    let camp = Conference::start().await;
    let (mia, ben) = (camp.moderator("Mia").await, camp.attendee("Ben").await);
    let mut mia_socket = camp.socket(&mia).await;
    let mut ben_socket = camp.socket(&ben).await;
    let mut secret = message(&camp.room.staff, "about Ben");
    secret["mentions"] = json!([ben.id]);
    mia_socket.ask("message.send", secret).await.expect("sent");
    let mut open = message(&camp.room.channel, "hello Ben");
    let stranger = camp.hub.person("Stranger").await;
    open["mentions"] = json!([ben.id, stranger.id, uuid::Uuid::new_v4()]);
    let sent = mia_socket.ask("message.send", open).await.expect("sent");
    assert_eq!(sent["message"]["mentions"], json!([ben.id]), "nobody from outside");
    let mention = ben_socket.push("mention").await;
    assert_eq!(mention["data"]["message"]["text"], "hello Ben", "the staff's talk stays theirs");

    ben_socket.ask("person.block", json!({ "person": mia.id })).await.expect("blocked");
    let mut again = message(&camp.room.channel, "are you there, Ben?");
    again["mentions"] = json!([ben.id]);
    let sent = mia_socket.ask("message.send", again).await.expect("sent");
    assert_eq!(sent["message"].get("mentions"), None, "whoever blocks is left in peace");
}

#[tokio::test]
async fn presence_is_pushed_by_ticks_and_answered_on_request() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut ada, _) = camp.joined(&ada, room).await;
    let (mut ben, _) = camp.joined(&ben, room).await;
    let tick = ada.push_where(|push| push["push"] == "tick" && push["data"]["people"] == 2).await;
    assert_eq!(tick["channel"], json!(room));
    let people = ada.ask("channel.people", json!({ "channel": room })).await.expect("people");
    let names: Vec<_> = people["people"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!((names, &people["total"]), (vec![json!("Ada"), json!("Ben")], &json!(2)));
    ben.ask("channel.typing", json!({ "channel": room })).await.expect("typing");
    let tick = ada.push_where(|push| push["data"]["typing"]["names"] == json!(["Ben"])).await;
    assert_eq!(tick["data"]["typing"], json!({ "names": ["Ben"], "more": 0 }));
}

#[tokio::test]
async fn a_new_name_is_seen_at_once() {
    let camp = Conference::start().await;
    let room = &camp.room.channel;
    let mut ada = camp.attendee("Ada").await;
    let (mut socket, _) = camp.joined(&ada, room).await;
    ada.client.patch("/api/v1/me", json!({ "name": "Ada Lovelace" })).await.ok();
    let sent = socket.ask("message.send", message(room, "It is me")).await.expect("sent");
    assert_eq!(sent["message"]["sender"]["name"], "Ada Lovelace");
    let people = socket.ask("channel.people", json!({ "channel": room })).await.expect("people");
    assert_eq!(people["people"][0]["name"], "Ada Lovelace");
}
