//! The installation's time is its database's: times stored by one node are compared by others (when
//! a time-out ends, how long a ticket is valid), and their machines' clocks may be wrong or be set.
//! Between two readings a hub's clock runs evenly. A SQLite file has no clock; its hub uses the
//! machine's.
//!
//! It is read at the start and every three seconds, so that a change of one machine's clock, even
//! by an hour at once, has no effect.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::{Db, DbError};

/// Smaller differences are ignored.
const TOLERANCE: Duration = Duration::from_millis(20);
/// An answer that took longer is too imprecise.
const SLOW: Duration = Duration::from_secs(1);
/// A difference that operators should know about.
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
    // Assume the server answered half-way.
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
