//! `plenary cluster`: the nodes that serve together.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;

use crate::cluster::{NodeView, State, View, WayView};
use crate::output::print;

/// How long the hub may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);
const COLUMNS_OF_A_TERMINAL: usize = 80;
/// The columns, and whether what is in them is a number: those stand on the right.
const COLUMNS: [(&str, bool); 9] = [
    ("  NODE", false),
    ("ADDRESS", false),
    ("VERSION", false),
    ("STATE", false),
    ("LEASE", true),
    ("LAG", true),
    ("SOCKETS", true),
    ("CHANNELS", true),
    ("TOPICS", true),
];
/// Where the versions stand, which are shown where they differ.
const VERSION: usize = 2;

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
    let config = ureq::Agent::config_builder().proxy(None).timeout_global(Some(TIMEOUT)).build();
    let answer = ureq::Agent::new_with_config(config).get(format!("http://{address}/cluster"));
    let answer = answer.call().and_then(|mut answer| answer.body_mut().read_to_string());
    answer.with_context(|| format!("no hub answers at {address} (--admin-listen)"))
}

/// A line for each node; a star marks the one that was asked. It fits into 80 columns, unless machines
/// have long names or versions differ.
fn table(view: &View) -> String {
    let header = COLUMNS.map(|(name, _)| name.to_owned());
    let rows: Vec<[String; 9]> =
        std::iter::once(header).chain(view.nodes.iter().map(row)).collect();
    let one_version = view.nodes.windows(2).all(|two| two[0].about.version == two[1].about.version);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS.len()).filter_map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Writing into a string does not fail.
            let _ = match COLUMNS[column] {
                _ if column == VERSION && one_version => Ok(()),
                (_, true) => write!(line, "{cell:>width$}  "),
                (_, false) => write!(line, "{cell:width$}  "),
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    let version = view.nodes.first().filter(|_| one_version).map(|node| &node.about.version);
    let version = version.map(|version| format!("Version {version}."));
    let notes = version.into_iter().chain(way(view.way)).chain(view.warnings.iter().cloned());
    for note in notes {
        let _ = write!(text, "\n{}\n", folded(&note));
    }
    text
}

/// The sentence in lines for a terminal.
fn folded(sentence: &str) -> String {
    let mut lines = vec![String::new()];
    for word in sentence.split(' ') {
        let has_room =
            |line: &&mut String| line.is_empty() || line.len() + word.len() < COLUMNS_OF_A_TERMINAL;
        match lines.last_mut().filter(has_room) {
            Some(line) if line.is_empty() => *line += word,
            Some(line) => *line += &format!(" {word}"),
            None => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

fn row(node: &NodeView) -> [String; 9] {
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
        format!("{} {}", if node.this { "*" } else { " " }, about.name),
        about.address.clone(),
        about.version.clone(),
        state.to_owned(),
        unit(node.lease_age_seconds.map(|age| format!("{age:.1}")), " s"),
        unit(about.lag_milliseconds.map(|lag| lag.to_string()), " ms"),
        about.connections.to_string(),
        about.channels.to_string(),
        about.topics.to_string(),
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

    fn node(name: &str, version: &str, this: bool) -> NodeView {
        let (name, version) = (name.to_owned(), version.to_owned());
        let address = "10.0.0.11:8080".to_owned();
        let about = About { name, address, version, connections: 12_000, ..About::default() };
        NodeView {
            node: NodeId(Uuid::nil()),
            this,
            state: if this { State::Serving } else { State::Lost },
            lease_age_seconds: (!this).then_some(7.5),
            about: About { channels: 1_204, topics: 1_310, lag_milliseconds: Some(12), ..about },
        }
    }

    #[test]
    fn the_table_shows_each_node_and_what_does_not_go_together() {
        let nodes = vec![node("hall-1", "0.1.0", true), node("annexe-north", "0.1.0", false)];
        let way = WayView::Lost { seconds: 8 };
        let warning = "annexe-north (10.0.0.11:8080) has another --public-url: https://one.example, \
                       not https://other.example";
        let text = table(&View { way, nodes, warnings: vec![warning.to_owned()] });
        let begin = "  NODE          ADDRESS         STATE    LEASE    LAG  SOCKETS  CHANNELS  TOPICS\n\
                     * hall-1        10.0.0.11:8080  serving      -  12 ms    12000      1204    1310\n\
                     \x20 annexe-north  10.0.0.11:8080  lost     7.5 s  12 ms    12000      1204    1310\n\
                     \nVersion 0.1.0.\n";
        assert!(text.starts_with(begin), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        assert!(text.contains("for 8 seconds"), "{text}");
        assert!(text.ends_with("\nhttps://other.example\n"), "{text}");
    }

    #[test]
    fn versions_that_differ_stand_beside_their_nodes() {
        let nodes = vec![node("hall", "0.1.0", true), node("annexe", "0.2.0", false)];
        let text = table(&View { way: WayView::Open, nodes, warnings: Vec::new() });
        assert!(text.contains("ADDRESS         VERSION  STATE"), "{text}");
        assert!(text.contains("10.0.0.11:8080  0.2.0    lost"), "{text}");
    }
}
