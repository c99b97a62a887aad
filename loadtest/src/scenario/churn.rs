//! People whose connections break at a steady rate, and who come back after a few seconds.

use rand::Rng as _;

use super::{Act, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::{Crowd, State};
use crate::engine::Slot;

#[derive(Debug)]
pub(crate) struct Churn {
    share: Share,
    /// Breaks a second, of this share.
    rate: f64,
    /// The first of those to whom it happens; the others speak.
    first: Slot,
    /// At most how long they are away.
    away: Nanos,
    done: u64,
}

impl Churn {
    pub(crate) fn new(share: Share, rate: f64, first: Slot, away: Nanos) -> Self {
        Self { share, rate: rate / share.total as f64, first, away, done: 0 }
    }
}

impl Act for Churn {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        loop {
            let offset = self.done as f64 / self.rate * SECOND as f64;
            let due = self.share.start.saturating_add(offset as Nanos);
            if self.rate <= 0.0 || due >= self.share.to || self.first >= crowd.len() {
                return Nanos::MAX;
            }
            if due > now {
                return due;
            }
            let all = crowd.len();
            let (slot, away) = {
                let random = crowd.random();
                (random.random_range(self.first..all), random.random_range(0..=self.away))
            };
            if crowd.state(slot) == State::Ready {
                crowd.drop(slot, Some(now + away));
            }
            self.done += 1;
        }
    }
}
