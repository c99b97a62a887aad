//! What harm was done, and what became of the listeners' messages meanwhile.

use super::table::{Section, millis};
use crate::progress::grouped;
use crate::result::Run;
use crate::scenario::hostile::{CONNECTED, MAX, P99, PARTS, SOCKETS, figure};

/// A row for each part of `hostile`; none for other scenarios.
pub(super) fn harm(run: &Run) -> Section {
    let mut section = Section::new("While others did harm: 99 of 100 within");
    for part in PARTS {
        let found = |of: &str| run.findings.get(&figure(part, of)).copied();
        let Some(p99) = found(P99) else { continue };
        let most = found(MAX).map(|most| format!("at most {} ms", millis(most)));
        let many = found(SOCKETS).map(|sockets| deed(part, sockets, found(CONNECTED)));
        let remarks: Vec<String> = most.into_iter().chain(many).collect();
        section.row(name(part), format!("{} ms", millis(p99)), remarks.join("; "));
    }
    section
}

fn name(part: &str) -> &'static str {
    match part {
        "teardown" => "a crowd breaks off",
        "flood" => "connections come and go",
        "slow_heads" => "slow requests",
        "half_open" => "half-open connections",
        _ => "undisturbed",
    }
}

fn deed(part: &str, sockets: f64, connected: Option<f64>) -> String {
    let many = grouped(sockets as u64);
    match (part, connected) {
        ("teardown", _) => format!("{many} connections at once"),
        (_, Some(connected)) if connected < sockets => {
            format!("{many} connections, of which {} got through", grouped(connected as u64))
        }
        ("slow_heads", _) => format!("{many} connections, a byte a second"),
        _ => format!("{many} connections"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_row() {
        let mut run = Run::default();
        assert!(harm(&run).rows.is_empty(), "of other scenarios there is nothing to tell");
        for part in PARTS {
            run.findings.insert(figure(part, P99), 12.5);
            run.findings.insert(figure(part, MAX), 80.0);
        }
        run.findings.insert(figure("half_open", SOCKETS), 10_000.0);
        run.findings.insert(figure("half_open", CONNECTED), 9_000.0);
        let rows = harm(&run).rows;
        assert_eq!(rows.len(), PARTS.len());
        assert_eq!((rows[0].what.as_str(), rows[0].value.as_str()), ("undisturbed", "12.5 ms"));
        let told = "at most 80.0 ms; 10,000 connections, of which 9,000 got through";
        assert_eq!(rows[4].remark, told);
    }
}
