//! When to ping, when to give up: the times of one connection, without a timer of its own.

use tokio::time::Instant;

use crate::config::WebLimits;

/// What is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing.
    Nothing,
    /// Send a ping (K1).
    Ping,
    /// Close: the ping was not followed by any sign of life (K1).
    Silent,
    /// Close: nothing of what waits was taken for too long (4410).
    Stuck,
}

/// The times of one connection.
#[derive(Debug)]
pub(super) struct Heartbeat {
    last_ping: Instant,
    /// A ping is out and nothing was heard since.
    waiting: bool,
    /// Since when what waits to be written was not taken.
    stuck_since: Option<Instant>,
}

impl Heartbeat {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            last_ping: now,
            waiting: false,
            stuck_since: None,
        }
    }

    /// Anything came: a sign of life.
    pub(super) fn heard(&mut self) {
        self.waiting = false;
    }

    /// A write was tried. `idle`: nothing is left to write; `progress`: something was taken.
    pub(super) fn wrote(&mut self, idle: bool, progress: bool) {
        if idle {
            self.stuck_since = None;
        } else if progress || self.stuck_since.is_none() {
            self.stuck_since = Some(Instant::now());
        }
    }

    /// What is due. `readable`: the connection is being read from, so that silence means something.
    pub(super) fn due(&mut self, limits: &WebLimits, now: Instant, readable: bool) -> Due {
        if self
            .stuck_since
            .is_some_and(|since| now >= since + limits.stuck)
        {
            return Due::Stuck;
        }
        let heard_nothing = self.waiting && readable && self.stuck_since.is_none();
        if heard_nothing && now >= self.last_ping + limits.pong {
            return Due::Silent;
        }
        if now >= self.last_ping + limits.ping {
            self.last_ping = now;
            self.waiting = true;
            return Due::Ping;
        }
        Due::Nothing
    }

    /// When to look again.
    pub(super) fn next(&self, limits: &WebLimits, now: Instant) -> Instant {
        let mut next = self.last_ping + limits.ping;
        let pong = self.last_ping + limits.pong;
        if self.waiting && pong > now {
            next = next.min(pong);
        }
        match self.stuck_since {
            Some(since) => next.min(since + limits.stuck),
            None => next,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    /// K1: a ping every 25 s, and the end 10 s after one that nothing followed.
    #[test]
    fn silence_after_a_ping_is_noticed_after_ten_seconds() {
        let (limits, start) = (WebLimits::default(), Instant::now());
        let mut heartbeat = Heartbeat::new(start);
        assert_eq!(heartbeat.due(&limits, after(start, 24), true), Due::Nothing);
        assert_eq!(heartbeat.due(&limits, after(start, 25), true), Due::Ping);
        assert_eq!(heartbeat.next(&limits, after(start, 25)), after(start, 35));
        assert_eq!(heartbeat.due(&limits, after(start, 35), true), Due::Silent);
    }

    /// K1: any sign of life will do.
    #[test]
    fn a_sign_of_life_keeps_the_connection() {
        let (limits, start) = (WebLimits::default(), Instant::now());
        let mut heartbeat = Heartbeat::new(start);
        assert_eq!(heartbeat.due(&limits, after(start, 25), true), Due::Ping);
        heartbeat.heard();
        assert_eq!(heartbeat.due(&limits, after(start, 36), true), Due::Nothing);
        assert_eq!(heartbeat.next(&limits, after(start, 36)), after(start, 50));
        assert_eq!(heartbeat.due(&limits, after(start, 50), true), Due::Ping);
    }

    /// K1 does not apply to one that is not read from; the time for stuck ones does.
    #[test]
    fn a_connection_that_is_not_read_from_is_not_called_silent() {
        let (limits, start) = (WebLimits::default(), Instant::now());
        let mut heartbeat = Heartbeat::new(start);
        assert_eq!(heartbeat.due(&limits, after(start, 25), false), Due::Ping);
        assert_eq!(
            heartbeat.due(&limits, after(start, 36), false),
            Due::Nothing
        );
    }

    #[test]
    fn a_connection_that_takes_nothing_is_stuck_and_one_that_takes_a_little_is_not() {
        let limits = WebLimits::default();
        let mut heartbeat = Heartbeat::new(Instant::now());
        heartbeat.wrote(false, false);
        let since = Instant::now();
        heartbeat.wrote(false, false);
        let late = after(since, 30);
        assert_eq!(heartbeat.due(&limits, late, true), Due::Stuck);
        heartbeat.wrote(true, true);
        assert_ne!(heartbeat.due(&limits, late, true), Due::Stuck);
    }
}
