//! The budgets in one table: for the terminal, for a document, as a page and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use super::machine::machine;
use super::row::Row;
use super::runs::{Chosen, Results};
use super::{budgets, curves};
use crate::clock::wall_seconds;
use crate::options::BenchOptions;
use crate::report::html::{date, escape};
use crate::report::json::{Document, Summary};
use crate::result::Run;

/// What a delivery takes at the floor, in microseconds, on the machines that the budgets in
/// microseconds and milliseconds are meant for.
const PACE: RangeInclusive<f64> = 5.2..=6.8;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Bench {
    written_by: &'static str,
    /// What was measured.
    of: String,
    /// When it ended, in seconds since 1970.
    ended: f64,
    machine: String,
    /// What a delivery takes at the floor, in microseconds of CPU.
    floor: Option<f64>,
    trial: bool,
    took_seconds: u64,
    rows: Vec<Row>,
    /// How each run can be made.
    commands: Vec<(&'static str, String)>,
    /// The figures of each run.
    runs: BTreeMap<&'static str, Summary>,
    #[serde(skip)]
    figures: String,
}

impl Bench {
    pub(super) fn new(
        chosen: &Chosen,
        results: &Results,
        options: &BenchOptions,
        took: Duration,
    ) -> Self {
        let summary = |played: &crate::play::Played| {
            Document::new(played.run.clone(), played.floor.clone(), Vec::new()).summary
        };
        Self {
            written_by: concat!("plenary-loadtest ", env!("CARGO_PKG_VERSION")),
            of: options.record.of.clone(),
            ended: wall_seconds(),
            machine: machine(),
            floor: budgets::floor(results).and_then(Run::cpu_per_delivery),
            trial: options.trial,
            took_seconds: took.as_secs(),
            rows: budgets::rows(chosen, results),
            commands: chosen.runs.iter().map(|one| (one.name, one.command())).collect(),
            runs: results.all().map(|(name, played)| (name, summary(played))).collect(),
            figures: curves::all(results).iter().map(|(_, chart)| chart.figure()).collect(),
        }
    }

    pub(super) fn is_kept(&self) -> bool {
        self.rows.iter().all(Row::is_kept)
    }

    /// For the terminal.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n\n", self.headline());
        for row in &self.rows {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{row}");
            if !row.remark.is_empty() {
                let _ = writeln!(text, "    {}", row.remark);
            }
        }
        let _ = writeln!(text, "\n{}", self.verdict());
        text
    }

    /// For a document.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!("{}\n\n", self.headline());
        text.push_str("| | measured | budget | | |\n| --- | ---: | ---: | --- | --- |\n");
        for row in &self.rows {
            let (what, measured, goal) = (row.what, row.measured(), row.goal());
            let line =
                format!("| {what} | {measured} | {goal} | {} | {} |", row.verdict(), row.remark);
            let _ = writeln!(text, "{line}");
        }
        let _ = write!(text, "\n{} The runs:\n\n```\n", self.verdict());
        for (name, command) in &self.commands {
            let _ = writeln!(text, "{name:<11} {command}");
        }
        text.push_str("```\n");
        text
    }

    /// Writes bench.json and bench.html.
    ///
    /// # Errors
    /// When they cannot be written.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(self)?;
        for (name, text) in [("bench.json", json), ("bench.html", self.page())] {
            let path = folder.join(name);
            fs::write(&path, text)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            eprintln!("{} is written", path.display());
        }
        Ok(())
    }

    fn headline(&self) -> String {
        let of = if self.of.is_empty() { String::new() } else { format!("{}, ", self.of) };
        let trial = if self.trial { "A trial, whose figures mean nothing: " } else { "" };
        let pace = self.floor.map(pace).unwrap_or_default();
        format!("{trial}{of}{}, {}{pace}.", date(self.ended), self.machine)
    }

    fn verdict(&self) -> String {
        let kept = self.rows.iter().filter(|row| row.is_kept()).count();
        let minutes = self.took_seconds as f64 / 60.0;
        format!("{kept} of {} budgets are kept; it took {minutes:.1} minutes.", self.rows.len())
    }

    fn page(&self) -> String {
        let class = if self.is_kept() { "good" } else { "bad" };
        let rows = self.rows.iter().map(|row| {
            let class = if row.is_kept() { "good" } else { "bad" };
            format!(
                "<tr><th scope=\"row\">{}<small>{}</small></th><td>{}</td><td>{}</td>\
                 <td class=\"{class}\">{}</td></tr>\n",
                escape(row.what),
                escape(&row.remark),
                escape(&row.measured()),
                escape(&row.goal()),
                row.verdict()
            )
        });
        let commands = self.commands.iter();
        let commands = commands.map(|(name, command)| format!("{name:<11} {command}\n"));
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width, initial-scale=1\"><title>Budgets</title><style>{style}\
             </style></head><body>\n<header><h1>Budgets</h1><p>{headline}</p></header>\n<main>\
             <p class=\"verdict {class}\">{verdict}</p>\n<div class=\"wide\"><table class=\"budgets\"><thead><tr>\
             <th scope=\"col\"></th><th scope=\"col\">measured</th><th scope=\"col\">budget</th>\
             <th scope=\"col\"></th></tr></thead><tbody>\n{rows}</tbody></table>\
             </div>\n<h2>Latencies</h2>\n<div class=\"charts\">{figures}</div>\n<h2>The runs</h2>\n\
             <pre class=\"wide\">{commands}</pre></main></body></html>\n",
            style =
                concat!(include_str!("../report/chart.css"), include_str!("../report/page.css")),
            headline = escape(&self.headline()),
            verdict = escape(&self.verdict()),
            rows = rows.collect::<String>(),
            figures = self.figures,
            commands = escape(&commands.collect::<String>()),
        )
    }
}

/// How fast the machine was, and whether budgets in microseconds and milliseconds are meant for it.
fn pace(floor: f64) -> String {
    let (from, to) = (PACE.start(), PACE.end());
    let meant = match floor {
        slow if slow > *to => {
            format!(" (slower than the {from} to {to} µs that µs and ms are meant for)")
        }
        fast if fast < *from => {
            format!(" (faster than the {from} to {to} µs that µs and ms are meant for)")
        }
        _ => String::new(),
    };
    format!(", {floor:.2} µs for a delivery at the floor{meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_of_another_pace_is_told_apart() {
        assert_eq!(pace(6.0), ", 6.00 µs for a delivery at the floor");
        assert!(pace(7.6).contains("slower than the 5.2 to 6.8 µs"));
        assert!(pace(4.0).contains("faster"));
    }
}
