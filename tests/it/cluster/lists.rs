//! Hubs of one database with different lists of Redis servers may not be connected at all: each
//! reports that in its log, at `/cluster`, and to the doctor.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::{TestDatabase, on_each_server};
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::moments::until;
use crate::support::program::ProgramConference;
use crate::support::redis::TestRedis;
use crate::support::temporary::TemporaryFolder;

on_each_server!(hubs_with_different_lists_of_redis_servers_say_so);

/// The disagreements that this hub reports.
async fn warnings(hub: &HubProcess) -> Vec<String> {
    let cluster = Client::new(hub.admin_address).get("/cluster").await.ok();
    let warnings = cluster["warnings"].as_array().expect("warnings").iter();
    warnings.filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn hubs_with_different_lists_of_redis_servers_say_so(database: TestDatabase) {
    let (one, other, third) =
        (TestRedis::start().await, TestRedis::start().await, TestRedis::start().await);
    let (Some(one), Some(other), Some(third)) = (one, other, third) else { return };
    let url = database.url.clone();
    let both = format!("{},{}", one.url(), other.url());
    let turned = format!("{},{}", other.url(), one.url());
    let mut camp = ProgramConference::start(database, &["--redis", &both]).await;
    let folders = [TemporaryFolder::new(), TemporaryFolder::new()];
    let start = async |folder, redis: &str| {
        HubProcess::start(folder, &["--database", &url, "--redis", redis]).await
    };
    let second = start(&folders[0], &turned).await;
    let mut odd = start(&folders[1], &third.url()).await;

    let mut hosts = [one.address().to_string(), other.address().to_string()];
    hosts.sort();
    let (both, alone) = (hosts.join(", "), third.address().to_string());
    for (hub, theirs, own) in
        [(&camp.hub, &alone, &both), (&second, &alone, &both), (&odd, &both, &alone)]
    {
        within(until(async || !warnings(hub).await.is_empty())).await;
        let found = warnings(hub).await;
        assert_eq!(found.len(), 1, "the order of a list is nobody's business: {found:?}");
        assert!(found[0].contains(&format!("another --redis: {theirs}, here {own}.")), "{found:?}");
        let ready = Client::new(hub.admin_address).get("/readyz").await;
        assert!(ready.status.is_success(), "all of them serve");
        assert_eq!(ready.text, format!("degraded: bus: {}\n", found[0]));
    }
    for hub in [&mut camp.hub, &mut odd] {
        let sentence = warnings(hub).await.concat();
        hub.logged(&sentence).await;
    }
    hear_each_other_late(&camp, &odd).await;

    let ask = async |arguments: &[&str]| {
        let output = within(plenary().args(arguments).output()).await.expect("run plenary");
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let data = folders[1].path().display().to_string();
    let settings = ["doctor", "--database", &url, "--data", &data, "--redis", &third.url()];
    let (healthy, found) = ask(&settings).await;
    let sentence = format!("another --redis: {both}, here {alone}");
    assert!(!healthy && found.contains(&sentence), "{found}");
    let admin = camp.hub.admin_address.to_string();
    let (_, table) = ask(&["cluster", "--admin-listen", &admin]).await;
    assert!(table.contains("Another hub of this database has another --redis"), "{table}");
}

/// A message on one hub is read from the database by the other, even if nothing follows it.
async fn hear_each_other_late(camp: &ProgramConference, odd: &HubProcess) {
    let (mut there, _) = camp.greeted_at(odd.address).await;
    let join = json!({ "channel": camp.channel });
    there.ask("channel.join", join).await.expect("the channel");
    let (mut here, _) = camp.joined().await;
    here.ask("message.send", message(&camp.channel, "Hello")).await.expect("sent");
    let heard = there.push("messages").await;
    assert_eq!(heard["data"]["messages"][0]["text"], "Hello");
}
