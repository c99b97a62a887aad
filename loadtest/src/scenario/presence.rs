//! `presence`: nobody speaks, and connections break and come back all the time. What travels are
//! totals, and in the end they must be right.

use super::churn::Churn;
use super::{Act, Scenario, Share};
use crate::clock::{Nanos, SECOND};
use crate::crowd::Crowd;
use crate::protocol::Room;
use crate::result::Findings;

/// How many people the server said there were in the end.
pub(crate) const TOTAL: &str = "total_said";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Presence {
    pub(crate) clients: usize,
    /// Connections that break a second.
    pub(crate) churn: f64,
}

impl Scenario for Presence {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let churn = Churn::new(share, self.churn, 0, 20 * SECOND);
        Box::new(Coming { churn, people: self.clients as u64 })
    }
}

struct Coming {
    churn: Churn,
    people: u64,
}

impl Act for Coming {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        self.churn.act(crowd, now)
    }

    fn is_settled(&self, crowd: &Crowd) -> bool {
        crowd.people_said(0) == Some(self.people)
    }

    fn findings(&self, crowd: &mut Crowd) -> Findings {
        let said = crowd.people_said(0).unwrap_or(0);
        crowd.account().wrong_totals += u64::from(said != self.people);
        Findings::from([(TOTAL.to_owned(), said as f64)])
    }
}
