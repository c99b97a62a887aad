//! Slow mode: when somebody may write again in a room. The switch itself is durable; the turns are
//! not: after a restart everyone has a turn.

use std::time::Duration;

use dashmap::DashMap;

use crate::clock::Uptime;
use crate::id::{ClientMessageId, PersonId, RoomId};

/// How many turns are kept before expired ones are dropped.
const REMEMBERED: usize = 10_000;

/// The turns of the rooms in slow mode.
#[derive(Debug, Default)]
pub(super) struct SlowMode {
    /// When the next turn is, and with which message the last one was taken.
    next: DashMap<(RoomId, PersonId), (Uptime, ClientMessageId)>,
}

impl SlowMode {
    /// Takes the person's turn in the room for a message, or returns in how many milliseconds the
    /// next one is. False if the message has taken its turn already: it is sent once more.
    ///
    /// # Errors
    /// The time to wait.
    pub(super) fn take(
        &self,
        room: RoomId,
        person: PersonId,
        message: ClientMessageId,
        seconds: u32,
        now: Uptime,
    ) -> Result<bool, u64> {
        if self.next.len() > REMEMBERED {
            self.next.retain(|_, (next, _)| *next > now);
        }
        let turn = now.after(Duration::from_secs(u64::from(seconds)));
        let mut next = self.next.entry((room, person)).or_insert((now, message));
        let (due, last) = *next;
        // The interval may have been shortened since; nobody waits longer than the present one.
        let wait = due.min(turn).since(now);
        if !wait.is_zero() {
            if last == message {
                return Ok(false);
            }
            return Err(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        }
        *next = (turn, message);
        Ok(true)
    }

    /// Returns the turn after a failure.
    pub(super) fn give_back(&self, room: RoomId, person: PersonId) {
        self.next.remove(&(room, person));
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_message_an_interval() {
        let slow_mode = SlowMode::default();
        let (room, ada) = (RoomId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let now = Uptime(Duration::from_secs(50));
        let take = |message, seconds, now| {
            slow_mode.take(room, ada, ClientMessageId(Uuid::from_u128(message)), seconds, now)
        };
        assert_eq!(take(1, 30, now), Ok(true));
        assert_eq!(take(2, 30, now), Err(30_000));
        assert_eq!(take(1, 30, now), Ok(false), "the same message once more");
        assert_eq!(take(2, 10, now), Err(10_000), "shortened meanwhile");
        assert_eq!(take(2, 30, now.after(Duration::from_secs(30))), Ok(true));
        slow_mode.give_back(room, ada);
        assert_eq!(take(3, 30, now), Ok(true));
    }
}
