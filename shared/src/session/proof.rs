//! The proof of delivery: what was applied, checked link by link, and compared with the server.

use crate::ids::{RoomId, Seq};
use crate::limits;
use crate::protocol::ClientMessage;
use crate::session::Session;
use crate::session::time::Ticks;

/// What this session has applied, and how the links stood.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proof {
    /// Events applied, each with the link that its neighbours ask for.
    pub applied: u64,
    /// Events that came again and changed nothing.
    pub repeated: u64,
    /// Events that came before one that was missing: the log was read from there.
    pub early: u64,
    /// Times that the log and what was read of it differed: the range was read anew.
    pub diverged: u64,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Proving {
    pub(super) proof: Proof,
    /// When to state the cursors that have moved.
    state_at: Option<Ticks>,
}

impl Proving {
    pub(super) fn state_at(&self) -> Option<Ticks> {
        self.state_at
    }

    /// The next hello states all cursors.
    pub(super) fn disconnected(&mut self) {
        self.state_at = None;
    }

    fn moved(&mut self, now: Ticks) {
        self.state_at.get_or_insert(now + limits::APPLIED_EVERY_MS);
    }
}

impl Session {
    /// What was applied, and how the links stood.
    #[must_use]
    pub fn proof(&self) -> Proof {
        self.proving.proof
    }

    pub(super) fn proved(&mut self, count: impl FnOnce(&mut Proof)) {
        count(&mut self.proving.proof);
        self.proving.moved(self.now.ticks);
        self.revisions.proof += 1;
    }

    /// What was read of a room is not the server's log, as an event showed: the server hears at once what was read.
    pub(super) fn diverged(&mut self, room: RoomId) {
        self.state_cursors();
        self.read_anew(room);
    }

    /// The server says that the cursor at `seq` is not of its log. Nothing is done if that was let go of meanwhile.
    pub(super) fn told_of_divergence(&mut self, room: RoomId, seq: Seq) {
        let timeline = self.timeline(room);
        if timeline.is_some_and(|held| held.is_strict() && held.last() >= seq) {
            self.read_anew(room);
        }
    }

    fn read_anew(&mut self, room: RoomId) {
        if let Some(state) = self.rooms.get_mut(room) {
            state.read_anew();
        }
        self.proved(|proof| proof.diverged += 1);
    }

    pub(super) fn state_what_was_applied(&mut self) {
        if self.proving.state_at.is_some_and(|at| at <= self.now.ticks) {
            self.state_cursors();
        }
    }

    fn state_cursors(&mut self) {
        self.proving.state_at = None;
        let cursors = self.rooms.unstated();
        if !cursors.is_empty() {
            self.transmit(&ClientMessage::Applied { cursors });
        }
    }
}
