//! Supervised tasks, which the hub cannot do without: each has a name and is expected to run until
//! the hub stops. One that ends earlier, or panics, is recorded and begins the graceful stop:
//! readiness names it, and the hub exits with a failure, to be restarted. A hub that went on
//! without it would look alive and serve nobody.
//!
//! Tasks of one request or one connection use plain `tokio::spawn`.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use futures_util::FutureExt as _;
use parking_lot::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// The supervised tasks of one hub; cheap to clone, passed to everything that starts tasks.
#[derive(Clone, Debug, Default)]
pub struct Tasks(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    stopping: CancellationToken,
    ending: CancellationToken,
    failed: CancellationToken,
    failures: Mutex<Vec<TaskFailed>>,
}

/// A task that ended although the hub needed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the task {name} {how} unexpectedly; this hub must be restarted, see the log")]
pub struct TaskFailed {
    /// Which.
    pub name: &'static str,
    /// How it ended.
    pub how: HowEnded,
}

impl TaskFailed {
    /// The exit status (EX_SOFTWARE of sysexits.h): a bug; restart.
    pub const STATUS: u8 = 70;
}

/// How a task ended unexpectedly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HowEnded {
    /// It returned.
    Returned,
    /// It panicked. The log has the location; the panic's message is recorded nowhere, as it may
    /// contain what a person wrote.
    Panicked,
}

impl fmt::Display for HowEnded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Returned => "ended",
            Self::Panicked => "panicked",
        })
    }
}

impl Tasks {
    /// Starts a task that is expected to run until the graceful stop has begun.
    pub fn spawn<T: Send + 'static>(
        &self,
        name: &'static str,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.start(name, task, |tasks| !tasks.is_stopping())
    }

    /// Starts a task that returns when it can get no more work, for example when its queue's last
    /// sender is gone. Only a panic is unexpected.
    pub fn spawn_worker<T: Send + 'static>(
        &self,
        name: &'static str,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.start(name, task, |_| false)
    }

    fn start<T: Send + 'static>(
        &self,
        name: &'static str,
        task: impl Future<Output = T> + Send + 'static,
        is_needed: fn(&Self) -> bool,
    ) -> JoinHandle<T> {
        let tasks = self.clone();
        tokio::spawn(async move {
            match AssertUnwindSafe(task).catch_unwind().await {
                Ok(outcome) => {
                    if is_needed(&tasks) {
                        tasks.fail(TaskFailed { name, how: HowEnded::Returned });
                    }
                    outcome
                }
                Err(panic) => tasks.panicked(name, panic),
            }
        })
    }

    fn panicked(&self, name: &'static str, panic: Box<dyn Any + Send>) -> ! {
        self.fail(TaskFailed { name, how: HowEnded::Panicked });
        // Whoever awaits the task sees the panic as usual.
        resume_unwind(panic)
    }

    fn fail(&self, failure: TaskFailed) {
        let TaskFailed { name, how } = failure;
        tracing::error!(
            task = name,
            "a task {how} unexpectedly: stopping gracefully, to be restarted"
        );
        self.0.failures.lock().push(failure);
        self.0.failed.cancel();
        self.0.stopping.cancel();
    }

    /// Cancelled when the graceful stop begins, whether requested or by the first failure.
    pub fn stopping(&self) -> &CancellationToken {
        &self.0.stopping
    }

    fn is_stopping(&self) -> bool {
        self.0.stopping.is_cancelled()
    }

    /// Cancelled when all connections are closed and accepted work is committed: the tasks end.
    pub fn ending(&self) -> &CancellationToken {
        &self.0.ending
    }

    /// Waits for the first failure.
    pub async fn failed(&self) {
        self.0.failed.cancelled().await;
    }

    /// The tasks that have failed, in order.
    pub fn failures(&self) -> Vec<TaskFailed> {
        self.0.failures.lock().clone()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    fn failures(tasks: &Tasks) -> Vec<(&'static str, HowEnded)> {
        tasks.failures().iter().map(|failure| (failure.name, failure.how)).collect()
    }

    #[tokio::test]
    async fn a_panic_is_recorded_by_name_and_begins_the_stop() {
        let tasks = Tasks::default();
        let other = tasks.spawn("other", tasks.stopping().clone().cancelled_owned());
        let task = tasks.spawn("broken", async { panic!("a secret") });
        tasks.failed().await;
        assert_eq!(failures(&tasks), [("broken", HowEnded::Panicked)]);
        assert!(!tasks.failures()[0].to_string().contains("secret"));
        assert!(task.await.is_err_and(|error| error.is_panic()));
        other.await.expect("it ends because of the stop");
        assert_eq!(tasks.failures().len(), 1, "what ends while stopping is no failure");
    }

    #[tokio::test]
    async fn an_early_end_is_a_failure_but_not_a_workers() {
        let tasks = Tasks::default();
        let (sender, mut work) = mpsc::channel::<()>(1);
        let worker = tasks.spawn_worker("worker", async move { work.recv().await });
        drop(sender);
        worker.await.expect("an end");
        assert!(tasks.failures().is_empty() && !tasks.is_stopping());
        tasks.spawn("early", async {}).await.expect("an end");
        assert_eq!(failures(&tasks), [("early", HowEnded::Returned)]);
        assert!(tasks.is_stopping());
    }

    #[tokio::test]
    async fn a_task_that_is_aborted_has_not_failed() {
        let tasks = Tasks::default();
        let task = tasks.spawn("aborted", std::future::pending::<()>());
        task.abort();
        assert!(task.await.is_err_and(|error| error.is_cancelled()));
        assert!(tasks.failures().is_empty());
    }

    #[tokio::test]
    async fn a_panic_while_stopping_is_a_failure_too() {
        let tasks = Tasks::default();
        tasks.stopping().cancel();
        let task = tasks.spawn_worker("late", async { panic!("late") });
        assert!(task.await.is_err());
        assert_eq!(failures(&tasks), [("late", HowEnded::Panicked)]);
    }
}
