//! Large but allowed answers must reach the client, however it asks for them.

use serde_json::json;

use super::Pair;
use crate::support::conference::message;

/// A message of maximum length, with four bytes per character.
fn longest() -> String {
    "𝄞".repeat(4_000)
}

/// Fills the room with the longest messages.
async fn fill(pair: &mut Pair, count: usize) {
    for number in 0..count {
        let name = format!("Writer {number}");
        let writer = pair.camp.attendee(&name).await;
        let mut socket = pair.camp.socket(&writer).await;
        for _ in 0..10 {
            let said = message(&pair.camp.room.channel, &longest());
            socket.ask("message.send", said).await.expect("sent");
        }
    }
}

#[tokio::test]
async fn a_page_of_the_longest_messages_arrives() {
    let mut pair = Pair::meet().await;
    fill(&mut pair, 10).await;
    let channel = pair.camp.room.channel.clone();
    let mut reader = pair.camp.socket(&pair.bad).await;
    let page = json!({ "channel": channel, "before": 1_000, "limit": 100 });
    let page = reader.ask("channel.history", page).await.expect("a page");
    assert_eq!(page["messages"].as_array().map(Vec::len), Some(100));
    let joined = reader.ask("channel.join", json!({ "channel": channel })).await.expect("joined");
    assert!(joined["messages"].as_array().is_some_and(|messages| !messages.is_empty()));
    for after in [0, 1, 50, 100] {
        let after = json!({ "channel": channel, "after": after });
        reader.ask("channel.catch_up", after).await.expect("changes, or a new start");
    }
}

#[tokio::test]
async fn many_large_answers_to_one_frame_all_arrive() {
    let mut pair = Pair::meet().await;
    fill(&mut pair, 3).await;
    let channel = pair.camp.room.channel.clone();
    let mut reader = pair.camp.socket(&pair.bad).await;
    let data = json!({ "channel": channel, "before": 1_000, "limit": 30 });
    let lines: Vec<_> = (1_001..=1_020)
        .map(|id| json!({ "id": id, "op": "channel.history", "data": data }).to_string())
        .collect();
    reader.send_text(lines.join("\n")).await;
    for id in 1_001..=1_020 {
        let reply = reader.push_where(|line| line.get("reply").is_some()).await;
        assert_eq!(reply["reply"], id);
        assert_eq!(reply["ok"]["messages"].as_array().map(Vec::len), Some(30));
    }
}
