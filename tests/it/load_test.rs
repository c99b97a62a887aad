//! Load tests: sign in thousands of made-up people, and nobody else.

use http::{Method, StatusCode};
use plenary::clock::Clock;
use serde_json::json;

use crate::support::client::Answer;
use crate::support::conference::Conference;
use crate::support::databases::{TestDatabase, on_each_database};
use crate::support::socket::Socket;

const SIGN_INS: &str = "/api/v1/events/camp/load-test/sign-ins";

async fn sign_in(camp: &mut Conference, emails: &[&str]) -> Answer {
    camp.organizer.client.post(SIGN_INS, json!({ "emails": emails })).await
}

on_each_database!(made_up_people_get_sign_ins_that_open_sockets);

async fn made_up_people_get_sign_ins_that_open_sockets(database: TestDatabase) {
    let mut camp = Conference::with_flags(database, Clock::System, &["--load-tests"]).await;
    let table = "email,name\none@load.invalid,One\ntwo@load.invalid,Two\nada@example.org,Ada\n";
    let headers = [("content-type", "text/csv")];
    let body = Some(table.as_bytes().to_vec());
    let import = "/api/v1/events/camp/import/people";
    camp.organizer.client.ask(Method::POST, import, &headers, body).await.ok();

    let answer = sign_in(&mut camp, &["two@load.invalid", "one@load.invalid"]).await.ok();
    let secrets = answer["secrets"].as_array().expect("secrets");
    let mut names = Vec::new();
    for secret in secrets {
        let cookie = format!(
            "{}={}",
            answer["cookie"].as_str().expect("a name"),
            secret.as_str().expect("text")
        );
        let mut socket = Socket::open(camp.address(), Some(&cookie)).await.expect("a socket");
        let welcome = socket.ask("hello", json!({ "event": "camp" })).await.expect("a welcome");
        names.push(welcome["person"]["name"].clone());
    }
    assert_eq!(names, ["Two", "One"], "in the order of the addresses");

    for (emails, why) in [
        (["one@load.invalid", "ada@example.org"], "could be somebody's address"),
        (["one@load.invalid", "three@load.invalid"], "Import the people first"),
    ] {
        let refused = sign_in(&mut camp, &emails).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "request.invalid")
        );
        assert!(refused.json()["detail"].as_str().is_some_and(|text| text.contains(why)));
    }
}
