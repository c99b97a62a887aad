//! `hostile`: people listen, and meanwhile others do harm, one thing after the other: a crowd of
//! members breaks off at once; connections are opened and dropped; requests come byte by byte;
//! connections are opened and left at that. What does it do to those who listen?
//!
//! The crowd is in a room of its own in which nobody speaks; those who listen are there, too, so
//! that they are told who has gone. It breaks off first: half-open sockets would find no files left
//! beside it.

use super::talk::{Pace, Talk};
use super::{Act, Scenario, Share};
use crate::attack::{Attack, Kind, Strangers, Toll};
use crate::clock::Nanos;
use crate::crowd::Crowd;
use crate::measure::latency::Latency;
use crate::protocol::Room;
use crate::result::Findings;

/// The parts of the time that is measured, all of one length.
pub(crate) const PARTS: [&str; 5] = ["undisturbed", "teardown", "flood", "slow_heads", "half_open"];

/// By how much later the listeners' messages came in the worst of the disturbed parts: its 99th
/// percentile beside that of the undisturbed one.
pub(crate) const DELAY: &str = "hostile_delay_ms";

/// What is found of each part: latencies in milliseconds, and how many sockets it was done with, and
/// how many of them got through to the server's system.
pub(crate) const P99: &str = "p99_ms";
pub(crate) const MAX: &str = "max_ms";
pub(crate) const SOCKETS: &str = "sockets";
pub(crate) const CONNECTED: &str = "connected";

/// The name of a part's figure.
pub(crate) fn figure(part: &str, of: &str) -> String {
    format!("{part}_{of}")
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Hostile {
    /// Those who listen.
    pub(crate) listeners: usize,
    /// Those who break off.
    pub(crate) crowd: usize,
    pub(crate) pace: Pace,
    /// Connections a second that are opened and dropped.
    pub(crate) flood: f64,
    pub(crate) slow_heads: usize,
    pub(crate) half_open: usize,
}

impl Scenario for Hostile {
    fn rooms(&self) -> usize {
        2
    }

    fn rooms_of(&self, client: usize) -> Vec<Room> {
        if client < self.listeners { vec![0, 1] } else { vec![1] }
    }

    fn strangers(&self) -> usize {
        let most = self.slow_heads.max(self.half_open).max(self.flood as usize);
        most.saturating_sub(self.crowd)
    }

    /// There, the crowd hears what is said, too: the floor has one room. It is not counted.
    fn suits_the_floor(&self) -> bool {
        true
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let listeners = share.clients(self.listeners);
        let talk = Talk::new(0, self.pace, share, (0..listeners).collect());
        let tolls = Vec::new();
        let plan = *self;
        Box::new(Harm { plan, share, talk, listeners, broken: false, strangers: None, tolls })
    }
}

struct Harm {
    plan: Hostile,
    share: Share,
    talk: Talk,
    /// How many of this share listen; the others are the crowd.
    listeners: usize,
    broken: bool,
    strangers: Option<Strangers>,
    /// What became of the attacks, in the order of the parts.
    tolls: Vec<Toll>,
}

impl Harm {
    /// When a part begins, by its place in [`PARTS`].
    fn part(&self, index: usize) -> Nanos {
        let length = (self.share.to - self.share.from) / PARTS.len() as u64;
        self.share.from + length * index as u64
    }

    /// What strangers do, each for four fifths of its part: what the end of it does to the server
    /// belongs to it.
    fn attacks(&self) -> Vec<Attack> {
        let plan = self.plan;
        let kinds = [
            Kind::Flood { rate: plan.flood },
            Kind::SlowHeads { count: plan.slow_heads },
            Kind::HalfOpen { count: plan.half_open },
        ];
        let attack = |(kind, index)| {
            let (from, next) = (self.part(index), self.part(index + 1));
            Attack { kind, from, to: next - (next - from) / 5 }
        };
        kinds.into_iter().zip(2..).map(attack).collect()
    }

    /// Latencies of a part.
    fn latency(&self, crowd: &Crowd, index: usize) -> Latency {
        let mut all = Latency::coarse();
        let (from, to) = (self.part(index), self.part(index + 1));
        let series = crowd.series();
        for (moment, at) in series.moments.iter().zip(0..) {
            if (from..to).contains(&(self.share.from + at * series.step)) {
                all.add(&moment.latency);
            }
        }
        all
    }
}

impl Act for Harm {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        // One share's thread does it for all.
        if self.share.index == 0 && self.strangers.is_none() {
            self.strangers = Some(crowd.attack(self.attacks()));
        }
        let at = self.part(1);
        if !self.broken && now >= at {
            self.broken = true;
            let crowd: Vec<_> =
                (self.listeners..crowd.len()).map(|slot| crowd.dismiss(slot)).collect();
            // Ending thousands of sockets takes a while, in which nobody here would listen.
            std::thread::spawn(move || drop(crowd));
        }
        let next = self.talk.act(crowd, now);
        if self.broken { next } else { next.min(at) }
    }

    fn end(&mut self, _: &mut Crowd) {
        self.tolls = self.strangers.as_mut().map(Strangers::end).unwrap_or_default();
    }

    fn findings(&self, crowd: &mut Crowd) -> Findings {
        let mut findings = Findings::new();
        let latencies: Vec<Latency> =
            (0..PARTS.len()).map(|index| self.latency(crowd, index)).collect();
        for (part, latency) in PARTS.iter().zip(&latencies) {
            for (of, percentile) in [(P99, 99.0), (MAX, 100.0)] {
                let found = latency.percentile(percentile);
                findings.extend(found.map(|found| (figure(part, of), found)));
            }
        }
        let p99: Option<Vec<f64>> =
            latencies.iter().map(|latency| latency.percentile(99.0)).collect();
        if let Some([undisturbed, disturbed @ ..]) = p99.as_deref() {
            let worst = disturbed.iter().copied().fold(f64::MIN, f64::max);
            findings.insert(DELAY.to_owned(), worst - undisturbed);
        }
        findings.insert(figure(PARTS[1], SOCKETS), self.plan.crowd as f64);
        for (part, toll) in PARTS[2..].iter().zip(&self.tolls) {
            findings.insert(figure(part, SOCKETS), toll.opened as f64);
            findings.insert(figure(part, CONNECTED), toll.connected as f64);
        }
        findings
    }
}
