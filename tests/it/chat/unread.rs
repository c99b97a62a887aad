//! What is unread, and who is mentioned: what is there now.

use serde_json::{Value, json};

use crate::support::conference::{Conference, message, open_direct};
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::people::TestPerson;
use crate::support::socket::Socket;

on_each_database!(what_was_unread_and_is_deleted_counts_no_more, an_edit_mentions_others);

fn mentioning(channel: &str, text: &str, person: &TestPerson) -> Value {
    let mut new = message(channel, text);
    new["mentions"] = json!([person.id]);
    new
}

/// The next `unread` of a channel with this number of messages.
async fn told(socket: &mut Socket, channel: &str, unread: u64) -> Value {
    let of_channel = |push: &Value| push["push"] == "unread" && push["channel"] == channel;
    let push = socket.push_where(|push| of_channel(push) && push["data"]["unread"] == unread).await;
    push["data"].clone()
}

async fn what_was_unread_and_is_deleted_counts_no_more(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let room = camp.room.channel.as_str();
    let mut speaker = camp.joined(&ben, room).await.0;
    speaker.ask("message.send", message(room, "before")).await.expect("sent");
    let mut away = camp.socket(&ada).await;
    away.ask("channel.read", json!({ "channel": room, "seq": 1 })).await.expect("read");

    for text in ["@Ada one", "@Ada two"] {
        speaker.ask("message.send", mentioning(room, text, &ada)).await.expect("sent");
    }
    speaker.ask("message.send", message(room, "three")).await.expect("sent");
    assert_eq!(told(&mut away, room, 1).await["mentions"], 1);
    let welcome = camp.greeted(&ada).await.1;
    assert_eq!(welcome["unread"], json!([{ "channel": room, "unread": 3, "mentions": 2 }]));

    let one = |seq: u64| json!({ "channel": room, "seq": seq });
    speaker.ask("message.delete", one(2)).await.expect("deleted");
    assert_eq!(told(&mut away, room, 2).await["mentions"], 1, "the page that is open");
    let (mut other, welcome) = camp.greeted(&ada).await;
    assert_eq!(welcome["unread"], json!([{ "channel": room, "unread": 2, "mentions": 1 }]));
    let joined = other.ask("channel.join", json!({ "channel": room })).await.expect("joined");
    let read = &joined["state"]["read"];
    assert_eq!((&read["unread"], &read["mentions"]), (&json!(2), &json!(1)));
    other.cut();

    for seq in [3, 4] {
        speaker.ask("message.delete", one(seq)).await.expect("deleted");
    }
    assert_eq!(told(&mut away, room, 0).await["mentions"], 0, "the page that is open");
    let (_, welcome) = camp.greeted(&ada).await;
    assert_eq!(welcome["unread"], json!([]), "after signing in anew");

    let mut mia = camp.socket(&camp.moderator("Mia").await).await;
    speaker.ask("message.send", message(room, "rude")).await.expect("sent");
    told(&mut away, room, 1).await;
    let rude = one(8);
    mia.ask("message.delete", rude.clone()).await.expect("deleted");
    told(&mut away, room, 0).await;
    mia.ask("message.restore", rude).await.expect("restored");
    told(&mut away, room, 1).await;
}

async fn an_edit_mentions_others(database: TestDatabase) {
    let camp = Conference::with(database, plenary::clock::Clock::System).await;
    let (ada, ben, cleo) =
        (camp.attendee("Ada").await, camp.attendee("Ben").await, camp.attendee("Cleo").await);
    let room = camp.room.channel.as_str();
    let mut speaker = camp.joined(&ben, room).await.0;
    let (mut ada_socket, mut cleo_socket) = (camp.socket(&ada).await, camp.socket(&cleo).await);
    for socket in [&mut ada_socket, &mut cleo_socket] {
        socket.ask("channel.read", json!({ "channel": room, "seq": 0 })).await.expect("read");
    }
    speaker.ask("message.send", mentioning(room, "@Ada come here", &ada)).await.expect("sent");
    told(&mut ada_socket, room, 1).await;
    told(&mut cleo_socket, room, 1).await;

    let mut edit = json!({ "channel": room, "seq": 1, "text": "@Ada, come here!" });
    speaker.ask("message.edit", edit.clone()).await.expect("edited");
    let edited = speaker.push_where(|push| push["data"]["seq"] == 2).await;
    assert_eq!(edited["data"]["messages"][0]["mentions"], json!([ada.id]), "left out: the same");

    edit["text"] = json!("@Cleo, come here!");
    edit["mentions"] = json!([cleo.id]);
    speaker.ask("message.edit", edit.clone()).await.expect("edited");
    let mention = cleo_socket.push("mention").await;
    assert_eq!(mention["channel"], room);
    assert_eq!(mention["data"]["message"]["mentions"], json!([cleo.id]));
    assert_eq!(told(&mut ada_socket, room, 1).await["mentions"], 0);
    assert_eq!(told(&mut cleo_socket, room, 1).await["mentions"], 1);
    for (person, mentions) in [(&ada, 0), (&cleo, 1)] {
        let welcome = camp.greeted(person).await.1;
        let unread = json!([{ "channel": room, "unread": 1, "mentions": mentions }]);
        assert_eq!(welcome["unread"], unread);
    }
    let again = speaker.ask("message.edit", edit).await.expect("answered");
    assert_eq!(again["seq"], 3, "an edit that changes nothing is no change");

    let crowd: Vec<_> = (0..11).map(|_| cleo.id).collect();
    let many = json!({ "channel": room, "seq": 1, "text": "all", "mentions": crowd });
    let refused = speaker.reply("message.edit", many).await["error"].clone();
    assert_eq!(refused["field"], "mentions");
}

#[tokio::test]
async fn a_deleted_direct_message_is_not_unread() {
    let camp = Conference::start().await;
    let (ada, ben) = (camp.attendee("Ada").await, camp.attendee("Ben").await);
    let (mut writer, mut reader) = (camp.socket(&ada).await, camp.socket(&ben).await);
    let channel = open_direct(&mut writer, ben.id).await;
    for text in ["one", "two"] {
        writer.ask("message.send", message(&channel, text)).await.expect("sent");
    }
    reader.push_where(|push| push["data"]["direct"]["unread"] == 2).await;
    let two = json!({ "channel": channel, "seq": 2 });
    writer.ask("message.delete", two).await.expect("deleted");
    let list = reader.push_where(|push| push["data"]["direct"]["unread"] == 1).await;
    assert_eq!(list["data"]["direct"]["last"]["deleted"], "author");
    let one = json!({ "channel": channel, "seq": 1 });
    writer.ask("message.delete", one).await.expect("deleted");
    reader.push_where(|push| push["data"]["direct"]["unread"] == 0).await;
    let welcome = camp.greeted(&ben).await.1;
    assert_eq!(welcome["directs"][0]["unread"], 0);
}
