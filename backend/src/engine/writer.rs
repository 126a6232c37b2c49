//! The one thread that writes. It takes whatever waits, up to a bound, into one transaction (group
//! commit): while the disk syncs one batch, the next one gathers, so that load makes batches larger and not slower.
//! On a slow disk it waits a little for those whom it has just answered ([`gathering`]).
//!
//! Each operation has a savepoint of its own, so that a bad one fails alone. Nothing is answered before COMMIT
//! has returned. This thread never touches a socket: it hands events to the delivery side over a channel.

mod gathering;

use std::sync::Mutex;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use shared::problem::Problem;
use shared::protocol::Content;
use tokio::sync::{mpsc, oneshot};

use self::gathering::Gathering;
use super::checkpointer::Nudge;
use super::committed::{Batch, Committed};
use super::gate::Gate;
use super::open::OpenError;
use super::search::index::News;
use super::{OVERLOADED_RETRY_MS, STORAGE_RETRY_MS};

/// Operations waiting for the writer before the next is refused as `overloaded`: a few full batches.
const QUEUE: usize = 1_024;

/// Operations in one transaction: bounds what one bad disk moment can hold up, and the pause that a batch makes.
const BATCH: usize = 256;

/// How often the writer looks who has come while it waits for more: less often than they wake it one by one.
const LOOK: Duration = Duration::from_micros(100);

/// Batches committed but not yet delivered before the writer waits for the delivery side.
pub(super) const COMMITS_WAITING: usize = 64;

/// Something to write. The parameters are the fields; time and ids come with them.
pub(super) trait Operation: Send + 'static {
    /// What the caller learns when it is on disk.
    type Output: Send;

    /// Reads and writes within a savepoint; pushes the events that it made.
    fn apply(
        &self,
        log: &Connection,
        committed: &mut Vec<Committed>,
    ) -> Result<Self::Output, Fault>;

    /// Adds what people are to be told of it besides its events.
    fn tell(_: &Self::Output, _: &mut Batch) {}
}

/// Why an operation was not carried out.
#[derive(Debug)]
pub(super) enum Fault {
    /// It may not be.
    Refused(Problem),
    /// SQLite could not.
    Storage(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error)
    }
}

/// The answer to come for one operation.
#[derive(Debug)]
pub struct Receipt<T>(oneshot::Receiver<Result<T, Problem>>);

impl<T> Receipt<T> {
    /// Waits until the operation is on disk, or was refused.
    pub async fn wait(self) -> Result<T, Problem> {
        // The writer answers everything it takes; a lost answer means that its thread is gone.
        self.0.await.unwrap_or(Err(storage_unavailable()))
    }
}

/// The sending side of the writer's queue.
#[derive(Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Order>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Order {
    Work(Box<dyn Work>),
    Stop,
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        commits: mpsc::Sender<Batch>,
        gate: Gate,
        nudge: Nudge,
        news: News,
    ) -> Result<Self, OpenError> {
        let (queue, orders) = mpsc::channel(QUEUE);
        let desk = Desk {
            connection,
            orders,
            commits,
            gate,
            nudge,
            news,
        };
        let thread = thread::Builder::new()
            .name("writer".into())
            .spawn(move || desk.run())
            .map_err(OpenError::Thread)?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Queues an operation, or refuses it at once.
    pub(super) fn submit<O: Operation>(&self, operation: O) -> Result<Receipt<O::Output>, Problem> {
        let (reply, receipt) = oneshot::channel();
        let task = Task {
            operation,
            outcome: None,
            reply,
        };
        match self.queue.try_send(Order::Work(Box::new(task))) {
            Ok(()) => Ok(Receipt(receipt)),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Problem::Overloaded {
                retry_after_ms: OVERLOADED_RETRY_MS,
            }),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(Problem::Draining),
        }
    }

    /// Lets the writer finish what is queued and ends it. Blocks.
    pub(super) fn close(&self) {
        let thread = self.thread.lock().ok().and_then(|mut slot| slot.take());
        let Some(thread) = thread else { return };
        let _ = self.queue.blocking_send(Order::Stop);
        let _ = thread.join();
    }
}

/// An operation with the place to answer to.
struct Task<O: Operation> {
    operation: O,
    outcome: Option<Result<O::Output, Problem>>,
    reply: oneshot::Sender<Result<O::Output, Problem>>,
}

/// [`Task`] without its type.
trait Work: Send {
    fn attempt(&mut self, log: &Connection, committed: &mut Vec<Committed>) -> Result<(), Fault>;
    /// Remembers why it failed, for [`Work::settle`].
    fn refuse(&mut self, problem: Problem);
    /// See [`Operation::tell`]. Called after the commit only.
    fn tell(&self, batch: &mut Batch);
    /// Answers with the outcome. Called after the commit only.
    fn settle(self: Box<Self>);
}

impl<O: Operation> Work for Task<O> {
    fn attempt(&mut self, log: &Connection, committed: &mut Vec<Committed>) -> Result<(), Fault> {
        self.outcome = Some(Ok(self.operation.apply(log, committed)?));
        Ok(())
    }

    fn refuse(&mut self, problem: Problem) {
        self.outcome = Some(Err(problem));
    }

    fn tell(&self, batch: &mut Batch) {
        if let Some(Ok(output)) = &self.outcome {
            O::tell(output, batch);
        }
    }

    fn settle(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or(Err(storage_unavailable()));
        // Whoever asked may be gone; what was stored stays stored.
        let _ = self.reply.send(outcome);
    }
}

/// The writer's thread.
struct Desk {
    connection: Connection,
    orders: mpsc::Receiver<Order>,
    commits: mpsc::Sender<Batch>,
    gate: Gate,
    nudge: Nudge,
    news: News,
}

impl Desk {
    fn run(mut self) {
        let mut batch = Vec::new();
        let mut gathering = Gathering::new(Instant::now());
        while let Some(first) = self.orders.blocking_recv() {
            self.take(Some(first), &mut batch);
            let mut waited = false;
            while gathering.awaits(batch.len(), Instant::now()) && !self.orders.is_closed() {
                waited = true;
                thread::sleep(LOOK);
                let next = self.orders.try_recv().ok();
                self.take(next, &mut batch);
            }
            gathering.begun(batch.len(), waited);
            let count = batch.len();
            let synced = self.commit(&mut batch);
            gathering.answered(count, self.orders.len(), synced, Instant::now());
        }
    }

    /// Moves what waits into the batch, from this one on.
    fn take(&mut self, mut next: Option<Order>, batch: &mut Vec<Box<dyn Work>>) {
        while let Some(order) = next {
            match order {
                Order::Work(work) => batch.push(work),
                // What came before it is still read from the closed queue.
                Order::Stop => self.orders.close(),
            }
            next = (batch.len() < BATCH)
                .then(|| self.orders.try_recv().ok())
                .flatten();
        }
    }

    /// Commits, answers and hands on; returns how long the disk took to sync, which is nothing if it failed.
    fn commit(&mut self, batch: &mut Vec<Box<dyn Work>>) -> Duration {
        let mut committed = Vec::new();
        let writing = self.gate.enter();
        let outcome = transact(&self.connection, batch, &mut committed);
        #[cfg(feature = "failpoints")]
        if outcome.is_ok() {
            crate::failpoints::committed();
        }
        let synced = outcome.unwrap_or_else(|error| {
            tracing::error!(%error, operations = batch.len(), "a commit failed");
            if !self.connection.is_autocommit() {
                let _ = self.connection.execute_batch("ROLLBACK");
            }
            committed.clear();
            for work in batch.iter_mut() {
                work.refuse(storage_unavailable());
            }
            Duration::ZERO
        });
        drop(writing);
        let mut told = Batch {
            events: committed,
            ..Batch::default()
        };
        for work in batch.drain(..) {
            work.tell(&mut told);
            work.settle();
        }
        if !told.is_empty() {
            let destroys = |one: &Committed| matches!(one.event.content, Content::Deleted { .. });
            self.nudge.committed(told.events.iter().any(destroys));
            self.news.committed(told.events.iter().map(|one| one.room));
            // Waits when delivery is behind: the queue then fills and callers hear `overloaded`.
            let _ = self.commits.blocking_send(told);
        }
        synced
    }
}

fn transact(
    connection: &Connection,
    batch: &mut [Box<dyn Work>],
    committed: &mut Vec<Committed>,
) -> rusqlite::Result<Duration> {
    let run = |sql| connection.prepare_cached(sql)?.execute([]).map(drop);
    run("BEGIN IMMEDIATE")?;
    for work in batch {
        let before = committed.len();
        run("SAVEPOINT operation")?;
        if let Err(fault) = work.attempt(connection, committed) {
            committed.truncate(before);
            let problem = match fault {
                Fault::Refused(problem) => problem,
                // SQLite has rolled back everything (a full disk does that): no one's work is stored.
                Fault::Storage(error) if connection.is_autocommit() => return Err(error),
                Fault::Storage(error) => {
                    tracing::error!(%error, "an operation failed");
                    storage_unavailable()
                }
            };
            run("ROLLBACK TO operation")?;
            work.refuse(problem);
        }
        run("RELEASE operation")?;
    }
    let begun = Instant::now();
    run("COMMIT")?;
    Ok(begun.elapsed())
}

fn storage_unavailable() -> Problem {
    Problem::StorageUnavailable {
        retry_after_ms: STORAGE_RETRY_MS,
    }
}

#[cfg(test)]
mod tests;
