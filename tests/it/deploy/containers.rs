//! The container file and the compose file, with processes on loopback instead of containers: the
//! same commands, environment and health checks.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use serde_yaml_ng::Value;
use tokio::process::Command;

use super::unit::AFTER_THE_DRAIN;
use crate::support::client::Client;
use crate::support::databases::{Kind, TestDatabase};
use crate::support::front::{EXAMPLES, example};
use crate::support::hub::{HubProcess, plenary, within};
use crate::support::redis::TestRedis;
use crate::support::servers::redis_cli;
use crate::support::temporary::TemporaryFolder;

const PASSWORDS: [(&str, &str); 2] =
    [("MARIADB_PASSWORD", "to-the-log"), ("REDIS_PASSWORD", "to-the-bell")];

fn compose() -> Value {
    let mut file: Value = serde_yaml_ng::from_str(&example("compose.yaml")).expect("YAML");
    file.apply_merge().expect("anchors");
    file
}

/// The text with variables substituted as by compose: `${NAME}`, `${NAME:-default}`,
/// `${NAME:?why}`.
fn filled_in(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let (inside, after) = rest.split_once('}').expect("a brace");
    let (name, default) = inside.split_once(":-").unwrap_or((inside, ""));
    let name = name.split(":?").next().unwrap_or_default();
    let given = PASSWORDS.iter().find(|(given, _)| *given == name).map(|(_, password)| *password);
    format!("{before}{}{}", given.unwrap_or(default), filled_in(after))
}

fn text(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => filled_in(text),
        other => panic!("{other:?} is no text"),
    }
}

/// The words of a command line, some of them quoted.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('"').enumerate();
    let words = parts.flat_map(|(number, part)| match number % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// The command of a service's healthcheck.
fn health(service: &Value) -> Vec<String> {
    let test = service["healthcheck"]["test"].as_sequence().expect("a question");
    assert_eq!(test[0].as_str(), Some("CMD"));
    test[1..].iter().map(text).collect()
}

/// The lines of the container file of this instruction, in its last stage.
fn instructions(name: &str) -> Vec<String> {
    let file = example("Containerfile").replace("\\\n", " ");
    let last = file.rsplit("FROM ").next().unwrap_or_default().to_owned();
    let lines = last.lines().filter_map(|line| line.strip_prefix(&format!("{name} ")));
    lines.map(str::to_owned).collect()
}

/// What the container runs: entry point and command.
fn container_command() -> Vec<String> {
    let parts = ["ENTRYPOINT", "CMD"].map(|name| instructions(name).concat());
    parts
        .iter()
        .flat_map(|part| serde_json::from_str::<Vec<String>>(part).expect("a list"))
        .collect()
}

/// The environment of a hub's container: the image's and the service's.
fn environment(hub: &Value) -> BTreeMap<String, String> {
    let image = instructions("ENV").join(" ");
    let image = image.split_whitespace().map(|pair| pair.split_once('=').expect("a variable"));
    let mut all: BTreeMap<String, String> =
        image.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for (name, value) in hub["environment"].as_mapping().expect("variables") {
        // Without a value it is inherited from the caller, who has none here.
        if !value.is_null() {
            all.insert(text(name), text(value));
        }
    }
    all
}

/// Starts the hub of this service, with these addresses of the other services.
async fn start(hub: &Value, folder: &TemporaryFolder, database: &str, redis: u16) -> HubProcess {
    let mut environment = environment(hub);
    let mut replace = |name: &str, found: &str, instead: &str| {
        let value = environment.get_mut(name).unwrap_or_else(|| panic!("{name} is set"));
        assert!(value.contains(found), "{name} is {value}");
        *value = value.replace(found, instead);
    };
    replace("PLENARY_DATABASE", "mysql://plenary:to-the-log@mariadb/plenary", database);
    replace("PLENARY_REDIS", "@redis", &format!("@127.0.0.1:{redis}"));
    replace("PLENARY_DATA", "/var/lib/plenary", &folder.path().display().to_string());
    replace("PLENARY_LISTEN", "0.0.0.0:8080", "127.0.0.1:0");
    replace("PLENARY_ADMIN_LISTEN", "0.0.0.0:8081", "127.0.0.1:0");
    let mut command = plenary();
    command.args(&container_command()[1..]).envs(environment);
    let started = HubProcess::run(command).await;
    started.unwrap_or_else(|log| panic!("it does not serve:\n{}", log.join("\n")))
}

/// Whether the health check of the hub's service succeeds for this one.
async fn is_well(service: &Value, hub: &HubProcess) -> bool {
    let question = health(service);
    let here = format!("127.0.0.1/{}", hub.admin_address.port());
    let ask = question.iter().map(|part| part.replace("127.0.0.1/8081", &here));
    assert!(ask.clone().any(|part| part.contains(&here)), "{question:?}");
    let ask: Vec<String> = ask.collect();
    let output = Command::new(&ask[0]).args(&ask[1..]).output().await.expect("ask");
    output.status.success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_hubs_of_the_compose_file_serve_together_on_its_redis() {
    let compose = compose();
    let services = &compose["services"];
    let Some(database) = TestDatabase::new(Kind::Mariadb).await else { return };
    let line = words(&text(&services["redis"]["command"]));
    let flags: Vec<&str> = line[1..].iter().map(String::as_str).collect();
    let Some(redis) = TestRedis::with(&flags).await else { return };
    let (service, folders) = (&services["hub1"], [TemporaryFolder::new(), TemporaryFolder::new()]);
    let first = start(service, &folders[0], &database.url, redis.port).await;
    let mut second = start(&services["hub2"], &folders[1], &database.url, redis.port).await;

    let operator = Client::new(first.admin_address);
    within(async {
        while operator.get("/cluster").await.json()["nodes"][1]["state"] != "serving" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(is_well(service, &first).await && is_well(service, &second).await);
    second.signal(Signal::TERM);
    assert!(second.ended().await.success());
    assert!(is_well(service, &first).await && !is_well(service, &second).await);

    let question = health(&services["redis"]);
    assert_eq!(question[0], "redis-cli");
    for (password, well) in [("to-the-bell", true), ("another", false)] {
        let mut ask = redis_cli(redis.port).expect("it comes with the server");
        ask.extend(question[1..].iter().map(|part| part.replace("to-the-bell", password)));
        let output = Command::new(&ask[0]).args(&ask[1..]).output().await.expect("ask");
        assert_eq!(output.status.success(), well, "{password}: {output:?}");
    }
}

#[test]
fn the_compose_file_fits_together() {
    let compose = compose();
    let services = compose["services"].as_mapping().expect("services");
    let without_volumes = |name: &str| {
        let mut hub = services[name].as_mapping().expect("a hub").clone();
        assert_eq!(hub.remove("hostname").as_ref().map(text), Some(name.to_owned()));
        hub.remove("volumes").map(|volumes| (hub, volumes)).expect("a folder of its own")
    };
    let ((first, data), (second, other)) = (without_volumes("hub1"), without_volumes("hub2"));
    assert_eq!(first, second, "the same settings");
    assert_ne!(data, other, "each its own data");
    let data = format!(":{}", instructions("VOLUME").concat());
    for (name, service) in services {
        for (needed, condition) in service["depends_on"].as_mapping().into_iter().flatten() {
            assert_eq!(condition["condition"].as_str(), Some("service_healthy"));
            assert!(services[needed]["healthcheck"].is_mapping(), "{needed:?} is asked");
        }
        let restart = service["restart"].as_str();
        assert_eq!(restart, Some("unless-stopped"), "{name:?} comes back with the machine");
        for volume in service["volumes"].as_sequence().into_iter().flatten().map(text) {
            let (from, to) = volume.split_once(':').expect("from and to");
            let is_named = !from.starts_with('.');
            assert!(!is_named || compose["volumes"].get(from).is_some(), "{volume} is declared");
            assert!(!text(name).starts_with("hub") || data == format!(":{to}"), "{volume}");
        }
    }
    let database = environment(&services["hub1"])["PLENARY_DATABASE"].clone();
    let own = |name: &str| text(&services["mariadb"]["environment"][name]);
    let (user, password) = (own("MARIADB_USER"), own("MARIADB_PASSWORD"));
    let named = own("MARIADB_DATABASE");
    assert_eq!(database, format!("mysql://{user}:{password}@mariadb/{named}"));
    for proxy in ["nginx.conf", "haproxy.cfg"] {
        let hubs = ["hub1:8080", "hub2:8080"].map(|hub| example(proxy).contains(hub));
        assert!(hubs == [true; 2], "{proxy} knows the hubs by these names");
    }
}

#[test]
fn containers_get_more_time_to_stop_than_a_stop_takes() {
    let compose = compose();
    let hub = &compose["services"]["hub1"];
    let environment = environment(hub);
    let seconds = |name: &str| environment[name].parse().map(Duration::from_secs).expect("seconds");
    let stop = seconds("PLENARY_DRAIN_NOTICE_SECONDS") + seconds("PLENARY_DRAIN_SECONDS");
    let patience = text(&hub["stop_grace_period"]);
    let patience = patience.strip_suffix('s').and_then(|number| number.parse().ok());
    assert!(stop + AFTER_THE_DRAIN <= Duration::from_secs(patience.expect("seconds")));
    assert_eq!(instructions("STOPSIGNAL"), ["SIGTERM"]);
}

#[test]
fn the_container_file_copies_existing_files() {
    let file = example("Containerfile");
    let root = Path::new(EXAMPLES).join("../..");
    for line in file.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let from = line.split(' ').next().expect("a source");
        let built = from.starts_with("--from=");
        assert!(built || root.join(from).exists(), "{from} is there");
    }
    assert!(file.contains("cargo build --locked --release --bin plenary"));
    let compose = compose();
    let named = compose["services"]["hub1"]["build"]["dockerfile"].as_str().expect("a file");
    assert!(root.join(named).exists());
}
