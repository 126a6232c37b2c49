//! A few threads that read, each with a connection of its own. They never wait for the writer, nor it for them.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;

use rusqlite::Connection;
use shared::problem::Problem;
use tokio::sync::oneshot;

use super::open::{self, OpenError};
use super::{OVERLOADED_RETRY_MS, STORAGE_RETRY_MS};

/// Threads: readers mostly wait for memory, more than a few only add switching.
const THREADS: usize = 4;

/// Questions waiting before the next is refused as `overloaded`: a thousand clients that come back at
/// once ask two each.
const QUEUE: usize = 4_096;

type Question = Box<dyn FnOnce(&mut Connection) + Send>;

/// The pool. Its threads end when it is dropped.
#[derive(Debug)]
pub(super) struct Readers {
    queue: SyncSender<Question>,
}

impl Readers {
    pub(super) fn start(
        file: &Path,
        prepare: impl Fn(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Self, OpenError> {
        let (queue, questions) = sync_channel(QUEUE);
        let questions = Arc::new(Mutex::new(questions));
        for number in 0..THREADS {
            let connection = open::reader(file)?;
            prepare(&connection)?;
            let questions = Arc::clone(&questions);
            thread::Builder::new()
                .name(format!("reader {number}"))
                .spawn(move || answer(connection, &questions))
                .map_err(OpenError::Thread)?;
        }
        Ok(Self { queue })
    }

    /// Puts a question to the next free thread.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |connection| {
            // Whoever asked may be gone.
            let _ = reply.send(question(connection));
        });
        match self.queue.try_send(question) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => {
                return Err(Problem::Overloaded {
                    retry_after_ms: OVERLOADED_RETRY_MS,
                });
            }
            Err(TrySendError::Disconnected(_)) => return Err(unavailable()),
        }
        match answer.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => {
                tracing::error!(%error, "a read failed");
                Err(unavailable())
            }
            Err(_) => Err(unavailable()),
        }
    }
}

fn answer(mut connection: Connection, questions: &Mutex<Receiver<Question>>) {
    loop {
        // The lock is held while waiting: one thread waits for the queue, the others for it.
        let next = match questions.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        let Ok(question) = next else { return };
        question(&mut connection);
    }
}

fn unavailable() -> Problem {
    Problem::StorageUnavailable {
        retry_after_ms: STORAGE_RETRY_MS,
    }
}
