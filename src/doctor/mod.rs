//! `plenary doctor`: looks at the settings, the database, Redis, the disk and the mail server
//! before attendees do, and says what to do about what it finds.

mod database;
mod disk;
mod mail;
mod redis;
mod settings;

use std::fmt::Write as _;
use std::time::Duration;

use crate::clock::Clock;
use crate::config::Settings;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// As it should be.
    Fine,
    /// The hub runs, but not as it should in production.
    Warning,
    /// The hub does not run, or loses something.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub weight: Weight,
    /// Which part: "settings", "database", "redis", "disk", "mail".
    pub part: &'static str,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when it is fine.
    pub advice: String,
}

impl Finding {
    fn fine(part: &'static str, found: impl Into<String>) -> Self {
        Self { weight: Weight::Fine, part, found: found.into(), advice: String::new() }
    }

    fn warning(part: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { weight: Weight::Warning, part, found: found.into(), advice: advice.into() }
    }

    fn problem(part: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { weight: Weight::Problem, part, found: found.into(), advice: advice.into() }
    }
}

/// Looks at everything. Leaves nothing behind, and may run beside a hub that serves.
pub async fn examine(settings: &Settings, clock: &Clock) -> Vec<Finding> {
    let mut findings = settings::examine(settings).await;
    findings.extend(disk::examine(settings));
    findings.extend(database::examine(settings, clock).await);
    findings.extend(redis::examine(settings, clock).await);
    findings.extend(mail::examine(settings).await);
    findings
}

/// Whether nothing is a problem; warnings are none.
pub fn is_healthy(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.weight != Weight::Problem)
}

/// The findings for people: a line each, with the advice below, and a sum at the end.
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

/// The middle of several measurements: one slow moment of the machine says nothing.
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
