//! What the Session wants done: the outputs, and what a person in front of it would do.

use shared::ids::{ClientId, RoomId};
use shared::session::io::{Input, Output};
use tokio::time::Instant;

use super::repeats::{self, Repeat};
use super::{Client, Touched};
use crate::names::{Key, SETTING_UP};
use crate::speech::{self, Said};

impl Client {
    /// Performs everything that the Session wants, then sends repeats that are due.
    pub(super) fn perform(&mut self) {
        while let Some(output) = self.session.poll_output() {
            match output {
                Output::Connect { generation, .. } => {
                    self.generation = generation;
                    self.connect();
                }
                Output::Transmit { text, .. } => self.transmit(text),
                Output::Disconnect { .. } => self.socket.close(),
                Output::Keep(draft) => self.saved.push(draft),
                Output::Forget { client_id } => {
                    self.saved.retain(|draft| draft.client_id != client_id);
                }
                // The frame has been recorded; and nobody is called to a client without a page.
                Output::Failed { .. } | Output::Alert(_) | Output::Withdraw { .. } => {}
                Output::Joined { room } => {
                    if let Some(asked) = self.asked.take() {
                        // Who asked may have given up.
                        let _ = asked.send(room);
                    }
                }
                Output::Refused { asked, problem } => {
                    let what = format!("client {}: {asked:?} was refused: {problem}", self.index);
                    self.run.history.borrow_mut().refused.push(what);
                }
            }
        }
        self.repeat();
    }

    fn connect(&mut self) {
        if self.has_cable {
            return self.socket.open(self.door.clone());
        }
        // As a browser without a network does it; told on the next turn, after this output is done.
        let mut nowhere = self.door.clone();
        nowhere.address.set_port(0);
        self.socket.open(nowhere);
    }

    fn transmit(&mut self, text: String) {
        if let Some(client_id) = speech::sent_by(&text) {
            self.sends(client_id, &text);
        }
        self.socket.send(text);
    }

    /// Counts a `send`, and lets it be repeated if that is its fate.
    fn sends(&mut self, client_id: ClientId, text: &str) {
        let key = Key::of(client_id, self.run.seed);
        let now_us = self.run.now_us();
        let mut history = self.run.history.borrow_mut();
        history.counts.sends_on_the_wire += 1;
        let written = key
            .action()
            .and_then(|(client, n)| history.written[client].get_mut(n));
        let Some(written) = written.filter(|written| written.sent_us == 0) else {
            return;
        };
        written.sent_us = now_us.max(1);
        match repeats::of(key, self.run.seed, self.run.repeat_percent) {
            Repeat::Never => {}
            Repeat::AtOnce => {
                history.counts.sends_on_the_wire += 1;
                history.counts.forced_repeats += 1;
                self.socket.send(text.to_owned());
            }
            later => self.repeats.push(later, self.generation.0, text),
        }
    }

    fn repeat(&mut self) {
        if self.repeats.is_empty() || !self.is_live() {
            return;
        }
        if self.is_settled {
            self.repeats.settle();
        }
        for text in self.repeats.due(self.generation.0) {
            let counts = &mut self.run.history.borrow_mut().counts;
            counts.sends_on_the_wire += 1;
            counts.forced_repeats += 1;
            self.socket.send(text);
        }
    }

    /// Shows the rooms that are not shown yet; a room is known once the welcome names it.
    pub(super) fn open_rooms(&mut self) {
        let closed: Vec<RoomId> = self
            .rooms
            .iter()
            .copied()
            .filter(|room| self.session.timeline(*room).is_none())
            .collect();
        for room in closed {
            self.handle(Input::Open { room });
        }
        self.recorder.look(&self.session, Touched::Everything);
    }

    /// Asks for what a long absence left out, as a person does who scrolls there.
    pub(super) fn fill_gaps(&mut self, room: RoomId) {
        let Some(timeline) = self.session.timeline(room) else {
            return;
        };
        let gaps: Vec<_> = timeline
            .gaps()
            .iter()
            .filter(|gap| !gap.loading)
            .map(|gap| gap.span)
            .collect();
        for span in gaps {
            self.handle(Input::LoadGap { room, span });
        }
    }

    /// Writes what is due. A full outbox postpones it.
    pub(super) fn write(&mut self) {
        while let Some(room) = self
            .writing
            .as_mut()
            .and_then(|writing| writing.due(Instant::now()))
        {
            let now = self.now();
            let mut history = self.run.history.borrow_mut();
            let found = self.mine.slow().or_else(|| history.room(room));
            let Some(at) = found else { return };
            let room = history.rooms[at];
            let mut rooms = self.session.rooms();
            // The last thing that it does cannot be followed by taking it back.
            let ends = self.writing.as_ref().is_none_or(super::Writing::is_done);
            let own = !ends && rooms.any(|view| view.id == room && view.own);
            drop(rooms);
            let said = match &mut self.writing {
                Some(writing) if writing.is_varied() => {
                    self.mine.choose(writing.random(), &history, at, own)
                }
                _ => Said::Message,
            };
            let key = history.wrote(self.index, at, said);
            drop(history);
            let client_id = key.client_id(self.run.seed);
            let draft = speech::draft(room, client_id, said, self.run.extra, now.clock);
            if self.session.send(draft, now).is_err() {
                // Nothing was taken: the key is free again.
                self.run.history.borrow_mut().written[self.index].pop();
                if let Some(writing) = &mut self.writing {
                    writing.postpone();
                }
                return;
            }
        }
    }

    pub(super) fn setting_up(&mut self) -> ClientId {
        self.requests += 1;
        let n = SETTING_UP + self.requests;
        Key::new(self.index as u32, n).client_id(self.run.seed)
    }
}
