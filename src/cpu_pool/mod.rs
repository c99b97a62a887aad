//! Work that keeps a core busy for long: hashing passwords, decoding pictures.
//!
//! It has a few threads of its own, so that it delays no message, and one core fewer than the machine
//! has, so that it leaves one to the rest of the hub even when strangers ask for more of it than all
//! cores could do. Work waits by who asks for it and is taken in turn: whoever asks for much waits for
//! themselves. The threads stay, and with them the memory that they work in.

mod queue;

use std::any::Any;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};
use tokio::sync::oneshot;

use queue::FairQueue;

/// The most threads, however many cores there are: each keeps the memory of a password hash.
const MAX_THREADS: usize = 4;
/// How much may wait; what is more is refused, first of all to those of whom most is waiting.
const MAX_WAITING: usize = 100;
/// How much more willingly than the rest of the hub the threads give up their core (`nice`).
const NICENESS: i32 = 5;

/// Why work was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDone {
    /// Too much is waiting already.
    #[error("too much is waiting")]
    Busy,
    /// It panicked, which is a mistake of ours.
    #[error("it panicked")]
    Panicked,
}

type Work = Box<dyn FnOnce() + Send>;

/// The threads and what waits for them; cheap to clone. They end with the last clone.
#[derive(Clone, Debug)]
pub struct CpuPool(Arc<Handle>);

#[derive(Debug)]
struct Handle(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most_threads: usize,
    state: Mutex<State>,
    arrived: Condvar,
}

#[derive(Debug)]
struct State {
    waiting: FairQueue<IpAddr, Work>,
    threads: usize,
    idle: usize,
    closed: bool,
}

impl CpuPool {
    /// A pool of this many threads, which start when they are needed.
    pub fn new(threads: usize) -> Self {
        let waiting = FairQueue::new(MAX_WAITING);
        let state = State { waiting, threads: 0, idle: 0, closed: false };
        let (most_threads, arrived) = (threads, Condvar::new());
        Self(Arc::new(Handle(Arc::new(Shared { most_threads, state: Mutex::new(state), arrived }))))
    }

    /// A pool that leaves a core of this machine to others, if it has several.
    pub fn of_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::new((cores - 1).clamp(1, MAX_THREADS))
    }

    /// Does this work in its turn. `asker` is the network address that it is done for. A caller that
    /// gives up before the work has begun has it left undone.
    ///
    /// # Errors
    /// See [`NotDone`].
    pub async fn run<T: Send + 'static>(
        &self,
        asker: IpAddr,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let (sender, receiver) = oneshot::channel();
        let work = move || {
            if !sender.is_closed() {
                // Nobody may be waiting any more.
                let _ = sender.send(catch_unwind(AssertUnwindSafe(work)));
            }
        };
        self.0.0.push(asker, Box::new(work))?;
        let result: Result<T, Box<dyn Any + Send>> = receiver.await.map_err(|_| NotDone::Busy)?;
        result.map_err(|_| NotDone::Panicked)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.state.lock().closed = true;
        self.0.arrived.notify_all();
    }
}

impl Shared {
    fn push(self: &Arc<Self>, asker: IpAddr, work: Work) -> Result<(), NotDone> {
        let mut state = self.state.lock();
        // What has to give way is dropped, and whoever waits for it hears of it.
        state.waiting.push(asker, work).map_err(|_| NotDone::Busy)?;
        if state.idle == 0 && state.threads < self.most_threads {
            let shared = Arc::clone(self);
            let thread = std::thread::Builder::new().name("cpu-pool".to_owned());
            match thread.spawn(move || shared.work()) {
                Ok(_) => state.threads += 1,
                Err(error) if state.threads == 0 => {
                    tracing::error!(%error, "no thread can be started");
                    state.waiting.clear();
                }
                // The others do it.
                Err(_) => {}
            }
        }
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    fn work(&self) {
        // Only a preference.
        let _ = rustix::process::setpriority_process(None, NICENESS);
        let mut state = self.state.lock();
        loop {
            if let Some(work) = state.waiting.pop() {
                drop(state);
                work();
                state = self.state.lock();
            } else if state.closed {
                return;
            } else {
                state.idle += 1;
                self.arrived.wait(&mut state);
                state.idle -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    const ATTACKER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const PERSON: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    /// Keeps the pool's only thread busy until the sender is dropped.
    async fn occupy(pool: &CpuPool) -> mpsc::Sender<()> {
        let (sender, receiver) = mpsc::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let work = move || {
            let _ = begun.send(());
            let _ = receiver.recv();
        };
        let pool = pool.clone();
        tokio::spawn(async move { pool.run(ATTACKER, work).await });
        has_begun.await.expect("it begins");
        sender
    }

    /// Has something wait for its turn; the order in which all end is told to `ended`.
    async fn wait(
        pool: &CpuPool,
        asker: IpAddr,
        name: usize,
        ended: &mpsc::Sender<usize>,
    ) -> tokio::task::JoinHandle<Result<(), NotDone>> {
        let before = pool.0.0.state.lock().waiting.len();
        let (own, ended) = (pool.clone(), ended.clone());
        let task = tokio::spawn(async move {
            own.run(asker, move || ended.send(name).expect("the test listens")).await
        });
        while pool.0.0.state.lock().waiting.len() == before && !task.is_finished() {
            tokio::task::yield_now().await;
        }
        task
    }

    #[tokio::test]
    async fn who_asks_for_much_waits_for_themselves() {
        let pool = CpuPool::new(1);
        let busy = occupy(&pool).await;
        let (ended, order) = mpsc::channel();
        let mut tasks = Vec::new();
        for name in 0..5 {
            tasks.push(wait(&pool, ATTACKER, name, &ended).await);
        }
        tasks.push(wait(&pool, PERSON, 100, &ended).await);
        drop(busy);
        for task in tasks {
            task.await.expect("no panic").expect("done");
        }
        drop(ended);
        assert_eq!(order.iter().collect::<Vec<_>>(), [0, 100, 1, 2, 3, 4]);
    }

    #[tokio::test]
    async fn a_full_queue_still_takes_the_work_of_others() {
        let pool = CpuPool::new(1);
        let busy = occupy(&pool).await;
        let (ended, order) = mpsc::channel();
        let mut tasks = Vec::new();
        for name in 0..MAX_WAITING {
            tasks.push(wait(&pool, ATTACKER, name, &ended).await);
        }
        assert_eq!(pool.run(ATTACKER, || ()).await, Err(NotDone::Busy));
        let (own, person_ended) = (pool.clone(), ended.clone());
        let person = tokio::spawn(async move {
            own.run(PERSON, move || person_ended.send(1_000).expect("the test listens")).await
        });
        let given_way = tasks.pop().expect("the newest").await.expect("no panic");
        assert_eq!(given_way, Err(NotDone::Busy));
        drop(busy);
        person.await.expect("no panic").expect("done");
        assert_eq!(order.recv(), Ok(0));
        assert_eq!(order.recv(), Ok(1_000));
    }

    #[tokio::test]
    async fn a_panic_harms_nobody_else_and_what_nobody_waits_for_is_left_undone() {
        let pool = CpuPool::new(1);
        assert_eq!(pool.run(PERSON, || panic!("on purpose")).await, Err(NotDone::Panicked));
        let busy = occupy(&pool).await;
        let (ended, order) = mpsc::channel();
        let given_up = wait(&pool, PERSON, 1, &ended).await;
        given_up.abort();
        assert!(given_up.await.expect_err("aborted").is_cancelled());
        drop(busy);
        assert_eq!(pool.run(PERSON, || 7).await, Ok(7));
        drop(ended);
        assert_eq!(order.iter().count(), 0);
    }

    #[tokio::test]
    async fn the_threads_end_with_the_pool() {
        let pool = CpuPool::new(2);
        pool.run(PERSON, || ()).await.expect("done");
        let shared = Arc::downgrade(&pool.0.0);
        drop(pool);
        while shared.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
