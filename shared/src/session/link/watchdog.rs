//! Whether the other side is still there: silence, probes, and what a sleep of the machine means (C5 to C7).

use crate::ids::Timestamp;
use crate::limits;
use crate::session::connection::State;
use crate::session::link::{Effect, Link};
use crate::session::time::{Moment, Ticks};

/// A ping whose pong has not come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Probe {
    pub(super) n: u64,
    pub(super) sent: Ticks,
    /// When the connection is given up; `None` once another message has shown that it lives.
    pub(super) deadline: Option<Ticks>,
    /// Asked because we may have slept: only the pong itself answers, for messages may have waited in a buffer.
    pub(super) woken: bool,
}

impl Link {
    pub(in crate::session) fn pong(&mut self, n: u64, server: Timestamp, now: Moment) {
        let Some(probe) = self.probe.take_if(|probe| probe.n == n) else {
            return;
        };
        let round_trip = now.ticks - probe.sent;
        self.record.round_trips.push(round_trip);
        self.record.clock_offset =
            Some(server.0 as i64 + round_trip as i64 / 2 - now.clock.0 as i64);
        self.record.probing = false;
    }

    /// The watchdog of a live connection (C5).
    pub(super) fn watch(&mut self, now: Moment) {
        match self.probe.and_then(|probe| probe.deadline) {
            Some(deadline) if now.ticks >= deadline => self.give_up(now),
            Some(_) => {}
            None if now.ticks >= self.silence_ends() => {
                self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
            }
            None => {}
        }
    }

    pub(super) fn silence_ends(&self) -> Ticks {
        let heard = self
            .record
            .last_heard
            .map_or(self.record.since.ticks, |at| at.ticks);
        heard.max(self.probe.map_or(heard, |probe| probe.sent)) + limits::CLIENT_PROBE_MS
    }

    /// Says whether the machine slept since the last call: the clock that people see ran ahead of
    /// ours, or a wake-up that was due at `due` comes late (C7).
    pub(in crate::session) fn slept(&mut self, due: Option<Ticks>, now: Moment) -> bool {
        let ticked = now.ticks - self.before.ticks;
        let passed = now.clock.0.saturating_sub(self.before.clock.0);
        self.before = now;
        let overdue = due.is_some_and(|due| now.ticks - due > limits::SLEPT_MS);
        overdue || passed.saturating_sub(ticked) > limits::SLEPT_MS
    }

    /// `online`, becoming visible, `pageshow`, or a late timer (C7).
    pub(in crate::session) fn woken(&mut self, now: Moment) {
        match self.record.state {
            State::Live { .. } => self.probe_after_wake(now),
            State::Connecting { deadline, .. } | State::Joining { deadline, .. }
                if now.ticks >= deadline =>
            {
                self.give_up(now);
                self.connect(now);
            }
            State::Backoff { .. } => self.connect(now),
            _ => {}
        }
    }

    /// A hidden page's timers are a minute late every time. So a late timer is forgiven once: the second
    /// finds the probe of the first unanswered although messages come in unthrottled.
    fn probe_after_wake(&mut self, now: Moment) {
        match self.probe {
            Some(Probe {
                woken: true,
                deadline: Some(deadline),
                ..
            }) => {
                if now.ticks >= deadline {
                    self.give_up(now);
                    self.connect(now);
                }
            }
            _ => {
                let usual = self.record.round_trips.last().unwrap_or(0);
                self.probe(limits::CLIENT_WAKE_ANSWER_MS.max(usual * 2), true, now);
            }
        }
    }

    /// The browser's word on the network. `offline` only probes (C6).
    pub(in crate::session) fn network(&mut self, online: bool, now: Moment) {
        self.record.online = online;
        if online {
            self.ways.hurry(now.ticks);
        }
        if online || self.record.is_live() {
            self.woken(now);
        }
    }

    /// Probes because an answer is overdue; does nothing while a probe is under way.
    pub(in crate::session) fn doubt(&mut self, now: Moment) {
        let probing = self.probe.is_some_and(|probe| probe.deadline.is_some());
        if self.record.is_live() && !probing {
            self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
        }
    }

    pub(super) fn probe(&mut self, answer_ms: u64, woken: bool, now: Moment) {
        self.pings += 1;
        let deadline = Some(now.ticks + answer_ms);
        self.probe = Some(Probe {
            n: self.pings,
            sent: now.ticks,
            deadline,
            woken,
        });
        self.record.probing = true;
        self.effects.push_back(Effect::Ping(self.pings));
    }
}
