//! Connections that are opened and dropped again, so that the server takes in and lets go all the
//! time.

use std::collections::VecDeque;

use super::{Attack, Stage, Toll, is_connected};
use crate::clock::{MILLISECOND, Nanos, SECOND};

/// How long a connection is there: long enough to be taken in.
const STAY: Nanos = 20 * MILLISECOND;

/// How many may be there at once, should the dropping not keep up.
const MAX_PARALLEL: usize = 1_000;

pub(super) fn flood(stage: &mut Stage, attack: Attack, rate: f64) -> Toll {
    let mut toll = Toll::default();
    let mut there = VecDeque::new();
    while stage.is_before(attack.to) {
        let now = stage.clock.now();
        while there.front().is_some_and(|(_, since)| now >= since + STAY) {
            if let Some((stream, _)) = there.pop_front() {
                toll.connected += u64::from(is_connected(&stream));
            }
        }
        let due = (now - attack.from) as f64 / SECOND as f64 * rate;
        while (toll.opened as f64) < due && there.len() < MAX_PARALLEL {
            toll.opened += 1;
            there.extend(stage.dial().map(|stream| (stream, now)));
        }
        stage.wait((now + MILLISECOND).min(attack.to));
    }
    toll.connected += there.iter().filter(|(stream, _)| is_connected(stream)).count() as u64;
    toll
}
