//! One table, for people at a terminal.

use std::fmt::Write as _;

use super::findings::sentences;
use super::harm::harm;
use super::limits::floor_ratio;
use super::rereads::rereads;
use crate::measure::account::{Account, Counts};
use crate::measure::latency::{Latency, PERCENTILES};
use crate::progress::grouped;
use crate::result::Run;

/// A row: what, how much, and what to make of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) value: String,
    pub(crate) remark: String,
}

/// Rows that belong together.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) title: &'static str,
    /// Whether its rows are percentiles.
    pub(crate) is_latency: bool,
    pub(crate) rows: Vec<Row>,
}

impl Section {
    pub(super) fn new(title: &'static str) -> Self {
        Self { title, is_latency: false, rows: Vec::new() }
    }

    pub(super) fn row(&mut self, what: &str, value: impl Into<String>, remark: impl Into<String>) {
        self.rows.push(Row { what: what.to_owned(), value: value.into(), remark: remark.into() });
    }
}

/// The table as text.
pub(crate) fn text(run: &Run, floor: Option<&Run>) -> String {
    let mut text = format!("\n{}\n", headline(run));
    let sections = sections(run, floor);
    let rows = || sections.iter().flat_map(|section| &section.rows);
    let width =
        |pick: fn(&Row) -> &str| rows().map(|row| pick(row).chars().count()).max().unwrap_or(0);
    let (what, value) = (width(|row| &row.what), width(|row| &row.value));
    for section in &sections {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "\n  {}", section.title);
        for row in &section.rows {
            let line = format!("    {:<what$}  {:>value$}  {}", row.what, row.value, row.remark);
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    let careful = run.bottleneck().map(|why| format!("Careful: {why}."));
    for note in sentences(run).into_iter().chain(careful) {
        let _ = write!(text, "\n  {note}");
    }
    text.push('\n');
    text
}

/// What was run, in a line.
pub(crate) fn headline(run: &Run) -> String {
    let setup = &run.setup;
    let rooms = match setup.rooms {
        1 => "one room".to_owned(),
        rooms => format!("{} rooms", grouped(rooms as u64)),
    };
    let talk = match setup.rate {
        0.0 => String::new(),
        rate => format!("{rate} messages/s of {} bytes, ", setup.payload),
    };
    format!(
        "{}: {} sockets in {rooms} at {} ({}), {talk}{:.0} s after {} s of warm-up",
        setup.scenario,
        grouped(setup.clients as u64),
        setup.target,
        setup.protocol,
        setup.duration,
        setup.warm_up,
    )
}

/// Everything that is worth a row.
pub(crate) fn sections(run: &Run, floor: Option<&Run>) -> Vec<Section> {
    let sections = [
        delivery(run),
        latency(run),
        harm(run),
        rereads(run),
        server(run, floor),
        wire(run),
        generator(run),
    ];
    sections.into_iter().filter(|section| !section.rows.is_empty()).collect()
}

fn delivery(run: &Run) -> Section {
    let account = &run.account;
    let mut section = Section::new("Counted");
    let answered = match account.accepted {
        0 => "which this server does not acknowledge".to_owned(),
        accepted => format!("{} acknowledged", grouped(accepted)),
    };
    section.row("messages sent", grouped(account.sent), answered);
    let whole = if account.received == account.expected { "all of" } else { "of" };
    let expected = format!("{whole} {} (receiver × number)", grouped(account.expected));
    section.row("deliveries", grouped(account.received), expected);
    section.row("lost", grouped(account.lost), good(account.lost == 0));
    section.row("twice", grouped(account.duplicates), good(account.duplicates == 0));
    let late = format!("{} of them came later", grouped(account.late));
    section.row(
        "passed over",
        grouped(account.skipped),
        if account.skipped > 0 { late } else { good(true) },
    );
    for (what, count) in [
        ("altered", account.altered),
        ("acknowledged, then gone", account.vanished),
        ("by itself and in an answer", account.overlaps),
        ("told to do without", account.told),
        ("totals that were wrong", account.wrong_totals),
        ("asked to catch up", account.catch_ups),
        ("never answered", account.unanswered),
    ] {
        if count > 0 {
            section.row(what, grouped(count), "");
        }
    }
    let refused = names(&account.refused);
    section.row("refused", grouped(account.refusals()), refused);
    section.row("connections", grouped(account.connections), "");
    section.row("ended by the server", grouped(account.endings()), names(&account.ended));
    section
}

fn good(good: bool) -> String {
    if good { "as it should be" } else { "" }.to_owned()
}

pub(crate) fn names(counts: &Counts) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let named: Vec<String> = counts
        .iter()
        .take(4)
        .map(|(name, count)| format!("{name} ({})", grouped(**count)))
        .collect();
    named.join(", ")
}

fn latency(run: &Run) -> Section {
    let account = &run.account;
    let mut section = Section::new("From the intended moment, in ms");
    section.is_latency = true;
    let header = PERCENTILES.map(|percentile| match percentile {
        100.0 => format!("{:>9}", "max"),
        percentile => format!("{:>9}", format!("p{percentile}")),
    });
    section.row("", "", header.concat());
    for (what, latency) in latencies(account) {
        section.row(what, grouped(latency.count()), percentiles(latency));
    }
    section
}

/// The latencies that there are, by what they are of.
pub(crate) fn latencies(account: &Account) -> impl Iterator<Item = (&'static str, &Latency)> {
    let all = [
        ("to each receiver", &account.delivery),
        ("to the acknowledgement", &account.acknowledgement),
        ("connected and in the rooms", &account.connect),
        ("back and caught up", &account.comeback),
        ("sent too late by us", &account.lag),
        ("told of the change", &account.rereads.hearing),
        ("read again", &account.rereads.answer),
        ("read too late by us", &account.rereads.late),
        ("shown the sum of all nodes", &account.shown),
    ];
    all.into_iter().filter(|(_, latency)| latency.count() > 0)
}

fn percentiles(latency: &Latency) -> String {
    let values = PERCENTILES.map(|percentile| {
        let value = latency.percentile(percentile).unwrap_or(0.0);
        format!("{:>9}", millis(value))
    });
    values.concat()
}

/// Three digits are what there is.
pub(crate) fn millis(value: f64) -> String {
    match value {
        value if value < 10.0 => format!("{value:.2}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

fn server(run: &Run, floor: Option<&Run>) -> Section {
    let mut section = Section::new("The server");
    let Some(server) = &run.server else { return section };
    let compared = |own: Option<f64>, of: fn(&Run) -> Option<f64>| {
        let floor = floor.and_then(of).filter(|floor| *floor > 0.0);
        let compare =
            |(own, floor): (f64, f64)| format!("{:.2} × the floor ({floor:.2})", own / floor);
        own.zip(floor).map(compare).unwrap_or_default()
    };
    if let Some(cpu) = run.cpu_per_delivery() {
        let ratio = floor_ratio(run, floor);
        let remark = ratio.map(|_| compared(Some(cpu), Run::cpu_per_delivery)).unwrap_or_default();
        section.row("CPU per delivery", format!("{cpu:.2} µs"), remark);
    }
    if run.measured_deliveries() == 0
        && let Some(cpu) = run.cpu_per_connection_second()
    {
        let remark = compared(Some(cpu), Run::cpu_per_connection_second);
        section.row("CPU per idle socket", format!("{cpu:.2} µs/s"), remark);
    }
    let cores = server.measured as f64 / server.elapsed.max(1) as f64;
    section.row("CPU while measured", format!("{cores:.2} cores"), "");
    if let Some(cpu) = run.cpu_per_connection() {
        let remark = compared(Some(cpu), Run::cpu_per_connection);
        section.row("CPU per connection", format!("{cpu:.0} µs"), remark);
    }
    if let Some(memory) = run.memory_per_connection() {
        let remark = compared(Some(memory / 1024.0), |floor| {
            floor.memory_per_connection().map(|memory| memory / 1024.0)
        });
        section.row("memory per connection", format!("{:.1} KiB", memory / 1024.0), remark);
    }
    let mib = |bytes: u64| format!("{:.0} MiB", bytes as f64 / 1_048_576.0);
    let before = format!(
        "{} before, {} with everybody",
        mib(server.memory_before),
        mib(server.memory_connected)
    );
    section.row("memory at the end", mib(server.memory_end), before);
    if let Some(slope) = run.memory_slope() {
        section.row("memory's slope", format!("{:+.1} MiB/h", slope / 1_048_576.0), "");
    }
    section
}

fn wire(run: &Run) -> Section {
    let account = &run.account;
    let mut section = Section::new("The wire");
    section.row("deliveries a second", grouped(run.throughput() as u64), "while measured");
    let per_delivery = run.bytes_per_delivery();
    let compressed = if run.setup.compress { ", compressed" } else { "" };
    let remark = match account.received {
        0 => String::new(),
        _ => format!("{per_delivery:.0} bytes per delivery{compressed}"),
    };
    section.row("from the server", format!("{:.1} MB", account.bytes_in as f64 / 1e6), remark);
    section.row("to the server", format!("{:.1} MB", account.bytes_out as f64 / 1e6), "");
    let many = grouped(account.bringing);
    let together =
        format!("{:.2} deliveries in each of {many} that brought any", account.together());
    section.row("frames", grouped(account.frames), together);
    if account.totals > 0 {
        section.row("totals (presence, typing)", grouped(account.totals), "");
    }
    section
}

fn generator(run: &Run) -> Section {
    let mut section = Section::new("The load tester itself");
    let generator = &run.generator;
    let threads = format!("of its core, the busiest of {} thread(s)", run.setup.threads);
    section.row("busy", format!("{:.0} %", generator.busiest * 100.0), threads);
    let waited = "for a processor that others had";
    section.row("waited", format!("{:.0} %", generator.waited * 100.0), waited);
    if let Some(cpu) = run.own_cpu_per_delivery() {
        section.row("own CPU per delivery", format!("{cpu:.2} µs"), "");
    }
    let sources = match run.setup.sources {
        0 => "from the machine's own address".to_owned(),
        sources => format!("from {sources} address(es)"),
    };
    section.row("file limit", grouped(run.setup.file_limit), sources);
    section
}
