//! How far the person has read each room: what is known, what was said here, and what the server has yet to hear.
//!
//! The counts are the server's as of a place; the events after it are counted here. Where one was missed, the server is asked.

use crate::sorted::Map;

use crate::ids::{RoomId, Seq};
use crate::limits;
use crate::protocol::{ClientMessage, Content, Event, Person, ReadAsOf, Reading, names};
use crate::session::Session;
use crate::session::alerts::Came;
use crate::session::rooms::RoomState;
use crate::session::time::Ticks;
use crate::session::timeline::Timeline;
use crate::session::views::Divider;

/// Events that are counted again here when the person has read some of them; more are left to the server.
const COUNTED_HERE: u64 = 1_000;

/// How far a room is read.
#[derive(Debug, Clone, Default)]
pub(super) struct Progress {
    pub(super) reading: Reading,
    /// The place up to which the counts hold.
    as_of: Seq,
    /// Said here and not confirmed by the server.
    said: Option<Said>,
    /// The person wants it to stay unread: seeing it changes nothing until it is opened again.
    pub(super) kept_unread: bool,
    /// Events went by that were not counted.
    uncounted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// It was read so far.
    Seen,
    /// It is unread from there on.
    Unread { told: bool },
}

impl Progress {
    pub(super) fn new(reading: Reading, head: Seq) -> Self {
        Self {
            reading,
            as_of: head,
            ..Self::default()
        }
    }

    /// Takes over what the server says, unless it has not heard yet what was said here.
    fn learn(&mut self, known: ReadAsOf) {
        let has_heard = match self.said {
            None | Some(Said::Unread { told: true }) => true,
            Some(Said::Seen) => known.reading.to >= self.reading.to,
            Some(Said::Unread { told: false }) => known.reading.to == self.reading.to,
        };
        if has_heard {
            *self = Self {
                kept_unread: self.kept_unread,
                ..Self::new(known.reading, known.head)
            };
        }
    }

    /// The connection is gone, and with it perhaps what was said.
    fn disconnected(&mut self) {
        if matches!(self.said, Some(Said::Unread { .. })) {
            self.said = Some(Said::Unread { told: false });
        }
    }

    /// Counts the next event, or notes that one is missing.
    fn count(&mut self, event: &Event, me: Option<&Person>) {
        let next = self.as_of.next();
        if event.seq != next {
            self.uncounted |= event.seq > next;
            return;
        }
        self.as_of = next;
        if event.seq > self.reading.to {
            let (unread, mentions) = news(event, me);
            self.reading.unread += unread;
            self.reading.mentions += mentions;
            self.uncounted |= self.may_name_otherwise(event, me);
        }
    }

    /// Whether a message that is not read may name the person now and did not, or the other way round. What it said before
    /// is known only of rooms that are held; so the server is asked, which seldom has to be.
    fn may_name_otherwise(&self, event: &Event, me: Option<&Person>) -> bool {
        let is_named = self.reading.mentions > 0;
        match &event.content {
            Content::Edited {
                target, mentions, ..
            } => {
                let names_me = me.is_some_and(|me| names(mentions, me.id));
                *target > self.reading.to && (is_named || names_me) && !is_mine(event, me)
            }
            Content::Deleted { target } => *target > self.reading.to && is_named,
            _ => false,
        }
    }

    /// The person has read up to another place: what is left is counted anew, if that can be done here.
    fn move_to(&mut self, to: Seq, timeline: Option<&Timeline>, me: Option<&Person>) {
        self.reading.to = to;
        if to >= self.as_of {
            self.as_of = to;
            (self.reading.unread, self.reading.mentions) = (0, 0);
            return;
        }
        let behind = self.as_of.0 - to.0;
        let Some(timeline) = timeline.filter(|_| behind <= COUNTED_HERE) else {
            return;
        };
        let left = timeline.events_from(to.next());
        let left = left.take_while(|event| event.seq <= self.as_of);
        let (held, unread, mentions) = left.fold((0, 0, 0), |(held, unread, mentions), event| {
            let (message, mention) = news(event, me);
            (held + 1, unread + message, mentions + mention)
        });
        if held == behind {
            (self.reading.unread, self.reading.mentions) = (unread, mentions);
        }
    }
}

/// How many messages of others it is, and how many of those name the person: one or none.
fn news(event: &Event, me: Option<&Person>) -> (u64, u64) {
    match event.content.as_message() {
        Some(message) if !is_mine(event, me) => {
            let named = me.is_some_and(|me| message.names(me.id));
            (1, u64::from(named))
        }
        _ => (0, 0),
    }
}

pub(super) fn is_mine(event: &Event, me: Option<&Person>) -> bool {
    me.is_some_and(|me| me.id == event.author.id)
}

impl RoomState {
    /// The server's facts about it, with a welcome.
    pub(super) fn resume_reading(&mut self, reading: Reading, head: Seq) {
        self.progress.disconnected();
        self.progress.learn(ReadAsOf { head, reading });
    }

    /// Counts a live event of a room that is not held.
    pub(super) fn count_live(&mut self, event: &Event, me: Option<&Person>) {
        if self.timeline.is_none() {
            self.progress.count(event, me);
        }
    }

    /// Counts what was applied of a room that is held.
    pub(super) fn count_applied(&mut self, me: Option<&Person>) {
        let progress = &mut self.progress;
        let Some(timeline) = &self.timeline else {
            return;
        };
        for event in timeline.events_from(progress.as_of.next()) {
            if event.seq != progress.as_of.next() {
                break;
            }
            progress.count(event, me);
        }
        if progress.as_of < timeline.last() {
            progress.uncounted = true;
        }
    }

    /// What is unread now is new.
    pub(super) fn divide(&mut self) {
        let after = self.progress.reading.to;
        let divider = &mut self.opening.divider;
        if self.progress.reading.unread > 0 && divider.is_none_or(|divider| divider.read) {
            *divider = Some(Divider { after, read: false });
            self.revision += 1;
        }
    }

    fn move_reading(&mut self, to: Seq, said: Said, me: Option<&Person>) {
        let timeline = self.timeline.as_ref();
        self.progress.move_to(to, timeline, me);
        self.progress.said = Some(said);
    }
}

/// When the server is to hear of it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Telling {
    at: Option<Ticks>,
    last: Option<Ticks>,
}

impl Telling {
    pub(super) fn due_at(&self) -> Option<Ticks> {
        self.at
    }

    /// There is something to tell: at once, but not twice within a second.
    fn soon(&mut self, now: Ticks) {
        let earliest = self
            .last
            .map_or(now, |last| (last + limits::SEEN_EVERY_MS).max(now));
        self.at = Some(self.at.map_or(earliest, |at| at.min(earliest)));
    }
}

impl Session {
    /// The view has shown the reader a room up to here.
    pub(super) fn seen(&mut self, room: RoomId, seq: Seq) {
        let me = self.me.clone();
        if let Some(state) = self.rooms.get_mut(room)
            && !state.progress.kept_unread
        {
            let to = seq.min(state.room.head);
            if to > state.progress.reading.to {
                state.move_reading(to, Said::Seen, me.as_ref());
                self.revisions.rooms += 1;
                self.telling.soon(self.now.ticks);
                self.mind(room, Came::Unremarkable);
            }
        }
    }

    /// The person says that a room is read, or that all are.
    pub(super) fn mark_read(&mut self, room: Option<RoomId>) {
        let rooms: Vec<(RoomId, Seq)> = match room {
            Some(room) => self.rooms.get(room).into_iter().map(head_of).collect(),
            None => self.rooms.iter().map(head_of).collect(),
        };
        for (room, head) in rooms {
            if let Some(state) = self.rooms.get_mut(room) {
                state.progress.kept_unread = false;
                if let Some(divider) = &mut state.opening.divider {
                    divider.read = true;
                    state.revision += 1;
                }
            }
            self.seen(room, head);
        }
    }

    /// The person wants a room to be unread from a place on.
    pub(super) fn mark_unread(&mut self, room: RoomId, from: Seq) {
        let me = self.me.clone();
        let Some(state) = self.rooms.get_mut(room) else {
            return;
        };
        let after = from.min(state.room.head).back(1);
        state.move_reading(after, Said::Unread { told: false }, me.as_ref());
        state.progress.kept_unread = true;
        let read = false;
        state.opening.divider = Some(Divider { after, read });
        state.revision += 1;
        self.revisions.rooms += 1;
        self.telling.soon(self.now.ticks);
        self.mind_as_it_is(room);
    }

    /// The reader comes back to a room that is open: what was said meanwhile is new.
    pub(super) fn returned(&mut self, room: RoomId) {
        if let Some(state) = self.rooms.get_mut(room) {
            state.divide();
        }
    }

    /// The server says how far this person has read.
    pub(super) fn learn_reading(&mut self, rooms: Map<RoomId, ReadAsOf>) {
        let me = self.me.clone();
        for (room, known) in rooms {
            let Some(state) = self.rooms.get_mut(room) else {
                continue;
            };
            let before = state.progress.reading.to;
            state.progress.learn(known);
            // What a page has brought may be newer than what the server has counted.
            state.count_applied(me.as_ref());
            if state.progress.reading.to < before {
                self.mind_as_it_is(room);
            } else {
                self.mind(room, Came::Missed);
            }
        }
        self.revisions.rooms += 1;
    }

    /// Counts what a message of the server has brought; where something is missing, the server is asked.
    pub(super) fn count_applied(&mut self, room: RoomId) {
        if let Some(state) = self.rooms.get_mut(room) {
            state.count_applied(self.me.as_ref());
            if state.progress.uncounted {
                self.telling.soon(self.now.ticks);
            }
        }
    }

    /// The server dropped live events: of rooms that are held they are read, of the others only counted.
    pub(super) fn dropped(&mut self, heads: Map<RoomId, Seq>) {
        for (room, head) in heads {
            if let Some(state) = self.rooms.get_mut(room) {
                state.know_head(head);
                state.progress.uncounted |= state.timeline.is_none();
                state.missed_something();
            }
        }
        self.list_members_again();
        self.telling.soon(self.now.ticks);
        self.revisions.rooms += 1;
    }

    /// On the next connection everything that is not confirmed is said again.
    pub(super) fn forget_telling(&mut self) {
        self.telling = Telling {
            at: Some(self.now.ticks),
            last: None,
        };
    }

    /// The page or the view goes: what waits to be told is told now.
    pub(super) fn hurry(&mut self) {
        if self.telling.at.is_some() {
            self.telling.at = Some(self.now.ticks);
        }
    }

    pub(super) fn tell_what_was_read(&mut self) {
        let now = self.now.ticks;
        if self.telling.at.is_none_or(|at| at > now) {
            return;
        }
        self.telling = Telling::default();
        let (mut seen, mut unread) = (Map::new(), Vec::new());
        for state in self.rooms.iter_mut() {
            let (room, progress) = (state.room.id, &mut state.progress);
            match &mut progress.said {
                Some(Said::Unread { told }) => {
                    *told = true;
                    unread.push((room, progress.reading.to.next()));
                }
                Some(Said::Seen) => {
                    seen.insert(room, progress.reading.to);
                }
                // What moves nothing is only a question.
                None if progress.uncounted => {
                    seen.insert(room, Seq::ZERO);
                }
                None => {}
            }
        }
        if seen.is_empty() && unread.is_empty() {
            return;
        }
        let again = if seen.len() > limits::SEEN_ROOMS {
            limits::SEEN_EVERY_MS
        } else {
            limits::SEEN_AGAIN_MS
        };
        self.telling = Telling {
            at: Some(now + again),
            last: Some(now),
        };
        let rooms: Map<RoomId, Seq> = seen.into_iter().take(limits::SEEN_ROOMS).collect();
        if !rooms.is_empty() {
            self.transmit(&ClientMessage::Seen { rooms });
        }
        for (room, from) in unread {
            self.transmit(&ClientMessage::Unread { room, from });
        }
    }
}

fn head_of(state: &RoomState) -> (RoomId, Seq) {
    (state.room.id, state.room.head)
}
