//! Which curves a run has.

use super::chart::{Chart, Curve, Scale, seconds};
use crate::clock::SECOND;
use crate::measure::latency::Latency;
use crate::result::Run;

/// Percentiles of the last chart: each next one is of ten times fewer.
const STEPS: [(f64, &str); 13] = [
    (0.0, "0"),
    (50.0, "50 %"),
    (75.0, ""),
    (90.0, "90 %"),
    (95.0, ""),
    (97.5, ""),
    (99.0, "99 %"),
    (99.5, ""),
    (99.75, ""),
    (99.9, "99.9 %"),
    (99.95, ""),
    (99.975, ""),
    (99.99, "99.99 %"),
];

/// All charts that there is something to draw for.
pub(crate) fn charts(run: &Run, floor: Option<&Run>) -> String {
    [latency(run), throughput(run), cpu(run), memory(run), percentiles(run, floor)]
        .iter()
        .map(Chart::figure)
        .collect()
}

fn chart(run: &Run, title: &str, unit: &'static str, scale: Scale, curves: Vec<Curve>) -> Chart {
    let marks = seconds(run.setup.duration);
    Chart { title: title.to_owned(), unit, scale, alone: false, marks, curves }
}

fn curve(name: &str, colour: usize, filled: bool, points: Vec<(f64, f64)>) -> Curve {
    Curve { name: name.to_owned(), colour, filled, points }
}

/// The middle of each moment of the measurement, in seconds.
fn moments(run: &Run) -> impl Iterator<Item = (f64, &crate::measure::series::Moment)> {
    let step = run.series.step as f64 / SECOND as f64;
    let moments = run.series.moments.iter().enumerate();
    let moments = moments.map(move |(index, moment)| ((index as f64 + 0.5) * step, moment));
    moments.filter(|(at, _)| *at < run.setup.duration)
}

/// Latency over time.
pub(crate) fn latency(run: &Run) -> Chart {
    let points = |percentile: f64| {
        let at = |(at, moment): (f64, &crate::measure::series::Moment)| {
            moment.latency.percentile(percentile).map(|value| (at, value))
        };
        moments(run).filter_map(at).collect()
    };
    let curves = vec![
        curve("slowest", 5, false, points(100.0)),
        curve("99 of 100", 2, false, points(99.0)),
        curve("half", 1, true, points(50.0)),
    ];
    chart(run, "Latency to each receiver", "milliseconds", Scale::Logarithmic, curves)
}

fn throughput(run: &Run) -> Chart {
    let step = run.series.step as f64 / SECOND as f64;
    let points = moments(run).map(|(at, moment)| (at, moment.received as f64 / step)).collect();
    let curves = vec![curve("deliveries", 4, true, points)];
    chart(run, "Throughput", "deliveries a second", Scale::Linear, curves)
}

fn cpu(run: &Run) -> Chart {
    let samples = run.server.iter().flat_map(|server| &server.samples);
    let points = samples.map(|sample| (sample.at, sample.cores)).collect();
    let curves = vec![curve("server", 3, true, points)];
    chart(run, "The server's CPU", "cores", Scale::Linear, curves)
}

fn memory(run: &Run) -> Chart {
    let samples = run.server.iter().flat_map(|server| &server.samples);
    let points = samples.map(|sample| (sample.at, sample.memory as f64 / 1_048_576.0)).collect();
    let curves = vec![curve("server", 1, true, points)];
    chart(run, "The server's memory", "MiB", Scale::Linear, curves)
}

fn percentiles(run: &Run, floor: Option<&Run>) -> Chart {
    let account = &run.account;
    let mut curves = vec![
        ("delivered", &account.delivery),
        ("answered", &account.acknowledgement),
        ("connected", &account.connect),
        ("returned", &account.comeback),
    ];
    curves.extend(floor.map(|floor| ("floor", &floor.account.delivery)));
    faster(&curves)
}

/// How many are faster, each by its name; what never happened has no curve.
pub(crate) fn faster(latencies: &[(&str, &Latency)]) -> Chart {
    let place = |percentile: f64| -(1.0 - percentile / 100.0).max(1e-9).log10();
    let points = |latency: &Latency| {
        let at = |(percentile, _): &(f64, &str)| {
            latency.percentile(*percentile).map(|value| (place(*percentile), value))
        };
        STEPS.iter().filter_map(at).collect::<Vec<_>>()
    };
    let curves = (1..).zip(latencies);
    let curves =
        curves.map(|(colour, (name, latency))| curve(name, colour, colour == 1, points(latency)));
    let named = STEPS.iter().filter(|(_, name)| !name.is_empty());
    Chart {
        title: "How many are faster".to_owned(),
        unit: "milliseconds",
        scale: Scale::Logarithmic,
        alone: true,
        marks: named.map(|(percentile, name)| (place(*percentile), (*name).to_owned())).collect(),
        curves: curves.filter(|curve| !curve.points.is_empty()).collect(),
    }
}
