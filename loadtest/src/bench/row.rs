//! A promise beside what was measured.

use std::fmt;

use serde::Serialize;

use crate::progress::grouped;
use crate::report::table::millis;

/// What a figure is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Unit {
    TimesTheFloor,
    Times,
    /// Thousands of bytes.
    Kilobytes,
    Microseconds,
    Milliseconds,
    Seconds,
    /// More or less, in percent.
    PercentMore,
    Count,
}

impl Unit {
    pub(super) fn format(self, value: f64) -> String {
        match self {
            Self::TimesTheFloor => format!("{value:.2} × floor"),
            Self::Times => format!("{value:.2} ×"),
            Self::Kilobytes => format!("{value:.2} KB"),
            Self::Microseconds if value < 10.0 => format!("{value:.2} µs"),
            Self::Microseconds => format!("{value:.0} µs"),
            Self::Milliseconds => format!("{} ms", millis(value)),
            Self::Seconds => format!("{value:.2} s"),
            Self::PercentMore => format!("{value:+.1} %"),
            Self::Count => grouped(value as u64),
        }
    }

    /// A goal, without the digits that nobody asked for.
    fn goal(self, value: f64) -> String {
        match self {
            Self::TimesTheFloor => format!("{value} × floor"),
            Self::Times => format!("{value} ×"),
            Self::Kilobytes => format!("{value} KB"),
            Self::Microseconds => format!("{value} µs"),
            Self::Milliseconds => format!("{value} ms"),
            Self::Seconds => format!("{value} s"),
            Self::PercentMore => format!("+{value} %"),
            Self::Count => format!("{value}"),
        }
    }
}

/// What a figure may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

/// A line of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Row {
    pub(super) what: &'static str,
    /// Nothing where it could not be measured.
    pub(super) measured: Option<f64>,
    pub(super) unit: Unit,
    pub(super) goal: Goal,
    /// The runs that it is from.
    pub(super) runs: &'static [&'static str],
    /// What else there is to know.
    pub(super) remark: String,
}

impl Row {
    /// Whether the promise is kept; one that could not be measured is not.
    pub(super) fn is_kept(&self) -> bool {
        self.measured.is_some_and(|measured| match self.goal {
            Goal::AtMost(most) => measured <= most,
            Goal::AtLeast(least) => measured >= least,
        })
    }

    pub(super) fn verdict(&self) -> &'static str {
        match (self.measured, self.is_kept()) {
            (None, _) => "not measured",
            (_, true) => "kept",
            (_, false) => "BROKEN",
        }
    }

    pub(super) fn measured(&self) -> String {
        self.measured.map_or("–".to_owned(), |measured| self.unit.format(measured))
    }

    pub(super) fn goal(&self) -> String {
        match self.goal {
            Goal::AtMost(0.0) => "0".to_owned(),
            Goal::AtMost(most) => format!("≤ {}", self.unit.goal(most)),
            Goal::AtLeast(least) => format!("≥ {}", self.unit.goal(least)),
        }
    }
}

/// For the terminal.
impl fmt::Display for Row {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (measured, goal) = (self.measured(), self.goal());
        let line = format!("  {:<64}{measured:>14}   {goal:<14} {}", self.what, self.verdict());
        write!(formatter, "{}", line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(measured: Option<f64>, goal: Goal) -> Row {
        let (what, remark) = ("egress", String::new());
        Row { what, measured, unit: Unit::Times, goal, runs: &[], remark }
    }

    #[test]
    fn a_promise_is_kept_at_its_goal_and_broken_beyond_or_unmeasured() {
        for (measured, goal, verdict) in [
            (Some(1.3), Goal::AtMost(1.3), "kept"),
            (Some(1.31), Goal::AtMost(1.3), "BROKEN"),
            (Some(2.5), Goal::AtLeast(2.5), "kept"),
            (Some(2.4), Goal::AtLeast(2.5), "BROKEN"),
            (Some(f64::NAN), Goal::AtMost(1.0), "BROKEN"),
            (None, Goal::AtMost(1.3), "not measured"),
        ] {
            assert_eq!(row(measured, goal).verdict(), verdict, "{measured:?} {goal:?}");
        }
    }

    #[test]
    fn figures_have_their_units() {
        let shown = row(Some(2.5), Goal::AtLeast(2.5));
        assert_eq!((shown.measured(), shown.goal()), ("2.50 ×".to_owned(), "≥ 2.5 ×".to_owned()));
        assert_eq!(Unit::PercentMore.format(3.04), "+3.0 %");
        assert_eq!(Unit::Count.format(12_000.0), "12,000");
    }
}
