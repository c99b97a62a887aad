//! `plenary doctor`: checks the settings, the database, Redis, the disk and the mail server before
//! attendees come, and advises what to do about its findings.

mod database;
mod disk;
mod mail;
mod redis;
mod settings;
mod store;

use std::fmt::Write as _;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::Settings;
use crate::finding::{Finding, Weight};
use crate::registry::Registry;

/// Runs all checks, including those that the capabilities have registered. Leaves nothing behind,
/// and may run beside a serving hub.
pub async fn examine(settings: &Settings, clock: &Clock, hub: &Registry) -> Vec<Finding> {
    let mut findings = settings::examine(settings).await;
    findings.extend(disk::examine(settings));
    findings.extend(database::examine(settings, clock).await);
    findings.extend(redis::examine(settings, clock).await);
    findings.extend(mail::examine(settings).await);
    for check in &hub.checks {
        findings.extend(check(settings, clock).await);
    }
    findings
}

/// Whether there is no problem; warnings are allowed.
pub fn is_healthy(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.weight != Weight::Problem)
}

/// The findings for people: a line each, with the advice below, and a summary at the end.
pub fn report(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { weight, part, found, advice } in findings {
        let weight = match weight {
            Weight::Fine => "fine",
            Weight::Warning => "warning",
            Weight::Problem => "problem",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{weight:<8} {part:<9} {found}");
        if !advice.is_empty() {
            let _ = writeln!(text, "{:<18} → {advice}", "");
        }
    }
    let count = |weight| findings.iter().filter(|finding| finding.weight == weight).count();
    let (problems, warnings) = (count(Weight::Problem), count(Weight::Warning));
    let _ = writeln!(text, "\nproblems: {problems}, warnings: {warnings}");
    text
}

/// The median of several measurements, to ignore one slow moment of the machine.
fn median(mut measured: Vec<Duration>) -> Duration {
    measured.sort();
    measured.get(measured.len() / 2).copied().unwrap_or_default()
}

/// A duration in milliseconds with one decimal.
fn in_millis(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_says_what_to_do_and_sums_up() {
        let findings = [
            Finding::fine("database", "SQLite"),
            Finding::warning("settings", "no TLS", "use a proxy"),
            Finding::problem("disk", "full", "make room"),
        ];
        let text = report(&findings);
        assert!(text.contains("fine     database  SQLite\n"), "{text}");
        assert!(text.contains("problem  disk      full\n"), "{text}");
        assert!(text.contains("→ make room\n"), "{text}");
        assert!(text.ends_with("problems: 1, warnings: 1\n"), "{text}");
        assert!(!is_healthy(&findings));
        assert!(is_healthy(&findings[..2]));
    }

    #[test]
    fn the_median_ignores_one_slow_moment() {
        let millis = |numbers: &[u64]| numbers.iter().copied().map(Duration::from_millis).collect();
        assert_eq!(median(millis(&[900, 1, 2])), Duration::from_millis(2));
        assert_eq!(median(Vec::new()), Duration::ZERO);
    }
}
