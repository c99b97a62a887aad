//! Reading the agenda and starring sessions.

use http::Method;
use plenary::permission::Role;
use serde_json::{Value, json};

use super::{AGENDA, camp, frab, import};
use crate::support::databases::{TestDatabase, on_each_database};

const STARS: &str = "/api/v1/events/camp/stars";

fn id(agenda: &Value, title: &str) -> String {
    let mut sessions = agenda["sessions"].as_array().expect("sessions").iter();
    let session = sessions.find(|session| session["title"] == title).expect("a session");
    session["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn everybody_reads_the_same_from_memory() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    import(&mut administrator.client, &frab()).await.ok();
    let mut stranger = hub.client();
    let first = stranger.get(AGENDA).await;
    let tag = first.headers["etag"].to_str().expect("a tag").to_owned();
    let again = stranger.ask(Method::GET, AGENDA, &[("if-none-match", &tag)], None).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    let organizer = administrator.client.get(AGENDA).await;
    assert_eq!(organizer.headers["etag"], tag.as_str(), "the same for all");
    let first = first.ok();

    hub.app.db.close().await;
    assert_eq!(stranger.get(AGENDA).await.ok(), first, "without the database");
}

#[tokio::test]
async fn what_happens_in_a_hidden_room_is_not_told() {
    let (hub, mut administrator, _) = camp(TestDatabase::sqlite()).await;
    import(&mut administrator.client, &frab()).await.ok();
    let rooms = administrator.client.get("/api/v1/events/camp/rooms").await.ok();
    let loft = rooms["items"][1]["id"].as_str().expect("an id");
    let path = format!("/api/v1/events/camp/rooms/{loft}");
    administrator.client.patch(&path, json!({ "hidden": true })).await.ok();
    let agenda = hub.client().get(AGENDA).await.ok();
    assert_eq!(agenda["sessions"].as_array().expect("a list").len(), 3);
    assert!(!agenda.to_string().contains("Loft"), "{agenda}");

    assert_eq!(administrator.client.delete(&path).await.status, 204);
    let agenda = hub.client().get(AGENDA).await.ok();
    let night = agenda["sessions"].as_array().expect("a list").iter();
    let night = night.clone().find(|session| session["title"] == "Nachtfahrt").expect("a session");
    assert!(night.get("room").is_none(), "the room was taken away, the session has none");
}

on_each_database!(a_person_stars_sessions);
async fn a_person_stars_sessions(database: TestDatabase) {
    let (hub, mut administrator, event) = camp(database).await;
    import(&mut administrator.client, &frab()).await.ok();
    let agenda = hub.client().get(AGENDA).await.ok();
    let mut ada = hub.person("Ada").await;
    assert_eq!(ada.client.get(STARS).await.code(), "registration.required");
    hub.grant(event, ada.id, Role::Attendee, None).await;

    let (welcome, tides) = (id(&agenda, "Welcome aboard"), id(&agenda, "Tides in a spreadsheet"));
    for session in [&tides, &welcome, &tides] {
        assert_eq!(ada.client.put(&format!("{STARS}/{session}"), json!({})).await.status, 204);
    }
    assert_eq!(ada.client.get(STARS).await.ok()["sessions"], json!([welcome, tides]));
    assert_eq!(
        administrator.client.get(STARS).await.ok()["sessions"],
        json!([]),
        "everyone their own"
    );

    for _ in 0..2 {
        assert_eq!(ada.client.delete(&format!("{STARS}/{welcome}")).await.status, 204);
    }
    assert_eq!(ada.client.get(STARS).await.ok()["sessions"], json!([tides]));
    let unknown = "01890000-0000-7000-8000-000000000000";
    for session in [unknown, "nonsense"] {
        let answer = ada.client.put(&format!("{STARS}/{session}"), json!({})).await;
        assert_eq!(answer.status, 404, "{session}");
    }
}
