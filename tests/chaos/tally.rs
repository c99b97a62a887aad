//! The counters of what happened.

use std::fmt;

/// What happened in a plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Messages acknowledged.
    pub sent: usize,
    /// Edits acknowledged.
    pub edited: usize,
    /// Deletions acknowledged.
    pub deleted: usize,
    /// Times that somebody was timed out or banned.
    pub silenced: usize,
    /// Operations that were refused.
    pub refused: usize,
    /// Operations that were repeated, because there was no answer or a temporary refusal.
    pub repeated: usize,
    /// Edits whose earlier, unanswered attempt arrived after a later edit.
    pub overtaken: usize,
    /// Connections opened.
    pub connected: usize,
    /// Hubs killed.
    pub killed: usize,
    /// Hubs restarted gracefully.
    pub restarted: usize,
    /// Hubs frozen for a while.
    pub paused: usize,
    /// Things done to Redis.
    pub redis: usize,
    /// Things done to connections between hubs and servers.
    pub cuts: usize,
    /// Restarts and crashes of the database.
    pub database: usize,
    /// Gaps that clients were told of and filled, on reconnecting or in between.
    pub gaps: usize,
    /// Times that a client was told to start afresh.
    pub resets: usize,
}

impl Tally {
    /// Adds another tally.
    pub fn add(&mut self, other: &Tally) {
        for (own, more) in self.fields().into_iter().zip(other.to_owned().fields()) {
            *own.1 += *more.1;
        }
    }

    fn fields(&mut self) -> [(&'static str, &mut usize); 16] {
        [
            ("sent", &mut self.sent),
            ("edited", &mut self.edited),
            ("deleted", &mut self.deleted),
            ("silenced", &mut self.silenced),
            ("refused", &mut self.refused),
            ("asked again", &mut self.repeated),
            ("overtaken", &mut self.overtaken),
            ("connections", &mut self.connected),
            ("hubs killed", &mut self.killed),
            ("restarted", &mut self.restarted),
            ("paused", &mut self.paused),
            ("blows to Redis", &mut self.redis),
            ("to connections", &mut self.cuts),
            ("to the database", &mut self.database),
            ("gaps told", &mut self.gaps),
            ("resets", &mut self.resets),
        ]
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut own = *self;
        for (index, (name, count)) in own.fields().into_iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(formatter, "{comma}{count} {name}")?;
        }
        Ok(())
    }
}
