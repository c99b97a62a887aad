//! Requests and frames that no well-behaved client sends.

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::Pair;
use crate::support::socket::Socket;

/// The answer to a line: the code, and the named field.
fn refusal(reply: &Value) -> (&str, &str) {
    let error = &reply["error"];
    (error["code"].as_str().unwrap_or("none"), error["field"].as_str().unwrap_or(""))
}

#[tokio::test]
async fn bad_requests_are_refused_by_name_and_change_nothing() {
    let mut pair = Pair::meet().await;
    let mut bad = pair.bad_socket().await;
    let channel = pair.camp.room.channel.clone();
    let elsewhere = "018f0000-0000-7000-8000-000000000000";
    let send = |changes: Value| {
        let mut data = json!({ "channel": channel, "client_id": elsewhere, "text": "Hello" });
        for (field, value) in changes.as_object().expect("an object") {
            data[field] = value.clone();
        }
        data
    };
    let history = |before: Value, limit: Value| json!({ "channel": channel, "before": before, "limit": limit });
    let react = |emoji: &str| json!({ "channel": channel, "seq": 1, "emoji": emoji, "on": true });
    let invalid = "request.invalid";
    for (operation, data, code, field) in [
        ("nonsense", json!({}), "request.unknown_operation", ""),
        ("message.SEND", json!({}), "request.unknown_operation", ""),
        ("", json!({}), "request.unknown_operation", ""),
        ("message.send\u{0}", json!({}), "request.unknown_operation", ""),
        ("ping", json!({ "extra": 1 }), "request.unknown_field", "extra"),
        ("ping", json!([1]), invalid, ""),
        ("ping", json!("text"), invalid, ""),
        ("message.send", send(json!({ "colour": "red" })), "request.unknown_field", "colour"),
        ("message.send", json!({ "channel": channel }), invalid, "client_id"),
        ("message.send", send(json!({ "text": 7 })), invalid, "text"),
        ("message.send", send(json!({ "text": null })), invalid, "text"),
        ("message.send", send(json!({ "text": "" })), "chat.empty", "text"),
        ("message.send", send(json!({ "text": " \u{200b}\n" })), "chat.empty", "text"),
        ("message.send", send(json!({ "text": "x".repeat(4_001) })), "chat.too_long", "text"),
        ("message.send", send(json!({ "text": "a\u{0}b" })), invalid, "text"),
        ("message.send", send(json!({ "text": "a\u{1b}b" })), invalid, "text"),
        ("message.send", send(json!({ "client_id": "1" })), invalid, "client_id"),
        ("message.send", send(json!({ "channel": "here" })), invalid, "channel"),
        ("message.send", send(json!({ "channel": elsewhere })), "not_found", ""),
        ("message.send", send(json!({ "mentions": vec![elsewhere; 11] })), invalid, "mentions"),
        ("message.send", send(json!({ "mentions": [7] })), invalid, "mentions[0]"),
        ("message.send", send(json!({ "reply_to": -1 })), invalid, "reply_to"),
        (
            "message.edit",
            json!({ "channel": channel, "seq": 1, "text": "Mine" }),
            "permission.denied",
            "",
        ),
        ("message.edit", json!({ "channel": channel, "seq": 99, "text": "x" }), "not_found", ""),
        (
            "message.edit",
            json!({ "channel": channel, "seq": u64::MAX, "text": "x" }),
            "not_found",
            "",
        ),
        ("message.delete", json!({ "channel": channel, "seq": 1 }), "permission.denied", ""),
        (
            "message.delete",
            json!({ "channel": channel, "seq": 1, "reason": "x".repeat(301) }),
            invalid,
            "reason",
        ),
        ("message.react", react("ok"), invalid, "emoji"),
        ("message.react", react("\u{0}"), invalid, "emoji"),
        ("message.react", react(&"👍".repeat(9)), invalid, "emoji"),
        (
            "message.react",
            json!({ "channel": channel, "seq": 1, "emoji": "👍", "on": 1 }),
            invalid,
            "on",
        ),
        ("channel.history", history(json!(1), json!(0)), invalid, "limit"),
        ("channel.history", history(json!(1), json!(101)), invalid, "limit"),
        ("channel.history", history(json!(-1), json!(1)), invalid, "before"),
        ("channel.history", history(json!(1e300), json!(1)), invalid, "before"),
        ("channel.history", history(json!(1.5), json!(1)), invalid, "before"),
        (
            "channel.own_reactions",
            json!({ "channel": channel, "from": 0, "to": u64::MAX }),
            invalid,
            "to",
        ),
        (
            "channel.people",
            json!({ "channel": channel, "search": "x".repeat(101) }),
            invalid,
            "search",
        ),
        ("channel.people", json!({ "channel": channel, "cursor": "?" }), invalid, "cursor"),
        ("direct.open", json!({ "people": [] }), invalid, "people"),
        ("direct.open", json!({ "people": [elsewhere] }), "not_found", ""),
        ("person.block", json!({ "person": pair.bad.id }), invalid, "person"),
        ("hello", json!({ "event": "camp" }), "hello.twice", ""),
    ] {
        let reply = bad.reply(operation, data.clone()).await;
        assert_eq!(refusal(&reply), (code, field), "{operation} {data}: {reply}");
        let told = reply["error"]["message"].as_str().unwrap_or_default();
        assert!(told.ends_with('.') && told.len() < 500, "a sentence: {told}");
        pair.unharmed(operation).await;
    }
    let page = history(json!(u64::MAX), json!(100));
    bad.ask("channel.history", page).await.expect("the largest number is a number");
    let forward = json!({ "channel": channel, "after": u64::MAX });
    bad.ask("channel.catch_up", forward).await.expect("nothing, or a new start");
    pair.still_talk().await;
}

#[tokio::test]
async fn somebody_elses_objects_are_not_found() {
    let mut pair = Pair::meet().await;
    let (ada, ben) = (pair.camp.attendee("Ada").await, pair.camp.attendee("Ben").await);
    let opened = pair.camp.socket(&ada).await;
    let mut ada = opened;
    let opened = ada.ask("direct.open", json!({ "people": [ben.id] })).await.expect("opened");
    let direct = opened["direct"]["channel"].clone();
    pair.before = pair.dumper.dump(&pair.camp.hub.app.db).await;
    let mut bad = pair.bad_socket().await;
    for operation in ["channel.join", "channel.people", "channel.typing", "direct.hide"] {
        let refused = bad.ask(operation, json!({ "channel": direct })).await;
        assert_eq!(refused, Err("not_found".to_owned()), "{operation}");
    }
    pair.unharmed("somebody else's direct channel").await;
}

#[tokio::test]
async fn malformed_lines_are_answered_where_possible() {
    let mut pair = Pair::meet().await;
    let mut bad = pair.bad_socket().await;
    for (line, id, code) in [
        ("{", json!(null), "request.malformed"),
        ("null", json!(null), "request.malformed"),
        ("[]", json!(null), "request.malformed"),
        ("\u{0}", json!(null), "request.malformed"),
        (r#"{"id":1}"#, json!(1), "request.malformed"),
        (r#"{"op":"ping"}"#, json!(null), "request.malformed"),
        (r#"{"id":-1,"op":"ping"}"#, json!(null), "request.malformed"),
        (r#"{"id":4294967296,"op":"ping"}"#, json!(null), "request.malformed"),
        (r#"{"id":2,"op":7}"#, json!(2), "request.malformed"),
        (r#"{"id":3,"op":"ping","more":1}"#, json!(3), "request.unknown_field"),
        (r#"{"id":4,"op":"ping","data":{}} {}"#, json!(null), "request.malformed"),
    ] {
        bad.send_text(line.to_owned()).await;
        let reply = bad.push_where(|line| line.get("error").is_some()).await;
        assert_eq!((&reply["reply"], refusal(&reply).0), (&id, code), "{line}: {reply}");
    }
    let deep =
        format!(r#"{{"id":5,"op":"ping","data":{}{}}}"#, "[".repeat(9_000), "]".repeat(9_000));
    bad.send_text(deep).await;
    assert!(bad.push_where(|line| line.get("error").is_some()).await["error"].is_object());
    bad.ask("ping", json!({})).await.expect("the connection goes on");
    pair.unharmed("lines").await;
}

#[tokio::test]
async fn the_first_line_too_many_ends_the_connection() {
    let mut pair = Pair::meet().await;
    let mut bad = pair.bad_socket().await;
    let lines: Vec<_> = (1..=200).map(|id| json!({ "id": id, "op": "ping" }).to_string()).collect();
    bad.send_text(lines.join("\n")).await;
    for id in 1..=129 {
        let reply = bad.push_where(|line| line.get("reply").is_some()).await;
        assert_eq!(reply["reply"], id);
        assert_eq!(reply.get("ok").is_some(), id <= 128, "{reply}");
    }
    assert_eq!(bad.ended().await.0, 4_102);
    assert!(!bad.heard(|line| line["reply"] == 130), "the rest was answered");
    pair.unharmed("200 lines").await;
}

#[tokio::test]
async fn blank_lines_pings_and_pongs_count_like_requests() {
    let mut pair = Pair::meet().await;
    let frames = [
        Message::text("\n".repeat(60 * 1024)),
        Message::text(""),
        Message::Ping(Vec::new().into()),
        Message::Pong(Vec::new().into()),
    ];
    for frame in frames {
        // Each is another person: who flooded may not come back at once.
        let person = pair.camp.attendee("Flood").await;
        let mut flood = pair.camp.joined(&person, &pair.camp.room.channel).await.0;
        for _ in 0..1_000 {
            flood.send(frame.clone()).await;
        }
        assert_eq!(flood.ended().await.0, 4_102, "{frame:?}");
    }
    let mut mute = pair.mute_socket().await;
    for _ in 0..100 {
        mute.send(Message::Pong(Vec::new().into())).await;
    }
    assert_eq!(mute.ended().await.0, 4_102, "before its hello");
    pair.good.ask("ping", json!({})).await.expect("a pong");
}

/// How a bad frame ends its connection.
async fn end_after(socket: &mut Socket, frame: Message) -> (u16, String) {
    socket.send(frame).await;
    socket.ended().await
}

#[tokio::test]
async fn frames_that_break_the_rules_end_the_connection() {
    let mut pair = Pair::meet().await;
    let invalid = Frame::message(b"\xff\xfe".to_vec(), OpCode::Data(Data::Text), true);
    let frames = [
        (Message::text("x".repeat(64 * 1024 + 1)), 1_009, "protocol.too_large"),
        (Message::Frame(invalid), 1_007, "protocol.invalid_text"),
        (Message::binary(b"{}".to_vec()), 4_204, "protocol.violation"),
    ];
    for (frame, code, reason) in frames {
        let mut mute = pair.mute_socket().await;
        assert_eq!(end_after(&mut mute, frame.clone()).await, (code, reason.to_owned()));
        let mut bad = pair.bad_socket().await;
        assert_eq!(end_after(&mut bad, frame).await, (code, reason.to_owned()));
        pair.unharmed(reason).await;
    }
    let largest = json!({ "id": 1, "op": "ping", "data": {} }).to_string();
    let padded = format!("{largest}{}", " ".repeat(64 * 1024 - largest.len()));
    let mut bad = pair.bad_socket().await;
    bad.send_text(padded).await;
    let reply = bad.push_where(|line| line["reply"] == 1).await;
    assert!(reply.get("ok").is_some(), "64 KiB fit: {reply}");
    pair.still_talk().await;
}

#[tokio::test]
async fn a_client_that_does_not_begin_with_hello_is_disconnected() {
    let mut pair = Pair::meet().await;
    for (first, refused, close) in [
        (r#"{"id":1,"op":"ping"}"#, "hello.required", 4_204),
        ("nonsense", "request.malformed", 4_204),
        (r#"{"id":1,"op":"hello","data":{"event":"camp","x":1}}"#, "request.unknown_field", 4_203),
        (r#"{"id":1,"op":"hello","data":{"event":7}}"#, "request.invalid", 4_203),
        (r#"{"id":1,"op":"hello","data":{"event":"nowhere"}}"#, "not_found", 4_203),
        (r#"{"id":1,"op":"hello","data":{"event":"\u0000"}}"#, "not_found", 4_203),
        (
            r#"{"id":1,"op":"hello","data":{"event":"camp","ticket":"mine"}}"#,
            "sign_in.required",
            4_200,
        ),
    ] {
        let mut mute = pair.mute_socket().await;
        mute.send_text(format!("{first}\n{}", json!({ "id": 2, "op": "ping" }))).await;
        let reply = mute.push_where(|line| line.get("error").is_some()).await;
        assert_eq!(refusal(&reply).0, refused, "{first}");
        assert_eq!(mute.ended().await.0, close, "{first}");
        assert!(!mute.heard(|line| line["reply"] == 2), "{first}: the rest was answered");
        pair.unharmed(first).await;
    }
}

#[tokio::test]
async fn a_flood_is_slowed_and_then_disconnected() {
    let mut pair = Pair::meet().await;
    let mut bad = pair.bad_socket().await;
    let lines: Vec<_> = (1..=100).map(|id| json!({ "id": id, "op": "ping" }).to_string()).collect();
    let frame = lines.join("\n");
    for _ in 0..20 {
        bad.send_text(frame.clone()).await;
    }
    let limited = bad.push_where(|line| line["error"]["code"] == "rate.limited").await;
    assert!(limited["error"]["retry_after_ms"].as_u64() >= Some(1), "{limited}");
    let closing = bad.push("closing").await;
    assert_eq!(closing["data"]["code"], "rate.flood");
    let (code, reason) = bad.ended().await;
    assert_eq!((code, reason.as_str()), (4_102, "rate.flood 60000"));
    let mut early = pair.mute_socket().await;
    let reply = early.reply("hello", json!({ "event": "camp" })).await;
    assert_eq!(refusal(&reply).0, "rate.flood", "the delay is enforced: {reply}");
    let left = reply["error"]["retry_after_ms"].as_u64();
    assert!(left.is_some_and(|left| (1..=60_000).contains(&left)), "{reply}");
    assert_eq!(early.ended().await.0, 4_102);
    pair.unharmed("a flood").await;
}
