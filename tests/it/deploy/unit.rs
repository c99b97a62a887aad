//! The systemd unit, with the settings given in the guide, starts a hub; systemd waits longer for
//! its end than a hub needs.

use std::collections::BTreeMap;
use std::time::Duration;

use plenary::installation::LogReplaced;
use plenary::tasks::TaskFailed;
use rustix::process::Signal;

use crate::support::front::{EXAMPLES, example};
use crate::support::hub::{HubProcess, plenary};
use crate::support::temporary::TemporaryFolder;

/// How long the last requests, the log and the mails may take after all connections are closed.
pub(super) const AFTER_THE_DRAIN: Duration = Duration::from_secs(30);

/// The lines of a unit by their names; none of ours occurs twice.
fn unit() -> BTreeMap<String, String> {
    let text = example("plenary.service");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once('='));
    let mut unit = BTreeMap::new();
    for (name, value) in pairs {
        assert_eq!(unit.insert(name.to_owned(), value.to_owned()), None, "{name} stands twice");
    }
    unit
}

/// The guide's content of `/etc/plenary.env`.
fn settings() -> Vec<(String, String)> {
    let guide = std::fs::read_to_string(format!("{EXAMPLES}/../operating.md")).expect("the guide");
    let (_, rest) = guide.split_once("`/etc/plenary.env`").expect("the settings");
    let block = rest.split("```").nth(1).expect("a block");
    let pairs = block.trim().lines().map(|line| line.split_once('=').expect("a variable"));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[tokio::test]
async fn the_unit_and_the_settings_of_the_guide_start_a_hub() {
    let (unit, folder) = (unit(), TemporaryFolder::new());
    let line: Vec<&str> = unit["ExecStart"].split(' ').collect();
    assert_eq!(line[0], "/usr/local/bin/plenary");
    let settings = settings();
    let data = settings.iter().find(|(name, _)| name == "PLENARY_DATA").expect("a folder");
    assert_eq!(data.1, format!("/var/lib/{}", unit["StateDirectory"]));
    let mut command = plenary();
    command.args(&line[1..]).envs(settings.iter().map(|(name, value)| (name, value)));
    command.env("PLENARY_DATA", folder.path());
    for address in ["PLENARY_LISTEN", "PLENARY_ADMIN_LISTEN"] {
        command.env(address, "127.0.0.1:0");
    }
    let started = HubProcess::run(command).await;
    let mut hub = started.unwrap_or_else(|log| panic!("it does not serve:\n{}", log.join("\n")));
    // Systemd's default signal.
    assert!(!unit.contains_key("KillSignal"));
    hub.signal(Signal::TERM);
    assert!(hub.ended().await.success());
}

#[tokio::test]
async fn a_mistyped_setting_ends_the_hub_with_the_status_after_which_systemd_does_not_restart_it() {
    let status = plenary().args(["serve", "--drain-seconds=soon"]).output().await.expect("run it");
    let prevents = unit()["RestartPreventExitStatus"].parse().ok();
    assert!(prevents.is_some() && status.status.code() == prevents, "{:?}", status.status);
}

#[test]
fn systemd_restarts_a_hub_whose_exit_status_says_that_it_helps() {
    let unit = unit();
    assert_eq!(unit["Restart"], "on-failure");
    for status in [TaskFailed::STATUS, LogReplaced::STATUS] {
        let status = status.to_string();
        assert!(!unit["RestartPreventExitStatus"].split(' ').any(|prevents| prevents == status));
    }
}

#[test]
fn systemd_waits_longer_than_a_stop_takes() {
    let unit = unit();
    let patience = unit["TimeoutStopSec"].parse().map(Duration::from_secs).expect("seconds");
    let folder = TemporaryFolder::new();
    let drain = crate::support::hub::settings(&folder, &[]).stopping.drain();
    assert!(drain.notice + drain.spread + AFTER_THE_DRAIN <= patience);
    let open_files: u64 = unit["LimitNOFILE"].parse().expect("a number");
    let room = plenary::machine::sockets(open_files);
    let most = crate::support::hub::settings(&folder, &[]).limits.max_connections;
    assert!(room >= most, "{open_files} files are room for {room} of {most} sockets");
}
