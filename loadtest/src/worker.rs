//! One thread with its share of the people: brings them in, plays the scenario, waits for what is
//! still on its way, and counts.

use std::sync::Arc;

use anyhow::Context as _;

use crate::board::Board;
use crate::clock::{Clock, MILLISECOND, Nanos, SECOND, thread_time};
use crate::crowd::{Crowd, Members};
use crate::engine::{self, Engine};
use crate::measure::account::Account;
use crate::measure::process::thread_waited;
use crate::measure::series::Series;
use crate::protocol::{Identity, Protocol};
use crate::result::Findings;
use crate::scenario::{Act, Scenario, Share};

/// How many connections may be on their way at once, so that a server's backlog is not the limit.
pub(crate) const MAX_COMING: usize = 512;

/// What a worker needs to know.
pub(crate) struct Job<'a> {
    pub(crate) scenario: &'a dyn Scenario,
    pub(crate) protocol: Box<dyn Protocol>,
    pub(crate) engine: engine::Settings,
    pub(crate) identities: Vec<Identity>,
    /// How many clients there are over all shares.
    pub(crate) clients: usize,
    pub(crate) index: usize,
    pub(crate) total: usize,
    pub(crate) board: Arc<Board>,
    pub(crate) clock: Clock,
    pub(crate) times: Times,
}

/// How long everything takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// Connections opened a second, over all shares.
    pub(crate) ramp: f64,
    pub(crate) warm_up: Nanos,
    pub(crate) duration: Nanos,
    /// How long to wait for what is on its way at the end.
    pub(crate) settle: Nanos,
}

/// What a worker has counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    pub(crate) account: Account,
    pub(crate) series: Series,
    /// Processor time of the worker while it was measured.
    pub(crate) busy: Nanos,
    /// How long it waited for a processor meanwhile.
    pub(crate) waited: Nanos,
    /// What the scenario has to say.
    pub(crate) findings: Findings,
}

impl Job<'_> {
    pub(crate) fn run(self) -> anyhow::Result<Counted> {
        let Self { scenario, board, times, clock, clients, index, total, .. } = self;
        let seed = self.engine.seed;
        let slots = self.identities.len();
        let engine = Engine::new(self.engine, slots).context("no epoll instance")?;
        let people = self.identities.into_iter();
        let people =
            people.map(|person| (person.clone(), scenario.rooms_of(person.number))).collect();
        let members = Members {
            protocol: self.protocol,
            people,
            rooms: scenario.rooms(),
            board: Arc::clone(&board),
            clock,
            seed,
        };
        let mut crowd = Crowd::new(engine, members);
        let early = scenario.early(clients).min(clients);
        let early = (early + total - 1 - index) / total;
        let start = bring_in(&mut crowd, &board, early, times.ramp / total as f64)?;
        let Some(start) = start else {
            let (account, _) = crowd.finish();
            return Ok(Counted { account, ..Counted::default() });
        };
        let from = start + times.warm_up;
        let share = Share { index, total, start, from, to: from + times.duration };
        crowd.measure(share.from, share.to);
        let mut act = scenario.begin(share);
        let (busy, waited) = play(&mut crowd, act.as_mut(), share, &board)?;
        act.end(&mut crowd);
        let until = crowd.now() + times.settle;
        let settled = |crowd: &Crowd, act: &dyn Act| crowd.is_settled() && act.is_settled(crowd);
        while !settled(&crowd, act.as_ref()) && crowd.now() < until && !board.is_stopped() {
            crowd.turn(crowd.now() + 20 * MILLISECOND)?;
        }
        let findings = act.findings(&mut crowd);
        let (account, series) = crowd.finish();
        Ok(Counted { account, series, busy, waited, findings })
    }
}

/// Everybody comes, at a steady rate; then all wait for the beginning.
fn bring_in(
    crowd: &mut Crowd,
    board: &Board,
    early: usize,
    rate: f64,
) -> anyhow::Result<Option<Nanos>> {
    let first = crowd.now();
    let mut came = 0;
    loop {
        let now = crowd.now();
        if board.is_stopped() {
            return Ok(None);
        }
        if let Some(start) = board.start() {
            return Ok(Some(start));
        }
        let mut due = now + 50 * MILLISECOND;
        while came < early && crowd.coming() < MAX_COMING {
            due = first + (came as f64 / rate * SECOND as f64) as Nanos;
            if due > now {
                break;
            }
            crowd.come(came, due);
            came += 1;
        }
        crowd.turn(due.min(now + 50 * MILLISECOND))?;
    }
}

/// From the beginning to the end of the scenario: processor time used and waited for, measured
/// without the warm-up.
fn play(
    crowd: &mut Crowd,
    act: &mut dyn Act,
    share: Share,
    board: &Board,
) -> anyhow::Result<(Nanos, Nanos)> {
    let mut before = None;
    loop {
        let now = crowd.now();
        if now >= share.to.min(board.end()) || board.is_stopped() {
            let (busy, waited) = before.unwrap_or_else(|| (thread_time(), thread_waited()));
            return Ok((thread_time() - busy, thread_waited().saturating_sub(waited)));
        }
        if before.is_none() && now >= share.from {
            before = Some((thread_time(), thread_waited()));
        }
        let next = act.act(crowd, now);
        let change = if before.is_none() { share.from } else { share.to };
        crowd.turn(next.min(change).min(now + 100 * MILLISECOND))?;
    }
}
