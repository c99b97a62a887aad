//! The sample conference.

use plenary::sample;
use serde_json::json;

use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::hub::TestHub;

on_each_database!(the_sample_conference_can_be_entered);
async fn the_sample_conference_can_be_entered(database: TestDatabase) {
    let hub = TestHub::with(database, plenary::clock::Clock::System, &[]).await;
    let links = sample::prepare(&hub.app).await.expect("a conference").expect("links");
    let roles: Vec<_> = links.iter().map(|(role, _)| *role).collect();
    assert_eq!(roles, ["organizer", "moderator", "attendee"]);

    let event = hub.client().get("/api/v1/events/sample").await.ok();
    assert_eq!(event["state"], "open");
    assert_eq!(event["ticket_types"].as_array().expect("a list").len(), 2, "one is hidden");
    let agenda = hub.client().get("/api/v1/events/sample/agenda").await.ok();
    assert_eq!(agenda["sessions"].as_array().expect("a list").len(), 41);
    let known = agenda["speakers"].as_array().expect("a list").iter();
    assert_eq!(known.filter(|speaker| speaker["person"].is_string()).count(), 5);

    for (role, link) in &links {
        let (page, token) = link.split_once("#token=").expect("a token");
        assert_eq!(page, format!("{}/sign-in?event=sample", hub.app.settings.addresses.public_url));
        let mut client = hub.client();
        let me = client.post("/api/v1/sign-in/link/redeem", json!({ "token": token })).await.ok();
        assert_eq!(me["email"], format!("{role}@example.org"));
        let rooms = client.get("/api/v1/events/sample/rooms").await.ok();
        assert_eq!(rooms["items"].as_array().expect("a list").len(), 6);
        assert_eq!(rooms["items"][0].get("staff_channel").is_some(), *role != "attendee");
    }

    let again = sample::prepare(&hub.app).await.expect("the same").expect("links");
    assert!(again.iter().zip(&links).all(|(new, old)| new.1 != old.1), "other links");
    let events = hub.client().get("/api/v1/events").await.ok();
    assert_eq!(events["items"].as_array().expect("a list").len(), 1, "one conference is enough");
}

#[tokio::test]
async fn another_conference_is_left_alone() {
    let (hub, _administrator, _) = crate::events::camp(TestDatabase::sqlite()).await;
    assert!(sample::prepare(&hub.app).await.expect("an answer").is_none());
    assert_eq!(hub.client().get("/api/v1/events/sample").await.status, 404);
}
