//! The curves of the benchmarks.

use super::runs::Results;
use crate::measure::latency::Latency;
use crate::report::chart::Chart;
use crate::report::curves::{faster, latency};

/// All curves by their names.
pub(super) fn all(results: &Results) -> Vec<(&'static str, Chart)> {
    let over_time = [
        ("room", "A room of 12,000 at 100 messages/s"),
        ("slow", "In the second half, 5 % stop reading"),
        ("hostile", "Undisturbed, a teardown, a flood, slow heads, half-open"),
    ];
    let over_time = over_time.into_iter().filter_map(|(name, title)| {
        let chart = latency(&results.get(name)?.run);
        Some((name, Chart { title: title.to_owned(), ..chart }))
    });
    std::iter::once(("latency", together(results))).chain(over_time).collect()
}

/// How soon what happens, in several runs.
fn together(results: &Results) -> Chart {
    let delivery = |name| results.get(name).map(|played| &played.run.account.delivery);
    let floor = results.get("alone").and_then(|alone| alone.floor.as_ref());
    let account = |name| results.get(name).map(|played| &played.run.account);
    let curves = [
        ("2,000", delivery("alone")),
        ("the floor", floor.map(|floor| &floor.account.delivery)),
        ("12,000", delivery("room")),
        ("on disk", account("publish").map(|account| &account.acknowledgement)),
        ("connected", account("join").map(|account| &account.connect)),
        ("returned", account("storm").map(|account| &account.comeback)),
    ];
    let curves: Vec<(&str, &Latency)> =
        curves.into_iter().filter_map(|(name, latency)| Some((name, latency?))).collect();
    faster(&curves)
}
