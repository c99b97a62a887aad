//! The threads that change the event and read it again, over connections that are kept.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use serde_json::json;

use super::Change;
use crate::clock::{Clock, Nanos};
use crate::engine::Slot;
use crate::measure::account::count;
use crate::measure::rereads::Rereads;
use crate::stage::rest::Rest;

/// How many threads there are, over all shares.
const THREADS: usize = 8;
/// How many reads wait for a thread; what is due beyond that waits where it is.
const WAITING: usize = 256;

/// What a thread does next.
enum Job {
    /// The event is changed.
    Change,
    /// Somebody reads it, at their moment.
    Read { number: usize, due: Nanos },
}

/// The threads, as long as there is something to do for them.
pub(super) struct Readers {
    jobs: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
    found: Arc<Mutex<Rereads>>,
}

impl Readers {
    /// Threads of one of so many shares, for a change at this moment.
    pub(super) fn start(plan: &Change, shares: usize, clock: Clock, at: Nanos) -> Self {
        let (jobs, waiting) = sync_channel(WAITING);
        let (waiting, found) = (Arc::new(Mutex::new(waiting)), Arc::default());
        let reader = || {
            let nodes = plan.urls.iter().map(|url| plan.stage.organizer_at(url));
            let nodes = nodes.map(|rest| Node { rest, tag: None }).collect();
            let (plan, found) = (plan.clone(), Arc::clone(&found));
            let reader = Reader { plan, clock, at, nodes, found };
            let waiting = Arc::clone(&waiting);
            thread::spawn(move || reader.run(&waiting))
        };
        let threads = (0..THREADS.div_ceil(shares)).map(|_| reader()).collect();
        Self { jobs: Some(jobs), threads, found }
    }

    /// Has the event changed now.
    pub(super) fn change(&self) {
        let jobs = self.jobs.as_ref();
        // Nothing else waits before the change.
        jobs.map(|jobs| jobs.try_send(Job::Change));
    }

    /// Has somebody read now; false when too many wait.
    pub(super) fn read(&self, number: usize, due: Nanos) -> bool {
        let sent = self.jobs.as_ref().map(|jobs| jobs.try_send(Job::Read { number, due }));
        !matches!(sent, Some(Err(TrySendError::Full(_))))
    }

    /// Nothing more is to be done than what waits.
    pub(super) fn end(&mut self) {
        self.jobs = None;
    }

    /// Whether all is done.
    pub(super) fn are_done(&self) -> bool {
        self.threads.iter().all(JoinHandle::is_finished)
    }

    /// What was found so far.
    pub(super) fn found(&self) -> Rereads {
        lock(&self.found).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Figures are whole after each step, even if a thread has panicked.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A node, and the tag of the event as it was there before the change.
struct Node {
    rest: Rest,
    tag: Option<String>,
}

struct Reader {
    plan: Change,
    clock: Clock,
    at: Nanos,
    nodes: Vec<Node>,
    found: Arc<Mutex<Rereads>>,
}

impl Reader {
    fn run(mut self, waiting: &Mutex<Receiver<Job>>) {
        let path = self.plan.path();
        for node in &mut self.nodes {
            node.tag = node.rest.get_unless(&path, None).ok().and_then(|page| page.tag);
        }
        loop {
            let job = lock(waiting).recv();
            match job {
                Ok(Job::Change) => self.change(&path),
                Ok(Job::Read { number, due }) => self.read(&path, number, due),
                Err(_) => return,
            }
        }
    }

    fn change(&self, path: &str) {
        let description = format!("Changed by the load tester: {}.", Clock::Wall.now());
        let change = json!({ "description": description });
        let organizer = self.plan.urls.first().map(|url| self.plan.stage.organizer_at(url));
        if let Some(Err(error)) = organizer.map(|rest| rest.patch_json(path, &change)) {
            count(&mut lock(&self.found).failed, &format!("the change: {error:#}"));
        }
    }

    fn read(&mut self, path: &str, number: Slot, due: Nanos) {
        let Change { stage, .. } = &self.plan;
        let among = number % self.nodes.len();
        let node = &mut self.nodes[among];
        if let Some(secret) = stage.secrets.get(number) {
            node.rest.sign_in_with(&stage.cookie, secret);
        }
        let begun = self.clock.now();
        let answered = node.rest.get_unless(path, node.tag.as_deref());
        let ended = self.clock.now();
        let mut found = lock(&self.found);
        found.begin(begun.saturating_sub(self.at));
        found.late.record(begun.saturating_sub(due));
        match answered {
            Ok(page) if page.status == 200 => {
                found.done += 1;
                found.answer.record(ended.saturating_sub(due));
            }
            Ok(page) if page.status == 304 => count(&mut found.failed, "it was still the old one"),
            Ok(page) => count(&mut found.failed, &format!("status {}", page.status)),
            Err(ureq::Error::Timeout(_)) => count(&mut found.failed, "no answer in time"),
            Err(error) => count(&mut found.failed, &error.to_string()),
        }
    }
}
