//! `change`: an organizer changes the event, and everybody is told. Each reads it again at a moment
//! of their own within the time that they were told, as browsers do. Are the reads spread over it,
//! and what becomes of the talk meanwhile?

mod readers;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use self::readers::Readers;
use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::clock::{MILLISECOND, Nanos, SECOND};
use crate::crowd::{Crowd, Heard, News};
use crate::engine::Slot;
use crate::measure::latency::Latency;
use crate::measure::rereads::Rereads;
use crate::protocol::Room;
use crate::result::Findings;
use crate::stage::Stage;

/// The messages' 99th percentile before the change, and while it was read again.
pub(crate) const BEFORE: &str = "messages_p99_before_ms";
pub(crate) const MEANWHILE: &str = "messages_p99_meanwhile_ms";

/// How soon it is tried again when too many reads wait for a thread.
const AGAIN: Nanos = MILLISECOND;

#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) clients: usize,
    pub(crate) pace: Pace,
    /// How long it is measured before the change.
    pub(crate) lead: Nanos,
    pub(crate) seed: u64,
    pub(crate) stage: Arc<Stage>,
    /// The nodes' addresses.
    pub(crate) urls: Vec<String>,
}

impl Change {
    /// Where the event is read.
    fn path(&self) -> String {
        format!("/events/{}", self.stage.event)
    }
}

/// The moment at which somebody reads who was told so then: the same in every run with this seed.
fn moment(seed: u64, number: usize, told: Nanos, within: Nanos) -> Nanos {
    let mut random = StdRng::seed_from_u64(seed ^ ((number as u64) << 20));
    told.saturating_add(random.random_range(0..=within))
}

impl Scenario for Change {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let own = share.clients(self.clients);
        Box::new(Changing {
            plan: self.clone(),
            share,
            talk: Talk::new(0, self.pace, share, (0..own).collect()),
            at: share.from + self.lead,
            changed: false,
            readers: None,
            told: vec![false; own],
            due: BinaryHeap::new(),
            heard: Rereads { expected: own as u64, ..Rereads::default() },
        })
    }
}

struct Changing {
    plan: Change,
    share: Share,
    talk: Talk,
    /// When the event changes.
    at: Nanos,
    changed: bool,
    readers: Option<Readers>,
    /// Who was told.
    told: Vec<bool>,
    /// Who is to read, and when.
    due: BinaryHeap<Reverse<(Nanos, Slot)>>,
    /// What was heard of the change.
    heard: Rereads,
}

impl Changing {
    /// Somebody is told, and chooses a moment.
    fn hear(&mut self, heard: Heard, number: usize) {
        let News::Changed { within } = heard.news else { return };
        if heard.at < self.at || std::mem::replace(&mut self.told[heard.slot], true) {
            return;
        }
        self.heard.told += 1;
        self.heard.within_ms = self.heard.within_ms.max(within / MILLISECOND);
        self.heard.hearing.record(heard.at - self.at);
        let moment = moment(self.plan.seed, number, heard.at, within);
        self.due.push(Reverse((moment, heard.slot)));
    }

    /// Hands over the reads whose moment has come; when there is something to hand over next.
    fn read(&mut self, crowd: &Crowd, now: Nanos) -> Nanos {
        let Some(readers) = &self.readers else { return Nanos::MAX };
        while let Some(&Reverse((due, slot))) = self.due.peek() {
            if due > now {
                return due;
            }
            if !readers.read(crowd.number(slot), due) {
                return now + AGAIN;
            }
            self.due.pop();
        }
        Nanos::MAX
    }

    /// The messages' 99th percentile between two moments.
    fn messages(&self, crowd: &Crowd, (from, to): (Nanos, Nanos)) -> Option<f64> {
        let mut all = Latency::coarse();
        let series = crowd.series();
        for (moment, at) in series.moments.iter().zip(0..) {
            let begins = self.share.from + at * series.step;
            if begins + series.step > from && begins < to {
                all.add(&moment.latency);
            }
        }
        all.percentile(99.0)
    }
}

impl Act for Changing {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        if self.readers.is_none() {
            crowd.listen();
            let readers = Readers::start(&self.plan, self.share.total, crowd.clock(), self.at);
            self.readers = Some(readers);
        }
        if !self.changed && now >= self.at {
            self.changed = true;
            // One share's thread does it for all.
            let readers = self.readers.as_ref().filter(|_| self.share.index == 0);
            readers.inspect(|readers| readers.change());
        }
        for heard in crowd.take_heard() {
            self.hear(heard, crowd.number(heard.slot));
        }
        let next = self.talk.act(crowd, now).min(self.read(crowd, now));
        if self.changed { next } else { next.min(self.at) }
    }

    fn end(&mut self, _: &mut Crowd) {
        self.readers.as_mut().map(Readers::end);
    }

    fn is_settled(&self, _: &Crowd) -> bool {
        self.readers.as_ref().is_none_or(Readers::are_done)
    }

    fn findings(&self, crowd: &mut Crowd) -> Findings {
        let within = self.heard.within_ms.saturating_mul(MILLISECOND);
        let before = (self.share.from, self.at.saturating_sub(SECOND));
        let parts = [(BEFORE, before), (MEANWHILE, (self.at, self.at + within))];
        let p99 = parts.map(|(name, part)| (name.to_owned(), self.messages(crowd, part)));
        let rereads = &mut crowd.account().rereads;
        rereads.add(&self.heard);
        self.readers.iter().for_each(|readers| rereads.add(&readers.found()));
        p99.into_iter().filter_map(|(name, p99)| Some((name, p99?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_spread_over_the_time_that_was_told_and_repeat_with_the_seed() {
        let within = 12 * SECOND;
        let moments = |seed| (0..12_000).map(move |number| moment(seed, number, SECOND, within));
        let mut reads = Rereads { within_ms: 12_000, ..Rereads::default() };
        moments(1).for_each(|moment| reads.begin(moment - SECOND));
        assert!(moments(1).all(|moment| (SECOND..=SECOND + within).contains(&moment)));
        let busiest = reads.busiest().expect("reads");
        assert!((1.0..1.25).contains(&busiest), "{busiest}");
        assert!(moments(1).eq(moments(1)) && !moments(1).eq(moments(2)));
    }

    #[test]
    fn who_is_told_twice_reads_once() {
        let plan = Change {
            clients: 2,
            pace: Pace { rate: 1.0, senders: 1, bytes: 10 },
            lead: 0,
            seed: 1,
            stage: Arc::default(),
            urls: Vec::new(),
        };
        let share = Share { index: 0, total: 1, start: 0, from: 10, to: 20 };
        let talk = Talk::new(0, plan.pace, share, vec![0]);
        let mut changing = Changing {
            plan,
            share,
            talk,
            at: 10,
            changed: true,
            readers: None,
            told: vec![false; 2],
            due: BinaryHeap::new(),
            heard: Rereads::default(),
        };
        let news = News::Changed { within: 250 * MILLISECOND };
        // The first was told of an earlier change.
        for (slot, at) in [(0, 9), (1, 11), (1, 12), (0, 13)] {
            changing.hear(Heard { slot, at, news }, slot);
        }
        changing.hear(Heard { slot: 0, at: 14, news: News::Counted(3) }, 0);
        assert_eq!((changing.heard.told, changing.heard.within_ms), (2, 250));
        assert_eq!(changing.due.len(), 2);
    }
}
