//! Writes down what goes over a session's connections, within bounds: a ring of messages and a few connections.
//!
//! It is on the way of every message, so that it copies nothing that it is given and looks at nothing.

use std::collections::VecDeque;

use crate::limits;
use crate::protocol::Handshake;
use crate::recording::{Connection, End, Frame, Recording, Steps, Way};
use crate::session::connection::{Close, Generation};
use crate::session::time::{Moment, Ticks};
use crate::transport::Transport;

/// What is written down.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    attempts: VecDeque<Attempt>,
    frames: VecDeque<(Generation, Frame)>,
    /// How many of each way.
    held: [usize; 2],
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Attempt {
    generation: Generation,
    began: Ticks,
    connection: Connection,
    sent: u64,
    received: u64,
}

impl Recorder {
    /// The connections, the oldest first, without their messages.
    pub fn connections(&self) -> impl DoubleEndedIterator<Item = &Connection> {
        self.attempts.iter().map(|attempt| &attempt.connection)
    }

    /// The messages, the oldest first, each with the number of its connection.
    pub fn frames(&self) -> impl DoubleEndedIterator<Item = (u64, &Frame)> {
        let frames = self.frames.iter();
        frames.map(|(generation, frame)| (generation.0, frame))
    }

    /// All of it.
    #[must_use]
    pub fn recording(&self, client: &str, address: &str) -> Recording {
        let mut connections: Vec<Connection> = self.connections().cloned().collect();
        for (number, frame) in self.frames() {
            let mut all = connections.iter_mut();
            if let Some(connection) = all.find(|one| one.number == number) {
                connection.frames.push(frame.clone());
            }
        }
        Recording {
            client: client.to_owned(),
            address: address.to_owned(),
            connections,
        }
    }

    /// How many messages were sent on a connection so far.
    #[must_use]
    pub(super) fn sent_on(&self, generation: Generation) -> u64 {
        let mut attempts = self.attempts.iter();
        let attempt = attempts.find(|one| one.generation == generation);
        attempt.map_or(0, |attempt| attempt.sent)
    }

    pub(super) fn began(&mut self, generation: Generation, transport: Transport, now: Moment) {
        if self.attempts.len() == limits::RECORDED_CONNECTIONS {
            self.forget_one();
        }
        self.attempts.push_back(Attempt {
            generation,
            began: now.ticks,
            connection: Connection {
                number: generation.0,
                began: now.clock,
                transport,
                steps: Steps::default(),
                handshake: None,
                end: None,
                frames: Vec::new(),
            },
            sent: 0,
            received: 0,
        });
    }

    pub(super) fn opened(&mut self, generation: Generation, now: Moment) {
        self.step(generation, now, |steps| &mut steps.opened);
    }

    pub(super) fn welcomed(
        &mut self,
        generation: Generation,
        handshake: Option<Handshake>,
        now: Moment,
    ) {
        self.step(generation, now, |steps| &mut steps.welcomed);
        if let Some(attempt) = self.attempt(generation) {
            attempt.connection.handshake = handshake;
        }
    }

    pub(super) fn resumed(&mut self, generation: Generation, now: Moment) {
        self.step(generation, now, |steps| &mut steps.resumed);
    }

    pub(super) fn ended(&mut self, generation: Generation, close: &Close, now: Moment) {
        if let Some(attempt) = self.attempt(generation) {
            attempt.connection.end = Some(End {
                after: now.ticks - attempt.began,
                code: close.code,
                reason: close.reason.clone(),
                clean: close.clean,
                by: close.by,
                wait: None,
            });
        }
    }

    /// The next attempt comes so many milliseconds after the end of this one.
    pub(super) fn waits(&mut self, generation: Generation, milliseconds: u64) {
        let attempt = self.attempt(generation);
        if let Some(end) = attempt.and_then(|attempt| attempt.connection.end.as_mut()) {
            end.wait = Some(milliseconds);
        }
    }

    /// The oldest that has ended, with its messages: the one in use stays, however many better ways were tried beside it.
    fn forget_one(&mut self) {
        let ended = |attempt: &Attempt| attempt.connection.end.is_some();
        let at = self.attempts.iter().position(ended).unwrap_or(0);
        let Some(old) = self.attempts.remove(at) else {
            return;
        };
        let of_old = |(of, _): &(Generation, Frame)| *of == old.generation;
        while let Some(at) = self.frames.iter().position(of_old) {
            self.let_go(at);
        }
    }

    pub(super) fn passed(&mut self, generation: Generation, way: Way, text: String, now: Moment) {
        let Some(attempt) = self.attempt(generation) else {
            return;
        };
        let count = match way {
            Way::Out => &mut attempt.sent,
            Way::In => &mut attempt.received,
        };
        *count += 1;
        let frame = Frame {
            way,
            number: *count,
            after: now.ticks - attempt.began,
            bytes: text.len(),
            text: cut(text),
        };
        self.bytes += frame.text.len();
        self.held[way as usize] += 1;
        self.frames.push_back((generation, frame));
        self.make_room(way);
    }

    /// Lets go of the oldest of this way if there are too many, and of the oldest of both while they are too long.
    fn make_room(&mut self, way: Way) {
        if self.held[way as usize] > limits::RECORDED_FRAMES
            && let Some(at) = self.frames.iter().position(|(_, frame)| frame.way == way)
        {
            self.let_go(at);
        }
        while self.bytes > limits::RECORDED_BYTES {
            self.let_go(0);
        }
    }

    fn let_go(&mut self, at: usize) {
        if let Some((_, frame)) = self.frames.remove(at) {
            self.bytes -= frame.text.len();
            self.held[frame.way as usize] -= 1;
        }
    }

    fn step(
        &mut self,
        generation: Generation,
        now: Moment,
        which: fn(&mut Steps) -> &mut Option<u64>,
    ) {
        if let Some(attempt) = self.attempt(generation) {
            *which(&mut attempt.connection.steps) = Some(now.ticks - attempt.began);
        }
    }

    fn attempt(&mut self, generation: Generation) -> Option<&mut Attempt> {
        let mut attempts = self.attempts.iter_mut().rev();
        attempts.find(|attempt| attempt.generation == generation)
    }
}

fn cut(mut text: String) -> String {
    if text.len() > limits::RECORDED_TEXT_BYTES {
        text.truncate(text.floor_char_boundary(limits::RECORDED_TEXT_BYTES));
        text.shrink_to_fit();
    }
    text
}
