//! What is promised, a budget each.

use super::budgets::{Budget, both, compared, floor, lost, run, sockets};
use super::counter::ARCHIVE_READS;
use super::row::Goal::{AtLeast, AtMost};
use super::row::Unit;
use super::runs::{cpu_per_connection, others_later, times_the_floor, told_within};
use crate::play::Played;
use crate::progress::grouped;
use crate::report::limits::floor_ratio;
use crate::report::table::millis;
use crate::result::Run;
use crate::scenario::hostile::{DELAY, MAX, P99, PARTS, figure};
use crate::scenario::slow::{BEFORE, STALLED};
use crate::scenario::storm::BACK;

pub(super) const BUDGETS: [Budget; 19] = [
    Budget {
        what: "memory of an idle socket in its room",
        goal: AtMost(4.0),
        unit: Unit::Kilobytes,
        runs: &["idle"],
        measured: |all| Some(run(all, "idle")?.memory_per_idle_connection()? / 1_000.0),
        remark: |all| Some(format!("{} sockets", sockets(run(all, "idle")?))),
    },
    Budget {
        what: "CPU of an idle socket in a second",
        goal: AtMost(2.0),
        unit: Unit::Microseconds,
        runs: &["idle"],
        measured: |all| run(all, "idle")?.cpu_per_connection_second(),
        remark: |all| Some(format!("{} sockets", sockets(run(all, "idle")?))),
    },
    Budget {
        what: "CPU of a connection: upgrade, sign-in, join, 50 messages",
        goal: AtMost(150.0),
        unit: Unit::Microseconds,
        runs: &["join"],
        measured: |all| cpu_per_connection(all.get("join")?),
        remark: |all| {
            let run = run(all, "join")?;
            let p99 = run.account.connect.percentile(99.0)?;
            let turns = all.spread("join", cpu_per_connection);
            let turns = turns.map(|[low, high]| format!("; between {low:.0} and {high:.0} µs"));
            let least = floor(all).and_then(Run::cpu_per_delivery);
            let times = run.cpu_per_connection().zip(least).map(|(own, least)| own / least);
            let times =
                times.map(|times| format!("; as much as {times:.1} deliveries at the floor"));
            let more = [turns, times].map(Option::unwrap_or_default).concat();
            Some(format!("99 of 100 are in their room after {} ms{more}", millis(p99)))
        },
    },
    Budget {
        what: "CPU of a delivery, one message in a frame, 2,000 sockets",
        goal: AtMost(1.15),
        unit: Unit::TimesTheFloor,
        runs: &["alone"],
        measured: |all| times_the_floor(all.get("alone")?),
        remark: |all| {
            let turns = all.spread("alone", times_the_floor);
            let turns = turns.map(|[low, high]| format!("; between {low:.2} and {high:.2} ×"));
            Some(compared(run(all, "alone")?, floor(all)?)? + &turns.unwrap_or_default())
        },
    },
    Budget {
        what: "CPU of a delivery when they come faster than a tick",
        goal: AtMost(0.3),
        unit: Unit::TimesTheFloor,
        runs: &["alone", "tick"],
        measured: |all| floor_ratio(run(all, "tick")?, Some(floor(all)?)),
        remark: |all| compared(run(all, "tick")?, floor(all)?),
    },
    Budget {
        what: "a room of 12,000 at 100 messages/s: 99 of 100 within",
        goal: AtMost(250.0),
        unit: Unit::Milliseconds,
        runs: &["room"],
        measured: |all| told_within(all.get("room")?),
        remark: |all| {
            let run = run(all, "room")?;
            let half = run.account.delivery.percentile(50.0)?;
            let each = grouped(run.throughput() as u64);
            let turns = all.spread("room", told_within);
            let turns = turns.map(|[low, high]| format!("; between {low:.0} and {high:.0} ms"));
            let turns = turns.unwrap_or_default();
            Some(format!("half within {} ms; {each} deliveries a second{turns}", millis(half)))
        },
    },
    Budget {
        what: "a room of 12,000 at 100 messages/s: lost",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &["room"],
        measured: |all| Some(lost(run(all, "room")?)),
        remark: |all| Some(format!("of {}", grouped(run(all, "room")?.account.expected))),
    },
    Budget {
        what: "on disk and acknowledged at 1,000 messages/s: 99 of 100 within",
        goal: AtMost(25.0),
        unit: Unit::Milliseconds,
        runs: &["publish"],
        measured: |all| run(all, "publish")?.account.acknowledgement.percentile(99.0),
        remark: |all| {
            let acknowledgement = &run(all, "publish")?.account.acknowledgement;
            let half = millis(acknowledgement.percentile(50.0)?);
            Some(format!("half within {half} ms; {} messages", grouped(acknowledgement.count())))
        },
    },
    Budget {
        what: "12,000 dropped: all back and caught up after",
        goal: AtMost(15.0),
        unit: Unit::Seconds,
        runs: &["storm"],
        measured: |all| {
            run(all, "storm")?.findings.get(BACK).copied().filter(|back| *back < f64::MAX)
        },
        remark: |all| {
            Some(format!("{} connections", grouped(run(all, "storm")?.account.connections)))
        },
    },
    Budget {
        what: "12,000 dropped: holes",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &["storm"],
        measured: |all| Some(lost(run(all, "storm")?)),
        remark: |all| Some(format!("of {}", grouped(run(all, "storm")?.account.expected))),
    },
    Budget {
        what: "12,000 dropped: duplicates",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &["storm"],
        measured: |all| Some(run(all, "storm")?.account.duplicates as f64),
        remark: |_| None,
    },
    Budget {
        what: "12,000 dropped: reads of the database for each channel",
        goal: AtMost(1.0),
        unit: Unit::Count,
        runs: &["storm"],
        measured: |all| {
            let run = run(all, "storm")?;
            Some((run.findings.get(ARCHIVE_READS)? / run.setup.rooms as f64).ceil())
        },
        remark: |_| None,
    },
    Budget {
        what: "others' p99 when 5 % stop reading",
        goal: AtMost(5.0),
        unit: Unit::PercentMore,
        runs: &["slow"],
        measured: |all| others_later(all.get("slow")?),
        remark: |all| {
            let run = run(all, "slow")?;
            let [before, stalled] =
                [BEFORE, STALLED].map(|name| run.findings.get(name).copied().map(millis));
            let told = grouped(run.account.told);
            let turns = all.spread("slow", others_later);
            let turns = turns.map(|[low, high]| format!("; between {low:+.1} and {high:+.1} %"));
            let turns = turns.unwrap_or_default();
            Some(format!("{} ms, then {} ms{turns}; {told} told to do without", before?, stalled?))
        },
    },
    Budget {
        what: "others' messages during a teardown and three attacks: later by",
        goal: AtMost(100.0),
        unit: Unit::Milliseconds,
        runs: &["hostile"],
        measured: |all| run(all, "hostile")?.findings.get(DELAY).copied(),
        remark: |all| {
            let part = |part: &str| {
                let found = |of| run(all, "hostile")?.findings.get(&figure(part, of)).copied();
                let (p99, max) = (millis(found(P99)?), millis(found(MAX)?));
                Some(format!("{} {p99} (at most {max})", part.replace('_', " ")))
            };
            let parts: Option<Vec<String>> = PARTS.iter().map(|name| part(name)).collect();
            Some(format!("p99 in ms: {}", parts?.join(", ")))
        },
    },
    Budget {
        what: "others' connections that ended meanwhile",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &["hostile"],
        measured: |all| Some(run(all, "hostile")?.account.endings() as f64),
        remark: |_| None,
    },
    Budget {
        what: "egress of a conference: plain beside compressed",
        goal: AtLeast(2.5),
        unit: Unit::Times,
        runs: &["plain", "compressed"],
        measured: |all| {
            let [plain, compressed] = both(all)?.map(Run::bytes_per_delivery);
            (compressed > 0.0).then(|| plain / compressed)
        },
        remark: |all| {
            let [plain, compressed] = both(all)?.map(Run::bytes_per_delivery);
            Some(format!("{plain:.0} and {compressed:.0} bytes per delivery"))
        },
    },
    Budget {
        what: "CPU of a conference: compressed beside plain",
        goal: AtMost(1.3),
        unit: Unit::Times,
        runs: &["plain", "compressed"],
        measured: |all| {
            let [plain, compressed] = both(all)?.map(Run::cpu_per_delivery);
            Some(compressed? / plain?)
        },
        remark: |all| {
            let [plain, compressed] = both(all)?.map(Run::cpu_per_delivery);
            Some(format!("{:.2} and {:.2} µs per delivery", plain?, compressed?))
        },
    },
    Budget {
        what: "lost in all runs",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &[],
        measured: |all| Some(all.every_turn().map(|played| lost(&played.run)).sum()),
        remark: |all| {
            let expected = all.every_turn().map(|played| played.run.account.expected).sum();
            Some(format!("of {}", grouped(expected)))
        },
    },
    Budget {
        what: "twice, or not as it was sent, in all runs",
        goal: AtMost(0.0),
        unit: Unit::Count,
        runs: &[],
        measured: |all| {
            let wrong = |played: &Played| {
                let account = &played.run.account;
                account.duplicates + account.altered
            };
            Some(all.every_turn().map(wrong).sum::<u64>() as f64)
        },
        remark: |_| None,
    },
];
