//! The connection's life: when to connect, when to probe, when to give up on a socket, how long to wait.
//!
//! It knows nothing of rooms and messages. Each method takes the moment and leaves its effects in
//! [`Link::effects`]; rules C1 to C8 and C13 of `docs/PROTOCOL.md` live here.

use std::collections::VecDeque;

use crate::close::{CloseCode, Policy};
use crate::ids::Timestamp;
use crate::limits;
use crate::session::connection::{
    Close, Connection, Ender, Generation, RoundTrips, State, StopReason, Traffic,
};
use crate::session::random::Random;
use crate::session::time::{Moment, Ticks};

/// What the link wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Open a socket.
    Connect(Generation),
    /// Close the socket and forget it.
    Disconnect(Generation, CloseCode),
    /// Send a ping with this number.
    Ping(u64),
}

/// A ping whose pong has not come.
#[derive(Debug, Clone, Copy)]
struct Probe {
    n: u64,
    sent: Ticks,
    /// When the connection is given up; `None` once another message has shown that it lives.
    deadline: Option<Ticks>,
    /// Asked because we may have slept: only the pong itself answers, for messages may have waited in a buffer.
    woken: bool,
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) record: Connection,
    pub(super) effects: VecDeque<Effect>,
    generation: Generation,
    probe: Option<Probe>,
    pings: u64,
    /// Announced by the server for the close that follows.
    spread_ms: Option<u64>,
    /// The last reading of the clocks and the time we asked to be woken at, to notice a sleep.
    before: Moment,
    random: Random,
}

impl Link {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            record: Connection {
                state: State::Idle,
                since: Moment::default(),
                attempt: 0,
                been_live: false,
                online: true,
                last_close: None,
                round_trips: RoundTrips::default(),
                clock_offset: None,
                traffic: Traffic::default(),
                last_heard: None,
                probing: false,
            },
            effects: VecDeque::new(),
            generation: Generation(0),
            probe: None,
            pings: 0,
            spread_ms: None,
            before: Moment::default(),
            random: Random::new(seed),
        }
    }

    /// Whether a socket of this generation is the current one (C2).
    pub(super) fn is_current(&self, generation: Generation) -> bool {
        self.socket() == Some(generation)
    }

    pub(super) fn socket(&self) -> Option<Generation> {
        match self.record.state {
            State::Connecting { generation, .. }
            | State::Joining { generation, .. }
            | State::Live { generation, .. } => Some(generation),
            State::Idle | State::Backoff { .. } | State::Stopped { .. } => None,
        }
    }

    /// Somebody signed in: connect.
    pub(super) fn start(&mut self, now: Moment) {
        self.stop(now);
        self.record.attempt = 0;
        self.record.been_live = false;
        self.before = now;
        self.connect(now);
    }

    /// The person signed out: close for good.
    pub(super) fn stop(&mut self, now: Moment) {
        if let Some(generation) = self.socket() {
            self.effects
                .push_back(Effect::Disconnect(generation, CloseCode::NORMAL));
            self.note_close(CloseCode::NORMAL, String::new(), true, Ender::Person, now);
        }
        self.enter(State::Idle, now);
    }

    /// The socket opened. Hello is due.
    pub(super) fn opened(&mut self, now: Moment) {
        let State::Connecting { generation, .. } = self.record.state else {
            return;
        };
        self.enter(
            State::Joining {
                generation,
                deadline: now.ticks + limits::JOIN_MS,
            },
            now,
        );
    }

    /// A message arrived: the link lives.
    pub(super) fn heard(&mut self, bytes: usize, now: Moment) {
        self.record.traffic.frames_in += 1;
        self.record.traffic.bytes_in += bytes as u64;
        self.record.last_heard = Some(now);
        if let State::Joining { deadline, .. } = &mut self.record.state {
            *deadline = now.ticks + limits::JOIN_MS;
        }
        if let Some(probe) = &mut self.probe
            && !probe.woken
        {
            probe.deadline = None;
            self.record.probing = false;
        }
    }

    pub(super) fn sent(&mut self, bytes: usize) {
        self.record.traffic.frames_out += 1;
        self.record.traffic.bytes_out += bytes as u64;
    }

    /// Joined (C1). The first ping measures the round trip and the server's clock.
    pub(super) fn resumed(&mut self, now: Moment) {
        let State::Joining { generation, .. } = self.record.state else {
            return;
        };
        self.enter(
            State::Live {
                generation,
                since: now.ticks,
            },
            now,
        );
        self.record.been_live = true;
        self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
    }

    pub(super) fn pong(&mut self, n: u64, server: Timestamp, now: Moment) {
        let Some(probe) = self.probe.take_if(|probe| probe.n == n) else {
            return;
        };
        let round_trip = now.ticks - probe.sent;
        self.record.round_trips.push(round_trip);
        self.record.clock_offset =
            Some(server.0 as i64 + round_trip as i64 / 2 - now.clock.0 as i64);
        self.record.probing = false;
    }

    pub(super) fn restarting(&mut self, spread_ms: u64) {
        self.spread_ms = Some(spread_ms.min(limits::BACKOFF_MOST_MS));
    }

    /// The socket closed without our asking: the code decides (C8).
    pub(super) fn closed(&mut self, code: CloseCode, reason: String, clean: bool, now: Moment) {
        self.note_close(code, reason, clean, Ender::Remote, now);
        self.settle_attempts(now);
        match code.policy() {
            Policy::Retry => self.back_off(code, now),
            Policy::RetryAfterSignIn => {
                self.enter(
                    State::Stopped {
                        reason: StopReason::SignIn,
                    },
                    now,
                );
            }
            Policy::Stop => self.enter(
                State::Stopped {
                    reason: StopReason::Version,
                },
                now,
            ),
        }
    }

    /// A time that [`Link::wake_at`] named has come, or the browser woke us late.
    pub(super) fn timer(&mut self, now: Moment) {
        match self.record.state {
            State::Connecting { deadline, .. } | State::Joining { deadline, .. }
                if now.ticks >= deadline =>
            {
                self.give_up(now);
            }
            State::Backoff { until } if now.ticks >= until => self.connect(now),
            State::Live { .. } => self.watch(now),
            _ => {}
        }
    }

    /// The watchdog of a live connection (C5).
    fn watch(&mut self, now: Moment) {
        match self.probe.and_then(|probe| probe.deadline) {
            Some(deadline) if now.ticks >= deadline => self.give_up(now),
            Some(_) => {}
            None if now.ticks >= self.silence_ends() => {
                self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
            }
            None => {}
        }
    }

    fn silence_ends(&self) -> Ticks {
        let heard = self
            .record
            .last_heard
            .map_or(self.record.since.ticks, |at| at.ticks);
        heard.max(self.probe.map_or(heard, |probe| probe.sent)) + limits::CLIENT_PROBE_MS
    }

    /// When [`Link::timer`] is due (C4).
    pub(super) fn wake_at(&self) -> Option<Ticks> {
        match self.record.state {
            State::Idle | State::Stopped { .. } => None,
            State::Connecting { deadline, .. } | State::Joining { deadline, .. } => Some(deadline),
            State::Backoff { until } => Some(until),
            State::Live { .. } => Some(
                self.probe
                    .and_then(|probe| probe.deadline)
                    .unwrap_or_else(|| self.silence_ends()),
            ),
        }
    }

    /// Says whether the machine slept since the last call: the clock that people see ran ahead of
    /// ours, or a wake-up that was due at `due` comes late (C7).
    pub(super) fn slept(&mut self, due: Option<Ticks>, now: Moment) -> bool {
        let ticked = now.ticks - self.before.ticks;
        let passed = now.clock.0.saturating_sub(self.before.clock.0);
        self.before = now;
        let overdue = due.is_some_and(|due| now.ticks - due > limits::SLEPT_MS);
        overdue || passed.saturating_sub(ticked) > limits::SLEPT_MS
    }

    /// `online`, becoming visible, `pageshow`, or a late timer (C7).
    pub(super) fn woken(&mut self, now: Moment) {
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
    pub(super) fn network(&mut self, online: bool, now: Moment) {
        self.record.online = online;
        if online || self.record.is_live() {
            self.woken(now);
        }
    }

    /// Probes because an answer is overdue; does nothing while a probe is under way.
    pub(super) fn doubt(&mut self, now: Moment) {
        let probing = self.probe.is_some_and(|probe| probe.deadline.is_some());
        if self.record.is_live() && !probing {
            self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
        }
    }

    /// The person does not want to wait.
    pub(super) fn connect_now(&mut self, now: Moment) {
        if matches!(
            self.record.state,
            State::Backoff { .. } | State::Stopped { .. }
        ) {
            self.connect(now);
        }
    }

    fn probe(&mut self, answer_ms: u64, woken: bool, now: Moment) {
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

    /// One socket at a time (C3): whoever calls this has left the last one.
    fn connect(&mut self, now: Moment) {
        self.generation.0 += 1;
        self.record.attempt += 1;
        self.effects.push_back(Effect::Connect(self.generation));
        let deadline = now.ticks + limits::CONNECT_MS;
        self.enter(
            State::Connecting {
                generation: self.generation,
                deadline,
            },
            now,
        );
    }

    /// A deadline passed. The old socket's own close may take minutes to come, so we do not wait for it.
    fn give_up(&mut self, now: Moment) {
        let Some(generation) = self.socket() else {
            return;
        };
        self.effects
            .push_back(Effect::Disconnect(generation, CloseCode::TIMEOUT));
        self.note_close(
            CloseCode::TIMEOUT,
            String::new(),
            false,
            Ender::Watchdog,
            now,
        );
        self.settle_attempts(now);
        self.back_off(CloseCode::TIMEOUT, now);
    }

    /// C1: the backoff starts anew only after a stable time.
    fn settle_attempts(&mut self, now: Moment) {
        if let State::Live { since, .. } = self.record.state
            && now.ticks - since >= limits::STABLE_MS
        {
            self.record.attempt = 0;
        }
    }

    fn back_off(&mut self, code: CloseCode, now: Moment) {
        let announced = self.spread_ms.take();
        let most = if code == CloseCode::SERVICE_RESTART {
            announced.unwrap_or(limits::RESTART_SPREAD_MS)
        } else {
            longest_wait(self.record.attempt)
        };
        let until = now.ticks + self.random.up_to(most);
        self.enter(State::Backoff { until }, now);
    }

    fn note_close(&mut self, code: CloseCode, reason: String, clean: bool, by: Ender, now: Moment) {
        self.record.last_close = Some(Close {
            code,
            reason,
            clean,
            by,
            at: now.clock,
        });
    }

    fn enter(&mut self, state: State, now: Moment) {
        self.record.state = state;
        self.record.since = now;
        if !self.record.is_live() {
            self.probe = None;
            self.record.probing = false;
        }
    }
}

/// Full jitter (C13): the wait is uniform between nothing and this.
fn longest_wait(attempts: u32) -> u64 {
    let doublings = attempts.saturating_sub(1).min(16);
    (limits::BACKOFF_FIRST_MS << doublings).min(limits::BACKOFF_MOST_MS)
}
