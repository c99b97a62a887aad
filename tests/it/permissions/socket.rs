//! At least one example for every operation of the socket.

use plenary::permission::Operation::*;
use serde_json::{Value, json};

use super::example::{Example, hello, says, socket};
use super::part::{Part, Place};

/// All of them.
pub fn examples() -> Vec<Example> {
    [
        coming_in(),
        reading(),
        talking(),
        own_words(),
        others_words(),
        directs(),
        sanctions(),
        rooms(),
    ]
    .concat()
}

fn coming_in() -> Vec<Example> {
    vec![
        hello("camp").needs(Connect),
        hello("elsewhere").needs(Connect).at(Place::Elsewhere),
        hello("no-such-event").missing().but(Part::Stranger, "sign_in.required"),
        socket("ping", json!({})),
    ]
}

/// Operations that read a channel, and their other parameters.
fn reading() -> Vec<Example> {
    let operations = [
        ("channel.join", json!({})),
        ("channel.catch_up", json!({ "after": 0 })),
        ("channel.history", json!({ "before": 100, "limit": 10 })),
        ("channel.own_reactions", json!({ "from": 1, "to": 2 })),
        ("channel.read", json!({ "seq": 0 })),
    ];
    let mut examples = Vec::new();
    for (name, data) in operations {
        let of = |channel: &'static str| {
            let mut data = data.clone();
            data["channel"] = json!(channel);
            socket(name, data).what(channel)
        };
        examples.extend([
            of("<channel>").needs(ChannelRead).at(Place::Room),
            of("<other channel>").needs(ChannelRead).at(Place::OtherRoom),
            of("<staff>").needs(StaffChannelRead).at(Place::Room),
            of("<other staff>").needs(StaffChannelRead).at(Place::OtherRoom),
            of("<announcements>").needs(ChannelRead),
            // Guests have no direct channel; they try somebody else's.
            of("<own direct>").needs(DirectRead).but(Part::Guest, "not_found"),
            of("<others' direct>").missing(),
            of("<channel elsewhere>").missing(),
            of("<hidden channel>").missing().except(Part::Organizer).except(Part::Administrator),
        ]);
    }
    examples.extend([
        socket("channel.leave", json!({ "channel": "<others' direct>" })),
        socket("channel.people", json!({ "channel": "<channel>" }))
            .needs(ChannelRead)
            .needs(ChannelPeople)
            .at(Place::Room),
        socket("channel.people", json!({ "channel": "<channel elsewhere>" })).missing(),
    ]);
    examples
}

fn talking() -> Vec<Example> {
    let send = |channel: &'static str| socket("message.send", says(channel)).what(channel);
    let typing = |channel: &'static str| {
        socket("channel.typing", json!({ "channel": channel })).what(channel)
    };
    vec![
        send("<channel>").needs(ChannelRead).needs(MessageSend).at(Place::Room),
        send("<other channel>").needs(ChannelRead).needs(MessageSend).at(Place::OtherRoom),
        send("<staff>").needs(StaffChannelRead).needs(MessageSend).at(Place::Room),
        send("<other staff>").needs(StaffChannelRead).needs(MessageSend).at(Place::OtherRoom),
        send("<announcements>").needs(ChannelRead).needs(MessageSend).needs(AnnouncementSend),
        send("<own direct>").needs(DirectRead).needs(MessageSend).but(Part::Guest, "not_found"),
        send("<others' direct>").missing(),
        send("<channel elsewhere>").missing(),
        typing("<channel>").needs(ChannelRead).needs(Typing).at(Place::Room),
        typing("<staff>").needs(StaffChannelRead).needs(Typing).at(Place::Room),
        typing("<others' direct>").missing(),
    ]
}

fn own_words() -> Vec<Example> {
    let edit = json!({ "channel": "<channel>", "seq": "<own message>", "text": "Edited" });
    let delete = json!({ "channel": "<channel>", "seq": "<own message>" });
    let in_direct = |seq: &str| json!({ "channel": "<own direct>", "seq": seq, "text": "Edited" });
    vec![
        socket("message.edit", edit)
            .needs(ChannelRead)
            .needs(MessageSend)
            .needs(MessageEdit)
            .at(Place::Room),
        socket("message.edit", in_direct("<own direct message>"))
            .what("in a direct channel")
            .needs(DirectRead)
            .needs(MessageSend)
            .but(Part::Guest, "not_found"),
        // Guests have no message; they try somebody else's.
        socket("message.delete", delete)
            .needs(ChannelRead)
            .needs(MessageDelete)
            .at(Place::Room)
            .but(Part::Guest, "permission.denied")
            .uses_up(),
    ]
}

fn others_words() -> Vec<Example> {
    let edit = |channel: &str, seq: &str| json!({ "channel": channel, "seq": seq, "text": "Mine" });
    let one = |channel: &str, seq: &str| json!({ "channel": channel, "seq": seq });
    let react = |channel: &str, seq: &str| json!({ "channel": channel, "seq": seq, "emoji": "👍", "on": true });
    let pin = |channel: &str, seq: &str| json!({ "channel": channel, "seq": seq, "on": true });
    let direct = "author's message in own direct";
    let direct = format!("<{direct}>");
    let own_direct = |name, data: Value| {
        let example = socket(name, data).what("in one's own direct channel");
        example.needs(DirectRead).but(Part::Guest, "not_found")
    };
    vec![
        socket("message.edit", edit("<channel>", "<others' message>"))
            .what("of somebody else")
            .needs(ChannelRead)
            .needs(MessageSend)
            .needs_others(MessageEdit)
            .at(Place::Room),
        own_direct("message.edit", edit("<own direct>", &direct))
            .needs(MessageSend)
            .needs_others(MessageEdit),
        socket("message.edit", edit("<others' direct>", "<others' message>")).missing(),
        socket("message.delete", one("<channel>", "<new message>"))
            .what("of somebody else")
            .needs(ChannelRead)
            .needs_others(MessageDelete)
            .at(Place::Room),
        socket("message.delete", one("<other channel>", "<new message in other room>"))
            .what("of somebody else in another room")
            .needs(ChannelRead)
            .needs_others(MessageDelete)
            .at(Place::OtherRoom),
        own_direct("message.delete", one("<own direct>", &direct)).then("permission.denied"),
        socket("message.delete", one("<channel elsewhere>", "<others' message>")).missing(),
        socket("message.restore", one("<channel>", "<deleted message>"))
            .needs(ChannelRead)
            .needs_others(MessageRestore)
            .at(Place::Room),
        own_direct("message.restore", one("<own direct>", &direct)).then("permission.denied"),
        socket("message.react", react("<channel>", "<others' message>"))
            .needs(ChannelRead)
            .needs_others(MessageReact)
            .at(Place::Room),
        own_direct("message.react", react("<own direct>", &direct)).needs_others(MessageReact),
        socket("message.react", react("<others' direct>", "<others' message>")).missing(),
        socket("message.pin", pin("<channel>", "<others' message>"))
            .needs(ChannelRead)
            .needs_others(MessagePin)
            .at(Place::Room),
        own_direct("message.pin", pin("<own direct>", &direct)).then("permission.denied"),
    ]
}

fn directs() -> Vec<Example> {
    let person = |name: &'static str, person: &str| socket(name, json!({ "person": person }));
    vec![
        socket("direct.open", json!({ "people": ["<author>"] })).needs(DirectOpen),
        socket("direct.open", json!({ "people": ["<person elsewhere>"] }))
            .what("with somebody of another event")
            .needs(DirectOpen)
            .missing(),
        socket("direct.list", json!({})).needs(DirectRead),
        socket("direct.hide", json!({ "channel": "<own direct>" }))
            .needs(DirectRead)
            .but(Part::Guest, "not_found"),
        socket("direct.hide", json!({ "channel": "<others' direct>" })).missing(),
        person("person.block", "<passer-by>").needs(PersonBlock),
        person("person.unblock", "<passer-by>").needs(PersonBlock),
        socket("person.blocks", json!({})).needs(PersonBlock),
    ]
}

fn sanctions() -> Vec<Example> {
    let mut examples = Vec::new();
    for (name, operation) in [("moderation.time_out", TimeOut), ("moderation.ban", Ban)] {
        let order = |what: &'static str, mut order: Value| {
            order["seconds"] = json!(600);
            order["reason"] = json!("");
            socket(name, order).what(what).needs_others(operation)
        };
        let on = |person: &str| json!({ "person": person });
        let in_room = |room: &str| json!({ "person": "<victim>", "room": room });
        examples.extend([
            order("in a room", in_room("<room>")).at(Place::Room),
            order("in another room", in_room("<other room>")).at(Place::OtherRoom),
            order("in a room of another event", in_room("<room elsewhere>"))
                .missing()
                .but(Part::RoomModerator, "permission.denied"),
            order("in the event", on("<victim>")),
            order("on somebody of another event", on("<person elsewhere>")).missing(),
            order("on an organizer", on("<organizer>")).then("permission.denied"),
        ]);
    }
    let lift = |what: &'static str| {
        socket("moderation.lift", json!({ "sanction": what })).what(what).needs_others(Lift)
    };
    let read = |name: &'static str, what: &'static str, data: Value| socket(name, data).what(what);
    let history = |room: Option<&str>| json!({ "person": "<victim>", "room": room });
    examples.extend([
        lift("<new sanction in room>")
            .at(Place::Room)
            .but(Part::BannedFromRoom, "permission.denied"),
        lift("<new sanction in other room>").at(Place::OtherRoom),
        lift("<new sanction>"),
        // Only moderators are told that it does not exist.
        lift("<sanction elsewhere>").missing().but(Part::RoomModerator, "not_found"),
        read("moderation.sanctions", "of the event", json!({})).needs(SanctionsRead),
        read("moderation.sanctions", "of a room", json!({ "room": "<room>" }))
            .needs(SanctionsRead)
            .at(Place::Room),
        read("moderation.sanctions", "of another room", json!({ "room": "<other room>" }))
            .needs(SanctionsRead)
            .at(Place::OtherRoom),
        read("moderation.history", "in the event", history(None)).needs_others(HistoryRead),
        read("moderation.history", "in a room", history(Some("<room>")))
            .needs_others(HistoryRead)
            .at(Place::Room),
        read("moderation.history", "in another room", history(Some("<other room>")))
            .needs_others(HistoryRead)
            .at(Place::OtherRoom),
    ]);
    examples
}

fn rooms() -> Vec<Example> {
    let recent = |channel: &'static str| {
        let data = json!({ "channel": channel, "person": "<victim>", "minutes": 5 });
        socket("moderation.delete_recent", data).what(channel)
    };
    let restore = |channel: &'static str| {
        let data = json!({ "channel": channel, "messages": [] });
        socket("moderation.restore", data).what(channel)
    };
    let mut examples = vec![
        recent("<channel>").needs(ChannelRead).needs_others(DeleteRecent).at(Place::Room),
        recent("<other channel>")
            .needs(ChannelRead)
            .needs_others(DeleteRecent)
            .at(Place::OtherRoom),
        recent("<own direct>")
            .needs(DirectRead)
            .then("permission.denied")
            .but(Part::Guest, "not_found"),
        recent("<channel elsewhere>").missing(),
        restore("<channel>").needs(ChannelRead).needs_others(MessageRestore).at(Place::Room),
        restore("<other channel>")
            .needs(ChannelRead)
            .needs_others(MessageRestore)
            .at(Place::OtherRoom),
        restore("<own direct>")
            .needs(DirectRead)
            .then("permission.denied")
            .but(Part::Guest, "not_found"),
        restore("<channel elsewhere>").missing(),
    ];
    for (name, operation, switch) in [
        ("moderation.slow_mode", SlowMode, json!({ "seconds": 7 })),
        ("moderation.lock", Lock, json!({ "locked": true })),
    ] {
        let turn = |room: &'static str| {
            let mut data = switch.clone();
            data["room"] = json!(room);
            socket(name, data).what(room).needs_others(operation)
        };
        examples.extend([
            // Nobody is banned from the quiet room.
            turn("<quiet room>").at(Place::Room).but(Part::BannedFromRoom, "permission.denied"),
            turn("<other room>").at(Place::OtherRoom),
            turn("<room elsewhere>").missing(),
        ]);
    }
    examples
}
