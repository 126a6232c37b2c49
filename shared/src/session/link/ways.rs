//! Which way to take, as a pure rule: down when the better one does not work, and up again (C14, C15).

use crate::limits;
use crate::session::connection::Why;
use crate::session::time::Ticks;
use crate::transport::Transport;

/// How an attempt failed that was never joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// It did not open.
    Unopened,
    /// The way is there, and nothing comes through in time.
    Silent,
}

#[derive(Debug)]
pub(super) struct Ways {
    chosen: Option<Transport>,
    now: Transport,
    why: Why,
    /// Attempts in a row that failed on this way.
    failures: u32,
    /// Tries of a better way since the best one worked.
    tries: u32,
    /// When the next of them is due.
    climb_at: Option<Ticks>,
}

impl Default for Ways {
    /// Whoever can do more than WebSockets says so by [`Ways::choose`].
    fn default() -> Self {
        Self {
            chosen: Some(Transport::WebSocket),
            now: Transport::WebSocket,
            why: Why::Best,
            failures: 0,
            tries: 0,
            climb_at: None,
        }
    }
}

impl Ways {
    pub(super) fn now(&self) -> Transport {
        self.now
    }

    pub(super) fn why(&self) -> Why {
        self.why
    }

    pub(super) fn climb_at(&self) -> Option<Ticks> {
        self.climb_at
    }

    /// What the person wants; `None` leaves it to us. `blocked`: WebSockets did not open when they were tried last.
    pub(super) fn choose(&mut self, chosen: Option<Transport>, blocked: bool) {
        self.chosen = chosen;
        self.tries = 0;
        match chosen {
            Some(way) => self.take(way, Why::Chosen),
            None if blocked => self.take(Transport::Events, Why::Blocked),
            None => self.take(Transport::WebSocket, Why::Best),
        }
    }

    /// An attempt failed that was never joined.
    pub(super) fn failed(&mut self, how: Failure) {
        if self.chosen.is_some() {
            return;
        }
        self.failures += 1;
        let lower = match (self.now, how) {
            (Transport::WebSocket, _) if self.failures < limits::UPGRADES_TRIED => return,
            (Transport::WebSocket, _) => Transport::Events,
            // A plain request failed: it is the server that is away, not the way that is bad.
            (_, Failure::Unopened) | (Transport::Poll, _) => {
                return self.take(Transport::WebSocket, Why::Best);
            }
            (Transport::Events, Failure::Silent) => Transport::LongPoll,
            (Transport::LongPoll, Failure::Silent) => Transport::Poll,
        };
        let why = match how {
            Failure::Unopened => Why::Blocked,
            Failure::Silent => Why::Silent,
        };
        self.take(lower, why);
    }

    /// It was joined: it works, and a better one may be tried.
    pub(super) fn works(&mut self, now: Ticks) {
        self.failures = 0;
        if !self.is_low() {
            self.tries = 0;
        }
        self.climb_at = self.is_low().then(|| now + self.pause());
    }

    /// The network is another one, perhaps.
    pub(super) fn hurry(&mut self, now: Ticks) {
        if self.climb_at.is_some() {
            self.climb_at = Some(now);
        }
    }

    /// The better way to be tried, if it is time: the best one, then those below it, and so on.
    pub(super) fn climb(&mut self, now: Ticks) -> Option<Transport> {
        self.climb_at.take_if(|at| *at <= now)?;
        let better = Transport::ALL.iter().filter(|way| **way < self.now).count();
        let way = Transport::ALL.get(self.tries as usize % better.max(1));
        self.tries += 1;
        way.copied()
    }

    /// The try came to nothing.
    pub(super) fn not_climbed(&mut self, now: Ticks) {
        self.climb_at = self.is_low().then(|| now + self.pause());
    }

    /// The try opened.
    pub(super) fn climbed(&mut self, way: Transport) {
        let why = match way {
            Transport::WebSocket => Why::Best,
            _ => self.why,
        };
        self.take(way, why);
    }

    /// Whether a person has chosen, so that nothing else is taken.
    pub(super) fn is_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    fn is_low(&self) -> bool {
        self.chosen.is_none() && self.now != Transport::WebSocket
    }

    /// Soon at first, for the server may just have been away; then at growing intervals.
    fn pause(&self) -> u64 {
        match self.tries {
            0 => limits::CLIMB_SOON_MS,
            tries => (limits::CLIMB_MS << (tries - 1).min(16)).min(limits::CLIMB_MOST_MS),
        }
    }

    fn take(&mut self, way: Transport, why: Why) {
        self.now = way;
        self.why = why;
        self.failures = 0;
        self.climb_at = None;
    }
}
