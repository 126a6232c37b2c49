//! Events that the server has answered for and that have not come yet.
//!
//! The answer `stored` often overtakes the event it speaks of, which goes to everybody in the room. Such an event is given a
//! moment to come; what has not come by then is read from the log like everything else that is missing.

use crate::ids::{RoomId, Seq};
use crate::limits;
use crate::session::Session;
use crate::session::rooms::RoomState;
use crate::session::time::Ticks;

/// What one room waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Coming {
    to: Seq,
    until: Ticks,
}

impl Coming {
    /// What is left of it, now that the log is known to go up to `head`.
    pub(super) fn beyond(self, head: Seq) -> Option<Self> {
        (self.to > head).then_some(self)
    }
}

impl RoomState {
    /// An event is stored. An earlier one that is still to come keeps its time: the wait does not grow with what follows.
    fn expect(&mut self, seq: Seq, now: Ticks) {
        if self.timeline.is_none() {
            // Nothing is read of it either way.
            return self.know_head(seq);
        }
        let until = now + limits::EVENT_AFTER_STORED_MS;
        let coming = self.coming.get_or_insert(Coming { to: seq, until });
        coming.to = coming.to.max(seq);
        self.coming = coming.beyond(self.room.head);
    }

    /// A live event came. Those behind it were sent after it, so they have their time from now on.
    pub(super) fn came(&mut self, seq: Seq, now: Ticks) {
        let is_new = seq > self.room.head;
        self.know_head(seq);
        if let Some(coming) = self.coming.as_mut().filter(|_| is_new) {
            coming.until = now + limits::EVENT_AFTER_STORED_MS;
        }
    }

    /// What did not come in time is missing; whether anything is.
    fn miss(&mut self, now: Ticks) -> bool {
        let late = self.coming.filter(|coming| coming.until <= now);
        if let Some(late) = late {
            self.know_head(late.to);
        }
        late.is_some()
    }
}

impl Session {
    pub(super) fn expect(&mut self, room: RoomId, seq: Seq) {
        let now = self.now.ticks;
        if let Some(state) = self.rooms.get_mut(room) {
            state.expect(seq, now);
        }
    }

    /// When something counts as missing that has not come.
    pub(super) fn missed_at(&self) -> Option<Ticks> {
        let coming = self.rooms.iter().filter_map(|state| state.coming);
        coming.map(|coming| coming.until).min()
    }

    pub(super) fn miss_what_did_not_come(&mut self) {
        let now = self.now.ticks;
        let late = self.rooms.iter_mut().map(|state| state.miss(now));
        self.revisions.rooms += late.map(u64::from).sum::<u64>();
    }
}
