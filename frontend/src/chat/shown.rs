//! What the views are given: copies of the session's facts, made anew only when they have changed.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use shared::ids::{RoomId, Seq, Timestamp};
use shared::protocol::{Content, Person, Quote};
use shared::session::aside::{HistoryView, PinsView};
use shared::session::connection::{State, StopReason};
use shared::session::time::Ticks;
use shared::session::timeline::Timeline;
use shared::session::views::{Opening, Row};
use shared::session::{DirectoryView, Revisions, Session};
use shared::text::{PersonName, RoomName, Topic};

use crate::chat::changes::{NotDone, show_waiting};
use crate::profiles::Profiles;

/// People who are offered to be named at most.
const PEOPLE: usize = 200;

/// A room in the rail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomItem {
    /// Which room.
    pub id: RoomId,
    /// What it is called.
    pub name: RoomName,
    /// Messages that the person has not read.
    pub unread: u64,
    /// Those of them that name the person.
    pub mentions: u64,
    /// What it is about.
    pub topic: Option<Topic>,
}

/// What belongs to the rows of a room and is in none of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// When messages were edited, by the place of the edit.
    pub edited: BTreeMap<Seq, Timestamp>,
    /// The last event that was applied.
    pub last: Option<Seq>,
    /// Messages that the person has not read.
    pub unread: u64,
    /// Who is writing.
    pub writers: Vec<PersonName>,
    /// How the room was opened.
    pub opening: Opening,
    /// What is answered, by its place.
    pub quotes: BTreeMap<Seq, Quote>,
    /// Who has done something in what is held, the last one first.
    pub people: Rc<Vec<Person>>,
    /// What is pinned, while that is looked at.
    pub pins: Option<PinsView>,
    /// What a message said before, while that is looked at.
    pub history: Option<HistoryView>,
}

/// The session's facts as of the last change.
#[derive(Debug, Default)]
pub struct Shown {
    revisions: Option<Revisions>,
    timeline: Option<(RoomId, u64, [u64; 2], usize)>,
    /// The rooms, by name.
    pub rooms: Rc<Vec<RoomItem>>,
    /// The rows of the room that is shown.
    pub rows: Rc<Vec<Row>>,
    /// What belongs to them.
    pub beside: Rc<Beside>,
    /// The rooms there are.
    pub directory: Option<Rc<DirectoryView>>,
    /// What is known about people.
    pub profiles: Profiles,
}

impl Shown {
    /// Copies what has changed, and says whether anything has.
    pub fn refresh(
        &mut self,
        session: &Session,
        room: Option<RoomId>,
        failures: &[NotDone],
    ) -> bool {
        let now = session.revisions();
        let before = self.revisions.replace(now);
        let moved =
            |counter: fn(&Revisions) -> u64| before.as_ref().map(counter) != Some(counter(&now));
        if moved(|r| r.rooms) {
            self.rooms = Rc::new(rooms(session));
        }
        if moved(|r| r.people) {
            self.profiles = Profiles(Rc::clone(session.profiles()));
        }
        if moved(|r| r.directory) {
            self.directory = session.directory().cloned().map(Rc::new);
        }
        // Before the first welcome the room is not known and has no revision, but its outbox is shown already.
        let timeline = room.map(|id| {
            let revision = session.timeline_revision(id);
            (id, revision, [now.outbox, now.aside], failures.len())
        });
        let turned = self.timeline != timeline;
        if turned {
            let mut rows = room.map_or_else(Vec::new, |id| session.rows(id));
            if let Some(room) = room {
                show_waiting(&mut rows, session, room, failures);
            }
            self.rows = Rc::new(rows);
            let beside = room.map_or_else(Beside::default, |id| beside(session, id));
            if *self.beside != beside {
                self.beside = Rc::new(beside);
            }
            self.timeline = timeline;
        }
        turned || before != Some(now)
    }
}

fn beside(session: &Session, room: RoomId) -> Beside {
    let Some(timeline) = session.timeline(room) else {
        return Beside::default();
    };
    let view = session.rooms().find(|view| view.id == room);
    let edits = timeline
        .events()
        .filter(|event| matches!(event.content, Content::Edited { .. }));
    let answered = timeline
        .events()
        .filter_map(|event| event.content.answers());
    let waiting = session.drafts().into_iter().filter(|it| it.room == room);
    let waiting = waiting.filter_map(|it| it.action.content().answers());
    let quotes = answered.chain(waiting);
    let quotes = quotes.filter_map(|seq| Some((seq, timeline.quote(seq)?)));
    Beside {
        edited: edits.map(|event| (event.seq, event.at)).collect(),
        last: Some(timeline.last()),
        unread: view.map_or(0, |room| room.unread),
        writers: session.writers(room).map(|it| it.name.clone()).collect(),
        opening: session.opening(room),
        quotes: quotes.collect(),
        people: Rc::new(people(timeline)),
        pins: session.pins().filter(|view| view.room == room).cloned(),
        history: session.history().filter(|view| view.room == room).cloned(),
    }
}

fn people(timeline: &Timeline) -> Vec<Person> {
    let mut known = BTreeSet::new();
    // Who made a room need not be in it.
    let acts = timeline.events().rev();
    let acts = acts.filter(|event| !matches!(event.content, Content::Created { .. }));
    let authors = acts.map(|event| &event.author);
    let first = authors.filter(|author| known.insert(author.id));
    first.take(PEOPLE).cloned().collect()
}

fn rooms(session: &Session) -> Vec<RoomItem> {
    let mut rooms: Vec<RoomItem> = session
        .rooms()
        .map(|room| RoomItem {
            id: room.id,
            name: room.name.clone(),
            unread: room.unread,
            mentions: room.mentions,
            topic: room.topic.cloned(),
        })
        .collect();
    rooms.sort_by_cached_key(|room| room.name.to_lowercase());
    rooms
}

/// The connection as the dot and the banner show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Where it stands.
    pub phase: Phase,
    /// Whether it has ever been live: first "connecting", later "reconnecting" (C12).
    pub been_live: bool,
    /// Whether the browser sees a network.
    pub online: bool,
    /// Messages that are not on the server's disk.
    pub waiting: usize,
    /// Events that exist and are not shown yet.
    pub behind: u64,
}

/// Where the connection stands, as far as a person cares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// An attempt is under way.
    Connecting,
    /// Joined.
    Live,
    /// The next attempt starts then.
    Waiting { until: Ticks },
    /// It will not go on by itself.
    Stopped(StopReason),
}

impl Status {
    /// The status of a session now.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let connection = session.connection();
        Self {
            phase: match connection.state {
                State::Idle | State::Connecting { .. } | State::Joining { .. } => Phase::Connecting,
                State::Live { .. } => Phase::Live,
                State::Backoff { until } => Phase::Waiting { until },
                State::Stopped { reason } => Phase::Stopped(reason),
            },
            been_live: connection.been_live,
            online: connection.online,
            waiting: session.outbox_len(),
            behind: session.behind(),
        }
    }

    /// Whether messages go out at once.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.phase == Phase::Live
    }
}
