//! The budgets, and how each is read from the runs.

use super::promises::BUDGETS;
use super::row::{Goal, Row, Unit};
use super::runs::{Chosen, Results};
use crate::progress::grouped;
use crate::result::Run;

/// A promise and how it is measured.
pub(super) struct Budget {
    pub(super) what: &'static str,
    pub(super) goal: Goal,
    pub(super) unit: Unit,
    /// The runs that it needs; the last of them decides it.
    pub(super) runs: &'static [&'static str],
    pub(super) measured: fn(&Results) -> Option<f64>,
    /// What else there is to know.
    pub(super) remark: fn(&Results) -> Option<String>,
}

/// The rows that can be told once this run is over.
pub(super) fn finished(name: &str, chosen: &Chosen, results: &Results) -> Vec<Row> {
    let decided = BUDGETS.iter().filter(|budget| budget.runs.last() == Some(&name));
    rows_of(decided, chosen, results)
}

/// All rows; those of runs that were not chosen are left out.
pub(super) fn rows(chosen: &Chosen, results: &Results) -> Vec<Row> {
    rows_of(BUDGETS.iter(), chosen, results)
}

fn rows_of<'a>(
    budgets: impl Iterator<Item = &'a Budget>,
    chosen: &Chosen,
    results: &Results,
) -> Vec<Row> {
    let judged = budgets.filter(|budget| budget.runs.iter().all(|name| chosen.has(name)));
    judged.map(|budget| judge(budget, results)).collect()
}

fn judge(budget: &Budget, results: &Results) -> Row {
    let told = results.error(budget.runs).or_else(|| (budget.remark)(results));
    let doubts = budget.runs.iter().filter_map(|name| run(results, name)?.bottleneck());
    let doubts = doubts.map(|why| format!("careful: {why}"));
    let remarks: Vec<String> = told.into_iter().chain(doubts).collect();
    Row {
        what: budget.what,
        measured: (budget.measured)(results).filter(|measured| measured.is_finite()),
        unit: budget.unit,
        goal: budget.goal,
        runs: budget.runs,
        remark: remarks.join("; "),
    }
}

pub(super) fn run<'a>(all: &'a Results, name: &str) -> Option<&'a Run> {
    all.get(name).map(|played| &played.run)
}

pub(super) fn floor(all: &Results) -> Option<&Run> {
    all.get("alone")?.floor.as_ref()
}

pub(super) fn both(all: &Results) -> Option<[&Run; 2]> {
    Some([run(all, "plain")?, run(all, "compressed")?])
}

pub(super) fn lost(run: &Run) -> f64 {
    (run.account.lost + run.account.vanished) as f64
}

pub(super) fn sockets(run: &Run) -> String {
    grouped(run.setup.clients as u64)
}

pub(super) fn compared(run: &Run, floor: &Run) -> Option<String> {
    let (own, least) = (run.cpu_per_delivery()?, floor.cpu_per_delivery()?);
    let together = run.account.together();
    Some(format!("{own:.2} µs, the floor {least:.2} µs; {together:.2} messages in a frame"))
}
