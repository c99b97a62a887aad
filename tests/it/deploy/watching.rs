//! The metrics in the dashboard and the alerts are those that a hub really exposes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use crate::support::client::Client;
use crate::support::conference::message;
use crate::support::databases::{Kind, TestDatabase};
use crate::support::front::example;
use crate::support::hub::within;
use crate::support::program::ProgramConference;
use crate::support::redis::TestRedis;

#[derive(Deserialize)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    rules: Vec<Alert>,
}

/// An alert; all fields are required.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alert {
    alert: String,
    expr: String,
    r#for: String,
    labels: BTreeMap<String, String>,
    annotations: Annotations,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Annotations {
    summary: String,
    /// Why it matters.
    why: String,
    /// Where to look first.
    look: String,
}

fn alerts() -> Vec<Alert> {
    let rules: Rules = serde_yaml_ng::from_str(&example("alerts.yml")).expect("alarms");
    rules.groups.into_iter().flat_map(|group| group.rules).collect()
}

fn panels() -> Vec<Value> {
    let dashboard: Value = serde_json::from_str(&example("grafana.json")).expect("a dashboard");
    dashboard["panels"].as_array().expect("panels").clone()
}

fn expressions(panel: &Value) -> Vec<String> {
    let targets = panel["targets"].as_array().into_iter().flatten();
    targets.map(|target| target["expr"].as_str().expect("an expression").to_owned()).collect()
}

#[test]
fn every_alert_has_a_duration_a_summary_a_reason_and_a_first_step() {
    let alerts = alerts();
    let names: BTreeSet<&str> = alerts.iter().map(|alert| alert.alert.as_str()).collect();
    assert_eq!(names.len(), alerts.len(), "each once");
    for Alert { alert, r#for, labels, annotations, .. } in &alerts {
        let texts = [&annotations.summary, &annotations.why, &annotations.look, r#for];
        assert!(texts.iter().all(|text| !text.is_empty()), "{alert}");
        assert!(matches!(labels["severity"].as_str(), "page" | "ticket"), "{alert}");
    }
}

#[test]
fn every_panel_shows_and_explains_something_of_its_own() {
    let mut taken = BTreeSet::new();
    for panel in panels() {
        let title = panel["title"].as_str().expect("a title");
        let place = |field: &str| panel["gridPos"][field].as_u64().expect("a place");
        for (x, y) in (0..place("w")).flat_map(|x| (0..place("h")).map(move |y| (x, y))) {
            assert!(taken.insert((place("x") + x, place("y") + y)), "{title} lies over another");
            assert!(place("x") + x < 24, "{title} is too wide");
        }
        if panel["type"] != "row" {
            assert!(!expressions(&panel).is_empty(), "{title} shows nothing");
            assert!(!panel["description"].as_str().unwrap_or_default().is_empty(), "{title}");
        }
    }
}

/// The metrics of a hub, with the labels of each and their values.
type Exposed = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// What a hub exposes with Redis, after somebody has said something.
async fn exposed() -> Option<Exposed> {
    let database = TestDatabase::new(Kind::Mariadb).await?;
    let redis = TestRedis::start().await?;
    let camp = ProgramConference::start(database, &["--redis", &redis.url()]).await;
    let (mut socket, _) = camp.joined().await;
    socket.ask("message.send", message(&camp.channel, "Hello")).await.expect("sent");
    let operator = Client::new(camp.hub.admin_address);
    let text = within(async {
        loop {
            let text = operator.get("/metrics").await.text;
            // Topics are counted once the channel is subscribed to.
            if text.contains("plenary_bus_topics") {
                return text;
            }
        }
    })
    .await;
    let mut exposed = Exposed::new();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (sample, _) = line.rsplit_once(' ').expect("a value");
        let (name, labels) = sample.split_once('{').unwrap_or((sample, ""));
        let known = exposed.entry(name.to_owned()).or_default();
        for (label, value) in selectors(labels.trim_end_matches('}')) {
            known.entry(label).or_default().insert(value);
        }
    }
    Some(exposed)
}

/// `a="b",c="d"` in pairs.
fn selectors(text: &str) -> Vec<(String, String)> {
    let pairs = text.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(label, value)| (label.to_owned(), value.trim_matches('"').to_owned())).collect()
}

/// The words of an expression, each with what follows it, including a metric's labels in braces.
fn words(expression: &str) -> Vec<(&str, &str)> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(begin) = rest.find(is_part) {
        let word = &rest[begin..];
        let end = word.find(|letter| !is_part(letter)).unwrap_or(word.len());
        rest = &word[end..];
        found.push((&word[..end], rest));
    }
    found
}

/// What an expression uses that no hub exposes.
fn unknown(expression: &str, exposed: &Exposed) -> Vec<String> {
    let mut unknown = Vec::new();
    let metrics: Vec<(&str, &str)> = words(expression)
        .into_iter()
        .filter(|(word, _)| word.starts_with("plenary_") || word.starts_with("process_"))
        .collect();
    for (name, rest) in &metrics {
        let Some(labels) = exposed.get(*name) else {
            unknown.push((*name).to_owned());
            continue;
        };
        let braces = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        for (label, value) in selectors(braces.map_or("", |(inside, _)| inside)) {
            if !labels.get(&label).is_some_and(|values| values.contains(&value)) {
                unknown.push(format!("{name}{{{label}={value:?}}}"));
            }
        }
    }
    let grouped = expression.split("by (").skip(1).filter_map(|rest| rest.split_once(')'));
    for label in grouped.flat_map(|(labels, _)| labels.split(',')).map(str::trim) {
        let has =
            |(name, _): &(&str, &str)| exposed.get(*name).is_some_and(|it| it.contains_key(label));
        // Prometheus itself adds the label of the hub.
        if label != "instance" && !metrics.iter().any(has) {
            unknown.push(format!("by ({label})"));
        }
    }
    unknown
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_shown_or_alerted_on_is_exposed_by_a_hub() {
    let Some(exposed) = exposed().await else { return };
    let shown = panels().iter().flat_map(expressions).collect::<Vec<_>>();
    let waited_for = alerts().into_iter().map(|alert| alert.expr);
    let expressions: Vec<String> = shown.iter().cloned().chain(waited_for).collect();
    for expression in expressions.iter().filter(|expression| !expression.starts_with("up{")) {
        assert!(expression.contains("plenary_") || expression.contains("process_"), "{expression}");
        let unknown = unknown(expression, &exposed);
        assert!(unknown.is_empty(), "{expression}: no hub has {unknown:?}");
    }
    // Every metric is used.
    let all = shown.join(" ");
    let suffixes = ["_bucket", "_sum", "_count"];
    let hidden =
        exposed.keys().filter(|name| !suffixes.iter().any(|suffix| name.ends_with(suffix)));
    let hidden: Vec<&String> = hidden.filter(|name| !all.contains(name.as_str())).collect();
    assert!(hidden.is_empty(), "on no panel: {hidden:?}");
}

#[test]
fn a_name_or_a_label_that_no_hub_has_is_found() {
    let labels = BTreeMap::from([("why".to_owned(), BTreeSet::from(["inbox".to_owned()]))]);
    let exposed = Exposed::from([("plenary_bus_dropped_total".to_owned(), labels)]);
    let of = |expression: &str| unknown(expression, &exposed);
    assert!(of("sum by (why) (rate(plenary_bus_dropped_total{why=\"inbox\"}[1m]))").is_empty());
    assert_eq!(of("rate(plenary_bus_drops_total[1m])"), ["plenary_bus_drops_total"]);
    assert_eq!(
        of("plenary_bus_dropped_total{why=\"x\"}"),
        ["plenary_bus_dropped_total{why=\"x\"}"]
    );
    assert_eq!(of("sum by (room) (plenary_bus_dropped_total)"), ["by (room)"]);
}
