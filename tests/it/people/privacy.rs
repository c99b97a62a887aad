//! What browsers keep, and what the time of an answer tells.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::json;

use super::ADA;
use crate::support::conference::Conference;

fn kept(answer: &crate::support::client::Answer) -> &str {
    answer.headers.get("cache-control").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn browsers_keep_nothing_personal() {
    let camp = Conference::start().await;
    let ada = camp.attendee("Ada").await;
    let (of_event, person) = ("/api/v1/events/camp", ada.id);
    for path in [
        "/api/v1/me".to_owned(),
        "/api/v1/sign-in".to_owned(),
        "/api/v1/me/sign-ins".to_owned(),
        format!("{of_event}/registration"),
        format!("{of_event}/people"),
        format!("{of_event}/people/{person}"),
        format!("{of_event}/stars"),
        format!("{of_event}/roles"),
    ] {
        let answer = ada.client.get(&path).await;
        assert_eq!(kept(&answer), "no-store", "{path}: {}", answer.text);
    }
    let staff = camp.organizer.client.get("/api/v1/events/camp/rooms").await;
    assert_eq!(kept(&staff), "no-store");
    assert_eq!(kept(&camp.hub.operator().get("/mail").await), "no-store");
    for path in [of_event.to_owned(), format!("{of_event}/rooms"), format!("{of_event}/agenda")] {
        assert_eq!(kept(&ada.client.get(&path).await), "private, no-cache", "{path}");
    }
}

#[tokio::test]
async fn the_time_of_an_answer_does_not_tell_whether_an_address_is_known() {
    let camp = Conference::start().await;
    camp.hub.signed_in(ADA).await;
    let registration = "/api/v1/events/camp/registrations";
    for (path, more) in [
        ("/api/v1/sign-in/link", json!({})),
        ("/api/v1/password-reset", json!({})),
        ("/api/v1/sign-in/password", json!({ "password": "a guess, one of many" })),
        (registration, json!({ "name": "Somebody" })),
    ] {
        for email in [ADA, "nobody@example.org"] {
            let mut body = more.clone();
            body["email"] = json!(email);
            let begin = Instant::now();
            let answer = camp.hub.client().post(path, body).await;
            assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text);
            // At the next step of time, much longer than the differences of what was done.
            let step = Duration::from_millis(250);
            assert!(begin.elapsed() >= step, "{path} {email}: {:?}", begin.elapsed());
        }
    }
}
