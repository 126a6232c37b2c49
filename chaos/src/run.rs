//! What all clients of a run share: the clock, the history, and the stopwatch for recoveries.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use shared::transport::Transport;
use tokio::time::Instant;

use crate::history::History;
use crate::measure::Samples;
use crate::options::Transports;

/// One run; everything is on one thread.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) seed: u64,
    /// Bytes that every body has on top of its usual length.
    pub(crate) extra: usize,
    /// Of 100 messages, how many are sent a second time on purpose.
    pub(crate) repeat_percent: u64,
    /// How messages travel.
    pub(crate) transports: Transports,
    pub(crate) history: Rc<RefCell<History>>,
    pub(crate) recovery: Recovery,
    begun: Instant,
    begun_ms: u64,
}

/// From the moment at which the server is back until each client is live on a new connection and shows everything
/// that anyone had heard by then.
#[derive(Debug, Default)]
pub(crate) struct Recovery {
    /// Counts the returns of the server; 0 before the first.
    number: Cell<u64>,
    back_us: Cell<u64>,
    heads: RefCell<Vec<u64>>,
    samples: RefCell<Samples>,
}

impl Run {
    pub(crate) fn new(seed: u64, history: History) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            seed,
            extra: 0,
            repeat_percent: 0,
            transports: Transports::One(Transport::WebSocket),
            history: Rc::new(RefCell::new(history)),
            recovery: Recovery::default(),
            begun: Instant::now(),
            begun_ms: since_1970.unwrap_or_default().as_millis() as u64,
        }
    }

    /// Microseconds since the start.
    pub(crate) fn now_us(&self) -> u64 {
        self.begun.elapsed().as_micros() as u64
    }

    /// Milliseconds since the start, and on the wall clock.
    pub(crate) fn now_ms(&self) -> (u64, u64) {
        let ticks = self.begun.elapsed().as_millis() as u64;
        (ticks, self.begun_ms + ticks)
    }

    /// The moment at so many milliseconds since the start.
    pub(crate) fn at(&self, ms: u64) -> Instant {
        self.begun + Duration::from_millis(ms)
    }

    /// The server listens again: the stopwatch starts for everyone.
    pub(crate) fn server_is_back(&self) {
        let history = self.history.borrow();
        let heads = (0..history.rooms.len()).map(|room| history.head(room));
        *self.recovery.heads.borrow_mut() = heads.collect();
        self.recovery.back_us.set(self.now_us());
        self.recovery.number.set(self.recovery.number.get() + 1);
    }
}

impl Recovery {
    /// Which return of the server is the last one.
    pub(crate) fn number(&self) -> u64 {
        self.number.get()
    }

    /// Whether a connection that was opened at `opened_us` is of the time after it.
    pub(crate) fn is_after(&self, opened_us: u64) -> bool {
        opened_us >= self.back_us.get()
    }

    /// What there was to show in a room when the server came back.
    pub(crate) fn due(&self, room: usize) -> u64 {
        self.heads.borrow().get(room).copied().unwrap_or(0)
    }

    /// A client is back.
    pub(crate) fn recovered(&self, now_us: u64) {
        let took = now_us.saturating_sub(self.back_us.get());
        self.samples.borrow_mut().push(took);
    }

    /// Everything measured so far; starts anew.
    pub(crate) fn take(&self) -> Samples {
        self.samples.take()
    }
}
