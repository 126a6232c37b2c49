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
        if self.trial.is_some_and(|trial| now.ticks >= trial.deadline) {
            self.drop_trial(now);
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
        self.write_end(old, now);
        self.ways.climbed(trial.way);
        self.show_way();
        let connecting = State::Connecting {
            generation: opened,
            deadline: trial.deadline,
        };
        self.enter(connecting, now);
        Some(old)
    }

    /// Says whether it was a better way that was tried, and came to nothing.
    pub(in crate::session) fn not_climbed(&mut self, closed: Generation, now: Moment) -> bool {
        let trial = self.trial.take_if(|trial| trial.generation == closed);
        if trial.is_some() {
            self.write_end(closed, now);
            self.ways.not_climbed(now.ticks);
        }
        trial.is_some()
    }

    /// In what is written down, a connection that was left for another one, or never was one, has ended as well.
    fn write_end(&mut self, generation: Generation, now: Moment) {
        if let Some(recorder) = &mut self.recorder {
            let close = Close {
                code: CloseCode::NORMAL,
                reason: "another way".to_owned(),
                clean: true,
                by: Ender::Watchdog,
                at: now.clock,
            };
            recorder.ended(generation, &close, now);
        }
    }

    pub(super) fn drop_trial(&mut self, now: Moment) {
        if let Some(trial) = self.trial.take() {
            self.write_end(trial.generation, now);
            let drop = Effect::Disconnect(trial.generation, CloseCode::NORMAL);
            self.effects.push_back(drop);
        }
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
            _ => limits::PIPE_OPEN_MS,
        }
    }

    fn show_way(&mut self) {
        self.record.transport = self.ways.now();
        self.record.why = self.ways.why();
    }
}
