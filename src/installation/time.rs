//! The installation's time is its database's: what is stored as a time by one node is compared by
//! others (when a time-out ends, how long a ticket is good), and their machines' clocks may be wrong
//! or be set. Between two looks a hub's clock runs evenly. A SQLite file has no clock; its hub goes by
//! the machine's.
//!
//! It is asked for at the start and every three seconds, so that whatever happens to one machine's
//! clock, even an hour at once, is noticed by nobody.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::{Db, DbError};

/// Differences up to this are no reason to set a clock.
const TOLERANCE: Duration = Duration::from_millis(20);
/// An answer that took longer says too little.
const SLOW: Duration = Duration::from_secs(1);
/// A difference that operators should know of.
const NOTABLE: Duration = Duration::from_secs(2);

/// Sets the hub's clock.
///
/// # Errors
/// When the database does not answer.
pub async fn set_clock(db: &Db, clock: &Clock) -> Result<(), DbError> {
    if clock.machine().is_none() {
        return Ok(());
    }
    let asked = clock.uptime();
    let time = db.time().await?;
    let took = clock.uptime().since(asked);
    let (Some(time), ours) = (time.or(clock.machine()), clock.now()) else { return Ok(()) };
    // It was said half-way.
    let theirs = time.after(took / 2);
    let difference = theirs.since(ours).max(ours.since(theirs));
    if took > SLOW || difference <= took / 2 + TOLERANCE {
        return Ok(());
    }
    if difference > NOTABLE {
        tracing::warn!(?difference, was = ?ours, is = ?theirs, "the hub's clock is set");
    }
    clock.set(theirs);
    Ok(())
}
