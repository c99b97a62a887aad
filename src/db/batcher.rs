//! Batches concurrent queries: those that arrive while the previous ones are running become one
//! statement, like the log's entries become one transaction. While many arrive, a batch waits a
//! moment for more. So a crowd costs a few statements, and a single query does not wait.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::DbError;
use crate::tasks::Tasks;

/// How many queries one statement answers.
const MAX_BATCH: usize = 128;
/// How long a batch waits for more queries while they arrive fast. A statement costs as much as ten
/// of its rows; at a thousand queries a second this makes a batch of sixteen.
const GATHERING: Duration = Duration::from_millis(16);
/// How many queries may be queued; beyond that their callers wait.
const MAX_QUEUED: usize = 1_024;

struct Asked<Q, A> {
    question: Q,
    answer: oneshot::Sender<A>,
}

/// Batches queries of one kind.
pub struct Batcher<Q, A>(mpsc::Sender<Asked<Q, A>>);

impl<Q, A> fmt::Debug for Batcher<Q, A> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Batcher").finish_non_exhaustive()
    }
}

impl<Q: Send + Clone + 'static, A: Send + 'static> Batcher<Q, A> {
    /// `ask` runs in a task of this name and answers all queries, in their order. Their number is
    /// padded to a power of two by repeating the last one, so that prepared statements are reused.
    pub fn new(
        tasks: &Tasks,
        name: &'static str,
        ask: impl Fn(Vec<Q>) -> BoxFuture<'static, Result<Vec<A>, DbError>> + Send + 'static,
    ) -> Self {
        let (sender, mut receiver) = mpsc::channel::<Asked<Q, A>>(MAX_QUEUED);
        tasks.spawn_worker(name, async move {
            let mut waiting = Vec::new();
            let mut answered_at: Option<Instant> = None;
            while receiver.recv_many(&mut waiting, MAX_BATCH).await > 0 {
                if answered_at.is_some_and(|at| at.elapsed() < GATHERING) {
                    tokio::time::sleep(GATHERING).await;
                    while waiting.len() < MAX_BATCH
                        && let Ok(asked) = receiver.try_recv()
                    {
                        waiting.push(asked);
                    }
                }
                let mut questions: Vec<Q> =
                    waiting.iter().map(|asked: &Asked<Q, A>| asked.question.clone()).collect();
                while !questions.len().is_power_of_two()
                    && let Some(last) = questions.last().cloned()
                {
                    questions.push(last);
                }
                match ask(questions).await {
                    Ok(answers) => {
                        for (asked, answer) in waiting.drain(..).zip(answers) {
                            // The caller may be gone.
                            let _ = asked.answer.send(answer);
                        }
                    }
                    Err(error) => {
                        tracing::error!(%error, queries = waiting.len(), "a batch of queries failed");
                        waiting.clear();
                    }
                }
                answered_at = Some(Instant::now());
            }
        });
        Self(sender)
    }

    /// Adds a query to the next batch and waits for its answer.
    ///
    /// # Errors
    /// When the database does not answer; the log says why.
    pub async fn ask(&self, question: Q) -> Result<A, DbError> {
        let (answer, answered) = oneshot::channel();
        let unanswered = || DbError::Unanswered;
        self.0.send(Asked { question, answer }).await.map_err(|_| unanswered())?;
        answered.await.map_err(|_| unanswered())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::{FutureExt as _, join_all};

    use super::*;
    use crate::tasks::HowEnded;

    #[tokio::test]
    async fn concurrent_queries_are_batched_and_each_gets_its_own_answer() {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let double = Batcher::new(&Tasks::default(), "double", move |numbers: Vec<u32>| {
            count.fetch_add(1, Ordering::SeqCst);
            assert!(numbers.len().is_power_of_two());
            async move { Ok(numbers.into_iter().map(|number| number * 2).collect()) }.boxed()
        });
        let answers = join_all((0..300).map(|number| double.ask(number))).await;
        for (number, answer) in (0..300).zip(answers) {
            assert_eq!(answer.expect("an answer"), number * 2);
        }
        assert!(asked.load(Ordering::SeqCst) <= 4, "{asked:?} statements for 300 questions");
    }

    #[tokio::test]
    async fn a_panic_is_a_failure_and_no_caller_waits_for_ever() {
        let tasks = Tasks::default();
        let ask: Batcher<u32, u32> = Batcher::new(&tasks, "ask", |_| panic!("an answer"));
        for _ in 0..2 {
            assert!(matches!(ask.ask(1).await, Err(DbError::Unanswered)));
        }
        let failed = tasks.failures()[0];
        assert_eq!((failed.name, failed.how), ("ask", HowEnded::Panicked));
    }

    #[tokio::test]
    async fn a_failed_batch_does_not_end_the_batcher() {
        let ask = Batcher::new(&Tasks::default(), "ask", |numbers: Vec<u32>| {
            let bad = numbers.contains(&0);
            let answer = if bad { Err(DbError::Value("0".to_owned())) } else { Ok(numbers) };
            std::future::ready(answer).boxed()
        });
        assert!(matches!(ask.ask(0).await, Err(DbError::Unanswered)));
        assert_eq!(ask.ask(7).await.expect("an answer"), 7);
    }
}
