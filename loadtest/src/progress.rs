//! A line on the terminal that says how far it is; plain lines, and fewer of them, where nobody
//! looks at a terminal.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::sync::atomic::Ordering;

use crate::board::Board;
use crate::clock::{Nanos, SECOND};

#[derive(Debug)]
pub(crate) struct Progress {
    terminal: bool,
    /// How often something is shown.
    every: Nanos,
    shown: Nanos,
    /// What the line before said, for the rate.
    before: (Nanos, u64),
    doing: String,
}

impl Progress {
    pub(crate) fn new() -> Self {
        let terminal = stderr().is_terminal();
        let every = if terminal { SECOND / 4 } else { 10 * SECOND };
        Self { terminal, every, shown: 0, before: (0, 0), doing: String::new() }
    }

    pub(crate) fn connecting(&mut self, now: Nanos, ready: usize, all: usize) {
        if self.is_due(now, "connecting") {
            self.show(&format!(
                "connecting: {} of {} are in",
                grouped(ready as u64),
                grouped(all as u64)
            ));
        }
    }

    pub(crate) fn playing(&mut self, now: Nanos, doing: &str, until: Nanos, board: &Board) {
        if !self.is_due(now, doing) {
            return;
        }
        let received = board.received.load(Ordering::Relaxed);
        let (then, had) = std::mem::replace(&mut self.before, (now, received));
        let seconds = (now.saturating_sub(then) as f64 / SECOND as f64).max(0.001);
        let rate = if then == 0 { 0.0 } else { (received - had) as f64 / seconds };
        let left = match until {
            Nanos::MAX => String::new(),
            until => format!(", {} s left", until.saturating_sub(now).div_ceil(SECOND)),
        };
        self.show(&format!(
            "{doing}: {} sent, {} delivered, {} a second, {} refused or ended{left}",
            grouped(board.sent.load(Ordering::Relaxed)),
            grouped(received),
            grouped(rate as u64),
            grouped(board.refused.load(Ordering::Relaxed)),
        ));
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if self.terminal {
            // Nothing depends on it.
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }

    fn is_due(&mut self, now: Nanos, doing: &str) -> bool {
        let due = now >= self.shown + self.every || self.doing != doing;
        if due {
            self.shown = now;
            doing.clone_into(&mut self.doing);
        }
        due
    }

    fn show(&self, line: &str) {
        // A closed terminal must not end the run.
        let _ = if self.terminal {
            write!(stderr(), "\r\x1b[K{line}")
        } else {
            writeln!(stderr(), "{line}")
        };
    }
}

/// A number that can be read: 12,000.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
