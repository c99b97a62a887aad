//! Tickets for the socket: for clients that have no cookie, good for one hello within a minute.

use std::time::Duration;

use dashmap::DashMap;

use super::sign_in::{Hash, SignIn, hash};
use crate::clock::Timestamp;
use crate::random::Random;

/// How long a ticket is good.
pub const LASTS: Duration = Duration::from_secs(60);
/// How many tickets may be out at once; more are refused until some are used or over.
const OUT: usize = 50_000;

/// The tickets that are out.
#[derive(Debug, Default)]
pub struct Tickets {
    out: DashMap<Hash, (SignIn, Timestamp)>,
}

impl Tickets {
    /// A new ticket for this sign-in; nothing when too many are out.
    pub fn issue(&self, sign_in: SignIn, now: Timestamp, random: &Random) -> Option<String> {
        if self.out.len() >= OUT {
            self.out.retain(|_, (_, until)| *until > now);
        }
        if self.out.len() >= OUT {
            return None;
        }
        let ticket = random.secret();
        self.out.insert(hash(&ticket), (sign_in, now.after(LASTS)));
        Some(ticket)
    }

    /// Whose ticket it is, once.
    pub fn redeem(&self, ticket: &str, now: Timestamp) -> Option<SignIn> {
        let (_, (sign_in, until)) = self.out.remove(&hash(ticket))?;
        (until > now).then_some(sign_in)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{PersonId, SignInId};

    #[test]
    fn a_ticket_is_good_once_and_for_a_minute() {
        let (tickets, random, now) = (Tickets::default(), Random::seeded(1), Timestamp(0));
        let sign_in = SignIn {
            id: SignInId(Uuid::from_u128(1)),
            person: PersonId(Uuid::from_u128(2)),
            guest: false,
        };
        let ticket = tickets.issue(sign_in, now, &random).unwrap();
        assert_eq!(tickets.redeem(&ticket, now), Some(sign_in));
        assert_eq!(tickets.redeem(&ticket, now), None);
        let ticket = tickets.issue(sign_in, now, &random).unwrap();
        assert_eq!(tickets.redeem(&ticket, now.after(LASTS)), None);
    }
}
