//! Limits that were stated, and whether they hold.

use crate::options::Limits;
use crate::result::Run;
use crate::scenario::hostile::DELAY;
use crate::scenario::storm::BACK;
use crate::scenario::totals::SHOWN;

/// What is wrong with a run, a sentence for each limit that is broken. A limit that cannot be
/// judged, because what it is about was not measured, is broken too.
pub(crate) fn broken(limits: &Limits, run: &Run, floor: Option<&Run>) -> Vec<String> {
    let account = &run.account;
    let refused = account.refusals() + account.endings();
    let ratio = floor_ratio(run, floor);
    let slope = run.memory_slope().map(|slope| slope / 1_048_576.0);
    let wholes = [
        ("lost deliveries", Some(account.lost + account.vanished), limits.max_lost),
        ("deliveries that came twice", Some(account.duplicates), limits.max_duplicates),
        ("refusals and ended connections", Some(refused), limits.max_refused),
        ("who have not read what is new", account.rereads.unread(), limits.max_unread),
    ];
    let reals = [
        ("ms of latency at the 99th percentile", account.delivery.percentile(99.0), limits.max_p99),
        ("µs of CPU per delivery", run.cpu_per_delivery(), limits.max_cpu_per_delivery),
        ("seconds until all were back", run.findings.get(BACK).copied(), limits.max_back),
        ("ms later than undisturbed", run.findings.get(DELAY).copied(), limits.max_delay),
        ("times as many reads as on average", account.rereads.busiest(), limits.max_busiest),
        (
            "seconds until all were shown the sum",
            run.findings.get(SHOWN).copied(),
            limits.max_shown,
        ),
        ("MiB of memory more each hour", slope, limits.max_memory_slope),
        ("times the floor's CPU per delivery", ratio, limits.max_floor_ratio),
    ];
    let wholes = wholes.map(|(what, found, limit)| {
        (what, found.map(|found| found as f64), limit.map(|limit| limit as f64))
    });
    let sentence = |(what, found, limit): (&str, Option<f64>, Option<f64>)| match (found, limit?) {
        (None, limit) => Some(format!("the limit of {limit} {what} was not measured")),
        (Some(found), limit) if found > limit => {
            let found = (found * 1_000.0).round() / 1_000.0;
            Some(format!("{found} {what}, and the limit is {limit}"))
        }
        _ => None,
    };
    wholes.into_iter().chain(reals).filter_map(sentence).collect()
}

/// What a delivery costs the server, compared with the floor.
pub(crate) fn floor_ratio(run: &Run, floor: Option<&Run>) -> Option<f64> {
    Some(run.cpu_per_delivery()? / floor?.cpu_per_delivery()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Run {
        let mut run = Run::default();
        for millis in 1..=100 {
            run.account.delivery.record(millis * 1_000_000);
        }
        run.account.lost = 1;
        run
    }

    #[test]
    fn a_limit_is_broken_only_beyond_it() {
        let limits = |max_p99, max_lost| Limits { max_p99, max_lost, ..Limits::default() };
        assert!(broken(&Limits::default(), &run(), None).is_empty());
        assert!(broken(&limits(Some(100.0), Some(1)), &run(), None).is_empty());
        let both = broken(&limits(Some(90.0), Some(0)), &run(), None);
        assert_eq!(both[0], "1 lost deliveries, and the limit is 0");
        assert!(both[1].starts_with("99."), "{}", both[1]);
    }

    #[test]
    fn reads_that_rush_or_are_missing_break_their_limits() {
        let mut run = run();
        let limits = Limits { max_busiest: Some(1.25), max_unread: Some(0), ..Limits::default() };
        let found = broken(&limits, &run, None);
        assert!(found.len() == 2 && found[1].contains("was not measured"), "{found:?}");
        let rereads = &mut run.account.rereads;
        (rereads.within_ms, rereads.expected, rereads.done) = (4_000, 4, 4);
        (0..4).for_each(|second| rereads.begin(second * 1_000_000_000));
        assert!(broken(&limits, &run, None).is_empty());
        let rereads = &mut run.account.rereads;
        rereads.expected += 1;
        rereads.begin(0);
        let found = broken(&limits, &run, None);
        assert_eq!(found[0], "1 who have not read what is new, and the limit is 0");
        assert_eq!(found[1], "1.6 times as many reads as on average, and the limit is 1.25");
    }

    #[test]
    fn what_was_not_measured_cannot_hold() {
        let limits = Limits { max_cpu_per_delivery: Some(8.0), ..Limits::default() };
        let found = broken(&limits, &run(), None);
        assert_eq!(found, ["the limit of 8 µs of CPU per delivery was not measured"]);
    }
}
