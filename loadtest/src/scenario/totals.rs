//! `totals`: again and again every node is given a number to count, and everybody in the room is to
//! be shown the sum of all nodes. How soon is it shown everywhere?

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::json;

use super::{Act, Scenario, Share};
use crate::clock::{Clock, Nanos, SECOND};
use crate::crowd::{Crowd, Heard, News};
use crate::measure::account::{Counts, count};
use crate::protocol::Room;
use crate::result::Findings;
use crate::stage::Stage;
use crate::stage::rest::Rest;

/// How long it took until all sockets were shown the sum, in seconds, at worst; endless if one was
/// not.
pub(crate) const SHOWN: &str = "total_shown_s";
/// How often the nodes were given a number.
pub(crate) const ROUNDS: &str = "total_rounds";
/// How many nodes there were.
pub(crate) const NODES: &str = "total_nodes";

#[derive(Clone, Debug)]
pub(crate) struct Totals {
    pub(crate) clients: usize,
    /// How long everybody has until the next numbers.
    pub(crate) every: Nanos,
    pub(crate) stage: Arc<Stage>,
    /// The nodes' addresses.
    pub(crate) urls: Vec<String>,
}

/// What a node counts in a round: the sum of all is unlike that of any other round, and of numbers
/// of several rounds.
fn counted(round: usize, node: usize) -> u64 {
    (round as u64 + 1) * 1_000 + node as u64
}

fn sum(round: usize, nodes: usize) -> u64 {
    (0..nodes).map(|node| counted(round, node)).sum()
}

impl Scenario for Totals {
    fn rooms(&self) -> usize {
        1
    }

    fn rooms_of(&self, _: usize) -> Vec<Room> {
        vec![0]
    }

    fn begin(&self, share: Share) -> Box<dyn Act> {
        let rounds = usize::try_from((share.to - share.from) / self.every).unwrap_or(0);
        let own = share.clients(self.clients);
        Box::new(Counting {
            nodes: self.urls.len(),
            every: self.every,
            plan: self.clone(),
            share,
            listens: false,
            setter: None,
            shown: (0..rounds).map(|_| vec![None; own]).collect(),
        })
    }
}

struct Counting {
    nodes: usize,
    every: Nanos,
    plan: Totals,
    share: Share,
    listens: bool,
    setter: Option<Setter>,
    /// For each round, how long it took until each socket was shown the sum.
    shown: Vec<Vec<Option<Nanos>>>,
}

impl Counting {
    fn round_begins(&self, round: usize) -> Nanos {
        self.share.from + self.every * round as u64
    }

    fn hear(&mut self, heard: Heard) {
        let News::Counted(told) = heard.news else { return };
        let round = (0..self.shown.len()).find(|round| sum(*round, self.nodes) == told);
        let Some(round) = round else { return };
        let begins = self.round_begins(round);
        if (begins..begins + self.every).contains(&heard.at) {
            self.shown[round][heard.slot].get_or_insert(heard.at - begins);
        }
    }
}

impl Act for Counting {
    fn act(&mut self, crowd: &mut Crowd, now: Nanos) -> Nanos {
        if !self.listens {
            crowd.listen();
            // One share's thread does it for all.
            let rounds = (0..self.shown.len()).map(|round| self.round_begins(round)).collect();
            let starts =
                (self.share.index == 0).then(|| Setter::start(&self.plan, crowd.clock(), rounds));
            (self.setter, self.listens) = (starts, true);
        }
        crowd.take_heard().into_iter().for_each(|heard| self.hear(heard));
        now + SECOND
    }

    fn end(&mut self, _: &mut Crowd) {
        self.setter.iter_mut().for_each(Setter::end);
    }

    fn is_settled(&self, _: &Crowd) -> bool {
        self.setter.as_ref().is_none_or(Setter::is_done)
    }

    fn findings(&self, crowd: &mut Crowd) -> Findings {
        let account = crowd.account();
        if let Some(setter) = &self.setter {
            let failed = setter.failed.lock().unwrap_or_else(PoisonError::into_inner);
            for (why, many) in failed.iter() {
                *account.refused.entry(why.clone()).or_default() += many;
            }
        }
        let all = self.shown.iter().flatten();
        all.clone().flatten().for_each(|took| account.shown.record(*took));
        let missing = all.clone().filter(|took| took.is_none()).count();
        account.wrong_totals += missing as u64;
        let worst = all.flatten().max().map(|took| *took as f64 / SECOND as f64);
        let worst = if missing > 0 { Some(f64::MAX) } else { worst };
        let always = [(ROUNDS, self.shown.len() as f64), (NODES, self.nodes as f64)];
        let found = worst.map(|worst| (SHOWN, worst)).into_iter().chain(always);
        found.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// The thread that tells the nodes what to count, at the beginning of every round.
struct Setter {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
    failed: Arc<Mutex<Counts>>,
}

impl Setter {
    fn start(plan: &Totals, clock: Clock, rounds: Vec<Nanos>) -> Self {
        let (stop, stopped) = channel();
        let failed = Arc::default();
        let nodes = plan.urls.iter().map(|url| plan.stage.organizer_at(url)).collect();
        let path = format!("/events/{}/load-test/count", plan.stage.event);
        let channel = plan.stage.channels.first().cloned().unwrap_or_default();
        let counting = Nodes { nodes, path, channel, failed: Arc::clone(&failed) };
        let play = move || counting.play(clock, &rounds, &stopped);
        Self { stop: Some(stop), thread: Some(thread::spawn(play)), failed }
    }

    /// Whether the nodes count nothing any more.
    fn is_done(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn end(&mut self) {
        self.stop = None;
    }
}

/// The nodes that count, and where.
struct Nodes {
    nodes: Vec<Rest>,
    path: String,
    channel: String,
    failed: Arc<Mutex<Counts>>,
}

impl Nodes {
    fn play(&self, clock: Clock, rounds: &[Nanos], stopped: &Receiver<()>) {
        for (round, begins) in rounds.iter().enumerate() {
            let wait = Duration::from_nanos(begins.saturating_sub(clock.now()));
            if stopped.recv_timeout(wait) != Err(RecvTimeoutError::Timeout) {
                break;
            }
            for (number, node) in self.nodes.iter().enumerate() {
                self.count_at(node, counted(round, number));
            }
        }
        // Until the end is told; then nothing of it stays.
        let _ = stopped.recv();
        self.nodes.iter().for_each(|node| self.count_at(node, 0));
    }

    fn count_at(&self, node: &Rest, number: u64) {
        let body = json!({ "channel": self.channel, "count": number });
        if let Err(error) = node.put_json(&self.path, &body) {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            count(&mut failed, &format!("{error:#}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NODE_COUNT: usize = 3;

    fn counting(every: Nanos) -> Counting {
        let plan = Totals {
            clients: 2,
            every,
            stage: Arc::default(),
            urls: vec![String::new(); NODE_COUNT],
        };
        let share = Share { index: 0, total: 1, start: 0, from: 100, to: 100 + 2 * every };
        let shown = vec![vec![None; 2]; 2];
        Counting { nodes: NODE_COUNT, every, plan, share, listens: true, setter: None, shown }
    }

    #[test]
    fn only_the_sum_of_the_round_counts_and_only_in_time() {
        let mut counting = counting(1_000);
        let old_and_new = counted(0, 0) + counted(1, 1) + counted(1, 2);
        for (slot, at, told) in [
            (0, 150, sum(0, NODE_COUNT) - 1),
            (0, 300, sum(0, NODE_COUNT)),
            (0, 400, sum(0, NODE_COUNT)),
            (1, 1_150, sum(0, NODE_COUNT)),
            (0, 1_200, old_and_new),
            (1, 1_300, sum(1, NODE_COUNT)),
        ] {
            counting.hear(Heard { slot, at, news: News::Counted(told) });
        }
        assert_eq!(counting.shown, [[Some(200), None], [None, Some(200)]]);
    }

    #[test]
    fn sums_of_rounds_and_of_parts_of_them_are_all_different() {
        let mut sums = std::collections::BTreeSet::new();
        for round in 0..50 {
            assert!(sums.insert(sum(round, NODE_COUNT)), "{round}");
            let partly = sum(round, NODE_COUNT - 1);
            assert!(!sums.contains(&partly), "{round}: without the last");
        }
    }
}
