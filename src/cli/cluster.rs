//! `plenary cluster`: the nodes that serve together.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use super::output::print;
use crate::cluster::{NodeView, State, View, WayView};

/// How long the hub may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
const COLUMNS: [&str; 10] = [
    "",
    "NODE",
    "ADDRESS",
    "VERSION",
    "STATE",
    "LEASE",
    "CONNECTIONS",
    "CHANNELS",
    "TOPICS",
    "LAG",
];

/// Which hub to ask, and how to print.
#[derive(Args, Debug)]
pub(super) struct ClusterCommand {
    /// The operators' address of one of the hubs.
    #[arg(long, env = "PLENARY_ADMIN_LISTEN", default_value = "127.0.0.1:8081")]
    admin_listen: SocketAddr,
    /// Prints it as JSON, for other programs.
    #[arg(long)]
    json: bool,
}

impl ClusterCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let text = tokio::task::spawn_blocking(move || ask(self.admin_listen)).await??;
        if self.json {
            return Ok(print(&text)?);
        }
        let view = serde_json::from_str(&text).context("the hub's answer is of another version")?;
        Ok(print(&table(&view))?)
    }
}

fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let config = ureq::Agent::config_builder().proxy(None).timeout_global(Some(PATIENCE)).build();
    let answer = ureq::Agent::new_with_config(config).get(format!("http://{address}/cluster"));
    let answer = answer.call().and_then(|mut answer| answer.body_mut().read_to_string());
    answer.with_context(|| format!("no hub answers at {address} (--admin-listen)"))
}

/// A line for each node; a star marks the one that was asked.
fn table(view: &View) -> String {
    let header = COLUMNS.map(str::to_owned);
    let rows: Vec<[String; 10]> =
        std::iter::once(header).chain(view.nodes.iter().map(row)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS.len()).filter_map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths);
        let line =
            cells.fold(String::new(), |line, (cell, &width)| line + &format!("{cell:width$}  "));
        text += line.trim_end();
        text.push('\n');
    }
    let notes = way(view.way).into_iter().chain(view.warnings.iter().cloned());
    for note in notes {
        // Writing into a string does not fail.
        let _ = write!(text, "\n{note}\n");
    }
    text
}

fn row(node: &NodeView) -> [String; 10] {
    let about = &node.about;
    let state = match node.state {
        State::Serving => "serving",
        State::Stopping => "stopping",
        State::Left => "left",
        State::Lost => "lost",
    };
    let unit = |number: Option<String>, unit: &str| {
        number.map_or_else(|| "-".to_owned(), |number| number + unit)
    };
    [
        if node.this { "*" } else { "" }.to_owned(),
        about.name.clone(),
        about.address.clone(),
        about.version.clone(),
        state.to_owned(),
        unit(node.lease_age_seconds.map(|age| format!("{age:.1}")), " s"),
        about.connections.to_string(),
        about.channels.to_string(),
        about.topics.to_string(),
        unit(about.lag_milliseconds.map(|lag| lag.to_string()), " ms"),
    ]
}

fn way(way: WayView) -> Option<String> {
    match way {
        WayView::Open => None,
        WayView::Alone => Some("This hub serves alone: it has no way to other nodes.".to_owned()),
        WayView::Lost { seconds } => Some(format!(
            "This hub has not heard other nodes for {seconds} seconds; what it says of them is from before."
        )),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::cluster::About;
    use crate::id::NodeId;

    #[test]
    fn the_table_shows_each_node_and_what_does_not_go_together() {
        let node = |name: &str, this| NodeView {
            node: NodeId(Uuid::nil()),
            this,
            state: if this { State::Serving } else { State::Lost },
            lease_age_seconds: (!this).then_some(7.5),
            about: About { name: name.to_owned(), connections: 12_000, ..About::default() },
        };
        let nodes = vec![node("hall", true), node("annexe-2", false)];
        let way = WayView::Lost { seconds: 8 };
        let text = table(&View { way, nodes, warnings: vec!["Take care.".to_owned()] });
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("   NODE      ADDRESS  VERSION  STATE"), "{text}");
        assert!(lines[1].starts_with("*  hall ") && lines[1].contains("serving  -"), "{text}");
        assert!(lines[2].contains("lost     7.5 s  12000"), "{text}");
        assert!(text.contains("for 8 seconds") && text.ends_with("\nTake care.\n"), "{text}");
    }
}
