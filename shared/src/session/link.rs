//! The connection's life: when to connect, when to probe, when to give up on a socket, how long to wait.
//!
//! It knows nothing of rooms and messages. Each method takes the moment and leaves its effects in
//! [`Link::effects`]; rules C1 to C4, C8 and C13 of `docs/PROTOCOL.md` live here, C5 to C7 in
//! [`watchdog`], C14 in [`ways`] and C15 in [`climbing`].

mod climbing;
mod watchdog;
mod ways;

use std::collections::VecDeque;

use crate::close::{CloseCode, Policy};
use crate::limits;
use crate::protocol::Handshake;
use crate::recording::Way;
use crate::session::connection::{
    Close, Connection, Ender, Generation, RoundTrips, State, StopReason, Traffic, Why,
};
use crate::session::link::climbing::Trial;
use crate::session::link::watchdog::Probe;
use crate::session::link::ways::Ways;
use crate::session::random::Random;
use crate::session::recorder::Recorder;
use crate::session::time::{Moment, Ticks};
use crate::transport::Transport;

/// What the link wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Open a socket on this way.
    Connect(Generation, Transport),
    /// Close the socket and forget it.
    Disconnect(Generation, CloseCode),
    /// Send a ping with this number.
    Ping(u64),
}

#[derive(Debug)]
pub(super) struct Link {
    pub(super) record: Connection,
    pub(super) effects: VecDeque<Effect>,
    generation: Generation,
    ways: Ways,
    trial: Option<Trial>,
    probe: Option<Probe>,
    pings: u64,
    /// Announced by the server for the close that follows.
    spread_ms: Option<u64>,
    /// The last reading of the clocks and the time we asked to be woken at, to notice a sleep.
    before: Moment,
    random: Random,
    pub(super) recorder: Option<Box<Recorder>>,
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
                transport: Transport::default(),
                why: Why::default(),
            },
            effects: VecDeque::new(),
            generation: Generation(0),
            ways: Ways::default(),
            trial: None,
            probe: None,
            pings: 0,
            spread_ms: None,
            before: Moment::default(),
            random: Random::new(seed),
            recorder: None,
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

    /// What was written down of somebody else is nobody's business.
    pub(super) fn forget_recording(&mut self) {
        if let Some(recorder) = &mut self.recorder {
            **recorder = Recorder::default();
        }
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
        if let Some(recorder) = &mut self.recorder {
            recorder.opened(generation, now);
        }
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

    pub(super) fn sent(&mut self, text: &str, now: Moment) {
        self.record.traffic.frames_out += 1;
        self.record.traffic.bytes_out += text.len() as u64;
        if let Some((generation, recorder)) = self.writing() {
            recorder.passed(generation, Way::Out, text.to_owned(), now);
        }
    }

    /// What is written down, and of which connection.
    fn writing(&mut self) -> Option<(Generation, &mut Recorder)> {
        let generation = self.socket()?;
        Some((generation, self.recorder.as_deref_mut()?))
    }

    /// What was heard has been read, and may be written down.
    pub(super) fn received(&mut self, text: String, now: Moment) {
        if let Some((generation, recorder)) = self.writing() {
            recorder.passed(generation, Way::In, text, now);
        }
    }

    /// `welcome` came, with the handshake if we asked for it.
    pub(super) fn welcomed(&mut self, handshake: Option<Box<Handshake>>, now: Moment) {
        if let Some((generation, recorder)) = self.writing() {
            recorder.welcomed(generation, handshake.map(|it| *it), now);
        }
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
        self.ways.works(now.ticks);
        if let Some(recorder) = &mut self.recorder {
            recorder.resumed(generation, now);
        }
        self.probe(limits::CLIENT_PROBE_ANSWER_MS, false, now);
    }

    pub(super) fn restarting(&mut self, spread_ms: u64) {
        self.spread_ms = Some(spread_ms.min(limits::BACKOFF_MOST_MS));
    }

    /// The socket closed without our asking: the code decides (C8).
    pub(super) fn closed(&mut self, code: CloseCode, reason: String, clean: bool, now: Moment) {
        self.note_close(code, reason, clean, Ender::Remote, now);
        self.blame(code, false);
        self.settle_attempts(now);
        match code.policy() {
            Policy::Retry => self.back_off(code, now),
            Policy::RetryAfterSignIn => {
                let reason = match code {
                    CloseCode::SHUT_OUT => StopReason::ShutOut,
                    _ => StopReason::SignIn,
                };
                self.enter(State::Stopped { reason }, now);
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
            State::Live { .. } => {
                self.watch(now);
                self.climb(now);
            }
            _ => {}
        }
    }

    /// When [`Link::timer`] is due (C4).
    pub(super) fn wake_at(&self) -> Option<Ticks> {
        match self.record.state {
            State::Idle | State::Stopped { .. } => None,
            State::Connecting { deadline, .. } | State::Joining { deadline, .. } => Some(deadline),
            State::Backoff { until } => Some(until),
            State::Live { .. } => {
                let probe = self.probe.and_then(|probe| probe.deadline);
                let watch = probe.unwrap_or_else(|| self.silence_ends());
                [Some(watch), self.climb_due()].into_iter().flatten().min()
            }
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

    /// One socket at a time (C3): whoever calls this has left the last one.
    fn connect(&mut self, now: Moment) {
        self.generation.0 += 1;
        self.record.attempt += 1;
        let way = self.ways.now();
        self.effects
            .push_back(Effect::Connect(self.generation, way));
        if let Some(recorder) = &mut self.recorder {
            recorder.began(self.generation, way, now);
        }
        let deadline = now.ticks + self.opens_within();
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
        let before = self.ways.now();
        self.blame(CloseCode::TIMEOUT, true);
        self.settle_attempts(now);
        if self.ways.now() > before {
            // Nobody is asked again: it is another way, and somebody has waited for long enough.
            self.wait_up_to(0, now);
        } else {
            self.back_off(CloseCode::TIMEOUT, now);
        }
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
        self.wait_up_to(most, now);
    }

    fn wait_up_to(&mut self, most: u64, now: Moment) {
        let wait = self.random.up_to(most);
        if let Some((generation, recorder)) = self.writing() {
            recorder.waits(generation, wait);
        }
        let until = now.ticks + wait;
        self.enter(State::Backoff { until }, now);
    }

    fn note_close(&mut self, code: CloseCode, reason: String, clean: bool, by: Ender, now: Moment) {
        let close = Close {
            code,
            reason,
            clean,
            by,
            at: now.clock,
        };
        if let Some((generation, recorder)) = self.writing() {
            recorder.ended(generation, &close, now);
        }
        self.record.last_close = Some(close);
    }

    fn enter(&mut self, state: State, now: Moment) {
        self.record.state = state;
        self.record.since = now;
        if !self.record.is_live() {
            self.drop_trial(now);
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
