//! The rooms that the person is in, and what has been read of them.

use std::collections::BTreeMap;

use crate::ids::{Epoch, RoomId, Seq};
use crate::protocol::{Cursor, Room, Span, Welcome};
use crate::session::reading::Progress;
use crate::session::time::Ticks;
use crate::session::timeline::Timeline;
use crate::session::typing::Writers;
use crate::session::views::{Opening, Place};
use crate::text::Topic;

/// Rooms whose log is held at once, far fewer than [`crate::limits::CURSORS`]; the one that was not shown for
/// longest is let go.
const ROOMS_HELD: usize = 50;

#[derive(Debug, Clone)]
pub(super) struct RoomState {
    pub(super) room: Room,
    pub(super) timeline: Option<Timeline>,
    /// How far it is read.
    pub(super) progress: Progress,
    pub(super) revision: u64,
    /// Who is writing.
    pub(super) writers: Writers,
    /// When the server was last told that this person is.
    pub(super) typed_at: Option<Ticks>,
    /// How it was shown last.
    pub(super) opening: Opening,
    /// Where the reader was when it was left, if not at the end.
    pub(super) left_at: Option<Seq>,
    /// The newest place whose topic is known.
    topic_as_of: Seq,
    /// The last cursor that the server was told.
    stated: Option<Seq>,
}

/// What the view shows, whether it is known or not.
#[derive(Debug, Clone, Copy)]
struct Open {
    room: RoomId,
    n: u64,
    at: Option<Seq>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Rooms {
    by_id: BTreeMap<RoomId, RoomState>,
    epoch: Option<Epoch>,
    open: Option<Open>,
    shows: u64,
}

impl Rooms {
    pub(super) fn get(&self, id: RoomId) -> Option<&RoomState> {
        self.by_id.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: RoomId) -> Option<&mut RoomState> {
        self.by_id.get_mut(&id)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut RoomState> {
        self.by_id.values_mut()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &RoomState> {
        self.by_id.values()
    }

    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// What Hello states (C9).
    pub(super) fn cursors(&mut self) -> BTreeMap<RoomId, Cursor> {
        self.by_id
            .values_mut()
            .for_each(|state| state.stated = None);
        self.unstated()
    }

    /// The cursors that have moved since they were stated.
    pub(super) fn unstated(&mut self) -> BTreeMap<RoomId, Cursor> {
        let state = |state: &mut RoomState| {
            let cursor = state.timeline.as_ref()?.cursor();
            let moved = state.stated.replace(cursor.seq) != Some(cursor.seq);
            moved.then_some((state.room.id, cursor))
        };
        self.by_id.values_mut().filter_map(state).collect()
    }

    /// When the first of those who are writing in the room that is shown is believed no more.
    pub(super) fn typing_ends(&self) -> Option<Ticks> {
        self.get(self.open?.room)?.writers.expires_at()
    }

    /// This person is not in a room any more.
    pub(super) fn left(&mut self, room: RoomId) {
        self.by_id.remove(&room);
    }

    /// The facts, complete. What was read of another history, or beyond the head, is let go (R8).
    pub(super) fn welcome(&mut self, welcome: Welcome) {
        let same_history = self.epoch == Some(welcome.epoch);
        self.epoch = Some(welcome.epoch);
        let mut before = std::mem::take(&mut self.by_id);
        for room in welcome.rooms {
            let state = match before.remove(&room.id) {
                Some(old) if same_history => old.with_facts(room),
                Some(old) => RoomState {
                    revision: old.revision + 1,
                    ..RoomState::new(room)
                },
                None => RoomState::new(room),
            };
            self.by_id.insert(state.room.id, state);
        }
        self.keep_shown();
    }

    /// This person is in a room now, or it is known already.
    pub(super) fn joined(&mut self, room: Room) {
        match self.by_id.get_mut(&room.id) {
            Some(state) => {
                state.know_head(room.head);
                state.know_topic(room.topic, room.head);
            }
            None => {
                self.by_id.insert(room.id, RoomState::new(room));
            }
        }
        self.keep_shown();
    }

    /// The view shows a room: its newest events are wanted, and those around a place.
    pub(super) fn show(&mut self, id: RoomId, at: Option<Seq>) {
        self.shows += 1;
        let (room, n) = (id, self.shows);
        self.open = Some(Open { room, n, at });
        self.keep_shown();
    }

    /// The room that is shown is held, as soon as it is known.
    fn keep_shown(&mut self) {
        let Some(open) = self.open else {
            return;
        };
        if let Some(state) = self.by_id.get_mut(&open.room) {
            if state.opening.n == open.n {
                // It went on while there was no connection.
                state.divide();
            } else {
                state.open(open);
            }
            state.hold();
        }
        self.let_go_of_one();
    }

    fn let_go_of_one(&mut self) {
        let held = || self.by_id.values().filter(|state| state.timeline.is_some());
        if held().count() <= ROOMS_HELD {
            return;
        }
        let oldest = held()
            .min_by_key(|state| state.opening.n)
            .map(|state| state.room.id);
        if let Some(state) = oldest.and_then(|id| self.by_id.get_mut(&id)) {
            state.timeline = None;
        }
    }

    /// The reads that are wanted now, over all rooms.
    pub(super) fn wanted(&self) -> impl Iterator<Item = (RoomId, Span)> {
        self.by_id.values().flat_map(|state| {
            let head = state.room.head;
            let spans = state
                .timeline
                .iter()
                .flat_map(move |timeline| timeline.wanted(head));
            spans.map(|span| (state.room.id, span))
        })
    }
}

impl RoomState {
    fn new(room: Room) -> Self {
        let head = room.head;
        Self {
            progress: Progress::new(room.reading, head),
            room,
            timeline: None,
            left_at: None,
            writers: Writers::default(),
            typed_at: None,
            revision: 0,
            opening: Opening::default(),
            topic_as_of: head,
            stated: None,
        }
    }

    /// At the place that was asked for, else at the first unread message, else where one left.
    fn open(&mut self, open: Open) {
        self.progress.kept_unread = false;
        self.opening = Opening {
            n: open.n,
            ..Opening::default()
        };
        self.divide();
        let unread = self.opening.divider.map(|divider| divider.after.next());
        self.opening.at = (open.at.map(Place::Asked))
            .or(unread.map(Place::Unread))
            .or(self.left_at.take().map(Place::Left));
        self.revision += 1;
    }

    /// Holds the newest step of the log, and what is around the place that it is shown at.
    pub(super) fn hold(&mut self) {
        let (id, head) = (self.room.id, self.room.head);
        let timeline = self.timeline.get_or_insert_with(|| Timeline::new(id, head));
        if let Some(place) = self.opening.at {
            timeline.want_around(place.seq());
        }
    }

    /// Later facts about the same room of the same history.
    fn with_facts(mut self, room: Room) -> Self {
        if self
            .timeline
            .as_ref()
            .is_some_and(|timeline| timeline.last() > room.head)
        {
            self.timeline = None;
            self.progress = Progress::default();
            self.revision += 1;
        }
        self.resume_reading(room.reading, room.head);
        self.topic_as_of = room.head;
        self.room = room;
        self
    }

    /// Knows what the room is about as of a place, unless a newer one is known.
    pub(super) fn know_topic(&mut self, topic: Option<Topic>, as_of: Seq) {
        if as_of > self.topic_as_of {
            self.topic_as_of = as_of;
            self.room.topic = topic;
        }
    }

    /// What was read is not the log of the server: it is let go of, and read anew.
    pub(super) fn read_anew(&mut self) {
        self.timeline = Some(Timeline::anew(self.room.id, self.room.head));
        self.hold();
        self.revision += 1;
    }

    pub(super) fn know_head(&mut self, head: Seq) {
        self.room.head = self.room.head.max(head);
    }

    /// Events that exist and have not been applied.
    pub(super) fn behind(&self) -> u64 {
        self.timeline.as_ref().map_or(0, |timeline| {
            self.room.head.0 - timeline.last().0.min(self.room.head.0)
        })
    }
}
