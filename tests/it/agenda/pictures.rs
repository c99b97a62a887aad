//! Speakers' pictures, which schedules name by an address on another host.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use plenary::clock::Clock;
use plenary::db::Columns as _;
use serde_json::{Value, json};

use super::{AGENDA, frab, import, sessions};
use crate::support::client::Client;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::{TestHub, within};
use crate::support::moments::until;
use crate::support::picture::png;

/// A host of pictures, and how often it was asked for one.
async fn host() -> (SocketAddr, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let picture = async move || {
        count.fetch_add(1, Ordering::SeqCst);
        png(40)
    };
    let router = Router::new()
        .route("/{name}", get(picture))
        .route("/text", get(async || "<script>alert(1)</script>"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("a bound port");
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, asked)
}

/// A schedule in which one speaker has a picture at this address.
fn schedule(picture: &str) -> Value {
    let mut schedule = frab();
    let session = &mut sessions(&mut schedule, 0, "Quay")[0];
    session["persons"] = json!([{ "id": 77, "public_name": "Ada Pictured", "avatar": picture }]);
    schedule
}

async fn picture(client: &Client) -> Option<String> {
    let agenda = client.get(AGENDA).await.ok();
    let speakers = agenda["speakers"].as_array().expect("speakers").iter();
    let ada = speakers.clone().find(|one| one["name"] == "Ada Pictured").expect("the speaker");
    ada["picture"].as_str().map(str::to_owned)
}

/// Waits until the hub has tried to get the picture at this address, without success.
async fn tried(hub: &TestHub, address: &str) {
    let noted = async || {
        let select = hub.app.db.query("SELECT source FROM speaker_pictures WHERE tries > 0");
        let row = hub.app.db.one(select).await.expect("an answer");
        row.is_some_and(|row| row.text("source").expect("a text") == address)
    };
    within(until(noted)).await;
}

on_each_database!(a_speakers_picture_is_fetched_once_and_served_by_the_hub);

async fn a_speakers_picture_is_fetched_once_and_served_by_the_hub(database: TestDatabase) {
    let flags = ["--private-pictures"];
    let Conference { hub, mut organizer, .. } =
        Conference::with_flags(database, Clock::System, &flags).await;
    let (host, asked) = host().await;
    let browser = hub.client();
    import(&mut organizer.client, &schedule(&format!("http://{host}/a.png"))).await.ok();
    within(until(async || picture(&browser).await.is_some())).await;
    let first = picture(&browser).await.expect("a picture");
    assert!(first.starts_with("/pictures/"), "{first}");
    let shown = browser.head(&format!("{first}?size=large")).await;
    assert_eq!(shown.headers["content-type"], "image/jpeg", "as the hub writes it");
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    // Another title, the same picture.
    let mut again = schedule(&format!("http://{host}/a.png"));
    sessions(&mut again, 0, "Quay")[0]["title"] = json!("Another title");
    import(&mut organizer.client, &again).await.ok();
    assert_eq!(picture(&browser).await.as_ref(), Some(&first));
    assert_eq!(asked.load(Ordering::SeqCst), 1);

    import(&mut organizer.client, &schedule(&format!("http://{host}/b.png"))).await.ok();
    let changed = async || picture(&browser).await.is_some_and(|picture| picture != first);
    within(until(changed)).await;
    assert_eq!(browser.head(&first).await.status, StatusCode::NOT_FOUND);
    assert_eq!(asked.load(Ordering::SeqCst), 2);

    // What is no picture is not shown, and neither is the one before.
    let text = format!("http://{host}/text");
    import(&mut organizer.client, &schedule(&text)).await.ok();
    tried(&hub, &text).await;
    assert_eq!(picture(&browser).await, None);
}

#[tokio::test]
async fn a_schedule_cannot_make_the_hub_ask_its_own_machine() {
    let (hub, mut organizer, _) = super::camp(TestDatabase::sqlite()).await;
    let (host, asked) = host().await;
    for name in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        let address = format!("http://{name}:{}/a.png", host.port());
        import(&mut organizer.client, &schedule(&address)).await.ok();
        tried(&hub, &address).await;
        assert_eq!(picture(&hub.client()).await, None, "{name}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
