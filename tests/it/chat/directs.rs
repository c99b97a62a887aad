//! Direct messages.

use plenary::id::PersonId;
use serde_json::json;

use crate::support::conference::{Conference, message};
use crate::support::databases::{TestDatabase, on_each_database};

on_each_database!(two_people_write_to_each_other, direct_channels_without_messages_are_limited);

async fn two_people_write_to_each_other(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, ben, eve) =
        (camp.attendee("Ada").await, camp.attendee("Ben").await, camp.attendee("Eve").await);
    let (mut ada_socket, mut ben_socket) = (camp.socket(&ada).await, camp.socket(&ben).await);
    let mut eve_socket = camp.socket(&eve).await;

    let with_ben = json!({ "people": [ben.id] });
    let opened = ada_socket.ask("direct.open", with_ben.clone()).await.expect("a channel");
    let channel = opened["direct"]["channel"].as_str().expect("an id").to_owned();
    let again = ada_socket.ask("direct.open", with_ben).await.expect("the same");
    assert_eq!(again["direct"]["channel"], json!(channel));
    let nothing = ben_socket.ask("direct.list", json!({})).await.expect("a list");
    assert_eq!(nothing["directs"], json!([]), "hidden until something is said");

    ada_socket.ask("message.send", message(&channel, "psst")).await.expect("sent");
    let told = ben_socket.push("direct").await;
    assert_eq!(told["data"]["direct"]["last"]["text"], "psst");
    assert_eq!(told["data"]["direct"]["unread"], 1);
    let listed = ben_socket.ask("direct.list", json!({})).await.expect("a list");
    assert_eq!(listed["directs"][0]["people"].as_array().map(Vec::len), Some(2));

    let join = json!({ "channel": channel });
    assert_eq!(eve_socket.ask("channel.join", join.clone()).await, Err("not_found".to_owned()));
    let intrude = message(&channel, "me too");
    assert_eq!(eve_socket.ask("message.send", intrude).await, Err("not_found".to_owned()));

    ben_socket.ask("channel.join", join.clone()).await.expect("joined");
    ben_socket.ask("person.block", json!({ "person": ada.id })).await.expect("blocked");
    let blocked = ada_socket.ask("message.send", message(&channel, "hello?")).await;
    assert_eq!(blocked, Err("chat.blocked".to_owned()));
    ben_socket.ask("person.unblock", json!({ "person": ada.id })).await.expect("unblocked");
    ada_socket.ask("message.send", message(&channel, "there you are")).await.expect("sent");

    ben_socket.ask("direct.hide", join).await.expect("hidden");
    let listed = ben_socket.ask("direct.list", json!({})).await.expect("a list");
    assert_eq!(listed["directs"], json!([]));
    ada_socket.ask("message.send", message(&channel, "still there?")).await.expect("sent");
    let listed = ben_socket.ask("direct.list", json!({})).await.expect("a list");
    assert_eq!(listed["directs"].as_array().map(Vec::len), Some(1), "back with the next message");
}

async fn direct_channels_without_messages_are_limited(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let ada = camp.attendee("Ada").await;
    let mut others = Vec::new();
    for number in 0..15 {
        others.push(camp.attendee(&format!("Person {number}")).await);
    }
    let pairs = others.iter().enumerate().flat_map(|(index, one)| {
        others[index + 1..].iter().map(move |other| json!({ "people": [one.id, other.id] }))
    });
    let groups: Vec<_> = pairs.take(102).collect();
    let mut socket = camp.socket(&ada).await;
    let mut first = None;
    for group in &groups[..100] {
        let opened = socket.ask("direct.open", group.clone()).await.expect("a channel");
        first.get_or_insert(opened["direct"]["channel"].as_str().expect("an id").to_owned());
    }
    let refused = socket.reply("direct.open", groups[100].clone()).await;
    assert_eq!(refused["error"]["code"], "chat.too_many_conversations");
    let sentence = "You have opened 100 conversations in which nothing was said. Write in one of \
                    them before you open another.";
    assert_eq!(refused["error"]["message"], sentence);
    socket.ask("direct.open", groups[0].clone()).await.expect("what is there opens again");
    let mut other = camp.socket(&others[0]).await;
    other.ask("direct.open", json!({ "people": [ada.id] })).await.expect("others open theirs");

    let first = first.expect("a channel");
    socket.ask("message.send", message(&first, "Hello, you two")).await.expect("sent");
    socket.ask("direct.open", groups[100].clone()).await.expect("one more");
    let refused = socket.ask("direct.open", groups[101].clone()).await;
    assert_eq!(refused, Err("chat.too_many_conversations".to_owned()));
}

#[tokio::test]
async fn blocks_tell_no_more_of_somebody_than_the_directory_does() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let listed = camp.attendee("Listed").await;
    let mut unlisted = camp.attendee("Unlisted").await;
    let own = "/api/v1/events/camp/registration";
    unlisted.client.patch(own, json!({ "listed": false })).await.ok();
    let elsewhere = camp.hub.person("Elsewhere").await;
    let nobody: PersonId = uuid::Uuid::new_v4().to_string().parse().expect("an id");
    let mut socket = camp.socket(&ada).await;
    let all = [listed.id, unlisted.id, elsewhere.id, nobody];
    for person in all {
        socket.ask("person.block", json!({ "person": person })).await.expect("blocked");
    }
    let blocks = socket.ask("person.blocks", json!({})).await.expect("blocks");
    let people = blocks["people"].as_array().expect("a list");
    assert_eq!(people.len(), 4);
    for person in people {
        let expected = if person["id"] == json!(listed.id) {
            json!({ "id": listed.id, "name": "Listed" })
        } else {
            json!({ "id": person["id"], "name": "" })
        };
        assert_eq!(*person, expected);
    }
    for person in all {
        socket.ask("person.unblock", json!({ "person": person })).await.expect("unblocked");
    }
    let blocks = socket.ask("person.blocks", json!({})).await.expect("blocks");
    assert_eq!(blocks["people"], json!([]));
}

#[tokio::test]
async fn a_group_has_at_most_eight_participants() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let mut socket = camp.socket(&ada).await;
    let mut others = Vec::new();
    for number in 0..8 {
        others.push(camp.attendee(&format!("Person {number}")).await.id);
    }
    let seven = json!({ "people": others[..7] });
    assert!(socket.ask("direct.open", seven).await.is_ok());
    let eight = json!({ "people": others });
    assert_eq!(socket.ask("direct.open", eight).await, Err("request.invalid".to_owned()));
    let stranger = camp.hub.person("Stranger").await;
    let outside = json!({ "people": [stranger.id] });
    assert_eq!(socket.ask("direct.open", outside).await, Err("not_found".to_owned()));
}
