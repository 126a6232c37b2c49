//! Moves the write-ahead log into the database file, from a thread of its own: on the writer's
//! thread a slow checkpoint would sit in someone's send (10 ms more in the tail).
//!
//! After a text was destroyed the log is cut, since it has older copies of what was overwritten (S11).

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::gate::Gate;
use super::open::{self, OpenError};

/// Between a commit and the checkpoint after it, while little is written: a few writes to the disk, not one per message.
const CALM: Duration = Duration::from_secs(1);

/// The same while much is written.
const BUSY: Duration = Duration::from_millis(200);

/// Pages in the log at a checkpoint from which on much is being written: 4 MiB.
const BUSY_PAGES: i64 = 1_024;

/// Pages in the log (of 4 KiB: 64 MiB) from which on the writer is held up for the last few of them, so that the log can
/// start anew. Under constant load it would otherwise grow for ever. That takes two fsyncs, in which everybody waits: with
/// half of it they were more than one send in a hundred of 64 senders. A log of this length takes 22 ms to open after a crash.
const RESTART_PAGES: i64 = 16 * 1_024;

/// How long the restart waits for readers that still use the log; the writer waits with it.
const RESTART_WAIT: Duration = Duration::from_millis(100);

/// The thread, and how to wake and end it.
#[derive(Debug)]
pub(super) struct Checkpointer {
    gate: Gate,
    nudge: Nudge,
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

/// How the writer says that there is something to move. It holds one push; a further one means the same.
#[derive(Debug, Clone)]
pub(super) struct Nudge {
    push: SyncSender<()>,
    destroyed: Arc<AtomicBool>,
}

impl Nudge {
    /// One that no thread listens to yet.
    pub(super) fn new() -> (Self, Receiver<()>) {
        let (push, pushed) = sync_channel(1);
        let destroyed = Arc::default();
        (Self { push, destroyed }, pushed)
    }

    /// After a commit. `destroyed`: it overwrote a text, of which the log still has older copies.
    pub(super) fn committed(&self, destroyed: bool) {
        if destroyed {
            self.destroyed.store(true, Ordering::Release);
        }
        let _ = self.push.try_send(());
    }
}

impl Checkpointer {
    pub(super) fn start(file: &Path) -> Result<Self, OpenError> {
        let (nudge, nudged) = Nudge::new();
        let desk = Desk {
            connection: open::checkpointer(file)?,
            gate: Gate::default(),
            destroyed: Arc::clone(&nudge.destroyed),
        };
        desk.connection.busy_timeout(RESTART_WAIT)?;
        let gate = desk.gate.clone();
        let (stop, stopped) = channel();
        // After a crash the log may be full of what was not moved yet, and of texts that were destroyed.
        nudge.committed(true);
        let thread = thread::Builder::new()
            .name("checkpointer".into())
            .spawn(move || desk.run(&nudged, &stopped))
            .map_err(OpenError::Thread)?;
        Ok(Self {
            gate,
            nudge,
            thread: Mutex::new(Some((stop, thread))),
        })
    }

    /// What the writer goes through before each batch.
    pub(super) fn gate(&self) -> Gate {
        self.gate.clone()
    }

    /// What the writer gives a push after each commit.
    pub(super) fn nudge(&self) -> Nudge {
        self.nudge.clone()
    }

    /// Moves what is left and ends the thread. Blocks.
    pub(super) fn close(&self) {
        let slot = self.thread.lock().ok().and_then(|mut slot| slot.take());
        if let Some((stop, thread)) = slot {
            drop(stop);
            self.nudge.committed(false);
            let _ = thread.join();
        }
    }
}

/// The checkpointer's thread.
struct Desk {
    connection: Connection,
    gate: Gate,
    /// The log may have copies of texts that were destroyed.
    destroyed: Arc<AtomicBool>,
}

impl Desk {
    /// Asleep while nothing is written.
    fn run(self, nudged: &Receiver<()>, stopped: &Receiver<()>) {
        // At the start at once: nobody waits for the writer yet.
        let mut pause = Duration::ZERO;
        while self.destroyed.load(Ordering::Acquire) || nudged.recv().is_ok() {
            let last = match stopped.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => false,
                Ok(()) | Err(RecvTimeoutError::Disconnected) => true,
            };
            // What was committed up to here is moved now: a push that came meanwhile says nothing new.
            let _ = nudged.try_recv();
            pause = match self.checkpoint(RESTART_PAGES) {
                Ok(pages) if pages > BUSY_PAGES => BUSY,
                Ok(_) => CALM,
                Err(error) => {
                    tracing::warn!(%error, "a checkpoint failed; the next one takes what it left");
                    CALM
                }
            };
            if last {
                return;
            }
        }
    }

    /// Returns how many pages the log held.
    fn checkpoint(&self, restart_pages: i64) -> rusqlite::Result<i64> {
        let (_, pages) = self.run_pragma("PRAGMA wal_checkpoint(PASSIVE)")?;
        // Nearly everything is moved already, so that this holds the writer up for little.
        if self.destroyed.load(Ordering::Acquire) {
            let _held = self.gate.hold();
            let (is_busy, _) = self.run_pragma("PRAGMA wal_checkpoint(TRUNCATE)")?;
            // If a reader still uses the log: once more after the next pause. The writer is held up, so that nothing
            // is destroyed between the cut and this.
            self.destroyed.store(is_busy, Ordering::Release);
        } else if pages > restart_pages {
            let _held = self.gate.hold();
            self.run_pragma("PRAGMA wal_checkpoint(RESTART)")?;
        }
        Ok(pages)
    }

    /// Whether something kept it from finishing, and how many pages the log held.
    fn run_pragma(&self, sql: &str) -> rusqlite::Result<(bool, i64)> {
        self.connection
            .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use tempfile::TempDir;

    use super::*;

    /// A writer that never rests does not make the log grow without bound.
    #[test]
    fn the_log_starts_anew_under_constant_load() {
        const ROUNDS: u64 = 12;
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("parlance.db");
        let writer = open::writer(&file).unwrap();
        writer.execute_batch("CREATE TABLE t (x TEXT)").unwrap();
        let desk = Desk {
            connection: open::checkpointer(&file).unwrap(),
            gate: Gate::default(),
            destroyed: Arc::default(),
        };
        let (gate, done) = (desk.gate.clone(), &AtomicBool::new(false));
        thread::scope(|scope| {
            let writing = scope.spawn(move || {
                let mut written = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    let _writing = gate.enter();
                    let row = "x".repeat(30_000);
                    writer.execute("INSERT INTO t VALUES (?1)", [row]).unwrap();
                    written += 30_000;
                }
                written
            });
            let begun = Instant::now();
            let mut restarts = 0;
            while restarts < ROUNDS && begun.elapsed() < Duration::from_secs(20) {
                restarts += u64::from(desk.checkpoint(64).unwrap() > 64);
                thread::sleep(Duration::from_millis(5));
            }
            done.store(true, Ordering::Relaxed);
            let written = writing.join().unwrap();
            let log = folder.path().join("parlance.db-wal");
            let size = std::fs::metadata(log).unwrap().len();
            assert_eq!(restarts, ROUNDS);
            assert!(
                size < written / 2,
                "{size} of {written} bytes are in the log"
            );
        });
    }

    /// S11: the log is cut when a text was destroyed, at the latest when the reader that still uses it has ended.
    #[test]
    fn the_log_is_cut_after_a_text_was_destroyed() {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("parlance.db");
        let writer = open::writer(&file).unwrap();
        writer.execute_batch("CREATE TABLE t (x TEXT)").unwrap();
        let destroyed = Arc::new(AtomicBool::new(false));
        let desk = Desk {
            connection: open::checkpointer(&file).unwrap(),
            gate: Gate::default(),
            destroyed: Arc::clone(&destroyed),
        };
        let size = || {
            let log = folder.path().join("parlance.db-wal");
            std::fs::metadata(log).unwrap().len()
        };
        desk.checkpoint(1_000).unwrap();
        assert!(size() > 0, "nothing was destroyed");
        let reader = open::reader(&file).unwrap();
        reader.execute_batch("BEGIN; SELECT * FROM t").unwrap();
        writer.execute_batch("INSERT INTO t VALUES ('x')").unwrap();
        destroyed.store(true, Ordering::Release);
        desk.connection.busy_timeout(RESTART_WAIT).unwrap();
        desk.checkpoint(1_000).unwrap();
        assert!(size() > 0 && destroyed.load(Ordering::Acquire));
        reader.execute_batch("COMMIT").unwrap();
        desk.checkpoint(1_000).unwrap();
        assert!(size() == 0 && !destroyed.load(Ordering::Acquire));
    }
}
