//! Moves the write-ahead log into the database file, from a thread of its own: on the writer's
//! thread a slow checkpoint would sit in someone's send (10 ms more in the tail).

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::open::{self, OpenError};

/// Between two looks at whether there is something to move.
const EVERY: Duration = Duration::from_secs(1);

/// Pages in the log (of 4 KiB: 32 MiB) from which on the writer is held up for the last few of them, so
/// that the log can start anew. Under constant load it would otherwise grow for ever.
const RESTART_PAGES: i64 = 8 * 1024;

/// How long the restart waits for readers that still use the log; the writer waits with it.
const RESTART_WAIT: Duration = Duration::from_millis(100);

/// The thread, and what it is told.
#[derive(Debug)]
pub(super) struct Checkpointer {
    dirty: Arc<AtomicBool>,
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

impl Checkpointer {
    pub(super) fn start(file: &Path) -> Result<Self, OpenError> {
        let connection = open::checkpointer(file)?;
        connection.busy_timeout(RESTART_WAIT)?;
        // After a crash the log may be full of what was not moved yet.
        let dirty = Arc::new(AtomicBool::new(true));
        let (stop, stopped) = channel();
        let flag = Arc::clone(&dirty);
        let thread = thread::Builder::new()
            .name("checkpointer".into())
            .spawn(move || run(&connection, &flag, &stopped))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            dirty,
            thread: Mutex::new(Some((stop, thread))),
        })
    }

    /// Raised by the writer after a commit.
    pub(super) fn dirty(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.dirty)
    }

    /// Moves what is left and ends the thread. Blocks.
    pub(super) fn close(&self) {
        let slot = self.thread.lock().ok().and_then(|mut slot| slot.take());
        if let Some((stop, thread)) = slot {
            drop(stop);
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, dirty: &AtomicBool, stop: &Receiver<()>) {
    loop {
        let last = match stop.recv_timeout(EVERY) {
            Err(RecvTimeoutError::Timeout) => false,
            Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
        };
        if dirty.swap(false, Ordering::Relaxed)
            && let Err(error) = checkpoint(connection, RESTART_PAGES)
        {
            tracing::warn!(%error, "a checkpoint failed; the next one takes what it left");
            dirty.store(true, Ordering::Relaxed);
        }
        if last {
            return;
        }
    }
}

fn checkpoint(connection: &Connection, restart_pages: i64) -> rusqlite::Result<()> {
    let pages = pages_in_log(connection, "PRAGMA wal_checkpoint(PASSIVE)")?;
    if pages > restart_pages {
        // Nearly everything is moved already, so that this holds the writer for little.
        pages_in_log(connection, "PRAGMA wal_checkpoint(RESTART)")?;
    }
    Ok(())
}

fn pages_in_log(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.query_row(sql, [], |row| row.get(1))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// What was moved makes room: with no checkpoints the log would have grown with every round.
    #[test]
    fn a_log_that_was_moved_starts_anew() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("parlance.db");
        let writer = open::writer(&file).unwrap();
        writer.execute_batch("CREATE TABLE t (x TEXT)").unwrap();
        let connection = open::checkpointer(&file).unwrap();
        let log = folder.path().join("parlance.db-wal");
        let mut sizes = Vec::new();
        for _ in 0..20 {
            for _ in 0..20 {
                let row = "x".repeat(3_000);
                writer.execute("INSERT INTO t VALUES (?1)", [row]).unwrap();
            }
            checkpoint(&connection, 10).unwrap();
            sizes.push(std::fs::metadata(&log).unwrap().len());
        }
        assert!(sizes[19] <= sizes[0] * 2, "{sizes:?}");
    }
}
