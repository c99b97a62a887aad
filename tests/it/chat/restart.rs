//! What survives the end of the hub, graceful or not.

use serde_json::json;

use crate::support::conference::{Conference, message};

#[tokio::test]
async fn a_client_is_told_when_to_reconnect() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let (mut socket, _) = camp.joined(&ada, &camp.room.channel).await;
    let sending = message(&camp.room.channel, "the last word");
    let id = socket.send_request("message.send", sending).await;
    let reply = socket.push_where(|line| line["reply"] == id).await;
    assert_eq!(reply["ok"]["seq"], 1);
    camp.hub.app.lifecycle.stop();
    let closing = socket.push("closing").await;
    assert_eq!(closing["data"]["code"], "server.draining");
    assert!(closing["data"]["retry_after_ms"].as_u64() >= Some(1_000), "{closing}");
    let (code, reason) = socket.ended().await;
    assert_eq!(code, 4_100);
    assert!(reason.starts_with("server.draining "), "{reason}");
    assert_eq!(json!(camp.hub.app.hub.connections()), json!(0));
}
