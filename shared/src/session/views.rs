//! What a view may read of a session: facts, the list of rooms, the rows of one timeline.

use std::rc::Rc;

use crate::ids::{RoomId, Seq, Timestamp};
use crate::protocol::{Content, Event, Level, Pace, Person, RoomKind, Span, TakenOut};
use crate::session::aside::{HistoryView, PinsView};
use crate::session::connection::Connection;
use crate::session::outbox::{Draft, Entry};
use crate::session::recorder::Recorder;
use crate::session::rooms::RoomState;
use crate::session::time::Ticks;
use crate::session::timeline::Timeline;
use crate::session::{DirectoryView, Revisions, Session};
use crate::text::{RoomName, Topic};

/// A room in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomView<'a> {
    /// Which room.
    pub id: RoomId,
    /// What kind of place it is.
    pub kind: RoomKind,
    /// What it is called.
    pub name: &'a RoomName,
    /// What it is about.
    pub topic: Option<&'a Topic>,
    /// Nothing more is said in it.
    pub archived: bool,
    /// How long one waits between two messages.
    pub pace: Pace,
    /// The person keeps order in it.
    pub own: bool,
    /// Whose it is, if it is a direct room.
    pub people: &'a [Person],
    /// When something was said in it last, if it is a direct room.
    pub active: Option<Timestamp>,
    /// Newest place of its log.
    pub head: Seq,
    /// The last place that the person has read.
    pub read: Seq,
    /// Messages of others that the person has not read, here or elsewhere. The server counts up to
    /// [`crate::limits::UNREAD_COUNTED`]; those that come later are counted on.
    pub unread: u64,
    /// Those of them that name the person.
    pub mentions: u64,
    /// Of what the person wants to be told.
    pub level: Level,
    /// Events that exist and have not been applied, if its log is held.
    pub behind: u64,
}

/// How a room came to be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Opening {
    /// Tells this time from others: a view that sees another number goes to `at`.
    pub n: u64,
    /// Where; else at the end.
    pub at: Option<Place>,
    /// Where what is new begins.
    pub divider: Option<Divider>,
}

/// A place that a room is opened at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It was asked for.
    Asked(Seq),
    /// The first one that was not read.
    Unread(Seq),
    /// The reader had left the room there.
    Left(Seq),
}

impl Place {
    /// Its place in the log.
    #[must_use]
    pub fn seq(self) -> Seq {
        match self {
            Self::Asked(seq) | Self::Unread(seq) | Self::Left(seq) => seq,
        }
    }
}

/// The line between what was read and what is new. It stays where it is until the room is opened anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Divider {
    /// The last place that was read.
    pub after: Seq,
    /// The person has said that all is read.
    pub read: bool,
}

/// A row of a timeline, from the oldest to the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The room's log starts here.
    Beginning,
    /// There is more before the place from which on the log is held. It differs after each page, also after one whose events
    /// show in no row of their own: whoever looks for more looks again when the rows have changed.
    Older(Seq),
    /// Places that are not held.
    Gap { span: Span, loading: bool },
    /// An event that stands for itself: those that change a message show in that message.
    Event(Rc<Event>),
    /// Several people joined, one right after the other.
    Joined(Vec<Rc<Event>>),
    /// What this person says ([`crate::protocol::Action::says_something`]), whose event has not been read yet.
    Pending(Entry),
}

impl Session {
    /// The connection, to be explained.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.link.record
    }

    /// What was written down of its connections, if [`Session::record`] was called.
    #[must_use]
    pub fn recorder(&self) -> Option<&Recorder> {
        self.link.recorder.as_deref()
    }

    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<&Person> {
        self.me.as_ref()
    }

    /// The rooms there are, if they were asked for.
    #[must_use]
    pub fn directory(&self) -> Option<&DirectoryView> {
        self.directory.as_ref()
    }

    /// What is pinned to the room that [`super::io::Input::ShowPins`] named.
    #[must_use]
    pub fn pins(&self) -> Option<&PinsView> {
        self.aside.pins.as_ref()
    }

    /// What the message said before that [`super::io::Input::ShowHistory`] named.
    #[must_use]
    pub fn history(&self) -> Option<&HistoryView> {
        self.aside.history.as_ref()
    }

    /// What has to survive a reload.
    #[must_use]
    pub fn drafts(&self) -> Vec<Draft> {
        self.outbox.drafts()
    }

    /// Messages that are not known to be on the server's disk.
    #[must_use]
    pub fn outbox_len(&self) -> usize {
        self.outbox.unsent().count()
    }

    /// Those of them that go out by themselves: a refused one waits for a person.
    #[must_use]
    pub fn waiting_len(&self) -> usize {
        self.outbox.waiting().count()
    }

    /// Events that exist in the rooms that are held and have not been applied.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.rooms.iter().map(RoomState::behind).sum()
    }

    /// Messages of the server that this version could not read.
    #[must_use]
    pub fn not_understood(&self) -> u64 {
        self.not_understood
    }

    /// What has changed.
    #[must_use]
    pub fn revisions(&self) -> Revisions {
        self.revisions
    }

    /// Grows when [`Session::rows`] of the room has changed.
    #[must_use]
    pub fn timeline_revision(&self, room: RoomId) -> u64 {
        self.rooms.get(room).map_or(0, |state| state.revision)
    }

    /// The rooms that the person is in, by id.
    pub fn rooms(&self) -> impl Iterator<Item = RoomView<'_>> {
        self.rooms.iter().map(|state| RoomView {
            id: state.room.id,
            kind: state.room.kind,
            name: &state.room.name,
            topic: state.room.topic.as_ref(),
            archived: state.room.archived,
            pace: state.room.pace,
            own: state.room.own,
            people: &state.room.people,
            active: state.room.active,
            head: state.room.head,
            read: state.progress.reading.to,
            unread: state.progress.reading.unread,
            mentions: state.progress.reading.mentions,
            level: state.level(),
            behind: state.behind(),
        })
    }

    /// What has been read of a room, if it was opened.
    #[must_use]
    pub fn timeline(&self, room: RoomId) -> Option<&Timeline> {
        self.rooms.get(room)?.timeline.as_ref()
    }

    /// Who is writing in a room.
    pub fn writers(&self, room: RoomId) -> impl Iterator<Item = &Person> {
        let state = self.rooms.get(room);
        state.into_iter().flat_map(|state| state.writers.people())
    }

    /// When this person may say the next thing in a room, if one waits there.
    #[must_use]
    pub fn paced_until(&self, room: RoomId) -> Option<Ticks> {
        let state = self.rooms.get(room)?;
        let pace = state.room.pace;
        let waits = !pace.is_none() && !state.room.own;
        let since = state.said_at.map(|at| at + pace.ms());
        let until = self.outbox.paced_until(room).or(since)?;
        (waits && until > self.now.ticks).then_some(until)
    }

    /// What others took the person out of and is not noted, the newest first.
    #[must_use]
    pub fn taken_out(&self) -> &[TakenOut] {
        self.rooms.taken_out()
    }

    /// How a room was shown last.
    #[must_use]
    pub fn opening(&self, room: RoomId) -> Opening {
        self.rooms
            .get(room)
            .map_or_else(Opening::default, |state| state.opening)
    }

    /// The rows of a room: its log as far as it is held, then the messages that wait.
    #[must_use]
    pub fn rows(&self, room: RoomId) -> Vec<Row> {
        let mut rows = Vec::new();
        if let Some(timeline) = self.timeline(room) {
            rows.push(match timeline.floor() {
                Seq(0 | 1) => Row::Beginning,
                floor => Row::Older(floor),
            });
            let mut gaps = timeline.gaps().iter().peekable();
            for event in timeline.events() {
                while let Some(gap) = gaps.next_if(|gap| gap.span.from < event.seq) {
                    rows.push(Row::Gap {
                        span: gap.span,
                        loading: gap.loading,
                    });
                }
                if stands_for_itself(&event.content) {
                    push_event(&mut rows, event);
                }
            }
            rows.extend(gaps.map(|gap| Row::Gap {
                span: gap.span,
                loading: gap.loading,
            }));
        }
        let mine = self
            .outbox
            .entries()
            .iter()
            .filter(|entry| entry.draft.room == room)
            .filter(|entry| entry.draft.action.says_something());
        rows.extend(mine.cloned().map(Row::Pending));
        rows
    }
}

/// Whether an event has a row of its own. One that changes a message shows in that message.
fn stands_for_itself(content: &Content) -> bool {
    matches!(content, Content::Pinned { on: true, .. }) || content.target().is_none()
}

/// Adds an event; one that says that somebody joined goes into the row before if that says the same.
fn push_event(rows: &mut Vec<Row>, event: &Rc<Event>) {
    if matches!(event.content, Content::Joined) {
        match rows.last_mut() {
            Some(Row::Joined(several)) => return several.push(Rc::clone(event)),
            Some(Row::Event(one)) if matches!(one.content, Content::Joined) => {
                let both = vec![Rc::clone(one), Rc::clone(event)];
                rows.pop();
                return rows.push(Row::Joined(both));
            }
            _ => {}
        }
    }
    rows.push(Row::Event(Rc::clone(event)));
}
