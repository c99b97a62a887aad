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
    turns: DashMap<(RoomId, PersonId), Turn>,
}

/// The last turn that somebody took.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// When the next one is.
    next: Uptime,
    /// With which message it was taken; none when it was for a correction.
    message: Option<ClientMessageId>,
    /// Whether that message has been corrected.
    corrected: bool,
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
        self.taken(room, person, Some(message), seconds, now).or_else(|(wait, last)| {
            if last.message == Some(message) { Ok(false) } else { Err(wait) }
        })
    }

    /// Takes the person's turn for another text of their `message`. The first correction of the
    /// message that took the last turn is free: then it is false.
    ///
    /// # Errors
    /// The time to wait.
    pub(super) fn correct(
        &self,
        room: RoomId,
        person: PersonId,
        message: ClientMessageId,
        seconds: u32,
        now: Uptime,
    ) -> Result<bool, u64> {
        self.taken(room, person, None, seconds, now).or_else(|(wait, last)| {
            if last.message != Some(message) || last.corrected {
                return Err(wait);
            }
            self.turns.insert((room, person), Turn { corrected: true, ..last });
            Ok(false)
        })
    }

    /// True if it was the person's turn, or else the time to wait and the last turn.
    fn taken(
        &self,
        room: RoomId,
        person: PersonId,
        message: Option<ClientMessageId>,
        seconds: u32,
        now: Uptime,
    ) -> Result<bool, (u64, Turn)> {
        if self.turns.len() > REMEMBERED {
            self.turns.retain(|_, turn| turn.next > now);
        }
        let next = now.after(Duration::from_secs(u64::from(seconds)));
        let first = Turn { next: now, message, corrected: false };
        let mut turn = self.turns.entry((room, person)).or_insert(first);
        // The interval may have been shortened since; nobody waits longer than the present one.
        let wait = turn.next.min(next).since(now);
        if !wait.is_zero() {
            return Err((u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), *turn));
        }
        *turn = Turn { next, ..first };
        Ok(true)
    }

    /// Returns the turn after a failure.
    pub(super) fn give_back(&self, room: RoomId, person: PersonId) {
        self.turns.remove(&(room, person));
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
    #[test]
    fn the_first_correction_is_free() {
        let slow_mode = SlowMode::default();
        let (room, ada) = (RoomId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(2)));
        let now = Uptime(Duration::from_secs(50));
        let [first, second] = [1, 2].map(|id| ClientMessageId(Uuid::from_u128(id)));
        let correct = |message, now| slow_mode.correct(room, ada, message, 30, now);
        assert_eq!(slow_mode.take(room, ada, first, 30, now), Ok(true));
        assert_eq!(correct(second, now), Err(30_000), "an older message");
        assert_eq!(correct(first, now), Ok(false));
        assert_eq!(correct(first, now), Err(30_000));
        let later = now.after(Duration::from_secs(30));
        assert_eq!(correct(first, later), Ok(true));
        assert_eq!(correct(first, later), Err(30_000), "it took a turn of its own");
        assert_eq!(slow_mode.take(room, ada, second, 30, later), Err(30_000));
    }
}
