//! Lets the checkpointer hold the writer up between two batches.
//!
//! SQLite's own lock would do, but who waits for it sleeps and tries again, and a busy writer takes it back in between: measured,
//! the write-ahead log then grew by 90 MB a second.

use std::sync::{Arc, Condvar, Mutex, MutexGuard};

/// The gate that both sides have.
#[derive(Debug, Clone, Default)]
pub(super) struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    writing: bool,
    held: bool,
}

/// While this lives, the writer is in a batch.
#[derive(Debug)]
pub(super) struct Writing<'a>(&'a Gate);

/// While this lives, the writer begins no batch.
#[derive(Debug)]
pub(super) struct Held<'a>(&'a Gate);

impl Gate {
    /// Waits until the gate is not held. For the one writer.
    pub(super) fn enter(&self) -> Writing<'_> {
        self.wait_while(|state| state.held).writing = true;
        Writing(self)
    }

    /// Holds the gate, and waits until the batch that is under way has ended. For the one checkpointer.
    pub(super) fn hold(&self) -> Held<'_> {
        self.lock().held = true;
        drop(self.wait_while(|state| state.writing));
        Held(self)
    }

    fn wait_while(&self, condition: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.0.1.wait_while(self.lock(), |state| condition(state));
        waited.unwrap_or_else(|error| error.into_inner())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing in this file panics while it holds the lock.
        self.0.0.lock().unwrap_or_else(|error| error.into_inner())
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        let held = {
            let mut state = self.0.lock();
            state.writing = false;
            state.held
        };
        // After almost every batch nobody waits, and telling nobody is a call into the kernel all the same.
        if held {
            self.0.0.1.notify_all();
        }
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.lock().held = false;
        self.0.0.1.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn a_writer_that_never_rests_is_held_up_and_goes_on() {
        let (gate, inside, done) = (
            Gate::default(),
            AtomicBool::new(false),
            AtomicBool::new(false),
        );
        thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    let _writing = gate.enter();
                    inside.store(true, Ordering::SeqCst);
                    thread::yield_now();
                    inside.store(false, Ordering::SeqCst);
                }
            });
            for _ in 0..1_000 {
                let _held = gate.hold();
                assert!(!inside.load(Ordering::SeqCst));
            }
            done.store(true, Ordering::SeqCst);
        });
    }
}
