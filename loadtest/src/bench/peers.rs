//! Several servers in the same scenario, side by side.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use super::machine::machine;
use super::record;
use crate::clock::wall_seconds;
use crate::options::CompareOptions;
use crate::progress::grouped;
use crate::report::curves::faster;
use crate::report::html::date;
use crate::report::json::Document;
use crate::report::table::{headline, millis};
use crate::result::Run;

/// A server and what it did.
struct Peer {
    name: String,
    /// Its version, and the settings it ran with.
    about: Vec<String>,
    document: Document,
    /// The same people, while nobody spoke.
    idle: Option<Document>,
}

const COLUMNS: [&str; 9] = [
    "",
    "CPU of a delivery",
    "beside the floor",
    "memory of an idle socket",
    "half within",
    "99 of 100 within",
    "CPU of a connection",
    "bytes of a delivery",
    "lost",
];

/// Shows the table, and puts it into a document where that is wanted.
///
/// # Errors
/// When results cannot be read, or the document cannot be written.
pub(crate) fn compare(options: &CompareOptions) -> anyhow::Result<ExitCode> {
    let peers: Vec<Peer> =
        options.results.iter().map(|path| Peer::read(path)).collect::<Result<_, _>>()?;
    let floor = peers.iter().find(|peer| peer.document.run.setup.protocol == "floor");
    let floor = floor.and_then(|floor| floor.document.run.cpu_per_delivery());
    let rows: Vec<[String; 9]> = peers.iter().map(|peer| peer.row(floor)).collect();
    println!("{}", aligned(&rows));
    peers.iter().for_each(|peer| println!("{}", peer.told()));
    if let Some(document) = &options.record.update {
        let curve = peers.iter().map(|peer| (peer.name.as_str(), &peer.document.run));
        let curves = curve.map(|(name, run)| (name, &run.account.delivery)).collect::<Vec<_>>();
        let drawn = record::draw(document, &[("peers", faster(&curves))])?;
        let text = markdown(&peers, &rows, &options.record.of);
        record::put(document, "peers", &(text + &drawn))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Peer {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let document = Document::read(path)?;
        let name = path.file_stem().context("a file without a name")?;
        let idle = Some(path.with_extension("idle")).filter(|path| path.exists());
        let about = fs::read_to_string(path.with_extension("about")).unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            about: about.lines().map(str::to_owned).collect(),
            document,
            idle: idle.map(|path| Document::read(&path)).transpose()?,
        })
    }

    fn row(&self, floor: Option<f64>) -> [String; 9] {
        let (run, nothing) = (&self.document.run, || "–".to_owned());
        let delivery = |percentile| {
            let value = run.account.delivery.percentile(percentile);
            value.map_or_else(nothing, |value| format!("{} ms", millis(value)))
        };
        let cpu = run.cpu_per_delivery();
        let idle = self.idle.as_ref().map(|idle| &idle.run);
        let memory = idle.and_then(Run::memory_per_idle_connection);
        [
            self.name.clone(),
            cpu.map_or_else(nothing, |cpu| format!("{cpu:.2} µs")),
            cpu.zip(floor).map_or_else(nothing, |(cpu, floor)| format!("{:.2} ×", cpu / floor)),
            memory.map_or_else(nothing, |bytes| format!("{:.1} KB", bytes / 1_000.0)),
            delivery(50.0),
            delivery(99.0),
            idle.and_then(Run::cpu_per_connection)
                .map_or_else(nothing, |cpu| format!("{cpu:.0} µs")),
            format!("{:.0}", run.bytes_per_delivery()),
            grouped(run.account.lost + run.account.vanished),
        ]
    }

    /// Its version and settings, and what there is to doubt.
    fn told(&self) -> String {
        let doubt = self.document.run.bottleneck();
        let doubt = doubt.map(|why| format!("Careful: {why}."));
        let about: Vec<String> = self.about.iter().cloned().chain(doubt).collect();
        format!("{}: {}", self.name, about.join(" "))
    }
}

fn aligned(rows: &[[String; 9]]) -> String {
    let head = COLUMNS.map(str::to_owned);
    let all = || std::iter::once(&head).chain(rows);
    let width =
        |column: usize| all().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for row in all() {
        let _ = write!(text, "\n  {:<1$}", row[0], width(0));
        for (column, value) in row.iter().enumerate().skip(1) {
            // Writing into a string cannot fail.
            let _ = write!(text, "  {:>1$}", value, width(column));
        }
    }
    text.push('\n');
    text
}

fn markdown(peers: &[Peer], rows: &[[String; 9]], of: &str) -> String {
    let run = peers.first().map(|peer| &peer.document.run);
    let scenario = run.map_or(String::new(), headline);
    let mut text = format!("{of}, {}, {}. Each: {scenario}.\n\n", date(wall_seconds()), machine());
    let _ = writeln!(text, "| {} |\n| --- |{}", COLUMNS.join(" | "), " ---: |".repeat(8));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text.push('\n');
    for peer in peers {
        let _ = writeln!(text, "- {}", peer.told());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_row_and_what_is_said_of_it() {
        let mut run = Run::default();
        run.account.delivery.record(12_000_000);
        let peer = Peer {
            name: "nats".to_owned(),
            about: vec!["nats-server 2.9.10.".to_owned(), "Nothing is kept.".to_owned()],
            document: Document::new(run, None, Vec::new()),
            idle: None,
        };
        let rows = [peer.row(Some(5.0))];
        assert_eq!((rows[0][0].as_str(), rows[0][1].as_str()), ("nats", "–"));
        assert!(rows[0][5].ends_with(" ms"), "{:?}", rows[0]);
        let text = markdown(&[peer], &rows, "the tester");
        assert!(
            text.contains("| nats | – |") && text.contains("- nats: nats-server 2.9.10. Nothing")
        );
        assert!(aligned(&rows).lines().nth(1).is_some_and(|line| line.ends_with("lost")));
    }
}
