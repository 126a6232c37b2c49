//! The rooms that the person is in, and what has been read of them.

use crate::sorted::Map;

use crate::direct::name_of;
use crate::ids::{Epoch, RoomId, Seq};
use crate::protocol::{Content, Cursor, Event, Pace, Person, Room, Span, TakenOut, Welcome};
use crate::session::coming::Coming;
use crate::session::people::People;
use crate::session::reading::Progress;
use crate::session::receipts::Receipts;
use crate::session::time::Ticks;
use crate::session::timeline::Timeline;
use crate::session::typing::Writers;
use crate::session::views::{Opening, Place};
use crate::text::{RoomName, Topic};

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
    /// How far the others have read.
    pub(super) receipts: Receipts,
    /// Who is writing.
    pub(super) writers: Writers,
    /// When the server was last told that this person is.
    pub(super) typed_at: Option<Ticks>,
    /// When this person was last heard to say something here, on whatever device.
    pub(super) said_at: Option<Ticks>,
    /// How it was shown last.
    pub(super) opening: Opening,
    /// Where the reader was when it was left, if not at the end.
    pub(super) left_at: Option<Seq>,
    known: Known,
    /// Events were dropped that may have changed the facts, and are not read because its log is not held.
    facts_missed: bool,
    /// How much of what concerns the person has been looked at, to be told or not.
    pub(super) minded: u64,
    /// The person was told of something that is not read.
    pub(super) told: bool,
    /// The last cursor that the server was told.
    stated: Option<Seq>,
    /// What is stored and has not come yet.
    pub(super) coming: Option<Coming>,
}

/// What the view shows, whether it is known or not.
#[derive(Debug, Clone, Copy)]
struct Open {
    room: RoomId,
    n: u64,
    at: Option<Seq>,
}

/// Up to which place each fact about the room is known.
#[derive(Debug, Clone, Copy)]
struct Known {
    name: Seq,
    topic: Seq,
    archived: Seq,
    pace: Seq,
}

impl Known {
    fn all(as_of: Seq) -> Self {
        Self {
            name: as_of,
            topic: as_of,
            archived: as_of,
            pace: as_of,
        }
    }
}

/// The facts about a room as of a place.
#[derive(Debug, Clone)]
pub(super) struct Facts {
    /// None of a direct room.
    pub(super) name: Option<RoomName>,
    pub(super) topic: Option<Topic>,
    pub(super) archived: bool,
    pub(super) pace: Pace,
    pub(super) as_of: Seq,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Rooms {
    // Boxed, so that little is moved where one comes or goes.
    by_id: Map<RoomId, Box<RoomState>>,
    epoch: Option<Epoch>,
    open: Option<Open>,
    shows: u64,
    /// What others took the person out of, and is not noted.
    taken_out: Vec<TakenOut>,
}

impl Rooms {
    pub(super) fn get(&self, id: RoomId) -> Option<&RoomState> {
        self.by_id.get(&id).map(Box::as_ref)
    }

    pub(super) fn get_mut(&mut self, id: RoomId) -> Option<&mut RoomState> {
        self.by_id.get_mut(&id).map(Box::as_mut)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut RoomState> {
        self.by_id.values_mut().map(Box::as_mut)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &RoomState> {
        self.by_id.values().map(Box::as_ref)
    }

    pub(super) fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// What Hello states (C9).
    pub(super) fn cursors(&mut self) -> Map<RoomId, Cursor> {
        self.by_id
            .values_mut()
            .for_each(|state| state.stated = None);
        self.unstated()
    }

    /// The cursors that have moved since they were stated.
    pub(super) fn unstated(&mut self) -> Map<RoomId, Cursor> {
        let state = |state: &mut RoomState| {
            let cursor = state.timeline.as_ref()?.cursor();
            let moved = state.stated.replace(cursor.seq) != Some(cursor.seq);
            moved.then_some((state.room.id, cursor))
        };
        self.iter_mut().filter_map(state).collect()
    }

    /// The room that the view shows.
    pub(super) fn shown(&self) -> Option<RoomId> {
        self.open.map(|open| open.room)
    }

    pub(super) fn shown_mut(&mut self) -> Option<&mut RoomState> {
        let room = self.shown()?;
        self.get_mut(room)
    }

    /// When the first of those who are writing in the room that is shown is believed no more.
    pub(super) fn typing_ends(&self) -> Option<Ticks> {
        self.get(self.open?.room)?.writers.expires_at()
    }

    /// This person is not in a room any more.
    pub(super) fn left(&mut self, room: RoomId, taken_out: Option<TakenOut>) {
        self.by_id.remove(&room);
        if let Some(taken_out) = taken_out {
            self.noted(room);
            self.taken_out.insert(0, taken_out);
        }
    }

    /// What others took the person out of, the newest first.
    pub(super) fn taken_out(&self) -> &[TakenOut] {
        &self.taken_out
    }

    /// What the person has noted already, although the server has not heard of it.
    pub(super) fn forget_noted(&mut self, noted: impl Fn(RoomId) -> bool) {
        self.taken_out.retain(|one| !noted(one.room));
    }

    /// The person knows that they were taken out of a room.
    pub(super) fn noted(&mut self, room: RoomId) {
        self.taken_out.retain(|one| one.room != room);
    }

    /// The facts, complete. What was read of another history, or beyond the head, is let go (R8).
    pub(super) fn welcome(&mut self, welcome: Welcome) {
        let same_history = self.epoch == Some(welcome.epoch);
        self.epoch = Some(welcome.epoch);
        self.taken_out = welcome.taken_out;
        let mut before = std::mem::take(&mut self.by_id);
        for room in welcome.rooms {
            let state = match before.remove(&room.id) {
                Some(old) if same_history => (*old).with_facts(room),
                Some(old) => RoomState {
                    revision: old.revision + 1,
                    ..RoomState::new(room)
                },
                None => RoomState::new(room),
            };
            self.by_id.insert(state.room.id, Box::new(state));
        }
        self.keep_shown();
    }

    /// This person is in a room now, or it is known already.
    pub(super) fn joined(&mut self, room: Room) {
        self.noted(room.id);
        match self.by_id.get_mut(&room.id) {
            Some(state) => {
                state.know_head(room.head);
                state.know_facts(Facts {
                    name: Some(room.name),
                    topic: room.topic,
                    archived: room.archived,
                    pace: room.pace,
                    as_of: room.head,
                });
            }
            None => {
                self.by_id.insert(room.id, Box::new(RoomState::new(room)));
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
            // With the newest event comes what the room is called and so on.
            let facts = (state.facts_missed && state.timeline.is_none()).then_some(Span {
                from: head,
                to: head,
            });
            spans.chain(facts).map(|span| (state.room.id, span))
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
            receipts: Receipts::default(),
            writers: Writers::default(),
            typed_at: None,
            said_at: None,
            revision: 0,
            opening: Opening::default(),
            known: Known::all(head),
            facts_missed: false,
            minded: 0,
            told: false,
            stated: None,
            coming: None,
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
        self.known = Known::all(room.head);
        self.facts_missed = false;
        self.coming = None;
        self.room = room;
        self
    }

    /// Knows the facts as of a place, but for those of which newer ones are known.
    pub(super) fn know_facts(&mut self, facts: Facts) {
        let Facts {
            name,
            topic,
            archived,
            pace,
            as_of,
        } = facts;
        self.know_name(name, as_of);
        self.know_topic(topic, as_of);
        self.know_archived(archived, as_of);
        self.know_pace(pace, as_of);
        self.facts_missed = false;
    }

    /// Knows what an event says about the room.
    pub(super) fn know_from(&mut self, event: &Event) {
        match &event.content {
            Content::Topic { topic } => self.know_topic(topic.clone(), event.seq),
            Content::Renamed { name } => self.know_name(Some(name.clone()), event.seq),
            Content::Archived { on } => self.know_archived(*on, event.seq),
            Content::Paced { pace } => self.know_pace(*pace, event.seq),
            _ => {}
        }
        if let Some(active) = &mut self.room.active {
            *active = event.at.max(*active);
        }
    }

    fn know_topic(&mut self, topic: Option<Topic>, as_of: Seq) {
        if as_of > self.known.topic {
            self.known.topic = as_of;
            self.room.topic = topic;
        }
    }

    fn know_name(&mut self, name: Option<RoomName>, as_of: Seq) {
        if as_of > self.known.name
            && let Some(name) = name
        {
            self.known.name = as_of;
            self.room.name = name;
        }
    }

    /// A direct room is called by its people, so that it is called otherwise when they are.
    pub(super) fn name_people(&mut self, known: &People, me: Option<&Person>) -> bool {
        let people = self.room.people.iter_mut();
        let changed = people.filter_map(|person| known.call(person).then_some(()));
        if changed.count() == 0 {
            return false;
        }
        let name = me.and_then(|me| name_of(&self.room.people, me.id));
        if let Some(name) = name {
            self.room.name = name;
        }
        true
    }

    fn know_archived(&mut self, archived: bool, as_of: Seq) {
        if as_of > self.known.archived {
            self.known.archived = as_of;
            self.room.archived = archived;
        }
    }

    fn know_pace(&mut self, pace: Pace, as_of: Seq) {
        if as_of > self.known.pace {
            self.known.pace = as_of;
            self.room.pace = pace;
        }
    }

    /// Live events were dropped. If its log is held they are read; if not, what they may have said about the room is.
    pub(super) fn missed_something(&mut self) {
        self.facts_missed = true;
    }

    /// It may not be read: it is let go of, or its read would be wanted again at once.
    pub(super) fn not_readable(&mut self) {
        self.timeline = None;
        self.facts_missed = false;
        self.revision += 1;
    }

    /// What was read is not the log of the server: it is let go of, and read anew.
    pub(super) fn read_anew(&mut self) {
        self.timeline = Some(Timeline::anew(self.room.id, self.room.head));
        self.hold();
        self.revision += 1;
    }

    pub(super) fn know_head(&mut self, head: Seq) {
        self.room.head = self.room.head.max(head);
        let head = self.room.head;
        self.coming = self.coming.and_then(|coming| coming.beyond(head));
    }

    /// Events that exist and have not been applied.
    pub(super) fn behind(&self) -> u64 {
        self.timeline.as_ref().map_or(0, |timeline| {
            self.room.head.0 - timeline.last().0.min(self.room.head.0)
        })
    }
}
