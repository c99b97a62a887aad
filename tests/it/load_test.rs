//! Load tests: made-up people are signed in by the thousand, and nobody else; nodes count what they
//! are told to; and the load tester's scenarios that ask over REST, played against hubs.

use std::net::SocketAddr;
use std::path::Path;

use http::{Method, StatusCode};
use plenary::clock::Clock;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::client::Answer;
use crate::support::cluster::Cluster;
use crate::support::conference::Conference;
use crate::support::databases::{Kind, TestDatabase, on_each_database};
use crate::support::people::TestPerson;
use crate::support::skip::skip;
use crate::support::socket::Socket;
use crate::support::temporary::TemporaryFolder;

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

#[tokio::test]
async fn an_organizer_has_the_hub_count_and_those_in_the_channel_are_told() {
    let flags = ["--load-tests"];
    let mut camp = Conference::with_flags(TestDatabase::sqlite(), Clock::System, &flags).await;
    let ada = camp.attendee("Ada").await;
    let (mut ada, _) = camp.joined(&ada, &camp.room.channel).await;
    let address = "/api/v1/events/camp/load-test/count";
    let channel = camp.room.channel.clone();
    for (count, told) in [(7, json!(7)), (0, Value::Null)] {
        let counted = json!({ "channel": channel, "count": count });
        let answer = camp.organizer.client.put(address, counted).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let push = ada.push_where(|push| push["push"] == "totals").await;
        assert_eq!(push["data"]["totals"]["load_test"], told);
    }
    let nowhere = json!({ "channel": camp.event, "count": 7 });
    let refused = camp.organizer.client.put(address, nowhere).await;
    assert_eq!((refused.status, refused.code().as_str()), (StatusCode::NOT_FOUND, "not_found"));
}

/// Plays a scenario of the load tester at these hubs, as this organizer, and answers with what it
/// wrote. Nothing where the load tester was not built.
async fn play(hubs: &[SocketAddr], organizer: &TestPerson, arguments: &[&str]) -> Option<Value> {
    let program = Path::new(env!("CARGO_BIN_EXE_plenary")).with_file_name("plenary-loadtest");
    if !program.exists() {
        skip("the load tester is not built: cargo test --workspace builds it");
        return None;
    }
    let folder = TemporaryFolder::new();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let urls: Vec<String> = hubs.iter().map(|address| format!("http://{address}")).collect();
    let cookie = organizer.client.cookie.as_deref().and_then(|pair| pair.split_once('='));
    let (cookie, secret) = cookie.expect("a sign-in");
    let stage = json!({
        "url": urls[0], "event": "camp", "cookie": cookie, "organizer": secret,
        "channels": [], "secrets": [],
    });
    std::fs::write(file("stage.json"), stage.to_string()).expect("a stage");
    let played = Command::new(program)
        .args(arguments)
        .args(["--url", &urls.join(","), "--stage", &file("stage.json")])
        .args(["--json", &file("run.json"), "--warm-up", "1"])
        .output()
        .await
        .expect("the load tester runs");
    let streams = [&played.stdout, &played.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(played.status.success(), "{}", streams.concat());
    println!("{}", streams[0]);
    let written = std::fs::read_to_string(file("run.json")).expect("a result");
    Some(serde_json::from_str::<Value>(&written).expect("JSON")["run"].take())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_load_tester_changes_an_event_and_everybody_reads_it_again_in_the_time_that_is_told() {
    let flags = ["--load-tests"];
    let camp = Conference::with_flags(TestDatabase::sqlite(), Clock::System, &flags).await;
    let load = ["change", "--clients", "40", "--threads", "2", "--rate", "5", "--duration", "4"];
    let limits =
        ["--max-unread", "0", "--max-lost", "0", "--max-refused", "0", "--max-busiest", "5"];
    let arguments = [&load[..], &limits].concat();
    let Some(run) = play(&[camp.address()], &camp.organizer, &arguments).await else { return };

    let reads = &run["account"]["rereads"];
    assert_eq!(
        (&reads["expected"], &reads["told"], &reads["done"]),
        (&json!(40), &json!(40), &json!(40))
    );
    assert_eq!((&reads["within_ms"], &reads["failed"]), (&json!(250), &json!({})));
    let counts = |name: &str| {
        let pairs = reads[name].as_array().expect("latencies").iter();
        pairs.map(|pair| pair[1].as_u64().expect("a count")).sum::<u64>()
    };
    assert_eq!(["hearing", "late", "answer"].map(counts), [40; 3]);
    let begun = reads["begun"].as_array().expect("steps");
    let steps = begun.iter().filter(|reads| **reads != json!(0)).count();
    assert!(steps > 1, "not all at once: {begun:?}");
    assert!(run["findings"]["messages_p99_meanwhile_ms"].is_f64(), "{}", run["findings"]);
    let path = "/api/v1/events/camp";
    let description = camp.organizer.client.get(path).await.ok()["description"].take();
    let description = description.as_str().expect("a description");
    assert!(description.starts_with("Changed by the load tester"), "{description}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_load_tester_sees_the_sum_of_all_nodes_on_each_of_them() {
    let Some(database) = TestDatabase::new(Kind::Postgres).await else { return };
    let cluster = Cluster::start(database, 2, 11).await;
    let hubs = [0, 1].map(|node| cluster.hub(node).address);
    let load = ["totals", "--clients", "20", "--every", "10", "--duration", "10"];
    let arguments = [&load[..], &["--max-shown", "10", "--max-refused", "0"]].concat();
    let Some(run) = play(&hubs, &cluster.camp.organizer, &arguments).await else { return };

    let findings = &run["findings"];
    assert_eq!((&findings["total_rounds"], &findings["total_nodes"]), (&json!(1.0), &json!(2.0)));
    assert_eq!(run["account"]["wrong_totals"], 0);
    let shown = run["account"]["shown"].as_array().expect("latencies").iter();
    let shown: u64 = shown.map(|pair| pair[1].as_u64().expect("a count")).sum();
    assert_eq!(shown, 20, "every socket on both nodes");
}
