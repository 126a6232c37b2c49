//! A runtime whose time stands still until it is moved, and which says when nothing is left to do.
//!
//! The engine's threads are real. So a world waits for every answer before it goes on, and decides nothing by what it finds on
//! the way: that is what makes it repeatable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::Notify;

/// Real time after which a world that does not come to rest is given up.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Default)]
pub(crate) struct Clockwork {
    idle: Arc<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    asked: AtomicBool,
    reached: Notify,
}

impl Clockwork {
    /// Runs a world to its end.
    pub(crate) fn run<T>(world: impl AsyncFnOnce(Clockwork) -> T) -> T {
        let clockwork = Clockwork::default();
        let idle = Arc::clone(&clockwork.idle);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .on_thread_park(move || {
                if idle.asked.swap(false, Ordering::AcqRel) {
                    idle.reached.notify_one();
                }
            })
            .build()
            .unwrap();
        runtime.block_on(async {
            // While a blocking task runs, tokio does not move the paused time by itself.
            let (end, ended) = mpsc::channel::<()>();
            let holds_the_time = tokio::task::spawn_blocking(move || ended.recv_timeout(PATIENCE));
            tokio::select! {
                outcome = world(clockwork) => {
                    drop(end);
                    outcome
                }
                _ = holds_the_time => panic!("it does not come to rest"),
            }
        })
    }

    /// Waits until every task waits. The engine may still be at work.
    pub(crate) async fn idle(&self) {
        self.idle.asked.store(true, Ordering::Release);
        self.idle.reached.notified().await;
    }

    pub(crate) async fn pass(&self, milliseconds: u64) {
        tokio::time::advance(Duration::from_millis(milliseconds)).await;
    }
}
