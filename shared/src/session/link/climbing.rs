//! A better way is tried beside the one that is in use, and taken over when it opens (C15).

use crate::close::CloseCode;
use crate::limits;
use crate::session::connection::{Close, Ender, Generation, State};
use crate::session::link::ways::Failure;
use crate::session::link::{Effect, Link};
use crate::session::time::{Moment, Ticks};
use crate::transport::Transport;

/// A better way that has not opened yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trial {
    generation: Generation,
    way: Transport,
    deadline: Ticks,
}

impl Link {
    /// What the person wants; `None` leaves it to us. A connection on another way is given up at once: that is wanted.
    pub(in crate::session) fn choose_way(
        &mut self,
        chosen: Option<Transport>,
        blocked: bool,
        now: Moment,
    ) {
        let before = self.ways.now();
        self.ways.choose(chosen, blocked);
        self.show_way();
        self.drop_trial(now);
        if self.ways.now() == before {
            return;
        }
        if let Some(generation) = self.socket() {
            let leave = Effect::Disconnect(generation, CloseCode::NORMAL);
            self.effects.push_back(leave);
            self.settle_attempts(now);
            self.write_end(generation, left(Ender::Person, now), now);
            self.connect(now);
        } else if matches!(self.record.state, State::Backoff { .. }) {
            self.connect(now);
        }
    }

    /// When something is due about a better way.
    pub(super) fn climb_due(&self) -> Option<Ticks> {
        match self.trial {
            Some(trial) => Some(trial.deadline),
            None => self.ways.climb_at(),
        }
    }

    pub(super) fn climb(&mut self, now: Moment) {
        // The connection beside which it would be may just have been given up.
        if !self.record.is_live() {
            return;
        }
        if let Some(trial) = self.trial.take_if(|trial| now.ticks >= trial.deadline) {
            let overdue = Close {
                code: CloseCode::TIMEOUT,
                reason: String::new(),
                clean: false,
                by: Ender::Watchdog,
                at: now.clock,
            };
            self.end_trial(trial, overdue, now);
            self.ways.not_climbed(now.ticks);
        }
        if let Some(way) = self.ways.climb(now.ticks) {
            self.generation.0 += 1;
            let generation = self.generation;
            self.effects.push_back(Effect::Connect(generation, way));
            if let Some(recorder) = &mut self.recorder {
                recorder.began(generation, way, now);
            }
            let deadline = now.ticks + limits::CONNECT_MS;
            self.trial = Some(Trial {
                generation,
                way,
                deadline,
            });
        }
    }

    /// A better way opened: from now on it is the connection. Says which one it replaces.
    pub(in crate::session) fn switch(
        &mut self,
        opened: Generation,
        now: Moment,
    ) -> Option<Generation> {
        let trial = self.trial.take_if(|trial| trial.generation == opened)?;
        let old = self.socket()?;
        self.settle_attempts(now);
        self.write_end(old, left(Ender::Left, now), now);
        self.ways.climbed(trial.way);
        self.show_way();
        let connecting = State::Connecting {
            generation: opened,
            deadline: trial.deadline,
        };
        self.enter(connecting, now);
        Some(old)
    }

    /// If what closed is a better way that was tried, that came to nothing.
    pub(in crate::session) fn not_climbed(
        &mut self,
        closed: Generation,
        (code, reason, clean): (CloseCode, String, bool),
        now: Moment,
    ) {
        let trial = self.trial.take_if(|trial| trial.generation == closed);
        if trial.is_some() {
            let close = Close {
                code,
                reason,
                clean,
                by: Ender::Remote,
                at: now.clock,
            };
            self.write_end(closed, close, now);
            self.ways.not_climbed(now.ticks);
        }
    }

    /// In what is written down, a connection that was left for another one, or never was one, has ended as well.
    fn write_end(&mut self, generation: Generation, close: Close, now: Moment) {
        if let Some(recorder) = &mut self.recorder {
            recorder.ended(generation, &close, now);
        }
    }

    pub(super) fn drop_trial(&mut self, now: Moment) {
        if let Some(trial) = self.trial.take() {
            self.end_trial(trial, left(Ender::Left, now), now);
        }
    }

    fn end_trial(&mut self, trial: Trial, close: Close, now: Moment) {
        self.write_end(trial.generation, close, now);
        let drop = Effect::Disconnect(trial.generation, CloseCode::NORMAL);
        self.effects.push_back(drop);
    }

    /// What the end of an attempt says about the way, if anything.
    pub(super) fn blame(&mut self, code: CloseCode, gave_up: bool) {
        let websocket = self.ways.now() == Transport::WebSocket;
        let failure = match self.record.state {
            // Without a network, everything fails.
            _ if !self.record.online => return,
            State::Connecting { .. } if gave_up && !websocket => Failure::Silent,
            State::Connecting { .. } if gave_up || code == CloseCode::ABNORMAL => Failure::Unopened,
            State::Joining { .. } if gave_up => Failure::Silent,
            _ => return,
        };
        self.ways.failed(failure);
        self.show_way();
    }

    /// How long an attempt may take to open.
    pub(super) fn opens_within(&self) -> u64 {
        match self.ways.now() {
            Transport::WebSocket => limits::CONNECT_MS,
            // There is no lower one to hurry to.
            _ if self.ways.is_chosen() => limits::CONNECT_MS,
            Transport::Events => limits::EVENTS_OPEN_MS,
            Transport::LongPoll | Transport::Poll => limits::POLLS_OPEN_MS,
        }
    }

    fn show_way(&mut self) {
        self.record.transport = self.ways.now();
        self.record.why = self.ways.why();
    }
}

/// How a connection ends for which there is another one.
fn left(by: Ender, now: Moment) -> Close {
    Close {
        code: CloseCode::NORMAL,
        reason: "another way".to_owned(),
        clean: true,
        by,
        at: now.clock,
    }
}
